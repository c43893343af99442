"""Opens media files for reading: known formats only, and one sentence when it fails.

Playlist formats (HLS, concat, DASH, SDP) are not opened: they can name other files and addresses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from songreel.errors import MediaError

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = (
    "mov mp3 wav w64 flac ogg matroska webm aac aiff ac3 eac3 ape wv tta mpc mpc8 au asf avi mpegts mpeg mpegvideo h264 hevc flv gif amr dsf"
).split()  # fmt: skip
"""Names of the ffmpeg demuxers that may open a file; each reads that file and nothing else."""
HEADS = {
    b"\xff\xd8\xff": "a JPEG picture", b"\x89PNG": "a PNG picture", b"%PDF": "a PDF document", b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"\x7fELF": "a program", b"MZ": "a program",
    b"SQLite": "a database", b"MThd": "a MIDI file, which holds notes and no sound",
}  # fmt: skip
"""First bytes of files that are often given by mistake; they are refused whatever their names say."""
HEAD = 512  # bytes looked at
ACCEPTED = "a song in MP3, WAV, FLAC, M4A, AAC, OGG, Opus or AIFF, or a video with sound in MP4, MOV, WebM, MKV or AVI"
"""What a person may give, in words."""


@contextmanager
def opened(path: Path) -> Iterator["InputContainer"]:
    """The container of a media file, closed at the end.

    Raises:
        MediaError: there is no such file, or it is no media file that is accepted.
    """
    import av

    head = _head_of(path)
    options = {"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "file"}
    try:
        container = av.open(str(path), metadata_errors="replace", options=options)
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"{path.name} is {_found(head, error)}: {ACCEPTED} is accepted") from error
    with container:
        yield container


def reason(error: BaseException) -> str:
    """The last part of ffmpeg's own message."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().rstrip(".").lower()


def _found(head: bytes, error: BaseException) -> str:
    """What a file that ffmpeg cannot open is, in words."""
    if not head.strip(b"\x00"):
        return f"nothing but zeros in its first {len(head)} bytes"
    text = head.decode("utf-8", "ignore")
    if len(text.encode()) > len(head) - 4 and all(c.isprintable() or c.isspace() for c in text):
        return "text"
    return f"no media file that can be read, or its header is broken ({reason(error)})"


def _head_of(path: Path) -> bytes:
    """The file's first bytes, when it is a file that may be media."""
    if not path.exists():
        raise MediaError(f"there is no file {path}")
    if not path.is_file():
        raise MediaError(f"{path} is {'a folder' if path.is_dir() else 'no ordinary file'}: {ACCEPTED} is accepted")
    if path.stat().st_size == 0:
        raise MediaError(f"{path.name} is empty (0 bytes): {ACCEPTED} is accepted")
    with path.open("rb") as file:
        head = file.read(HEAD)
    known = next((words for start, words in HEADS.items() if head.startswith(start)), "")
    if known:
        raise MediaError(f"{path.name} is {known}: {ACCEPTED} is accepted")
    return head
