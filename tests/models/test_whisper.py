"""Words by small models in the layouts of the real weights: an aligner that has learned tones finds given words; a Whisper of chance is gated."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from schemas import Analysis, Hearing, MediaRef, Stems
from songreel.access import Access
from songreel.audio import letters, listening, whisper
from songreel.audio.ingest import take
from songreel.audio.ways import way_of
from songreel.catalogue import find
from songreel.errors import MissingDependency
from songreel.execution.gpu import Gpu, Job
from songreel.storage import Store
from tests.models import tiny_speech

LINES = ["abe cafe dial", "bag hide lake", "jail hack kid", "bald face hall"]
PLACED, HEARD = Hearing(way="placed", aligners=("align_en",)), Hearing(way="heard", model="whisper_small", aligners=("align_en",))


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    weights = tmp_path_factory.mktemp("weights")
    for name, build in (("facebook--wav2vec2-base-960h", tiny_speech.aligner), ("Systran--faster-whisper-small", tiny_speech.whisper)):
        build(weights / name)
    vocabulary = weights / "Systran--faster-whisper-small"
    (vocabulary / "vocabulary.txt").write_text("") if not (vocabulary / "vocabulary.txt").exists() else None
    return Access(weights=weights, home=tmp_path_factory.mktemp("home"))


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "store"))


def a_song(samples, store, tmp_path):
    """A song of one voice, its stems and analysis."""
    path = tmp_path / "voice.flac"
    soundfile.write(path, samples, tiny_speech.RATE, subtype="PCM_24")
    song = take(path, store)
    stems = Stems(vocals=song.master, drums=song.master, bass=song.master, other=song.master, sample_rate=song.sample_rate, residual_db=-90)
    ref = MediaRef(sha256="0" * 64, suffix=".npz", media_type="x", bytes=1)
    analysis = Analysis(
        duration=song.duration, tempo=120, tempo_candidates=(), beats=(), downbeats=(), metre=4, grid="even", grid_confidence=0, key="C",
        mode="major", key_confidence=0, sections=(), energy=0.5, brightness=0.5, valence=0.5, arousal=0.5, loudness=-14, curves=ref, fps=Fraction(30),
    )  # fmt: skip
    return song, stems, analysis


def place(text, lines_sung, access, store, tmp_path, **more):
    samples, starts = tiny_speech.sing(lines_sung, **more)
    song, stems, analysis = a_song(samples, store, tmp_path)
    told = []
    return listening.place_given(song, stems, analysis, text, PLACED, store, access, told.append), starts, told


def test_given_words_are_found_where_they_are_sung(access, store, tmp_path):
    lyrics, starts, told = place("\n".join(LINES), LINES, access, store, tmp_path, begin=4.0)
    assert [line.text for line in lyrics.lines] == LINES
    errors = [word.start - start for line, own in zip(lyrics.lines, starts, strict=True) for word, start in zip(line.words, own, strict=True)]
    assert np.abs(errors).max() < 0.06
    assert (lyrics.source, lyrics.by, lyrics.notes) == ("given", "align_en", ())
    assert all(word.confidence > 0.8 for line in lyrics.lines for word in line.words)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_line_that_is_not_sung_is_spread_between_the_others_and_told(access, store, tmp_path):
    text = "\n".join([*LINES[:2], "hike, a flea", *LINES[2:]])
    lyrics, starts, _ = place(text, LINES, access, store, tmp_path, line_gap=3.0)
    sung = {line.text: line.words[0].start for line in lyrics.lines}
    assert [abs(sung[text] - own[0]) < 0.06 for text, own in zip(LINES, starts, strict=True)] == [True] * 4
    assert starts[1][-1] < sung["hike, a flea"] < starts[2][0]
    assert "1 of the 5 lines could not be found" in lyrics.notes[0].because


def test_the_words_of_another_song_are_refused(access, store, tmp_path):
    lyrics, _, _ = place("\n".join(reversed([" ".join(reversed(line.split())) for line in LINES])), LINES, access, store, tmp_path)
    assert not lyrics.lines
    assert "reverse order" in lyrics.notes[0].because


def test_a_song_without_a_voice_keeps_its_words_without_times(access, store, tmp_path):
    song, stems, analysis = a_song(0.001 * np.random.default_rng(0).standard_normal(16_000 * 8).astype(np.float32), store, tmp_path)
    lyrics = listening.place_given(song, stems, analysis, "\n".join(LINES), PLACED, store, access, lambda share: None)
    assert [note.because for note in lyrics.notes] == ["no voice is heard in the song"]
    assert listening.hear(song, stems, analysis, HEARD, store, access, lambda share: None).notes[0].took == "instrumental"


def test_scores_have_no_seam_between_windows(access, monkeypatch):
    samples, _ = tiny_speech.sing(LINES)
    profile = find("alignment", "align_en", access)
    whole = letters.scores(samples, profile, access, lambda: None)
    monkeypatch.setattr(letters, "WINDOW", 3.0)
    parts = letters.scores(samples, profile, access, lambda: None)
    assert len(whole.frames) == len(parts.frames) == -(-len(samples) // tiny_speech.HOP)
    agree = (whole.frames.argmax(1) == parts.frames.argmax(1)).mean()
    assert agree > 0.99


def test_what_a_whisper_of_chance_writes_is_not_believed(access, store, tmp_path):
    song, stems, analysis = a_song(tiny_speech.sing(LINES)[0], store, tmp_path)
    told = []
    lyrics = listening.hear(song, stems, analysis, HEARD, store, access, told.append)
    assert not lyrics.lines
    assert lyrics.notes[0].took == "no words"
    assert told == sorted(told)
    assert listening.hear(song, stems, analysis, HEARD, store, access, told.append) == lyrics


def test_heard_lines_come_in_order_within_the_song(access):
    samples, _ = tiny_speech.sing(LINES)
    voice = listening.heard(samples, 16_000, -14)
    found = whisper.transcribe(samples, voice, find("words", "whisper_small", access), access, lambda share: None)
    assert all(0 <= word.start <= word.end <= len(samples) / 16_000 + 0.5 for line in found.lines for word in line.words)
    assert 0 <= found.probability <= 1
    assert found.language


def test_a_models_process_places_words_and_keeps_torch_out_of_this_one(access, store, tmp_path):
    samples, starts = tiny_speech.sing(LINES)
    song, stems, analysis = a_song(samples, store, tmp_path)
    gpu = Gpu(access.home)
    try:
        lyrics = gpu.call(Job("align_en", "songreel.audio.listening:place_given", (song, stems, analysis, "\n".join(LINES), PLACED, store, access)))
    finally:
        gpu.end()
    assert abs(lyrics.lines[2].words[1].start - starts[2][1]) < 0.06


def test_the_way_is_chosen_by_what_is_on_disk_and_missing_weights_are_told(access, tmp_path, store):
    song, _, _ = a_song(tiny_speech.sing(LINES[:1])[0], store, tmp_path)
    assert way_of(song, "", access) == HEARD
    assert way_of(song, "the night is young and you", access) == PLACED
    assert way_of(song, "", Access(weights=tmp_path)) == Hearing()
    with pytest.raises(MissingDependency, match="hf download facebook/wav2vec2-base-960h"):
        letters.scores(np.zeros(16_000, np.float32), find("alignment", "align_en"), Access(weights=tmp_path), lambda: None)
