"""A tiny HTDemucs on disk, in the layout of the real weights."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from songreel.audio import demucs

SOURCES = ["drums", "bass", "other", "vocals"]


def htdemucs(weights: Path) -> Path:
    """Its folder, in a folder of weights."""
    import torch
    from demucs.htdemucs import HTDemucs
    from safetensors.torch import save_file

    folder = weights / demucs.REPO.replace("/", "--")
    folder.mkdir()
    torch.manual_seed(0)
    model = HTDemucs(sources=SOURCES, segment=Fraction(2), channels=8, nfft=1024, depth=3, t_layers=1, t_heads=2, bottom_channels=16, dconv_depth=1)
    args, named = model._init_args_kwargs
    facts = {"klass": "demucs.htdemucs.HTDemucs", "args": json.dumps(_encoded(args)), "kwargs": json.dumps(_encoded(named))}
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, str(folder / demucs.FILES[1]), metadata=facts)
    (folder / demucs.FILES[0]).write_text("models: ['955717e8']\n")
    return folder


def _encoded(value: Any) -> Any:
    """Arguments as the weights' own files have them."""
    if isinstance(value, Fraction):
        return {"_type": "fraction", "numerator": value.numerator, "denominator": value.denominator}
    if isinstance(value, dict):
        return {key: _encoded(item) for key, item in value.items()}
    return [_encoded(item) for item in value] if isinstance(value, (list, tuple)) else value
