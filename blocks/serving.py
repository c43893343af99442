"""Several processes kept running together: started in order, started again when one dies, ended together.

A part that dies comes again after a pause that doubles; one that keeps dying is given up with its reason. Each part's output goes to a
file of its own; what happens to it is one line for a person.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from blocks import server

FIRST_PAUSE = 1.0  # seconds before a part that died is started again; doubles each time
LONGEST_PAUSE = 30.0  # seconds
DEATHS = 5  # in a row after which a part is given up
STEADY = 120.0  # seconds of life after which earlier deaths are forgotten
LOOK = 0.5  # seconds between two looks at the parts
LET_GO = 5.0  # seconds that parts have to end when asked
LOG_LIMIT = 16 << 20  # bytes of a log; then it starts anew, and the one before is kept beside it

Say = Callable[[str], None]


class Part(Protocol):
    """One of what is kept running."""

    name: str
    needed: bool
    """Whether nothing can go on without it."""

    def start(self) -> None:
        """Start it; it may take its time to answer."""

    def alive(self) -> bool:
        """Whether it runs."""

    def why(self) -> str:
        """Why it ended."""

    def tidy(self) -> None:
        """Keep its log from growing without end."""

    def ask(self) -> None:
        """Ask it to end."""

    def end(self) -> None:
        """End it, and all it started."""


@dataclass
class Process:
    """A command, in a session of its own, so that a terminal's Ctrl-C reaches only us."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    needed: bool = False
    graceful: bool = True
    """Whether it is asked to end; a worker is not: it would call its runs crashed, which are to go on."""
    popen: "subprocess.Popen[bytes] | None" = None
    _groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start it with its output at the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command, env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._groups.append(self.popen.pid)

    def alive(self) -> bool:
        """Whether it runs."""
        return self.popen is not None and self.popen.poll() is None

    def why(self) -> str:
        """Its end, and the last that it printed."""
        code = self.popen.returncode if self.popen else None
        how = f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with exit code {code}"
        return f"{how}: {last_line(self.log)}"

    def tidy(self) -> None:
        """Begin the log anew when it is long."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)  # its writers append, so they go on at the new end

    def ask(self) -> None:
        """Ask it to end, when it has something to end with."""
        if self.popen is not None and self.graceful and self.alive():
            self.popen.terminate()

    def end(self) -> None:
        """End it and all that it started, now and in earlier lives."""
        if self.popen is not None and self.graceful:
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(LET_GO)
        family = [one for group in self._groups for one in members(group)]
        for one in family:
            with suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(family, LET_GO)
        if self.popen is not None:
            self.popen.wait()


@dataclass
class LocalServer:
    """The local Prefect server of a folder. One that ran before us is used, and left as it was."""

    home: Path
    port: int
    name: str = "server"
    needed: bool = True
    ours: bool = False
    running: server.Server | None = None

    def start(self) -> None:
        """Start or find it, and wait until it answers.

        Raises:
            ServerFault: it did not start, or not where its users look for it.
        """
        before = self.running
        self.running = server.ensure(self.home, self.port)
        self.ours = self.ours or self.running.fresh
        server.wait(self.running, self.home)
        self.port = int(self.running.url.rsplit(":", 1)[1].partition("/")[0])
        if before is not None and before.url != self.running.url:
            raise server.ServerFault(f"another program took the port of {before.url}")

    @property
    def url(self) -> str:
        """Address of its API; empty before its start."""
        return self.running.url if self.running else ""

    def alive(self) -> bool:
        """Whether its process runs."""
        return self.running is not None and server.process_mark(self.running.pid) == self.running.born

    def why(self) -> str:
        """The last that it printed."""
        return f"ended: {last_line(self.home / 'server.log')}"

    def tidy(self) -> None:
        """Its log begins anew with each start."""

    def ask(self) -> None:
        """It is ended at once in `end`: nothing else may lose it before."""

    def end(self) -> None:
        """End it, when it is ours."""
        if self.ours:
            server.stop(self.home)


@dataclass
class _Life:
    """What became of a part."""

    began: float = 0.0
    deaths: int = 0
    again: float | None = None
    """When it is started again; none while it runs, or when it was given up."""


class Keeper:
    """Keeps parts running until something stops it.

    Args:
        say: tells a person one line.
        pause: seconds before the first restart of a part.
    """

    def __init__(self, say: Say, pause: float = FIRST_PAUSE) -> None:
        self.parts: list[Part] = []
        self.given_up: list[Part] = []
        self._say = say
        self._pause = pause
        self._lives: dict[str, _Life] = {}

    def start(self, part: Part) -> None:
        """Start a part, and look after it from now on."""
        self.parts.append(part)
        self._begin(part)

    def keep(self) -> None:
        """Look after the parts until one that the rest needs is given up, or all of the rest are."""
        while any(not part.needed for part in self.parts) and not any(part.needed for part in self.given_up):
            time.sleep(LOOK)
            self.look()

    def look(self) -> None:
        """Start again what died, when its pause is over."""
        for part in tuple(self.parts):
            self._look(part)

    def end(self, between: Callable[[], None]) -> None:
        """Ask all to end; end them, last first; do ``between``; end those that the rest needed."""
        for part in self.parts:
            part.ask()
        for part in [one for one in reversed(self.parts) if not one.needed]:
            part.end()
        between()
        for part in [one for one in reversed(self.parts) if one.needed]:
            part.end()

    def _begin(self, part: Part) -> None:
        life = self._lives.setdefault(part.name, _Life())
        life.began, life.again = time.monotonic(), None
        part.start()

    def _look(self, part: Part) -> None:
        life, now = self._lives[part.name], time.monotonic()
        if part.alive():
            part.tidy()
            life.deaths = 0 if now - life.began > STEADY else life.deaths
        elif life.again is None:
            self._died(part, part.why())
        elif now >= life.again:
            self._again(part)

    def _again(self, part: Part) -> None:
        try:
            self._begin(part)
        except (server.ServerFault, OSError) as error:
            self._died(part, f"did not start: {error}")

    def _died(self, part: Part, why: str) -> None:
        life, now = self._lives[part.name], time.monotonic()
        life.deaths = 1 if now - life.began > STEADY else life.deaths + 1
        if life.deaths >= DEATHS:
            self.parts.remove(part)
            self.given_up.append(part)
            self._say(f"{part.name} {why}; it is given up after {life.deaths} times in a row")
            return
        pause = min(self._pause * 2 ** (life.deaths - 1), LONGEST_PAUSE)
        life.again = now + pause
        self._say(f"{part.name} {why}; it is started again in {pause:g} s")


def members(group: int) -> list[psutil.Process]:
    """Living processes of a process group, whether its leader lives or not."""
    return [one for one in psutil.process_iter() if _group_of(one.pid) == group]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def last_line(path: Path) -> str:
    """The last words in a log."""
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1].strip() if lines else "it left no message"
