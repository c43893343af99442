"""Ends a worker process that hangs: a driver stuck in a shader cannot be interrupted from Python in any other way."""

import os
import resource
import sys
import threading
from types import TracebackType
from typing import Self

HUNG, GREEDY = 70, 71  # exit statuses of a process ended for its silence, and for its hunger
LOOK = 0.25  # s between two looks at the memory


class Watch:
    """Ends this process when `alive` is not called for ``limit`` seconds, or it has taken more memory; use in a ``with`` statement.

    Args:
        limit: seconds.
        memory: most bytes that the process may ever have held; none: as many as there are.
    """

    def __init__(self, limit: float, memory: float | None = None) -> None:
        self.limit, self.memory = limit, memory
        self._heard = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True, name="watch")

    def alive(self) -> None:
        """Something was done just now."""
        self._heard.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._heard.set()
        self._thread.join()

    def _wait(self) -> None:
        silent = 0.0
        while silent < self.limit:
            step = min(LOOK, self.limit - silent)
            silent = 0.0 if self._heard.wait(step) else silent + step
            if self._over.is_set():
                return
            self._heard.clear()
            if self.memory is not None and _most_held() > self.memory:
                _end(GREEDY, f"drawing took more than {self.memory / 1e9:g} GB of memory")
        _end(HUNG, f"nothing was drawn for {self.limit:g} s")


def _most_held() -> float:
    """The most memory this process has held, in bytes."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def _end(status: int, because: str) -> None:
    sys.stderr.write(f"{because}: this worker ends\n")
    sys.stderr.flush()
    os._exit(status)
