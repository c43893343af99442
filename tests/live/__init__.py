"""Real processes on loopback: a Prefect server, workers, the gateway. Each ends by its own process id, and what it had started with it.

with live.server() as prefect, live.bucket() as s3:   # tests.services.s3
    register(prefect.url, only=["music-video/cpu"])    # flows.registration
    with live.worker("cpu", prefect.url, {"SONGREEL_HOME": ..., "SONGREEL_STORE": s3.url, **s3.environment}):
        run = live.started(prefect.url, "music-video/cpu", {"song": ..., "request": {...}})
        assert live.ended(prefect.url, run)["type"] == "COMPLETED"
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from blocks import pools
from blocks import server as servers
from flows.registration import register

__all__ = ["Prefect", "Process", "call", "ended", "free_port", "gateway", "register", "server", "started", "until", "worker"]

ROOT = Path(__file__).parents[2]
UP = 120.0  # seconds in which a process must answer; the machine may be busy
BUSY = 20  # times that a busy server is asked; SQLite is locked for seconds on a loaded machine
LET_GO = 10.0  # seconds in which it ends when asked
MARK = "SONGREEL_LIVE"  # variable that tells a process' descendants, whose parent may have been killed
FINAL = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


@dataclass
class Process:
    """A process that a test started, with what that has started."""

    pid: int
    log: Path
    mark: str
    name: str = ""
    url: str = ""
    """Where it answers, when it does."""
    popen: "subprocess.Popen[bytes] | None" = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return servers.process_mark(self.pid) is not None

    @property
    def said(self) -> str:
        """What it printed."""
        return self.log.read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        """Its living descendants, those too whose parent has ended, and not itself."""
        return [one for one in psutil.process_iter() if one.pid != self.pid and self.mark in _environment(one)]

    def kill(self, whole: bool = False) -> None:
        """``kill -9`` of the process alone; ``whole``: of its runs too, as when a machine is lost."""
        family = self.family() if whole else []
        for pid in (self.pid, *(one.pid for one in family)):
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        if self.popen is not None:
            self.popen.wait()

    def end(self) -> None:
        """Ask it to end, then end it and whatever it left behind."""
        family = self.family()
        if self.popen is not None and self.popen.poll() is None:
            self.popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(LET_GO)
        self.kill()
        for one in {*family, *self.family()}:
            with suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(family, LET_GO)


@dataclass
class Prefect:
    """A Prefect server; `kill` and `start` it in the midst of things: it keeps its address and database."""

    home: Path
    url: str = ""
    pid: int = 0
    options: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it (again) and wait until it answers."""
        port = int(self.url.rsplit(":", 1)[1].split("/")[0]) if self.url else 0
        running = servers.ensure(self.home, port)
        servers.wait(running, self.home)
        assert not self.url or running.url == self.url, "its port was taken meanwhile"
        self.url, self.pid = running.url, running.pid

    def stop(self) -> None:
        """End it as a person would."""
        servers.stop(self.home)

    def kill(self) -> None:
        """``kill -9``."""
        os.kill(self.pid, 9)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


@contextmanager
def server(home: Path | None = None) -> Iterator[Prefect]:
    """A Prefect server that answers; in a folder of its own, or in ``home``, whose database is kept."""
    with tempfile.TemporaryDirectory(prefix="songreel-live-", ignore_cleanup_errors=True) as folder:
        prefect = Prefect(home or Path(folder))
        try:
            prefect.start()
            yield prefect
        finally:
            prefect.stop()


@contextmanager
def worker(
    pool: str, url: str, env: Mapping[str, str] | None = None, *, name: str | None = None, limit: int = 1, wait: bool = True
) -> Iterator[Process]:
    """A ``prefect worker start`` for a work pool that is registered; polls every half second.

    Args:
        pool: 'cpu' or 'gpu'.
        url: of the Prefect API.
        env: variables of the worker and its runs: SONGREEL_HOME and SONGREEL_STORE at least.
        name: of the worker.
        limit: runs at once.
        wait: until the server has heard of it.
    """
    name = name or f"{pool}-{free_port()}"
    with tempfile.TemporaryDirectory(prefix="songreel-live-", ignore_cleanup_errors=True) as folder:
        given = {"PREFECT_WORKER_QUERY_SECONDS": "0.5", "LP_NUM_THREADS": "1", **(env or {})}
        surroundings = pools.environment(url, folder, given)
        with _running(pools.worker(pool, name, limit), surroundings, Path(folder) / "worker.log", name) as process:
            if wait:
                until(lambda: name in _workers(url, pool), process)
            yield process


