"""Parts that are kept running: started again when they die, given up when they keep dying, ended with all that they started."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from blocks import serving
from blocks.serving import Keeper, Process, last_line

SLEEP = "import time; time.sleep(120)"
GRANDCHILD = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)']); print('up', flush=True); time.sleep(120)"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(120)"


def part(folder: Path, code: str, name: str = "part", graceful: bool = True, needed: bool = False) -> Process:
    return Process(name, [sys.executable, "-c", code], os.environ, folder / f"{name}.log", graceful=graceful, needed=needed)


def printed(one: Process) -> None:
    end = time.monotonic() + 30
    while "up" not in one.log.read_text() and time.monotonic() < end:
        time.sleep(0.05)


def look_until(keeper: Keeper, reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached() and time.monotonic() < end:
        keeper.look()
        time.sleep(0.05)
    assert reached()


def test_a_part_that_is_killed_is_started_again_and_the_reason_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    keeper, one = Keeper(said.append, pause=0.1), part(tmp_path, SLEEP)
    keeper.start(one)
    first = one.popen.pid
    one.popen.kill()
    look_until(keeper, lambda: one.alive() and one.popen.pid != first)
    assert said == ["part killed by SIGKILL: it left no message; it is started again in 0.1 s"]
    keeper.end(lambda: None)
    assert not one.alive()


def test_a_part_that_keeps_dying_is_given_up_with_its_last_words_and_the_rest_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    keeper, good, bad = Keeper(said.append, pause=0.01), part(tmp_path, SLEEP, "good"), part(tmp_path, "import sys; sys.exit('no disk')", "bad")
    keeper.start(good)
    keeper.start(bad)
    look_until(keeper, lambda: bool(keeper.given_up))
    keeper.end(lambda: None)
    assert len(said) == serving.DEATHS
    assert said[-1] == "bad ended with exit code 1: no disk; it is given up after 5 times in a row"
    assert [one.name for one in keeper.given_up] == ["bad"]


def test_pauses_between_starts_double(tmp_path: Path) -> None:
    said: list[str] = []
    keeper, bad = Keeper(said.append, pause=0.01), part(tmp_path, "raise SystemExit(1)", "bad")
    keeper.start(bad)
    look_until(keeper, lambda: bool(keeper.given_up))
    assert [line.rsplit(" in ", 1)[1] for line in said[:-1]] == ["0.01 s", "0.02 s", "0.04 s", "0.08 s"]


def test_keeping_ends_when_what_all_need_is_given_up(tmp_path: Path) -> None:
    keeper = Keeper(lambda _: None, pause=0.01)
    keeper.start(part(tmp_path, SLEEP, "worker"))
    keeper.start(part(tmp_path, "raise SystemExit(1)", "server", needed=True))
    keeper.keep()
    assert [one.name for one in keeper.given_up] == ["server"]
    keeper.end(lambda: None)


@pytest.mark.parametrize(("code", "graceful"), [(GRANDCHILD, False), (STUBBORN, True)])
def test_what_a_part_started_ends_with_it_and_what_will_not_end_is_ended(
    tmp_path: Path, code: str, graceful: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LET_GO", 0.5)
    keeper, one = Keeper(lambda _: None), part(tmp_path, code, graceful=graceful)
    keeper.start(one)
    printed(one)
    family = [one.popen.pid, *(child.pid for child in psutil.Process(one.popen.pid).children(recursive=True))]
    keeper.end(lambda: None)
    assert [pid for pid in family if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE] == []


def test_runs_of_a_worker_that_died_go_on_and_end_at_the_end(tmp_path: Path) -> None:
    keeper, one = Keeper(lambda _: None, pause=0.05), part(tmp_path, GRANDCHILD, graceful=False)
    keeper.start(one)
    printed(one)
    (run,) = psutil.Process(one.popen.pid).children()
    first = one.popen.pid
    one.popen.kill()
    look_until(keeper, lambda: one.alive() and one.popen.pid != first)
    assert run.is_running()
    keeper.end(lambda: None)
    assert not run.is_running() or run.status() == psutil.STATUS_ZOMBIE


def test_others_end_before_what_they_need_and_the_word_between_is_said_then(tmp_path: Path) -> None:
    server, worker = part(tmp_path, SLEEP, "server", graceful=False, needed=True), part(tmp_path, SLEEP, "worker")
    keeper = Keeper(lambda _: None)
    keeper.start(server)
    keeper.start(worker)
    alive: list[bool] = []
    keeper.end(lambda: alive.extend([server.alive(), worker.alive()]))
    assert alive == [True, False]
    assert not server.alive()


def test_a_log_that_grows_long_begins_anew_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOG_LIMIT", 1000)
    one = part(tmp_path, "import time\nfor n in range(400):\n    print(f'line {n}', flush=True); time.sleep(0.01)")
    one.start()
    stop = threading.Event()
    end = time.monotonic() + 60
    while one.alive() and time.monotonic() < end:
        one.tidy()
        stop.wait(0.05)
    one.end()
    assert one.log.stat().st_size < 2500
    assert (tmp_path / "part.log.1").exists()
    assert last_line(one.log) == "line 399"
