"""Curves on the film's frames and the four numbers of a song's mood."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from schemas import CURVES, Section
from songreel.audio.dynamics import curves
from songreel.audio.instruments import vocal_activity
from songreel.audio.key import Key
from songreel.audio.mood import find_mood
from songreel.audio.spectra import RATE, listen
from tests.instruments import drum
from tests.songs import SongSpec, make_song

FPS = Fraction(30)
NTSC = Fraction(30000, 1001)
SECONDS = 12.0


@dataclass
class Grid:
    beats: np.ndarray
    downbeats: np.ndarray


EVEN = Grid(np.arange(0.25, SECONDS, 0.5), np.arange(0.25, SECONDS, 2.0))
WHOLE = (Section(label="verse", start=0, end=SECONDS, energy=0.5, group="A"),)


def heard(samples: np.ndarray, fps: Fraction = FPS, grid: Grid = EVEN, sections: tuple[Section, ...] = WHOLE) -> dict[str, np.ndarray]:
    spectra = listen(samples)
    return curves(spectra, grid, sections, fps, round(len(samples) / RATE * fps), vocal_activity(spectra))


def hits(instrument: str, times: list[float], level: float = 0.5) -> np.ndarray:
    """Nothing but hits of one drum."""
    out = np.random.default_rng(0).standard_normal(round(SECONDS * RATE)).astype(np.float32) * 1e-5
    sound = drum(instrument, RATE)
    for time in times:
        start = round(time * RATE)
        part = out[start : start + len(sound)]
        part += level * sound[: len(part)]
    return out


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    return make_song(SongSpec(drums="rock", form=(("intro", 2), ("verse", 2), ("chorus", 2))), SECONDS).samples


@pytest.mark.parametrize("fps", [Fraction(12), Fraction(24), NTSC, Fraction(60)])
def test_every_curve_has_a_value_in_0_to_1_for_each_frame(song, fps):
    found = heard(song, fps)
    assert set(found) == set(CURVES)
    for name, curve in found.items():
        assert curve.shape == (round(SECONDS * fps),), name
        assert curve.dtype == np.float32
        assert np.isfinite(curve).all()
        assert 0 <= curve.min() <= curve.max() <= 1, name


@pytest.mark.parametrize(("instrument", "curve"), [("k", "kick"), ("s", "snare"), ("h", "hat")])
def test_a_strike_peaks_within_a_frame_of_its_hit_and_falls_before_the_next(instrument, curve):
    times = [1.0, 2.5, 4.0, 5.2, 7.1, 9.0]
    found = heard(hits(instrument, times), Fraction(30))[curve]
    for time in times:
        near = found[round(time * 30) - 1 : round(time * 30) + 2]
        assert near.max() > 0.7
        assert found[round(time * 30) - 3] < 0.3
        assert found[round(time * 30) + 15] < 0.2


def test_hats_do_not_move_the_kick_nor_kicks_the_hat():
    times = [1.0, 2.0, 3.0, 4.0]
    assert heard(hits("h", times))["kick"].max() < 0.2
    assert heard(hits("k", times))["hat"].max() < 0.3


@pytest.mark.parametrize("level", [0.003, 0.05, 1.0])
def test_quiet_songs_move_as_much_as_loud_ones(song, level):
    reference, found = heard(song), heard(song * np.float32(level))
    for name in ("kick", "bass", "mid", "treble", "loudness", "brightness"):
        assert np.abs(reference[name] - found[name]).max() < 0.02, name
        assert found[name].std() > 0.05, name
        assert np.mean(found[name] > 0.98) < 0.35, name


def test_a_steady_tone_does_not_flicker():
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(SECONDS * RATE)) / RATE)
    found = heard(tone.astype(np.float32))
    for name in ("kick", "snare", "hat", "mid", "loudness", "brightness"):
        assert found[name][15:-15].std() < 0.05, name


def test_levels_follow_a_rise_at_once_and_a_fall_slowly():
    tone = 0.3 * np.sin(2 * np.pi * 500 * np.arange(round(SECONDS * RATE)) / RATE)
    tone[: 4 * RATE] *= 0.01
    tone[8 * RATE :] *= 0.01
    mid = heard(tone.astype(np.float32))["mid"]
    assert mid[4 * 30 - 4] < 0.1
    assert mid[4 * 30 + 3] > 0.9
    assert 0.15 < mid[8 * 30 + 9] < 0.6
    assert mid[9 * 30 + 15] < 0.1


@pytest.mark.parametrize("fps", [FPS, NTSC, Fraction(24)])
def test_the_beat_is_1_on_the_frame_nearest_to_each_beat_and_nowhere_else(song, fps):
    found = heard(song, fps)
    frames = np.floor(EVEN.beats * float(fps) + 0.5).astype(int)
    assert list(np.flatnonzero(found["beat"] == 1)) == list(frames)
    assert list(np.flatnonzero(found["beat_phase"] == 0)) == list(frames)


def test_phases_rise_evenly_from_0_and_begin_again(song):
    found = heard(song, FPS)
    bar = found["bar_phase"]
    downbeat = round(2.25 * 30)
    assert bar[downbeat : downbeat + 60] == pytest.approx(np.arange(60) / 60, abs=0.02)
    rising = np.diff(found["beat_phase"]) > 0
    assert np.mean(rising) > 0.9


def test_the_section_phase_and_energy_follow_the_form(song):
    parts = (Section(label="intro", start=0, end=4.0, energy=0.2, group="A"), Section(label="chorus", start=4.0, end=SECONDS, energy=0.9, group="B"))
    found = heard(song, FPS, sections=parts)
    assert found["section_phase"][119] > 0.98
    assert found["section_phase"][120] == 0
    assert found["energy"][60] == pytest.approx(0.2)
    assert found["energy"][200] == pytest.approx(0.9)
    assert np.abs(np.diff(found["energy"])).max() < 0.1


def test_a_song_without_beats_still_has_all_curves(song):
    nothing = Grid(np.zeros(0), np.zeros(0))
    found = heard(song, FPS, nothing)
    assert found["beat"].max() == 0
    assert found["beat_phase"][-1] > 0.98


@pytest.mark.parametrize("samples", [np.zeros(RATE, np.float32), np.ones(1, np.float32), np.full(RATE // 2, 0.5, np.float32)])
def test_silence_and_scraps_give_quiet_curves(samples):
    spectra = listen(samples)
    whole = (Section(label="verse", start=0, end=1.0, energy=0, group="A"),)
    found = curves(spectra, Grid(np.zeros(0), np.zeros(0)), whole, FPS, 15, vocal_activity(spectra))
    assert all(np.isfinite(curve).all() and curve.shape == (15,) for curve in found.values())
    if not samples.any():
        assert found["loudness"].max() == found["kick"].max() == found["brightness"].max() == 0


def key(mode: str, confidence: float = 0.9) -> Key:
    return Key("C", mode, confidence, np.zeros((1, 12), np.float32), 0.0)  # type: ignore[arg-type]


def test_a_fast_loud_dense_song_is_more_excited_than_a_slow_soft_one():
    wild = find_mood(listen(make_song(SongSpec(tempo=165, drums="rock", bass="eighths", chords="eighths"), 15.0).samples), key("major"), 165, -8.0)
    calm = find_mood(listen(make_song(SongSpec(tempo=64, drums="none", bass="whole", chords="pad"), 15.0).samples * 0.1), key("minor"), 64, -26.0)
    assert wild.arousal > calm.arousal + 0.3
    assert wild.energy > calm.energy + 0.3
    assert wild.valence > calm.valence + 0.3


def test_the_mode_turns_the_valence_and_nothing_else(song):
    spectra = listen(song)
    bright, dark = find_mood(spectra, key("major"), 120, -14), find_mood(spectra, key("minor"), 120, -14)
    assert bright.valence > dark.valence + 0.3
    assert (bright.energy, bright.arousal, bright.brightness) == (dark.energy, dark.arousal, dark.brightness)


def test_brightness_follows_the_spectrum():
    t = np.arange(3 * RATE) / RATE
    low, high = (find_mood(listen((0.2 * np.sin(2 * np.pi * f * t)).astype(np.float32)), key("major"), 120, -14) for f in (150, 5000))
    assert (low.brightness, high.brightness) == (0.0, 1.0)


def test_silence_has_no_energy():
    mood = find_mood(listen(np.zeros(RATE, np.float32)), key("major", 0.0), 120, -70)
    assert (mood.energy, mood.arousal, mood.valence) == (0.0, 0.0, 0.5)
