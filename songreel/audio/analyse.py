"""The analyse stage: one decode, one set of spectra, every listener's findings in one `Analysis`."""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np

from schemas.analysis import Analysis, GridEdit, Section
from schemas.media import MediaRef
from schemas.song import Song
from schemas.stems import Stems
from songreel.audio.beats import BeatGrid
from songreel.audio.dynamics import curves
from songreel.audio.gridedit import grid_of
from songreel.audio.instruments import instruments, vocal_activity
from songreel.audio.key import Key, find_key
from songreel.audio.mood import find_mood
from songreel.audio.pictures import Bytes, sound_rows
from songreel.audio.spectra import RATE, Floats, Spectra, listen
from songreel.audio.structure import sections
from songreel.media.loudness import integrated_loudness
from songreel.media.sound import decode
from songreel.storage.store import Store

NO_EDIT = GridEdit()
FULL = 95  # percentile of a vocal stem's level that counts as full activity
HEARD_DB = -45.0  # a vocal stem whose loud passages lie this far below the mix's holds no voice


def analyse(song: Song, store: Store, *, fps: Fraction, grid: GridEdit = NO_EDIT, stems: Stems | None = None) -> Analysis:
    """Everything the later stages know of a song's music.

    Args:
        song: its master is in the store.
        store: where the curves are put.
        fps: the film's frame rate, on which the curves are laid: ``round(duration * fps)`` frames.
        grid: a person's word on the beats, obeyed exactly.
        stems: of the song; a voice that a model has separated tells better than the mix where someone sings.

    Raises:
        MediaError: the master cannot be read.
        UserError: the grid edit does not fit the song.
    """
    master = store.get(song.master)
    with ThreadPoolExecutor(1) as beside:
        loudness = beside.submit(integrated_loudness, master)
        spectra = listen(decode(master, rate=RATE, mono=True).samples)
        beats = grid_of(spectra, grid, song.duration)
        key = find_key(spectra)
        voice = vocal_activity(spectra) if stems is None or stems.method == "dsp" else _sung(spectra, stems, store)
        form = sections(spectra, beats.downbeats, song.duration, voice, key.chroma)
        frames = max(1, round(song.duration * fps))
        drawn: dict[str, Floats | Bytes] = {**curves(spectra, beats, form, fps, frames, voice), **sound_rows(spectra, fps, frames)}
        return _analysis(song, spectra, fps, beats, key, form, voice, loudness.result(), _put(drawn, store))


def _analysis(
    song: Song, spectra: Spectra, fps: Fraction, grid: BeatGrid, key: Key, form: tuple[Section, ...], voice: Floats, loudness: float, drawn: MediaRef
) -> Analysis:
    mood = find_mood(spectra, key, grid.tempo, loudness)
    return Analysis(
        duration=song.duration,
        tempo=grid.tempo,
        tempo_candidates=grid.candidates,
        beats=_seconds(grid.beats),
        downbeats=_seconds(grid.downbeats),
        metre=grid.metre,
        grid=grid.kind,
        grid_confidence=grid.confidence,
        key=key.tonic,
        mode=key.mode,
        key_confidence=key.confidence,
        sections=form,
        energy=mood.energy,
        brightness=mood.brightness,
        valence=mood.valence,
        arousal=mood.arousal,
        loudness=loudness,
        instruments=instruments(spectra, voice),
        curves=drawn,
        fps=fps,
        notes=grid.notes,
    )


def _sung(spectra: Spectra, stems: Stems, store: Store) -> Floats:
    """Vocal activity from the voice's own stem, shape (long frames,), in [0, 1]."""
    voice = decode(store.get(stems.vocals), rate=RATE, mono=True).samples
    level, mix = (_levels(samples, len(spectra.long), spectra.long_hop) for samples in (voice, spectra.samples))
    full = float(np.percentile(level, FULL))
    if full <= 10 ** (HEARD_DB / 20) * float(np.percentile(mix, FULL)):
        return np.zeros_like(level)
    return np.asarray(np.minimum(level / np.float32(full), 1), np.float32)


def _levels(samples: Floats, frames: int, hop: int) -> Floats:
    """Root mean square of the samples about each long frame."""
    padded = np.zeros((frames + 1) * hop, np.float32)
    count = min(len(samples), len(padded) - hop // 2)
    padded[hop // 2 : hop // 2 + count] = samples[:count]
    return np.asarray(np.sqrt(np.mean(padded[: frames * hop].reshape(frames, hop) ** 2, axis=1)), np.float32)


def _seconds(times: np.typing.NDArray[np.float64]) -> tuple[float, ...]:
    """Times rounded to the microsecond, far below a sample."""
    return tuple(round(float(time), 6) for time in times)


def _put(drawn: Mapping[str, Floats | Bytes], store: Store) -> MediaRef:
    """The curves in the store as an uncompressed ``.npz``: the same bytes for the same numbers on every machine."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **drawn)
    return store.put_bytes(file.getvalue(), ".npz")
