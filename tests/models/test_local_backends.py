"""The contract of video backends, over every local model's real loading and generating code."""

import time

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from songreel.composition.conform import conform
from songreel.errors import SongreelError, TransientError
from songreel.media.probe import probe
from songreel.media.video import count_frames, read_frames
from songreel.storage import Store
from songreel.video import registry
from tests.models.conftest import LOCAL
from tests.models.orders import an_order

CANCEL_LIMIT = 2.0  # seconds


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module", params=LOCAL)
def taken(request, access, store):
    """A backend's order, footage and what it told; its cancelling and seeds are tried while its model is loaded."""
    order, heard = an_order(request.param), []
    footage = registry.get(request.param, access).shoot(order, store, heard.append)
    return order, footage, heard


def test_the_footage_has_the_models_own_rate_and_fills_the_slot(taken, access, store):
    order, footage, _ = taken
    picture = probe(store.get(footage.media)).video
    assert (footage.frames, footage.width, footage.height, footage.fps) == (picture.frames, picture.width, picture.height, picture.fps)
    profile = registry.get(order.backend, access).profile
    assert float(footage.fps) == pytest.approx(profile.native_fps)
    assert footage.frames / footage.fps >= order.slot.frames / order.fps
    assert footage.width % profile.size_multiple == footage.height % profile.size_multiple == 0
    assert (footage.backend, footage.model, footage.seed, footage.dollars) == (order.backend, profile.model, order.seed, 0)


def test_conform_gives_the_exact_frames_without_a_loop_or_a_stretch(taken, store):
    order, footage, _ = taken
    clip = conform(footage, order, store)
    assert count_frames(store.get(clip.media)) == order.slot.frames
    assert not clip.notes


def test_progress_rises_to_one(taken):
    _, _, heard = taken
    assert heard == sorted(heard)
    assert 0 < heard[0] < 1
    assert heard[-1] == pytest.approx(1.0)
    assert len(heard) >= 3


def test_the_pictures_move_and_are_not_flat(taken, store):
    _, footage, _ = taken
    frames = np.stack(list(read_frames(store.get(footage.media), pixel_format="gray"))).astype(float)
    assert np.abs(np.diff(frames, axis=0)).mean((1, 2)).min() > 0.05
    assert frames.std() > 1


def test_the_same_order_gives_the_same_bytes_and_another_seed_another_picture(taken, access, store):
    order, footage, _ = taken
    backend = registry.get(order.backend, access)
    assert backend.shoot(order, store, lambda share: None).media == footage.media
    assert backend.shoot(order.model_copy(update={"seed": 8}), store, lambda share: None).media != footage.media


def test_an_error_of_the_listener_ends_the_work_at_once_and_as_it_is(taken, access, store):
    order, _, _ = taken
    began = []

    def stop(share):
        began.append(time.monotonic())
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        registry.get(order.backend, access).shoot(order, store, stop)
    assert time.monotonic() - began[0] < CANCEL_LIMIT
    assert len(began) == 1


def test_price_and_licence_are_known(taken, access):
    order, _, _ = taken
    backend = registry.get(order.backend, access)
    assert backend.status().ready
    assert backend.profile.licence
    assert backend.profile.dollars_per_second == 0
    assert backend.profile.where == "local_gpu"


@pytest.mark.parametrize("text", ["CUDA out of memory. Tried to allocate 9 GiB", "the tensor has a bad shape"])
def test_errors_of_a_library_are_told_in_words_and_classified(text, access, store, monkeypatch):
    from diffusers import WanPipeline

    def broken(self, *args, **named):
        raise RuntimeError(text)

    monkeypatch.setattr(WanPipeline, "__call__", broken)
    with pytest.raises(SongreelError, match=text[:20]) as told:
        registry.get("wan21_t2v_1_3b", access).shoot(an_order("wan21_t2v_1_3b"), store, lambda share: None)
    assert isinstance(told.value, TransientError) == ("memory" in text)


def test_a_smaller_try_makes_a_smaller_picture_and_says_so(access, store):
    order = an_order("wan22_i2v_a14b")
    usual, smaller = (registry.get(order.backend, access).shoot(order, store, lambda share: None, share) for share in (1.0, 0.5))
    assert smaller.width * smaller.height < usual.width * usual.height
    assert smaller.frames == usual.frames
    assert [note.because for note in smaller.notes] == ["the usual size did not fit into memory"]
