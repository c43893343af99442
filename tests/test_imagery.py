"""Reference images: real pictures by the painter, the same for the same sketch."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from schemas import Look, Sketch
from songreel.errors import UserError
from songreel.imagery import draw, registry
from songreel.storage import Store

COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")


def sketch(**changes) -> Sketch:
    look = Look(world="ocean", style="cinematic", colours=COLOURS, hour="dusk")
    return Sketch(**{"kind": "style", "name": "Cinematic", "description": "the sea at dusk", "look": look, "seed": 5, **changes})


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("store")))


def pixels(reference, store):
    return np.asarray(Image.open(BytesIO(store.read(reference.image))).convert("RGB"), dtype=float)


def test_a_sketch_becomes_a_picture_that_is_not_flat(store):
    reference = draw(sketch(), store)
    drawn = pixels(reference, store)
    assert drawn.shape == (540, 960, 3)
    assert drawn.std() > 10
    assert (reference.backend, reference.sketch.description) == ("painter", "the sea at dusk")


def test_the_same_sketch_gives_the_same_content_and_another_seed_another(store):
    first = draw(sketch(), store)
    assert draw(sketch(), store).image == first.image
    assert draw(sketch(seed=6), store).image != first.image


def test_a_backend_that_cannot_draw_is_passed_over_and_told(store, monkeypatch):
    monkeypatch.setitem(registry.BACKENDS, "broken", f"{__name__}:Broken")
    reference = draw(sketch(), store, ("broken", "painter"))
    assert reference.backend == "painter"
    assert [(note.stage, note.because) for note in reference.notes] == [("sketch", "no ink left")]


def test_an_unknown_image_backend_lists_the_known_ones():
    with pytest.raises(UserError, match="known: painter"):
        registry.get("crayon")


class Broken:
    """An image backend whose service refuses."""

    profile = None

    def draw(self, sketch, store):
        raise UserError("no ink left")
