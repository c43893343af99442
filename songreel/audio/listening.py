"""A song's words by models of this machine: heard by Whisper, timed by forced alignment, believed or not by the gate.

Where anything fails to convince, less is given: lines without the times of their words, or no words; the notes say why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from schemas import Analysis, Hearing, Lyrics, Song, Stems
from songreel import catalogue
from songreel.access import Access
from songreel.audio import ctc, letters, whisper
from songreel.audio.lyric_formats import Sheet, TextLine, TimedWord, read
from songreel.audio.lyric_timing import SPREAD, Room, note, place, syllables
from songreel.audio.voice import FRAME, Voice, heard
from songreel.audio.ways import language_of, matching
from songreel.audio.words_gate import SungLine, SungWord, Verdict, judge_heard, judge_placed, mean_score
from songreel.errors import SongreelError
from songreel.models.heard import Heard, classified
from songreel.storage.store import Store

Floats = NDArray[np.float32]
RATE = 16_000  # Hz, of what models of speech hear
LEAST_SUNG = 2.0  # seconds of voice below which a song is instrumental
AROUND = 0.6  # seconds by which Whisper's times may be off
PLACED = 0.2  # mean score of a line whose words were found where it was heard
LONGEST_HOLD = 3.0  # seconds a line's last word is held, at most
HEARING = 0.7  # share of the work that hearing takes, aligning the rest
FEW = 4  # different words; of fewer, a text in reverse order is the same text
UNSURE_LANGUAGE = 0.5  # probability below which the language is a guess


@dataclass(frozen=True, eq=False)
class Vocals:
    """A song's voice, mono at 16 kHz, and where it sounds."""

    samples: Floats
    voice: Voice


def vocals_of(song: Song, stems: Stems, analysis: Analysis, store: Store) -> Vocals:
    """The vocals stem as models of speech hear it."""
    from songreel.media.sound import decode

    samples = decode(store.get(stems.vocals), rate=RATE, mono=True).samples
    return Vocals(samples, heard(samples, RATE, analysis.loudness))


def hear(song: Song, stems: Stems, analysis: Analysis, hearing: Hearing, store: Store, access: Access, progress: Callable[[float], None]) -> Lyrics:
    """The words that are sung, as far as they are to be believed.

    Raises:
        OutOfMemory: the model does not fit into memory.
        SongreelError: it failed, or its weights are not here.
    """
    vocals = vocals_of(song, stems, analysis, store)
    if vocals.voice.seconds < LEAST_SUNG:
        return instrumental(vocals.voice)
    profile = catalogue.find("words", hearing.model, access)
    told = Heard(progress, 1)
    with classified(profile.title, told):
        found = whisper.transcribe(vocals.samples, vocals.voice, profile, access, lambda share: told.tell(share * HEARING))
        lines, by = _timed(found.lines, found.language, vocals, hearing, access, told)
    return lyrics_heard(lines, found.language, found.probability, vocals.voice, song, analysis, f"{hearing.model}{by}")


def place_given(
    song: Song, stems: Stems, analysis: Analysis, given: str, hearing: Hearing, store: Store, access: Access, progress: Callable[[float], None]
) -> Lyrics:
    """Plain lyrics with the times at which they are sung; without lines when they could not be found, which the notes tell.

    Args:
        given: the text; empty: the one in the song's tags.

    Raises:
        SongreelError: the model failed, or its weights are not here.
    """
    source: Literal["given", "embedded"] = "given" if given.strip() else "embedded"
    sheet = read(given if given.strip() else song.lyrics)
    written = [line for line in sheet.lines if line.text]
    language = sheet.language or language_of(sheet)
    vocals = vocals_of(song, stems, analysis, store)
    if vocals.voice.seconds < LEAST_SUNG:
        return Lyrics(notes=(note("lyrics without times", "no voice is heard in the song"),))
    name = matching(language, hearing.aligners, access)
    profile = catalogue.find("alignment", name, access)
    told = Heard(progress, letters.windows(song.duration) + 2)
    with classified(profile.title, told):
        scores = letters.scores(vocals.samples, profile, access, lambda: _ignored(told))
        lines = _aligned(written, scores)
        control = _control(written, scores)
    told.tell(1.0)
    verdict = judge_placed(lines, vocals.voice, control)
    notes = tuple(note("less than every line's own time", doubt) for doubt in verdict.doubts)
    if verdict.level == "none":
        return Lyrics(notes=tuple(note("lyrics without times of their own", doubt) for doubt in verdict.doubts))
    sheet = replace(sheet, lines=tuple(_between(written, lines, verdict, vocals.voice, song.duration)))
    placed = place(sheet, Room(song.duration), analysis)
    return Lyrics(lines=placed.lines, language=language, source=source, by=name, notes=(*notes, *placed.notes))


def lyrics_heard(lines: Sequence[SungLine], language: str, probability: float, voice: Voice, song: Song, analysis: Analysis, by: str) -> Lyrics:
    """What the gate leaves of words that were heard."""
    verdict = judge_heard(lines, voice)
    if verdict.level == "none":
        return Lyrics(by=by, notes=tuple(note("no words", doubt) for doubt in verdict.doubts))
    took = "fewer lines than were heard" if verdict.level == "words" else "each line's time alone"
    notes = [note(took, doubt) for doubt in verdict.doubts]
    if probability < UNSURE_LANGUAGE:
        notes.append(note(f"the language {language}", f"it is a guess: its probability is {probability:.0%}"))
    sheet = Sheet("text", tuple(_text_line(line, verdict, voice, after) for line, after in _followed(verdict.lines, song.duration)), language)
    placed = place(sheet, Room(song.duration), analysis)
    return Lyrics(lines=placed.lines, language=language, source="transcribed", by=by, notes=(*notes, *placed.notes))


