"""Processes that do the heavy work: drawing and listening beside each other, out of the way of the caller's interpreter lock.

A worker is this Python with one pipe. It is told a function by name (``package.module:function``) with its arguments, runs it, and
sends back progress and the result. It keeps what it has loaded for the next call, and ends by itself within a second of its parent's end,
however that came about. A worker that dies costs its call alone: a `TransientError`, so that the call is made again in a new one.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import psutil

from songreel.errors import SongreelError, TransientError

ROOT = Path(__file__).parents[2]
RASTERISER = {"LP_NUM_THREADS": "1"}
"""Mesa's software renderer draws with one thread a worker: there is a worker for each core already, and more would wait for each other."""
ENDED = "the run is over"
LOOK = 0.25  # seconds between two looks at a worker that has limits
processes: set[int] = set()
"""Of the running workers, by number."""


@dataclass(frozen=True)
class Limits:
    """What a call may take before its worker is ended.

    Watched from outside: a driver stuck in a shader holds the worker's interpreter lock, so that no thread of its own can end it.
    """

    silence: float | None = None
    """Seconds without progress."""
    memory: float | None = None
    """Bytes in memory."""


NO_LIMITS = Limits()


def signal_all(number: int) -> None:
    """Send a signal to every worker process of this interpreter; from a signal handler too, for it waits for nothing."""
    for pid in tuple(processes):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


class Workers:
    """At most ``count`` worker processes, started when first needed; use as a context manager.

    Args:
        count: how many may work at once.
    """

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._guard = threading.Lock()
        self._ended = False
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._at_end: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def call(self, target: str, *args: Any, progress: Callable[[float], None] | None = None, limits: Limits = NO_LIMITS, **named: Any) -> Any:
        """Run ``package.module:function`` in a worker and give what it returns.

        Args:
            target: the function's module and name.
            args: its arguments; sent as copies.
            progress: told the share done, in [0, 1]; the function must take ``progress`` when this is given.
            limits: what the call may take; more than that ends it.
            named: its named arguments.

        Raises:
            SongreelError: the workers were ended.
            TransientError: the worker process was killed, or ended for passing a limit.
            Exception: whatever the function raised, with the worker's traceback as a note.
        """
        with self._free:
            worker = self._take()
            try:
                result = worker.run(target, args, named, progress, limits)
            except BaseException as error:
                if not worker.broken:
                    self._give(worker)
                    raise
                self._drop(worker)
                if self._ended and isinstance(error, TransientError):
                    raise SongreelError(ENDED) from error  # not a fault of the moment: no use in trying again
                raise
            self._give(worker)
            return result

    def end(self) -> None:
        """End every worker now, working or not."""
        with self._guard:
            self._ended = True
            everyone, self._all, self._idle = self._all, [], []
            others, self._at_end = self._at_end, []
        for worker in everyone:
            worker.end()
        for end in others:
            end()

    def at_end(self, do: Callable[[], None]) -> None:
        """Do that, too, when the workers are ended."""
        with self._guard:
            self._at_end.append(do)

    def _take(self) -> "_Worker":
        with self._guard:
            if self._ended:
                raise SongreelError(ENDED)
            if self._idle:
                return self._idle.pop()
            worker = _Worker()
            self._all.append(worker)
            return worker

    def _give(self, worker: "_Worker") -> None:
        with self._guard:
            if worker in self._all:
                self._idle.append(worker)

    def _drop(self, worker: "_Worker") -> None:
        with self._guard, contextlib.suppress(ValueError):
            self._all.remove(worker)
        worker.end()


class _Worker:
    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "songreel.execution.worker", str(theirs.fileno()), str(os.getpid())],
                cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=2, start_new_session=True,
                env={**RASTERISER, **os.environ},
            )  # fmt: skip
        processes.add(self._process.pid)
        self._pipe = Connection(ours.detach())
        self.broken = False

    def run(
        self, target: str, args: tuple[Any, ...], named: dict[str, Any], progress: Callable[[float], None] | None, limits: Limits = NO_LIMITS
    ) -> Any:
        self.broken = True  # until the answer is whole
        try:
            self._pipe.send((target, args, named, progress is not None))
            while (message := self._heard(limits))[0] == "progress":
                if progress is not None:
                    progress(message[1])
        except (EOFError, OSError) as error:
            code = self._wait()
            raise TransientError(f"the process working on {target} ended with status {code} (killed, or out of memory)") from error
        self.broken = False
        if message[0] == "failed":
            raise message[1]
        return message[1]

    def _heard(self, limits: Limits) -> Any:
        """The worker's next word.

        Raises:
            TransientError: a limit was passed; the worker is of no use any more.
        """
        silent = 0.0
        while limits != NO_LIMITS and not self._pipe.poll(LOOK):
            silent += LOOK
            if limits.silence is not None and silent >= limits.silence:
                raise TransientError(f"nothing was made for {limits.silence:g} s, so the process was ended")
            self._modest(limits)
        self._modest(limits)
        return self._pipe.recv()

    def _modest(self, limits: Limits) -> None:
        if limits.memory is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended: its pipe tells
            if psutil.Process(self._process.pid).memory_info().rss > limits.memory:
                raise TransientError(f"it took more than {limits.memory / 1e9:g} GB of memory, so the process was ended")

    def end(self) -> None:
        self._process.kill()
        self._wait()
        self._pipe.close()

    def _wait(self) -> int:
        processes.discard(self._process.pid)  # before it is waited for: its number may then be another's
        return self._process.wait()
