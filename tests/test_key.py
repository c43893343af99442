"""The key of made chords and songs."""

import numpy as np
import pytest

from songreel.audio.key import NAMES, find_key, find_tuning
from songreel.audio.spectra import RATE, listen
from tests.songs import SongSpec, make_song

SCALES = {"major": (0, 5, 7, 0), "minor": (0, 5, 7, 0)}  # roots of I IV V I
THIRDS = {"major": 4, "minor": 3}
KEYS = [(tonic, mode) for tonic in NAMES for mode in ("major", "minor")]


def cadence(tonic: str, mode: str, cents: float = 0.0) -> np.ndarray:
    """I IV V I of half a second each, notes with five partials."""
    t = np.arange(RATE // 2) / RATE
    chords = []
    for root in SCALES[mode]:
        third = 4 if root == 7 else THIRDS[mode]
        notes = [48 + NAMES.index(tonic) + root + step for step in (-12, 0, third, 7)]
        pitches = [440 * 2 ** ((note - 69 + cents / 100) / 12) for note in notes]
        chords.append(sum(np.sin(2 * np.pi * f * k * t) / k for f in pitches for k in range(1, 6)) * np.exp(-t))
    return (np.concatenate(chords) * 0.05).astype(np.float32)


@pytest.mark.parametrize(("tonic", "mode"), KEYS)
def test_a_cadence_is_heard_in_each_of_the_24_keys(tonic, mode):
    key = find_key(listen(cadence(tonic, mode)))
    assert (key.tonic, key.mode) == (tonic, mode)
    assert key.confidence > 0.25


@pytest.mark.parametrize("cents", [-40, -20, 25, 40])
def test_a_song_out_of_tune_keeps_its_key_and_its_tuning_is_found(cents):
    spectra = listen(cadence("D", "minor", cents))
    assert find_tuning(spectra) == pytest.approx(cents / 100, abs=0.05)
    key = find_key(spectra)
    assert (key.tonic, key.mode) == ("D", "minor")


def test_most_made_songs_with_drums_and_voice_are_heard_in_their_key():
    """A sixth of chance's 23 in 24 errors is allowed: some of their progressions are those of the relative key as well."""
    right = 0
    for number in range(12):
        mode = ("major", "minor")[number % 2]
        spec = SongSpec(key=NAMES[(5 * number) % 12], mode=mode, drums="rock", chords=("strum", "pad", "piano")[number % 3], seed=number)
        key = find_key(listen(make_song(spec, 20.0).samples))
        right += (key.tonic, key.mode) == (spec.key, spec.mode)
    assert right >= 8


def test_chroma_has_a_row_for_each_long_frame_and_shows_the_notes_played():
    spectra = listen(cadence("C", "major"))
    key = find_key(spectra)
    assert key.chroma.shape == (len(spectra.long), 12)
    assert set(np.argsort(key.chroma[:8].sum(axis=0))[-3:]) == {0, 4, 7}


def test_silence_and_noise_are_given_no_confidence():
    silent = find_key(listen(np.zeros(RATE, np.float32)))
    assert (silent.tonic, silent.mode, silent.confidence) == ("C", "major", 0.0)
    noise = np.random.default_rng(1).standard_normal(4 * RATE).astype(np.float32) * 0.1
    assert find_key(listen(noise)).confidence < 0.4


def test_a_single_sample_has_no_key():
    assert find_key(listen(np.ones(1, np.float32))).confidence <= 1.0
