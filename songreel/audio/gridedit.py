"""A person's word on the beat grid: taps, a first downbeat, a tempo map, corrected beats, a metre. It is obeyed exactly.

Taps may be jittered and have gaps; the other edits are taken as they are. Beats that a person gives are not moved to attacks.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from schemas.analysis import GridEdit
from songreel.audio.beats import BeatGrid, find_bar, find_grid, to_ends, with_octaves
from songreel.audio.downbeats import BarReading
from songreel.audio.onsets import find_onsets
from songreel.audio.spectra import Spectra
from songreel.audio.tempo import Doubles
from songreel.errors import UserError

FEWEST_TAPS = 2
STEADY_MISS = 0.06  # s, median: taps nearer than this to one tempo mean one tempo
OUTLIER = 0.35  # of a beat: a tap farther than this from its beat is a slip
USUAL_METRE = 4

FindBar = Callable[[Doubles, int | None], BarReading]
"""Reads the bar for given beats and a metre, if one is known."""


def grid_of(spectra: Spectra, edit: GridEdit, duration: float) -> BeatGrid:
    """The beat grid that is found, or that a person asks for.

    Raises:
        UserError: the edit does not fit the song.
    """
    onsets = find_onsets(spectra)

    def bar(beats: Doubles, metre: int | None) -> BarReading:
        return find_bar(spectra, onsets, beats, metre)

    if edits_beats(edit):
        return user_grid(edit, duration, bar)
    found = find_grid(spectra, metre=edit.metre, onsets=onsets)
    return found if edit.offset is None else at_offset(found, edit.offset, edit.metre or found.metre, duration)


def edits_beats(edit: GridEdit) -> bool:
    """Whether the edit says where beats lie, so that none need be found."""
    return bool(edit.taps or edit.tempo_map or edit.beats)


def user_grid(edit: GridEdit, duration: float, find_bar: FindBar) -> BeatGrid:
    """The grid that taps, a tempo map or corrected beats ask for.

    Args:
        edit: with one of taps, tempo_map and beats.
        duration: of the song in seconds.
        find_bar: used where the edit names neither a metre nor a first downbeat.

    Raises:
        UserError: a single tap or beat, or beats past the song's end.
    """
    if edit.taps:
        beats = from_taps(np.array(edit.taps), duration)
    elif edit.tempo_map:
        beats = from_tempo_map(edit.tempo_map, duration, edit.offset)
    else:
        beats = _corrected(edit, duration)
    tempo = 60 / float(np.median(np.diff(beats))) if len(beats) > 1 else edit.tempo_map[0][1]
    bare = BeatGrid(beats, beats[:0], USUAL_METRE, tempo, with_octaves([(tempo, 1.0)]), "user", 1.0)
    if edit.offset is not None:
        return at_offset(bare, edit.offset, edit.metre or find_bar(beats, None).metre, None if edit.beats else duration)
    reading = find_bar(beats, edit.metre)
    return replace(bare, metre=reading.metre, downbeats=beats[reading.first :: reading.metre])


def at_offset(grid: BeatGrid, offset: float, metre: int, duration: float | None) -> BeatGrid:
    """The grid with its first downbeat at a given time; beats before it stay, as an upbeat.

    Args:
        duration: of the song in seconds; all beats are moved by less than half a beat, so that one lies exactly at the offset. None
            leaves the beats where they are and takes the one nearest to the offset.
    """
    beats = grid.beats
    nearest = int(np.abs(beats - offset).argmin())
    if duration is not None:
        moved = beats + (offset - beats[nearest])
        moved = moved[(moved >= 0) & (moved < duration)]
        beats = to_ends(moved, duration) if len(moved) > 1 else moved
        nearest = int(np.abs(beats - offset).argmin()) if len(beats) else 0
    return replace(grid, beats=beats, downbeats=beats[nearest::metre], metre=metre, kind="user", confidence=1.0)


def from_taps(taps: Doubles, duration: float) -> Doubles:
    """Beats over the whole song from taps with jitter, gaps and slips.

    One tempo and phase are fitted by least squares; taps that do not keep one tempo are followed instead.
    """
    if len(taps) < FEWEST_TAPS:
        raise UserError(f"{len(taps)} tap says no tempo: give at least {FEWEST_TAPS}")
    counts, period = _count(taps)
    kept = np.ones(len(taps), bool)
    for _ in range(3):
        slope, start = np.polyfit(counts[kept], taps[kept], 1) if len(np.unique(counts[kept])) > 1 else (period, taps[0])
        miss = np.abs(taps - start - slope * counts)
        kept = miss < max(OUTLIER * slope, STEADY_MISS) if np.median(miss) < STEADY_MISS else kept
    if np.median(miss) < STEADY_MISS:
        return to_ends(start + slope * np.arange(counts[-1] + 1), duration) if counts[-1] else taps
    whole = np.arange(counts[-1] + 1)
    firsts = np.unique(counts, return_index=True)[1]
    return to_ends(np.interp(whole, counts[firsts], taps[firsts]), duration)


def _count(taps: Doubles) -> tuple[Doubles, float]:
    """Beat number of each tap, gaps counted, and the period they were counted with; the period is followed as it goes."""
    gaps = np.diff(taps)
    period = float(np.median(gaps[gaps <= 1.5 * np.median(gaps)]))
    counts = [0]
    for gap in gaps:
        steps = max(0, round(gap / period))
        counts.append(counts[-1] + steps)
        if steps and abs(gap / steps / period - 1) < OUTLIER:
            period += 0.2 * (gap / steps - period)
    return np.array(counts, float), period


def from_tempo_map(tempo_map: tuple[tuple[float, float], ...], duration: float, offset: float | None = None) -> Doubles:
    """Beats of a tempo map: each tempo holds from its time until the next, the first also before it.

    A beat lies at the offset, or at the first time where there is none; beats are counted on across the changes.
    """
    entries = sorted(tempo_map)
    times = np.array([0.0, *(at for at, _ in entries[1:]), duration])
    if np.any(np.diff(times) < 0):
        raise UserError(f"the tempo map goes on to {entries[-1][0]:.3f} s, the song ends at {duration:.3f} s")
    places = np.concatenate([[0.0], np.cumsum(np.diff(times) * np.array([bpm for _, bpm in entries]) / 60)])
    anchor = float(np.interp(entries[0][0] if offset is None else offset, times, places))
    wanted = np.arange(np.ceil(-anchor - 1e-9), np.floor(places[-1] - anchor + 1e-9) + 1) + anchor
    keep = np.concatenate([[True], np.diff(places) > 0])
    beats = np.interp(np.clip(wanted, 0, places[-1]), places[keep], times[keep])
    return np.asarray(beats[beats < duration])


def _corrected(edit: GridEdit, duration: float) -> Doubles:
    beats = np.array(edit.beats)
    if len(beats) < FEWEST_TAPS:
        raise UserError(f"a corrected grid of {len(beats)} beat says no tempo: give at least {FEWEST_TAPS}")
    if beats[-1] > duration:
        raise UserError(f"the corrected grid has a beat at {beats[-1]:.3f} s, the song ends at {duration:.3f} s")
    return beats
