"""One holder per name on this machine: ``flock`` files, which the system releases when their holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL = 0.05  # seconds between two tries


@contextmanager
def held(folder: Path, name: str, tick: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of that name, waiting for it as long as need be.

    Args:
        folder: where the lock files lie.
        name: what is locked.
        tick: called while waiting; what it raises ends the wait.
    """
    path = folder / f"{name}.lock"
    folder.mkdir(parents=True, exist_ok=True)
    while (file := _taken(path)) is None:
        if tick is not None:
            tick()
        time.sleep(POLL)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # while it is still held: who waits for the old file finds that it is no longer the one
        os.close(file)


def _taken(path: Path) -> int | None:
    """The open, locked file; none when another holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(path).st_ino == os.fstat(file).st_ino:  # noqa: PTH116 - beside fstat
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(file)
    return None
