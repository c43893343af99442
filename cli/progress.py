"""Live progress on standard error: a stage a line, the scenes as a bar with the time left; plain lines where there is no terminal."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from blocks.progress import WORDS, Event

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_EVERY = 5.0  # seconds between two lines about the scenes
SLOWEST_START = 0.02  # share that must be done before a time left is told
QUIET = {"recall", "budget", "board", "prompt", "conform"}
"""Stages too short to speak of."""


class Scenes:
    """How far the scenes are: each scene's share, and the time left by the pace so far."""

    def __init__(self) -> None:
        self.total = 0
        self.shares: dict[int, float] = {}
        self.cached = 0
        self._begun = time.monotonic()

    def take(self, event: Event) -> None:
        """Note what an event says of its scene."""
        if event.kind == "planned":
            self.total, self._begun = event.total or 0, time.monotonic()
        elif event.scene is not None:
            done = event.kind in ("done", "cached")
            self.cached += event.kind == "cached"
            self.shares[event.scene] = 1.0 if done else 0.0 if event.kind == "failed" else max(event.share, self.shares.get(event.scene, 0.0))

    @property
    def share(self) -> float:
        """Share of the film that is shot."""
        return sum(self.shares.values()) / self.total if self.total else 0.0

    @property
    def done(self) -> int:
        """Scenes shot."""
        return sum(share >= 1.0 for share in self.shares.values())

    def left(self) -> float | None:
        """Seconds left by the pace of what was really shot; none while nobody can say."""
        shot = (self.share * self.total - self.cached) / self.total if self.total else 0.0
        if shot < SLOWEST_START:
            return None
        return (time.monotonic() - self._begun) * (1.0 - self.share) / shot


@contextmanager
def shown() -> Iterator[Callable[[Event], None]]:
    """A listener that shows a run's events as they come."""
    if sys.stderr.isatty():
        with _live() as listener:
            yield listener
    else:
        yield _Plain()


class _Plain:
    """Lines for a log file: one as each stage ends, one about the scenes every few seconds."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._scenes = Scenes()
        self._told = 0.0

    def __call__(self, event: Event) -> None:
        with self._guard:
            if event.stage == "shoot":
                self._scene(event)
            elif event.kind in ("done", "cached") and event.stage not in QUIET:
                _line(f"{WORDS.get(event.stage, event.stage)}: {'known' if event.kind == 'cached' else 'done'}")
            elif event.kind == "failed":
                _line(f"{WORDS.get(event.stage, event.stage)}: failed")

    def _scene(self, event: Event) -> None:
        self._scenes.take(event)
        if event.kind == "failed":
            _line(f"scene {event.scene} failed: {event.text}")
        whole = bool(self._scenes.total) and self._scenes.done == self._scenes.total and event.kind in ("done", "cached")
        if event.kind in ("done", "cached", "moved") and (whole or time.monotonic() - self._told >= PLAIN_EVERY):
            self._told = time.monotonic()
            _line(f"shooting: {self._scenes.done} of {self._scenes.total} scenes, {self._scenes.share:.0%}{_left(self._scenes.left())}")


def _line(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def _left(seconds: float | None) -> str:
    if seconds is None or seconds < 1:
        return ""
    return f", {seconds:.0f} s left" if seconds < 90 else f", {seconds / 60:.0f} min left"


@contextmanager
def _live() -> Iterator[Callable[[Event], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"), TextColumn("{task.description}"), BarColumn(bar_width=32),
        TimeElapsedColumn(), TextColumn("[dim]{task.fields[note]}[/]"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        yield _Rows(progress)


class _Rows:
    """One row a stage; the scenes' row is a bar."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._guard = threading.Lock()
        self._rows: dict[str, TaskID] = {}
        self._scenes = Scenes()

    def __call__(self, event: Event) -> None:
        with self._guard:
            if event.stage in QUIET:
                return
            row = self._row(event.stage)
            if event.stage == "shoot":
                self._scene(row, event)
            elif event.kind in ("done", "cached", "failed"):
                self._close(row, {"cached": "known", "failed": "failed"}.get(event.kind, ""))

    def _row(self, stage: str) -> "TaskID":
        if stage not in self._rows:
            self._rows[stage] = self._progress.add_task(WORDS.get(stage, stage), total=None, note="")
        return self._rows[stage]

    def _scene(self, row: Any, event: Event) -> None:
        self._scenes.take(event)
        scenes = self._scenes
        known = f", {scenes.cached} known" if scenes.cached else ""
        note = f"{scenes.done} of {scenes.total} scenes{known}{_left(scenes.left())}"
        self._progress.update(row, total=1.0, completed=scenes.share, note=note)

    def _close(self, row: Any, note: str) -> None:
        self._progress.update(row, total=1.0, completed=1.0, note=note)
