"""Ingest: what becomes a song, what its tags say, and one clear sentence for everything else."""

import io
import struct
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, SYLT, TALB, TCON, TDRC, TIT2, TPE1, USLT
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggvorbis import OggVorbis
from PIL import Image

from schemas import Song
from songreel.audio.ingest import take
from songreel.errors import MediaError, UserError
from songreel.media.sound import decode
from songreel.media.tool import ffmpeg_path
from songreel.storage.store import Store
from tests.fuzz_songs import LIMIT, fuzz
from tests.media_files import PARAMETERS, RATE, music, song_file, write_numbered

WORDS = "First line\nsecond line"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def lying(store: Store) -> list[str]:
    return sorted(path.name for path in Path(store.root).rglob("*") if path.is_file())


def picture(kind: str = "PNG", size: int = 8) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (size, size), (200, 30, 60)).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize("kind", PARAMETERS)
def test_every_format_becomes_a_song_of_its_decoded_length(kind: str, store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, kind)
    song = take(path, store)
    sound = decode(path)
    assert (song.samples, song.sample_rate, song.channels) == (len(sound.samples), sound.rate, 2)
    assert song.duration == sound.duration
    assert song.master == song.source
    assert store.read(song.master) == path.read_bytes()
    assert (song.name, song.notes) == ("song", ())


def test_a_video_gives_its_sound(store: Store, tmp_path: Path) -> None:
    clip, sound, path = write_numbered(tmp_path / "clip.mp4", 0, 0, 90), song_file(tmp_path, "m4a"), tmp_path / "video.mp4"
    subprocess.run([ffmpeg_path(), "-v", "error", "-i", str(clip), "-i", str(sound), "-c", "copy", str(path)], check=True)
    song = take(path, store)
    assert (song.codec, song.container, song.master.suffix) == ("aac", "mp4", ".mp4")
    assert song.duration == pytest.approx(3.0, abs=0.03)


def test_a_wrong_extension_does_not_matter(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "flac").rename(tmp_path / "track.mp3")
    song = take(path, store)
    assert (song.codec, song.master.suffix, song.notes) == ("flac", ".flac", ())


def test_id3_tags_lyrics_and_cover_are_read(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "mp3")
    tags = ID3()
    for frame in (TIT2(text="Blue Sky"), TPE1(text="The Tests"), TALB(text="Truths"), TCON(text="Rock"), TDRC(text="2026-03-01")):
        tags.add(frame)
    tags.add(USLT(lang="eng", desc="", text=WORDS))
    tags.add(SYLT(lang="eng", format=2, type=1, desc="", text=[("second", 2500), ("first", 500)]))
    tags.add(APIC(mime="image/jpeg", type=4, desc="back", data=b"not this one"))
    tags.add(APIC(mime="image/png", type=3, desc="front", data=picture()))
    tags.save(path)
    song = take(path, store)
    assert (song.title, song.artist, song.album, song.genre, song.year) == ("Blue Sky", "The Tests", "Truths", "Rock", "2026-03-01")
    assert song.lyrics == WORDS
    assert [(line.start, line.text) for line in song.timed_lyrics] == [(0.5, "first"), (2.5, "second")]
    assert song.cover is not None
    assert (song.cover.suffix, store.read(song.cover)) == (".png", picture())


def _flac_tags(path: Path) -> None:
    tags = FLAC(path)
    tags.update({"TITLE": "Blue Sky", "ARTIST": "The Tests", "LYRICS": WORDS})
    cover = Picture()
    cover.data, cover.type, cover.mime = picture("JPEG"), 3, "image/jpeg"
    tags.add_picture(cover)
    tags.save()


def _ogg_tags(path: Path) -> None:
    import base64

    cover = Picture()
    cover.data, cover.type, cover.mime = picture("JPEG"), 3, "image/jpeg"
    tags = OggVorbis(path)
    tags.update({"title": "Blue Sky", "artist": "The Tests", "lyrics": WORDS, "metadata_block_picture": base64.b64encode(cover.write()).decode()})
    tags.save()


def _mp4_tags(path: Path) -> None:
    tags = MP4(path)
    tags.update({"\xa9nam": "Blue Sky", "\xa9ART": "The Tests", "\xa9lyr": WORDS, "covr": [MP4Cover(picture("JPEG"))]})
    tags.save()


@pytest.mark.parametrize(("kind", "write"), [("flac", _flac_tags), ("ogg", _ogg_tags), ("m4a", _mp4_tags)])
def test_vorbis_comments_and_mp4_atoms_are_read(kind: str, write: Any, store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, kind)
    write(path)
    song = take(path, store)
    assert (song.title, song.artist, song.lyrics) == ("Blue Sky", "The Tests", WORDS)
    assert song.cover is not None
    assert store.read(song.cover) == picture("JPEG")


