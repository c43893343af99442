"""Lyrics of every format, on the song's time, and what becomes of broken ones."""

import itertools
import random
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest

from schemas import Analysis, Instrument, Line, Lyrics, MediaRef, Section, Song, TempoCandidate
from schemas.song import TimedText
from songreel.audio.lyric_formats import LONGEST_TEXT, format_of, read, seconds_of, text_of
from songreel.audio.lyrics import transcribe
from songreel.errors import UserError
from songreel.storage.store import Store

REF = MediaRef(sha256="0" * 64, suffix=".wav", media_type="audio/wav", bytes=1)
DURATION = 60.0
BEAT = 0.5
BEATS = tuple(0.1 + BEAT * i for i in range(119))


def song(lyrics: str = "", timed: tuple[TimedText, ...] = (), duration: float = DURATION) -> Song:
    return Song(
        master=REF, source=REF, name="made", duration=duration, samples=int(duration * 8000), sample_rate=8000, channels=1,
        container="wav", codec="pcm_s16le", lyrics=lyrics, timed_lyrics=timed,
    )  # fmt: skip


def analysis(spans: tuple[tuple[float, float], ...] = ()) -> Analysis:
    half = DURATION / 2
    return Analysis(
        duration=DURATION, tempo=120, tempo_candidates=(TempoCandidate(bpm=120, confidence=1),), beats=BEATS, downbeats=BEATS[::4],
        metre=4, grid="steady", grid_confidence=1, key="C", mode="major", key_confidence=1, energy=0.5, brightness=0.5, valence=0.5,
        arousal=0.5, loudness=-14, curves=REF, fps=Fraction(30),
        sections=(
            Section(label="intro", start=0, end=half, energy=0.2, group="A"),
            Section(label="verse", start=half, end=DURATION, energy=0.7, group="B"),
        ),
        instruments=(Instrument(name="vocals", share=0.3, spans=spans),),
    )  # fmt: skip


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path))


@pytest.fixture
def given(store):
    def lyrics(text: str, **more) -> Lyrics:
        return transcribe(more.pop("song", song()), store, given=text, **more)

    return lyrics


def times(lines: tuple[Line, ...]) -> list[tuple[str, float, float]]:
    return [(line.text, round(line.start, 3), round(line.end, 3)) for line in lines]


def orderly(lyrics: Lyrics, duration: float = DURATION) -> bool:
    """Whether lines and words follow each other inside the song."""
    at = 0.0
    for line in lyrics.lines:
        if not (at <= line.start < line.end <= duration and line.words and line.text.strip()):
            return False
        at = line.end
        edge = line.start
        for word in line.words:
            if not (edge <= word.start <= word.end <= line.end):
                return False
            edge = word.end
    return True


def test_plain_lrc_gives_lines_that_end_where_the_next_begins(given):
    lyrics = given("[ti:Made]\n[00:10.00]First line of it\n[00:12.50]Second\n[00:13.25]\n[00:20.00]Third")
    assert times(lyrics.lines)[:2] == [("First line of it", 10.0, 12.5), ("Second", 12.5, 13.25)]
    assert lyrics.lines[2].end < 25
    assert lyrics.source == "given"
    assert not lyrics.notes
    assert orderly(lyrics)


def test_a_line_with_several_stamps_is_sung_at_each(given):
    lyrics = given("[00:05.00][00:25.00]Chorus here\n[00:15.00]Verse here")
    assert [(line.text, line.start) for line in lyrics.lines] == [("Chorus here", 5.0), ("Verse here", 15.0), ("Chorus here", 25.0)]


def test_a_positive_offset_makes_the_words_come_sooner(given):
    assert given("[offset:+500]\n[00:10.00]Now").lines[0].start == pytest.approx(9.5)
    assert given("[offset:-250]\n[00:10.00]Now").lines[0].start == pytest.approx(10.25)


