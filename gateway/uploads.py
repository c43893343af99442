"""Songs that callers send: streamed to disk as they come, looked at before they are believed, kept by their content.

What a caller calls a file never names one here: it becomes the song's title and nothing else.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from gateway.problems import Refused
from songreel.media.opening import ACCEPTED, HEADS

FILES = ("audio", "file", "song")  # names of the part that holds the song; all mean the same
LONGEST_FIELD = 1 << 20  # bytes of one field that is no file
MOST_FIELDS = 64
LONGEST_TITLE = 120  # characters
BUFFER = 1 << 20  # bytes that are written at once


@dataclass
class Form:
    """A form as it came: its fields, and the song's file when there was one."""

    fields: dict[str, str] = field(default_factory=dict)
    path: Path | None = None
    title: str = ""
    suffix: str = ""
    bytes: int = 0


class Reader:
    """Takes a multipart body apart while it comes.

    Args:
        boundary: of the parts, from the content type.
        folder: where the song is written.
        limit: bytes of the song.
    """

    def __init__(self, boundary: bytes, folder: Path, limit: int) -> None:
        self.form = Form()
        self._folder, self._limit = folder, limit
        self._file: BinaryIO | None = None
        self._pending = bytearray()
        self._header, self._value = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._name, self._content, self._is_file = "", bytearray(), False
        self._whole = False
        self._parser = MultipartParser(boundary, {
            "on_part_begin": self._begin, "on_part_data": self._data, "on_part_end": self._end, "on_header_field": self._header_field,
            "on_header_value": self._header_value, "on_header_end": self._header_end, "on_headers_finished": self._headers_finished,
            "on_end": self._finish,
        })  # fmt: skip

    async def read(self, chunks: AsyncIterator[bytes]) -> Form:
        """The form, when all of it has come.

        Raises:
            Refused: it is no form, or too large.
        """
        try:
            async for chunk in chunks:
                self._parser.write(chunk)
                if len(self._pending) >= BUFFER:
                    await asyncio.to_thread(self._flush)
            await asyncio.to_thread(self._flush)
        except FormParserError as error:
            raise Refused(422, f"the form cannot be read: {error}") from error
        finally:
            if self._file is not None:
                self._file.close()
        if not self._whole:
            raise Refused(422, "the form ends before its last boundary: it was cut off")
        return self.form

    def _begin(self) -> None:
        self._headers, self._content, self._name, self._is_file = {}, bytearray(), "", False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.form.fields) >= MOST_FIELDS:
                raise Refused(413, f"the form has more than {MOST_FIELDS} fields")
            return
        self._is_file = True
        if self._name not in FILES:
            raise Refused(422, f"the file is in the field {self._name[:40]!r}: it belongs into 'audio'")
        if self.form.path is not None:
            raise Refused(422, "the form has more than one song: a job makes the film of one")
        given = options[b"filename"].decode("utf-8", "replace")
        self.form.title, self.form.suffix = title_of(given), suffix_of(given)
        self.form.path = self._folder / "song"
        self._file = self.form.path.open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._content += data[start:end]
            if len(self._content) > LONGEST_FIELD:
                raise Refused(413, f"the field {self._name[:40]!r} is larger than {LONGEST_FIELD >> 20} MB")
            return
        if self.form.bytes < 16 <= self.form.bytes + end - start:
            look_at((bytes(self._pending) + data[start:end])[:512])
        self.form.bytes += end - start
        if self.form.bytes > self._limit:
            raise too_large(self._limit)
        self._pending += data[start:end]

    def _end(self) -> None:
        if not self._is_file and self._name:
            self.form.fields[self._name] = self._content.decode("utf-8", "replace")

    def _finish(self) -> None:
        self._whole = True

    def _flush(self) -> None:
        if self._file is not None and self._pending:
            self._file.write(self._pending)
            self._pending.clear()


def boundary_of(content_type: str) -> bytes:
    """The boundary that a content type names.

    Raises:
        Refused: it names none.
    """
    _, options = parse_options_header(content_type)
    found: bytes = options.get(b"boundary", b"")
    if not found:
        raise Refused(422, "the multipart form names no boundary")
    return found


def look_at(head: bytes) -> None:
    """Refuse by its first bytes what cannot be a song, before the rest is taken.

    Raises:
        Refused: it is something else.
    """
    known = next((words for start, words in HEADS.items() if head.startswith(start)), "")
    if not known and head[:512].lstrip().lower().startswith((b"<", b"{", b"#!/", b"#extm3u")):
        known = "text"
    if known:
        raise Refused(415, f"the upload is {known}: {ACCEPTED} is accepted")


def too_large(limit: int) -> Refused:
    """The refusal of a song that has too many bytes."""
    return Refused(413, f"the upload is larger than {limit / 1e6:.0f} MB: SONGREEL_UPLOAD_LIMIT_MB sets the limit", {"Connection": "close"})


def title_of(name: str) -> str:
    """A song's title from whatever its file was called."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", name.replace("\\", "/").rpartition("/")[2])
    kept = "".join(letter for letter in stem if letter.isprintable() and letter not in "#\"'`<>|")
    return " ".join(kept.split())[:LONGEST_TITLE].strip(". ") or "song"


def suffix_of(name: str) -> str:
    """The suffix of a file's name in lower case, or nothing."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return found[0].lower() if found else ""


def examine(path: str, suffix: str) -> dict[str, Any]:
    """What an upload is, found by taking its container apart to the end; runs in a worker, for its bytes come from anybody.

    Args:
        path: of the file.
        suffix: that it had.

    Returns:
        the ``suffix`` that it deserves, or ``refused`` with a sentence and its ``status`` when it is no song.
    """
    from songreel.errors import MediaError
    from songreel.media.opening import opened
    from songreel.media.probe import facts_of
    from songreel.media.sniffing import check_song

    name, status = Path(path).name, 415
    try:
        with opened(Path(path)) as container:
            facts = facts_of(container)
        if facts.audio is None:
            return {"status": 415, "refused": f"the upload has no sound: {ACCEPTED} is accepted"}
        status = 422  # it is a song, but not one that can be taken
        check_song(Path(path))
    except MediaError as error:
        return {"status": status, "refused": str(error).replace(name, "the upload", 1)}
    return {"suffix": _suffix(facts.container, suffix, facts.video is not None)}


def _suffix(container: str, own: str, video: bool) -> str:
    kinds = {
        "mp4": (".m4a", ".mp4", ".mov", ".m4v"), "matroska": (".mkv", ".webm", ".mka"), "ogg": (".ogg", ".opus", ".oga"), "aiff": (".aiff", ".aif"),
    }  # fmt: skip
    known = kinds.get(container, (f".{container}",))
    if own in known:
        return own
    return ".mp4" if container == "mp4" and video else known[0] if re.fullmatch(r"\.[a-z0-9]{1,8}", known[0]) else ""
