"""What shoot takes and gives, and what conform makes of it."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Dollars, Fps, Frame, Model, Note, Seconds, Seed
from schemas.lettering import Lettering
from schemas.look import Look, OwnShaders
from schemas.media import MediaRef
from schemas.request import Quality


class Encoding(Model):
    """Codec settings that every clip of a film shares, so that packets can be copied."""

    codec: Literal["h264"] = "h264"
    preset: str = "veryfast"
    crf: Annotated[int, Field(ge=0, le=51)] = 20
    pixel_format: Literal["yuv420p"] = "yuv420p"
    threads: Annotated[int, Field(ge=1, description="Encoder threads; fixed, because the bytes depend on it")] = 2


class Slot(Model):
    """A clip's place on the timeline, in frames.

    The clip runs from ``start_frame - handle_in`` to ``end_frame + handle_out``; a transition of 2n frames
    takes n frames of handle from each side of its cut. Frames that are no part of a transition are copied.
    """

    scene: Annotated[int, Field(ge=0)]
    start_frame: Frame
    end_frame: Frame
    handle_in: Frame = 0
    handle_out: Frame = 0

    @property
    def frames(self) -> int:
        """Frames of the clip, handles included."""
        return self.handle_in + self.end_frame - self.start_frame + self.handle_out

    @property
    def first_frame(self) -> int:
        """Where on the film's grid the clip's first frame lies."""
        return self.start_frame - self.handle_in

    @property
    def keyframes(self) -> tuple[int, ...]:
        """Clip frames that must be IDR: the start and the two edges of the copied middle."""
        return tuple(sorted({0, 2 * self.handle_in, self.frames - 2 * self.handle_out} - {self.frames}))


class ShotOrder(Model):
    """The exact request for one scene's footage: equal orders give equal footage, so this is the cache key of shoot."""

    backend: str
    slot: Slot
    width: Annotated[int, Field(gt=0, multiple_of=2)]
    height: Annotated[int, Field(gt=0, multiple_of=2)]
    fps: Fps
    encoding: Encoding
    quality: Quality
    prompt: str
    negative_prompt: str = ""
    seed: Seed
    look: Look
    own: OwnShaders = OwnShaders()
    """A person's world and style, which the painter draws instead of the look's."""
    references: tuple[MediaRef, ...] = ()
    curves: MediaRef | None = None
    """The analysis' curves, for backends whose pictures are driven by the music."""
    image: MediaRef | None = None
    """What a world that shows an image paints; none in all other worlds."""
    lettering: Lettering | None = None
    """Type that is seen in the slot; what its backend does not letter is lettered by conform."""


class Footage(Model):
    """What a backend gave."""

    media: MediaRef
    frames: Annotated[int, Field(gt=0)]
    width: int
    height: int
    fps: Fps
    backend: str
    model: str = ""
    seed: Seed
    lettered: bool = False
    """True when the backend already drew the order's lettering."""
    conformed: bool = False
    """True when the backend already wrote the order's exact frames, size, rate, encoding and keyframes."""
    seconds: Seconds = 0.0
    """Time it took to make."""
    dollars: Dollars = 0.0
    notes: tuple[Note, ...] = ()


class Clip(Model):
    """Footage conformed to the timeline."""

    slot: Slot
    media: MediaRef
    width: int
    height: int
    fps: Fps
    encoding: Encoding
    notes: tuple[Note, ...] = ()


class Sketch(Model):
    """What a reference image shows; equal sketches give equal images, so this is the cache key of sketch."""

    kind: Literal["style", "character"]
    name: str
    description: str
    look: Look
    seed: Seed


class Reference(Model):
    """A picture that tells the backends what something looks like."""

    sketch: Sketch
    image: MediaRef
    backend: str
    dollars: Dollars = 0.0
    notes: tuple[Note, ...] = ()
