"""Whole films shot by several backends of a catalogue of one's own: under caps, with a broken backend in the middle, and again from the cache."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import Settings, read, using
from schemas import CostLedger, FilmRequest, FilmResult, Plan
from songreel.errors import MissingDependency, OverBudget
from songreel.execution import ledger
from songreel.media.video import count_frames

pytestmark = pytest.mark.xdist_group("flow")

FPS = 12
REQUEST = FilmRequest(prompt="a city at night", style="cinematic", height=144, fps=Fraction(FPS), quality="basic", seed=7, titles=False)

CATALOGUE = """
[[backend]]
name = "{name}"
kind = "video"
title = "A small real one"
where = "cloud"
service = "{service}"
engine = "tests.pretend:{engine}"
native_fps = 8
frames = {{ multiple = 4, remainder = 1 }}
max_seconds = 6
looks = {looks}
speed = 1
licence = "Apache-2.0"
commercial = true
dollars_per_second = {dollars}
as_of = "2026-11-21"
"""


class Place:
    """A store, an out folder and a catalogue of a test's own."""

    def __init__(self, folder: Path, *backends: dict[str, object], name: str = "own.toml") -> None:
        self.folder = folder
        (folder / name).write_text("".join(CATALOGUE.format(**backend) for backend in backends))
        self.settings: Settings = read(store=str(folder / "store"), workers=2, catalogue=folder / name)

    def render(self, song: Path, **wishes: object) -> FilmResult:
        from flows.music_video import music_video

        with using(self.settings):
            return music_video(str(song), REQUEST.model_copy(update=wishes), str(self.folder / "out"))

    def costs(self, film: FilmResult) -> CostLedger:
        return CostLedger.model_validate_json((Path(film.film.path).parent / "costs.json").read_text())


SHOP = {"name": "small_one", "service": "shop", "engine": "Small", "looks": 0.6, "dollars": 0.05}
OUT_OF_ORDER = {"name": "broken_one", "service": "ruin", "engine": "Broken", "looks": 0.9, "dollars": 0.06}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Place:
    return Place(tmp_path_factory.mktemp("mixed"), SHOP)


@pytest.fixture(scope="module")
def film(place: Place, small_song: Path) -> FilmResult:
    """A budget that pays for a part of the film."""
    return place.render(small_song, budget=0.30)


def test_the_money_is_spent_where_it_matters_and_the_rest_is_painted(film: FilmResult) -> None:
    assert {scene.backend for scene in film.scenes} == {"painter", "small_one"}
    assert 0 < film.dollars <= 0.30


def test_a_mixed_film_is_as_exact_as_a_painted_one(film: FilmResult) -> None:
    assert film.film.frames == count_frames(Path(film.film.path)) == 8 * FPS
    assert (film.report.still_clips, film.report.ken_burns_clips) == (0, 0)


def test_its_costs_tell_what_each_scene_took(place: Place, film: FilmResult) -> None:
    costs = place.costs(film)
    assert costs.charged == pytest.approx(film.dollars)
    assert costs.estimated == pytest.approx(costs.charged, abs=1e-4)
    assert [entry.provider for entry in costs.entries if entry.stage == "shoot"] == [scene.backend for scene in film.scenes]
    assert all(entry.footage > 0 and entry.seconds > 0 and entry.lines == 144 for entry in costs.entries)


def test_the_run_is_in_the_ledger_and_later_ones_learn_from_it(place: Place, film: FilmResult) -> None:
    past = ledger.read(place.settings.open_store())
    assert [run.run for run in past.runs] == [film.run]
    assert past.runs[0].costs == place.costs(film)
    assert past.runs[0].around > 0


def test_the_same_film_again_costs_nothing_and_says_what_it_had_cost(place: Place, small_song: Path, film: FilmResult) -> None:
    again = place.render(small_song, budget=0.30)
    costs = place.costs(again)
    assert (again.film.sha256, again.dollars, costs.charged) == (film.film.sha256, 0, 0)
    assert costs.whole == pytest.approx(film.dollars)
    assert all(entry.cached for entry in costs.entries)


