"""Reference images by SDXL on this machine's GPU: the base model alone, without its refiner."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

import numpy as np

from schemas.backend import BackendProfile, BackendStatus
from schemas.shot import Reference, Sketch
from songreel.access import Access
from songreel.catalogue import find, made
from songreel.models import loading
from songreel.models.asking import size
from songreel.models.heard import Heard, classified
from songreel.models.weights import extra_missing, located, weights_missing
from songreel.painter.catalogue import find_style
from songreel.storage import Store

ASPECT = Fraction(16, 9)


class Sdxl:
    """`StableDiffusionXLPipeline`."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile, self.access = profile, access

    def status(self) -> BackendStatus:
        gone = extra_missing() or weights_missing(self.profile.model, self.access, variant=str(self.profile.options.get("variant", "")))
        return BackendStatus.of(self.profile, gone.what, gone.mend) if gone else BackendStatus.of(self.profile)

    def draw(self, sketch: Sketch, store: Store, progress: Callable[[float], None] | None = None) -> Reference:
        """The sketch as a PNG of the model's own size, 16:9.

        Raises:
            OutOfMemory: there is too little memory.
            SongreelError: it cannot be drawn here.
        """
        options, style = self.profile.options, find_style(sketch.look.style)
        width, height = size(ASPECT, self.profile)
        heard = Heard(progress or _unheard, int(options.get("steps", 30)))
        with classified(self.profile.title, heard):
            pipe = loading.kept(self.profile.model_dump_json(include={"engine", "model", "options"}), self._load)
            pictures = pipe(
                prompt=", ".join((sketch.description, style.title, *style.prompt)), negative_prompt=", ".join(("text, watermark", *style.negative)),
                width=width, height=height, num_inference_steps=options.get("steps", 30), guidance_scale=options.get("guidance", 6.0),
                generator=loading.generator(sketch.seed), callback_on_step_end=heard.step, output_type="np",
            ).images  # fmt: skip
            heard.tell(1.0)
        return Reference(sketch=sketch, image=store.put_bytes(_png(pictures[0]), ".png", "image/png"), backend=self.profile.name)

    def _load(self) -> Any:
        import diffusers

        pipe = loading.pipeline(diffusers.StableDiffusionXLPipeline, located(self.profile.model, self.access), self.profile)
        loading.onto(pipe, self.profile)
        return pipe


def draw(sketch: Sketch, store: Store, access: Access, name: str, progress: Callable[[float], None] | None = None) -> Reference:
    """A sketch by the local image model of that name; for the process that has it loaded.

    Raises:
        SongreelError: it cannot be drawn here.
    """
    backend: Sdxl = made(find("image", name, access), access)
    return backend.draw(sketch, store, progress)


def _png(picture: Any) -> bytes:
    from PIL import Image

    png = BytesIO()
    Image.fromarray(np.rint(np.nan_to_num(np.asarray(picture)) * 255).clip(0, 255).astype(np.uint8)).save(png, "png")
    return png.getvalue()


def _unheard(share: float) -> None:
    """Progress for who does not listen."""
