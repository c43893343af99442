"""One model in video memory at a time: a process for each loaded model, ended to switch to another.

The process is forked from a server that has torch and diffusers loaded and holds no CUDA, so a new one is ready in half a second; it
takes the GPU's lease itself and keeps it while it lives, and it keeps its model for the next scene. Ending the process is the one way
that gives back all of a model's memory: so does switching, and so do memory that ran out, a call that hangs and one that is cancelled.
"""

import contextlib
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from songreel.errors import OutOfMemory, SongreelError, TransientError
from songreel.execution import worker
from songreel.execution.workers import ENDED, LOOK, NO_LIMITS, Limits, processes
from songreel.models.lease import Holder, lease

PRELOAD = "songreel.models.preload"
KILLED = -9  # a process' exit code when the system ends it, as it does when memory runs out
MOST_HANGS = 1  # of one model that may be a fault of the moment

log = logging.getLogger("songreel.gpu")


@dataclass(frozen=True)
class Job:
    """One call for the process that holds a model."""

    model: str
    """Name of the model; another one needs another process."""
    target: str
    """``package.module:function``; it must take ``progress``."""
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    smaller: Mapping[str, Any] = field(default_factory=dict)
    """Named arguments for one more try when memory runs out; none: no more try."""


class Gpu:
    """The process that has a model loaded, if there is one.

    Args:
        home: folder that this machine's processes share, for the lease.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._ended = False
        self._hangs: dict[str, int] = {}

    def call(self, job: Job, progress: Callable[[float], None] | None = None, limits: Limits = NO_LIMITS) -> Any:
        """Run a job in the process that has its model, and give what it returns; jobs wait for each other.

        Args:
            job: what to run.
            progress: told the share done, every quarter of a second; an error that it raises ends the process, and is raised here.
            limits: what the call may take.

        Raises:
            SongreelError: the model does not fit into memory, hung before, or the run is over.
            TransientError: the process ended, or hung for the first time.
            Exception: whatever the function raised.
        """
        with self._turn:
            try:
                return self._tried(job, job.named, progress, limits)
            except OutOfMemory as error:
                log.warning("%s: %s", job.model, error)
                if not job.smaller:
                    raise SongreelError(f"{job.model} does not fit into memory: {error}") from error
            try:
                return self._tried(job, {**job.named, **job.smaller}, progress, limits)
            except OutOfMemory as error:
                raise SongreelError(f"{job.model} does not fit into memory, not even with a smaller picture: {error}") from error

    def end(self) -> None:
        """End the process now, working or not."""
        self._ended = True
        if self._child is not None:
            self._child.end()

    def _tried(self, job: Job, named: Mapping[str, Any], progress: Callable[[float], None] | None, limits: Limits) -> Any:
        """One try; whatever went wrong in a way that leaves the process of no use ends it."""
        child = self._of(job.model)
        try:
            return child.run(job.target, job.args, dict(named), progress or _unheard, limits)
        except _Hung as error:
            self._hangs[job.model] = self._hangs.get(job.model, 0) + 1
            if self._hangs[job.model] > MOST_HANGS:
                raise SongreelError(f"{job.model} hung again: {error}") from error
            raise TransientError(str(error)) from error
        except OutOfMemory as error:
            child.broken = True  # what it holds would be missing in the next try
            if self._ended:
                raise SongreelError(ENDED) from error
            raise
        except TransientError as error:
            if self._ended:
                raise SongreelError(ENDED) from error
            raise
        finally:
            if child.broken:
                self._drop()

    def _of(self, model: str) -> "_Child":
        """The process of that model; another model's is ended first."""
        if self._ended:
            raise SongreelError(ENDED)
        if self._child is not None and (self._child.model != model or not self._child.alive):
            self._drop()
        if self._child is None:
            self._child = _Child(model, self._home)
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


class _Hung(Exception):
    """Nothing was heard for too long."""


class _Child:
    """A forked process and the pipe to it."""

    def __init__(self, model: str, home: Path) -> None:
        self.model, self.broken = model, False
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([PRELOAD])
        self._pipe, theirs = context.Pipe()
        watched, self._lifeline = context.Pipe(duplex=False)
        self._process: ForkServerProcess = context.Process(
            target=hold, args=(theirs, watched, home, model, dict(os.environ)), name=f"model {model}", daemon=True
        )
        with theirs, watched:
            self._process.start()
        self._told = False
        if self._process.pid:
            processes.add(self._process.pid)

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def run(self, target: str, args: tuple[Any, ...], named: dict[str, Any], progress: Callable[[float], None], limits: Limits) -> Any:
        self.broken = True  # until the answer is whole
        try:
            self._pipe.send((target, args, named, True))
            kind, answer = self._answer(progress, limits)
        except (EOFError, OSError) as error:
            raise self._lost(target) from error
        self.broken = False
        if kind == "failed":
            raise answer
        return answer

    def _answer(self, progress: Callable[[float], None], limits: Limits) -> tuple[str, Any]:
        """The end of a call; the listener is told of it all the while, so that it can end it."""
        share, silent = 0.0, 0.0
        while True:
            if not self._pipe.poll(LOOK):
                silent += LOOK
                if share:
                    progress(share)
                if limits.silence is not None and silent >= limits.silence:
                    raise _Hung(f"nothing was made for {limits.silence:g} s, so the process was ended")
                continue
            kind, word = self._pipe.recv()
            silent = 0.0
            if kind == "progress":
                share = word
                progress(share)
            elif kind == "waiting":
                self._waits(word)
            else:
                return kind, word

    def _waits(self, who: str) -> None:
        if not self._told:
            log.warning("%s waits for the GPU: %s has it", self.model, who)
            self._told = True

    def _lost(self, target: str) -> TransientError:
        self._process.join()
        code = self._process.exitcode
        if code == KILLED:
            return OutOfMemory(f"the process working on {target} was killed by the system")
        return TransientError(f"the process working on {target} ended with status {code}")

    def end(self) -> None:
        if self._process.pid:
            processes.discard(self._process.pid)
        self._process.kill()
        self._process.join()
        with contextlib.suppress(OSError):
            self._pipe.close()
            self._lifeline.close()


def hold(pipe: Connection, lifeline: Connection, home: Path, model: str, environment: Mapping[str, str]) -> None:
    """What the forked process does: take the lease, then answer calls until the pipe closes or the run ends, however it ends."""
    os.environ.update(environment)  # the fork server has that of its own start
    os.setsid()  # the terminal's signals are for the run, which ends this process
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()

    def waiting(who: Holder) -> None:
        pipe.send(("waiting", str(who)))

    try:
        with lease(home, model, waiting):
            worker.main(pipe, os.getppid())
    except TransientError as error:
        pipe.send(("failed", error))


def _end_with(lifeline: Connection) -> None:
    """End this process when the run has ended, in the midst of a job too: the fork server would live on as long as its children do."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _unheard(share: float) -> None:
    """Progress for who does not listen."""
