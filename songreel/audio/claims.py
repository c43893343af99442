"""How long a song file says it is, so that what is missing can be told."""

import re
import struct
from pathlib import Path

from songreel.media.probe import Probe

XING_WITHIN = 4096  # bytes after the ID3 tag in which an MP3's length header lies
ESTIMATING = {"aac", "ac3", "eac3", "mpeg", "mpegts", "mpegvideo", "h264", "hevc", "amr"}
"""Formats whose length is only guessed from the first packets."""
WAVE_HEAD = 1 << 16  # bytes in which the chunks before a wave file's sound lie
UNKNOWN_SIZE = 0xFFFFFFFF  # what a program writes that streams a wave file


def claimed_seconds(path: Path, facts: Probe) -> float:
    """The length that the file's own header says, in seconds; 0 when it says none."""
    if facts.container == "mp3":
        return facts.duration if _has_xing(path) else 0.0
    if facts.container == "wav":
        return _wave_seconds(path)
    return 0.0 if facts.container in ESTIMATING else facts.duration


def _has_xing(path: Path) -> bool:
    """Whether an MP3 has a header with its length; without one ffmpeg guesses from the bit rate."""
    with path.open("rb") as file:
        head = file.read(10)
        tagged = head[:3] == b"ID3" and len(head) == 10
        file.seek(sum((byte & 127) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)) + 10 if tagged else 0)
        return re.search(rb"Xing|Info|VBRI", file.read(XING_WITHIN)) is not None


def _wave_seconds(path: Path) -> float:
    """Size of the data chunk over the byte rate; ffmpeg believes the file's size instead."""
    with path.open("rb") as file:
        head = file.read(WAVE_HEAD)
    rate, at = 0, 12
    while at + 8 <= len(head):
        kind, size = struct.unpack_from("<4sI", head, at)
        if kind == b"data":
            return size / rate if rate and size != UNKNOWN_SIZE else 0.0
        if kind == b"fmt " and at + 20 <= len(head):
            rate = struct.unpack_from("<I", head, at + 16)[0]
        at += 8 + size + size % 2
    return 0.0
