"""Forced alignment: when each word of a known text is sung, from a letter model's scores; no torch here.

The best path through connectionist temporal classification: letters in their order, each for one frame or more, blanks between them. Between
lines it may pass through anything at a small price, so that shouts and repeats that the text lacks do not push the words about; and it may
leave out a line at a price for each of its letters, so that one that is not sung does not crowd into those that are.
Scores are log-probabilities, shape (frames, letters); times are seconds from the scores' first frame.

Source: A. Graves et al., Connectionist temporal classification, ICML 2006; L. Kürzinger et al., CTC-segmentation, SPECOM 2020.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songreel.errors import SongreelError

Floats = NDArray[np.float32]
OTHER_SOUND = 0.5  # nats a frame that passing through anything costs: a letter's peak that is skipped costs about ten
LEFT_OUT = 4.0  # nats a letter that leaving out its line costs: a letter that is sung costs one or two, one that is not costs eight
MOST_CELLS = 400_000_000  # bytes of memory for the way back: 16 minutes of a text of 4,000 letters
LINE = 3  # of ways back: by a whole line; less is by so many states
PARTS = "|"  # what models write between two words


@dataclass(frozen=True, eq=False)
class Scores:
    """A letter model's log-probabilities for each of its frames."""

    frames: Floats
    step: float
    """Seconds from one frame to the next."""
    letters: Mapping[str, int]
    """Letter to column."""
    blank: int

    def between(self, start: float, end: float) -> "Scores":
        """The frames between two times; its times count from the first of them."""
        first, last = max(int(start / self.step), 0), max(int(np.ceil(end / self.step)), 0)
        return Scores(self.frames[first:last], self.step, self.letters, self.blank)


@dataclass(frozen=True)
class Sung:
    """When a word is sung, and how surely: the mean probability of its letters where they were found; none for one without letters.

    A word of a line that was left out has a score of 0 and no length.
    """

    start: float
    end: float
    score: float | None


def aligned(lines: Sequence[Sequence[str]], scores: Scores) -> list[list[Sung]]:
    """The time of every word of every line, in order.

    Args:
        lines: words by line; each word as written.
        scores: of the sound in which all of them are sung.

    Raises:
        SongreelError: the text is too long for the sound, or for memory.
    """
    words = [word for line in lines for word in line]
    if not words:
        return [[] for _ in lines]
    tokens, owners, gaps = _tokens(lines, scores)
    starts, ends, found = _path(tokens, gaps, scores)
    sung = [_sung(np.flatnonzero(owners == number), tokens, (starts, ends, found), scores) for number in range(len(words))]
    return _by_line(lines, sung)


def spelled(word: str, letters: Mapping[str, int]) -> list[int]:
    """Columns of a word's letters, as the model writes them; what it does not know is left out."""
    return [column for char in unicodedata.normalize("NFC", word) for column in _columns(char, letters)]


def _columns(char: str, letters: Mapping[str, int]) -> list[int]:
    for one in (char, char.lower(), char.upper(), *_plain(char)):
        if one in letters and one != PARTS:
            return [letters[one]]
    return []


def _plain(char: str) -> tuple[str, str]:
    """The letter without its accent, small and large; typographic apostrophes as plain ones."""
    bare = "'" if char in "’‘ʼ" else unicodedata.normalize("NFD", char)[0]
    return bare.lower(), bare.upper()


def _tokens(lines: Sequence[Sequence[str]], scores: Scores) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """What must be sung, by column (one beyond the last: anything), which word each belongs to (-1: none), and which stand between lines."""
    anything, part = scores.frames.shape[1], scores.letters.get(PARTS)
    tokens, owners, gaps, number = [anything], [-1], [0], 0
    for line in lines:
        for at, word in enumerate(line):
            if at and part is not None:
                tokens.append(part)
                owners.append(-1)
            spelt = spelled(word, scores.letters) or [anything]
            tokens += spelt
            owners += [number] * len(spelt)
            number += 1
        gaps.append(len(tokens))
        tokens.append(anything)
        owners.append(-1)
    return np.array(tokens), np.array(owners), np.array(gaps)


