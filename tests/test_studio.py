"""A run as a person watches it: its news, its page, and the question that it asks before the film is made."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import State

from blocks import news
from blocks.percent import WEIGHTS, Percent
from blocks.progress import Event, listening, tell
from blocks.settings import read, using
from blocks.waiting import answer, waiting
from schemas import FilmRequest, FilmResult
from schemas.approval import Approval
from schemas.news import News
from tests import live

pytestmark = pytest.mark.xdist_group("flow")

REQUEST = FilmRequest(height=144, fps=Fraction(12), quality="preview", seed=11, duration=5.0, titles=False)
LARGEST_PICTURE = 300_000  # bytes that a page takes


def told(api: str, run: str, until: str = "") -> list[News]:
    """A run's news, read back as any program would; awaited until one of that name is there."""
    end = time.monotonic() + 20
    while True:
        page = live.call(api, "/events/filter", {"filter": news.filter_of(run), "limit": 50})
        found: list[dict[str, Any]] = page["events"]
        while page["next_page"]:
            page = live.call(api, page["next_page"].split("/api", 1)[1], method="GET")
            found += page["events"]
        if not until or any(event["event"] == f"songreel.{until}" for event in found):
            return [one for event in found if (one := news.news_in(event))]
        assert time.monotonic() < end, [event["event"] for event in found]
        time.sleep(0.2)


def pieces(api: str, run: str) -> dict[str, dict[str, Any]]:
    """What is on a run's page, by key."""
    found = live.call(api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
    keyed = [one for one in found if one["key"]]
    assert len({one["key"] for one in keyed}) == len(keyed), "a piece is made twice"
    return {one["key"]: one for one in keyed}


# --- news


def test_percent_rises_over_the_whole_film_and_ends_at_100() -> None:
    film = Percent()
    seen = []
    for event in [
        Event("run", "begun"), Event("ingest", "begun"), Event("ingest", "done"), Event("separate", "done"), Event("analyse", "done"),
        Event("plan", "done"), Event("shoot", "planned", total=2), Event("shoot", "moved", 1, share=0.5), Event("shoot", "done", 1, dollars=0.25),
        Event("shoot", "failed", 0, text="the service is away"), Event("shoot", "done", 0, dollars=0.5), Event("assemble", "done"),
        Event("inspect", "done"), Event("publish", "done"), Event("run", "done"),
    ]:  # fmt: skip
        film.take(event)
        seen.append(film.percent)
    assert seen == sorted(seen)
    assert seen[-1] == 100.0
    assert film.dollars == 0.75
    half = seen[7] - seen[6]
    assert half == pytest.approx(100 * WEIGHTS["shoot"] / 4 / (sum(WEIGHTS.values()) - WEIGHTS["preview"]))


def test_news_are_told_in_order_none_of_them_lost_but_what_moves_only_now_and_then(prefect_api: str) -> None:
    run = str(uuid4())
    heard: list[Event] = []
    begun = time.monotonic()
    with listening(heard.append), news.reported(run):
        tell(Event("shoot", "planned", total=20))
        for scene in range(20):
            tell(Event("shoot", "begun", scene))
            for step in range(50):
                tell(Event("shoot", "moved", scene, share=step / 50))
            tell(Event("shoot", "done", scene))
            time.sleep(0.05)
        tell(Event("run", "done"))
    took = time.monotonic() - begun
    read_back = told(prefect_api, run, until="run.done")
    assert len(heard) == 1 + 20 * 52 + 1, "a terminal hears everything"
    assert [one.sequence for one in read_back] == list(range(1, len(read_back) + 1))
    assert [one.scene for one in read_back if one.what == "done" and one.stage == "shoot"] == list(range(20))
    assert [one.percent for one in read_back] == sorted(one.percent for one in read_back)
    moved = sum(one.what == "moved" for one in read_back)
    assert 1 <= moved <= took / news.EVERY + 1
    bar = pieces(prefect_api, run)["progress"]
    assert (bar["type"], bar["data"]) == ("progress", 100.0)


def test_news_of_a_run_that_went_on_in_another_process_go_on_where_they_were(prefect_api: str) -> None:
    run = str(uuid4())
    with news.reported(run):
        tell(Event("analyse", "done"))
    with news.reported(run, 2):
        tell(Event("ingest", "cached"))
        tell(Event("run", "done"))
    first, again, _ = told(prefect_api, run, until="run.done")
    assert again.sequence > first.sequence
    assert again.percent == first.percent


@dataclass
class Recorder:
    """A server that refuses for a while, then takes news."""

    refuses: int
    status: int = 503
    taken: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[str]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = recorder.refuses > 0
                recorder.refuses -= 1
                if not refused and self.path.endswith("/events"):
                    recorder.taken += [event["event"] for event in json.loads(body)]
                self.send_response(recorder.status if refused else 200)
                answer_ = b"[]" if self.path.endswith("filter") else b'{"id": "1"}'
                self.send_header("Content-Length", str(len(answer_)))
                self.end_headers()
                self.wfile.write(answer_)

            def do_GET(self) -> None:
                """As a server that asks for no token against forgery."""
                self.send_error(404)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            server.server_close()


@contextmanager
def api_at(url: str) -> Iterator[None]:
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    with temporary_settings({PREFECT_API_URL: url, PREFECT_CLIENT_MAX_RETRIES: 0}):
        yield


def test_a_server_that_is_away_for_a_while_is_told_all_of_it_later_and_the_run_does_not_wait() -> None:
    server = Recorder(refuses=2)
    with server.running() as url, api_at(url), news.reported("run"):
        begun = time.monotonic()
        for scene in range(30):
            tell(Event("shoot", "done", scene))
        tell(Event("run", "done"))
        assert time.monotonic() - begun < 0.5
        live.until(lambda: len(server.taken) == 31)
    assert server.taken == ["songreel.shoot.done"] * 30 + ["songreel.run.done"]


def test_a_server_that_never_answers_costs_a_run_a_few_seconds_at_its_end_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "FAREWELL", 0.5)
    begun = time.monotonic()
    with api_at(f"http://127.0.0.1:{live.free_port()}/api"), news.reported("run"):
        tell(Event("run", "done"))
    assert time.monotonic() - begun < 5