def test_enhanced_lrc_keeps_its_word_times_and_moves_them_with_a_repeat(given):
    lyrics = given("[00:10.00][00:30.00] <00:10.00> One <00:10.75> two <00:11.00> three <00:11.80>")
    first, again = lyrics.lines
    assert first.text == "One two three"
    assert [(w.text, round(w.start, 2), w.confidence) for w in first.words] == [("One", 10.0, 1.0), ("two", 10.75, 1.0), ("three", 11.0, 1.0)]
    assert first.end == pytest.approx(11.8)
    assert [round(w.start, 2) for w in again.words] == [30.0, 30.75, 31.0]


def test_words_without_times_share_their_line_by_syllables(given):
    words = given("[00:10.00]I understandably sing\n[00:14.00]And more").lines[0].words
    lengths = {w.text: w.end - w.start for w in words}
    assert lengths["understandably"] > 3 * lengths["I"]
    assert words[0].start == 10.0
    assert all(w.confidence < 1 for w in words)


def test_a_word_between_timed_words_lies_between_them(given):
    words = given("[00:10.00]<00:10.00>One more <00:12.00>time\n[00:13.00]Next").lines[0].words
    assert [w.text for w in words] == ["One", "more", "time"]
    assert words[0].start < words[1].start < words[2].start == 12.0


def test_srt_cues_lose_their_tags_and_keep_their_times(given):
    text = "1\n00:00:01,500 --> 00:00:03,000\n<i>Hello</i> {\\an8}world\nagain\n\n2\n00:00:04,000 --> 00:00:05,000\n♪ La la ♪\n"
    assert format_of(text) == "srt"
    assert times(given(text).lines) == [("Hello world again", 1.5, 3.0), ("La la", 4.0, 5.0)]


def test_srt_without_blank_lines_is_told_apart_by_its_arrows(given):
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:03,000 --> 00:00:04,000\nTwo"
    assert times(given(text).lines) == [("One", 1.0, 2.0), ("Two", 3.0, 4.0)]


def test_vtt_reads_cues_word_times_voices_and_entities(given):
    text = (
        "WEBVTT\nLanguage: en\n\nNOTE nothing\nto sing\n\nSTYLE\n::cue { color: red }\n\nintro\n00:02.000 --> 00:04.000 align:start\n"
        "<v Ann>Rock &amp; <00:00:03.000><c.loud>roll</c>\n"
    )
    lyrics = given(text)
    assert format_of(text) == "vtt"
    assert lyrics.language == "en"
    assert times(lyrics.lines) == [("Rock & roll", 2.0, 4.0)]
    assert lyrics.lines[0].words[-1].start == 3.0


def test_plain_text_is_spread_over_the_vocals_and_starts_on_beats(given):
    spans = ((10.0, 20.0), (40.0, 50.0))
    lyrics = given("\n".join(f"Line number {n} of the song" for n in range(8)), analysis=analysis(spans))
    starts = [line.start for line in lyrics.lines]
    inside = [any(a - BEAT <= t <= b for a, b in spans) for t in starts]
    assert all(inside)
    assert sum(t < 20 for t in starts) == 4
    assert all(min(abs(t - b) for b in BEATS) < 1e-6 for t in starts)
    assert orderly(lyrics)
    assert "no times" in lyrics.notes[0].because


def test_a_short_line_of_text_does_not_stay_for_half_the_song(given):
    lyrics = given("Only this\nand this", analysis=analysis(((5.0, 55.0),)))
    assert all(line.end - line.start < 4 for line in lyrics.lines)


def test_plain_text_goes_over_the_sections_when_no_voice_is_heard(given):
    lyrics = given("One\nTwo\nThree", analysis=analysis())
    assert all(line.start >= DURATION / 2 - BEAT for line in lyrics.lines)


def test_headings_and_blank_lines_of_plain_text_are_no_lines(given):
    lyrics = given("[Verse 1: Ann]\nOne is here\n\n(Chorus)\nTwo is there\n")
    assert [line.text for line in lyrics.lines] == ["One is here", "Two is there"]
    assert lyrics.lines[0].start > 0


def test_unsynchronised_tags_may_hold_lrc(store):
    lyrics = transcribe(song(lyrics="[00:03.00]From the tag"), store)
    assert (lyrics.source, lyrics.lines[0].start) == ("embedded", 3.0)


