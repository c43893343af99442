"""Words that a service hears, through a loopback Replicate: sound in, JSON out, bought once, judged by the same gate."""

import base64
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from blocks.settings import read, using
from schemas import FilmRequest, Hearing, Lyrics, MediaRef, Song, Stems
from songreel import catalogue
from songreel.access import Access, Account, Caps
from songreel.audio.answers import sound_of
from songreel.audio.bought import ReplicateWords
from songreel.errors import OverBudget, SongreelError
from songreel.execution.workers import Workers
from songreel.services.client import Patience
from songreel.services.jobs import records
from songreel.storage import Store
from tasks.hearing import words
from tasks.studio import Studio
from tests.services.replicate import FakeReplicate
from tests.test_lyrics import analysis

pytestmark = pytest.mark.xdist_group("flow")
RATE, SECONDS = 44_100, 20.0
NAME = "whisperx_replicate"
HEARING = Hearing(way="bought", model=NAME)
TEXT = ("We walk along the silver shore,", "under lights that never sleep.")
QUICK = Patience(answer=5.0, tries=3, longest_wait=0.1, window=5.0, poll=0.05, settle=0.3, silence=5.0, deadline=20.0)


def segment(text: str, start: float, score: float = 0.8) -> dict[str, object]:
    said = [{"word": word, "start": start + 0.5 * at, "end": start + 0.5 * at + 0.4, "score": score} for at, word in enumerate(text.split())]
    return {"start": start, "end": start + 0.5 * len(said), "text": text, "words": said}


@pytest.fixture
def replicate():
    with FakeReplicate(work=0.1) as service:
        service.words = {"segments": [segment(TEXT[0], 2.0), segment(TEXT[1], 8.0)], "detected_language": "en"}
        yield service


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "store"))


def made(store, tmp_path, level: float = 0.3) -> tuple[Song, Stems]:
    """A song whose vocals are a tone that sounds from 1 s to 15 s."""
    time = np.arange(int(SECONDS * RATE)) / RATE
    voice = (level * np.sin(2 * np.pi * 300 * time) * ((time > 1) & (time < 15))).astype(np.float32)
    soundfile.write(tmp_path / "voice.flac", np.stack([voice, voice], 1), RATE, "PCM_24")
    ref: MediaRef = store.put_file(tmp_path / "voice.flac")
    song = Song(
        master=ref, source=ref, name="made", duration=SECONDS, samples=len(time), sample_rate=RATE, channels=2, container="flac", codec="flac"
    )
    return song, Stems(vocals=ref, drums=ref, bass=ref, other=ref, sample_rate=RATE, residual_db=-90)


def access_to(replicate, run: str = "film", dollars: float = 1.0) -> Access:
    return Access(accounts={"replicate": Account(replicate.key, replicate.url)}, caps=Caps(run=run, run_dollars=dollars))


def quick(monkeypatch) -> None:
    monkeypatch.setattr(ReplicateWords, "patience", QUICK)


def heard(store, tmp_path, access, level: float = 0.3) -> Lyrics:
    song, stems = made(store, tmp_path, level)
    with Workers(1) as workers:
        return words(song, "", 0.0, analysis(), stems, HEARING, Studio(store, workers, access))


def orders(replicate) -> list[dict[str, object]]:
    return [json.loads(body)["input"] for method, path, _, body in replicate.heard if method == "POST" and path == "/v1/predictions"]


