"""Waiting that is told: progress at least every half second, and an error that progress raises ends the wait at once."""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[float], None]
"""Told the share done, rising from above 0 to 1."""

TICK = 0.5  # seconds between two words
NEARLY = 0.95  # the share that waiting alone comes near


class Interrupted(BaseException):
    """Progress raised ``error``; no `Exception`, so that nothing on the way takes it for a fault of the service."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


class Watch:
    """Tells the share done: the service's word where there is one, else what the clock makes likely.

    Args:
        progress: who listens.
        expected: seconds that the work takes, as far as is known.
    """

    def __init__(self, progress: Progress, expected: float) -> None:
        self._progress, self._expected = progress, max(expected, 1.0)
        self._began = time.monotonic()
        self._share = 0.001

    def tick(self, share: float = 0.0) -> None:
        """Tell how far it is.

        Raises:
            Interrupted: the listener wants no more.
        """
        waited = 1 - math.exp(-(time.monotonic() - self._began) / self._expected)
        self._share = max(self._share, NEARLY * max(waited * 0.9, min(share, 1.0)))
        try:
            self._progress(self._share)
        except BaseException as error:
            raise Interrupted(error) from error

    def pause(self, seconds: float, wait: Callable[[float], bool] | None = None) -> None:
        """Wait that long, telling all the while; ``wait`` may end it early by giving true."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.tick()
            if wait is None:
                time.sleep(min(left, TICK))
            elif wait(min(left, TICK)):
                return

    def beside(self, call: Callable[[], T], late: Callable[[T], None] | None = None) -> T:
        """What a call gives, telling while it works in a thread.

        Args:
            call: may take long, as requests do.
            late: told the result when it comes after the wait was ended.
        """
        work = _Work(call, late)
        work.start()
        try:
            while not work.ended.wait(TICK):
                self.tick()
        except BaseException:
            work.leave()
            raise
        return work.result()


class _Work(threading.Thread):
    def __init__(self, call: Callable[[], T], late: Callable[[T], None] | None) -> None:
        super().__init__(name="service", daemon=True)
        self._call, self._late = call, late
        self._guard = threading.Lock()
        self._left = False
        self._error: BaseException | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # it belongs to who waits
            self._error = error
        with self._guard:
            self.ended.set()
            late = self._late if self._left and self._error is None else None
        if late is not None:
            late(self._result)

    def leave(self) -> None:
        with self._guard:
            self._left = not self.ended.is_set()
            late = self._late if not self._left and self._error is None else None
        if late is not None:
            late(self._result)

    def result(self) -> T:  # type: ignore[type-var]
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]