def test_synchronised_tags_come_first_whether_lines_words_or_syllables(store):
    lines = tuple(TimedText(start=t, text=x) for t, x in ((1.0, "A whole line"), (5.0, "Another whole line")))
    lyrics = transcribe(song("ignored", lines), store)
    assert [line.start for line in lyrics.lines] == [1.0, 5.0]
    words = tuple(TimedText(start=t, text=x) for t, x in ((1.0, "One"), (1.4, "two"), (1.8, "three"), (6.0, "Four"), (6.5, "five")))
    lyrics = transcribe(song(timed=words), store)
    assert [line.text for line in lyrics.lines] == ["One two three", "Four five"]
    assert lyrics.lines[0].words[1].start == 1.4
    syllables = tuple(TimedText(start=t, text=x) for t, x in ((1.0, "\nHel"), (1.3, "lo "), (1.6, "you"), (4.0, "\nBye")))
    lyrics = transcribe(song(timed=syllables), store)
    assert [line.text for line in lyrics.lines] == ["Hello you", "Bye"]


def test_a_song_without_lyrics_is_instrumental_and_says_so(store):
    lyrics = transcribe(song(), store)
    assert (lyrics.lines, lyrics.source, lyrics.notes[0].took) == ((), "none", "instrumental")


def test_tags_that_are_rubbish_are_noted_and_the_song_is_instrumental(store):
    lyrics = transcribe(song(lyrics="\x01\x02\x03\x04" * 100), store)
    assert lyrics.source == "none"
    assert "not text" in lyrics.notes[0].because


def test_times_of_an_excerpt_count_from_the_source(given):
    text = "[00:10.00]Before\n[01:10.00]Inside\n[05:00.00]Behind"
    lyrics = given(text, start=60.0)
    assert [(line.text, line.start) for line in lyrics.lines] == [("Inside", 10.0)]
    assert not lyrics.notes
    assert "chosen part" in given("[00:10.00]Before\n[00:12.00]", start=60.0).notes[0].because


def test_lines_beyond_the_song_are_left_out_and_told(given):
    lyrics = given("[00:50.00]In\n[01:30.00]Out")
    assert [line.text for line in lyrics.lines] == ["In"]
    assert "after the song's end at 60.0 s" in lyrics.notes[0].because


def test_lyrics_wholly_beyond_the_song_are_the_users_mistake(given):
    with pytest.raises(UserError, match=r"start at 90\.0 s but the song ends at 60\.0 s"):
        given("[01:30.00]Out")


def test_overlapping_and_backward_cues_are_put_in_order_and_told(given):
    text = "1\n00:00:05,000 --> 00:00:09,000\nTwo\n\n2\n00:00:01,000 --> 00:00:07,000\nOne\n\n3\n00:00:12,000 --> 00:00:11,000\nThree\n"
    lyrics = given(text)
    assert [line.text for line in lyrics.lines] == ["One", "Two", "Three"]
    assert lyrics.lines[0].end == 5.0
    assert lyrics.notes[0].took == "lines shortened"
    assert orderly(lyrics)


def test_negative_times_move_to_the_start(given):
    lyrics = given("[-00:01.00]Early\n[00:02.00]Later")
    assert times(lyrics.lines)[0] == ("Early", 0.0, 2.0)
    assert "before the song's start" in lyrics.notes[0].because


def test_two_lines_at_one_time_become_one(given):
    assert [line.text for line in given("[00:01.00]Hola\n[00:01.00]Hello\n[00:05.00]x").lines] == ["Hola / Hello", "x"]


