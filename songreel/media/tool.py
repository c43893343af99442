"""The ffmpeg program, for what libav's Python binding does not reach (filters, measurements)."""

import shutil
import subprocess
from typing import Any

from songreel.errors import MediaError

KEPT = 400  # characters of the end of ffmpeg's own message that an error carries


def ffmpeg_path() -> str:
    """The system's ffmpeg when one is on the path, else the one that imageio-ffmpeg brings."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(stream: Any, *, overwrite: bool = True) -> str:
    """Run an ffmpeg-python graph to its end; returns what ffmpeg said (stderr).

    Args:
        stream: an output node of ffmpeg-python.
        overwrite: whether the output files may exist.

    Raises:
        MediaError: ffmpeg failed; carries the end of its own message.
    """
    command = stream.compile(cmd=[ffmpeg_path(), "-hide_banner", "-nostdin"], overwrite_output=overwrite)
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise MediaError(f"ffmpeg ended with code {done.returncode}: {said.strip()[-KEPT:]}")
    return said
