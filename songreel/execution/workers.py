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
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from songreel.errors import SongreelError, TransientError

ROOT = Path(__file__).parents[2]
RASTERISER = {"LP_NUM_THREADS": "1"}
"""Mesa's software renderer draws with one thread a worker: there is a worker for each core already, and more would wait for each other."""
ENDED = "the run is over"
_processes: set[int] = set()  # of the running workers


def signal_all(number: int) -> None:
    """Send a signal to every worker process of this interpreter; from a signal handler too, for it waits for nothing."""
    for pid in tuple(_processes):
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def call(self, target: str, *args: Any, progress: Callable[[float], None] | None = None, **named: Any) -> Any:
        """Run ``package.module:function`` in a worker and give what it returns.

        Args:
            target: the function's module and name.
            args: its arguments; sent as copies.
            progress: told the share done, in [0, 1]; the function must take ``progress`` when this is given.
            named: its named arguments.

        Raises:
            SongreelError: the workers were ended.
            TransientError: the worker process was killed.
            Exception: whatever the function raised, with the worker's traceback as a note.
        """
        with self._free:
            worker = self._take()
            try:
                result = worker.run(target, args, named, progress)
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
        for worker in everyone:
            worker.end()

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
        _processes.add(self._process.pid)
        self._pipe = Connection(ours.detach())
        self.broken = False

    def run(self, target: str, args: tuple[Any, ...], named: dict[str, Any], progress: Callable[[float], None] | None) -> Any:
        self.broken = True  # until the answer is whole
        try:
            self._pipe.send((target, args, named, progress is not None))
            while (message := self._pipe.recv())[0] == "progress":
                if progress is not None:
                    progress(message[1])
        except (EOFError, OSError) as error:
            code = self._wait()
            raise TransientError(f"the process working on {target} ended with status {code} (killed, or out of memory)") from error
        self.broken = False
        if message[0] == "failed":
            raise message[1]
        return message[1]

    def end(self) -> None:
        self._process.kill()
        self._wait()
        self._pipe.close()

    def _wait(self) -> int:
        _processes.discard(self._process.pid)  # before it is waited for: its number may then be another's
        return self._process.wait()