def test_marks_of_windows_are_no_part_of_the_words(given):
    assert [line.text for line in given("\ufeff[00:01.00]One\r\n[00:02.00]Two\r\n").lines] == ["One", "Two"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_usual_encodings_are_read(encoding):
    assert text_of("[00:01.00]Café".encode(encoding)) == "[00:01.00]Café"


@pytest.mark.parametrize("text", ["\x00\x01\x02" * 2000, "".join(map(chr, range(1, 32))) * 9, "\ud800" * 50])
def test_binary_rubbish_is_told_in_one_sentence(given, text):
    with pytest.raises(UserError, match="not text"):
        given(text)


def test_a_few_control_characters_are_taken_out_and_told(given):
    lyrics = given("[00:01.00]He\x00llo \u202eworld")
    assert lyrics.lines[0].text == "Hello world"
    assert "2 control" in lyrics.notes[0].because


@pytest.mark.parametrize("text", ["[ti:Only tags]", "WEBVTT\n\nNOTE nothing", "[Chorus]\n\n[Verse]", "[00:01.00]\n[00:02.00]  "])
def test_lyrics_without_a_line_are_the_users_mistake(given, text):
    with pytest.raises(UserError, match="hold no line of text"):
        given(text)


def test_text_beyond_the_limit_is_refused_with_both_numbers(given):
    with pytest.raises(UserError, match=f"{LONGEST_TEXT + 1:,} characters; at most {LONGEST_TEXT:,}"):
        given("a" * (LONGEST_TEXT + 1))


def test_a_line_of_ten_thousand_characters_becomes_many_that_can_be_read(given):
    lyrics = given("word and more " * 714)
    assert max(len(line.text) for line in lyrics.lines) <= 120
    assert orderly(lyrics)
    assert "longer than" in lyrics.notes[0].because


def test_more_text_than_anyone_can_sing_is_cut_and_told(given):
    lyrics = given("\n".join(["far too many words for this"] * 400), song=song(duration=5.0))
    assert 1 <= len(lyrics.lines) < 20
    assert any("cannot be sung" in n.because for n in lyrics.notes)
    assert orderly(lyrics, 5.0)


@pytest.mark.parametrize(("text", "tag"), [("שלום עולם", "he"), ("こんにちは世界", "ja"), ("안녕 세상", "ko"), ("hello", "")])
def test_the_script_tells_the_language_where_it_can(given, text, tag):
    lyrics = given(f"[00:01.00]{text}")
    assert lyrics.language == tag
    assert lyrics.lines[0].text == text


def test_clocks_count_hours_and_fractions():
    assert [seconds_of(c) for c in ("01:02:03,500", "02:03.25", "-00:01.5")] == [3723.5, 123.25, -1.5]


def test_mutated_lyrics_give_orderly_lines_or_one_clear_error(given):
    """Bits of every format, cut and shuffled a thousand times."""
    chance = random.Random(7)
    bits = ["[00:01.00]", "<00:02.5>", "la ", "la\n", "\n\n", "00:00:01,000 --> 00:00:02,000\n", "WEBVTT\n", "[offset:x]", "[99:99.99]", "\x00",
            "-->", "[", "]", "<", "&#1114112;", "&amp;", "\u202e", "שלום ", "[-1:00]", "[00:01", "99999", "<b>", "{\\", "♪", "\r"]  # fmt: skip
    for _ in range(1000):
        text = "".join(chance.choices(bits, k=chance.randint(1, 40)))
        with suppress(UserError):
            lyrics = given(text, analysis=chance.choice([None, analysis(((3.0, 20.0),))]))
            assert orderly(lyrics), repr(text)
            Lyrics.model_validate_json(lyrics.model_dump_json())


def test_reading_hostile_text_takes_no_time_that_grows_with_its_square():
    for text in ("[" + "1" * 300_000, "<" * 300_000, " " * 300_000 + "x", "[00:01.00]" * 30_000, "[a" * 150_000, "1:" * 150_000):
        read(text)


def test_words_without_times_start_on_beats_and_never_leave_their_line(given):
    line = given("[00:10.10]We came in with the thunder on the wire\n[00:14.00]And more", analysis=analysis()).lines[0]
    starts = np.array([word.start for word in line.words])
    on = np.abs(starts[:, None] - np.asarray(BEATS)).min(axis=1) < 1e-6
    assert starts[0] == 10.1
    assert on.sum() >= 5
    assert (np.diff(starts) > 0).all()
    assert all(a.end == b.start for a, b in itertools.pairwise(line.words))
    assert line.words[-1].end <= line.end
