"""Loads a model once and keeps it for the next scene; torch comes with the first call.

Weights are safetensors from a folder on disk, never another format and never the network. Numbers are bfloat16 or float16 on a GPU,
float32 on a processor. One model is kept a process: the next one takes its place.
"""

import gc
import os
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas import BackendProfile

GB = 1e9
SPARE = 1.1  # times the memory that a model is said to need; what else lies on the GPU is not counted
EXACT_PARTS = ("vae", "image_encoder")
"""Parts that are kept in float32 where a model's own authors do: rounding shows in their pictures."""

_kept: tuple[Hashable, Any] | None = None


@dataclass(frozen=True)
class Place:
    """Where a model runs: 'cuda' or 'cpu', and free video memory in GB."""

    device: str
    free_gb: float


def place() -> Place:
    """The GPU with its free memory now, else the processor."""
    import torch

    if not torch.cuda.is_available():
        return Place("cpu", 0.0)
    free, _ = torch.cuda.mem_get_info()
    return Place("cuda", free / GB)


def kept(key: Hashable, load: Callable[[], Any]) -> Any:
    """The model of that key: the one that is loaded, else a new one after letting go of it."""
    global _kept  # noqa: PLW0603 - one model a process is the point
    if _kept is None or _kept[0] != key:
        drop()
        _kept = (key, load())
    return _kept[1]


def drop() -> None:
    """Let go of the kept model and the memory it held."""
    global _kept  # noqa: PLW0603
    _kept = None
    gc.collect()
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def pipeline(kind: Any, folder: Path, profile: BackendProfile, **parts: Any) -> Any:
    """A diffusers pipeline of a class from its folder, in the numbers that suit this machine; not yet on the GPU.

    Args:
        kind: the class, such as `diffusers.WanPipeline`.
        folder: its files.
        profile: options 'dtype' (of numbers), 'exact' (its VAE in float32) and 'variant' (of files, used when it is there).
        parts: components that are made already, or left out with None.
    """
    offline()
    told = {"use_safetensors": True, "local_files_only": True, **_variant(folder, profile)}
    loaded = kind.from_pretrained(str(folder), torch_dtype=_numbers(profile), **told, **parts)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def sibling(kind: Any, pipe: Any, **parts: Any) -> Any:
    """A pipeline of another class with the same parts, in their numbers and where they are; ``parts`` take another's place."""
    made = kind.from_pipe(pipe, torch_dtype=None, **parts)
    made.set_progress_bar_config(disable=True)
    return made


def model(kind: Any, folder: Path, profile: BackendProfile, **more: Any) -> Any:
    """One model, such as a ControlNet, from its folder, in the numbers that suit this machine."""
    offline()
    told = {"use_safetensors": True, "local_files_only": True, **_variant(folder, profile)}
    return kind.from_pretrained(str(folder), torch_dtype=numbers(profile), **told, **more)


def onto(pipe: Any, profile: BackendProfile, here: Place | None = None) -> str:
    """Bring a pipeline to where it runs: whole, part by part or layer by layer, by the memory that is free; says which.

    Args:
        pipe: the pipeline; changed in place.
        profile: its ``vram_gb`` is enough part by part; option 'whole_gb' is what it takes when all of it stays there.
        here: where to; none: looked up.
    """
    here = here or place()
    way = offload(profile, here)
    if way == "none":
        pipe.to(here.device)
    elif way == "model":
        pipe.enable_model_cpu_offload()
    else:
        pipe.enable_sequential_cpu_offload()
    if here.device != "cpu" and way != "none":
        _in_tiles(pipe)
    return way


def offload(profile: BackendProfile, here: Place) -> str:
    """'none', 'model' or 'sequential': the quickest that fits the free video memory."""
    whole = float(profile.options.get("whole_gb", profile.vram_gb))
    if here.device == "cpu" or here.free_gb >= whole * SPARE:
        return "none"
    return "model" if here.free_gb >= profile.vram_gb else "sequential"


def numbers(profile: BackendProfile) -> Any:
    """The type of numbers of a model's weights here."""
    import torch

    return getattr(torch, str(profile.options.get("dtype", "bfloat16"))) if torch.cuda.is_available() else torch.float32


def generator(seed: int) -> Any:
    """Random numbers of a seed, drawn on the processor, so that they are the same on every GPU."""
    import torch

    return torch.Generator("cpu").manual_seed(seed)


def offline() -> None:
    """Keep the libraries from asking the network for what lies on disk, and from talking."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from diffusers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()


def _variant(folder: Path, profile: BackendProfile) -> dict[str, str]:
    """The variant of the files that the catalogue prefers, when it is there."""
    variant = str(profile.options.get("variant", ""))
    return {"variant": variant} if variant and any(folder.rglob(f"*.{variant}*.safetensors")) else {}


def _numbers(profile: BackendProfile) -> Any:
    """Types of numbers by part, as diffusers takes them."""
    import torch

    usual = numbers(profile)
    if not profile.options.get("exact") or usual is torch.float32:
        return usual
    return {**dict.fromkeys(EXACT_PARTS, torch.float32), "default": usual}


def _in_tiles(pipe: Any) -> None:
    """Decode pictures in tiles where memory is short; a VAE that cannot is left as it is."""
    vae: Any = getattr(pipe, "vae", None)
    if hasattr(vae, "enable_tiling"):
        vae.enable_tiling()
