"""The form of made songs: boundaries, repeats and labels."""

from itertools import pairwise

import mir_eval
import numpy as np
import pytest

from schemas import Section
from songreel.audio.instruments import instruments, vocal_activity
from songreel.audio.key import find_key
from songreel.audio.spectra import RATE, listen
from songreel.audio.structure import sections
from tests.songs import MadeSong, SongSpec, make_song

FORM = (("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8), ("bridge", 4), ("chorus", 8), ("outro", 4))
SPECS = (
    SongSpec(tempo=132, drums="pop", bass="eighths", chords="strum", form=FORM, seed=2),
    SongSpec(tempo=150, drums="rock", bass="halves", chords="piano", key="G", mode="minor", form=FORM, seed=8),
    SongSpec(tempo=140, drums="four", bass="offbeat", chords="pad", key="A", mode="minor", form=FORM, seed=12),
)


def found(made: MadeSong) -> tuple[Section, ...]:
    spectra = listen(made.samples)
    return sections(spectra, made.downbeats, made.duration, vocal_activity(spectra), find_key(spectra).chroma)


@pytest.fixture(scope="module")
def songs() -> list[tuple[MadeSong, tuple[Section, ...]]]:
    made = [make_song(spec, sum(bars for _, bars in FORM) * 4 * 60 / spec.tempo) for spec in SPECS]
    return [(song, found(song)) for song in made]


def hit_rate(made: MadeSong, starts: list[float]) -> float:
    """F-measure of boundaries within half a second."""
    truth = np.array([[start, end] for _, start, end in made.sections])
    edges = [0.0, *starts, made.duration]
    return float(mir_eval.segment.detection(truth, np.array(list(pairwise(edges))), window=0.5, trim=True)[2])


def test_boundaries_are_found_far_more_often_than_chance_finds_them(songs):
    chance = np.random.default_rng(0)
    ours, thrown = [], []
    for made, parts in songs:
        ours.append(hit_rate(made, [part.start for part in parts[1:]]))
        throws = [np.sort(chance.choice(made.downbeats[1:], len(parts) - 1, replace=False)) for _ in range(20)]
        thrown.append(np.mean([hit_rate(made, list(throw)) for throw in throws]))
    assert np.mean(ours) > 0.7
    assert np.mean(ours) > 3 * np.mean(thrown)


def test_sections_tile_the_song_and_start_on_downbeats(songs):
    for made, parts in songs:
        assert parts[0].start == 0.0
        assert parts[-1].end == made.duration
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert all(np.abs(made.downbeats - part.start).min() < 1e-9 for part in parts[1:])


def test_labels_agree_with_the_made_form_most_of_the_time(songs):
    agreement = []
    for made, parts in songs:
        times = np.arange(0.5, made.duration, 0.5)
        truth = [next(label for label, start, end in made.sections if start <= t < end) for t in times]
        labels = [next(part.label for part in parts if part.start <= t < part.end) for t in times]
        agreement.append(np.mean([a == b for a, b in zip(truth, labels, strict=True)]))
    assert np.mean(agreement) > 0.6


def test_repeats_share_a_letter_and_choruses_have_more_energy_than_the_intro(songs):
    for _, parts in songs:
        high = [part for part in parts if part.label in ("chorus", "drop")]
        assert len(high) >= 2
        assert len({part.group for part in high}) == 1
        assert parts[0].label == "intro"
        assert parts[0].group != high[0].group
        assert min(part.energy for part in high) > parts[0].energy + 0.2


@pytest.mark.parametrize("seconds", [0.2, 3.0, 12.0, 19.0])
def test_short_songs_have_one_or_two_sections(seconds):
    made = make_song(SongSpec(tempo=170, form=(("intro", 2), ("chorus", 4))), seconds)
    parts = found(made)
    assert 1 <= len(parts) <= 2
    assert (parts[0].start, parts[-1].end) == (0.0, seconds)


def test_silence_is_one_section_without_energy_that_rises():
    spectra = listen(np.zeros(30 * RATE, np.float32))
    parts = sections(spectra, np.arange(0.0, 30, 2), 30.0, vocal_activity(spectra), find_key(spectra).chroma)
    assert len(parts) == 1


def test_a_song_without_downbeats_is_one_section():
    made = make_song(SongSpec(), 25.0)
    spectra = listen(made.samples)
    parts = sections(spectra, [], 25.0, vocal_activity(spectra), find_key(spectra).chroma)
    assert [(part.start, part.end) for part in parts] == [(0.0, 25.0)]


def heard(spec: SongSpec) -> dict[str, float]:
    return {part.name: part.share for part in instruments(listen(make_song(spec, 20.0).samples))}


def test_instruments_that_play_are_heard_and_those_that_do_not_are_not():
    verse = (("verse", 8),)
    assert min(heard(SongSpec(drums="rock", bass="eighths", form=verse)).values()) > 0.4
    bare = heard(SongSpec(drums="none", bass="none", lead=False, chords="pad", form=verse))
    assert bare["bass"] == 0.0
    assert bare["drums"] < 0.2
    assert bare["other"] > 0.8


def test_the_voice_is_heard_where_it_sings():
    made = make_song(SongSpec(drums="rock", bass="halves", chords="strum", form=(("intro", 8), ("verse", 8)), tempo=120), 32.0)
    spectra = listen(made.samples)
    voice = next(part for part in instruments(spectra) if part.name == "vocals")
    assert sum(max(0.0, min(end, 15.5) - start) for start, end in voice.spans) < 3.0
    assert sum(end - max(start, 16.5) for start, end in voice.spans if end > 16.5) > 9.0
    curve = vocal_activity(spectra)
    assert len(curve) == len(spectra.long)
    assert 0 <= curve.min() <= curve.max() <= 1
