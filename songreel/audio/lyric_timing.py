"""Puts lines of lyrics on a song's time: repairs given times, spreads lines and words that have none.

Lines come out in order of time, inside the song and without overlap; each has words. Lengths of text are counted in syllables,
roughly: groups of vowels, or half the letters of scripts that write none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas import Analysis, Line, Note, Word
from songreel.audio.lyric_formats import Sheet, TextLine, TimedWord
from songreel.errors import UserError

STAGE = "transcribe"
SPREAD = 0.5  # confidence of a word whose time is not given but follows from its place in the line
SYLLABLE = 0.45  # seconds at most for a sung syllable when a line's end is not given
PAUSE = 1.2  # seconds a line may linger after its last syllable
SHORTEST = 0.1  # seconds; what is shorter cannot be read
FASTEST = 12.0  # syllables a second; nobody sings faster
BREATH = 1.5  # syllables' worth of time between two lines
STANZA = 4.0  # syllables' worth of time for a blank line
MARGIN = 0.04  # share of the song left empty at either end when nothing is known of where it is sung
SNAP = 0.5  # beats a spread line may move to start on one
LEAST_STEP = 0.3  # seconds; words without times start on half beats where these are no closer, else on whole ones
LEAST_SUNG = 2.0  # seconds of singing below which the vocal spans tell nothing

_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœаеёиоуыэюяєіїαεηιουωάέήίόύώ]+", re.IGNORECASE)

Span = tuple[float, float]
Times = NDArray[np.float64]


@dataclass(frozen=True)
class Room:
    """Where lines may lie: the master's length and how far into its source it starts, both in seconds."""

    duration: float
    start: float = 0.0


@dataclass(frozen=True)
class Placed:
    """Lines on the song's time, and what was done to get them there."""

    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


def place(sheet: Sheet, room: Room, analysis: Analysis | None) -> Placed:
    """The lines of a sheet on the song's time.

    Raises:
        UserError: there is no line, or all lie beyond the song.
    """
    if not any(line.text for line in sheet.lines):
        raise UserError(f"the lyrics hold no line of text (read as {sheet.format}): give plain text, LRC, SRT or WebVTT")
    repairs = [note("lyrics repaired", repair) for repair in sheet.repairs]
    timed = [line for line in sheet.lines if line.start is not None]
    placed = _keep_times(timed, room) if timed else _spread(sheet.lines, room.duration, analysis)
    steps = _steps(analysis.beats) if analysis is not None else np.zeros(0)
    return replace(placed, lines=tuple(_on_steps(line, steps) for line in placed.lines), notes=(*repairs, *placed.notes))


def note(took: str, because: str) -> Note:
    """One fallback of this stage."""
    return Note(stage=STAGE, took=took, because=because)


def syllables(text: str) -> float:
    """How long a text takes to sing, in syllables; at least 1."""
    groups = len(_VOWELS.findall(text))
    return float(max(groups, sum(map(str.isalnum, text)) / 4, 1.0))


def _keep_times(lines: Sequence[TextLine], room: Room) -> Placed:
    """Lines with times: in order, without overlap, inside the song."""
    moved = sorted((_moved(line, -room.start) for line in lines), key=_start)
    notes: list[Note] = []
    inside = _inside(_merged(moved), room, notes)
    out: list[Line] = []
    overlaps = 0
    for line, after in zip(inside, _next(inside), strict=True):
        limit = room.duration if after is None else min(_start(after), room.duration)
        if line.text:
            overlaps += line.end is not None and line.end > limit + SHORTEST
            out.append(_line(line, limit))
    if overlaps:
        notes.append(note("lines shortened", f"{overlaps} lines lasted into the next one or beyond the song's end"))
    return Placed(tuple(out), tuple(notes))


def _next(lines: Sequence[TextLine]) -> list[TextLine | None]:
    """For each line the one behind it, None for the last."""
    return [*lines[1:], None][: len(lines)]


def _start(line: TextLine) -> float:
    assert line.start is not None
    return line.start


def _moved(line: TextLine, by: float) -> TextLine:
    words = tuple(replace(w, start=None if w.start is None else w.start + by) for w in line.words)
    return replace(line, start=_start(line) + by, end=None if line.end is None else line.end + by, words=words)


