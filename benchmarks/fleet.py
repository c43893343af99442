"""Scenes on two workers of a pool against one, with real server, workers and runs; the footage takes its time and no processor.

Aim: two workers at least 1.8 times as fast as one, and a run's overhead under 5 % of a batch's work of the usual size.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from songreel.execution.batches import LEAST_WORK, RUN_OVERHEAD
from tests import live
from tests.fleet import Film, an_order, living

AIM = 1.8  # times as fast
SCENES = 8


def main() -> None:
    seconds = 40.0 if "--full" in sys.argv else 15.0
    with tempfile.TemporaryDirectory() as folder, live.server() as prefect:
        live.register(prefect.url, only=["shoot-scenes/gpu"])
        one = _walls(Film(Path(folder) / "one", prefect.url, seconds), "first")
        two = _walls(Film(Path(folder) / "two", prefect.url, seconds), "second", "third")
    overhead = one.whole - SCENES * seconds
    print(f"{SCENES} scenes of {seconds:g} s each, polls twice a second")
    print(f"one worker / two workers    {one.whole / two.whole:6.2f}   (aim {AIM}; {one.whole:.1f} s / {two.whole:.1f} s)")
    print(f"  once their runs began     {one.shooting / two.shooting:6.2f}   ({one.shooting:.1f} s / {two.shooting:.1f} s)")
    print(f"a run on top of its work    {overhead:6.1f} s (reckoned with {RUN_OVERHEAD:g} s: {RUN_OVERHEAD / LEAST_WORK:.0%} of the least batch)")


class Walls(NamedTuple):
    """Seconds from the first order to the last clip, and from the first scene's beginning to the last one's end."""

    whole: float
    shooting: float


def _walls(film: Film, *machines: str) -> Walls:
    with film.machines(*machines):
        live.until(lambda: living(film.api) == set(machines))  # a worker that ended is taken for living for half a minute
        began = time.monotonic()
        made = film.shoot([an_order(scene) for scene in range(SCENES)])
        whole = time.monotonic() - began
    assert (len(made.footage), made.notes) == (SCENES, []), (made.failed, made.notes)
    spans = [[float(line.split()[-1]) for line in (film.folder / name / "shot.txt").read_text().splitlines()] for name in machines]
    return Walls(whole, max(span[-1] - span[1] for span in spans))


if __name__ == "__main__":
    main()
