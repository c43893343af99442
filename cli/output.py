"""Where results go: standard output holds the one JSON value and nothing else, whatever libraries and programs print."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel


@contextmanager
def guarded(as_json: bool) -> Iterator[None]:
    """Inside, everything that is printed goes to standard error when ``as_json``; `emit` after it prints on the real output."""
    if not as_json:
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def emit(value: Any) -> None:
    """Print one JSON value on standard output."""
    print(json.dumps(plain(value), ensure_ascii=False), flush=True)


def plain(value: Any) -> Any:
    """Models as JSON objects, inside lists and dictionaries too."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a table for a person on standard output."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(*columns, title=title or None, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for row in rows:
        shown.add_row(*row)
    Console(soft_wrap=False).print(shown)


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in plain text, for commands that have to answer at once: loading what draws finer ones takes longer than they do."""
    widths = [max(len(row[at]) for row in (columns, *rows)) for at in range(len(columns))]
    for row in (columns, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
