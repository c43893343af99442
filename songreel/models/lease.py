"""The GPU's lease: one process of this machine has a model in video memory at a time.

A file lock that the process with the model takes itself. The system lets go of it when that process ends, ``kill -9`` included, so a
dead owner cannot keep it; what is written in the file only tells who holds it.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from songreel.errors import TransientError

FILE = Path("locks") / "gpu.lock"
POLL = 0.2  # seconds between two tries
PATIENCE = 1800.0  # seconds to wait for another run's model; a long scene takes some minutes


@dataclass(frozen=True)
class Holder:
    """Who has the GPU."""

    pid: int
    model: str

    def __str__(self) -> str:
        return f"process {self.pid} with {self.model}" if self.pid else "another process"


@contextmanager
def lease(home: Path, model: str, waiting: Callable[[Holder], None], patience: float = PATIENCE) -> Iterator[None]:
    """Hold the GPU for a model; waits while another process has it.

    Args:
        home: folder that this machine's processes share.
        model: what it is held for, told to who waits.
        waiting: told who holds it, again and again while it waits.
        patience: seconds to wait.

    Raises:
        TransientError: it was not let go in time; the text says by whom.
    """
    path = home / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(file, home, waiting, patience)
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps({"pid": os.getpid(), "model": model}).encode(), 0)
        yield
    finally:
        os.close(file)  # and with it the lock


def holder(home: Path) -> Holder | None:
    """Who holds the lease now; none when it is free, whatever a dead owner wrote."""
    with contextlib.suppress(FileNotFoundError):
        file = os.open(home / FILE, os.O_RDWR | os.O_CLOEXEC)
        try:
            return None if _locked(file) else _written(file)
        finally:
            os.close(file)
    return None


def _take(file: int, home: Path, waiting: Callable[[Holder], None], patience: float) -> None:
    end = time.monotonic() + patience
    while not _locked(file):
        who = _written(file)
        waiting(who)
        if time.monotonic() >= end:
            raise TransientError(f"the GPU was not free for {patience:g} s: {who} has it ({home / FILE})")
        time.sleep(POLL)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written(file: int) -> Holder:
    try:
        text = json.loads(os.pread(file, 4096, 0))
        return Holder(int(text["pid"]), str(text["model"]))
    except (ValueError, KeyError, TypeError):  # between its lock and its word
        return Holder(0, "")
