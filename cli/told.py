"""How errors reach a person: one sentence and an exit code, never a traceback; our own faults leave theirs in a log file."""

import functools
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import typer

P = ParamSpec("P")

FAULT, MISTAKE, INTERRUPTED = 1, 2, 130


def told(command: Callable[P, int]) -> Callable[P, None]:
    """Make a command end with its exit code, and every error with a sentence."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **named: P.kwargs) -> None:
        try:
            code = command(*args, **named)
        except (typer.Exit, typer.BadParameter):
            raise
        except KeyboardInterrupt:
            say("interrupted; the same command goes on from what was done")
            code = INTERRUPTED
        except BrokenPipeError:  # whoever read our output has gone
            sys.stdout = None
            code = MISTAKE
        except Exception as error:  # the last door: whatever it is, the person gets a sentence
            code = _explained(error)
        raise typer.Exit(code)

    return wrapped


def say(sentence: str) -> None:
    """One line on standard error."""
    print(f"songreel: {sentence}", file=sys.stderr, flush=True)


def _explained(error: Exception) -> int:
    from songreel.errors import SongreelError

    if isinstance(error, SongreelError) and error.exit_code != FAULT:
        say(_one_line(str(error)))
        return error.exit_code
    say(f"{_one_line(str(error)) or type(error).__name__} (this is a fault of songreel's; details: {_logged(error)})")
    return FAULT


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _logged(error: Exception) -> str:
    """Write the traceback to a file and give its place."""
    try:
        from blocks.settings import current

        folder = current().logs
        folder.mkdir(parents=True, exist_ok=True)
    except Exception:  # even settings that cannot be read must not hide the first error
        folder = Path.cwd()
    path = folder / f"fault-{time.strftime('%Y%m%d-%H%M%S')}.log"
    try:
        path.write_text("".join(traceback.format_exception(error)))
    except OSError as problem:
        return f"not written: {problem.strerror}"
    return str(path)
