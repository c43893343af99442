"""Whether a file that came from elsewhere may be a song, found without decoding it: a small file can decode to days of silence."""

from pathlib import Path
from typing import TYPE_CHECKING

from songreel.errors import MediaError
from songreel.media.opening import ACCEPTED, opened
from songreel.media.probe import Probe, facts_of

if TYPE_CHECKING:
    from av.container import InputContainer

LONGEST = 12 * 3600.0  # seconds; of longer songs only the first part is ever used
MOST_PACKETS = 4_000_000  # twelve hours have two million of 20 ms


def check_song(path: Path, longest: float = LONGEST) -> Probe:
    """Facts of a file that has sound and is not absurdly long.

    Its packets are counted, whatever its header says of its length.

    Raises:
        MediaError: it is no media file, has no sound, or holds more than ``longest`` seconds.
    """
    with opened(path) as container:
        facts = facts_of(container)
        if facts.audio is None:
            raise MediaError(f"{path.name} has no sound: {ACCEPTED} is accepted")
        if facts.duration > longest or _longer(container, longest):
            raise MediaError(
                f"{path.name} has {path.stat().st_size} bytes and would last more than {longest / 3600:g} h when decoded: that is taken for no song"
            )
    return facts


def _longer(container: "InputContainer", longest: float) -> bool:
    """Whether the first sound stream's packets last longer."""
    import av

    stream = container.streams.audio[0]
    base = float(stream.time_base or 0)
    total = 0
    try:
        for number, packet in enumerate(container.demux(stream)):
            total += packet.duration or 0
            if total * base > longest or number > MOST_PACKETS:
                return True
    except av.FFmpegError:
        return False  # damaged: ingest finds out how much of it plays
    return False
