"""What assemble, inspect and publish give."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Dollars, Fps, Frame, Model, Note, Seconds, Seed, Share
from schemas.media import MediaRef
from schemas.plan import Transition
from schemas.shot import Encoding, Slot


class Placement(Model):
    """One scene on the timeline and how it comes in."""

    slot: Slot
    transition: Transition = Transition()


class Timeline(Model):
    """Clips, cuts and transitions on the frame grid."""

    fps: Fps
    width: int
    height: int
    frames: Annotated[int, Field(gt=0)]
    encoding: Encoding
    placements: Annotated[tuple[Placement, ...], Field(min_length=1)]
    beats: tuple[Seconds, ...] = ()

    @property
    def cuts(self) -> tuple[int, ...]:
        """Frames at which a new scene begins, the film's start left out."""
        return tuple(p.slot.start_frame for p in self.placements[1:])

    @model_validator(mode="after")
    def _ends_with_the_film(self) -> Self:
        if self.placements[-1].slot.end_frame != self.frames:
            raise ValueError(f"the last clip ends at frame {self.placements[-1].slot.end_frame}, the film at {self.frames}")
        return self


class Film(Model):
    """The delivered file."""

    media: MediaRef
    frames: int
    fps: Fps
    width: int
    height: int
    duration: Seconds
    container: Literal["mp4", "mov"]
    soundtrack: Literal["copied", "encoded"]
    copied_frames: Frame = 0
    encoded_frames: Frame = 0
    notes: tuple[Note, ...] = ()


class CutReport(Model):
    """Where the delivered cuts lie against the beat grid."""

    count: int
    max_error_frames: float
    on_beat_share: Share
    by_chance: Share
    """The on-beat share that cuts thrown at random would reach."""


class Violation(Model):
    """A hard rule that the delivered file breaks."""

    rule: Literal["ken_burns", "slideshow", "length", "soundtrack", "cuts", "flashes", "black"]
    sentence: str
    frames: tuple[Frame, ...] = ()


class Report(Model):
    """The delivered file, measured."""

    frames: int
    fps: Fps
    width: int
    height: int
    duration: Seconds
    cuts: CutReport
    length_error_frames: float
    audio_offset_ms: float
    still_clips: tuple[int, ...]
    """Indices of clips whose picture stands still."""
    ken_burns_clips: tuple[int, ...]
    """Indices of clips that are a still under an affine motion with nothing left over."""
    black_frames: int
    flashes_per_second_max: float
    beat_alignment: float
    """Mean motion near beats over mean motion elsewhere; 1 is chance."""
    beat_alignment_off_beat: float = 1.0
    """The same with the grid half a beat later."""
    beat_alignment_by_chance: float = 1.0
    """The same with the sound shuffled, pieces of 1 to 4 seconds in random order: mean over many orders."""
    beat_alignment_chance_high: float = 1.0
    """What one in forty of those orders passes: a film that moves with its music lies above."""
    loud_motion: float = 1.0
    """Mean motion in the loudest third of the song over that in its quietest third."""
    loud_motion_chance_high: float = 1.0
    """What one in forty of the shuffled orders passes."""
    loud_decibels: float = 0.0
    """How much louder the loud third is than the quiet one; a song that is as loud throughout asks for no difference in motion."""
    violations: tuple[Violation, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.violations


class Cost(Model):
    """Money and time of one thing that was made, or taken from what an earlier run made."""

    stage: str
    scene: int | None = None
    provider: str
    """The backend, or the service's model."""
    estimated: Dollars = 0.0
    charged: Dollars = 0.0
    """In this run."""
    wasted: Dollars = 0.0
    """Of what was charged in this run, the part that gave nothing."""
    earlier: Dollars = 0.0
    """What an earlier run was charged for it, when it was known here: nothing is paid twice."""
    cached: bool = False
    """Whether it was known, and cost this run nothing."""
    seconds: Seconds = 0.0
    """Time of making it."""
    footage: Seconds = 0.0
    """Seconds of footage that were made."""
    lines: Annotated[int, Field(ge=0)] = 0
    """The picture's shorter side, in px."""


class CostLedger(Model):
    """Every estimate and charge of a run."""

    entries: tuple[Cost, ...] = ()
    cap: Dollars = 0.0

    @property
    def charged(self) -> float:
        """Dollars that this run was charged."""
        return sum(entry.charged for entry in self.entries)

    @property
    def estimated(self) -> float:
        return sum(entry.estimated for entry in self.entries)

    @property
    def wasted(self) -> float:
        """Dollars that this run was charged for nothing."""
        return sum(entry.wasted for entry in self.entries)

    @property
    def whole(self) -> float:
        """Dollars that the film cost, in this run and in earlier ones."""
        return sum(entry.charged + entry.earlier for entry in self.entries)

    def known(self) -> Self:
        """The ledger of a run that found everything made: what was charged then is of an earlier run now."""
        free = {"cached": True, "charged": 0.0, "wasted": 0.0}
        return self.model_copy(
            update={"entries": tuple(entry.model_copy(update={**free, "earlier": entry.charged + entry.earlier}) for entry in self.entries)}
        )


class RunCosts(Model):
    """One run's record in the ledger of all runs."""

    run: str
    at: str
    """When it ended, ISO 8601, UTC."""
    machine: str
    """What the run's machine is known by: its GPU, if any, and its cores."""
    film: Seconds
    """Length of the film."""
    around: Seconds
    """Time of everything but the shooting."""
    costs: CostLedger


class SceneResult(Model):
    index: int
    start_frame: Frame
    end_frame: Frame
    backend: str
    world: str
    style: str
    prompt: str
    seed: Seed
    cached: bool
    seconds: Seconds
    dollars: Dollars


class FilmFile(Model):
    """Where the film lies and what it is."""

    path: str
    frames: int
    fps: float
    width: int
    height: int
    duration: Seconds
    sha256: str


class ReportSummary(Model):
    """The report's figures as other programs read them."""

    cuts: CutReport
    length_error_frames: float
    audio_offset_ms: float
    still_clips: int
    ken_burns_clips: int
    black_frames: int
    flashes_per_second_max: float
    beat_alignment: float


class FilmResult(Model):
    """What one run gives; ``manifest.json`` of the reel."""

    run: str
    film: FilmFile
    scenes: tuple[SceneResult, ...]
    timings: dict[str, Seconds]
    dollars: Dollars
    degraded: tuple[Note, ...]
    report: ReportSummary
