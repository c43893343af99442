"""A film's scenes on two machines of a pool: both shoot, nothing is shot twice, and what the pool cannot do is done here."""

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from flows import fleet as fleets
from flows import survey
from songreel.catalogue import find
from songreel.execution.means import Means
from tests import live
from tests.fleet import Film, Shoot, an_order, runs
from tests.services.s3 import bucket, entered

MACHINES = ("left", "right")
SCENES = range(8)
AWAY = 3.0  # seconds that nothing answers, before a new server takes some seconds to start


@pytest.fixture(scope="module")
def prefect() -> Iterator[live.Prefect]:
    with live.server() as server:
        live.register(server.url, only=["shoot-scenes/gpu"])
        yield server


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, prefect: live.Prefect) -> Iterator[Film]:
    """A film's place in a bucket, with two machines at work for it."""
    with bucket("films") as s3, entered(s3.environment):
        place = Film(tmp_path_factory.mktemp("fleet"), prefect.url, seconds=1.5, store=s3.url)
        with place.machines(*MACHINES):
            yield place


@pytest.fixture(scope="module")
def made(film: Film, prefect: live.Prefect) -> Shoot:
    """Scenes shot while the server is killed and started again."""

    def interrupt() -> None:
        live.until(lambda: film.shot("left", "begun") + film.shot("right", "begun"), limit=240)
        prefect.kill()
        time.sleep(AWAY)
        prefect.start()

    fault = threading.Thread(target=interrupt)
    fault.start()
    shot = film.shoot([an_order(scene) for scene in SCENES])
    fault.join()
    return shot


def test_both_machines_shoot_and_no_scene_twice(film: Film, made: Shoot) -> None:
    left, right = (film.shot(name) for name in MACHINES)
    assert left
    assert right
    assert left + right == Counter(SCENES)
    assert not film.shot("film")
    assert {film.loaded(name) for name in MACHINES} == {1}


def test_nothing_fails_or_is_made_otherwise_because_the_server_is_away(film: Film, made: Shoot) -> None:
    assert (sorted(made.footage), made.failed, made.notes) == (list(SCENES), {}, [])
    assert all(footage.backend == "slow_model" and footage.seconds >= film.seconds for footage in made.footage.values())
    live.until(lambda: set(runs(film.api)) == {"COMPLETED"}, limit=60)
    assert len(runs(film.api)) == len(MACHINES)


def test_the_film_hears_how_far_its_scenes_are(film: Film, made: Shoot) -> None:
    done = Counter(event.scene for event in film.events if (event.stage, event.kind) == ("shoot", "done"))
    assert done == Counter(SCENES)
    assert any(0 < event.share < 1 for event in film.events if (event.stage, event.kind) == ("shoot", "moved"))


def test_what_is_known_is_not_sent_again(film: Film, made: Shoot) -> None:
    again = film.shoot([an_order(scene) for scene in SCENES])
    assert again.footage == made.footage
    assert len(runs(film.api)) == len(MACHINES)


def test_a_machine_without_a_gpu_plans_with_what_the_pool_told_of_itself(film: Film, made: Shoot) -> None:
    store, model = film.settings().open_store(), find("video", "slow_model", film.settings().access)
    told = survey.read("gpu", store)
    assert told is not None
    assert told.ready == ("slow_model",)
    bare = Means(profiles={}, absent={"slow_model": model}, mend={"slow_model": "no GPU"})
    wider = survey.widened(bare, told.model_copy(update={"gpu": "H100", "vram_gb": 80.0}))
    assert (set(wider.profiles), wider.absent, wider.mend, wider.machine.vram_gb) == ({"slow_model"}, {}, {}, 80.0)
    assert survey.widened(bare, None) is bare


def test_without_a_living_worker_this_machine_shoots_and_says_so(film: Film) -> None:
    made = film.shoot([an_order(30), an_order(31)], gpu_pool="nobody")
    assert sorted(made.footage) == [30, 31]
    assert film.shot("film") == Counter([30, 31])
    assert made.notes == ["no worker of it lives"]


def test_a_failed_film_takes_the_runs_that_it_started_with_it(film: Film, made: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "LARGEST", 100)  # bytes: so these orders go through the store
    with pytest.raises(RuntimeError, match="the film fails"):
        film.begin_and_fail([an_order(scene) for scene in range(40, 60)])
    live.until(lambda: set(runs(film.api)) == {"COMPLETED", "CANCELLED"}, limit=60)
    shot = sum((film.shot(name) for name in MACHINES), Counter[int]())
    assert len([scene for scene in shot if scene >= 40]) < 20
