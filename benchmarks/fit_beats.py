"""Fits the weights with which `songreel.audio.beats` chooses a grid, on made songs whose beats are known.

``python -m benchmarks.fit_beats`` writes ``songreel/audio/beat_weights.json``. A softmax over each song's candidate grids is fitted
to their F-measures (70 ms), and one over its metres and places of the bar to the true one, both with a ridge; the songs of the truth
set have other seeds. It prints the F-measure on the songs it was fitted to, and with each kind of song left out of the fit in turn,
which is what to expect of kinds it never heard.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
import scipy.optimize
import scipy.signal
import scipy.special
from numpy.typing import NDArray

from songreel.audio.beat_features import Reader
from songreel.audio.downbeats import BarReading, bar_features
from songreel.audio.grids import candidates
from songreel.audio.onsets import find_onsets
from songreel.audio.spectra import RATE, listen
from songreel.audio.tempo import find_tempogram
from tests.song_kinds import KINDS, random_spec
from tests.songs import Floats, MadeSong, make_song

WEIGHTS = Path(__file__).parent.parent / "songreel" / "audio" / "beat_weights.json"
FIRST_SEED = 100  # the truth set begins at 9000
LENGTHS = (20.0, 45.0)  # s
MIX_DB = 7.0  # dB by which each stem's level is thrown
RIDGE = 10.0
SOFTNESS = 0.08  # F-measure that costs a factor e of the target probability

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One song: what its candidate grids look like and how right they are."""

    kind: str
    features: Doubles
    """Shape (grids, features)."""
    right: Doubles
    """F-measure of each grid."""
    bars: Doubles
    """Shape (readings of the bar, features), with the true beats."""
    true_bar: int
    """Row of the true reading."""


@dataclass(frozen=True)
class Model:
    """A linear score of standardised features."""

    weights: Doubles
    mean: Doubles
    spread: Doubles

    def choose(self, rows: Doubles) -> int:
        """The row with the highest score."""
        return int(np.argmax((rows - self.mean) / self.spread @ self.weights))

    def table(self, names: Sequence[str]) -> dict[str, dict[str, float]]:
        """The model as it is shipped."""
        values = zip(names, self.weights, self.mean, self.spread, strict=True)
        return {name: {"weight": round(w, 4), "mean": round(m, 5), "spread": round(s, 5)} for name, w, m, s in values}


def remixed(song: MadeSong, rng: np.random.Generator) -> Floats:
    """The stems at other levels."""
    levels = {name: 10 ** (rng.uniform(-MIX_DB, MIX_DB) / 20) for name in song.stems}
    return np.asarray(sum(levels[name] * stem for name, stem in song.stems.items()), np.float32)


def worn(samples: Floats, rng: np.random.Generator) -> Floats:
    """The samples as a record may hold them: tilted, squashed, in a room."""
    tilt = float(rng.uniform(-0.6, 0.6))
    out = scipy.signal.lfilter([1, -tilt], [1.0], samples) if rng.random() < 0.6 else samples
    if rng.random() < 0.5:
        out = np.tanh(out / (np.abs(out).max() + 1e-9) * rng.uniform(1, 5))
    if rng.random() < 0.5:
        room = rng.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / RATE * rng.uniform(8, 25)) * 0.05
        out = out + scipy.signal.fftconvolve(out, room)[: len(out)]
    return np.asarray(out / (np.abs(out).max() + 1e-9) * 0.9, np.float32)


def f_measure(truth: Doubles, found: Doubles) -> float:
    """F-measure at 70 ms, the first five seconds left out as mir_eval does."""
    return float(mir_eval.beat.f_measure(mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(found)))


