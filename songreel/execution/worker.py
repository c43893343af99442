"""The process at the other end of `songreel.execution.workers`: run one named function after the other until the pipe closes."""

import importlib
import os
import pickle
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any

WATCH = 0.5  # seconds between two looks at whether the parent still lives
PROGRESS_EVERY = 0.1  # seconds between two progress messages


def main(pipe: Connection, parent: int) -> None:
    """Answer calls until the parent closes the pipe or ends."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    while True:
        try:
            target, args, named, reports = pipe.recv()
        except EOFError:
            return
        if reports:
            named["progress"] = _Progress(pipe)
        pipe.send(_answer(target, args, named))


class _Progress:
    """Sends the share done, not more often than anyone can see."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sent = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self._sent >= PROGRESS_EVERY:
            self._sent = now
            self._pipe.send(("progress", share))


def _answer(target: str, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any]:
    module, _, name = target.partition(":")
    try:
        return "done", getattr(importlib.import_module(module), name)(*args, **named)
    except Exception as error:  # it belongs to the caller, who gets it whole
        return "failed", _sendable(error)


def _sendable(error: Exception) -> Exception:
    """The error with its traceback as a note; one that cannot be sent is told in words."""
    trace = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever a library's error does when copied
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.__cause__ = error.__context__ = None
    error.add_note(trace)
    return error


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])), int(sys.argv[2]))
