"""LTX-Video: quick text to video; a longer scene goes on from the last frame."""

from pathlib import Path
from typing import Any

from songreel.models import loading
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit
from songreel.video.local.painted import first_picture


class Ltx(LocalVideo):
    """`LTXConditionPipeline`, which starts from words or from a picture."""

    def load(self, folder: Path) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.LTXConditionPipeline, folder, self.profile)
        loading.onto(pipe, self.profile)
        return pipe

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition
        from PIL import Image

        start = Image.fromarray(before[-1]) if before is not None else first_picture(take, str(self.option("first", "text")))
        given = {"conditions": [LTXVideoCondition(image=start, frame_index=0)]} if start else {}
        made = pipe(
            **take.told, **given, num_frames=take.asked.pieces.frames, frame_rate=round(take.asked.fps), output_type="np",
            negative_prompt=take.order.negative_prompt, num_inference_steps=self.option("steps", 40), guidance_scale=self.option("guidance", 3.0),
            decode_timestep=self.option("decode_timestep", 0.05), decode_noise_scale=self.option("decode_noise", 0.025),
            generator=take.generator(number),
        )  # fmt: skip
        return eight_bit(made.frames)