def test_words_come_with_their_times_and_their_price(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    lyrics = heard(store, tmp_path, access_to(replicate))
    assert [line.text for line in lyrics.lines] == list(TEXT)
    assert [word.start for word in lyrics.lines[1].words] == pytest.approx([8.0, 8.5, 9.0, 9.5, 10.0])
    assert (lyrics.source, lyrics.language, lyrics.by, lyrics.notes) == ("transcribed", "en", NAME, ())
    assert lyrics.dollars == pytest.approx(0.1 * 0.000975)
    assert records(store)[0].charged == lyrics.dollars


def test_the_vocals_go_there_small_and_whole_in_one_file(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    heard(store, tmp_path, access_to(replicate))
    (told,) = orders(replicate)
    assert told["align_output"] is True
    given = str(told["audio_file"])
    content = base64.b64decode(given.partition(",")[2]) if given.startswith("data:") else next(iter(replicate.uploads.values()))
    sound, rate = soundfile.read(io.BytesIO(content))
    assert (rate, sound.ndim, len(sound) / rate) == (16_000, 1, pytest.approx(SECONDS))


def test_a_large_song_is_uploaded_and_told_by_its_address(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    noise = 0.2 * np.random.default_rng(0).standard_normal(30 * 16_000).astype(np.float32)
    soundfile.write(tmp_path / "noise.flac", noise, 16_000, "PCM_16")
    sound = store.put_file(tmp_path / "noise.flac")
    backend = ReplicateWords(catalogue.find("words", NAME), access_to(replicate))
    backend.buy(sound, 30.0, store, lambda share: None)
    assert store.read(sound) in replicate.uploads.values()
    assert "/v1/files/" in str(orders(replicate)[0]["audio_file"])


def test_the_same_song_is_bought_once_whichever_film_asks(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    first = heard(store, tmp_path, access_to(replicate))
    again = heard(Store(str(tmp_path / "store")), tmp_path, access_to(replicate, run="another"))
    assert again.lines == first.lines
    assert len(replicate.jobs) == 1


def test_an_order_whose_answer_was_lost_is_collected_and_never_that_of_another_song(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    sounds = []
    for number, place in enumerate((Store(str(tmp_path / "another")), store)):
        soundfile.write(tmp_path / f"{number}.flac", np.full(16_000, 0.1 * (number + 1), np.float32), 16_000, "PCM_16")
        sounds.append(place.put_file(tmp_path / f"{number}.flac"))
    backend = ReplicateWords(catalogue.find("words", NAME), access_to(replicate))
    backend.buy(sounds[0], 60.0, Store(str(tmp_path / "another")), lambda share: None)
    replicate.planned = ["drop", "drop after"]  # sent without an answer twice, and taken the second time
    record = backend.buy(sounds[1], 60.0, store, lambda share: None)
    assert len(replicate.jobs) == 2
    sent = str(replicate.jobs[record.job]["input"]["audio_file"])
    assert base64.b64decode(sent.partition(",")[2]) == store.read(sounds[1])


def test_no_song_is_bought_beyond_the_films_money(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    with pytest.raises(OverBudget, match=r"would cost \$0\.004"):
        heard(store, tmp_path, access_to(replicate, dollars=0.001))
    assert not replicate.jobs


def test_a_song_in_which_nobody_sings_costs_nothing(store, replicate, tmp_path):
    lyrics = heard(store, tmp_path, access_to(replicate), level=0.0005)
    assert not lyrics.lines
    assert [note.took for note in lyrics.notes] == ["instrumental"]
    assert not replicate.heard


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"segments": [segment("Thanks for watching!", 2.0)], "detected_language": "en"}, "not to be believed"),
        ({"segments": [segment(TEXT[0], 16.5)], "detected_language": "en"}, "not to be believed"),
        ({"segments": [], "detected_language": "en"}, "no word was heard"),
        ({"transcription": "another form"}, "holds no segments with words"),
    ],
)
def test_what_the_gate_refuses_is_not_taken_and_its_price_is_told(said, because, store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    replicate.words = said
    lyrics = heard(store, tmp_path, access_to(replicate))
    assert not lyrics.lines
    assert lyrics.dollars > 0
    assert because in lyrics.notes[0].because


def test_a_failed_job_is_told(store, replicate, tmp_path, monkeypatch):
    quick(monkeypatch)
    replicate.ends = ["failed: CUDA out of memory"] * 9
    with pytest.raises(SongreelError, match="CUDA out of memory"):
        heard(store, tmp_path, access_to(replicate))


def test_sound_that_is_sent_is_the_same_every_time(store, tmp_path):
    song, stems = made(store, tmp_path)
    assert sound_of(song, stems, analysis(), store) == sound_of(song, stems, analysis(), store)


def test_a_film_with_money_has_its_words_heard_once_and_tells_what_they_cost(replicate, prefect_api, small_song, tmp_path, monkeypatch):
    from flows.music_video import music_video

    quick(monkeypatch)
    settings = read(store=str(tmp_path / "store"), workers=2, replicate_api_token=replicate.key, replicate_base_url=replicate.url)
    request = FilmRequest(prompt="a city at night", style="cinematic", height=144, fps=Fraction(12), quality="basic", seed=7, budget=0.5,
                          backend="painter", titles=False)  # fmt: skip
    replicate.words = {"segments": [segment(TEXT[0], 1.0)], "detected_language": "en"}
    with using(settings):
        film = music_video(str(small_song), request, str(tmp_path / "out"))
    assert len(replicate.jobs) == 1
    assert film.dollars == pytest.approx(0.1 * 0.000975)
    costs = json.loads((Path(film.film.path).parent / "costs.json").read_text())
    (told,) = [one for one in costs["entries"] if one["stage"] == "transcribe"]
    assert (told["provider"], told["charged"]) == (NAME, film.dollars)
    assert TEXT[0].rstrip(",") in (Path(film.film.path).parent / "lyrics.srt").read_text()