def _path(tokens: NDArray[np.intp], gaps: NDArray[np.intp], scores: Scores) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """First and last frame of each token on the best path, and the mean probability on it.

    States are blank, token, blank, token ... blank. A path stays, goes to the next state, skips a blank between unequal tokens, or goes from
    the gap before a line to the one behind it.
    """
    count, states = len(scores.frames), 2 * len(tokens) + 1
    if count * states > MOST_CELLS:
        raise SongreelError(f"{len(tokens)} letters over {count * scores.step:.0f} s of sound are more than can be aligned at once")
    columns = np.full(states, scores.blank)
    columns[1::2] = tokens
    skips = np.zeros(states, bool)
    skips[3::2] = tokens[1:] != tokens[:-1]
    if count < len(gaps):
        raise SongreelError(f"{len(gaps) - 1} lines cannot be sung in {count * scores.step:.1f} s")
    here = np.concatenate([scores.frames, scores.frames.max(axis=1, keepdims=True) - OTHER_SOUND], axis=1)
    back = np.zeros((count, states), np.uint8)
    best = np.full(states, -np.inf, np.float32)
    best[:2] = here[0, columns[:2]]
    barred = np.where(skips[2:], np.float32(0), np.float32(-np.inf))
    between, price = 2 * gaps + 1, (LEFT_OUT * np.diff(gaps)).astype(np.float32)
    for frame in range(1, count):
        without = best[between[:-1]] - price
        _step(best, barred, back[frame])
        out = between[1:][without > best[between[1:]]]
        best[between[1:]] = np.maximum(best[between[1:]], without)
        back[frame, out] = LINE
        best += here[frame, columns]
    return _followed(back, best, (here, columns), between)


def _step(best: Floats, barred: Floats, back: NDArray[np.uint8]) -> None:
    """One frame further: the best way into each state, in place, and by how many states it went."""
    skipped = best[:-2] + barred
    stepped = best[:-1].copy()
    further = stepped > best[1:]
    np.maximum(best[1:], stepped, out=best[1:])
    back[1:] = further
    skips = skipped > best[2:]
    np.maximum(best[2:], skipped, out=best[2:])
    back[2:][skips] = 2


def _followed(
    back: NDArray[np.uint8], best: Floats, looks: tuple[Floats, NDArray[np.intp]], between: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """The path from its end to its start, as frames and mean probability by token; a token that was left out has a probability of 0."""
    here, columns = looks
    states, before = len(columns), dict(zip(between[1:].tolist(), between[:-1].tolist(), strict=True))
    state = states - 1 if best[-1] >= best[-2] else states - 2
    path = np.empty(len(back), np.intp)
    for frame in range(len(back) - 1, -1, -1):
        path[frame] = state
        state = before[state] if back[frame, state] == LINE else state - int(back[frame, state])
    frames = np.arange(len(path))
    on = path % 2 == 1
    token, count = path[on] // 2, states // 2
    starts, ends, sums = np.full(count, len(path)), np.full(count, -1), np.zeros(count)
    np.minimum.at(starts, token, frames[on])
    np.maximum.at(ends, token, frames[on])
    np.add.at(sums, token, np.exp(here[frames[on], columns[path[on]]]))
    return starts, ends, np.asarray(sums / np.maximum(np.bincount(token, minlength=count), 1), np.float32)


def _sung(mine: NDArray[np.intp], tokens: NDArray[np.intp], found: tuple[NDArray[np.intp], NDArray[np.intp], Floats], scores: Scores) -> Sung:
    starts, ends, likely = found
    if ends[mine[0]] < 0:
        at = float((ends[: mine[0]].max(initial=-1) + 1) * scores.step)
        return Sung(at, at, 0.0)
    wild = bool((tokens[mine] == scores.frames.shape[1]).all())
    return Sung(float(starts[mine[0]] * scores.step), float((ends[mine[-1]] + 1) * scores.step), None if wild else float(likely[mine].mean()))


def _by_line(lines: Sequence[Sequence[str]], sung: Sequence[Sung]) -> list[list[Sung]]:
    out, at = [], 0
    for line in lines:
        out.append(list(sung[at : at + len(line)]))
        at += len(line)
    return out
