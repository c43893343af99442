"""The local Prefect server: started once, found again, healed, stopped."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from blocks import server
from blocks.local import prepare, running_api
from blocks.record import record_completed
from blocks.settings import read
from tests import live

ROOT = Path(__file__).parents[1]


def test_two_runs_that_start_at_once_start_one_server_beside_a_taken_port(tmp_path: Path) -> None:
    taken = socket.create_server((server.HOST, 0))
    port = taken.getsockname()[1]
    found: list[server.Server] = []
    runs = [threading.Thread(target=lambda: found.append(server.ensure(tmp_path, port))) for _ in range(2)]
    with taken:
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    first, second = found
    assert first.pid == second.pid
    assert sorted([first.fresh, second.fresh]) == [False, True]
    assert f":{port}/" not in first.url
    server.wait(first, tmp_path)
    assert record_completed(first.url, "music-video", "night · synthwave · 3:12", "Cached", "made before", ["songreel"], limit=60.0)
    assert server.find(tmp_path) == server.Server(first.pid, first.url, first.born, first.prefect)
    stopped = server.stop(tmp_path)
    assert stopped is not None
    assert not server.answers(first.url)
    assert server.process_mark(first.pid) is None
    assert server.find(tmp_path) is None
    assert server.stop(tmp_path) is None


THROWAWAY = """
import time
from blocks import server
with server.throwaway() as running:
    print(running.pid, flush=True)
    time.sleep(60)
"""


def test_a_throwaway_server_ends_with_its_run_even_when_that_is_killed() -> None:
    run = subprocess.Popen([sys.executable, "-c", THROWAWAY], stdout=subprocess.PIPE, cwd=ROOT)
    assert run.stdout is not None
    with run.stdout as said:
        pid = int(said.readline())
        assert server.process_mark(pid) is not None
        run.kill()
        run.wait()
    end = time.monotonic() + 30
    while server.process_mark(pid) is not None and time.monotonic() < end:
        time.sleep(0.1)
    assert server.process_mark(pid) is None


def left_behind(home: Path, pid: int, born: str) -> None:
    (home / "server.json").write_text(
        json.dumps({"pid": pid, "url": "http://127.0.0.1:1/api", "born": born, "prefect": "3", "kept": True, "fresh": True})
    )


def test_a_file_left_by_a_server_that_ended_is_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left_behind(tmp_path, ended.pid, "1")
    assert server.find(tmp_path) is None
    assert not (tmp_path / "server.json").exists()


def test_a_process_that_took_over_the_number_is_neither_used_nor_stopped(tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        left_behind(tmp_path, bystander.pid, "not when it started")
        assert server.stop(tmp_path) is None
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_file_that_makes_no_sense_is_removed(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text("{")
    assert server.find(tmp_path) is None
    assert not (tmp_path / "server.json").exists()


def test_a_server_that_cannot_start_says_where_its_last_words_are(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").mkdir()
    running = server.ensure(tmp_path)
    with pytest.raises(server.ServerFault, match=r"ended while starting: .+"):
        server.wait(running, tmp_path)


def test_an_api_of_ones_own_is_used_and_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    settings = read(home=tmp_path)
    with prepare(settings) as prepared:
        assert (prepared.url, prepared.server) == ("http://127.0.0.1:9/api", None)
    assert running_api(settings) == "http://127.0.0.1:9/api"
    assert not (tmp_path / "prefect").exists()


def test_the_api_of_the_users_active_profile_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    (tmp_path / "profiles.toml").write_text('active = "mine"\n[profiles.mine]\nPREFECT_API_URL = "http://127.0.0.1:8/api"\n')
    assert running_api(read(home=tmp_path)) == "http://127.0.0.1:8/api"


def test_importing_the_launcher_imports_no_library() -> None:
    code = "import sys, blocks.server; print([m for m in ('prefect', 'pydantic', 'httpx', 'uvicorn') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "[]"


def test_the_template_spares_a_new_home_its_migrations(tmp_path: Path) -> None:
    settings = server._database(tmp_path)
    assert settings["PREFECT_API_DATABASE_MIGRATE_ON_START"] == "false"
    assert (tmp_path / "prefect.db").stat().st_size > 100_000
    (tmp_path / "prefect.db.version").write_text("another")
    assert server._database(tmp_path) == {}
    assert os.access(tmp_path / "prefect.db", os.W_OK)


def test_many_runs_are_queued_marked_and_told_of_at_once(tmp_path: Path) -> None:
    """On a database of one file, whose writers would refuse each other; a run that nobody takes is marked late after 15 s."""
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    with server.throwaway() as running:
        server.wait(running, tmp_path)
        flow = live.call(running.url, "/flows/", {"name": "music-video"})["id"]
        run = {"flow_id": flow, "state": {"type": "SCHEDULED", "state_details": {"scheduled_time": past}}}

        def queued(_: int) -> str:
            made = str(httpx.post(f"{running.url}/flow_runs/", json=run, timeout=60, trust_env=False).raise_for_status().json()["id"])
            event = {"id": str(uuid4()), "occurred": past, "event": "songreel.x", "resource": {"prefect.resource.id": f"prefect.flow-run.{made}"}}
            httpx.post(f"{running.url}/events", json=[event] * 5, timeout=60, trust_env=False).raise_for_status()
            return made

        with ThreadPoolExecutor(8) as callers:
            made = set(callers.map(queued, range(60)))
        late = {"flow_runs": {"state": {"name": {"any_": ["Late"]}}}}
        live.until(lambda: live.call(running.url, "/flow_runs/count", late) == len(made) == 60, limit=60)
        log = Path(f"/proc/{running.pid}/fd/2").resolve().read_text()
    assert "database is locked" not in log
