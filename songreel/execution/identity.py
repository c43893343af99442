"""What makes two runs, or two calls of a stage, the same: the stage's version and the content of its inputs.

Media counts by its hash and type, never by where it lies; a path, a host, a store or a secret is never part of a key. So a result is
the same on every machine that shares the store.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from schemas import MediaRef

VERSIONS = {
    "ingest": "1",
    "separate": "2",
    "analyse": "2",
    "transcribe": "3",
    "plan": "8",
    "write": "1",
    "board": "1",
    "sketch": "1",
    "prompt": "2",
    "shoot": "10",
    "conform": "1",
    "assemble": "2",
    "inspect": "5",
    "damp": "1",
    "publish": "2",
}
"""Version of each stage: raise it when the same inputs give another result."""


def key_of(stage: str, inputs: Mapping[str, Any]) -> str:
    """``stage-v<version>-<hash of the inputs' content>``: letters, digits, '_' and '-' only, which every storage takes."""
    return f"{stage}-v{VERSIONS[stage]}-{digest(inputs)}"


def digest(inputs: Mapping[str, Any]) -> str:
    """SHA-256 of what the inputs are."""
    text = json.dumps(canonical(dict(inputs)), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """What an input is, as plain JSON: media by hash and type, models by name and fields, mappings in order."""
    if isinstance(value, MediaRef):
        return {"sha256": value.sha256, "media_type": value.media_type}
    if isinstance(value, BaseModel):
        return {"model": type(value).__name__, **{name: canonical(getattr(value, name)) for name in type(value).model_fields}}
    if isinstance(value, dict):
        return {str(name): canonical(item) for name, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    return to_jsonable_python(value, fallback=str)


def media_in(value: Any) -> Iterator[MediaRef]:
    """Every media reference inside a result."""
    if isinstance(value, MediaRef):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from media_in(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from media_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from media_in(item)