def _merged(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines that start together (two voices, a translation) as one."""
    out: list[TextLine] = []
    for line in lines:
        if out and _start(line) - _start(out[-1]) < SHORTEST:
            before = out.pop()
            text = " / ".join(dict.fromkeys(part for part in (before.text, line.text) if part))
            ends = [end for end in (before.end, line.end) if end is not None]
            out.append(replace(before, text=text, end=max(ends, default=None), words=before.words if text == before.text else ()))
        else:
            out.append(line)
    return out


def _inside(lines: Sequence[TextLine], room: Room, notes: list[Note]) -> list[TextLine]:
    """Lines that lie in the song; those before or beyond it are moved or left out, and told of unless an excerpt explains it."""
    late = [line for line in lines if _start(line) > room.duration - SHORTEST]
    if len(late) == len(lines) and not room.start:
        raise UserError(f"the lyrics start at {_start(lines[0]):.1f} s but the song ends at {room.duration:.1f} s: they belong to another song")
    kept = lines[: len(lines) - len(late)]
    before = [line for line, after in zip(kept, _next(kept), strict=True) if _start(line) < 0 and _is_over(line, after)]
    kept = [line for line in kept if line not in before]
    early = sum(1 for line in kept if _start(line) < 0)
    if not kept and not room.start:
        raise UserError(f"the lyrics' last line starts at {_start(before[-1]):.1f} s, before the song begins: check their [offset:]")
    if not room.start:
        _tell_outside(len([line for line in late if line.text]), len(before) + early, room, notes)
    return _merged([replace(line, start=max(_start(line), 0.0)) for line in kept])


def _is_over(line: TextLine, after: TextLine | None) -> bool:
    """Whether a line that starts before the song has ended when it begins."""
    natural = _start(line) + _natural(line.text)
    end = line.end if line.end is not None else natural if after is None else min(natural, _start(after))
    return end <= SHORTEST


def _tell_outside(late: int, early: int, room: Room, notes: list[Note]) -> None:
    if late:
        notes.append(note("lyrics cut short", f"{late} lines start after the song's end at {room.duration:.1f} s"))
    if early:
        notes.append(note("lyrics moved", f"{early} lines had times before the song's start"))


def _natural(text: str) -> float:
    """Seconds a line may take when its end is not given."""
    return syllables(text) * SYLLABLE + PAUSE


def _line(line: TextLine, limit: float) -> Line:
    """A line that ends by `limit`, with words."""
    start = _start(line)
    last = max((w.start for w in line.words if w.start is not None), default=start)
    end = line.end if line.end is not None and line.end > start else max(start + _natural(line.text), last + SYLLABLE)
    end = max(min(end, limit), min(start + SHORTEST, limit))
    words = line.words or tuple(TimedWord(text) for text in line.text.split())
    return Line(text=line.text, start=start, end=end, words=_words(words, start, end))


def _words(words: Sequence[TimedWord], start: float, end: float) -> tuple[Word, ...]:
    """Words that fill a line: given starts are kept in order inside it, the others lie between them by syllables."""
    weights = np.cumsum([0.0, *(syllables(w.text) for w in words)])
    known = [(weights[i], w.start) for i, w in enumerate(words) if w.start is not None]
    anchors = [(-1.0, start)] if known and known[0][0] == 0 else [(0.0, start)]
    anchors += [*known, (weights[-1], end)]
    if not known:
        anchors[-1] = (weights[-1], min(end, start + float(weights[-1]) * SYLLABLE + PAUSE / 2))
    at, when = np.array(anchors).T
    edges = np.clip(np.maximum.accumulate(np.interp(weights, at, np.maximum.accumulate(when))), start, end)
    return tuple(
        Word(text=w.text, start=float(a), end=float(b), confidence=SPREAD if w.start is None else w.confidence)
        for w, (a, b) in zip(words, pairwise(edges), strict=True)
    )


def _steps(beats: Sequence[float]) -> Times:
    """Beats, and the halves between them where they are far enough apart."""
    grid = np.asarray(beats, float)
    if len(grid) < 2 or np.median(np.diff(grid)) < 2 * LEAST_STEP:
        return grid
    return np.sort(np.concatenate([grid, (grid[1:] + grid[:-1]) / 2]))


def _on_steps(line: Line, steps: Times) -> Line:
    """A line none of whose words has a time of its own, so that they start on steps; words of one step share the time until the next."""
    if len(steps) < 2 or len(line.words) < 2 or any(word.confidence > SPREAD for word in line.words):
        return line
    starts = np.array([word.start for word in line.words])
    nearest = steps[np.abs(starts[:, None] - steps).argmin(axis=1)]
    inside = (nearest > line.start + SHORTEST) & (nearest < line.words[-1].end - SHORTEST)
    nearest = np.maximum.accumulate(np.where(inside, nearest, np.minimum(starts, line.words[-1].end - SHORTEST)))
    first = np.concatenate([[0], np.flatnonzero(np.diff(nearest) > 0) + 1])
    anchors = np.concatenate([[line.start], nearest[first[1:]], [line.words[-1].end]])
    edges = np.interp(np.arange(len(starts) + 1), [*first, len(starts)], anchors)
    words = (word.model_copy(update={"start": float(a), "end": float(b)}) for word, (a, b) in zip(line.words, pairwise(edges), strict=True))
    return line.model_copy(update={"words": tuple(words)})


def _spread(lines: Sequence[TextLine], duration: float, analysis: Analysis | None) -> Placed:
    """Lines without times, over the passages where there is singing, starting on beats."""
    spans, where = _passages(duration, analysis)
    sung = sum(end - start for start, end in spans)
    weight = sum(syllables(line.text) for line in lines)
    if weight > FASTEST * sung:
        spans, where, sung = [(0.0, duration)], "the whole song", duration
    notes = [note(f"lyrics spread over {where}", "the text has no times")]
    kept = _singable(lines, sung)
    if len(kept) < len(lines):
        notes.append(note("lyrics cut short", f"{len(lines)} lines cannot be sung in {sung:.1f} s; the first {len(kept)} are kept"))
    starts, ends = _laid_out(kept, spans, duration, () if analysis is None else analysis.beats)
    limits = [*starts[1:], duration]
    timed = (replace(line, start=a, end=min(b, c)) for line, a, b, c in zip(kept, starts, ends, limits, strict=True))
    return Placed(tuple(_line(line, limit) for line, limit in zip(timed, limits, strict=True)), tuple(notes))


def _passages(duration: float, analysis: Analysis | None) -> tuple[list[Span], str]:
    """Spans that are sung, and what they are."""
    if analysis is not None:
        for instrument in analysis.instruments:
            spans = [(a, min(b, duration)) for a, b in instrument.spans if a < duration]
            if instrument.name == "vocals" and sum(b - a for a, b in spans) > LEAST_SUNG:
                return spans, "the passages that sound sung"
        spans = [(s.start, min(s.end, duration)) for s in analysis.sections if s.label not in {"intro", "outro"} and s.start < duration]
        if spans:
            return spans, "the song's sections"
    return [(MARGIN * duration, (1 - MARGIN) * duration)], "the whole song"


def _singable(lines: Sequence[TextLine], sung: float) -> Sequence[TextLine]:
    """As many first lines as anyone could sing in `sung` seconds, at least one."""
    count = int(np.searchsorted(np.cumsum([syllables(line.text) for line in lines]), FASTEST * sung, side="right"))
    return lines[: max(min(count, int(sung / (2 * SHORTEST))), 1)]


def _laid_out(lines: Sequence[TextLine], spans: Sequence[Span], duration: float, beats: Sequence[float]) -> tuple[list[float], list[float]]:
    """Starts and ends of lines whose lengths share the time of the spans."""
    sizes = np.array([syllables(line.text) for line in lines])
    gaps = np.array([BREATH + (STANZA if line.stanza else 0.0) for line in lines])
    gaps[0] = 0.0
    scale = sum(b - a for a, b in spans) / float(sizes.sum() + gaps.sum())
    begin = (np.cumsum(gaps) + np.cumsum(sizes) - sizes) * scale
    raw = [_in_span(float(at), float(size * scale), spans) for at, size in zip(begin, sizes, strict=True)]
    starts: list[float] = []
    for number, at in enumerate(raw):
        floor = starts[-1] + SHORTEST if starts else 0.0
        ceiling = duration - SHORTEST * (len(raw) - number)
        snapped = _on_beat(at, beats)
        starts.append(max(min(snapped if snapped >= floor else max(at, floor), ceiling), floor))
    lengths = np.clip(sizes * scale, SHORTEST, sizes * SYLLABLE + PAUSE)
    return starts, [a + float(length) for a, length in zip(starts, lengths, strict=True)]


def _in_span(position: float, length: float, spans: Sequence[Span]) -> float:
    """Time of a position in the joined spans; a line of which less than half fits before a gap starts behind it."""
    for number, (start, end) in enumerate(spans):
        room = end - start
        if position < room or number == len(spans) - 1:
            if number < len(spans) - 1 and room - position < min(length / 2, room / 2):
                return spans[number + 1][0]
            return start + min(position, room)
        position -= room
    return 0.0


def _on_beat(time: float, beats: Sequence[float]) -> float:
    """The nearest beat when it is near enough, else the time itself."""
    if len(beats) < 2:
        return time
    grid = np.asarray(beats)
    nearest = float(grid[np.abs(grid - time).argmin()])
    return nearest if abs(nearest - time) <= SNAP * float(np.median(np.diff(grid))) else time
