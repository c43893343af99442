"""Loudness by ITU-R BS.1770, measured by ffmpeg's ebur128."""

import re
from pathlib import Path

from songreel.errors import MediaError
from songreel.media.tool import run

SILENCE = -70.0  # LUFS, the gate of BS.1770: nothing below it counts


def integrated_loudness(path: Path) -> float:
    """Integrated loudness of a file's sound in LUFS; -70 when all of it lies under the gate.

    Raises:
        MediaError: the file has no sound that can be measured.
    """
    import ffmpeg

    sound = ffmpeg.input(str(path)).audio.filter("ebur128", framelog="quiet")
    said = run(sound.output("-", format="null"))
    found = re.findall(r"^\s*I:\s*(-?\d+(?:\.\d+)?|-inf) LUFS", said, re.MULTILINE)
    if not found:
        raise MediaError(f"the loudness of {path.name} cannot be measured: {said.strip()[-200:]}")
    return max(float(found[-1]), SILENCE)
