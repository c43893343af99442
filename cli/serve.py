"""``songreel serve``: the server, its workers and the gateway of one machine, until Ctrl-C."""

import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn

import httpx

from blocks.handback import hand_back
from blocks.serving import Keeper, LocalServer, Process
from blocks.settings import Settings
from blocks.station import Station
from cli.output import emit
from cli.told import FAULT, say
from songreel.errors import SongreelError, UserError
from songreel.execution.machine import gpus

UP = 120.0  # seconds in which workers and gateway should answer; after that it is told which do not
REGISTERED = 180.0  # seconds in which flows are imported and told to the server
POLL = 0.25  # seconds between two looks
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GOES_ON = "songreel serve ended; with its next start this goes on from what is done"
WENT_ON = "songreel serve had ended without a word; this goes on from what is done"


class Ended(BaseException):
    """A person or the system asked to end."""


@dataclass(frozen=True)
class Doors:
    """Where a person and a program go."""

    ui: str
    gateway: str


def serve(settings: Settings, *, runs: int | None, gateway: bool, as_json: bool) -> int:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        settings: where the server and the gateway listen, and where things lie.
        runs: at once on the pool cpu; none: by this machine's cores.
        gateway: whether the gateway is served too.
        as_json: print one JSON value when everything is up.

    Returns:
        The exit code: 1 when something that the rest needs could not be kept running.

    Raises:
        UserError: this home is served already.
    """
    keeper, began = Keeper(say), time.monotonic()
    stations: list[Station] = []
    with _alone(settings.home) as note, _ending():
        try:
            station = Station(settings, _api(settings, keeper), tuple(gpus()), runs)
            stations.append(station)
            _register(station)
            _resume(station, WENT_ON)
            doors = _open(station, keeper, gateway)
            _write(note, {"pid": os.getpid(), "ui": doors.ui, "gateway": doors.gateway})
            _await(station, doors, keeper)
            _announce(station, doors, time.monotonic() - began, as_json)
            keeper.keep()
        except Ended:
            say("ending: what is under way goes on from what is done, with the next start")
            return 0
        finally:
            _deafen()
            keeper.end(lambda: _resume_all(stations, GOES_ON))
    return FAULT


def _api(settings: Settings, keeper: Keeper) -> str:
    """Address of the user's own server, or of the local one, which is started."""
    if settings.prefect_api_url:
        return settings.prefect_api_url
    local = LocalServer(settings.server_home, settings.port)
    keeper.start(local)
    say(f"server: {local.url.removesuffix('/api')} ({'started' if local.ours else 'it ran already, and is left running at the end'})")
    return local.url


def _register(station: Station) -> None:
    """Tell the server of pools, deployments, blocks and automations, in a process of its own: this one needs none of what they import."""
    command = [sys.executable, "-m", "flows.registration", station.api]
    try:
        done = subprocess.run(command, env=station.environment, capture_output=True, text=True, timeout=REGISTERED, check=False)
    except subprocess.TimeoutExpired as error:
        raise SongreelError(f"the deployments were not registered within {REGISTERED:.0f} s") from error
    if done.returncode != 0:
        raise UserError(f"the deployments could not be registered: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    known: dict[str, list[str]] = json.loads(done.stdout.strip().splitlines()[-1])
    say(f"registered: {', '.join(known['deployments'])} on the work pools {' and '.join(known['pools'])}")


def _resume_all(stations: list[Station], because: str) -> None:
    for station in stations:
        _resume(station, because)


def _resume(station: Station, because: str) -> None:
    """What this machine's workers left goes back to its queue."""
    try:
        names = hand_back(station.api, station.workers, because, station.settings.prefect_headers)
    except httpx.HTTPError as error:
        say(f"the Prefect server could not be told of what was under way: {error}")
        return
    if names:
        say(f"back in the queue: {', '.join(names)}")


def _open(station: Station, keeper: Keeper, gateway: bool) -> Doors:
    """Start the workers and the gateway."""
    for worker in station.processes():
        keeper.start(worker)
        say(f"{worker.name}: {_task(worker, station)}, log {worker.log}")
    ui, port = station.api.removesuffix("/api"), station.settings.gateway_port
    if not gateway:
        return Doors(ui, "")
    if importlib.util.find_spec("uvicorn") is None:
        say("gateway: not served, it needs its extra: uv sync --extra gateway")
        return Doors(ui, "")
    served = station.gateway(port)
    keeper.start(served)
    say(f"{served.name}: http://127.0.0.1:{port}, log {served.log}")
    return Doors(ui, f"http://127.0.0.1:{port}")


def _task(worker: Process, station: Station) -> str:
    if worker.name == "worker cpu":
        return f"up to {station.at_once} runs at once"
    return "one run at a time on its GPU" if station.gpus else "there is no GPU here: the processor serves its pool"


def _await(station: Station, doors: Doors, keeper: Keeper) -> None:
    """Wait until the workers and the gateway answer, looking after them meanwhile; who does not is told."""
    end, missing = time.monotonic() + UP, ["workers"]
    while missing and time.monotonic() < end:
        keeper.look()
        missing = [*_absent(station), *(["gateway"] if doors.gateway and not _answers(doors.gateway) else [])]
        missing = [name for name in missing if name not in {part.name for part in keeper.given_up}]
        time.sleep(POLL)
    for name in missing:
        say(f"{name} does not answer yet; it goes on starting")


def _absent(station: Station) -> list[str]:
    """Names of the workers of which the server has not heard."""
    try:
        with httpx.Client(base_url=station.api, headers=station.settings.prefect_headers, timeout=5.0, trust_env=False) as client:
            heard = {one["name"] for pool in ("cpu", "gpu") for one in client.post(f"/work_pools/{pool}/workers/filter", json={}).json()}
    except (httpx.HTTPError, ValueError, TypeError, KeyError):
        heard = set()
    return [f"worker {seat}" for seat, name in zip(station.seats, station.workers, strict=True) if name not in heard]


def _answers(gateway: str) -> bool:
    try:
        return httpx.get(f"{gateway}/api/health", timeout=2.0, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False


def _announce(station: Station, doors: Doors, seconds: float, as_json: bool) -> None:
    if as_json:
        emit({"name": "serve", "ui": doors.ui, "api": station.api, "gateway": doors.gateway, "pid": os.getpid(), "workers": station.workers})
    say(f"ready after {seconds:.0f} s: {doors.ui}{f' and {doors.gateway}/docs' if doors.gateway else ''} (Ctrl-C ends it all)")


@contextmanager
def _alone(home: Path) -> Iterator[IO[str]]:
    """The home's lock, which tells others where we serve.

    Raises:
        UserError: another process has it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "serve.lock").open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError(f"{home} is served already{_whereabouts(note)}") from error
        _write(note, {"pid": os.getpid()})
        yield note
        note.truncate(0)


def _whereabouts(note: IO[str]) -> str:
    note.seek(0)
    try:
        told = json.load(note)
    except ValueError:
        return ""
    doors = [told[name] for name in ("ui", "gateway") if told.get(name)]
    return f" by process {told['pid']}" + (f": {' and '.join(doors)}" if doors else ", which is starting") + "; Ctrl-C there ends it"


def _write(note: IO[str], told: dict[str, Any]) -> None:
    note.truncate(0)
    note.write(json.dumps(told))
    note.flush()


@contextmanager
def _ending() -> Iterator[None]:
    """Ctrl-C and SIGTERM raise `Ended` here."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise Ended

    heard = [number for number in ENDS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup's word counts
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _deafen() -> None:
    """While all is being ended, which takes seconds, nothing may break it off."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
