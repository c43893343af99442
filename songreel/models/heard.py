"""Progress out of a denoising loop, and what its errors mean.

An error that the listener raises ends the loop at its next step and reaches the caller as it is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from songreel.errors import OutOfMemory, SongreelError

ALMOST = 0.99  # of the work is the most that steps can tell of; writing the file is the rest
SHORT_OF_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")
END = 300  # characters of a library's own message that are kept


@dataclass
class Heard:
    """Counts steps and tells the share done; use `step` as a pipeline's ``callback_on_step_end``.

    Args:
        progress: told the share done, rising.
        steps: how many there will be in all; when there are more, the share rises ever slower.
    """

    progress: Callable[[float], None]
    steps: int
    done: int = 0
    error: BaseException | None = field(default=None, repr=False)

    def step(self, pipe: Any, number: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        """One step of the loop is done."""
        self.done += 1
        self.tell(min(self.done, self.steps) / self.steps * ALMOST)
        return tensors

    def tell(self, share: float) -> None:
        """Tell the share; what the listener raises is remembered as its own."""
        try:
            self.progress(share)
        except BaseException as error:
            self.error = error
            raise


@contextmanager
def classified(title: str, heard: Heard) -> Iterator[None]:
    """Turn a library's errors into ours; the listener's stay as they are.

    Raises:
        OutOfMemory: the model needs more memory than there is.
        SongreelError: it failed otherwise; the same call would fail again.
    """
    try:
        yield
    except SongreelError:
        raise
    except Exception as error:
        if error is heard.error:
            raise
        text = " ".join(str(error).split())[-END:] or type(error).__name__
        if isinstance(error, MemoryError) or any(words in text.lower() for words in SHORT_OF_MEMORY):
            raise OutOfMemory(f"{title} ran out of memory: {text}") from None  # a held traceback would keep the tensors
        raise SongreelError(f"{title} failed: {type(error).__name__}: {text}") from error