@contextmanager
def gateway(url: str, env: Mapping[str, str] | None = None, *, wait: bool = True) -> Iterator[Process]:
    """The gateway, on a free port, against this Prefect API."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="songreel-live-", ignore_cleanup_errors=True) as folder:
        surroundings = {**pools.environment(url, folder, env or {}), "SONGREEL_GATEWAY_PORT": str(port)}
        with _running(pools.tethered("gateway"), surroundings, Path(folder) / "gateway.log", "gateway") as process:
            process.url = f"http://127.0.0.1:{port}"
            if wait:
                until(lambda: _answers(f"{process.url}/api/health"), process)
            yield process


@contextmanager
def talking_to(url: str) -> Iterator[None]:
    """Flows that are called in this process use that API, and leave no thread behind that goes on asking it."""
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_LOGGING_LEVEL,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    quiet = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False, PREFECT_LOGGING_LEVEL: "CRITICAL"}
    with temporary_settings({PREFECT_API_URL: url, **quiet}):
        yield


def call(url: str, path: str, body: Any = None, method: str = "POST") -> Any:
    """One question to the Prefect API, as the UI asks it; asked again while the server is too busy, as Prefect's own client does."""
    sent = body if body is not None else ({} if method == "POST" else None)
    for _ in range(BUSY):
        reply = httpx.request(method, f"{url}{path}", json=sent, timeout=30, trust_env=False)
        if reply.status_code != 503:
            break
        time.sleep(1.0)
    assert reply.status_code < 400, f"{method} {path}: {reply.status_code} {reply.text[:500]}"
    return reply.json() if reply.content else None


def started(url: str, deployment: str, parameters: Mapping[str, Any]) -> str:
    """Start a run of 'flow/deployment' as the UI's form does; gives the run's id."""
    found = call(url, f"/deployments/name/{deployment}", method="GET")
    run = call(url, f"/deployments/{found['id']}/create_flow_run", {"parameters": dict(parameters), "state": {"type": "SCHEDULED"}})
    return str(run["id"])


def ended(url: str, run: str, limit: float = UP) -> dict[str, Any]:
    """The run's final state, awaited."""
    return until(lambda: _final(url, run), limit=limit)  # type: ignore[no-any-return]


def until(condition: Any, process: Process | None = None, limit: float = UP) -> Any:
    """What the condition gives once that is true; fails when the process ends first, or after ``limit`` seconds."""
    end = time.monotonic() + limit
    while not (found := condition()):
        assert process is None or process.alive, f"{process.name} ended: {process.said[-2000:]}" if process else ""
        assert time.monotonic() < end, f"not within {limit:g} s" + (f": {process.said[-2000:]}" if process else "")
        time.sleep(0.2)
    return found


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _running(command: list[str], surroundings: Mapping[str, str], log: Path, name: str) -> Iterator[Process]:
    mark = f"{name}-{os.getpid()}-{time.monotonic_ns()}"
    with log.open("wb") as said:
        popen = subprocess.Popen(
            command, env={**surroundings, MARK: mark}, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
    process = Process(popen.pid, log, mark, name, popen=popen)
    try:
        yield process
    finally:
        process.end()


def _environment(process: psutil.Process) -> str:
    try:
        return str(process.environ().get(MARK, ""))
    except (psutil.Error, OSError):
        return ""


def _workers(url: str, pool: str) -> list[str]:
    return [one["name"] for one in call(url, f"/work_pools/{pool}/workers/filter") if one["status"] == "ONLINE"]


def _final(url: str, run: str) -> dict[str, Any] | None:
    state = call(url, f"/flow_runs/{run}", method="GET")["state"]
    return state if state and state["type"] in FINAL else None


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False
