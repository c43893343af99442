"""Whole films by way of services: bought once, measured like every film, and painted where a service fails."""

import json
import threading
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import read, using
from schemas import FilmRequest, FilmResult
from songreel.access import Access, Account
from songreel.errors import SongreelError
from songreel.execution.workers import Workers
from songreel.services.jobs import records
from songreel.storage import Store
from songreel.video import registry
from tests.services.loopback import Loopback
from tests.services.replicate import FakeReplicate
from tests.services.runpod import FakeRunpod
from tests.services.runware import FakeRunware
from tests.test_video_backends import WORKERS, an_order

pytestmark = pytest.mark.xdist_group("flow")
REQUEST = FilmRequest(
    prompt="a city at night", style="cinematic", height=144, fps=Fraction(12), quality="basic", seed=7, budget=9.0, lettering="none", titles=False
)
WORKER = "wan22_ti2v_runpod"


@dataclass
class Place:
    """A store, an out folder and accounts at loopback services."""

    folder: Path
    replicate: FakeReplicate
    runpod: FakeRunpod
    runware: FakeRunware

    def render(self, song: Path, backend: str, **changes) -> FilmResult:
        from flows.music_video import music_video

        own = self.folder / "own.toml"
        own.write_text(WORKERS.format(name=WORKER))
        settings = read(
            store=str(self.folder / "store"), workers=2, catalogue=own,
            replicate_api_token=self.replicate.key, replicate_base_url=self.replicate.url,
            runware_api_key=self.runware.key, runware_base_url=self.runware.url,
            runpod_api_key=self.runpod.key, runpod_base_url=self.runpod.url, runpod_endpoints={WORKER: "endpoint-1"},
        )  # fmt: skip
        with using(settings):
            return music_video(str(song), REQUEST.model_copy(update={"backend": backend, **changes}), str(self.folder / "out"))

    @property
    def store(self) -> Store:
        return Store(str(self.folder / "store"))


@pytest.fixture
def place(tmp_path, prefect_api):
    with FakeReplicate() as replicate, FakeRunpod() as runpod, FakeRunware() as runware:
        yield Place(tmp_path, replicate, runpod, runware)


def jobs(service: Loopback) -> int:
    return len(service.jobs)


@pytest.mark.parametrize("backend", ["wan22_t2v_replicate", "svd_replicate", "wan22_t2v_runpod_public", WORKER, "flux_frames_runware"])
def test_a_film_from_a_service_passes_its_inspection_and_is_paid_once(place, small_song, backend):
    film = place.render(small_song, backend)
    assert {scene.backend for scene in film.scenes} == {backend}
    assert (film.report.still_clips, film.report.ken_burns_clips, film.report.length_error_frames) == (0, 0, 0)
    service = next(one for name, one in vars(place).items() if name in backend)
    bought = jobs(service)
    assert bought >= len(film.scenes)
    costs = json.loads((Path(film.film.path).parent / "costs.json").read_text())
    assert film.dollars == pytest.approx(sum(entry["charged"] for entry in costs["entries"]))
    assert film.dollars == pytest.approx(sum(record.charged for record in records(place.store)))
    again = place.render(small_song, backend)
    assert (jobs(service), again.dollars) == (bought, 0.0)


def test_a_scene_whose_prompt_is_refused_goes_to_the_next_backend_and_is_told(place, small_song):
    refusal = "failed: the prompt was flagged as sensitive content"
    place.replicate.ends = [refusal, refusal]  # the first order is for the song's words
    film = place.render(small_song, "wan22_t2v_replicate")
    assert {scene.backend for scene in film.scenes} > {"wan22_t2v_replicate"}
    assert any("refused the prompt" in note.because for note in film.degraded)


def test_a_film_without_money_buys_nothing(place, small_song):
    film = place.render(small_song, "auto", budget=0.0)
    assert {scene.backend for scene in film.scenes} == {"painter"}
    assert (jobs(place.replicate), jobs(place.runpod)) == (0, 0)


def test_a_run_that_ends_cancels_what_it_waits_for(tmp_path):
    from tasks.studio import Studio, Work

    with FakeReplicate(work=60.0) as service, Workers(1) as workers:
        store = Store(str(tmp_path / "store"))
        access = Access(accounts={"replicate": Account(service.key, service.url)}, home=tmp_path)
        ended: list[tuple[float, BaseException]] = []

        def wait() -> None:
            try:
                Studio(store, workers, access).wait(Work("shoot", "", 0), registry.shoot, an_order("wan22_t2v_replicate", None), store, access)
            except SongreelError as error:
                ended.append((time.monotonic(), error))

        thread = threading.Thread(target=wait)
        thread.start()
        while not any(record.state == "accepted" for record in records(store)):
            time.sleep(0.05)
        workers.end()
        began = time.monotonic()
        thread.join(10)
        assert ended[0][0] - began < 2
        assert str(ended[0][1]) == "the run is over"
        assert [job["cancelled"] for job in service.jobs.values()] == [True]
