"""F-measure of the beats (mir_eval, 70 ms) on made songs of known truth: ours beside librosa's ``beat_track``.

``python -m benchmarks.beats`` prints one row for each kind of song. The songs' seeds are not those to which the weights were fitted.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

import mir_eval
import numpy as np
from numpy.typing import NDArray

from songreel.audio.beats import find_grid
from songreel.audio.spectra import RATE, listen
from tests.song_kinds import truth_set
from tests.songs import MadeSong, make_song

SECONDS = 45.0
SAME_TEMPO = 0.08  # share by which a tempo may miss and still be the same octave


@dataclass(frozen=True)
class Row:
    """One song."""

    kind: str
    ours: float
    librosa: float
    ours_octave: bool
    librosa_octave: bool
    downbeats: float
    metre: bool


def f_measure(truth: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """F-measure at 70 ms, the first five seconds left out as mir_eval does."""
    return float(mir_eval.beat.f_measure(mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(found)))


def judge(song: MadeSong, with_librosa: bool) -> Row:
    """Both grids of a song against its truth."""
    grid = find_grid(listen(song.samples))
    theirs = _librosa_beats(song) if with_librosa else song.beats[:0]
    return Row(
        song.spec.name.rsplit("-", 1)[0], f_measure(song.beats, grid.beats), f_measure(song.beats, theirs), _octave(song, grid.beats),
        _octave(song, theirs), f_measure(song.downbeats, grid.downbeats), grid.metre == song.metre,
    )  # fmt: skip


def _librosa_beats(song: MadeSong) -> NDArray[np.float64]:
    import librosa

    return np.asarray(librosa.beat.beat_track(y=song.samples, sr=RATE, units="time")[1])


def _octave(song: MadeSong, beats: NDArray[np.float64]) -> bool:
    return len(beats) > 1 and bool(abs(np.median(np.diff(beats)) / np.median(np.diff(song.beats)) - 1) < SAME_TEMPO)


def summary(rows: Iterable[Row], name: str) -> str:
    """One line of the table."""
    part = list(rows)
    columns = [np.mean([getattr(row, field) for row in part]) for field in Row.__dataclass_fields__ if field != "kind"]
    return f"{name:<14} {len(part):>5} " + " ".join(f"{value:>14.3f}" for value in columns)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-librosa", action="store_true", help="leave out the slow peer")
    parser.add_argument("--first-seed", type=int, default=9000)
    options = parser.parse_args()
    rows = [judge(make_song(spec, SECONDS), not options.no_librosa) for spec in truth_set(options.first_seed)]
    print(f"{'kind':<14} songs " + " ".join(f"{name:>14}" for name in Row.__dataclass_fields__ if name != "kind"))
    for kind in dict.fromkeys(row.kind for row in rows):
        print(summary([row for row in rows if row.kind == kind], kind))
    print(summary(rows, "all"))


if __name__ == "__main__":
    main()
