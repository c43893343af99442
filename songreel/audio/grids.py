"""Beat grids that a song may have: steady ones fitted by least squares, and tracked ones by dynamic programming.

Positions are in frames of the onset curves, fractional. A tempo gives several grids, one for each phase at which attacks gather.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft

from songreel.audio.onsets import Onsets
from songreel.audio.spectra import Floats
from songreel.audio.tempo import Doubles, Tempogram, follow, tempi_to_try

SPAN = 0.03  # share of the period searched about a base tempo
PADDING = 8  # times the curve's length; the spectrum's peaks are then found to a fraction of their width
FOLDS = 48  # parts of a beat in which attacks are gathered
PHASES = 4  # steady grids tried a tempo
PHASE_LEAST = 0.25  # share of the best phase's attacks that a phase must gather
PHASES_APART = 0.06  # of a beat
NEAR = (0.045, 0.03)  # s about a line of the grid in which its attack is looked for, first and second fit
SLACK = 0.008  # s by which an attack may miss the grid before it counts half
FEWEST = 8  # beats to which a grid may be fitted
PULLED = 0.004  # share of the period by which a fit may move it
TIGHT = 100.0  # cost of a beat's squared log deviation from the local period, in attacks of usual strength
REACH, REACHES = (0.7, 1.4), 28  # shares of the period between which the previous beat is looked for, and how many are tried
HALVING = 2  # the tracker runs at half the frame rate
LEAN = 0.35  # share by which a tracked beat moves to the line through its neighbours
SAME_NEAR, SAME_SHARE = 0.1, 0.95  # share of a beat within which, and share of beats for which, two grids are one
NEIGHBOURS = 4  # beats on either side through which that line is laid


@dataclass(frozen=True, eq=False)
class Candidate:
    """One grid a song may have."""

    positions: Doubles
    """Beats in frames, increasing, inside the song."""
    steady: bool
    base: float
    """Tempo it was grown from, in beats a minute."""

    @property
    def period(self) -> float:
        """Median frames a beat."""
        return float(np.median(np.diff(self.positions)))


def candidates(onsets: Onsets, tempogram: Tempogram) -> tuple[Candidate, ...]:
    """All grids worth judging."""
    bases = tempi_to_try(tempogram)
    steady = [grid for base, period in zip(bases, _periods(onsets, bases), strict=True) for grid in _steady_grids(onsets, base, period)]
    return tuple(grid for grid in (*steady, *_distinct(_tracked_grids(onsets, tempogram, bases))) if len(grid.positions) >= FEWEST)


def agree(one: Doubles, other: Doubles, near: float, share: float) -> bool:
    """Whether at least this share of one grid's beats lie within some frames of the other's, and they have about as many."""
    if min(len(one), len(other)) < 2 or not share < len(one) / len(other) < 1 / share:
        return False
    after = np.clip(np.searchsorted(other, one), 1, len(other) - 1)
    miss = np.minimum(np.abs(other[after] - one), np.abs(other[after - 1] - one))
    return bool(np.mean(miss < near) > share)


def _distinct(grids: list[Candidate]) -> list[Candidate]:
    """The grids without those that are nearly an earlier one: tracks grown from neighbouring tempi often meet."""
    kept: list[Candidate] = []
    for grid in grids:
        if not any(agree(grid.positions, other.positions, SAME_NEAR * other.period, SAME_SHARE) for other in kept):
            kept.append(grid)
    return kept


def _periods(onsets: Onsets, bases: tuple[float, ...]) -> list[float]:
    """The period in frames near each base tempo at which the whole song's attacks agree best."""
    size = scipy.fft.next_fast_len(PADDING * len(onsets.all))
    spectrum = np.abs(scipy.fft.rfft(onsets.all - onsets.all.mean(), size))
    out = []
    for base in bases:
        middle = 60 * onsets.rate / base
        at = np.arange(int(size / (middle * (1 + SPAN))), int(size / (middle * (1 - SPAN))) + 2)
        at = at[(at > 0) & (2 * at < len(spectrum))]
        out.append(size / float(at[np.argmax(spectrum[at] + 0.5 * spectrum[2 * at])]))
    return out


def _steady_grids(onsets: Onsets, base: float, period: float) -> list[Candidate]:
    """Grids of one fitted period at the phases where attacks gather."""
    curve = onsets.all
    fitted: float | None = None
    grids = []
    for phase in _phases(curve, period):
        found, start = _fit(curve, onsets.rate, fitted or period, phase)
        fitted = fitted or found
        if abs(found / fitted - 1) > PULLED:
            found, start = fitted, phase * fitted
        grids.append(Candidate(np.arange(start % found, len(curve) - 1, found), True, base))
    return grids


def _phases(curve: Floats, period: float) -> list[float]:
    """Phases in beats at which the folded curve peaks, strongest first; the first one's off-beat is always there."""
    part = ((np.arange(len(curve)) / period) % 1 * FOLDS).astype(int)
    fold = np.bincount(part, curve, FOLDS) / np.maximum(np.bincount(part, minlength=FOLDS), 1)
    fold = 0.25 * np.roll(fold, 1) + 0.5 * fold + 0.25 * np.roll(fold, -1)
    peaks = [i for i in range(FOLDS) if fold[i] >= max(fold[i - 1], fold[(i + 1) % FOLDS]) and fold[i] > PHASE_LEAST * fold.max()]
    phases = [(i + 0.5) / FOLDS for i in sorted(peaks, key=lambda i: -fold[i])[:PHASES]]
    off_beat = (phases[0] + 0.5) % 1
    if all(abs((phase - off_beat + 0.5) % 1 - 0.5) > PHASES_APART for phase in phases):
        phases.append(off_beat)
    return phases


