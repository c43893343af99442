"""Lyrics with times: given text, the song's tags, or none.

Times count from the master's first sample. Lines come in order of time and never overlap; each has words with times, given where
the text gave them (confidence 1) and otherwise spread over the line by the length of their sounds.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from schemas import Analysis, Lyrics, Note, Song
from schemas.song import TimedText
from songreel.audio.lyric_formats import Sheet, TextLine, TimedWord, clean, read
from songreel.audio.lyric_timing import Room, note, place
from songreel.errors import UserError
from songreel.storage.store import Store

LINE_GAP = 1.2  # seconds between two words of tags that part two lines
WORDS_A_LINE = 9
SINGLE = 1.6  # words an entry of timed tags has on average, at most, when entries are words and not lines

_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "HEBREW": "he", "GREEK": "el", "THAI": "th",
    "ARMENIAN": "hy", "GEORGIAN": "ka", "CJK": "zh",
}  # fmt: skip
"""Scripts that tell the language, most telling first: kana before the signs that Chinese shares."""


def transcribe(song: Song, store: Store, *, given: str = "", analysis: Analysis | None = None, start: float = 0.0) -> Lyrics:
    """The song's lyrics with times.

    Args:
        song: the song; its tags are used when nothing is given.
        store: of the stage's common shape; text needs no media.
        given: lyrics text in any format of `lyric_formats`; its times count from the source's first sample.
        analysis: where the voice sounds and the beats fall; plain text is spread over them.
        start: where in its source the master begins, in seconds.

    Raises:
        UserError: what was given is no text, holds no line or belongs to another song.
    """
    room = Room(song.duration, start)
    if given.strip():
        return _lyrics(read(given), room, analysis, "given")
    notes: list[Note] = []
    if song.timed_lyrics:
        try:
            return _lyrics(_sheet_of_tags(song.timed_lyrics), Room(song.duration), analysis, "embedded")
        except UserError as error:
            notes.append(note("no timed lyrics from the song's tags", str(error)))
    if song.lyrics.strip():
        try:
            found = _lyrics(read(song.lyrics), room, analysis, "embedded")
            return found.model_copy(update={"notes": (*notes, *found.notes)})
        except UserError as error:
            notes.append(note("no lyrics from the song's tags", str(error)))
    notes.append(note("instrumental", "no lyrics were given and none that can be used are in the song's tags"))
    return Lyrics(notes=tuple(notes))


def _lyrics(sheet: Sheet, room: Room, analysis: Analysis | None, source: Literal["given", "embedded"]) -> Lyrics:
    placed = place(sheet, room, analysis)
    notes = placed.notes or ((note("no lyrics", "no line lies in the chosen part of the song"),) if not placed.lines else ())
    return Lyrics(lines=placed.lines, language=sheet.language or _language(sheet), source=source, notes=notes)


def _language(sheet: Sheet) -> str:
    """The language where its script tells it, else empty."""
    letters = [char for line in sheet.lines for char in line.text if char.isalpha()]
    scripts = {unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in letters[:2000]}
    return next((tag for script, tag in _SCRIPTS.items() if script in scripts), "")


def _sheet_of_tags(entries: Sequence[TimedText]) -> Sheet:
    """Lines from synchronised tags, whose entries are lines, words or syllables."""
    ordered = [TimedText(start=e.start, text=clean(e.text)[0]) for e in sorted(entries, key=lambda e: e.start)]
    if any("\n" in entry.text.strip(" ") for entry in ordered):
        groups = _parted_by_newlines(ordered)
    elif _are_words(ordered):
        groups = _parted_by_gaps(ordered)
    else:
        groups = [[entry] for entry in ordered]
    return Sheet("lrc", tuple(_line_of(group) for group in groups))


def _are_words(entries: Sequence[TimedText]) -> bool:
    """Whether entries are words: one each, close to one another."""
    words = np.mean([len(entry.text.split()) for entry in entries])
    gaps = np.diff([entry.start for entry in entries])
    return len(entries) > 2 and bool(words < SINGLE) and float(np.median(gaps)) < LINE_GAP


def _parted_by_newlines(entries: Sequence[TimedText]) -> list[list[TimedText]]:
    groups: list[list[TimedText]] = [[]]
    for entry in entries:
        if entry.text.startswith("\n") and groups[-1]:
            groups.append([])
        groups[-1].append(entry)
        if entry.text.endswith("\n"):
            groups.append([])
    return [group for group in groups if group]


def _parted_by_gaps(entries: Sequence[TimedText]) -> list[list[TimedText]]:
    groups = [[entries[0]]]
    for before, entry in pairwise(entries):
        if entry.start - before.start > LINE_GAP or len(groups[-1]) >= WORDS_A_LINE:
            groups.append([])
        groups[-1].append(entry)
    return groups


def _line_of(group: Sequence[TimedText]) -> TextLine:
    """One line; entries that touch without a space are syllables of one word."""
    if len(group) == 1:
        return TextLine(_one_line(group[0].text), group[0].start)
    spaced = any(entry.text.strip("\n") != entry.text.strip() for entry in group)
    words: list[TimedWord] = []
    glue = False
    for entry in group:
        text = entry.text.strip("\n")
        if spaced and glue and words and not text.startswith(" "):
            words[-1] = replace(words[-1], text=words[-1].text + _one_line(text))
        elif text.strip():
            words.append(TimedWord(_one_line(text), entry.start))
        glue = not text.endswith(" ")
    return TextLine(" ".join(word.text for word in words), group[0].start, words=tuple(words))


def _one_line(text: str) -> str:
    return " ".join(text.split())
