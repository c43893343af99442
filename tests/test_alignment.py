"""Motion against the music, on made-up motion whose truth is known."""

import numpy as np
import pytest

from songreel.inspection.alignment import Alignment, align

FPS = 30
FRAMES = 1200
CLIPS = [(first, first + 120) for first in range(0, FRAMES, 120)]
FRAME = np.arange(FRAMES)


def beats(every: float, first: float = 4.0) -> np.ndarray:
    return np.arange(first, FRAMES, every) / FPS


def measured(change: np.ndarray, at: np.ndarray, loudness: np.ndarray | None = None) -> Alignment:
    return align(change, FPS, CLIPS, at.tolist(), loudness)


def pulsed(every: float, height: float, first: float = 4.0) -> np.ndarray:
    return 1 + height * np.exp(-((FRAME - first) % every) / 3)


@pytest.mark.parametrize("every", [11.25, 15, 21.4])
def test_motion_on_the_beats_lies_above_what_the_shuffled_sound_gives(every):
    found = measured(pulsed(every, 0.6), beats(every))
    assert found.ratio > found.chance_high + 0.03
    assert found.off_beat < 1 < found.chance_high
    assert found.chance == pytest.approx(1, abs=0.02)


def test_motion_that_knows_nothing_of_the_beats_is_seldom_above_chance():
    above = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        change = np.convolve(rng.gamma(2, 1, FRAMES + 8), np.ones(9) / 9, "valid")
        found = measured(change, beats(15))
        above += found.ratio > found.chance_high
    assert above <= 4


@pytest.mark.parametrize("first", [4, 5])
@pytest.mark.parametrize("every", [12, 15])
def test_a_style_that_draws_on_twos_is_judged_by_its_motion_not_by_which_frames_it_draws(every, first):
    found = measured(2.0 * (FRAME % 2), beats(every, first))
    assert found.ratio == pytest.approx(1, abs=0.01)


def test_one_lively_clip_does_not_decide():
    change = np.ones(FRAMES)
    change[120:240] = 30 * pulsed(15, 2.0)[120:240]
    assert measured(change, beats(15)).ratio < 1.15


def test_motion_in_loud_parts_is_told_from_motion_in_quiet_ones():
    loudness = np.where((FRAME // 200) % 2, 1.0, 0.1)
    moving = measured(0.5 + loudness, beats(15), loudness)
    even = measured(np.random.default_rng(1).gamma(3, 1, FRAMES), beats(15), loudness)
    assert moving.loud > moving.loud_chance_high > 1
    assert moving.loud == pytest.approx(2.5, rel=0.1)
    assert moving.louder == pytest.approx(20, abs=2)
    assert even.loud < even.loud_chance_high


def test_without_beats_or_loudness_nothing_is_claimed():
    found = measured(np.ones(FRAMES), np.zeros(0))
    assert (found.ratio, found.off_beat, found.chance, found.chance_high, found.loud, found.loud_chance_high) == (1,) * 6
    assert found.louder == 0


@pytest.mark.parametrize("frames", [1, 5, 40])
def test_a_film_of_a_few_frames_is_measured_too(frames):
    short = align(np.ones(frames), FPS, [(0, frames)], [0.0, 0.5], np.ones(frames))
    assert np.isfinite([short.ratio, short.chance_high, short.loud]).all()
