"""Tells protected (DRM'd) files, which no honest decoder plays, from damaged ones."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PROTECTED_ENTRIES = {
    b"drms": "Apple FairPlay", b"drmi": "Apple FairPlay", b"p608": "Apple FairPlay", b"aavd": "Audible",
    b"enca": "Common Encryption", b"encv": "Common Encryption",
}  # fmt: skip
"""Sample entries of protected mp4 tracks -> whose protection it is."""
PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
ASF_ENCRYPTION = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")  # GUID of the Content Encryption Object
ASF_HEAD = 1 << 16  # bytes in which the ASF header's objects lie
MOST_BOXES = 10_000  # a damaged file may hold any number of empty boxes


def protection_of(path: Path) -> str:
    """Whose protection the file is under, or an empty text when it is free."""
    with path.open("rb") as file:
        head = file.read(ASF_HEAD)
        if ASF_ENCRYPTION in head:
            return "Windows Media DRM"
        if head[4:8] not in {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}:
            return ""
        entries = list(_sample_entries(file, 0, path.stat().st_size))
    return next((PROTECTED_ENTRIES[entry] for entry in entries if entry in PROTECTED_ENTRIES), "")


def _sample_entries(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """Four-character codes of all sample entries between two offsets."""
    for kind, inside, after in _boxes(file, start, end):
        if kind in PARENTS:
            yield from _sample_entries(file, inside, after)
        elif kind == b"stsd":
            yield from (entry for entry, _, _ in _boxes(file, inside + 8, after))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, offset of the content, offset of the end) of each box between two offsets."""
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0], 16
        after = end if size == 0 else min(start + size, end)
        if after < start + head:
            return
        yield kind, start + head, after
        start = after
