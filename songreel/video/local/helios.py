"""Helios: minutes of video in one go, 33 frames at a time with all of the past in memory."""

from pathlib import Path
from typing import Any

from songreel.models import loading
from songreel.models.asking import Ask
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit

CHUNK = 33  # frames


class Helios(LocalVideo):
    """`HeliosPipeline`."""

    def load(self, folder: Path) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.HeliosPipeline, folder, self.profile)
        loading.onto(pipe, self.profile)
        return pipe

    def steps(self, asked: Ask) -> int:
        return super().steps(asked) * max(asked.pieces.frames // CHUNK, 1)

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        made = pipe(
            **take.told, num_frames=take.asked.pieces.frames, negative_prompt=take.order.negative_prompt, generator=take.generator(number),
            num_inference_steps=self.option("steps", 50), guidance_scale=self.option("guidance", 5.0),
        )  # fmt: skip
        return eight_bit(made.frames)
