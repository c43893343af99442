"""Reference images by the built-in painter."""

from fractions import Fraction
from io import BytesIO

from schemas.analysis import CURVES
from schemas.backend import BackendProfile, BackendStatus
from schemas.shot import Reference, Sketch
from songreel.access import Access
from songreel.storage import Store

WIDTH, HEIGHT = 960, 540  # px; what image-to-video models take as a first look
FPS = Fraction(30)
MOMENT = 45  # frame of the still: 1.5 s in, when cameras and water are under way
LEVEL = 0.45  # every curve at this level: music neither silent nor loud


class PainterImages:
    """Draws sketches with the painter; needs only OpenGL."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile = profile

    def status(self) -> BackendStatus:
        return BackendStatus.of(self.profile)

    def draw(self, sketch: Sketch, store: Store) -> Reference:
        """The sketch as a 960x540 PNG."""
        import numpy as np
        from PIL import Image

        from songreel.painter.engine import Painter

        curves = {name: np.full(2 * MOMENT, LEVEL, np.float32) for name in CURVES}
        with Painter(WIDTH, HEIGHT, FPS, "professional") as painter:
            picture = painter.still(sketch.look, sketch.seed, curves, MOMENT)
        png = BytesIO()
        Image.fromarray(picture).save(png, "png")
        return Reference(sketch=sketch, image=store.put_bytes(png.getvalue(), ".png", "image/png"), backend=self.profile.name)
