"""Finds a model's weights on disk and says what is missing; nothing is downloaded and nothing heavy is imported.

Weights of ``org/name`` lie in ``<weights>/org--name``, when a folder of weights is set, else in the Hugging Face cache, as its own
tools leave them. A repository may also be named by the absolute path of its folder. Only safetensors count: other formats run code.
"""

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from songreel.access import Access
from songreel.errors import MissingDependency

HUB = Path("~/.cache/huggingface/hub")
INDEX = "model_index.json"
WEIGHED = ("Model", "Transformer", "UNet", "Autoencoder", "ControlNet", "Encoder", "Vocoder", "Connectors")
"""Words in the class name of a pipeline's part that has weights; tokenizers, schedulers and processors have none."""
EXTRA = "make setup-models, then .venv-models/bin/songreel"
MODULES = ("torch", "diffusers", "accelerate")


@dataclass(frozen=True)
class Missing:
    """What is not here, and the command that brings it."""

    what: str
    mend: str


def extra_missing(modules: tuple[str, ...] = MODULES) -> Missing | None:
    """The ``models`` extra, when it is not installed; none of its libraries is imported."""
    gone = [name for name in modules if find_spec(name) is None]
    return Missing(f"the models extra ({', '.join(gone)})", EXTRA) if gone else None


def folder_of(repo: str, access: Access) -> Path:
    """Where a repository's files lie, or would lie."""
    if Path(repo).is_absolute():
        return Path(repo)
    if access.weights:
        return access.weights / repo.replace("/", "--")
    home = (access.hub or HUB.expanduser()) / f"models--{repo.replace('/', '--')}"
    return home / "snapshots" / _revision(home)


def weights_missing(repo: str, access: Access, files: tuple[str, ...] = (), variant: str = "") -> Missing | None:
    """What a repository lacks, with the command that downloads it; none when it is whole.

    Args:
        repo: ``org/name``, or the absolute path of a folder.
        access: where weights are kept.
        files: the files that are needed; none: all that its index names.
        variant: of the weights to download, such as 'fp16': half as much as all of them.
    """
    folder = folder_of(repo, access)
    lacking = [name for name in files if not (folder / name).is_file()] if files else _lacking(folder)
    if not lacking:
        return None
    what = f"the weights of {repo}" if not folder.is_dir() else f"{', '.join(lacking[:3])} of {repo}"
    return Missing(what, _download(repo, access, files, variant))


def located(repo: str, access: Access, files: tuple[str, ...] = ()) -> Path:
    """The folder of a repository that is whole.

    Raises:
        MissingDependency: it is not here, or parts of it are missing.
    """
    gone = weights_missing(repo, access, files)
    if gone:
        raise MissingDependency(f"{gone.what} in {folder_of(repo, access)} cannot be found: {gone.mend}")
    return folder_of(repo, access)


def _revision(home: Path) -> str:
    """The commit that the cache holds of the main branch."""
    try:
        return (home / "refs" / "main").read_text("utf-8").strip()
    except OSError:
        return "main"


def _download(repo: str, access: Access, files: tuple[str, ...], variant: str) -> str:
    """The command that brings what is used of a repository: many hold the same weights in several formats."""
    where = ["--local-dir", str(folder_of(repo, access))] if access.weights and not Path(repo).is_absolute() else []
    weights = f"*.{variant}*.safetensors" if variant else "*.safetensors"
    wanted = files or ("--include", *(f"'{pattern}'" for pattern in ("*.json", "*.txt", "*.model", weights)))
    return " ".join(["hf download", repo, *wanted, *where])


def _lacking(folder: Path) -> list[str]:
    """Files of a pipeline or a single model that are not there."""
    if (folder / INDEX).is_file():
        return [part for name, kind in _parts(folder) if _weighed(kind) for part in _absent(folder / name, f"{name}/")]
    return _absent(folder, "")


def _parts(folder: Path) -> list[tuple[str, str]]:
    """Names and class names of a pipeline's parts; one that was left out has none."""
    try:
        index: dict[str, Any] = json.loads((folder / INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        return [("model_index.json", "Model")]
    return [(name, str(kind[1])) for name, kind in index.items() if isinstance(kind, list) and len(kind) == 2 and kind[1]]


def _weighed(kind: str) -> bool:
    return any(word in kind for word in WEIGHED) and "SafetyChecker" not in kind


def _absent(folder: Path, prefix: str) -> list[str]:
    """What a model's folder lacks: any safetensors, or shards that its index names."""
    indexes = sorted(folder.glob("*.safetensors.index*.json"))
    if not indexes:
        return [] if any(folder.glob("*.safetensors")) else [f"{prefix}*.safetensors"]
    whole = [sorted(set(json.loads(index.read_text("utf-8"))["weight_map"].values())) for index in indexes]
    gone = [[f"{prefix}{name}" for name in names if not (folder / name).is_file()] for names in whole]
    return min(gone, key=len)  # one variant that is whole is enough
