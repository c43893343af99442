"""The local Prefect server that the first run starts and later runs use: started, found, announced, stopped.

Standard library only, so that it can run before ``import prefect`` and beside it. One server lives in one folder (``home``): its
database, its log, ``server.json`` (who runs, where) and a lock file, so that two runs starting at once start one server. The listening
socket is opened here and handed down, so a port that looked free cannot be lost to another program on the way.
"""

import contextlib
import fcntl
import gzip
import importlib.metadata
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from songreel.errors import MissingDependency

PORT = 4280  # preferred; any free port when it is taken (Prefect's own server prefers 4200)
HOST = "127.0.0.1"
START_LIMIT = 180.0  # seconds; a fresh database on a busy machine of two cores took 40
STOP_LIMIT = 8.0  # seconds between asking the server to end and ending it
HEALTH_LIMIT = 1.0  # seconds for one answer
POLL = 0.1  # seconds between two questions
LOG_LIMIT = 8 << 20  # bytes; a longer log starts anew with the server
BACKLOG = 256  # connections waiting to be accepted
TEMPLATES = Path(__file__).parent / "data"

SERVER_SETTINGS = {
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    "PREFECT_SERVER_TASKS_TAG_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.5",  # seconds until news can be read back; Prefect's own is 5
    "DO_NOT_TRACK": "1",
}
"""What a small local server needs: no telemetry, slots that survive a restart, short waits."""


_children: list[subprocess.Popen[bytes]] = []  # kept, since a server outlives the object that started it


class ServerFault(RuntimeError):
    """The local server did not start; the text says where its log is."""


@dataclass(frozen=True)
class Server:
    """A local server. ``born`` is the process' start mark, which tells it from a later process of the same number."""

    pid: int
    url: str
    born: str
    prefect: str
    kept: bool = True
    fresh: bool = False
    """True when this call started it."""

    @property
    def ui(self) -> str:
        """Address of the pages for a person."""
        return self.url.removesuffix("/api")


def ensure(home: Path, port: int = PORT) -> Server:
    """The running server of this folder, or a new one; does not wait until it answers (see `wait`)."""
    with _locked(home):
        running = find(home)
        if running is not None and running.prefect == _prefect_version():
            return running
        if running is not None:
            _end(running)
        server = _launch(home, port, kept=True)
        _write_whole(home / "server.json", json.dumps(asdict(server)))
        return server


@contextlib.contextmanager
def throwaway() -> Iterator[Server]:
    """A server with an empty database that ends with the block, and with this process however that ends."""
    home = Path(tempfile.mkdtemp(prefix="songreel-server-"))
    server = _launch(home, 0, kept=False)
    try:
        yield server
    finally:
        _end(server)
        shutil.rmtree(home, ignore_errors=True)


def find(home: Path) -> Server | None:
    """The server that runs for this folder; a file left behind by one that ended is removed."""
    path = home / "server.json"
    try:
        server = Server(**{**json.loads(path.read_text()), "fresh": False})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # a file that this version did not write
        path.unlink(missing_ok=True)
        return None
    if process_mark(server.pid) == server.born:
        return server
    path.unlink(missing_ok=True)
    return None


def stop(home: Path) -> Server | None:
    """End the folder's server; returns the one that ran."""
    with _locked(home):
        server = find(home)
        if server is not None:
            _end(server)
            (home / "server.json").unlink(missing_ok=True)
        return server


def wait(server: Server, home: Path, limit: float = START_LIMIT) -> None:
    """Return when the server answers.

    Raises:
        ServerFault: it ended, or did not answer within ``limit`` seconds.
    """
    end = time.monotonic() + limit
    while not answers(server.url):
        _reap(server.pid)
        if process_mark(server.pid) != server.born:
            raise ServerFault(f"the local Prefect server ended while starting: {_last_line(home / 'server.log')}")
        if time.monotonic() > end:
            raise ServerFault(f"the local Prefect server at {server.url} did not answer within {limit:.0f} s; its log is {home / 'server.log'}")
        time.sleep(POLL)


def answers(url: str) -> bool:
    """Whether a Prefect API answers at this address."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy: it is this machine
    try:
        with opener.open(f"{url}/health", timeout=HEALTH_LIMIT) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def process_mark(pid: int) -> str | None:
    """When a process started, as its system words it; none when there is no such living process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] in "ZX" else fields[19]
    try:
        listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise MissingDependency("neither /proc nor the program ps is here to look processes up: mount -t proc proc /proc") from error
    return listed.stdout.strip() or None


def _launch(home: Path, port: int, kept: bool) -> Server:
    home.mkdir(parents=True, exist_ok=True)
    settings = _database(home)
    listener = _listen(port)
    url = f"http://{HOST}:{listener.getsockname()[1]}/api"
    command = [sys.executable, "-m", "blocks.server", str(listener.fileno()), *([] if kept else [str(os.getpid())])]
    with listener, _log(home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, env={**_inherited(), **SERVER_SETTINGS, **settings, "PREFECT_HOME": str(home), "PREFECT_UI_API_URL": url},
            cwd=Path(__file__).parents[1], pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    _children.append(process)
    return Server(process.pid, url, process_mark(process.pid) or "", _prefect_version(), kept, fresh=True)


def _listen(port: int) -> socket.socket:
    """A listening socket on the wished port, or on any free one."""
    for wished in (port, 0):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wished))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            continue
        return listener
    raise ServerFault(f"no free port on {HOST} for the local Prefect server")


def _database(home: Path) -> dict[str, str]:
    """Settings for the folder's database; a new one is unpacked from this Prefect version's template, which saves its migrations."""
    database, mark = home / "prefect.db", home / "prefect.db.version"
    template = TEMPLATES / f"prefect-{_prefect_version()}.db.gz"
    if not database.exists() and template.exists():
        _write_whole(database, gzip.decompress(template.read_bytes()))
        _write_whole(mark, _prefect_version())
    migrated = mark.exists() and mark.read_text() == _prefect_version()
    return {"PREFECT_API_DATABASE_MIGRATE_ON_START": "false", "PREFECT_API_BLOCKS_REGISTER_ON_START": "false"} if migrated else {}


def _inherited() -> Mapping[str, str]:
    """The environment without the user's Prefect settings: those are for their own server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


def _prefect_version() -> str:
    return importlib.metadata.version("prefect")


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end(server: Server) -> None:
    """Ask the process to end, then end it; a process that took over its number is left alone."""
    end = time.monotonic() + STOP_LIMIT
    _signal(server, signal.SIGTERM)
    while process_mark(server.pid) == server.born:
        if time.monotonic() > end:
            _signal(server, signal.SIGKILL)
        time.sleep(POLL)
        _reap(server.pid)


def _signal(server: Server, number: signal.Signals) -> None:
    if process_mark(server.pid) == server.born:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.pid, number)


def _reap(pid: int) -> None:
    """Take note of a child's end; a server that another process started is no child of ours."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _log(path: Path) -> Path:
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.unlink()
    return path


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "it left no message"


def _write_whole(path: Path, content: str | bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    part.replace(path)


def _watch(parent: int) -> None:
    """End this process when the one it serves has ended."""
    while process_mark(parent) is not None:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


def _serve(listener: int, parent: int | None) -> None:
    """Run Prefect's API on a socket that was handed down."""
    import uvicorn

    from blocks import sqlite

    sqlite.install()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listener)])


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