@pytest.mark.parametrize("kind", ["mkv", "wav"])
def test_the_containers_own_metadata_count_where_there_are_no_tags(kind: str, store: Store, tmp_path: Path) -> None:
    song = take(song_file(tmp_path, kind, 3.0, ("-metadata", "title=Blue Sky", "-metadata", "artist=The Tests")), store)
    assert (song.title, song.artist) == ("Blue Sky", "The Tests")


def test_texts_from_tags_come_without_control_characters_and_within_limits(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "flac")
    tags = FLAC(path)
    tags.update({"title": "Blue\x1b[31m\u202e  Sky\n!", "artist": "x" * 5000, "lyrics": "a\x00b\x07\r\nc"})
    tags.save()
    song = take(path.rename(tmp_path / "odd\x1b\nname.flac"), store)
    assert (song.title, len(song.artist), song.lyrics) == ("Blue[31m Sky !", 200, "ab\nc")
    assert song.name == "odd name"


@pytest.mark.parametrize("data", [b"no picture", picture()[:40], b"GIF89a" + bytes(60)])
def test_a_cover_that_does_not_decode_is_left_out_and_noted(data: bytes, store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "mp3")
    tags = ID3()
    tags.add(APIC(mime="image/png", type=3, desc="", data=data))
    tags.save(path)
    song = take(path, store)
    assert song.cover is None
    assert song.notes[0].took == "no cover art"


