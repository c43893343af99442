"""One worker per result: locks that the system releases when their holder ends, however it ends.

Prefect's own file locks stay behind after ``kill -9`` and the next run waits for ever. These are ``flock`` locks: one host, POSIX.
"""

import asyncio
import fcntl
import hashlib
import os
import threading
import time
from pathlib import Path

from prefect.locking.protocol import LockManager

from blocks.settings import current

POLL = 0.1  # seconds between two tries

_held: dict[str, tuple[str, int]] = {}  # path of the lock file -> (holder, open file), of this process
_guard = threading.Lock()


class FlockLocks(LockManager):
    """Locks as files in a folder; empty: ``locks`` in the settings' home folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def acquire_lock(self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None) -> bool:
        """Wait for the lock; false when ``acquire_timeout`` seconds pass first."""
        end = _end(acquire_timeout)
        while not self._try(key, holder):
            if time.monotonic() >= end:
                return False
            time.sleep(POLL)
        return True

    async def aacquire_lock(self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None) -> bool:
        """Like `acquire_lock`."""
        end = _end(acquire_timeout)
        while not self._try(key, holder):
            if time.monotonic() >= end:
                return False
            await asyncio.sleep(POLL)
        return True

    def release_lock(self, key: str, holder: str) -> None:
        """Let go of a lock.

        Raises:
            ValueError: ``holder`` does not hold it.
        """
        path = self._path(key)
        with _guard:
            held = _held.get(path)
            if held is None or held[0] != holder:
                raise ValueError(f"{holder} holds no lock on {key}")
            del _held[path]
            os.close(held[1])

    def is_lock_holder(self, key: str, holder: str) -> bool:
        """Whether ``holder``, of this process, holds the lock."""
        held = _held.get(self._path(key))
        return held is not None and held[0] == holder

    def is_locked(self, key: str) -> bool:
        """Whether anyone on this host holds the lock."""
        path = self._path(key)
        if path in _held:
            return True
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Wait until nobody holds the lock; false when ``timeout`` seconds pass first."""
        end = _end(timeout)
        while self.is_locked(key):
            if time.monotonic() >= end:
                return False
            time.sleep(POLL)
        return True

    async def await_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Like `wait_for_lock`."""
        return await asyncio.to_thread(self.wait_for_lock, key, timeout)

    def _try(self, key: str, holder: str) -> bool:
        path = self._path(key)
        with _guard:
            if path in _held:
                return _held[path][0] == holder
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            _held[path] = (holder, file)
            return True

    def _path(self, key: str) -> str:
        folder = self.folder or current().home / "locks"
        return str(folder / f"{hashlib.sha256(key.encode()).hexdigest()}.lock")


def _end(timeout: float | None) -> float:
    return float("inf") if timeout is None else time.monotonic() + timeout
