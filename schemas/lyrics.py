"""What transcribe gives."""

from typing import Literal

from schemas.base import Model, Note, Seconds, Share


class Word(Model):
    text: str
    start: Seconds
    end: Seconds
    confidence: Share = 1.0


class Line(Model):
    text: str
    start: Seconds
    end: Seconds
    words: tuple[Word, ...] = ()
    """Empty when only the line's time is known."""


class Lyrics(Model):
    """Lines in order of time; none means instrumental."""

    lines: tuple[Line, ...] = ()
    language: str = ""
    """BCP 47 tag, or empty when unknown."""
    source: Literal["given", "embedded", "transcribed", "none"] = "none"
    notes: tuple[Note, ...] = ()
