"""A machine is lost in the midst of a scene, then a run on another: the film is whole, nothing is made twice, nothing is stuck."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from flows import fleet as fleets
from flows import survey
from schemas import FilmResult
from songreel.media.video import count_frames
from tests import live
from tests.fleet import FPS, Film, runs, song_of

SECONDS = 12.0
MACHINES = ("left", "right")
LONG = 240.0  # seconds in which something must happen, on a machine that has much else to do


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    with live.server() as prefect:
        live.register(prefect.url, only=["shoot-scenes/gpu"])
        place = Film(tmp_path_factory.mktemp("deaths"), prefect.url, seconds=2.5)
        survey.tell(survey.name_of("gpu"), place.settings().access, place.settings().open_store())  # so that nobody need be asked
        yield place


@pytest.fixture(scope="module")
def made(film: Film) -> Iterator[FilmResult]:
    """A film that loses a machine with worker and run, and then a run of the other machine alone."""
    with pytest.MonkeyPatch.context() as patch, film.machines(*MACHINES) as machines:
        patch.setattr(fleets, "LOST_AFTER", 15.0)
        fault = threading.Thread(target=_kill, args=(film, *machines))
        fault.start()
        yield film.render(song_of(SECONDS, film.folder / "song.flac"))
        fault.join()


def _kill(film: Film, left: live.Process, right: live.Process) -> None:
    live.until(lambda: film.shot("left", "begun"), limit=LONG)
    lost = set(film.shot("left", "begun"))
    left.kill(whole=True)
    live.until(lambda: lost & set(film.shot("right", "begun")), limit=LONG)
    run = next(one for one in right.family() if "prefect.engine" in " ".join(one.cmdline()) or "prefect.flow_engine" in " ".join(one.cmdline()))
    psutil.Process(run.pid).kill()


def test_the_film_is_whole(made: FilmResult) -> None:
    assert made.film.frames == count_frames(Path(made.film.path)) == SECONDS * FPS
    assert {scene.backend for scene in made.scenes} == {"slow_model"}
    assert not [note for note in made.degraded if note.stage == "shoot"]


def test_a_scene_is_begun_anew_where_its_run_was_lost_and_none_is_shot_twice(film: Film, made: FilmResult) -> None:
    shot, begun = (sum((film.shot(name, what) for name in MACHINES), Counter[int]()) for what in ("shot", "begun"))
    assert shot == Counter(scene.index for scene in made.scenes)
    assert sorted(begun.values())[-1] == 3
    assert begun.total() == shot.total() + 2


def test_no_run_is_left_that_holds_a_place(film: Film, made: FilmResult) -> None:
    states = Counter(runs(film.api))
    assert states["CRASHED"] == 2
    assert set(states) == {"CRASHED", "COMPLETED"}