def instrumental(voice: Voice) -> Lyrics:
    """No words, for nobody sings."""
    return Lyrics(notes=(note("instrumental", f"a voice is heard for {voice.seconds:.1f} s only"),))


def _timed(
    lines: tuple[SungLine, ...], language: str, vocals: Vocals, hearing: Hearing, access: Access, told: Heard
) -> tuple[tuple[SungLine, ...], str]:
    """The lines with the times that their letters were found at, and by whom; as they are where no model knows the language."""
    name = matching(language, hearing.aligners, access)
    if not name or not lines:
        return lines, ""
    count, done = letters.windows(len(vocals.samples) / RATE), 0

    def step() -> None:
        nonlocal done
        done += 1
        told.tell(HEARING + (1 - HEARING) * min(done / count, 1.0))

    scores = letters.scores(vocals.samples, catalogue.find("alignment", name, access), access, step)
    return tuple(refined(line, scores) for line in lines), f"+{name}"


def refined(line: SungLine, scores: ctc.Scores) -> SungLine:
    """A line's words where their letters are found near its time; where they are not, the words are marked as without times."""
    start = max(line.start - AROUND, 0.0)
    try:
        (found,) = ctc.aligned([[word.text for word in line.words]], scores.between(start, line.end + AROUND))
    except SongreelError:
        found = []
    scored = [one.score for one in found if one.score is not None]
    if not scored or sum(scored) / len(scored) < PLACED:
        return replace(line, words=tuple(replace(word, timed=False) for word in line.words))
    first = int(start / scores.step) * scores.step
    words = (replace(word, start=first + at.start, end=first + at.end) for word, at in zip(line.words, found, strict=True))
    return replace(line, words=tuple(words))


def _aligned(written: Sequence[TextLine], scores: ctc.Scores) -> list[SungLine]:
    texts = [line.text.split() for line in written]
    return [
        SungLine(tuple(SungWord(text, at.start, at.end, at.score) for text, at in zip(words, found, strict=True)))
        for words, found in zip(texts, ctc.aligned(texts, scores), strict=True)
    ]


def _control(written: Sequence[TextLine], scores: ctc.Scores) -> float | None:
    """How well the same words fit in reverse order; none when that is much the same text."""
    texts = [line.text.split() for line in written]
    if len({word.lower() for words in texts for word in words}) < FEW:
        return None
    backwards = [TextLine(" ".join(reversed(words))) for words in reversed(texts)]
    return mean_score(_aligned(backwards, scores))


def _between(written: Sequence[TextLine], lines: Sequence[SungLine], verdict: Verdict, voice: Voice, duration: float) -> list[TextLine]:
    """Every line with a time: those that were found their own, the others shares of the time between."""
    believed = {id(line) for line in verdict.lines}
    found = [at for at, line in enumerate(lines) if id(line) in believed]
    out: list[TextLine] = []
    for at, after in zip([-1, *found], [*found, len(lines)], strict=True):
        opens = lines[at].end if at >= 0 else 0.0
        closes = lines[after].start if after < len(lines) else duration
        if at >= 0:
            out.append(_text_line(lines[at], verdict, voice, closes, written[at].text))
            opens = max(opens, out[-1].end or opens)
        lost = written[at + 1 : after]
        edges = opens + (closes - opens) * np.cumsum([0.0, *(syllables(line.text) for line in lost)]) / max(sum(syllables(x.text) for x in lost), 1.0)
        out += [replace(line, start=float(edge), words=()) for line, edge in zip(lost, edges, strict=False)]
    return out


def _text_line(line: SungLine, verdict: Verdict, voice: Voice, after: float, text: str = "") -> TextLine:
    """A believed line as its text with times, its last word held as long as it sounds."""
    words: tuple[TimedWord, ...] = ()
    if verdict.level == "words":
        words = tuple(TimedWord(word.text, word.start if word.timed else None, _confidence(word)) for word in line.words)
    return TextLine(text or line.text, line.start, _held(line.end, after, voice), words)


def _confidence(word: SungWord) -> float:
    """Above that of a word whose time is a guess: this one passed the gate."""
    return SPREAD + 0.01 + (1 - SPREAD - 0.01) * (word.score or 0.0)


def _held(end: float, after: float, voice: Voice) -> float:
    limit = min(after, end + LONGEST_HOLD)
    while end + FRAME < limit and voice.share(end, end + FRAME) > 0:
        end += FRAME
    return end


def _followed(lines: Sequence[SungLine], duration: float) -> list[tuple[SungLine, float]]:
    """Each line with the start of the next."""
    ordered = sorted(lines, key=lambda line: line.start)
    return list(zip(ordered, [*(line.start for line in ordered[1:]), duration], strict=True))


def _ignored(told: Heard) -> None:
    told.step(None, 0, 0, {})
