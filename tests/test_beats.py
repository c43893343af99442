"""Beats, downbeats and metre on made songs of known truth, and a person's word on them."""

from dataclasses import replace

import mir_eval
import numpy as np
import pytest

from schemas import GridEdit
from songreel.audio.beats import find_grid, to_ends, with_octaves
from songreel.audio.gridedit import from_taps, from_tempo_map, grid_of
from songreel.audio.onsets import find_onsets
from songreel.audio.spectra import FAST_HOP, RATE, listen
from songreel.audio.tempo import find_tempogram
from songreel.errors import UserError
from tests.song_kinds import random_spec
from tests.songs import MadeSong, SongSpec, click_track, make_song

GOOD = 0.95  # F-measure
KINDS_HEARD = ("pop", "rock", "house", "offhat", "drum_and_bass", "ballad", "jazz", "reggae", "waltz", "soft", "ramp", "live")
OFFBEAT_HATS = SongSpec(name="hats", tempo=124, drums="offhat", bass="offbeat", chords="stabs", lead=False, jitter=0.0)


def f_measure(truth: np.ndarray, found: np.ndarray) -> float:
    return float(mir_eval.beat.f_measure(mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(found)))


def grid(song: MadeSong, **edit: object):
    return grid_of(listen(song.samples), GridEdit.model_validate(edit), song.duration)


@pytest.mark.parametrize("tempo", [62, 96, 128, 174])
def test_a_click_track_of_known_tempo_is_found_to_the_millisecond(tempo: int) -> None:
    song = click_track(tempo, 40)
    found = grid(song)
    inside = found.beats[found.beats > song.spec.lead_in - 0.1]
    assert found.tempo == pytest.approx(tempo, abs=0.02)
    assert np.abs(inside[: len(song.beats)] - song.beats[: len(inside)]).max() < 0.012


def test_beats_of_many_kinds_of_song_are_found() -> None:
    songs = [make_song(random_spec(kind, 9001), 30) for kind in KINDS_HEARD]
    scores = {song.spec.name: f_measure(song.beats, grid(song).beats) for song in songs}
    assert float(np.mean(list(scores.values()))) > GOOD, scores
    assert min(scores.values()) > 0.7, scores


def test_hats_on_the_off_beat_do_not_pull_the_grid_off() -> None:
    song = make_song(OFFBEAT_HATS, 30)
    assert f_measure(song.beats, grid(song).beats) > GOOD


def test_a_steady_song_is_still_on_the_beat_after_ten_minutes() -> None:
    song = make_song(SongSpec(tempo=127.3, lead=False, bass="none", chords="quarters"), 600)
    found = grid(song)
    last = song.beats[-20:]
    assert found.kind == "steady"
    assert np.abs(found.beats[np.abs(found.beats[:, None] - last).argmin(0)] - last).max() < 0.015


def test_a_live_take_is_tracked_where_no_single_tempo_fits() -> None:
    song = make_song(SongSpec(tempo=100, drift=0.04, seed=3), 40)
    found = grid(song)
    assert found.kind == "tracked"
    assert f_measure(song.beats, found.beats) > GOOD


def test_a_change_of_tempo_is_followed() -> None:
    song = make_song(SongSpec(tempo=96, tempo_end=120, drums="pop"), 50)
    assert f_measure(song.beats, grid(song).beats) > 0.9


@pytest.mark.parametrize(("metre", "drums", "bass"), [(3, "waltz", "whole"), (4, "rock", "halves")])
def test_bars_of_three_and_four_are_told_apart_and_begin_where_they_begin(metre: int, drums: str, bass: str) -> None:
    song = make_song(SongSpec(tempo=110, metre=metre, drums=drums, bass=bass, chords="quarters"), 30)
    found = grid(song)
    assert found.metre == metre
    assert f_measure(song.downbeats, found.downbeats) > GOOD


def test_the_candidates_hold_the_half_and_the_double_tempo_and_sum_to_one() -> None:
    found = grid(make_song(SongSpec(tempo=120), 20))
    bpms = [candidate.bpm for candidate in found.candidates]
    assert bpms[0] == pytest.approx(found.tempo)
    assert any(bpm == pytest.approx(60, rel=0.03) for bpm in bpms)
    assert any(bpm == pytest.approx(240, rel=0.03) for bpm in bpms)
    assert sum(candidate.confidence for candidate in found.candidates) == pytest.approx(1)


def test_candidates_stay_in_order_when_octaves_are_added() -> None:
    shares = [candidate.confidence for candidate in with_octaves([(100.0, 0.6), (150.0, 0.3), (50.0, 0.1)])]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("noise", ["white", "drone", "silence"])
def test_where_there_is_no_beat_the_grid_is_even_and_says_so(noise: str) -> None:
    n = 20 * RATE
    samples = {
        "white": np.random.default_rng(0).standard_normal(n) * 0.1,
        "drone": 0.3 * np.sin(2 * np.pi * 110 * np.arange(n) / RATE),
        "silence": np.zeros(n),
    }[noise]
    found = find_grid(listen(samples.astype(np.float32)))
    assert found.kind == "even"
    assert found.confidence == 0
    assert "even grid" in found.notes[0].took
    assert np.ptp(np.diff(found.beats)) < 1e-6
    assert found.beats[0] == 0


