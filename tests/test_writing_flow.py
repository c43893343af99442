"""A film that a language model tells, on loopback: asked once, paid once, and made by the rules when the model fails."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import read, using
from schemas import FilmRequest, FilmResult, Plan
from songreel.planning import llm_writer
from songreel.planning.llm_catalogue import Price
from songreel.services.jobs import records, spent
from songreel.storage import Store
from tests.fake_llm import Fault, LoopbackModel, director, serving

pytestmark = pytest.mark.xdist_group("flow")

REQUEST = FilmRequest(prompt="a lighthouse", writer="llm", style="cinematic", height=144, fps=Fraction(12), quality="preview", seed=7, titles=False)
ANSWERS = 2  # a treatment and one stretch of scenes
DOLLARS = 0.02  # of one answer


def render(song: Path, folder: Path, service: LoopbackModel, request: FilmRequest) -> FilmResult:
    from flows.music_video import music_video

    settings = read(store=str(folder / "store"), workers=2, llm="openai:gpt-5-mini", llm_url=f"{service.url}/v1", llm_key="sk-of-the-flow")
    with using(settings):
        return music_video(str(song), request, str(folder / "out"))


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback charges, as a service elsewhere would: two cents an answer."""
    monkeypatch.setattr(llm_writer, "price_of", lambda *_: Price(read=0.000_01, written=0.000_02))


def test_a_film_in_a_models_words_is_paid_once_whatever_is_made_of_it(small_song: Path, tmp_path: Path, prefect_api: str, priced: None) -> None:
    with serving(director) as service:
        film = render(small_song, tmp_path, service, REQUEST.model_copy(update={"budget": 1.0}))
        other = render(small_song, tmp_path, service, REQUEST.model_copy(update={"budget": 2.0, "container": "mov"}))
        assert len(service.asked) == ANSWERS
    plan = Plan.model_validate_json((Path(film.film.path).parent / "plan.json").read_text())
    assert plan.treatment.logline == "A keeper rows out to relight the lamp"
    assert all("yellow oilskin" in scene.prompt for scene in film.scenes)
    assert not [note for note in film.degraded if note.stage == "write"]
    costs = [json.loads((Path(made.film.path).parent / "costs.json").read_text())["entries"][0] for made in (film, other)]
    assert [(cost["stage"], cost["provider"]) for cost in costs] == [("write", "openai:gpt-5-mini")] * 2
    assert [(cost["charged"], cost["earlier"]) for cost in costs] == [(pytest.approx(2 * DOLLARS), 0.0), (0.0, pytest.approx(2 * DOLLARS))]
    assert (film.dollars, other.dollars) == (pytest.approx(2 * DOLLARS), 0.0)
    for path in tmp_path.rglob("*.json"):
        assert "sk-of-the-flow" not in path.read_text()


def test_a_model_that_fails_leaves_the_film_to_the_rules_and_is_asked_again_next_time(small_song: Path, tmp_path: Path, prefect_api: str) -> None:
    with serving(lambda _: Fault(401, "no such key")) as service:
        film = render(small_song, tmp_path, service, REQUEST)
    (note,) = [note for note in film.degraded if note.stage == "write"]
    assert "no such key" in note.because
    assert film.film.frames == 96
    with serving(director) as service:
        again = render(small_song, tmp_path, service, REQUEST)
        assert len(service.asked) == ANSWERS
    assert again.run == film.run
    assert all("yellow oilskin" in scene.prompt for scene in again.scenes)
    assert not [note for note in again.degraded if note.stage == "write"]


def test_what_a_model_writes_counts_against_the_caps_of_the_day(small_song: Path, tmp_path: Path, prefect_api: str, priced: None) -> None:
    paid = REQUEST.model_copy(update={"budget": 1.0})
    with serving(director) as service:
        render(small_song, tmp_path, service, paid)
        store = Store(str(tmp_path / "store"))
        assert spent(store, 0.0, "openai") == pytest.approx(ANSWERS * DOLLARS)
        assert {record.state for record in records(store)} == {"done"}
        capped = read(store=store.url, workers=2, llm="openai:gpt-5-mini", llm_url=f"{service.url}/v1", llm_key="k", budget_provider={"openai": 0.2})
        from flows.music_video import music_video

        with using(capped):
            film = music_video(str(small_song), paid.model_copy(update={"prompt": "a keeper"}), str(tmp_path / "out"))
        assert len(service.asked) == ANSWERS  # nobody was asked: what an answer may cost is more than the day leaves
    (note,) = [note for note in film.degraded if note.stage == "write"]
    assert "SONGREEL_BUDGET_PROVIDER" in note.because


def test_a_plan_is_written_from_the_terminal_and_asked_for_once(small_song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from cli.main import app

    words = ["plan", str(small_song), "--writer", "llm", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "p.json"), "--json"]
    monkeypatch.setenv("SONGREEL_LLM", "compatible:any-model")
    with serving(director) as service:
        monkeypatch.setenv("SONGREEL_LLM_URL", f"{service.url}/v1")
        first, second = (CliRunner().invoke(app, words) for _ in range(2))
        assert len(service.asked) == ANSWERS
    assert (first.exit_code, second.exit_code) == (0, 0)
    plans = [Plan.model_validate_json(one.stdout) for one in (first, second)]
    assert plans[0] == plans[1]
    assert plans[0].treatment.logline == "A keeper rows out to relight the lamp"


def test_the_doctor_tells_who_would_be_asked_and_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.doctor import _language_model

    for name in ("SONGREEL_LLM", "SONGREEL_LLM_URL", "SONGREEL_LLM_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert "none named" in _language_model(read()).found
    assert _language_model(read(llm="anthropic:claude-sonnet-5")).mend == "export ANTHROPIC_API_KEY=..."
    found = _language_model(read(llm="anthropic:claude-sonnet-5", anthropic_api_key="k")).found
    assert found == "anthropic:claude-sonnet-5 at https://api.anthropic.com, $2 and $10 for a million tokens read and written"
    assert _language_model(read(llm="ollama:llama3.1")).found.endswith("free")
    assert "known: openai" in _language_model(read(llm="acme:x")).found
