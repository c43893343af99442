"""What a song's tags say: ID3, Vorbis comments, MP4 atoms, and what the container's own metadata hold.

Texts come back without control characters and no longer than the limits. Times of synchronised lyrics are seconds of the file.
"""

import base64
import binascii
import io
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas import TimedText
from songreel.errors import MediaError

LONGEST_TEXT, LONGEST_LYRICS, MOST_LINES = 200, 100_000, 5000  # characters, characters, synchronised texts
LARGEST_COVER, MOST_COVER_PIXELS = 20 << 20, 50_000_000  # bytes, pixels
COVER_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp"}
FRONT_COVER = 3  # picture type of ID3 and FLAC
MILLISECONDS = 2  # SYLT's time stamp format
LYRICS_TYPE = 1  # SYLT's content type
NAMES = {
    "title": ("TIT2", "\xa9nam", "title"),
    "artist": ("TPE1", "\xa9ART", "artist", "TPE2", "aART", "albumartist", "album_artist"),
    "album": ("TALB", "\xa9alb", "album"),
    "genre": ("TCON", "\xa9gen", "genre"),
    "year": ("TDRC", "TYER", "\xa9day", "date", "year"),
    "lyrics": ("USLT", "\xa9lyr", "lyrics", "unsyncedlyrics", "syncedlyrics", "lyrics-eng", "lyrics-xxx"),
}
"""Field -> its names in ID3, in MP4 and in Vorbis comments and metadata (lower case)."""


@dataclass(frozen=True)
class Tags:
    """Clean texts and the raw cover; `unread` says why the tags could not be read, if so."""

    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    year: str = ""
    lyrics: str = ""
    timed: tuple[TimedText, ...] = ()
    cover: bytes = b""
    unread: str = ""


def read_tags(path: Path, container: str, metadata: Mapping[str, str], sample_rate: int) -> Tags:
    """The tags of a file; what mutagen finds goes before the container's own metadata.

    Args:
        path: a media file.
        container: what it is by its content, as `media.probe` names it; its suffix may say something else.
        metadata: what ffmpeg found in the container and its sound stream.
        sample_rate: of the sound in Hz, for lyrics timed in MPEG frames.
    """
    unread = ""
    try:
        found = _tag_file(path, container)
        tags = found.tags if found is not None else None
        pictures = list(_pictures(found)) if found is not None else []
        timed = _timed(tags, sample_rate)
        values = dict(_values(tags)) if tags is not None else {}
    except Exception as error:  # damaged tags make mutagen raise almost anything; the music still plays
        tags, pictures, timed, values = None, [], (), {}
        unread = (str(error) or type(error).__name__).replace(str(path), path.name)
    values = {**{name.lower(): value for name, value in metadata.items()}, **values}
    fields = {field: _first(values, names) for field, names in NAMES.items()}
    texts = {field: clean(value, LONGEST_LYRICS if field == "lyrics" else LONGEST_TEXT, lines=field == "lyrics") for field, value in fields.items()}
    return Tags(**texts, timed=timed, cover=next(iter(pictures), b""), unread=clean(unread, LONGEST_TEXT))


def texts_of(path: Path) -> tuple[str, ...]:
    """What the tags of a song's file would have lettered: its title, artist and lyrics; nothing when it is no media file."""
    from songreel.media.opening import opened
    from songreel.media.probe import facts_of

    try:
        with opened(path) as container:
            facts = facts_of(container)
            tags = read_tags(path, facts.container, dict(container.metadata), facts.audio.sample_rate if facts.audio else 1)
    except MediaError:  # whoever listens to it will say so
        return ()
    return tags.title, tags.artist, tags.lyrics, *(timed.text for timed in tags.timed)


