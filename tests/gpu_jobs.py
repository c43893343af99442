"""What the tests let a model's process do; no model, but everything that one does to its process."""

import os
import signal
import time
from collections.abc import Callable

from songreel.errors import OutOfMemory, SongreelError

Progress = Callable[[float], None]
calls = 0


def number(progress: Progress) -> tuple[int, int]:
    """The process and how often it was called: it keeps what it has loaded."""
    global calls  # noqa: PLW0603
    calls += 1
    progress(1.0)
    return os.getpid(), calls


def greedy(progress: Progress, share: float = 1.0) -> float:
    """Fits into memory at half its size."""
    if share > 0.5:
        raise OutOfMemory("CUDA out of memory")
    return share


def insatiable(progress: Progress, share: float = 1.0) -> float:
    raise OutOfMemory(f"CUDA out of memory at {share:g}")


def killed(progress: Progress, share: float = 1.0) -> float:
    """Ended by the system, as when the machine's memory runs out."""
    if share > 0.5:
        os.kill(os.getpid(), signal.SIGKILL)
    return share


def hung(progress: Progress) -> None:
    progress(0.1)
    time.sleep(3600)


def refused(progress: Progress) -> None:
    raise SongreelError("the prompt is empty")
