"""Four stems by HTDemucs, where its weights are on this machine; same length, rate and sum as the signal-processing stems.

The model hears stereo at 44.1 kHz. What it gives is brought to the master's rate and channels, and ``other`` is the mix less the rest, so
that stems sum to the mix to the last bit, which the model's own do not.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import Song, Stems
from songreel.access import Access
from songreel.errors import MediaError, SongreelError
from songreel.models import loading
from songreel.models.heard import Heard, classified
from songreel.models.weights import Missing, extra_missing, located, weights_missing
from songreel.storage.store import Store

Floats = NDArray[np.float32]
REPO, FILES = "adefossez/HTDemucs", ("htdemucs.yaml", "955717e8.safetensors")
MODULES = ("torch", "demucs", "safetensors")
OVERLAP = 0.25  # of two of the model's windows
WINDOW = 7.8  # seconds the model hears at once
STEREO = 2
NAMES = ("vocals", "drums", "bass", "other")
EXACT = -200.0  # dB; what an exact sum is reported as
BLOCK = 1 << 20  # samples written at once


def missing(access: Access) -> Missing | None:
    """What is not here, with the command that brings it; imports nothing heavy."""
    return extra_missing(MODULES) or weights_missing(REPO, access, FILES)


def separate(song: Song, store: Store, access: Access, progress: Callable[[float], None]) -> Stems:
    """Vocals, drums, bass and other, as long as the master and at its rate.

    Raises:
        OutOfMemory: the song does not fit into memory.
        SongreelError: the model failed, or its weights are not here.
    """
    from songreel.media.sound import decode

    path = store.get(song.master)
    mix = decode(path).samples
    heard = Heard(progress, max(int(song.duration / (WINDOW * (1 - OVERLAP))), 1))
    with classified("HTDemucs", heard), store.workspace() as folder:
        found = _apart(_stereo(path), access, heard)
        tracks = {name: _as_master(found[name], song, mix.shape) for name in NAMES[:3]}
        _write(mix, tracks, song, folder)
        refs = {name: store.put_file(folder / f"{name}.flac") for name in NAMES}
        heard.tell(1.0)
    return Stems(**refs, sample_rate=song.sample_rate, method="demucs", residual_db=EXACT)


def _stereo(path: Path) -> Floats:
    """The master as the model hears it, shape (2, n) at 44.1 kHz."""
    from songreel.media.sound import decode

    samples = decode(path, rate=44_100).samples
    if not len(samples):
        raise MediaError(f"{path.name} cannot be separated: no sound in it can be decoded")
    pair = np.repeat(samples[:, :1], STEREO, 1) if samples.shape[1] == 1 else samples[:, :STEREO]
    return np.ascontiguousarray(pair.T)


def _apart(mix: Floats, access: Access, heard: Heard) -> dict[str, Floats]:
    """The model's stems, each of the mix' shape."""
    import torch
    from demucs.apply import apply_model

    model = loading.kept(REPO, lambda: _load(access))
    sound = torch.from_numpy(mix)
    middle, scale = sound.mean(), sound.std().clamp(min=1e-8)

    def told(event: dict[str, Any]) -> None:
        if event.get("state") == "end":
            heard.step(None, 0, 0, {})

    with torch.no_grad():
        out = apply_model(
            model, ((sound - middle) / scale)[None], shifts=0, split=True, overlap=OVERLAP, device=loading.place().device, callback=told
        )[0]
    out = out * scale + middle
    return {name: track.cpu().numpy() for name, track in zip(model.sources, out, strict=True)}


def _load(access: Access) -> Any:
    from demucs.hf import load_safetensors_model

    found = load_safetensors_model(located(REPO, access, FILES) / FILES[1])
    if set(found.sources) != set(NAMES):
        raise SongreelError(f"the weights of {REPO} separate {', '.join(found.sources)}, not {', '.join(NAMES)}")
    return found.eval()


def _as_master(track: Floats, song: Song, shape: tuple[int, ...]) -> Floats:
    """A stem of shape (2, n) at 44.1 kHz as one of the master's shape and rate; channels beyond two hold nothing."""
    from scipy.signal import resample_poly

    here = track if song.sample_rate == 44_100 else resample_poly(track, song.sample_rate, 44_100, axis=1)
    out = np.zeros(shape, np.float32)
    length, channels = min(shape[0], here.shape[1]), min(shape[1], STEREO)
    out[:length, :channels] = (here.mean(0, keepdims=True) if shape[1] == 1 else here[:channels]).T[:length]
    return out


def _write(mix: Floats, tracks: dict[str, Floats], song: Song, folder: Path) -> None:
    """Four files of whole 24-bit numbers that sum to the mix."""
    import soundfile

    from songreel.audio.stems import whole

    with ExitStack() as stack:
        files = {
            name: stack.enter_context(soundfile.SoundFile(folder / f"{name}.flac", "w", song.sample_rate, song.channels, "PCM_24")) for name in NAMES
        }
        for piece in _pieces(len(mix)):
            for name, track in whole(mix[piece], {name: track[piece] for name, track in tracks.items()}).items():
                files[name].write(track << 8)


def _pieces(length: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, length, BLOCK))
