"""Who may call a gateway without keys, and the parts of the gateway that need no server."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from blocks.settings import Settings, read
from cli.main import app
from gateway.app import create_app
from gateway.jobs import job_of, news_of_tasks, sentence
from gateway.keys import KeyFile
from gateway.rates import Rates
from gateway.reels import Reels
from gateway.uploads import title_of
from songreel.errors import UserError
from songreel.storage import Store

ROOT = Path(__file__).parents[1]
NOBODY = "http://127.0.0.1:9/api"  # a Prefect server that does not answer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read(home=tmp_path, prefect_api_url=NOBODY)


def asked(settings: Settings, path: str, client: str = "127.0.0.1", host: str = "localhost:4290", **headers: str) -> httpx.Response:
    """One question to a gateway of this process, as from that address."""

    async def ask() -> httpx.Response:
        app = create_app(settings)
        transport = httpx.ASGITransport(app, client=(client, 50_000), raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as caller:
            return await caller.get(path, headers=headers)

    return asyncio.run(ask())


def test_without_keys_this_machine_alone_may_call(settings: Settings) -> None:
    assert asked(settings, "/api/styles").status_code == 200
    assert asked(settings, "/api/styles", client="::1", host="[::1]:4290").status_code == 200
    for client in ("203.0.113.9", "192.168.1.20", "10.0.0.3"):
        answer = asked(settings, "/api/styles", client=client)
        assert answer.status_code == 401
        assert "only this machine may call it: songreel keys add makes one" in answer.json()["detail"]
    assert asked(settings, "/api/health", client="203.0.113.9").status_code == 200


def test_without_keys_what_a_proxy_brings_is_refused(settings: Settings) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert asked(settings, "/api/styles", **{header: "127.0.0.1"}).status_code == 401


def test_without_keys_no_other_web_page_may_call(settings: Settings) -> None:
    assert asked(settings, "/api/styles", host="songs.evil.example").status_code == 403  # a name server that leads a browser here
    assert asked(settings, "/api/styles", Origin="https://evil.example").status_code == 403
    assert asked(settings, "/api/styles", Origin="null").status_code == 403
    assert asked(settings, "/api/styles", Origin="http://localhost:4290").status_code == 200


def test_with_keys_this_machine_too_needs_one(settings: Settings) -> None:
    _, secret = KeyFile.of(settings).add("me", ["read"])
    assert asked(settings, "/api/styles").status_code == 401
    assert asked(settings, "/api/styles", client="203.0.113.9", host="songs.example", Authorization=f"Bearer {secret}").status_code == 200


def test_guessing_keys_is_slowed_down_and_keeps_out_nobody_else(settings: Settings) -> None:
    _, secret = KeyFile.of(settings).add("me", ["read"])

    async def guess() -> list[int]:
        app = create_app(settings)
        transport = httpx.ASGITransport(app, client=("203.0.113.9", 1))
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://songs.example") as caller:
            keys = [*(f"srk_{number}" for number in range(15)), secret]
            return [(await caller.get("/api/styles", headers={"Authorization": f"Bearer {key}"})).status_code for key in keys]

    answers = asyncio.run(guess())
    assert (answers[0], answers[-2], answers[-1]) == (401, 429, 200)


def test_keys_that_cannot_be_read_let_nobody_in(settings: Settings) -> None:
    settings.home.mkdir(exist_ok=True)
    (settings.home / "keys.json").write_text("{")
    answer = asked(settings, "/api/styles")
    assert answer.status_code == 503
    assert str(settings.home) not in answer.text


def test_no_other_page_may_read_answers_unless_the_settings_name_it(tmp_path: Path) -> None:
    origin = "https://studio.example"
    closed, opened = read(home=tmp_path, prefect_api_url=NOBODY), read(home=tmp_path, prefect_api_url=NOBODY, gateway_cors=[origin])
    _, secret = KeyFile.of(closed).add("me", ["read"])
    headers = {"Origin": origin, "Authorization": f"Bearer {secret}"}
    assert "access-control-allow-origin" not in asked(closed, "/api/styles", **headers).headers
    assert asked(opened, "/api/styles", **headers).headers["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in asked(opened, "/api/styles", **{**headers, "Origin": "https://evil.example"}).headers


def test_a_prefect_that_is_away_is_503_with_a_sentence(settings: Settings) -> None:
    answer = asked(settings, "/api/jobs")
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("the Prefect server does not answer")
    assert int(answer.headers["retry-after"]) > 0
    assert "songreel_prefect_up 0" in asked(settings, "/metrics").text
    ready = asked(settings, "/api/ready")
    assert ready.status_code == 503
    assert not ready.json()["ready"]


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "gateway", "--port", str(taken.getsockname()[1])]
        environment = {**os.environ, "SONGREEL_HOME": str(tmp_path)}
        found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 2
    assert "the gateway cannot listen on 127.0.0.1:" in found.stderr
    assert "Traceback" not in found.stderr


def test_keys_are_made_listed_and_revoked_from_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGREEL_HOME", str(tmp_path))

    def keys(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["keys", *arguments])

    secret = keys("add", "studio", "--scopes", "read,make").stdout.splitlines()[0]
    found = KeyFile(tmp_path / "keys.json").find(secret)
    assert found is not None
    assert (found.name, found.scopes) == ("studio", ("read", "make"))
    assert secret not in (tmp_path / "keys.json").read_text()
    assert "studio" in keys("list").stdout
    assert secret not in keys("list", "--json").stdout
    assert keys("add", "studio").exit_code == keys("add", "x", "--scopes", "fly").exit_code == 2
    assert keys("revoke", "studio").exit_code == 0
    assert KeyFile(tmp_path / "keys.json").find(secret) is None


def test_a_key_needs_a_name_and_a_scope(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    with pytest.raises(UserError, match="needs a scope"):
        file.add("me", [])
    with pytest.raises(UserError, match="1 to 80 characters"):
        file.add("", ["read"])
    with pytest.raises(UserError, match="no key is called 'me'; known: none"):
        file.revoke("me")


def test_a_bucket_of_tokens_gives_a_burst_and_then_its_rate() -> None:
    now = 0.0
    rates = Rates({"make": 60.0}, clock=lambda: now)
    assert [rates.wait("a", "make") for _ in range(10)] == [0.0] * 10
    assert rates.wait("a", "make") == pytest.approx(1.0)
    assert rates.wait("b", "make") == 0.0
    now = 2.0
    assert [rates.wait("a", "make") == 0.0 for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Night Drive.flac", "Night Drive"),
        ("../../etc/passwd", "passwd"),
        ("C:\\songs\\a.b.mp3", "a.b"),
        ("", "song"),
        ("...", "song"),
        ("a\x00\nb#'.mp3", "ab"),
    ],
)  # fmt: skip
def test_a_files_name_becomes_a_title_and_nothing_else(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize("run", ["../../etc", "a/b-0123abcd", "", "night-drive", ".-0123abcd", "x-0123abcd/.."])
def test_a_run_that_is_no_runs_name_leads_nowhere(run: str, tmp_path: Path) -> None:
    reels = Reels(Store(str(tmp_path / "store")))
    assert (reels.result(run), reels.plan(run), reels.file(run, "film.mp4")) == (None, None, None)


def test_errors_are_told_without_how_prefect_introduces_them() -> None:
    assert sentence("Flow run encountered an exception: UserError: there is no song at x") == "there is no song at x"
    assert sentence("Flow run encountered an exception: RuleBroken: 3 black frames; the film is kept") == "3 black frames; the film is kept"
    assert sentence("it was cancelled") == "it was cancelled"


def test_a_job_that_tells_no_news_is_read_off_its_tasks() -> None:
    def task(name: str, start: str, end: str | None) -> dict[str, object]:
        state = {"name": "Completed"} if end else {"name": "Running"}
        return {"name": name, "start_time": f"2026-11-21T18:00:{start}+00:00", "end_time": end and f"2026-11-21T18:00:{end}+00:00", "state": state}

    tasks = [
        task("ingest", "00.000", "01.500"),
        task("shoot 0", "05.000", "09.000"),
        task("shoot 1", "05.000", None),
        task("plan", "03.000", "04.000"),
    ]
    news = news_of_tasks(tasks)
    assert [one.sequence for one in news] == sorted({one.sequence for one in news})
    assert news == news_of_tasks(tasks[::-1]) or {one.message for one in news} == {one.message for one in news_of_tasks(tasks[::-1])}
    assert [one.percent for one in news] == sorted(one.percent for one in news)
    assert (news[-1].stage, news[-1].scene, news[-1].what) == ("shoot", 0, "done")
    job = job_of({"id": "x", "state": {"type": "RUNNING"}}, news[-1])
    assert (job.status, job.stage, job.progress) == ("processing", "shoot", news[-1].percent)