def _tag_file(path: Path, container: str) -> Any:
    """mutagen's view of the file, or None when it has none for the format."""
    import mutagen
    from mutagen import aac, aiff, apev2, flac, mp3, mp4, oggflac, oggopus, oggspeex, oggvorbis, wave

    kinds: dict[str, list[Any]] = {
        "mp3": [mp3.MP3], "flac": [flac.FLAC], "mp4": [mp4.MP4], "wav": [wave.WAVE], "aiff": [aiff.AIFF], "aac": [aac.AAC],
        "ogg": [oggvorbis.OggVorbis, oggopus.OggOpus, oggflac.OggFLAC, oggspeex.OggSpeex], "ape": [apev2.APEv2File],
    }  # fmt: skip
    return mutagen.File(path, options=kinds[container]) if container in kinds else None


def clean(text: str, longest: int, *, lines: bool = False) -> str:
    """The text without control characters, at most so long; on one line unless lines are kept."""
    text = unicodedata.normalize("NFC", text[: longest * 2].replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c if c.isprintable() or (lines and c in "\n\t") else " " if c.isspace() else "" for c in text)
    return (kept if lines else " ".join(kept.split()))[:longest].strip()


def picture_suffix(data: bytes) -> str:
    """Suffix of a cover picture that decodes and is not too large.

    Raises:
        ValueError: it is too large, of no known kind, or damaged; says which.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > LARGEST_COVER:
        raise ValueError(f"it has {len(data) / 1e6:.0f} MB, at most {LARGEST_COVER / 1e6:.0f} are taken")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=tuple(COVER_SUFFIXES))
        if image.width * image.height > MOST_COVER_PIXELS:
            raise ValueError(f"it has {image.width}x{image.height} pixels")
        image.load()
    except UnidentifiedImageError as error:
        raise ValueError("it is no picture of a known kind") from error
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"it cannot be decoded ({error})") from error
    return COVER_SUFFIXES[str(image.format)]


def _first(values: Mapping[str, str], names: Iterable[str]) -> str:
    return next((values[name] for name in names if values.get(name, "").strip()), "")


def _values(tags: Any) -> Iterator[tuple[str, str]]:
    """(name, text) of every text tag; ID3 names without their language, Vorbis names in lower case."""
    for key, value in tags.items() if hasattr(tags, "items") else tags:
        name = key.split(":", 1)[0] if key[:4].isupper() else key if key.startswith("\xa9") else key.lower()
        text = getattr(value, "text", value)
        texts = [str(part) for part in text if not isinstance(part, (bytes, tuple))] if isinstance(text, list) else [str(text)]
        yield name, "; ".join(texts) if name != "USLT" else "\n".join(texts)


def _timed(tags: Any, sample_rate: int) -> tuple[TimedText, ...]:
    """Synchronised lyrics of ID3's SYLT, in order of time."""
    frames = tags.getall("SYLT") if hasattr(tags, "getall") else []
    chosen = next((f for f in frames if f.type == LYRICS_TYPE), next(iter(frames), None))
    if chosen is None:
        return ()
    unit = 0.001 if chosen.format == MILLISECONDS else 1152 / sample_rate
    timed = ((time * unit, clean(text, LONGEST_TEXT)) for text, time in chosen.text[:MOST_LINES])
    return tuple(TimedText(start=time, text=text) for time, text in sorted(timed) if text)


def _pictures(found: Any) -> Iterator[bytes]:
    """The file's pictures, the front cover first."""
    tags = found.tags if found.tags is not None else {}
    if hasattr(tags, "getall"):
        pictures = [(frame.type, frame.data) for frame in tags.getall("APIC")]
    elif "covr" in tags:
        pictures = [(FRONT_COVER, bytes(cover)) for cover in tags["covr"]]
    else:
        pictures = [(picture.type, picture.data) for picture in [*getattr(found, "pictures", []), *_vorbis_pictures(tags)]]
    yield from (data for _, data in sorted(pictures, key=lambda picture: picture[0] != FRONT_COVER))


def _vorbis_pictures(tags: Any) -> Iterator[Any]:
    from mutagen.flac import Picture, error

    for block in tags.get("metadata_block_picture", []) if hasattr(tags, "get") else []:
        try:
            yield Picture(base64.b64decode(block))  # type: ignore[no-untyped-call]  # mutagen has no types
        except (error, binascii.Error, ValueError):
            continue
