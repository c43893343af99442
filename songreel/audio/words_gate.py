"""Whether words that a model heard, or placed, are to be believed: the gate before they are shown.

A model of speech writes fluent nonsense where nobody sings, loops on a phrase, or places words where they are not. Each line is held against
the voice (does it sound there?), the pace of singing, what Whisper is known to invent, and how surely its words were found; then the whole.
Times are seconds; scores are probabilities in [0, 1], none where a word has no letters to score.
"""

import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from songreel.audio.lyric_timing import syllables
from songreel.audio.voice import Voice

VOICED = 0.35  # share of a line in which the voice must sound
FASTEST = 12.0  # syllables a second; nobody sings faster
LEAST, SURE = 0.25, 0.6  # score of a line that is believed; of one that is believed against the odds
TIMED = 0.6  # share of the words whose own time must be believed, for words to be shown by their own times
KEPT = 0.5  # share of the words that must be believed, for any to be
FEWEST = 0.05  # words a second of singing; with fewer, most of the song was not understood
LOOP = 4  # equal lines in a row, or in a line, that are a model's loop unless they are heard surely
DENSE = 2.4  # times that a text of a loop shrinks when it is compressed, and more
LEAST_PLACED, MARGIN = 0.15, 0.08
"""Of a given text: the mean score of its words, and by how much it must pass that of the same words in reverse order."""
LONGEST_WORD = 6.0  # seconds for which a word is held, at most
PLAIN = re.compile(r"[^\w\s]|_")
FILE = Path(__file__).with_name("hallucinations.toml")

Level = Literal["words", "lines", "none"]


@dataclass(frozen=True)
class SungWord:
    """A word, when it is sung, and how surely it was found."""

    text: str
    start: float
    end: float
    score: float | None = None
    timed: bool = True
    """Whether its own time is known, and not only its line's."""


@dataclass(frozen=True)
class SungLine:
    """Words that are sung together; at least one."""

    words: tuple[SungWord, ...]
    glue: str = " "
    """What stands between its words; nothing in scripts that write no spaces."""

    @property
    def text(self) -> str:
        return self.glue.join(word.text for word in self.words)

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return max(word.end for word in self.words)

    @property
    def score(self) -> float:
        """Mean of its words' scores; 0 when none has one."""
        return mean_score([self])


@dataclass(frozen=True)
class Verdict:
    """What is believed: words by their own times, lines by theirs, or nothing, and why not more."""

    level: Level
    lines: tuple[SungLine, ...] = ()
    doubts: tuple[str, ...] = ()
    """Sentences: what was left out, what is not believed."""


def mean_score(lines: Sequence[SungLine]) -> float:
    """Mean of all words' scores; 0 when none has one."""
    scores = [word.score for line in lines for word in line.words if word.score is not None]
    return sum(scores) / len(scores) if scores else 0.0


def judge_heard(lines: Sequence[SungLine], voice: Voice) -> Verdict:
    """The gate for words that a model heard."""
    reasons = [_doubt(line, voice) for line in lines]
    for number in _loops(lines):
        reasons[number] = reasons[number] or "repeated as a model does that is stuck"
    kept = tuple(line for line, reason in zip(lines, reasons, strict=True) if not reason)
    left_out = Counter(reason for reason in reasons if reason)
    doubts = tuple(f"{count} {'line was' if count == 1 else 'lines were'} {reason}" for reason, count in left_out.most_common())
    words, believed = _words(lines), _words(kept)
    if not words:
        return Verdict("none", doubts=("no word was heard",))
    if believed < KEPT * words:
        return Verdict("none", doubts=(f"{words - believed} of the {words} words heard are not to be believed", *doubts))
    if believed < FEWEST * voice.seconds:
        return Verdict("none", doubts=(f"only {believed} words were understood in {voice.seconds:.0f} s of singing", *doubts))
    return _by_level(kept, doubts)


def judge_placed(lines: Sequence[SungLine], voice: Voice, control: float | None) -> Verdict:
    """The gate for the given words of a song that were placed on it.

    Args:
        lines: all of them, in order.
        voice: where the voice sounds.
        control: mean score of the same words in reverse order, which belong nowhere; none when that says nothing.
    """
    score = mean_score(lines)
    if score < LEAST_PLACED:
        return Verdict(
            "none", doubts=(f"they were found with a mean score of {score:.2f}, less than {LEAST_PLACED}: another language, or another song",)
        )
    if control is not None and score - control < MARGIN:
        return Verdict("none", doubts=(f"they fit no better (score {score:.2f}) than in reverse order ({control:.2f}): they are another song's",))
    lost = tuple(line for line in lines if voice.share(line.start, line.end) < VOICED or _hurried(line))
    if len(lost) > (1 - KEPT) * len(lines):
        return Verdict("none", doubts=(f"{len(lost)} of the {len(lines)} lines fell where nobody sings, or too fast to sing",))
    weak = tuple(line for line in lines if line in lost or line.score < LEAST_PLACED)
    doubts = (f"{len(weak)} of the {len(lines)} lines could not be found: they are spread between the others",) if weak else ()
    return Verdict("words", tuple(line for line in lines if line not in weak), doubts)


def _by_level(kept: tuple[SungLine, ...], doubts: tuple[str, ...]) -> Verdict:
    scored = [word for line in kept for word in line.words]
    sure = sum(word.timed and (word.score or 0.0) >= LEAST and word.end - word.start <= LONGEST_WORD for word in scored)
    if sure < TIMED * len(scored):
        return Verdict(
            "lines", kept, (f"the times of {len(scored) - sure} of {len(scored)} words are not sure: each line's words are spread over it", *doubts)
        )
    return Verdict("words", kept, doubts)


def _doubt(line: SungLine, voice: Voice) -> str:
    """Why a heard line is not believed; empty when it is."""
    plain, sure = _plain(line.text), line.score >= SURE
    if any(phrase in plain for phrase in _invented()["never"]):
        return "what Whisper is known to invent"
    if not plain or (plain in _invented()["doubtful"] and not sure):
        return "no more than Whisper writes over silence"
    if voice.share(line.start, line.end) < VOICED:
        return "where nobody sings"
    if _hurried(line):
        return "faster than anyone sings"
    if line.score < LEAST and any(word.score is not None for word in line.words):
        return "heard too unsurely"
    return ""


def _hurried(line: SungLine) -> bool:
    return sum(syllables(word.text) for word in line.words) > FASTEST * max(line.end - line.start, 0.1)


def _loops(lines: Sequence[SungLine]) -> list[int]:
    """Lines that repeat as a stuck model does and are not heard surely: songs repeat, too."""
    found, at = [], 0
    for _, run in groupby(lines, key=lambda line: _plain(line.text)):
        same = list(run)
        numbers = list(range(at, at + len(same)))
        at += len(same)
        stuck = len(same) >= LOOP and mean_score(same) < SURE
        found += [number for number, line in zip(numbers, same, strict=True) if stuck or (_is_dense(line) and line.score < SURE)]
    return found


def _is_dense(line: SungLine) -> bool:
    text = line.text.encode()
    return len(line.words) > 2 * LOOP and len(text) / len(zlib.compress(text)) > DENSE


def _words(lines: Sequence[SungLine]) -> int:
    return sum(len(line.words) for line in lines)


def _plain(text: str) -> str:
    """Small letters without punctuation; apostrophes join."""
    return " ".join(PLAIN.sub(" ", text.lower().replace("'", "").replace("’", "")).split())


@cache
def _invented() -> dict[str, tuple[str, ...]]:
    return {name: tuple(phrases) for name, phrases in tomllib.loads(FILE.read_text("utf-8")).items()}