def test_news_that_a_server_refuses_for_good_stop_no_others(caplog: pytest.LogCaptureFixture) -> None:
    server = Recorder(refuses=1, status=422)
    with caplog.at_level(logging.WARNING), server.running() as url, api_at(url), news.reported("run"):
        tell(Event("plan", "done"))
        live.until(lambda: "refused" in caplog.text)
        tell(Event("run", "done"))
    assert server.taken == ["songreel.run.done"]


def test_a_log_line_says_which_scene_and_what_it_cost() -> None:
    from flows.logbook import line_of

    assert line_of(Event("shoot", "done", 3, dollars=0.25)) == "shoot done scene=3 dollars=0.2500"
    assert line_of(Event("plan", "failed", text="no such style")) == "plan failed: no such style"


# --- the question


@dataclass
class Asked:
    """A run that was asked about, and what became of it."""

    state: State[FilmResult]
    run: str
    name: str = ""
    questions: list[str] = field(default_factory=list)
    pages: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    """The page each time that it waited."""


def ask(api: str, song: Path, folder: Path, answers: list[Approval], request: FilmRequest = REQUEST, hours: float = 1 / 60) -> Asked:
    """A run in this process, answered from elsewhere."""
    from flows.music_video import music_video

    seen: list[Asked] = [Asked(None, "")]  # type: ignore[arg-type]

    failed: list[BaseException] = []

    def person() -> None:
        try:
            answer_all()
        except BaseException as error:
            failed.append(error)

    def answer_all() -> None:
        known = {one.run for one in waiting(api)}
        for given in answers:
            one = live.until(lambda: next((one for one in waiting(api) if one.run not in known and one.asks), None))
            seen[0].run, seen[0].name = one.run, one.name
            seen[0].questions.append(one.asks)
            seen[0].pages.append(pieces(api, one.run))
            answer(api, one.run, given)
            live.until(lambda run=one.run: run not in {other.run for other in waiting(api)})

    thread = threading.Thread(target=person, daemon=True)
    thread.start()
    settings = read(store=str(folder / "store"), workers=2).model_copy(update={"approval_hours": hours})
    with using(settings):
        seen[0].state = music_video(str(song), request, str(folder / "out"), approve=True, return_state=True)
    thread.join(5)
    assert not failed, failed
    seen[0].run = str(seen[0].state.state_details.flow_run_id)
    return seen[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studio")


@pytest.fixture(scope="module")
def changed(prefect_api: str, small_song: Path, folder: Path) -> Asked:
    """A run that is asked for a style that there is not, then for another, and then goes on."""
    answers = [Approval(answer="change", style="no such style"), Approval(answer="change", style="synthwave"), Approval()]
    return ask(prefect_api, small_song, folder, answers)


def test_a_run_waits_with_its_storyboard_and_choices_before_anything_is_shot(changed: Asked) -> None:
    first = changed.pages[0]
    assert {"storyboard", "choices", "approval", "progress"} <= set(first)
    assert not {"film", "clips"} & set(first)
    assert "data:image/jpeg;base64," in first["storyboard"]["data"]
    assert len(first["storyboard"]["data"]) < LARGEST_PICTURE
    rows = json.loads(first["choices"]["data"])
    assert rows[0]["cost"] == "free"
    assert rows[0]["ready"] == "yes"
    assert "Nothing is paid before" in changed.questions[0]


def test_what_cannot_be_changed_is_told_and_asked_again(changed: Asked) -> None:
    assert "no style is called 'no such style'" in changed.questions[1]
    assert "could not be done" not in changed.questions[2]


def test_the_film_is_made_as_the_person_wants_it(changed: Asked) -> None:
    assert changed.state.is_completed()
    result = FilmResult.model_validate(changed.state.result())
    assert {scene.style for scene in result.scenes} == {"synthwave"}
    assert changed.name.endswith("· synthwave · 0:05")


def test_the_news_of_the_run_tell_of_it_from_end_to_end(prefect_api: str, changed: Asked) -> None:
    read_back = told(prefect_api, changed.run, until="run.done")
    assert [one.percent for one in read_back] == sorted(one.percent for one in read_back)
    assert [one.sequence for one in read_back] == sorted({one.sequence for one in read_back})
    assert [one.what for one in read_back if one.stage == "approval"] == ["asked", "answered"] * 3
    stages = [one.stage for one in read_back if one.what in ("done", "cached")]
    assert {"ingest", "analyse", "plan", "assemble", "inspect", "publish"} <= set(stages)
    assert stages[-1] == "run"
    clips = [one for one in read_back if one.clip is not None]
    assert sorted(one.scene for one in clips if one.scene is not None) == list(range(len(clips))) != []


def test_the_page_shows_film_clips_and_costs(prefect_api: str, changed: Asked) -> None:
    page, result = pieces(prefect_api, changed.run), FilmResult.model_validate(changed.state.result())
    assert result.film.path in page["film"]["data"]
    assert page["clips"]["data"].count(".mp4") == len(result.scenes)
    assert len(page["film"]["data"]) < LARGEST_PICTURE
    assert page["progress"]["data"] == 100.0
    assert {row["charged $"] for row in json.loads(page["costs"]["data"])} == {0.0}
    assert "Answered: go on" in page["approval"]["data"]


def test_a_film_that_is_turned_down_is_not_made(prefect_api: str, small_song: Path, folder: Path, changed: Asked) -> None:
    ended = ask(prefect_api, small_song, folder, [Approval(answer="end")])
    assert (ended.state.type.value, ended.state.name) == ("CANCELLED", "TurnedDown")
    assert "nothing was paid" in (ended.state.message or "")
    assert "film" not in pieces(prefect_api, ended.run)


def test_a_film_that_nobody_answers_for_ends_kindly(prefect_api: str, small_song: Path, folder: Path, changed: Asked) -> None:
    ended = ask(prefect_api, small_song, folder, [], hours=1 / 3600)
    kept = live.call(prefect_api, f"/flow_runs/{ended.run}", method="GET")["state"]
    assert (kept["type"], kept["name"]) == ("CANCELLED", "TimedOut")
    assert "nobody answered within 1 second" in kept["message"]


def test_a_film_that_is_known_is_given_without_a_question(prefect_api: str, small_song: Path, folder: Path, changed: Asked) -> None:
    known = ask(prefect_api, small_song, folder, [], REQUEST.model_copy(update={"style": "synthwave"}))
    assert known.state.is_completed()
    assert "recall" in FilmResult.model_validate(known.state.result()).timings


def test_a_worker_takes_a_run_back_only_when_its_last_process_has_ended() -> None:
    """Prefect's own worker dies of a run that is resumed while its process still ends."""
    import anyio

    from blocks import resting

    async def taken() -> Any:
        limiter = anyio.CapacityLimiter(2)
        limiter.acquire_on_behalf_of_nowait("rested")
        worker = SimpleNamespace(_limiter=limiter, _submitting_flow_run_ids=set())
        return await resting._those_that_ended(worker, [SimpleNamespace(flow_run=SimpleNamespace(id="rested"))])

    assert anyio.run(taken) == []


@pytest.mark.timeout(600)  # three processes are started, one after the other
def test_a_deployments_run_leaves_its_worker_while_it_waits_and_goes_on_with_what_it_knows(
    prefect_api: str, small_song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cli.approve import answer_run

    live.register(prefect_api, only=["music-video/cpu"])
    env = {"SONGREEL_HOME": str(tmp_path), "SONGREEL_STORE": str(tmp_path / "store"), "SONGREEL_SONGS": str(small_song.parent)}
    request = REQUEST.model_copy(update={"duration": 3.0}).model_dump(mode="json")
    with live.worker("cpu", prefect_api, {**env, "SONGREEL_WORKERS": "2"}):
        run = live.started(prefect_api, "music-video/cpu", {"song": str(small_song), "request": request, "approve": True})
        live.until(lambda: [one for one in waiting(prefect_api) if one.run == run and one.asks], limit=240)
        monkeypatch.setenv("PREFECT_API_URL", prefect_api)
        assert answer_run(None, end=False, choice=None, budget=None, prompt=None, style=None, writer=None, as_json=False) == 0
        assert run[:8] in capsys.readouterr().out
        assert answer_run(run[:8], end=False, choice="1", budget=None, prompt=None, style=None, writer=None, as_json=False) == 0
        assert live.ended(prefect_api, run, limit=240)["type"] == "COMPLETED"
    read_back = told(prefect_api, run, until="run.done")
    assert [one.percent for one in read_back] == sorted(one.percent for one in read_back)
    second = [one for one in read_back if one.sequence > news.SPAN]
    assert second[0].stage == "run"
    again = {one.stage: one.what for one in second if one.stage in ("ingest", "separate", "analyse", "plan")}
    assert again == {"ingest": "cached", "separate": "cached", "analyse": "cached", "plan": "done"}  # planned anew, for the choice that was taken
    assert "storyboard" in pieces(prefect_api, run)
