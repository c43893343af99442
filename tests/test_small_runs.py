"""Analysis and inspection as runs of their own: what the terminal's commands find, on a run's page."""

from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import Settings, read, using
from songreel.media.sound import Sound, write_wav
from tests import live, planted
from tests.planted import RATE

SECONDS = 4.0
CLIP = 30  # frames: two beats


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read(store=str(tmp_path_factory.mktemp("store")), workers=2)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("songs") / "song.wav"
    write_wav(Sound(planted.song(SECONDS), RATE), path)
    return path


def artifacts(api: str, key: str) -> list[str]:
    return [one["data"] for one in live.call(api, "/artifacts/filter", {"artifacts": {"key": {"any_": [key]}}})]


def runs(api: str, flow: str) -> list[dict]:
    return live.call(api, "/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}})


def test_a_run_of_analyse_finds_what_the_terminal_finds_and_shows_it(prefect_api: str, settings: Settings, small_song: Path) -> None:
    from flows.analyse import analyse
    from songreel.audio.analyse import analyse as found_in
    from songreel.audio.ingest import take

    with using(settings):
        analysis = analyse(str(small_song))
        store = settings.open_store()
        here = found_in(take(small_song, store), store, fps=Fraction(30))
    # Its own process adds up in another order: the last digits of a confidence may differ.
    assert analysis.tempo == pytest.approx(here.tempo)
    assert (analysis.beats, analysis.downbeats, analysis.sections, analysis.key) == (here.beats, here.downbeats, here.sections, here.key)
    assert [run["name"] for run in runs(prefect_api, "analyse")] == ["Größe Nacht · analysis"]
    (page,) = artifacts(prefect_api, "analysis")
    assert f"**{analysis.tempo:.2f} bpm**" in page
    assert all(section.label in page for section in analysis.sections)


def test_a_run_of_inspect_measures_a_film_and_names_the_rule_that_it_breaks(prefect_api: str, settings: Settings, master: Path) -> None:
    from flows.inspecting import inspect

    still = planted.texture(1)
    draws = (planted.parallax(1, pulse=1.0), planted.water(2), lambda _: planted.tinted(still, 1), planted.parallax(4, 1.5, pulse=1.0))
    film = planted.film(master.with_name("film.mp4"), [draw(frame) for draw in draws for frame in range(CLIP)], planted.song(SECONDS))
    with using(settings):
        state = inspect(str(film), str(master), return_state=True)
    assert (state.type.value, state.name) == ("COMPLETED", "RuleBroken")
    report = state.result()
    assert report.frames == len(draws) * CLIP
    assert report.still_clips == (2,)
    assert "clip 2" in (state.message or "")
    (page,) = artifacts(prefect_api, "report")
    assert "BROKEN RULE" in page


def test_a_film_that_is_not_there_is_said_so(settings: Settings, prefect_api: str, master: Path) -> None:
    from flows.inspecting import inspect
    from songreel.errors import UserError

    with using(settings), pytest.raises(UserError, match="there is no song at nowhere"):
        inspect("nowhere.mp4", str(master))
