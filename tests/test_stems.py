"""Stems without weights: they sum to the mix and each is nearer to its truth than the mix is."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from schemas import Song, Stems
from songreel.audio import stems as module
from songreel.audio.stems import NAMES, separate, split
from songreel.errors import MediaError
from songreel.storage.store import Store
from tests.songs import SongSpec, make_song

SONGS = (
    SongSpec(drums="pop", bass="eighths", chords="strum", key="A", mode="minor", form=(("verse", 4), ("chorus", 4)), seed=3),
    SongSpec(tempo=96, drums="funk", bass="syncopated", chords="pad", key="D", form=(("chorus", 4), ("verse", 4)), seed=4),
    SongSpec(tempo=140, drums="rock", bass="halves", chords="eighths", key="F", form=(("chorus", 8),), seed=5),
)
SECONDS = 12.0


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path / "store"))


def song_of(samples: np.ndarray, rate: int, store: Store, tmp_path: Path, subtype: str = "PCM_24") -> Song:
    """A song of given samples, shape (n, channels)."""
    path = tmp_path / "song.wav"
    soundfile.write(path, samples, rate, subtype)
    ref = store.put_file(path)
    return Song(
        master=ref, source=ref, name="song", duration=len(samples) / rate, samples=len(samples), sample_rate=rate,
        channels=samples.shape[1], container="wav", codec="pcm",
    )  # fmt: skip


def in_stereo(stems: dict[str, np.ndarray], rate: int) -> dict[str, np.ndarray]:
    """Voice and bass in the centre, drums nearly, the rest wide."""
    late = round(0.011 * rate)
    wide = np.concatenate([np.zeros(late, np.float32), stems["other"][:-late]])
    out = {name: np.stack([track, track], 1) for name, track in stems.items()}
    out["other"] = np.stack([stems["other"] * 1.1 + 0.4 * wide, stems["other"] * 0.7 - 0.4 * wide], 1)
    return {name: (0.6 * track).astype(np.float32) for name, track in out.items()}


def si_sdr(estimate: np.ndarray, truth: np.ndarray) -> float:
    """Scale-invariant signal to distortion ratio in dB (Le Roux et al. 2019)."""
    e, t = estimate.ravel().astype(float), truth.ravel().astype(float)
    wanted = (e @ t) / (t @ t) * t
    return float(10 * np.log10((wanted @ wanted) / np.sum((e - wanted) ** 2)))


def read(store: Store, stems: Stems, name: str) -> np.ndarray:
    return soundfile.read(store.get(getattr(stems, name)), always_2d=True, dtype="float64")[0]


def gains(rate: int, stereo: bool) -> np.ndarray:
    """What each stem wins over a copy of the mix in dB, shape (songs, 4)."""
    rows = []
    for spec in SONGS:
        made = make_song(spec, SECONDS, rate)
        truth = in_stereo(made.stems, rate) if stereo else {name: track[:, None] for name, track in made.stems.items()}
        mix = np.sum(list(truth.values()), axis=0, dtype=np.float32)
        found = split(mix, rate)
        found["other"] = mix - sum(found.values())
        rows.append([si_sdr(found[name], truth[name]) - si_sdr(mix, truth[name]) for name in NAMES])
    return np.array(rows)


@pytest.mark.parametrize(("rate", "stereo", "least"), [(44100, True, (7, 8, 7, 5)), (22050, False, (5, 8, 7, 2))])
def test_every_stem_is_much_nearer_to_its_truth_than_a_copy_of_the_mix(rate, stereo, least):
    won = gains(rate, stereo)
    assert (won.mean(axis=0) > least).all(), won
    assert (won > 0).all(), won


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"), [(44100, 2, 3.0), (44100, 1, 1.0), (8000, 1, 2.5), (96000, 2, 1.3), (22050, 6, 0.7), (44100, 2, 0.01)]
)
def test_stems_of_any_rate_length_and_channels_sum_to_the_mix(store, tmp_path, rate, channels, seconds):
    made = make_song(SongSpec(lead_in=0.05, form=(("chorus", 4),)), seconds * rate / 22050)
    mix = np.stack([made.samples * (1 - 0.1 * c) for c in range(channels)], 1)
    stems = separate(song_of(mix, rate, store, tmp_path), store)
    tracks = [read(store, stems, name) for name in NAMES]
    assert {track.shape for track in tracks} == {mix.shape}
    assert np.abs(sum(tracks) - mix).max() < 2**-22
    assert stems.residual_db < -60
    assert stems.sample_rate == rate


def test_stems_are_24_bit_flac(store, tmp_path):
    stems = separate(song_of(make_song(SongSpec(), 1.0).samples[:, None], 22050, store, tmp_path), store)
    info = soundfile.info(store.get(stems.vocals))
    assert (info.format, info.subtype) == ("FLAC", "PCM_24")
    assert stems.notes[0].stage == "separate"


def test_a_mix_that_goes_beyond_full_scale_is_still_the_sum(store, tmp_path):
    loud = make_song(SongSpec(drums="four", form=(("chorus", 8),)), 4.0).samples[:, None] * 2.2
    stems = separate(song_of(loud.astype(np.float32), 22050, store, tmp_path, "FLOAT"), store)
    total = sum(read(store, stems, name) for name in NAMES)
    assert np.abs(total - loud).max() < 1e-6
    assert stems.residual_db < -100


def test_blocks_leave_no_seam(store, tmp_path, monkeypatch):
    """Stems made in blocks of one second are those made in one go."""
    made = make_song(SongSpec(form=(("chorus", 4),)), 6.0)
    song = song_of(made.samples[:, None], 22050, store, tmp_path)
    whole = {name: read(store, separate(song, store), name) for name in NAMES}
    monkeypatch.setattr(module, "BLOCK", 1.0)
    for name in NAMES:
        assert np.abs(read(store, separate(song, store), name) - whole[name]).max() < 1e-4


def test_silence_gives_silent_stems(store, tmp_path):
    stems = separate(song_of(np.zeros((22050, 2), np.float32), 22050, store, tmp_path), store)
    assert all(np.abs(read(store, stems, name)).max() == 0 for name in NAMES)
    assert stems.residual_db < -60


def test_more_channels_than_a_flac_file_holds_are_refused(store, tmp_path):
    song = song_of(np.zeros((2205, 10), np.float32), 22050, store, tmp_path)
    with pytest.raises(MediaError, match="10 channels; at most 8"):
        separate(song, store)


def test_a_master_that_is_no_sound_gives_one_sentence(store, tmp_path):
    song = song_of(np.zeros((2205, 1), np.float32), 22050, store, tmp_path)
    broken = song.model_copy(update={"master": store.put_bytes(b"no sound" * 99, ".wav")})
    with pytest.raises(MediaError, match="is accepted"):
        separate(broken, store)
    assert not list(store.scratch.iterdir())
