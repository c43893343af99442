"""One contract for every video backend that is ready here, those at services through loopback."""

import io
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest

from schemas import CURVES, Encoding, Look, ShotOrder, Slot
from songreel.access import Access, Account
from songreel.composition.conform import conform
from songreel.errors import TransientError, UserError
from songreel.media.probe import probe
from songreel.media.video import keyframes_of, read_frames
from songreel.storage import Store
from songreel.video import registry
from tests.services.replicate import FakeReplicate
from tests.services.runpod import FakeRunpod
from tests.services.runware import FakeRunware

COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")
AT_SERVICES = [profile.name for profile in registry.profiles() if profile.where == "cloud"]
READY = [status.name for status in registry.statuses() if status.ready] + AT_SERVICES
WORKERS = """
[[backend]]
name = "{name}"
kind = "video"
title = "{name} with the painter instead of weights"
where = "cloud"
engine = "songreel.video.runpod:RunpodWorker"
service = "runpod"
licence = "Apache-2.0"
commercial = true
dollars_per_second = 0.02
as_of = "2026-11-21"
options = {{ local = "painter", poll_seconds = 0.1 }}
"""
SLOT = Slot(scene=2, start_frame=40, end_frame=64, handle_in=4, handle_out=6)
pytestmark = pytest.mark.xdist_group("painter")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def services():
    with FakeReplicate() as replicate, FakeRunpod() as runpod, FakeRunware() as runware:
        yield {"replicate": replicate, "runpod": runpod, "runware": runware}


@pytest.fixture(scope="module")
def access(services, tmp_path_factory):
    """Accounts at the loopback services; our worker on RunPod has no weights here, and draws with the painter."""
    home = tmp_path_factory.mktemp("home")
    workers = [profile.name for profile in registry.profiles() if profile.engine.endswith(":RunpodWorker")]
    (home / "workers.toml").write_text("".join(WORKERS.format(name=name) for name in workers))
    endpoints = {"runpod": dict.fromkeys(workers, "endpoint-1")}
    accounts = {name: Account(one.key, one.url, endpoints.get(name, {})) for name, one in services.items()}
    return Access(accounts=accounts, catalogues=(home / "workers.toml",), home=home)


@pytest.fixture(scope="module")
def curves(store):
    file = io.BytesIO()
    np.savez(file, **{name: np.linspace(0, 1, 120, dtype=np.float32) for name in CURVES})
    return store.put_bytes(file.getvalue(), ".npz")


def an_order(backend, curves, **more):
    look = Look(world="city", style="cinematic", colours=COLOURS)
    told = {
        "slot": SLOT,
        "width": 160,
        "height": 90,
        "fps": Fraction(30),
        "encoding": Encoding(threads=1),
        "quality": "preview",
        "seed": 7,
    }
    return ShotOrder(backend=backend, look=look, prompt="a city", curves=curves, **{**told, **more})


def shot(order, store, access, heard=None):
    return registry.get(order.backend, access).shoot(order, store, (heard if heard is not None else []).append)


@pytest.fixture(scope="module", params=READY)
def taken(request, store, curves, access):
    heard = []
    order = an_order(request.param, curves)
    return order, shot(order, store, access, heard), heard


def test_the_painter_is_ready_here():
    assert "painter" in READY


def test_the_file_has_the_frames_size_and_rate_that_were_ordered(taken, store):
    order, footage, _ = taken
    picture = probe(store.get(footage.media)).video
    assert (footage.frames, footage.width, footage.height, footage.fps) == (picture.frames, picture.width, picture.height, picture.fps)
    assert footage.frames / footage.fps >= order.slot.frames / order.fps
    if footage.conformed:
        assert (footage.frames, footage.width, footage.height, footage.fps) == (order.slot.frames, order.width, order.height, order.fps)


def test_conformed_footage_has_keyframes_at_the_slots_edges(taken, store):
    order, footage, _ = taken
    if footage.conformed:
        assert set(order.slot.keyframes) <= set(keyframes_of(store.get(footage.media)))


