"""SDXL with a ControlNet as a rotoscope: each picture keeps the edges of the painter's picture of that moment, so motion and cuts stay.

Pictures hang together because each is painted over a mix of the painter's next picture and the one just made, with the same noise for
the whole scene. Every picture is made anew: nothing is held, panned or zoomed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from songreel.models import loading
from songreel.models.asking import Ask
from songreel.models.joining import Frames
from songreel.models.weights import located
from songreel.video.local.base import LocalVideo, Take, eight_bit
from songreel.video.local.painted import Picture, edges, painted

CONTROLNET = "diffusers/controlnet-canny-sdxl-1.0"
FIRST = 0.85  # how much of the first picture becomes new: it sets the look of the scene
REPAINTED, CARRIED, CONTROL = 0.6, 0.45, 0.6  # of later pictures; share of the last picture in what is painted over; weight of the edges


class SdxlControlNet(LocalVideo):
    """`StableDiffusionXLControlNetImg2ImgPipeline`, picture by picture."""

    def repositories(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ((self.profile.model, ()), (str(self.option("controlnet", CONTROLNET)), ()))

    def load(self, folder: Path) -> Any:
        import diffusers

        controlnet = loading.model(diffusers.ControlNetModel, located(self.repositories()[1][0], self.access), self.profile)
        pipe = loading.pipeline(diffusers.StableDiffusionXLControlNetImg2ImgPipeline, folder, self.profile, controlnet=controlnet)
        loading.onto(pipe, self.profile)
        return pipe

    def steps(self, asked: Ask) -> int:
        return asked.frames * max(int(self.option("steps", 24) * self.option("repainted", REPAINTED)), 1)

    def frames(self, pipe: Any, take: Take) -> Iterator[NDArray[np.uint8]]:
        last: Picture | None = None
        for picture in painted(take.order, take.store, take.asked, range(take.asked.frames)):
            last = self._repainted(pipe, take, picture, last)
            yield last

    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        """The whole scene; `frames` gives it picture by picture."""
        return np.stack(list(self.frames(pipe, take)))

    def _repainted(self, pipe: Any, take: Take, picture: Picture, last: Picture | None) -> Picture:
        from PIL import Image

        carried = 0.0 if last is None else self.option("carried", CARRIED)
        ground = picture if last is None else np.rint((1 - carried) * picture + carried * last).astype(np.uint8)
        made = pipe(
            **take.told, image=Image.fromarray(ground), control_image=Image.fromarray(edges(picture)),
            strength=FIRST if last is None else self.option("repainted", REPAINTED), controlnet_conditioning_scale=self.option("control", CONTROL),
            negative_prompt=take.order.negative_prompt, num_inference_steps=self.option("steps", 24), guidance_scale=self.option("guidance", 6.0),
            generator=take.generator(), output_type="np",
        )  # fmt: skip
        return np.asarray(eight_bit(made.images)[0])
