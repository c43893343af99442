"""What separate gives."""

from typing import Literal

from schemas.base import Hertz, Model, Note
from schemas.media import MediaRef


class Stems(Model):
    """Four stems that sum to the mix to within -60 dB; 24-bit FLAC, the master's length and rate."""

    vocals: MediaRef
    drums: MediaRef
    bass: MediaRef
    other: MediaRef
    sample_rate: Hertz
    method: Literal["dsp", "demucs"] = "dsp"
    residual_db: float
    """Level of (mix - sum of stems) relative to the mix, in dB; at most -60."""
    notes: tuple[Note, ...] = ()