def test_a_paid_film_is_previewed_for_nothing_with_its_own_cuts(place: Place, small_song: Path, film: FilmResult) -> None:
    """What a person is asked with before anything is paid."""
    from prefect import flow

    from flows.approval import Proposal, proposed
    from flows.clock import Clock
    from flows.music_video import _line
    from flows.recall import wanted

    @flow(name="a-film-that-asks")
    def a_film_that_asks() -> Proposal:
        store = place.settings.open_store()
        asked = wanted(str(small_song), REQUEST.model_copy(update={"budget": 5.0}), None, store)
        with _line(asked, 0.0, store, place.settings, Clock()) as line:
            return proposed(asked, line)

    with using(place.settings):
        proposal = a_film_that_asks()
    preview = Path(proposal.preview.removeprefix("file://"))
    assert (proposal.dollars > 0, proposal.backends) == (True, ("small_one",))
    assert count_frames(preview) == film.film.frames
    told = FilmResult.model_validate_json((preview.parent / "manifest.json").read_text())
    assert ({scene.backend for scene in told.scenes}, told.dollars) == ({"painter"}, 0)
    assert [(one.start_frame, one.prompt) for one in Plan.model_validate_json((preview.parent / "plan.json").read_text()).scenes] == [
        (one.start_frame, one.prompt) for one in proposal.plan.scenes
    ]


def test_more_money_pays_only_for_the_scenes_that_were_painted(place: Place, small_song: Path, film: FilmResult) -> None:
    more = place.render(small_song, budget=5.0)
    assert {scene.backend for scene in more.scenes} == {"small_one"}
    costs = place.costs(more)
    assert costs.charged == pytest.approx(more.dollars)
    assert sum(entry.earlier for entry in costs.entries) == pytest.approx(film.dollars)
    assert costs.charged + film.dollars == pytest.approx(costs.whole)


def test_a_broken_backend_in_the_middle_is_stood_in_for_and_told_and_tried_again_the_next_time(
    tmp_path: Path, small_song: Path, prefect_api: str
) -> None:
    place = Place(tmp_path, SHOP, OUT_OF_ORDER)
    film = place.render(small_song, budget=5.0, quality="cinematic", choice="cloud")
    assert {scene.backend for scene in film.scenes} == {"small_one"}
    assert [note.took for note in film.degraded if note.stage == "shoot"] == [
        f"scene {scene.index} with small_one instead of broken_one" for scene in film.scenes
    ]
    assert place.costs(film).charged == pytest.approx(film.dollars) != 0
    mended = Place(tmp_path, SHOP, {**OUT_OF_ORDER, "engine": "Small"}, name="mended.toml")
    assert {scene.backend for scene in mended.render(small_song, budget=5.0, quality="cinematic", choice="cloud").scenes} == {"broken_one"}


def test_a_film_none_of_whose_services_work_is_painted(tmp_path: Path, small_song: Path, prefect_api: str) -> None:
    film = Place(tmp_path, OUT_OF_ORDER).render(small_song, budget=5.0, choice="cloud")
    assert {scene.backend for scene in film.scenes} == {"painter"}
    assert film.dollars == 0


def test_a_choice_without_its_money_or_its_models_is_refused_before_anything_is_shot(place: Place, small_song: Path) -> None:
    with pytest.raises(OverBudget, match="costs money"):
        place.render(small_song, choice="cloud")
    with pytest.raises(MissingDependency, match="'local' has no backend that is ready here"):
        place.render(small_song, choice="local")


def test_a_ledger_with_damaged_records_is_read_without_them_and_says_so(place: Place, film: FilmResult) -> None:
    store = place.settings.open_store()
    damaged = Path(store.root) / "ledger" / "20200101T000000Z-bad.json"
    damaged.write_text(json.dumps({"run": 1}))
    past = ledger.read(store)
    damaged.unlink()
    assert film.run in [run.run for run in past.runs]
    assert "20200101T000000Z-bad cannot be read" in past.notes[0].because
