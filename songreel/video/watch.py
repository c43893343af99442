"""Ends a worker process that hangs: a driver stuck in a shader cannot be interrupted from Python in any other way."""

import os
import sys
import threading
from types import TracebackType
from typing import Self

HUNG = 70  # exit status of a process ended for its silence


class Watch:
    """Ends this process when `alive` is not called for ``limit`` seconds; use in a ``with`` statement."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
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
        while self._heard.wait(self.limit):
            if self._over.is_set():
                return
            self._heard.clear()
        sys.stderr.write(f"nothing was drawn for {self.limit:g} s: this worker ends\n")
        sys.stderr.flush()
        os._exit(HUNG)
