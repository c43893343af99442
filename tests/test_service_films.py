"""Whole films by way of services: bought once, measured like every film, and painted where a service fails."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import read, using
from schemas import FilmRequest, FilmResult
from songreel.services.jobs import records
from songreel.storage import Store
from tests.services.loopback import Loopback
from tests.services.replicate import FakeReplicate
from tests.services.runpod import FakeRunpod
from tests.services.runware import FakeRunware
from tests.test_video_backends import WORKERS

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


def test_a_scene_whose_prompt_is_refused_is_painted_and_told(place, small_song):
    place.replicate.ends = ["failed: the prompt was flagged as sensitive content"]
    film = place.render(small_song, "wan22_t2v_replicate")
    assert sorted({scene.backend for scene in film.scenes}) == ["painter", "wan22_t2v_replicate"] or film.degraded
    assert any("refused the prompt" in note.because for note in film.degraded)


def test_a_film_without_money_buys_nothing(place, small_song):
    film = place.render(small_song, "auto", budget=0.0)
    assert {scene.backend for scene in film.scenes} == {"painter"}
    assert (jobs(place.replicate), jobs(place.runpod)) == (0, 0)