def _fit(curve: Floats, rate: float, period: float, phase: float) -> tuple[float, float]:
    """Period and start of the line through the attacks near a grid, outliers weighted down (Cauchy)."""
    start = phase * period
    for near in NEAR:
        half = max(1, round(near * rate))
        grid = np.arange(start, len(curve) - half - 2, period)
        grid = grid[grid > half + 1]
        count, at = np.round((grid - start) / period), np.round(grid).astype(int)
        around = curve[at[:, None] + np.arange(-half, half + 1)]
        peak, height = around.argmax(1), around.max(1)
        kept = (height > np.percentile(height, 40) if len(height) else height > 0) & (peak > 0) & (peak < 2 * half)
        if kept.sum() < FEWEST:
            break
        places = to_peaks(at - half + peak, curve)[kept]
        period, start = _line(count[kept], places, height[kept], SLACK * rate)
    return period, start


def _line(x: Doubles, y: Doubles, weights: Floats, slack: float) -> tuple[float, float]:
    """Slope and intercept, least squares reweighted four times."""
    now = weights.astype(np.float64)
    slope = intercept = 0.0
    for _ in range(4):
        mean_x, mean_y = np.average(x, weights=now), np.average(y, weights=now)
        spread = float(np.sum(now * (x - mean_x) ** 2))
        slope = float(np.sum(now * (x - mean_x) * (y - mean_y)) / max(spread, 1e-9))
        intercept = float(mean_y - slope * mean_x)
        now = weights / (1 + ((y - intercept - slope * x) / slack) ** 2)
    return slope, intercept


def to_peaks(at: np.typing.NDArray[np.int_], curve: Floats) -> Doubles:
    """Peaks of the parabolas through each frame and its neighbours."""
    inner = np.clip(at, 1, len(curve) - 2)
    left, middle, right = curve[inner - 1], curve[inner], curve[inner + 1]
    bend = left - 2 * middle + right
    return np.asarray(inner + np.clip(np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0), -0.5, 0.5), np.float64)


def _tracked_grids(onsets: Onsets, tempogram: Tempogram, bases: tuple[float, ...]) -> list[Candidate]:
    """For every base, the grid that follows the attacks and the one half a beat off."""
    tempi = follow(tempogram, bases)
    frames = len(onsets.all) // HALVING
    looks = np.linspace(0, tempi.shape[1] - 1, tempi.shape[1]) * onsets.rate / HALVING
    periods = np.stack([60 * onsets.rate / HALVING / np.interp(np.arange(frames), looks, row) for row in tempi])
    halved = onsets.all[: frames * HALVING].reshape(frames, HALVING).max(1)
    grids = []
    for base, track in zip(bases, _track(halved, periods), strict=True):
        if len(track) >= FEWEST:
            on = _settle(track * float(HALVING), onsets.all)
            off = _settle((on[1:] + on[:-1]) / 2, onsets.all)
            grids += [Candidate(on, False, base), Candidate(off, False, base)]
    return grids


def _settle(positions: Doubles, curve: Floats) -> Doubles:
    """Each position at the attack next to it, leaning towards the line through its neighbours."""
    at = np.clip(np.round(positions).astype(int), 3, len(curve) - 4)
    around = curve[at[:, None] + np.arange(-3, 4)]
    places = to_peaks(at - 3 + around.argmax(1), curve)
    return places + LEAN * (_smooth(places) - places)


def _smooth(places: Doubles) -> Doubles:
    """The line through each place's neighbours, read at the place; at the ends the nearest whole line."""
    width = min(2 * NEIGHBOURS + 1, len(places) - 1 + len(places) % 2)
    steps = np.arange(width) - width // 2
    rows = np.lib.stride_tricks.sliding_window_view(places, width)
    slopes = rows @ steps / float(max((steps**2).sum(), 1))
    line = np.clip(np.arange(len(places)) - width // 2, 0, len(rows) - 1)
    return np.asarray(rows.mean(1)[line] + slopes[line] * (np.arange(len(places)) - width // 2 - line))


def _track(curve: Floats, periods: Doubles) -> list[Doubles]:
    """Beats that keep near the local period and lie on attacks, one track for each row of periods (dynamic programming).

    Args:
        curve: attacks, shape (frames,).
        periods: frames a beat at each frame, shape (tracks, frames).

    Source: Ellis, Beat tracking by dynamic programming, 2007.
    """
    tracks, frames = periods.shape
    shares = np.geomspace(*REACH, REACHES)
    costs = -TIGHT * np.log(shares) ** 2
    room = int(REACH[1] * periods.max()) + 2
    best = np.zeros((frames + room, tracks))
    came = np.zeros((frames, tracks), np.int32)
    gains = curve / max(float(curve.std()), 1e-9)
    lags = np.round(periods.T[:, :, None] * shares).astype(np.int32)
    row = np.arange(tracks)
    flat = best.reshape(-1)
    for frame in range(frames):
        before = frame + room - lags[frame]
        options = flat[before * tracks + row[:, None]] + costs
        choice = options.argmax(1)
        best[frame + room] = gains[frame] + np.maximum(options[row, choice], 0)
        came[frame] = np.where(options[row, choice] > 0, before[row, choice] - room, -1)
    return [_walk_back(best[room:, track], came[:, track], float(periods[track, -1])) for track in range(tracks)]


def _walk_back(best: Doubles, came: np.typing.NDArray[np.int32], period: float) -> Doubles:
    """Beats from the best end, which lies in the last beat's length."""
    tail = max(0, len(best) - int(1.2 * period))
    at = tail + int(best[tail:].argmax())
    out = []
    while at >= 0:
        out.append(float(at))
        at = int(came[at])
    return np.array(out[::-1])
