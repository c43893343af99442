"""What local models stand on, without one: weights on disk, legal sizes and lengths, seams, errors."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import BackendProfile, FramesRule
from songreel import catalogue
from songreel.access import Access
from songreel.errors import MissingDependency, OutOfMemory, SongreelError, TransientError
from songreel.models.asking import ask, pieces, size
from songreel.models.heard import Heard, classified
from songreel.models.joining import joined
from songreel.models.loading import Place, offload
from songreel.models.weights import folder_of, located, weights_missing
from songreel.video.local.painted import edges
from tests.models.orders import an_order

LOCAL = [profile for profile in catalogue.entries("video") if profile.where == "local_gpu"]


def profile(name: str = "wan21_t2v_1_3b") -> BackendProfile:
    return catalogue.find("video", name)


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def a_pipeline(folder):
    index = {"_class_name": "WanPipeline", "vae": ["diffusers", "AutoencoderKLWan"], "scheduler": ["diffusers", "UniPCMultistepScheduler"],
             "text_encoder": ["transformers", "UMT5EncoderModel"], "image_encoder": [None, None], "boundary_ratio": 0.9}  # fmt: skip
    put(folder, "vae/diffusion_pytorch_model.safetensors", "text_encoder/config.json")
    (folder / "model_index.json").write_text(json.dumps(index))
    shards = {"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}
    (folder / "text_encoder" / "model.safetensors.index.json").write_text(json.dumps(shards))


def test_weights_are_found_in_a_folder_of_ones_own_and_every_missing_shard_is_named(tmp_path):
    access, repo = Access(weights=tmp_path), "org/name"
    told = weights_missing(repo, access, variant="fp16").mend
    assert told == f"hf download org/name --include '*.json' '*.txt' '*.model' '*.fp16*.safetensors' --local-dir {tmp_path / 'org--name'}"
    a_pipeline(tmp_path / "org--name")
    put(tmp_path / "org--name", "text_encoder/model-1-of-2.safetensors")
    assert weights_missing(repo, access).what == "text_encoder/model-2-of-2.safetensors of org/name"
    with pytest.raises(MissingDependency, match="hf download org/name"):
        located(repo, access)
    put(tmp_path / "org--name", "text_encoder/model-2-of-2.safetensors")
    assert weights_missing(repo, access) is None


def test_weights_are_found_in_the_hugging_face_cache_at_the_commit_it_holds(tmp_path):
    access, repo = Access(hub=tmp_path), "org/name"
    home = tmp_path / "models--org--name"
    assert weights_missing(repo, access).mend == "hf download org/name --include '*.json' '*.txt' '*.model' '*.safetensors'"
    put(home, "refs/main")
    (home / "refs" / "main").write_text("abc\n")
    put(home / "snapshots" / "abc", "adapter.safetensors")
    assert folder_of(repo, access) == home / "snapshots" / "abc"
    assert weights_missing(repo, access, ("adapter.safetensors",)) is None
    assert weights_missing(repo, access, ("other.safetensors",)).mend == "hf download org/name other.safetensors"


def test_pickled_weights_do_not_count(tmp_path):
    put(tmp_path, "config.json", "diffusion_pytorch_model.bin")
    assert weights_missing(str(tmp_path), Access())


@given(st.integers(2, 4000), st.sampled_from(LOCAL), st.floats(0.3, 1.0), st.integers(1, 8))
def test_pieces_are_legal_and_hold_every_frame(frames, entry, share, shared):
    fps = Fraction(entry.native_fps)
    found, rule = pieces(frames, entry, fps, share, shared), entry.frames
    assert found.total >= frames
    assert found.frames >= 2
    assert (found.frames - rule.remainder) % rule.multiple == 0
    assert rule.least <= found.frames <= (rule.most or found.frames)
    assert found.count == 1 or found.shared < found.frames
    assert found.count == 1 or pieces(frames - (found.frames - found.shared), entry, fps, share, shared).count <= found.count


@given(st.sampled_from(LOCAL), st.sampled_from([Fraction(16, 9), Fraction(9, 16), Fraction(1)]), st.sampled_from([0.5, 1.0]))
def test_sizes_are_legal_near_the_aspect_and_no_larger_than_the_model_likes(entry, aspect, share):
    width, height = size(aspect, entry, share)
    assert width % entry.size_multiple == height % entry.size_multiple == 0
    assert max(width, height) <= entry.longest_side
    assert width * height <= float(entry.options["pixels"]) * share * 1.15
    assert width / height == pytest.approx(float(aspect), rel=0.2)


def test_a_scene_is_asked_for_at_the_models_rate():
    asked = ask(an_order("wan21_t2v_1_3b", frames=100), profile())
    assert (asked.fps, asked.frames, asked.pieces.frames % 4) == (16, 54, 1)
    assert (asked.width, asked.height) == (832, 464)


def test_the_next_legal_count_is_asked_for():
    assert FramesRule(multiple=33, least=33).at_least(34) == 66
    assert pieces(12, profile("svd_xt"), Fraction(7)).frames == 14


def moving(start: int, count: int, brightness: float = 0.0):
    """A bright bar that goes one pixel a frame."""
    frames = np.zeros((count, 8, 64, 3), np.float32)
    for number in range(count):
        frames[number, :, (start + number) % 60 : (start + number) % 60 + 4] = 150
    return np.clip(frames + 40 + brightness, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shared", [1, 4])
def test_joined_pieces_show_shared_frames_once_and_no_seam(shared):
    first, second = moving(0, 20), moving(20 - shared, 20, brightness=25)
    frames = np.stack(list(joined([first, second], shared))).astype(float)
    assert len(frames) == 40 - shared
    steps = np.abs(np.diff(frames.mean((1, 2, 3))))
    assert steps.max() < 3  # without the joining, 25 at once
    assert np.array_equal(frames[: 20 - shared], first[: 20 - shared])


def test_what_a_listener_raises_stays_as_it_is_and_other_errors_are_classified():
    class Stop(RuntimeError):
        pass

    def stop(share):
        raise Stop("CUDA out of memory, says the listener")

    heard = Heard(stop, 4)
    with pytest.raises(Stop), classified("WAN", heard):
        heard.step(None, 0, 0, {})
    with pytest.raises(OutOfMemory, match="WAN ran out of memory") as told, classified("WAN", Heard(print, 1)):
        raise RuntimeError("CUDA out of memory. Tried to allocate 20 GiB")
    assert isinstance(told.value, TransientError)
    with pytest.raises(SongreelError, match="WAN failed: ValueError: bad shape") as told, classified("WAN", Heard(print, 1)):
        raise ValueError("bad shape")
    assert not isinstance(told.value, TransientError)


def test_progress_of_more_steps_than_were_expected_stays_below_one():
    told = []
    heard = Heard(told.append, 3)
    for number in range(5):
        heard.step(None, number, 0, {})
    assert told == sorted(told)
    assert told[-1] == 0.99


@pytest.mark.parametrize(("free", "way"), [(24.0, "none"), (12.0, "model"), (6.0, "sequential")])
def test_offload_follows_the_free_memory(free, way):
    assert offload(profile(), Place("cuda", free)) == way
    assert offload(profile(), Place("cpu", 0.0)) == "none"


def test_edges_are_thin_white_lines_where_the_picture_changes():
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[20:40, 30:50] = 200
    found = edges(picture)
    assert set(np.unique(found)) == {0, 255}
    assert found[19:22, 40].any()
    assert found[28:32, 28:32].any()
    assert not found[30, 40].any()
    assert (found > 0).mean() < 0.05


@pytest.mark.parametrize("entry", LOCAL, ids=lambda entry: entry.name)
def test_every_local_model_says_what_it_lacks_and_the_command(entry):
    status = catalogue.made(entry).status()
    assert status.ready or (status.missing and ("make setup-models" in status.mend or "hf download" in status.mend))
    assert entry.licence
    assert entry.vram_gb > 0
    assert entry.speed > 0
    assert entry.family


def test_looking_at_the_local_models_imports_nothing_heavy():
    heavy = {"torch", "diffusers", "scipy", "PIL"}
    code = f"import sys; from songreel.video import registry; registry.statuses(); sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_documented_table_is_the_catalogues():
    told = subprocess.run(
        [sys.executable, "tools/local_models.py"], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    assert told.stdout in Path("docs/local-models.md").read_text("utf-8")
