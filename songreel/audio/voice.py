"""Where someone sings, by the level of the vocals stem; levels are dB of full scale, in frames of 20 ms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FRAME = 0.02  # seconds
BELOW_MIX = 26.0  # dB under the song's loudness: less is what a separation leaves of other instruments
BELOW_VOICE = 32.0  # dB under the stem's own loud passages: less is breath and reverberation
FLOOR = -60.0  # dB; silence in any song
LOUD = 95  # percentile of a stem's levels that is its loud passages
BRIDGED = 0.5  # seconds; a shorter pause is within a phrase
SHORTEST = 0.2  # seconds; a shorter sound is no word
TINY = 1e-7  # of full scale


@dataclass(frozen=True, eq=False)
class Voice:
    """Frames in which the voice sounds, shape (frames,)."""

    sounds: NDArray[np.bool_]

    @property
    def seconds(self) -> float:
        """How long it sounds in all."""
        return float(self.sounds.sum() * FRAME)

    def share(self, start: float, end: float) -> float:
        """Share of a stretch of time in which it sounds."""
        first = min(max(int(start / FRAME), 0), len(self.sounds))
        part = self.sounds[first : max(int(np.ceil(end / FRAME)), first + 1)]
        return float(part.mean()) if len(part) else 0.0

    def spans(self, pause: float = BRIDGED) -> list[tuple[float, float]]:
        """Stretches of singing, in seconds; pauses that are shorter than `pause` belong to them."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], self.sounds.astype(np.int8), [0]])))
        out: list[tuple[float, float]] = []
        for start, end in edges.reshape(-1, 2) * FRAME:
            if out and start - out[-1][1] < pause:
                out[-1] = (out[-1][0], float(end))
            else:
                out.append((float(start), float(end)))
        return [(start, end) for start, end in out if end - start >= SHORTEST]


def heard(samples: Floats, rate: int, loudness: float) -> Voice:
    """Where the voice sounds in a vocals stem.

    Args:
        samples: the stem, mono, shape (n,).
        rate: of the samples, in Hz.
        loudness: of the whole song, in LUFS.
    """
    size = int(FRAME * rate)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    levels = 20 * np.log10(np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1)) + TINY)
    if not len(levels):
        return Voice(np.zeros(0, bool))
    floor = max(loudness - BELOW_MIX, float(np.percentile(levels, LOUD)) - BELOW_VOICE, FLOOR)
    return Voice(levels > floor)
