"""What analyse gives: when the music happens and how it feels."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Bpm, Fps, Model, Note, Seconds, Share
from schemas.media import MediaRef

SectionLabel = Literal["intro", "verse", "chorus", "bridge", "drop", "outro"]
PitchClass = Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

CURVES = (
    "kick", "snare", "hat", "bass", "mid", "treble", "vocals", "loudness", "brightness",
    "energy", "beat", "beat_phase", "bar_phase", "section_phase",
)  # fmt: skip
"""Names of the arrays in the curves file; each float32, shape (frames of the film,), in [0, 1].

``beat`` is 1 on the beat and decays; the phases rise from 0 to 1 over a beat, a bar and a section; ``energy`` is the section's, smoothed.
"""


class TempoCandidate(Model):
    """One reading of the tempo; confidences of all candidates sum to 1."""

    bpm: Bpm
    confidence: Share


class Section(Model):
    """A span of the form; its boundaries lie on downbeats (or the song's ends)."""

    label: SectionLabel
    start: Seconds
    end: Seconds
    energy: Share
    group: Annotated[str, Field(description="Letter shared by sections that repeat each other: 'A', 'B' ...")]

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"section {self.label} ends at {self.end:.3f} s, not after its start at {self.start:.3f} s")
        return self


class Instrument(Model):
    """How much of the song an instrument group sounds, and where."""

    name: Literal["vocals", "drums", "bass", "other"]
    share: Share
    spans: tuple[tuple[Seconds, Seconds], ...] = ()


class GridEdit(Model):
    """A person's word on the beat grid; kept through re-analysis. Give at most one of taps, tempo_map and beats."""

    taps: tuple[Seconds, ...] = ()
    """Times tapped along, jittered and with gaps allowed; tempo and phase are fitted to them."""
    offset: Seconds | None = None
    """Time of the first beat that is a downbeat."""
    tempo_map: tuple[tuple[Seconds, Bpm], ...] = ()
    """(time, bpm) pairs; each tempo holds from its time until the next."""
    beats: tuple[Seconds, ...] = ()
    """A corrected grid, used as it is."""
    metre: Annotated[int, Field(ge=2, le=12)] | None = None
    """Beats in a bar."""

    @model_validator(mode="after")
    def _one_grid(self) -> Self:
        given = [name for name in ("taps", "tempo_map", "beats") if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"give one of taps, tempo_map and beats, not {' and '.join(given)}")
        for name in ("taps", "beats"):
            for before, after in zip(getattr(self, name), getattr(self, name)[1:], strict=False):
                if after <= before:
                    raise ValueError(f"beat at {after:.3f} s follows one at {before:.3f} s: times must increase")
        return self


class Analysis(Model):
    """Everything the later stages know of the music."""

    duration: Seconds
    tempo: Bpm
    tempo_candidates: tuple[TempoCandidate, ...]
    """Best first; holds the x1/2 and x2 readings of the best."""
    beats: tuple[Seconds, ...]
    downbeats: tuple[Seconds, ...]
    metre: Annotated[int, Field(ge=2, le=12, description="Beats in a bar")]
    grid: Literal["steady", "tracked", "even", "user"]
    """steady: one tempo fitted to the whole song; tracked: follows a live take; even: no beat found; user: given."""
    grid_confidence: Share
    key: PitchClass
    mode: Literal["major", "minor"]
    key_confidence: Share
    sections: tuple[Section, ...]
    energy: Share
    brightness: Share
    valence: Share
    arousal: Share
    loudness: Annotated[float, Field(description="Integrated loudness in LUFS (ITU-R BS.1770)")]
    instruments: tuple[Instrument, ...] = ()
    curves: MediaRef
    """``.npz`` of the arrays named in `CURVES`."""
    fps: Fps
    """Rate of the curves, frames a second."""
    notes: tuple[Note, ...] = ()