def example(job: tuple[str, int]) -> Example:
    """One made song, heard and judged."""
    kind, seed = job
    rng = np.random.default_rng(seed)
    song = make_song(random_spec(kind, seed), float(rng.uniform(*LENGTHS)))
    spectra = listen(worn(remixed(song, rng), rng))
    onsets = find_onsets(spectra)
    tempogram = find_tempogram(onsets.all, onsets.rate)
    reader = Reader(onsets, tempogram)
    grids = candidates(onsets, tempogram)
    features = np.array([list(reader.features(grid).values()) for grid in grids])
    right = np.array([f_measure(song.beats, grid.positions / onsets.rate) for grid in grids])
    skipped = int(rng.integers(0, song.metre))  # the first beat of a grid need not be a downbeat
    bars = bar_features(spectra, onsets, song.beats[skipped:])
    true = BarReading(song.metre, -skipped % song.metre)
    return Example(kind, features, right, np.array([list(row.values()) for row in bars.values()]), list(bars).index(true))


def feature_names() -> tuple[list[str], list[str]]:
    """Names of the grids' and of the bars' features in their order."""
    song = make_song(random_spec("pop", 1), 20.0)
    spectra = listen(song.samples)
    onsets = find_onsets(spectra)
    tempogram = find_tempogram(onsets.all, onsets.rate)
    bars = bar_features(spectra, onsets, song.beats)
    return list(Reader(onsets, tempogram).features(candidates(onsets, tempogram)[0])), list(next(iter(bars.values())))


def fit(rows: Sequence[Doubles], targets: Sequence[Doubles], ridge: float = RIDGE) -> Model:
    """Weights, means and spreads of features, so that a softmax over each song's rows comes near its target.

    Args:
        rows: for each song, shape (choices, features).
        targets: for each song, probabilities of the choices.
    """
    stacked = np.concatenate(rows)
    mean, spread = stacked.mean(0), stacked.std(0) + 1e-6
    scaled = [(row - mean) / spread for row in rows]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, slope = 0.5 * ridge * float(weights @ weights), ridge * weights
        for row, target in zip(scaled, targets, strict=True):
            chance = scipy.special.softmax(row @ weights)
            total -= float(target @ np.log(chance + 1e-12))
            slope = slope - row.T @ (target - chance)
        return total, slope

    found = scipy.optimize.minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return Model(found.x, mean, spread)


def fit_grids(examples: Sequence[Example]) -> Model:
    return fit([e.features for e in examples], [scipy.special.softmax((e.right - e.right.max()) / SOFTNESS) for e in examples])


def fit_bars(examples: Sequence[Example]) -> Model:
    return fit([e.bars for e in examples], [np.eye(len(e.bars))[e.true_bar] for e in examples])


def chosen(examples: Sequence[Example], model: Model) -> float:
    """Mean F-measure of the grids that the weights choose."""
    return float(np.mean([e.right[model.choose(e.features)] for e in examples]))


def bars_right(examples: Sequence[Example], model: Model) -> float:
    """Share of songs whose bar is read rightly, given the beats."""
    return float(np.mean([model.choose(e.bars) == e.true_bar for e in examples]))


def main() -> None:
    """Fit, report and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=14, help="songs of each kind")
    jobs = [(kind, FIRST_SEED + take) for take in range(parser.parse_args().takes) for kind in KINDS]
    with ProcessPoolExecutor(2) as pool:
        examples = list(pool.map(example, jobs, chunksize=8))
    grids, bars = fit_grids(examples), fit_bars(examples)
    best = np.mean([e.right.max() for e in examples])
    print(f"{len(examples)} songs: best candidate {best:.3f}, chosen {chosen(examples, grids):.3f}, bars right {bars_right(examples, bars):.3f}")
    for kind in KINDS:
        others, own = [e for e in examples if e.kind != kind], [e for e in examples if e.kind == kind]
        print(f"  {kind:<14} left out of the fit: F {chosen(own, fit_grids(others)):.3f}, bars {bars_right(own, fit_bars(others)):.3f}")
    grid_names, bar_names = feature_names()
    WEIGHTS.write_text(json.dumps({"grid": grids.table(grid_names), "bar": bars.table(bar_names)}, indent=1) + "\n")


if __name__ == "__main__":
    main()
