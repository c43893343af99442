"""Tiny models on disk, made once, and a catalogue in which they stand in the real ones' places.

An entry keeps everything of the real one (engine, rule for frames, rate, options) but the repository, the sizes and the steps.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from songreel import catalogue

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes of two threads each would wait for each other
LIMIT = 900  # seconds for a test: the first of them waits for the libraries
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The libraries of models warn of each other; their warnings are not ours."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("default"))
            item.add_marker(pytest.mark.xdist_group("models"))
            item.add_marker(pytest.mark.timeout(LIMIT))


@dataclass(frozen=True)
class Tiny:
    """How a catalogue's entry is made small: builders of its repositories, and what is changed in it."""

    model: Callable[[Path], Path]
    changes: dict[str, Any]
    options: dict[str, Any]
    more: dict[str, Callable[[Path], Path]]
    """Other repositories, by the option that names them."""


def _tiny() -> dict[str, Tiny]:
    from tests.models import tiny, tiny_unet

    wan = {"frames": {"multiple": 4, "remainder": 1, "least": 5, "most": 9}, "max_seconds": 0.5}
    steps = {"steps": 2, "pixels": 0}
    skyreels = Tiny(tiny.skyreels_df, {"frames": {"multiple": 4, "remainder": 1, "least": 5}}, steps | {"window": 17, "overlap": 5}, {})
    return {
        "wan21_t2v_1_3b": Tiny(tiny.wan_t2v, wan, steps, {}),
        "wan22_ti2v_5b": Tiny(tiny.wan22_ti2v, wan | {"longest_side": 64, "max_seconds": 0.4}, steps, {}),
        "wan22_t2v_a14b": Tiny(tiny.wan22_t2v, wan, steps, {}),
        "wan22_i2v_a14b": Tiny(tiny.wan22_i2v, wan, steps, {}),
        "wan21_flf2v_14b": Tiny(tiny.wan_flf2v, wan, steps, {}),
        "wan21_vace_1_3b": Tiny(tiny.wan_vace, wan, steps, {}),
        "wan21_vace_14b": Tiny(tiny.wan_vace, wan, steps, {}),
        "skyreels_df_1_3b": skyreels,
        "skyreels_df_14b": skyreels,
        "animatediff_lightning": Tiny(tiny_unet.sd15, {}, {"pixels": 0}, {"adapter": tiny_unet.animatediff_lightning}),
        "sdxl_controlnet": Tiny(tiny_unet.sdxl, {}, steps, {"controlnet": tiny_unet.sdxl_controlnet}),
        "svd_xt": Tiny(tiny_unet.svd, {"frames": {"least": 5, "most": 7}, "max_seconds": 1.0, "size_multiple": 16}, steps, {}),
        "ltx_video": Tiny(tiny.ltx, {"frames": {"multiple": 8, "remainder": 1, "least": 9, "most": 17}, "max_seconds": 0.7}, steps, {}),
        "helios_base": Tiny(tiny.helios, {}, steps, {}),
        "sdxl": Tiny(tiny_unet.sdxl, {}, steps, {}),
    }


LOCAL = tuple(profile.name for profile in catalogue.entries("video") if profile.where == "local_gpu")
"""Every video model of the catalogue that runs here; each has a tiny stand-in."""


@pytest.fixture(scope="session")
def access(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The access with the tiny models' catalogue."""
    from songreel.access import Access

    root = tmp_path_factory.mktemp("tiny")
    own = root / "own.toml"
    own.write_text("\n".join(_entry(name, tiny, root) for name, tiny in _tiny().items()), "utf-8")
    return Access(catalogues=(own,), home=root / "home")


def _entry(name: str, tiny: Tiny, root: Path) -> str:
    """The tables of one entry; its repositories are written beside it."""
    kind = "image" if name == "sdxl" else "video"
    real = catalogue.find(kind, name).model_dump(mode="json", exclude_none=True)
    made = {option: str(_built(root, build)) for option, build in tiny.more.items()}
    entry = {**real, "longest_side": 64, "vram_gb": 0, **tiny.changes, "model": str(_built(root, tiny.model))}
    entry["options"] = {**real["options"], **tiny.options, **made}
    return "\n".join(["[[backend]]", *(f"{key} = {_toml(value)}" for key, value in entry.items()), ""])


def _built(root: Path, build: Callable[[Path], Path]) -> Path:
    folder = root / build.__name__
    return folder if folder.is_dir() else build(folder)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items() if item is not None) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value)