def test_unreadable_tags_are_noted_and_the_music_is_taken(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = song_file(tmp_path, "mp3")

    def fail(_: Path, options: object) -> None:
        raise mutagen.MutagenError("can't sync to MPEG frame")

    monkeypatch.setattr(mutagen, "File", fail)
    assert take(path, store).notes[0].because == "the tags cannot be read: can't sync to MPEG frame"


@pytest.mark.parametrize("kind", ["mp3", "flac", "m4a"])
def test_an_excerpt_is_lossless_and_cut_to_the_sample(kind: str, store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, kind, 4.0)
    song = take(path, store, start=1.0, duration=1.5)
    whole, part = decode(path).samples, decode(store.get(song.master)).samples
    np.testing.assert_allclose(part, whole[RATE : RATE + RATE * 3 // 2], atol=2**-23)
    assert (song.samples, song.duration, song.master.suffix) == (len(part), 1.5, ".flac")
    assert store.read(song.source) == path.read_bytes()


def test_synchronised_lyrics_move_with_the_excerpt(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "mp3", 4.0)
    tags = ID3()
    tags.add(SYLT(lang="eng", format=2, type=1, desc="", text=[("before", 500), ("inside", 1500), ("after", 3500)]))
    tags.save(path)
    assert [(line.start, line.text) for line in take(path, store, start=1.0, duration=2.0).timed_lyrics] == [(0.5, "inside")]


def test_a_duration_past_the_end_takes_the_song_as_it_is(store: Store, tmp_path: Path) -> None:
    song = take(song_file(tmp_path, "mp3"), store, duration=90)
    assert song.master == song.source
    assert song.duration == pytest.approx(3.0)


def written(path: Path, samples: Any, rate: int = RATE) -> Path:
    soundfile.write(path, samples, rate)
    return path


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("song.mp3", b"x" * 5000)
    return path


def holding(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


REFUSED: dict[str, tuple[Any, str]] = {
    "missing": (lambda folder: folder / "gone.mp3", "there is no file .*gone.mp3"),
    "folder": (lambda folder: folder, "is a folder: a song in MP3"),
    "empty": (lambda folder: holding(folder / "a.mp3", b""), r"a.mp3 is empty \(0 bytes\)"),
    "text": (lambda folder: holding(folder / "a.mp3", b"These are words.\n" * 99), "a.mp3 is text: a song in MP3"),
    "picture": (lambda folder: holding(folder / "a.wav", picture("JPEG", 600)), "a.wav is a JPEG picture"),
    "zip": (lambda folder: zipped(folder / "a.flac"), "a.flac is a ZIP archive"),
    "zeros": (lambda folder: holding(folder / "a.mp3", bytes(5000)), "a.mp3 is nothing but zeros"),
    "header": (lambda folder: holding(folder / "a.wav", b"RIFF" + b"\xff" * 900), "its header is broken"),
    "video": (lambda folder: write_numbered(folder / "a.mp4", 0, 0, 9), "a.mp4 has no sound, only a picture"),
    "silent": (lambda folder: written(folder / "a.wav", np.full(RATE * 2, 1e-4)), "is silent: its loudest sample is -8[0-9] dBFS"),
    "zero": (lambda folder: written(folder / "a.wav", np.zeros(RATE * 2)), "is silent: every sample is zero"),
    "one": (lambda folder: written(folder / "a.wav", np.ones(1)), "is one sample long; at least 1 s is needed"),
    "short": (lambda folder: written(folder / "a.wav", np.ones(RATE // 2)), "is 0.500 s long; at least 1 s is needed"),
    "nothing": (lambda folder: written(folder / "a.wav", np.ones(0)), "no sound in a.wav can be decoded"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_song_gets_one_clear_sentence_and_leaves_nothing(kind: str, store: Store, tmp_path: Path) -> None:
    make, sentence = REFUSED[kind]
    path = make(tmp_path)
    started = time.perf_counter()
    with pytest.raises(MediaError, match=sentence) as told:
        take(path, store)
    assert time.perf_counter() - started < LIMIT
    assert told.value.exit_code == 2
    assert "\n" not in str(told.value)
    assert lying(store) == []


@pytest.mark.parametrize("entry", [b"drms", b"enca", b"aavd"])
def test_a_protected_file_is_called_protected(entry: bytes, store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "m4a")
    path.write_bytes(path.read_bytes().replace(b"mp4a", entry, 1))
    with pytest.raises(MediaError, match=r"song.m4a is protected \(.*\) and cannot be decoded"):
        take(path, store)


def test_ten_hours_are_refused_before_they_are_decoded(store: Store, tmp_path: Path) -> None:
    path, rate = tmp_path / "long.wav", 4000
    size = 36000 * rate
    path.write_bytes(struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVEfmt ", 16, 1, 1, rate, rate, 1, 8, b"data", size))
    with path.open("r+b") as file:
        file.truncate(44 + size)  # a hole: zeros, which are as loud as 8-bit sound gets
    started = time.perf_counter()
    with pytest.raises(MediaError, match=r"long.wav is 10 h 00 min long; songs of up to 2 h 00 min are taken"):
        take(path, store)
    assert time.perf_counter() - started < 1
    assert lying(store) == []


def test_an_excerpt_of_a_song_that_is_too_long_is_taken(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songreel.audio.ingest.MOST_SECONDS", 4.0)
    path = song_file(tmp_path, "mp3", 6.0)
    with pytest.raises(MediaError, match="choose a part with a start and a duration"):
        take(path, store)
    assert take(path, store, start=1.0, duration=2.0).duration == 2.0


def test_decoding_stops_past_the_longest_song_when_the_file_does_not_say_its_length(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("songreel.audio.ingest.MOST_SECONDS", 2.0)
    monkeypatch.setattr("songreel.audio.ingest._check_length", lambda *_: None)
    with pytest.raises(MediaError, match="is over 0 min 02 s long"):
        take(song_file(tmp_path, "mp3", 4.0), store)
    assert lying(store) == []


def test_a_start_beyond_the_end_is_told_with_the_songs_length(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the start at 60 s lies beyond the end of song.mp3, which is 3.00 s long"):
        take(song_file(tmp_path, "mp3"), store, start=60)


def test_an_excerpt_of_silence_is_told_apart_from_a_silent_song(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", np.concatenate([music(2.0), np.zeros((RATE * 3, 2))]))
    assert take(path, store).duration == 5
    with pytest.raises(MediaError, match=r"the part of a.wav from 3 s is silent"):
        take(path, store, start=3)


def lost(song: Song) -> str:
    return " ".join(note.because for note in song.notes)


def test_a_truncated_song_is_taken_with_what_was_lost(store: Store, tmp_path: Path) -> None:
    for kind in ("mp3", "flac", "wav"):
        path = song_file(tmp_path, kind, 6.0)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        song = take(path, store)
        assert 2.5 < song.duration < 3.5, kind
        assert "s of the 6.0 s that it says it has are missing" in lost(song)


def test_a_song_with_damaged_packets_is_taken_with_their_number(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "m4a", 6.0)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 40000
    data[middle : middle + 20000] = b"\x55" * 20000
    path.write_bytes(data)
    assert "pieces could not be decoded" in lost(take(path, store))


def test_mutated_songs_give_a_song_or_one_sentence_and_never_hang(tmp_path: Path) -> None:
    found = fuzz(tmp_path, 60, seed=1)
    assert len(found) == 60
    assert [one for one in found if one.outcome == "broken" or one.seconds > LIMIT] == []
    assert {one.outcome for one in found} == {"song", "refused"}
