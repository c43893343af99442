"""The world's clock: it runs with the music, is pushed by beats, and never jumps."""

from fractions import Fraction

import numpy as np
import pytest

from schemas import CURVES, Look
from songreel.painter.moments import Moments, Span
from songreel.painter.pace import DOWNBEAT, LOUD, PUSH, QUIET, beat_frames, pace

FPS = 30
FRAMES = 600
LOOK = Look(world="city", style="rotoscope", colours=("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2"))


def song(every: float = 15, first: int = 7, struck: float = 1.0, loudness: float = 0.8) -> dict[str, np.ndarray]:
    """Curves of beats at a distance in frames, each fourth opening a bar, struck by the kick."""
    frame = np.arange(FRAMES)
    since = (frame - first) % every
    curves = dict.fromkeys(CURVES, np.zeros(FRAMES, np.float32))
    curves |= {"beat": np.exp(-since / 4.5), "bar_phase": ((frame - first) / (4 * every)) % 1, "loudness": np.full(FRAMES, loudness)}
    return {**curves, "kick": struck * np.exp(-since / 5)}


@pytest.mark.parametrize("fps", [12, 24, 30, 60])
@pytest.mark.parametrize("every", [5, 11, 15, 31])
def test_the_clock_never_stops_jumps_or_runs_back(every, fps):
    speed = pace(song(every, loudness=1.0), fps)
    assert speed.shape == (FRAMES,)
    assert speed.min() >= QUIET
    assert speed.max() <= LOUD + 1.5 * PUSH * DOWNBEAT


def test_a_beat_that_strikes_pushes_the_clock_and_the_push_eases_off():
    curves = song()
    speed, beats = pace(curves, FPS), beat_frames(curves)[:-1]
    assert list(beats[:2]) == [7, 22]
    assert speed[beats].min() > 2 * np.median(speed)
    assert speed[beats + 10].max() < 1.2 * speed.min()


def test_beats_that_nothing_strikes_push_little_and_downbeats_most():
    struck, unheard = pace(song(), FPS), pace(song(struck=0.0), FPS)
    beats = beat_frames(song())
    assert np.ptp(unheard) < 0.4 * np.ptp(struck)
    assert struck[beats[4]] > 1.1 * struck[beats[5]]


def test_a_quiet_passage_runs_slower_than_a_loud_one():
    assert pace(song(loudness=0.0), FPS).mean() < 0.55 * pace(song(loudness=1.0), FPS).mean()


def test_fast_beats_push_less_each():
    assert pace(song(every=6), FPS).max() < 0.75 * pace(song(every=15), FPS).max()


def test_without_music_the_clock_is_the_songs_own():
    moments = Moments(LOOK, 1, {}, Fraction(FPS), Span(0, 90), None)
    assert moments.at(60)["t"] - moments.at(30)["t"] == pytest.approx(1)


def test_the_clock_runs_on_past_the_end_of_the_curves():
    moments = Moments(LOOK, 1, {"loudness": np.full(1, 0.4, np.float32)}, Fraction(FPS), Span(0, 90), None)
    steps = np.diff([moments.at(frame)["t"] for frame in range(40)])
    assert steps == pytest.approx(steps[0])
    assert steps[0] > 0


@pytest.mark.parametrize("every", [11, 12, 15])
def test_a_style_on_twos_has_a_new_drawing_on_every_beat(every):
    curves = song(every)
    moments = Moments(LOOK, 1, curves, Fraction(FPS), Span(0, FRAMES), 15)
    held = np.array([moments.held(frame) for frame in range(FRAMES)])
    beats = beat_frames(curves)
    assert (held[beats] == beats).all()
    assert (np.arange(FRAMES) - held).max() == 1
