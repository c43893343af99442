"""WAN VACE: footage that keeps the motion of the painter's own pictures of the scene, and the look of its reference images."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from songreel.models import loading
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit
from songreel.video.local.painted import Picture, edges, gray, painted

MOST_REFERENCES = 2  # pictures; more of them blur into each other
MAKE, KEEP = 255, 0  # of a mask


class Vace(LocalVideo):
    """`WanVACEPipeline` over the painter's pictures without their colours, or their edges alone."""

    def load(self, folder: Path) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.WanVACEPipeline, folder, self.profile)
        if shift := self.option("shift", 0):
            pipe.scheduler = diffusers.UniPCMultistepScheduler.from_config(pipe.scheduler.config, flow_shift=shift)
        loading.onto(pipe, self.profile)
        return pipe

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        pieces = take.asked.pieces
        begin = number * (pieces.frames - pieces.shared)
        structure = self.structure(take, range(begin, begin + pieces.frames))
        masks = [np.full_like(structure[0], MAKE) for _ in structure]
        if before is not None:
            structure[0], masks[0] = before[-1], np.full_like(structure[0], KEEP)
        made = pipe(
            **take.told, video=_images(structure), mask=_images(masks), reference_images=_references(take) or None, num_frames=pieces.frames,
            negative_prompt=take.order.negative_prompt, num_inference_steps=self.option("steps", 30), guidance_scale=self.option("guidance", 5.0),
            conditioning_scale=self.option("control", 1.0), generator=take.generator(number),
        )  # fmt: skip
        return eight_bit(made.frames)

    def structure(self, take: Take, numbers: range) -> list[Picture]:
        """What the footage keeps to."""
        simple = edges if self.option("structure", "gray") == "edges" else gray
        return [simple(picture) for picture in painted(take.order, take.store, take.asked, numbers)]


def _images(pictures: list[Picture]) -> list[Any]:
    from PIL import Image

    return [Image.fromarray(picture) for picture in pictures]


def _references(take: Take) -> list[Any]:
    from PIL import Image

    contents = [take.store.read(reference) for reference in take.order.references[:MOST_REFERENCES]]
    return [Image.open(BytesIO(content)).convert("RGB") for content in contents]
