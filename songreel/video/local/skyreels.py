"""SkyReels V2 diffusion forcing: scenes of any length in one go, each window going on from the last frames of the one before."""

from pathlib import Path
from typing import Any

from songreel.models import loading
from songreel.models.asking import Ask
from songreel.models.joining import Frames
from songreel.video.local.base import LocalVideo, Take, eight_bit

WINDOW, OVERLAP = 97, 17  # frames
NOISE = 20  # added to the frames that a window goes on from; without any, errors add up


class SkyReels(LocalVideo):
    """`SkyReelsV2DiffusionForcingPipeline`."""

    def load(self, folder: Path) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.SkyReelsV2DiffusionForcingPipeline, folder, self.profile)
        if shift := self.option("shift", 0):
            pipe.scheduler = diffusers.UniPCMultistepScheduler.from_config(pipe.scheduler.config, flow_shift=shift)
        loading.onto(pipe, self.profile)
        return pipe

    def steps(self, asked: Ask) -> int:
        window, overlap = self.option("window", WINDOW), self.option("overlap", OVERLAP)
        windows = 1 + max(-(-(asked.pieces.frames - window) // (window - overlap)), 0)
        return int(super().steps(asked) * windows)

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        frames, window = take.asked.pieces.frames, self.option("window", WINDOW)
        longer = {"overlap_history": self.option("overlap", OVERLAP), "addnoise_condition": self.option("noise", NOISE)} if frames > window else {}
        made = pipe(
            **take.told, **longer, num_frames=frames, base_num_frames=window, fps=round(take.asked.fps), generator=take.generator(number),
            negative_prompt=take.order.negative_prompt, num_inference_steps=self.option("steps", 30), guidance_scale=self.option("guidance", 6.0),
            causal_block_size=1,  # left out, the size of an earlier call would count
        )  # fmt: skip
        return eight_bit(made.frames)
