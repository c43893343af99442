"""Reference images by a tiny SDXL in the layout of the real one."""

from io import BytesIO

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from PIL import Image

from schemas import Look, Sketch
from songreel.imagery import draw, registry
from songreel.storage import Store
from tests.models.orders import COLOURS


def sketch(**changes) -> Sketch:
    look = Look(world="ocean", style="cinematic", colours=COLOURS)
    return Sketch(**{"kind": "style", "name": "Cinematic", "description": "the sea at dusk", "look": look, "seed": 5, **changes})


def test_a_sketch_becomes_the_same_picture_again_and_another_with_another_seed(access, tmp_path):
    store = Store(str(tmp_path))
    first = draw(sketch(), store, access, ("sdxl", "painter"))
    picture = np.asarray(Image.open(BytesIO(store.read(first.image))))
    assert (first.backend, first.notes, picture.shape) == ("sdxl", (), (32, 64, 3))
    assert picture.std() > 1
    assert draw(sketch(), store, access, ("sdxl",)).image == first.image
    assert draw(sketch(seed=6), store, access, ("sdxl",)).image != first.image


def test_it_is_ready_and_says_under_which_licence(access):
    status = registry.get("sdxl", access).status()
    assert status.ready
    assert status.licence == "CreativeML OpenRAIL++-M"
