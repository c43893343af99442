"""Reference images: real pictures by the painter, the same for the same sketch."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from schemas import Look, Sketch
from songreel.access import Access
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


def test_a_backend_that_cannot_draw_is_passed_over_and_told(store, tmp_path):
    own = tmp_path / "own.toml"
    facts = {"name": "broken", "kind": "image", "title": "Broken", "where": "cloud", "engine": f"{__name__}:Broken", "licence": "none"}
    own.write_text("\n".join(["[[backend]]", *(f'{name} = "{value}"' for name, value in facts.items()), "commercial = true", 'as_of = "2026-11-21"']))
    reference = draw(sketch(), store, Access(catalogues=(own,)), ("broken", "painter"))
    assert reference.backend == "painter"
    assert [(note.stage, note.because) for note in reference.notes] == [("sketch", "no ink left")]


def test_an_unknown_image_backend_lists_the_known_ones():
    with pytest.raises(UserError, match="known: painter"):
        registry.get("crayon")


class Broken:
    """An image backend whose service refuses."""

    def __init__(self, profile, access):
        self.profile = profile

    def draw(self, sketch, store):
        raise UserError("no ink left")
