"""WAN 2.1 and 2.2: text to video, image to video, first-last-frame, and TI2V-5B, which is both.

What a repository is, its own index tells. A scene longer than a piece goes on from its last frame where the model takes pictures;
a model led by text alone paints over the last piece played backwards, so that the motion goes on from where it was.
"""

from pathlib import Path
from typing import Any

import numpy as np

from songreel.models import loading
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit
from songreel.video.local.painted import first_picture, painted

REPAINTED = 0.8  # how much of a piece that is painted over becomes new
OVERLAP = 8  # frames that are crossfaded where the model takes no picture


class Wan(LocalVideo):
    """`WanPipeline` and `WanImageToVideoPipeline`, whichever the repository holds."""

    @property
    def shared(self) -> int:  # type: ignore[override]
        return 1 if self.takes_pictures else OVERLAP

    @property
    def takes_pictures(self) -> bool:
        """Whether it goes on from a picture."""
        return self.profile.first_frame

    def load(self, folder: Path) -> Any:
        import diffusers

        index = diffusers.DiffusionPipeline.load_config(str(folder), local_files_only=True)
        pipe = loading.pipeline(getattr(diffusers, index["_class_name"]), folder, self.profile)
        if shift := self.option("shift", 0):
            pipe.scheduler = diffusers.UniPCMultistepScheduler.from_config(pipe.scheduler.config, flow_shift=shift)
        loading.onto(pipe, self.profile)
        return pipe

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        import diffusers

        told = {**take.told, **self._guidance(pipe), "generator": take.generator(number), "num_inference_steps": self.option("steps", 30)}
        told["negative_prompt"] = take.order.negative_prompt
        led_by_text = not isinstance(pipe, diffusers.WanImageToVideoPipeline)
        first = self.option("first", "text" if led_by_text else "scene")
        if before is None and led_by_text and first == "text":
            return eight_bit(pipe(num_frames=take.asked.pieces.frames, **told).frames)
        if not self.takes_pictures:
            return self._painted_over(pipe, take, before, told)
        if led_by_text:
            pipe = loading.sibling(diffusers.WanImageToVideoPipeline, pipe)
        told["image"], last = _pictures(take, number, before, str(first), bool(self.option("last", False)))
        if last is not None:
            told["last_image"] = last
        return eight_bit(pipe(num_frames=take.asked.pieces.frames, **told).frames)

    def _painted_over(self, pipe: Any, take: Take, before: Frames | None, told: dict[str, Any]) -> Frames:
        """The next piece of a model that takes no picture: the last frames, then the piece before backwards, painted over."""
        import diffusers
        from PIL import Image

        assert before is not None
        finer = {"transformer": pipe.transformer_2} if getattr(pipe, "transformer_2", None) is not None else {}  # its part for little noise
        pipe = loading.sibling(diffusers.WanVideoToVideoPipeline, pipe, **finer)
        template = np.concatenate([before[-take.asked.pieces.shared :], before[-2::-1]])[: take.asked.pieces.frames]
        told.pop("guidance_scale_2", None)
        return eight_bit(pipe(video=[Image.fromarray(frame) for frame in template], strength=self.option("repainted", REPAINTED), **told).frames)

    def _guidance(self, pipe: Any) -> dict[str, float]:
        """How strictly the prompt counts, in both stages of a model that has two."""
        told = {"guidance_scale": self.option("guidance", 5.0)}
        if getattr(pipe, "transformer_2", None) is not None and pipe.config.get("boundary_ratio"):
            told["guidance_scale_2"] = self.option("guidance_2", told["guidance_scale"])
        return told


def _pictures(take: Take, number: int, before: Frames | None, first: str, to_last: bool) -> tuple[Any, Any]:
    """The picture that a piece starts from, and the one that it shall end with."""
    from PIL import Image

    pieces = take.asked.pieces
    start = first_picture(take, first) if before is None else Image.fromarray(before[-1])
    if not to_last:
        return start, None
    end = number * (pieces.frames - pieces.shared) + pieces.frames - 1
    (last,) = painted(take.order, take.store, take.asked, [end])
    return start, Image.fromarray(last)
