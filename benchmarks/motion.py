"""Whether films move with their music: ``python -m benchmarks.motion [SONG ...] [--style NAME] [--world NAME]``.

Of each song 40 seconds are planned and drawn small, every song in another style, and the motion is measured as `songreel inspect` does it,
beside the same film with its sound shuffled. Without songs, made ones of several kinds are taken.
"""

import argparse
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

from schemas import FilmRequest, Lyrics, Plan
from songreel.audio.analyse import analyse
from songreel.audio.ingest import take
from songreel.inspection.alignment import Alignment, align
from songreel.inspection.flashes import FlashMeter, linear_rgb
from songreel.inspection.watching import MOTION_BLOCK, block_means, halved
from songreel.painter.arrays import Floats
from songreel.painter.catalogue import styles
from songreel.painter.engine import Painter
from songreel.planning.planner import plan
from songreel.storage import Store
from tests.songs import SongSpec, make_song

SIZE, FPS = (320, 180), Fraction(30)
SECONDS, LEAD = 40.0, 15.0  # of each song, and after how many of a long one
STRIDE = 7  # through the styles, so that neighbouring songs look different
FORM = (("intro", 4), ("verse", 8), ("chorus", 8))
MADE = {
    "rock": SongSpec(tempo=128, drums="rock", bass="eighths", chords="eighths", form=FORM),
    "ballad": SongSpec(tempo=72, drums="soft", chords="arpeggio", form=FORM),
    "dance": SongSpec(tempo=124, drums="floor", form=FORM),
    "waltz": SongSpec(tempo=96, metre=3, drums="waltz", chords="arpeggio", form=FORM),
    "slow": SongSpec(tempo=80, drums="half", chords="pad", form=FORM),
    "piano": SongSpec(tempo=84, drums="none", bass="roots", chords="arpeggio", form=FORM),
}


def main() -> None:
    """Print one row a song."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", nargs="*", type=Path)
    parser.add_argument("--style")
    parser.add_argument("--world", default="auto")
    options = parser.parse_args()
    names = [style.id for style in styles()]
    print(
        f"{'song':22}{'bpm':>5}{'on beats':>10}{'off':>7}{'shuffled':>10}{'97.5 %':>8}{'loud/quiet':>12}{'97.5 %':>8}{'flashes':>9}  style and worlds"
    )
    above, count = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for count, song in enumerate(options.songs or _made(Path(folder)), 1):
            style = options.style or names[count * STRIDE % len(names)]
            above += _row(song, style, options.world, Store(str(Path(folder) / "store")))
    print(f"{above} of {count} above what one shuffle in forty reaches")


def _made(folder: Path) -> Iterator[Path]:
    for name, spec in MADE.items():
        made = make_song(spec, SECONDS)
        soundfile.write(folder / f"{name}.flac", made.samples, made.rate)
        yield folder / f"{name}.flac"


def _row(path: Path, style: str, world: str, store: Store) -> bool:
    """Measure one song and print it; whether it lies above chance."""
    start = LEAD if soundfile.info(path).duration > LEAD + SECONDS else 0.0
    song = take(path, store, start=start, duration=SECONDS)
    analysis = analyse(song, store, fps=FPS)
    planned = plan(song, analysis, Lyrics(), FilmRequest(style=style, world=world, quality="preview", titles=False))
    with np.load(store.get(analysis.curves)) as arrays:
        curves = {name: arrays[name] for name in arrays.files}
    found, flashes = measured(planned, curves, analysis.beats)
    worlds = ", ".join(dict.fromkeys(scene.look.world for scene in planned.scenes))
    print(
        f"{path.stem[:20]:22}{analysis.tempo:5.0f}{found.ratio:10.2f}{found.off_beat:7.2f}{found.chance:10.2f}{found.chance_high:8.2f}"
        f"{found.loud:12.2f}{found.loud_chance_high:8.2f}{flashes:9d}  {style}: {worlds}",
        flush=True,
    )
    return found.ratio > found.chance_high


def measured(planned: Plan, curves: dict[str, Floats], beats: tuple[float, ...]) -> tuple[Alignment, int]:
    """Motion against the music, and the most flashes in a second, of a plan's scenes joined by cuts."""
    change, flashes, before = [], 0, None
    meter = FlashMeter((SIZE[1] // 4, SIZE[0] // 4), FPS)
    with Painter(*SIZE, FPS, "preview") as painter:
        for scene in planned.scenes:
            for planes in painter.frames(scene.look, scene.seed, curves, scene.start_frame, scene.end_frame - scene.start_frame):
                luma = halved(planes.y)
                flashes = max(flashes, *meter.follow(linear_rgb(halved(luma), halved(planes.u), halved(planes.v))))
                blocks = block_means(luma, MOTION_BLOCK)
                change.append(float(np.abs(blocks - before).mean()) if before is not None else 0.0)
                before = blocks
    clips = [(scene.start_frame, scene.end_frame) for scene in planned.scenes]
    return align(np.array(change), float(FPS), clips, beats, curves["loudness"]), flashes


if __name__ == "__main__":
    main()
