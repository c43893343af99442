"""What the painter's whole way to a film costs beside x264 alone: every world in every style at 1080p, and its 540p preview.

``python -m benchmarks.speed [--quick] [world ...] [style ...]``. A pair is drawn and encoded side by side as `shoot` does it; then x264
`veryfast` alone encodes the same frames. Both are processor time of all threads, taken in turn in one process: scenes run in parallel on
every core, so a run's wall time is this divided by the cores, and a busy machine moves the ratio little. A preview's figure is its
processor time on two cores over the film's own time. ``--quick`` takes each world three times and each style twice or three times.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

from schemas import Encoding, Look
from schemas.request import Quality
from songreel.composition.gallery import PALETTES, START, even_beat
from songreel.media.video import ClipWriter
from songreel.painter.catalogue import World, styles, worlds
from songreel.painter.engine import Painter
from songreel.painter.planes import Planes
from songreel.planning.picture import ENCODINGS
from songreel.video.painter import encoding_beside

FPS = Fraction(30)
FRAMES = 10  # of a pair: whole cycles of every style's drawings
CORES = 2
ALONE = Encoding(preset="veryfast", crf=20)
SIZES: dict[Quality, tuple[int, int]] = {"professional": (1920, 1080), "preview": (960, 540)}
EVERY = 8  # --quick: one of so many pairs
AIM_MEDIAN, AIM_WORST, AIM_PREVIEW = 1.5, 2.5, 1.0
SHORT = 6  # letters of a column's head


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    rows = [world for world in worlds() if not world.shows_image and (world.id in names or not any(w.id in names for w in worlds()))]
    columns = [style.id for style in styles() if style.id in names or not any(s.id in names for s in styles())]
    print(f"{'':11}" + "".join(f"{name[:SHORT]:>{SHORT + 1}}" for name in columns) + " preview")
    whole: dict[tuple[str, str], float] = {}
    previews: list[float] = []
    with Painter(*SIZES["professional"], FPS) as large, Painter(*SIZES["preview"], FPS, "preview") as small:
        for number, world in enumerate(rows):
            line, seen = f"{world.id:11}", []
            for place, style in enumerate(columns):
                if "--quick" in sys.argv and (number * 5 + place) % EVERY:
                    line += " " * (SHORT + 1)
                    continue
                look = look_of(world, style, number + place)
                whole[world.id, style] = whole_over_alone(large, look)
                seen.append(preview_over_song(small, look))
                line += f"{whole[world.id, style]:{SHORT + 1}.2f}"
            print(line + f"{max(seen, default=0.0):8.2f}", flush=True)
            previews += seen
        print(f"drawn by {large.renderer}")
    summed_up(whole, previews)


def summed_up(whole: dict[tuple[str, str], float], previews: list[float]) -> None:
    """Print what the table comes to, beside the aims."""
    worst = max(whole, key=whole.__getitem__)
    print(f"{len(whole)} pairs, whole pipeline / x264 veryfast alone: median {median(whole.values()):.2f} (aim {AIM_MEDIAN}), ", end="")
    print(f"worst {whole[worst]:.2f} ({worst[0]} x {worst[1]}; aim {AIM_WORST})")
    for position, name in enumerate(("world", "style")):
        middle = {key[position]: median(value for other, value in whole.items() if other[position] == key[position]) for key in whole}
        print(f"by {name}: " + ", ".join(f"{key} {value:.2f}" for key, value in sorted(middle.items(), key=lambda item: item[1])))
    print(f"preview / the song's own time on {CORES} cores: median {median(previews):.2f}, worst {max(previews):.2f} (aim {AIM_PREVIEW})")


def look_of(world: World, style: str, number: int) -> Look:
    """A pair's look: variants, hours and palettes in turn."""
    hours = ("night", "dawn", "day", "dusk")
    return Look(world=world.id, style=style, variant=number % 4, hour=hours[number // 4 % 4], colours=PALETTES[number % len(PALETTES)], energy=0.7)


def whole_over_alone(painter: Painter, look: Look) -> float:
    """Drawing with encoding, over x264 alone on the same frames."""
    kept: list[Planes] = []
    with tempfile.TemporaryDirectory() as folder:
        drawn = _filmed(painter, look, ENCODINGS["professional"], Path(folder) / "whole.mp4", kept.append)
        began = time.process_time()
        with ClipWriter(Path(folder) / "alone.mp4", width=painter.width, height=painter.height, fps=FPS, encoding=ALONE) as writer:
            for planes in kept:
                writer.write_yuv(*planes)
        return drawn / (time.process_time() - began)


def preview_over_song(painter: Painter, look: Look) -> float:
    """Processor time of a preview on two cores, over the film's own time."""
    with tempfile.TemporaryDirectory() as folder:
        taken = _filmed(painter, look, ENCODINGS["preview"], Path(folder) / "preview.mp4", lambda planes: None)
    return taken / CORES / float(FRAMES / FPS)


def _filmed(painter: Painter, look: Look, encoding: Encoding, path: Path, keep: Callable[[Planes], object]) -> float:
    """Draw and encode a few frames; processor time in seconds, without that of keeping copies."""
    curves, copying = even_beat(START + FRAMES), 0.0
    painter.still(look, 1, curves, START)  # its programs are made
    began = time.process_time()
    with ClipWriter(path, width=painter.width, height=painter.height, fps=FPS, encoding=encoding) as writer, encoding_beside(writer) as frames:
        for planes in painter.frames(look, 1, curves, START, FRAMES):
            frames.put(planes)
            since = time.thread_time()
            keep(Planes(*(plane.copy() for plane in planes)))
            copying += time.thread_time() - since
    return time.process_time() - began - copying


if __name__ == "__main__":
    main()
