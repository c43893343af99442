"""What speaks for and against a grid: how attacks, drums and harmony lie on it. Each feature is one number with a plain meaning.

Curves are read at the beats (``on``), half-way between (``half``), at the quarters and at the thirds of a beat, in units of the curve's
standard deviation. The weights that turn features into a choice are fitted, see `songreel.audio.beats`.
"""

import numpy as np

from songreel.audio.grids import Candidate
from songreel.audio.onsets import Onsets
from songreel.audio.spectra import Floats
from songreel.audio.tempo import COMMON, TEMPI, Doubles, Tempogram

NEAR_FRAMES = 2  # a curve counts at a position when it peaks within this many frames (23 ms)
BARS = (2, 3, 4)  # beats in a bar, for the contrasts
SLOW, FAST = 75.0, 155.0  # beats a minute beyond which a tempo is unusual
WINDOW_BEATS = 8
RHYTHM = ("all", "low", "mid", "high", "kick", "bright")
HARMONY = ("harmony", "bass")


class Reader:
    """Reads one song's curves at the positions of many grids."""

    def __init__(self, onsets: Onsets, tempogram: Tempogram) -> None:
        self.rate = onsets.rate
        self.curves = {name: _widened(getattr(onsets, name), NEAR_FRAMES if name in RHYTHM else 2 * NEAR_FRAMES) for name in RHYTHM + HARMONY}
        self.strength = tempogram.strengths.mean(0)

    def features(self, grid: Candidate) -> dict[str, float]:
        """All features of one grid, by name."""
        beats, lengths = grid.positions[:-1], np.diff(grid.positions)
        on = {name: self._at(name, beats) for name in self.curves}
        half = {name: self._at(name, beats + lengths / 2) for name in self.curves}
        out: dict[str, float] = {}
        for name in RHYTHM:
            quarters = (self._at(name, beats + lengths / 4).mean() + self._at(name, beats + lengths * 0.75).mean()) / 2
            thirds = (self._at(name, beats + lengths / 3).mean() + self._at(name, beats + lengths * 2 / 3).mean()) / 2
            out |= {f"{name}_on": on[name].mean(), f"{name}_half": half[name].mean(), f"{name}_quarters": quarters, f"{name}_thirds": thirds}
            out[f"{name}_alternates"] = _contrast(on[name], 2)
        for name in HARMONY:
            out |= {f"{name}_on": on[name].mean(), f"{name}_half": half[name].mean()}
            out |= {f"{name}_bar_{bar}": _contrast(on[name], bar) for bar in BARS}
        return out | _drum_features(on) | self._steadiness(grid, on["all"], half["all"]) | self._tempo_features(grid)

    def _at(self, name: str, positions: Doubles) -> Floats:
        curve = self.curves[name]
        return np.asarray(curve[np.clip(np.round(positions).astype(int), 0, len(curve) - 1)], np.float32)

    def _tempo_features(self, grid: Candidate) -> dict[str, float]:
        tempo = 60 * self.rate / grid.period
        octaves = float(np.log2(tempo / COMMON))
        return {
            "tempo": octaves,
            "tempo_from_common": octaves**2,
            "slow": max(0.0, float(np.log2(SLOW / tempo))),
            "fast": max(0.0, float(np.log2(tempo / FAST))),
            "strength": float(np.interp(tempo, TEMPI, self.strength)),
        }

    def _steadiness(self, grid: Candidate, on: Floats, half: Floats) -> dict[str, float]:
        """How regular the grid is, and the share of eight-beat windows whose beats outweigh their off-beats."""
        lengths = np.diff(grid.positions)
        whole = len(on) // WINDOW_BEATS * WINDOW_BEATS
        rows_on, rows_half = (row[:whole].reshape(-1, WINDOW_BEATS).mean(1) for row in (on, half))
        return {
            "tracked": float(not grid.steady),
            "uneven": 0.0 if grid.steady else float(np.std(np.diff(np.log(lengths)))),
            "outweighs": float(np.mean(rows_on > rows_half)) if whole else 0.5,
            "weakest_windows": float(np.percentile(rows_on, 20)) if whole else float(on.mean()),
        }


def _drum_features(on: dict[str, Floats]) -> dict[str, float]:
    """Kick and snare taking turns, and the snare on every second or every fourth beat."""
    whole = len(on["all"]) // 2 * 2
    turn = {name: on[name][:whole:2] - on[name][1:whole:2] for name in ("kick", "mid", "high", "bright")}
    snare = np.asarray((on["mid"] + on["high"]) / 2 - on["kick"], np.float32)
    return {
        "kick_against_bright": -float(np.mean(turn["kick"] * turn["bright"])) if whole else 0.0,
        "kick_against_mid": -float(np.mean(turn["kick"] * turn["mid"])) if whole else 0.0,
        "back_beat": -float(turn["kick"].mean() * turn["high"].mean()) if whole else 0.0,
        **{f"kick_bar_{bar}": _contrast(on["kick"], bar) for bar in BARS},
        **{f"snare_bar_{bar}": _contrast(snare, bar) for bar in BARS},
    }


def _contrast(values: Floats, bar: int) -> float:
    """By how much the strongest place in bars of this many beats stands above the mean."""
    if len(values) < 2 * bar:
        return 0.0
    return float(max(values[place::bar].mean() for place in range(bar)) - values.mean())


def _widened(curve: Floats, frames: int) -> Floats:
    """Largest value within some frames on either side, over the curve's standard deviation."""
    padded = np.pad(curve, frames, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * frames + 1).max(1) / (curve.std() + 1e-9), np.float32)