@pytest.mark.parametrize("samples", [1, 100, RATE // 2, RATE, 3 * RATE])
def test_very_short_songs_have_a_grid(samples: int) -> None:
    found = find_grid(listen(np.random.default_rng(1).standard_normal(samples).astype(np.float32) * 0.1))
    assert found.beats[0] == 0
    assert found.downbeats[0] == 0


def test_silence_before_and_after_a_song_does_not_move_its_beats() -> None:
    song = make_song(SongSpec(tempo=105), 30)
    quiet = np.zeros(7 * RATE, np.float32)
    found = find_grid(listen(np.concatenate([quiet, song.samples, quiet])))
    inside = found.beats[(found.beats > 7) & (found.beats < 37)] - 7
    assert f_measure(song.beats, inside) > GOOD
    assert found.beats[0] < 60 / 105
    assert found.beats[-1] > 44 - 60 / 105


def test_the_same_song_has_the_same_grid() -> None:
    song = make_song(SongSpec(tempo=90), 10)
    assert np.array_equal(grid(song).beats, grid(song).beats)


def test_noise_has_less_of_a_pulse_than_music() -> None:
    noise = find_onsets(listen(np.random.default_rng(2).standard_normal(20 * RATE).astype(np.float32)))
    music = find_onsets(listen(make_song(SongSpec(), 20).samples))
    assert find_tempogram(noise.all, noise.rate).clarity < 0.5 * find_tempogram(music.all, music.rate).clarity


def test_an_attack_is_seen_when_it_happens() -> None:
    samples = np.zeros(4 * RATE, np.float32)
    samples[2 * RATE :] = 0.3 * np.sin(np.arange(2 * RATE))
    onsets = find_onsets(listen(samples))
    assert abs(int(onsets.all.argmax()) - 2 * RATE / FAST_HOP) <= 1


# A person's word


def test_taps_with_jitter_gaps_and_a_slip_give_one_tempo_and_phase() -> None:
    rng = np.random.default_rng(5)
    truth = 0.21 + np.arange(120) * 60 / 93
    taps = truth + rng.normal(0, 0.02, len(truth))
    taps = np.delete(taps, [*range(30, 41), 70, 90])
    beats = from_taps(np.sort(np.append(taps, taps[50] + 0.25)), 80.0)
    middle = beats[(beats > 1) & (beats < 77)]
    assert np.abs((middle - 0.21 + 0.3) % (60 / 93) - 0.3).max() < 0.02
    assert np.ptp(np.diff(beats)) < 1e-6
    assert beats[0] < 60 / 93
    assert beats[-1] > 80 - 60 / 93


def test_taps_along_a_wandering_tempo_are_followed() -> None:
    truth = np.cumsum(60 / np.linspace(80, 120, 100))
    beats = from_taps(truth, float(truth[-1]) + 1)
    assert np.abs(beats[np.abs(beats[:, None] - truth).argmin(0)] - truth).max() < 0.05


def test_a_tempo_map_holds_each_tempo_until_the_next() -> None:
    beats = from_tempo_map(((1.0, 120.0), (11.0, 60.0)), 21.0)
    assert np.allclose(beats[:3], [0.0, 0.5, 1.0])
    assert np.allclose(np.diff(beats[beats <= 11]), 0.5)
    assert np.allclose(np.diff(beats[beats >= 11]), 1.0)
    assert beats[-1] == pytest.approx(20.0)


def test_corrected_beats_are_taken_as_they_are() -> None:
    beats = (1.0, 1.7, 2.1, 3.0, 3.9, 4.4)
    found = grid(click_track(120, 10), beats=beats, metre=3, offset=1.7)
    assert tuple(found.beats) == beats
    assert tuple(found.downbeats) == (1.7, 3.9)
    assert found.kind == "user"
    assert found.metre == 3


def test_an_offset_puts_the_first_downbeat_there_and_moves_all_beats_with_it() -> None:
    found = grid(click_track(120, 10), offset=1.05)
    assert found.downbeats[0] == 1.05
    assert np.allclose((found.beats - 1.05) % (60 / found.tempo) % (60 / found.tempo - 1e-9), 0, atol=1e-6)
    assert found.beats[0] < 0.5


def test_a_metre_is_obeyed_without_touching_the_beats() -> None:
    song = make_song(SongSpec(tempo=110), 12)
    spectra = listen(song.samples)
    free = grid_of(spectra, GridEdit(), song.duration)
    for metre in (2, 3, 5, 7):
        found = grid_of(spectra, GridEdit(metre=metre), song.duration)
        assert found.metre == metre
        assert np.array_equal(found.beats, free.beats)
        assert np.array_equal(found.downbeats, found.beats[int(np.searchsorted(found.beats, found.downbeats[0])) :: metre])


def test_an_edit_that_does_not_fit_the_song_says_why() -> None:
    song = click_track(120, 6)
    with pytest.raises(UserError, match=r"beat at 9\.000 s, the song ends at 6\.000 s"):
        grid(song, beats=(1.0, 9.0))
    with pytest.raises(UserError, match="1 tap says no tempo"):
        grid(song, taps=(1.0,))
    with pytest.raises(UserError, match=r"goes on to 8\.000 s"):
        grid(song, tempo_map=((0.0, 120.0), (8.0, 90.0)))


def test_a_grid_goes_on_to_both_ends_of_the_song() -> None:
    whole = to_ends(np.array([2.0, 2.5, 3.0]), 5.2)
    assert np.allclose(whole, np.arange(0, 5.2, 0.5))


def test_music_without_drums_and_with_slow_attacks_is_found_to_have_a_beat() -> None:
    song = make_song(random_spec("no_drums", 9142), 40)
    assert grid(song).kind != "even"


def test_wandering_songs_of_another_seed_are_found_too() -> None:
    song = make_song(replace(random_spec("live", 9002), tempo=140.0), 30)
    assert f_measure(song.beats, grid(song).beats) > GOOD