def test_the_clip_has_exactly_the_slots_frames(taken, store):
    order, footage, _ = taken
    clip = probe(store.get(conform(footage, order, store).media)).video
    assert (clip.frames, clip.width, clip.height, clip.fps) == (order.slot.frames, order.width, order.height, order.fps)


def test_progress_rises_to_one(taken):
    _, _, heard = taken
    assert heard == sorted(heard)
    assert heard[0] > 0
    assert heard[-1] == pytest.approx(1.0)


def test_footage_names_its_maker_and_seed(taken):
    order, footage, _ = taken
    assert (footage.backend, footage.seed) == (order.backend, order.seed)


def test_the_pictures_move(taken, store):
    _, footage, _ = taken
    frames = np.stack(list(read_frames(store.get(footage.media), pixel_format="gray"))).astype(float)
    moved = np.abs(np.diff(frames, axis=0)).mean((1, 2))
    assert np.median(moved) > 0.05
    assert (moved == 0).sum() <= 1  # a first picture may be held by its encoder


@pytest.mark.parametrize("name", READY)
def test_the_same_order_gives_the_same_bytes_and_another_seed_another_picture(name, store, curves, access):
    if not registry.get(name).profile.seeded:
        pytest.skip("takes no seed")
    first, again, other = (shot(an_order(name, curves, seed=seed), store, access) for seed in (7, 7, 8))
    assert first.media == again.media
    assert other.media != first.media


@pytest.mark.parametrize("name", READY)
def test_the_music_changes_the_footage_of_a_backend_that_is_driven_by_it(name, store, curves, access):
    if not registry.get(name, access).profile.driven_by_music:
        pytest.skip("does not hear the music")
    silent = shot(an_order(name, None), store, access)
    assert silent.media != shot(an_order(name, curves), store, access).media
    assert silent.notes[0].stage == "shoot"


@pytest.mark.parametrize("name", READY)
def test_an_error_from_progress_ends_the_work_within_two_seconds(name, store, curves, access):
    raised = []

    def progress(share):
        raised.append(time.monotonic())
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        registry.get(name, access).shoot(an_order(name, curves, seed=9), store, progress)
    assert time.monotonic() - raised[0] < 2


@pytest.mark.parametrize("name", AT_SERVICES)
def test_a_busy_service_is_a_fault_of_the_moment_and_a_wrong_key_is_none(name, store, curves, access, services):
    backend = registry.get(name, access)
    service = services[backend.profile.service]
    service.planned = ["429"] * 9
    quick = backend.profile.model_copy(update={"options": {**backend.profile.options, "tries": 2, "longest_wait_seconds": 0.05}})
    with pytest.raises(TransientError, match="429"):
        type(backend)(quick, access).shoot(an_order(name, curves, seed=10), store, lambda share: None)
    service.planned = ["401"]
    with pytest.raises(UserError, match="does not accept the key"):
        backend.shoot(an_order(name, curves, seed=11), store, lambda share: None)
    service.planned = []


@pytest.mark.parametrize("name", registry.names())
def test_price_and_licence_are_known(name):
    backend = registry.get(name)
    status = backend.status()
    assert backend.profile.name == status.name == name
    assert backend.profile.kind == status.kind == "video"
    assert backend.profile.licence
    assert backend.profile.dollars_per_second >= 0
    assert status.ready or (status.missing and status.mend)


def test_an_unknown_backend_lists_the_known_ones():
    with pytest.raises(UserError, match="no video backend is called 'sora'; known: painter"):
        registry.get("sora")


def test_listing_the_backends_loads_nothing_heavy():
    code = "import sys; from songreel.video import registry; registry.statuses(); sys.exit(bool({'moderngl', 'av', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_failing_encoder_ends_the_shot_with_its_own_error(store, curves, monkeypatch):
    from songreel.media.video import ClipWriter

    def full(self, *planes):
        raise TransientError("the disk is full")

    monkeypatch.setattr(ClipWriter, "write_yuv", full)
    with pytest.raises(TransientError, match="the disk is full"):
        shot(an_order("painter", curves), store, Access())
