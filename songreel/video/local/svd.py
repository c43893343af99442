"""Stable Video Diffusion: a picture of the scene set in motion; it knows no words, so the picture is the painter's own.

How much moves follows the scene's energy. A longer scene goes on from the last frame.
"""

from pathlib import Path
from typing import Any

from songreel.models import loading
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit
from songreel.video.local.painted import first_picture

CALM, LIVELY = 0.6, 1.4  # times the usual motion, at energy 0 and 1
MOST_MOTION = 255


class Svd(LocalVideo):
    """`StableVideoDiffusionPipeline`."""

    def load(self, folder: Path) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.StableVideoDiffusionPipeline, folder, self.profile)
        loading.onto(pipe, self.profile)
        return pipe

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        from PIL import Image

        start = Image.fromarray(before[-1]) if before is not None else first_picture(take, str(self.option("first", "scene")))
        motion = self.option("motion", 127) * (CALM + (LIVELY - CALM) * take.order.look.energy)
        made = pipe(
            start, take.asked.height, take.asked.width, num_frames=take.asked.pieces.frames, num_inference_steps=self.option("steps", 25),
            fps=round(take.asked.fps), motion_bucket_id=min(round(motion), MOST_MOTION), decode_chunk_size=self.option("at_once", 4),
            generator=take.generator(number), callback_on_step_end=take.heard.step, output_type="np",
        )  # fmt: skip
        return eight_bit(made.frames)
