"""Shot orders for models: small, and the same for all."""

from fractions import Fraction
from typing import Any

from schemas import Encoding, Look, ShotOrder, Slot

COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")


def an_order(backend: str, frames: int = 36, **more: Any) -> ShotOrder:
    """A scene of a city, 160x90 at 30 frames a second."""
    facts: dict[str, Any] = {
        "slot": Slot(scene=2, start_frame=40, end_frame=34 + frames, handle_in=4, handle_out=2), "width": 160, "height": 90, "fps": Fraction(30),
        "encoding": Encoding(threads=1), "quality": "preview", "prompt": "a city at night, neon rain", "negative_prompt": "text", "seed": 7,
        "look": Look(world="city", style="cinematic", colours=COLOURS),
    }  # fmt: skip
    return ShotOrder(backend=backend, **{**facts, **more})
