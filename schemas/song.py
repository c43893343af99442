"""What ingest gives: the song as content and its facts."""

from typing import Annotated

from pydantic import Field

from schemas.base import Hertz, Model, Note, Seconds
from schemas.media import MediaRef


class TimedText(Model):
    """One line or word of synchronised text found in tags."""

    start: Seconds
    text: str


class Song(Model):
    """One song, probed and decoded once to the end.

    ``master`` is the delivered soundtrack: the file itself, or a lossless excerpt of it when a start or a duration was asked for.
    """

    master: MediaRef
    source: MediaRef
    """The file that was given; the same as ``master`` unless an excerpt was asked for."""
    name: str
    """File name without folder and suffix, for titles and run names."""
    duration: Annotated[Seconds, Field(description="Decoded length of the master in seconds: samples / sample rate")]
    samples: Annotated[int, Field(gt=0, description="Decoded samples per channel of the master")]
    sample_rate: Hertz
    channels: Annotated[int, Field(gt=0)]
    container: str
    codec: str
    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    year: str = ""
    cover: MediaRef | None = None
    lyrics: str = ""
    """Unsynchronised lyrics from tags (USLT, LYRICS, ©lyr); may itself be LRC text."""
    timed_lyrics: tuple[TimedText, ...] = ()
    """Synchronised lyrics from tags (SYLT); times are of the master."""
    notes: tuple[Note, ...] = ()
