"""Tries a person's shaders on one small frame before a song is listened to. Meant for a worker process: a shader may hang it."""

from fractions import Fraction

import numpy as np

from schemas import CURVES, Look, OwnShaders
from songreel.errors import MissingDependency, SongreelError, UserError

SIZE = (320, 180)
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")


def try_out(own: OwnShaders) -> None:
    """Draw one frame.

    Raises:
        UserError: a shader is in no known form, or does not compile; the message names its own line.
    """
    from songreel.painter.engine import Painter

    even = {name: np.full(1, 0.5, np.float32) for name in CURVES}
    look = Look(world="city", style="cinematic", colours=COLOURS)
    with Painter(*SIZE, Fraction(30), "preview") as painter:
        try:
            for _ in painter.frames(look, 1, even, 0, 1, own=own):
                pass
        except (UserError, MissingDependency):
            raise
        except SongreelError as error:
            raise UserError(str(error)) from error
