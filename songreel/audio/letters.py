"""How likely each letter is in each moment of a voice, by a wav2vec 2.0 model whose weights are on this machine.

The sound is mono at 16 kHz; the model hears windows with margins, so that memory does not grow with the song and no seam is heard. It is
levelled as a whole: window by window, silence would be raised until it sounds like someone.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import BackendProfile
from songreel.access import Access
from songreel.audio.ctc import Scores
from songreel.models import loading
from songreel.models.listing import files_of
from songreel.models.weights import located

Floats = NDArray[np.float32]
RATE = 16_000  # Hz
WINDOW, MARGIN = 20.0, 2.0  # seconds that are kept of what the model hears at once, and that it hears beside them
TINY = 1e-7


def scores(samples: Floats, profile: BackendProfile, access: Access, step: Callable[[], None]) -> Scores:
    """Log-probabilities of letters over a whole vocals stem.

    Args:
        samples: mono at 16 kHz, shape (n,).
        profile: the catalogue's entry of the model.
        access: where weights are.
        step: called when a window is done; there are `windows` of them.

    Raises:
        MissingDependency: its weights are not here.
    """
    import torch

    folder = located(profile.model, access, files_of(profile))
    model = loading.kept(("letters", profile.model), lambda: _load(folder))
    hop = int(model.config.inputs_to_logits_ratio)
    level = (samples - samples.mean()) / (samples.std() + TINY) if _levelled(folder) else samples
    rows = []
    with torch.inference_mode():
        for first in range(0, len(samples), int(WINDOW * RATE) // hop * hop):
            rows.append(_window(model, level, first, hop))
            step()
    letters = {letter: column for letter, column in _vocabulary(folder).items() if len(letter) == 1}
    return Scores(np.concatenate(rows), hop / RATE, letters, int(model.config.pad_token_id))


def windows(seconds: float) -> int:
    """How many windows so much sound has."""
    return int(seconds / WINDOW) + 1


def _window(model: Any, level: Floats, first: int, hop: int) -> Floats:
    """The frames of one window, shape (frames, letters); the margins' are left out."""
    import torch

    size, margin = int(WINDOW * RATE) // hop * hop, int(MARGIN * RATE) // hop * hop
    before = min(first, margin)
    last = min(first + size, len(level))
    heard = level[first - before : last + margin]
    heard = np.pad(heard, (0, max(before + last - first + margin - len(heard), 0)))  # the song's last frames need sound behind them, too
    sound = torch.from_numpy(heard)[None].to(model.device, model.dtype)
    found = torch.log_softmax(model(sound).logits[0].float(), -1).cpu().numpy()
    return np.asarray(found[before // hop : before // hop + -(-(last - first) // hop)], np.float32)


def _load(folder: Path) -> Any:
    import torch
    from transformers import Wav2Vec2ForCTC
    from transformers.utils import logging

    logging.set_verbosity_error()
    device = loading.place().device
    kind = torch.float16 if device == "cuda" else torch.float32
    model = Wav2Vec2ForCTC.from_pretrained(str(folder), use_safetensors=True, local_files_only=True, torch_dtype=kind)
    return model.eval().to(device)


def _vocabulary(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
    return found


def _levelled(folder: Path) -> bool:
    """Whether the model was taught with levelled sound."""
    return bool(json.loads((folder / "preprocessor_config.json").read_text("utf-8")).get("do_normalize", True))
