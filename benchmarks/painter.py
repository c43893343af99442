"""What a painted frame costs, pass by pass, beside x264 on the same frames: ``python -m benchmarks.painter [world ...]``.

Passes are those of a frame that is drawn anew; "frame" is the middle of a sequence, in which some styles hold each drawing for two.

Figures are milliseconds of processor time per frame (all cores together), the middle of several, so that a busy machine changes them little.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np

from schemas import CURVES, Encoding, Look
from songreel.media.video import ClipWriter
from songreel.painter.arrays import Floats
from songreel.painter.catalogue import Style, styles
from songreel.painter.engine import Painter
from songreel.painter.moments import Moments, Span
from songreel.painter.planes import Planes

WIDTH, HEIGHT, FPS = 1920, 1080, Fraction(30)
ROUNDS = 7  # of each pass
FRAMES = 24  # drawn and encoded whole
COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")
COLUMNS = ("far", "world", "bloom", "before", "style", "enlarge", "grain", "frame", "x264", "ratio")


def music(frames: int) -> dict[str, Floats]:
    """Curves of a steady beat."""
    beats = np.arange(frames) / float(FPS) * 2.0
    return {name: (0.5 + 0.4 * np.sin(beats * (1 + index % 3))).astype(np.float32) for index, name in enumerate(CURVES)}


def cost(painter: Painter, look: Look, style: Style, curves: dict[str, Floats]) -> dict[str, float]:
    """Each pass of one look, its whole frame, and x264 on the frames."""
    moments = Moments(look, 1, curves, FPS, Span(0, 300), style.drawings)
    painter.still(look, 1, curves, 0)
    canvas, context = painter.canvas, painter.context
    assert canvas is not None
    number, planes = iter(range(1, 10**6)), Planes.empty(WIDTH, HEIGHT)

    def drawn(*steps: tuple[object, object]) -> float:
        def draw() -> None:
            values = {**moments.at(next(number)), **painter.shape, "inner": canvas.scene.size}
            for program, target in steps:
                program.draw(target.buffer, values)  # type: ignore[attr-defined]
            context.finish()

        return _middle(draw)

    with context:
        far, world = painter.programs.world(look)
        found = {
            "far": drawn((far, canvas.far)),
            "world": drawn((world, canvas.scene)),
            "bloom": drawn(*zip(canvas.bloom_steps, canvas.bloom, strict=True)),
            "before": drawn(*zip(canvas.steps, canvas.pre, strict=True)),
            "style": drawn((canvas.last, canvas.finish.target)),
            "enlarge": _middle(canvas.finish.take),
            "grain": _middle(lambda: canvas.finish.put(planes, (0.3, 0.6))),
        }
    found["frame"], found["x264"] = _whole(painter, look, curves)
    return {**found, "ratio": found["frame"] / found["x264"]}


def _middle(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1e3)
    return median(taken)


def _whole(painter: Painter, look: Look, curves: dict[str, Floats]) -> tuple[float, float]:
    """Drawing alone and encoding alone, per frame."""
    began = time.process_time()
    frames = [tuple(plane.copy() for plane in planes) for planes in painter.frames(look, 1, curves, 30, FRAMES)]
    drawing = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        with ClipWriter(Path(folder) / "clip.mp4", width=WIDTH, height=HEIGHT, fps=FPS, encoding=Encoding()) as writer:
            for y, u, v in frames:
                writer.write_yuv(y, u, v)
        encoding = time.process_time() - began
    return drawing * 1e3 / FRAMES, encoding * 1e3 / FRAMES


def main() -> None:
    """Print the table for the worlds named (or the city) and every style."""
    curves = music(600)
    sys.stdout.write(f"{'':28}" + "".join(f"{name:>8}" for name in COLUMNS) + "\n")
    with Painter(WIDTH, HEIGHT, FPS) as painter:
        for world in sys.argv[1:] or ["city"]:
            for style in styles():
                found = cost(painter, Look(world=world, style=style.id, colours=COLOURS), style, curves)
                sys.stdout.write(f"{world + ' x ' + style.id:28}" + "".join(f"{found[name]:8.1f}" for name in COLUMNS) + "\n")
                sys.stdout.flush()
        sys.stdout.write(f"ms of processor time a frame, {WIDTH} x {HEIGHT}, drawn by {painter.renderer}\n")


if __name__ == "__main__":
    main()
