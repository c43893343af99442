"""What transcribe gives."""

from typing import Literal

from schemas.base import Dollars, Model, Note, Seconds, Share


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
    by: str = ""
    """The backend that heard or placed the words; empty: none did."""
    dollars: Dollars = 0.0
    """What that cost."""
    notes: tuple[Note, ...] = ()


class Hearing(Model):
    """How the words of a song are come by; part of what names their result."""

    way: Literal["text", "placed", "heard", "bought"] = "text"
    """``text``: as they are given; ``placed``: given words, found in the sound; ``heard``: by a model here; ``bought``: by one at a service."""
    model: str = ""
    """The backend that hears them."""
    aligners: tuple[str, ...] = ()
    """Backends that may find the words' times, by language."""
