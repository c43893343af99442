"""The honesty check: every planted fault is caught and named, and an honest film passes."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from schemas import Note, Report
from songreel.errors import MediaError
from songreel.inspection import Inspection, examine, inspect, write_report
from songreel.inspection.cuts import share_by_chance
from songreel.inspection.flashes import FlashMeter
from songreel.inspection.soundtrack import best_shift
from songreel.media.sound import Sound, write_wav
from tests import planted
from tests.planted import BEAT, FPS, RATE

CLIP = 30  # frames: two beats
SECONDS = 4.0
BEATS = planted.beats(SECONDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def song():
    return planted.song(SECONDS)


@pytest.fixture(scope="module")
def master(folder, song):
    path = folder / "song.wav"
    write_wav(Sound(song, RATE), path)
    return path


@pytest.fixture(scope="module")
def pictures():
    """Four living clips of 30 frames, and 8 frames more of each, for transitions and late cuts."""
    draws = (planted.parallax(1, pulse=1.0), planted.water(2), planted.particles(3, 60), planted.parallax(4, 1.5, pulse=1.0))
    return [[draw(frame) for frame in range(CLIP + 8)] for draw in draws]


@pytest.fixture(scope="module")
def frames(pictures):
    return [picture for clip in pictures for picture in clip[:CLIP]]


@pytest.fixture(scope="module")
def clean(folder, frames, song):
    return planted.film(folder / "clean.mp4", frames, song)


@pytest.fixture(scope="module")
def honest(clean, master) -> Inspection:
    return examine(clean, master, beats=BEATS, cuts=(30, 60, 90))


def film_of(folder: Path, frames: list[np.ndarray], song: np.ndarray) -> Path:
    return planted.film(folder / "film.mp4", frames, song)


def broken(report: Report) -> set[str]:
    return {violation.rule for violation in report.violations}


def flat(level: int, colour: tuple[float, float, float] = (1, 1, 1)) -> np.ndarray:
    picture = np.ones((planted.HEIGHT, planted.WIDTH, 3)) * np.array(colour) * level
    return picture.astype(np.uint8)


# The honest film


def test_an_honest_film_holds_every_rule(honest):
    report = honest.report
    assert report.violations == ()
    assert (report.frames, report.fps, report.width, report.height) == (120, FPS, 320, 180)
    assert report.cuts.count == 3
    assert report.cuts.max_error_frames == 0
    assert report.cuts.on_beat_share == 1
    assert abs(report.length_error_frames) < 0.1
    assert abs(report.audio_offset_ms) < 0.2
    assert (report.still_clips, report.ken_burns_clips, report.black_frames) == ((), (), 0)
    assert report.flashes_per_second_max <= 2


def test_cuts_are_found_without_a_plan(clean, master):
    report = inspect(clean, master, beats=BEATS)
    assert report.cuts.count == 3
    assert report.cuts.max_error_frames == 0
    assert report.violations == ()


def test_without_a_beat_grid_cuts_are_found_and_the_report_says_that_they_are_not_judged(clean, master):
    report = inspect(clean, master)
    assert report.cuts.count == 3
    assert report.violations == ()
    assert [note.stage for note in report.notes] == ["inspect"]


def test_by_chance_is_the_share_of_frames_on_a_beat():
    rng = np.random.default_rng(0)
    beats = np.cumsum(rng.uniform(0.4, 0.6, 100))
    thrown = rng.integers(1, 1500, 20_000)
    near = [np.abs(frame - beats * 30).min() <= 0.52 for frame in thrown]
    assert share_by_chance(1500, beats.tolist(), Fraction(30)) == pytest.approx(np.mean(near), abs=0.01)


def test_motion_on_the_beat_is_told_from_motion_off_it(clean, master, honest):
    shifted = inspect(clean, master, beats=tuple(beat + BEAT / 60 for beat in BEATS))
    assert honest.report.beat_alignment > max(1.2, honest.report.beat_alignment_chance_high)
    assert honest.report.beat_alignment_off_beat < 1.05
    assert shifted.beat_alignment < 1.05


def test_a_cut_two_frames_late_is_measured_and_named(folder, pictures, song, master):
    late = [*pictures[0][:30], *pictures[1][:32], *pictures[2][2:30], *pictures[3][:30]]
    report = inspect(film_of(folder, late, song), master, beats=BEATS, cuts=(30, 60, 90))
    assert report.cuts.max_error_frames == 2
    assert report.cuts.on_beat_share == pytest.approx(2 / 3)
    assert [violation.frames for violation in report.violations if violation.rule == "cuts"] == [(62,)]


def test_a_cut_that_nobody_planned_is_found_and_judged(folder, pictures, song, master):
    hidden = [*pictures[0][:30], *pictures[1][:10], *pictures[3][:20], *pictures[2][:30], *pictures[3][:30]]
    report = inspect(film_of(folder, hidden, song), master, beats=BEATS, cuts=(30, 60, 90))
    assert report.cuts.count == 4
    assert [violation.frames for violation in report.violations] == [(40,)]
    assert "not in the plan" in report.violations[0].sentence


def test_a_flash_is_no_cut(folder, frames, song, master):
    lit = list(frames)
    for frame in (20, 21, 22):
        lit[frame] = flat(255)
    assert inspect(film_of(folder, lit, song), master, beats=BEATS).cuts.count == 3


@pytest.mark.parametrize("kind", ["crossfade", "fade_black", "fade_white", "wipe", "dissolve"])
@pytest.mark.parametrize("late", [0, 5])
def test_the_centre_of_a_transition_is_found(folder, pictures, song, master, kind, late):
    before, after = pictures[0], pictures[3]
    centre = 30 + late
    blend = planted.joined(before[centre - 6 : centre + 2] + before[-1:] * 4, after[:12], kind, 12)
    film = film_of(folder, [*before[: centre - 6], *blend, *after[12:30]], song)
    (measured,) = examine(film, master, beats=BEATS, transitions=((30, 12),)).evidence.cuts
    assert measured.cut.measured == pytest.approx(centre, abs=2)
    assert (measured.distance == 0) == (late == 0)


# Clips


@pytest.mark.parametrize(
    "draw",
    [
        planted.ken_burns(11, pan=1.0),
        planted.ken_burns(12, pan=4.0),
        planted.ken_burns(13, grow=0.004, noise=4),
        planted.ken_burns(14, grow=0.001),
        planted.ken_burns(15, pan=0.4, grow=0.002, turn=0.002),
    ],
    ids=["pan", "fast pan", "zoom with grain", "slow zoom", "pan, zoom and turn"],
)
def test_a_still_under_a_moving_camera_is_a_ken_burns_clip(folder, pictures, song, master, draw):
    film = film_of(folder, [*planted.sequence((draw, 30)), *pictures[1][:30]], song)
    report = inspect(film, master, beats=BEATS, cuts=(30,))
    assert report.ken_burns_clips == (0,)
    assert report.still_clips == ()
    assert ("ken_burns", (0, 29)) in [(violation.rule, violation.frames) for violation in report.violations]


@pytest.mark.parametrize(
    "draw",
    [planted.parallax(21, 0.3), planted.water(22, 0.3), planted.particles(23, 30), planted.clouds(24), planted.clouds(25, 0.15)],
    ids=["slow parallax", "slow water", "few specks over a pan", "clouds", "slow clouds"],
)
def test_what_moves_on_its_own_is_neither_still_nor_ken_burns(folder, song, master, draw):
    report = inspect(film_of(folder, planted.sequence((draw, 30)), song), master, beats=BEATS, cuts=())
    assert (report.ken_burns_clips, report.still_clips) == ((), ())
    assert not broken(report) & {"ken_burns", "slideshow"}


@pytest.mark.parametrize("noise", [0.0, 4.0], ids=["bare", "with grain"])
def test_a_still_clip_is_a_slideshow(folder, pictures, song, master, noise):
    film = film_of(folder, [*pictures[0][:30], *planted.sequence((planted.still(31, noise), 30))], song)
    report = inspect(film, master, beats=BEATS, cuts=(30,))
    assert report.still_clips == (1,)
    assert ("slideshow", (30, 59)) in [(violation.rule, violation.frames) for violation in report.violations]


def test_a_still_whose_light_pulses_is_still(folder, song, master):
    picture = planted.still(32)(0).astype(np.float32)
    pulsing = [np.clip(picture * (0.8 + 0.2 * np.exp(-(frame % BEAT) / 4)), 0, 255).astype(np.uint8) for frame in range(30)]
    assert inspect(film_of(folder, pulsing, song), master, beats=BEATS, cuts=()).still_clips == (0,)


def test_frames_that_repeat_in_a_moving_clip_are_named(folder, frames, song, master):
    stopped = [*frames[:66], *[frames[66]] * 10, *frames[76:]]
    report = inspect(planted.film(folder / "film.mp4", stopped, song, crf=20), master, beats=BEATS, cuts=(30, 60, 90))
    (violation,) = report.violations
    assert violation.rule == "slideshow"
    assert set(range(69, 76)) <= set(violation.frames) <= set(range(67, 76))


@pytest.mark.parametrize(("times", "fault"), [(2, False), (3, True)])
def test_ten_new_pictures_a_second_are_a_slideshow_and_fifteen_are_a_style(folder, pictures, song, master, times, fault):
    held = [pictures[0][frame - frame % times] for frame in range(30)]
    film = planted.film(folder / "film.mp4", [*held, *pictures[1][:30]], song, crf=20)
    report = inspect(film, master, beats=BEATS, cuts=(30,))
    assert ("slideshow" in broken(report)) == fault


def test_a_black_hole_is_named_and_a_fade_through_black_is_not(folder, frames, song, master):
    hole = [*frames[:35], *[flat(0)] * 30, *frames[65:]]
    report = inspect(film_of(folder, hole, song), master, beats=BEATS, cuts=(30, 60, 90))
    (violation,) = [violation for violation in report.violations if violation.rule == "black"]
    assert report.black_frames == 30
    assert violation.frames == tuple(range(35, 65))
    ending = [*frames[:90], *[flat(0)] * 30]
    assert "black" not in broken(inspect(film_of(folder, ending, song), master, beats=BEATS, cuts=(30, 60, 90)))


# Flashes


def flashing(rate: float, seconds: float = 2.0, share: float = 1.0, high: tuple[float, ...] = (1, 1, 1), low: float = 0.0) -> tuple[int, int]:
    """Most general and red flashes a second of a field that flashes in the left ``share`` of the picture, without an encoder."""
    meter = FlashMeter((90, 160), FPS)
    found = [(0, 0)]
    for frame in range(round(seconds * FPS)):
        linear = np.full((90, 160, 3), 0.2, np.float32)
        on = int(frame * rate * 2 / float(FPS)) % 2
        linear[:, : round(share * 160)] = np.array(high) if on else low
        found.append(meter.follow(linear))
    return max(general for general, _ in found), max(red for _, red in found)


def test_flashes_are_counted_by_the_second():
    assert flashing(2)[0] == 2
    assert flashing(3)[0] == 3
    assert flashing(4)[0] == 4
    assert flashing(15)[0] == 15


def test_small_faint_and_bright_flickers_are_no_flashes():
    assert flashing(4, share=0.07)[0] == 0
    assert flashing(4, high=(0.08, 0.08, 0.08))[0] == 0
    assert flashing(4, high=(1, 1, 1), low=0.85)[0] == 0


def test_a_red_flash_counts_where_its_light_is_too_faint_to():
    assert flashing(4, high=(0.3, 0.0, 0.0)) == (0, 4)
    assert flashing(4, high=(0.3, 0.3, 0.0))[1] == 0


def test_slow_pulses_of_uneven_strength_flash_together():
    meter, found = FlashMeter((90, 160), FPS), []
    strength = np.linspace(0.2, 1, 160, dtype=np.float32)[None, :, None]
    for frame in range(60):
        wave = 0.5 - 0.5 * np.cos(2 * np.pi * 5 * frame / 30)
        found.append(meter.follow(np.broadcast_to(strength * np.float32(wave), (90, 160, 3)))[0])
    assert max(found) >= 4


@pytest.mark.parametrize(("colour", "name"), [((1, 1, 1), "general"), ((0.55, 0, 0), "red")])
def test_a_film_that_flashes_four_times_a_second_breaks_the_rule(folder, frames, song, master, colour, name):
    strobe = [frame if k % 8 < 4 or not 50 <= k < 85 else flat(255, colour) for k, frame in enumerate(frames)]
    if name == "red":
        strobe = [flat(20) if k % 8 < 4 else flat(255, colour) for k in range(60)]
    report = inspect(film_of(folder, strobe, song), master, beats=BEATS, cuts=())
    assert report.flashes_per_second_max >= 4
    assert any(violation.rule == "flashes" and name in violation.sentence and violation.frames for violation in report.violations)


def test_a_film_that_flashes_twice_a_second_does_not(folder, frames, song, master):
    slow = [flat(255) if k % 15 < 3 and k > 29 else frame for k, frame in enumerate(frames)]
    report = inspect(film_of(folder, slow, song), master, beats=BEATS, cuts=(30, 60, 90))
    assert "flashes" not in broken(report)
    assert report.flashes_per_second_max >= 2


# Sound and length


def test_sound_forty_milliseconds_late_is_measured(folder, frames, song, master):
    shift = round(0.04 * RATE)
    late = np.concatenate([np.zeros((shift, 2), np.float32), song[:-shift]])
    report = inspect(film_of(folder, frames, late), master, beats=BEATS, cuts=(30, 60, 90))
    assert report.audio_offset_ms == pytest.approx(40, abs=0.2)
    assert broken(report) == {"soundtrack"}


def test_sound_that_drifts_is_measured_at_its_worst(folder, frames, song, master):
    where = np.arange(len(song)) / 1.004
    slow = np.stack([np.interp(where, np.arange(len(song)), song[:, k]) for k in (0, 1)], 1).astype(np.float32)
    report = inspect(film_of(folder, frames, slow), master, beats=BEATS, cuts=(30, 60, 90))
    assert "soundtrack" in broken(report)


def test_another_song_is_not_the_master(folder, frames, master):
    report = inspect(film_of(folder, frames, planted.song(SECONDS, seed=9)), master, beats=BEATS, cuts=(30, 60, 90))
    (violation,) = report.violations
    assert violation.rule == "soundtrack"
    assert "not the master" in violation.sentence


@pytest.mark.parametrize("change", ["quieter", "a hole"])
def test_an_altered_soundtrack_is_caught(folder, frames, song, master, change):
    altered = song * 0.8 if change == "quieter" else song.copy()
    if change == "a hole":
        altered[3 * RATE : round(3.6 * RATE)] = 0
    report = inspect(film_of(folder, frames, altered.astype(np.float32)), master, beats=BEATS, cuts=(30, 60, 90))
    assert broken(report) == {"soundtrack"}


def test_the_shift_is_found_to_a_fraction_of_a_sample():
    t = np.arange(4000) / 100
    tone = np.sin(t * 7) * np.exp(-((t - 20) ** 2) / 40) + 0.3 * np.sin(t * 17)
    late = np.interp(np.arange(4000) - 3.4, np.arange(4000), tone)
    shift, alike = best_shift(late, tone[1000:3000], 1000, 50)
    assert shift == pytest.approx(3.4, abs=0.05)
    assert alike > 0.99


def test_a_film_three_frames_short_is_named(folder, frames, song, master):
    report = inspect(film_of(folder, frames[:-3], song), master, beats=BEATS, cuts=(30, 60, 90))
    assert report.length_error_frames == pytest.approx(-3, abs=0.05)
    assert broken(report) == {"length"}
    assert "3.0 frames apart" in report.violations[0].sentence


def test_a_master_much_longer_than_the_film_gets_advice(folder, clean, song):
    path = folder / "long.wav"
    write_wav(Sound(np.concatenate([song, planted.song(20, seed=5)]), RATE), path)
    report = inspect(clean, path, beats=BEATS, cuts=(30, 60, 90))
    assert report.length_error_frames == pytest.approx(-600, abs=1)
    assert "give that part as the master" in report.violations[0].sentence
    assert broken(report) == {"length"}


def test_a_silent_master_is_noted_and_the_film_must_be_silent_too(folder, frames, song):
    path = folder / "silence.wav"
    write_wav(Sound(np.zeros_like(song), RATE), path)
    report = inspect(film_of(folder, frames, np.zeros_like(song)), path, beats=BEATS, cuts=(30, 60, 90))
    assert report.violations == ()
    assert "silent" in report.notes[0].because
    assert "soundtrack" in broken(inspect(film_of(folder, frames, song), path, beats=BEATS, cuts=(30, 60, 90)))


# What cannot be inspected


def test_files_that_are_no_film_get_one_clear_sentence(folder, clean, master, frames):
    silent = planted.film(folder / "silent.mp4", frames[:20], None)
    torn = folder / "torn.mp4"
    torn.write_bytes(clean.read_bytes()[:3000])
    with pytest.raises(MediaError, match=r"silent\.mp4 has no sound"):
        examine(silent, master)
    with pytest.raises(MediaError, match=r"song\.wav has no picture"):
        examine(master, master)
    with pytest.raises(MediaError, match=r"silent\.mp4 has no sound: give the song"):
        examine(clean, silent)
    with pytest.raises(MediaError, match=r"torn\.mp4"):
        examine(torn, master)


# The report


def test_the_page_shows_every_rule_and_loads_nothing_from_elsewhere(folder, honest):
    notes = (Note(stage="separate", took="dsp", because="<no weights>"),)
    report = honest.report.model_copy(update={"notes": notes})
    data, page = write_report(report, honest.evidence, folder / "report")
    assert Report.model_validate_json(data.read_text()) == report
    text = page.read_text()
    assert text.count('class="mark"') == 7
    assert text.count("<svg") == 4
    assert text.count("<figure>") == 4
    assert "&lt;no weights&gt;" in text
    assert 'src="http' not in text
    assert "$" not in text
    assert json.loads(data.read_text())["cuts"]["count"] == 3


def test_the_page_of_a_broken_film_says_what_is_broken(folder, frames, song, master):
    result = examine(film_of(folder, frames[:-3], song), master, beats=BEATS, cuts=(30, 60, 90))
    _, page = write_report(result.report, result.evidence, folder / "broken")
    text = page.read_text()
    assert "1 hard rule broken" in text
    assert text.count("mark broken") == 1
    assert "3.0 frames apart" in text
