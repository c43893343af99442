"""AnimateDiff-Lightning: a motion adapter in a Stable Diffusion 1.5 model, four steps a scene.

Past its window of 16 frames FreeNoise makes one long scene of overlapping windows, whose prompt travels on with the camera.
"""

from pathlib import Path
from typing import Any

from schemas import ShotOrder
from songreel.models import loading
from songreel.models.asking import Ask
from songreel.models.joining import Frames
from songreel.models.weights import located
from songreel.video.local.base import LocalVideo, Take, eight_bit

WINDOW, STRIDE = 16, 4  # frames of one look of the model, and from one look to the next
ADAPTER = "ByteDance/AnimateDiff-Lightning"
ARRIVING = {
    "push": "closer view", "rise": "seen from high above", "orbit": "seen from the other side", "track": "further along the way",
    "drift": "a little later", "handheld": "a little later",
}  # fmt: skip
"""Words that a long scene's prompt ends with, by the camera's way."""


class AnimateDiff(LocalVideo):
    """`AnimateDiffPipeline` with the bare weights of AnimateDiff-Lightning."""

    def repositories(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ((self.profile.model, ()), (str(self.option("adapter", ADAPTER)), (self._file,)))

    @property
    def _file(self) -> str:
        return f"animatediff_lightning_{self.option('steps', 4)}step_diffusers.safetensors"

    def load(self, folder: Path) -> Any:
        import diffusers

        repo, files = self.repositories()[1]
        pipe = loading.pipeline(diffusers.AnimateDiffPipeline, folder, self.profile, motion_adapter=self._adapter(located(repo, self.access, files)))
        pipe.scheduler = diffusers.EulerDiscreteScheduler.from_config(pipe.scheduler.config, timestep_spacing="trailing", beta_schedule="linear")
        loading.onto(pipe, self.profile)
        return pipe

    def steps(self, asked: Ask) -> int:
        return int(self.option("steps", 4))

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        frames = take.asked.pieces.frames
        if frames > WINDOW:
            pipe.enable_free_noise(context_length=WINDOW, context_stride=STRIDE)
        elif pipe.free_noise_enabled:
            pipe.disable_free_noise()
        told = {**take.told, "prompt": travel(take.order, frames) if frames > WINDOW else take.order.prompt}
        guidance = self.option("guidance", 1.0)
        made = pipe(
            **told, num_frames=frames, num_inference_steps=self.option("steps", 4), guidance_scale=guidance, generator=take.generator(number),
            negative_prompt=take.order.negative_prompt if guidance > 1 else None, output_type="np",
        )  # fmt: skip
        return eight_bit(made.frames)

    def _adapter(self, folder: Path) -> Any:
        """The motion adapter, whose repository holds weights and no configuration: its widths are read from them."""
        from diffusers import MotionAdapter
        from safetensors.torch import load_file

        weights = load_file(str(folder / self._file))
        adapter = MotionAdapter(block_out_channels=_widths(set(weights), weights))
        adapter.load_state_dict(weights)
        return adapter.to(loading.numbers(self.profile))


def travel(order: ShotOrder, frames: int) -> dict[int, str]:
    """Prompts by frame: the order's own, and at the end where the camera arrives."""
    return {0: order.prompt, frames // 2: order.prompt, frames - 1: f"{order.prompt}, {ARRIVING[order.look.camera]}"}


def _widths(names: set[str], weights: dict[str, Any]) -> tuple[int, ...]:
    """Channels of each of the adapter's stages."""
    stages = sorted({int(name.split(".")[1]) for name in names if name.startswith("down_blocks.")})
    return tuple(int(weights[f"down_blocks.{stage}.motion_modules.0.norm.weight"].shape[0]) for stage in stages)
