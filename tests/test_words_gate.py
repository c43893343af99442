"""Which words are believed: forced alignment on made scores of letters, the voice's level, and the gate on made and invented lines."""

import random

import numpy as np
import pytest

from schemas import Hearing, Song
from songreel.access import Access, Account
from songreel.audio.answers import parsed
from songreel.audio.ctc import Scores, aligned, spelled
from songreel.audio.listening import _control, lyrics_heard, refined
from songreel.audio.lyric_formats import TextLine, read
from songreel.audio.voice import FRAME, Voice, heard
from songreel.audio.ways import language_of, matching, way_of
from songreel.audio.whisper import lines_of
from songreel.audio.words_gate import SungLine, SungWord, judge_heard, judge_placed, mean_score
from songreel.errors import MediaError, SongreelError
from tests.test_lyrics import analysis, song

ALPHABET = "|abcdefghijklmnopqrstuvwxyz'"
LETTERS = {letter: number + 1 for number, letter in enumerate(ALPHABET)}
STEP = 0.02
VERSE = ["we walk along the silver shore", "under lights that never sleep", "hold my hand and count to four", "promises are ours to keep"]


def sung(lines: list[str], frames: int, *, seed: int = 1, strangers: tuple[int, ...] = (), pause: int = 40) -> tuple[Scores, list[float]]:
    """Scores as a letter model gives them for lines that are sung one after the other: a short peak a letter, blanks between.

    Returns them with the true start of every word. After the lines numbered in ``strangers`` something is shouted that the text lacks.
    """
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    logits = noise.normal(size=(frames, len(LETTERS) + 1))
    logits[:, 0] += 8
    at, starts = 30, []

    def say(text: str) -> None:
        nonlocal at
        for letter in text:
            logits[at, LETTERS[letter]] += 13
            at += chance.randint(3, 9)

    for number, line in enumerate(lines):
        for word in line.split():
            starts.append(at * STEP)
            say(word + "|")
        at += pause
        if number in strangers:
            say("hey|oh|hey|yeah|")
            at += pause
    assert at < frames
    return Scores((logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32), STEP, LETTERS, 0), starts


def line(text: str, start: float = 0.0, score: float | None = 0.9, pace: float = 0.4, timed: bool = True) -> SungLine:
    return SungLine(tuple(SungWord(word, start + pace * i, start + pace * (i + 0.8), score, timed) for i, word in enumerate(text.split())))


def singing(seconds: float, *silent: tuple[float, float]) -> Voice:
    frames = np.ones(int(seconds / FRAME), bool)
    for start, end in silent:
        frames[int(start / FRAME) : int(end / FRAME)] = False
    return Voice(frames)


# Alignment


def test_every_word_is_found_where_it_is_sung():
    scores, truth = sung(VERSE, 1600)
    found = [word for words in aligned([text.split() for text in VERSE], scores) for word in words]
    assert np.abs(np.array([word.start for word in found]) - truth).max() <= STEP
    assert all(word.end > word.start for word in found)
    assert min(word.score for word in found) > 0.5


def test_a_shout_that_the_text_lacks_moves_no_word():
    scores, truth = sung(VERSE, 2400, strangers=(0, 2))
    found = [word.start for words in aligned([text.split() for text in VERSE], scores) for word in words]
    assert np.abs(np.array(found) - truth).max() <= STEP


def test_words_that_are_sung_score_far_above_the_same_words_in_reverse_order():
    scores, _ = sung(VERSE, 1600)
    found = aligned([text.split() for text in VERSE], scores)
    straight = mean_score([SungLine(tuple(SungWord("", w.start, w.end, w.score) for w in words)) for words in found])
    assert straight - _control([TextLine(text) for text in VERSE], scores) > 0.4


def test_a_text_of_few_different_words_has_no_control():
    scores, _ = sung(["la la la la"], 400)
    assert _control([TextLine("La la la la")], scores) is None


def test_what_has_no_letters_is_passed_through_and_scores_nothing():
    scores, truth = sung(["in the summer of love"], 400)
    (found,) = aligned([["in", "the", "1969", "of", "love"]], scores)
    assert found[2].score is None
    assert [abs(found[at].start - truth[at]) <= STEP for at in (0, 1, 3, 4)] == [True] * 4


def test_letters_are_found_in_any_case_and_without_their_accents():
    assert spelled("Élan’s", {"E": 1, "L": 2, "A": 3, "N": 4, "'": 5, "S": 6}) == [1, 2, 3, 4, 5, 6]
    assert spelled("日本", LETTERS) == []


def test_a_line_that_is_not_sung_is_left_out_and_moves_no_other():
    scores, truth = sung(VERSE, 1600)
    text = [*VERSE[:2], "these words are in no song at all", *VERSE[2:]]
    found = aligned([words.split() for words in text], scores)
    assert [word.score for word in found[2]] == [0.0] * 8
    others = [word.start for number in (0, 1, 3, 4) for word in found[number]]
    assert np.abs(np.array(others) - truth).max() <= STEP
    assert found[1][-1].end <= found[2][0].start == found[2][-1].end <= found[3][0].start


def test_more_lines_than_frames_are_refused_and_more_letters_left_out():
    scores = sung(["a"], 90)[0].between(0, 1.2)
    with pytest.raises(SongreelError, match=r"99 lines cannot be sung in 1\.2 s"):
        aligned([["a"]] * 99, scores)
    (found,) = aligned([["abcdefghijkl"] * 6], scores)
    assert {word.score for word in found} == {0.0}


def test_a_line_heard_half_a_second_off_is_put_where_its_letters_are():
    scores, truth = sung(VERSE, 1600)
    first = len(VERSE[0].split())
    guess = line(VERSE[1], truth[first] + 0.4, pace=(truth[first + 5 - 1] - truth[first]) / 5)
    words = refined(guess, scores).words
    assert np.abs(np.array([word.start for word in words]) - truth[first : first + len(words)]).max() <= 2 * STEP
    elsewhere = refined(line("completely different syllables", 1.0), scores)
    assert not any(word.timed for word in elsewhere.words)


# The voice


def test_the_voice_sounds_where_the_stem_is_loud_and_not_where_others_leak_into_it():
    rate = 16_000
    time = np.arange(10 * rate) / rate
    tone = np.sin(2 * np.pi * 220 * time).astype(np.float32)
    level = np.where((time > 2) & (time < 5), 0.2, 0.002)
    voice = heard(tone * level.astype(np.float32), rate, loudness=-14)
    assert voice.spans() == [pytest.approx((2.0, 5.0), abs=2 * FRAME)]
    assert voice.share(2.5, 4.5) == 1
    assert voice.share(6, 9) == 0


def test_a_stem_of_leaks_alone_is_no_voice():
    noise = 0.003 * np.random.default_rng(0).standard_normal(16_000 * 20).astype(np.float32)
    assert heard(noise, 16_000, loudness=-14).seconds == 0
    assert heard(noise[:0], 16_000, loudness=-14).spans() == []


# The gate for words that were heard


def test_words_that_are_sung_pass():
    lines = [line(text, 4.0 * at) for at, text in enumerate(VERSE)]
    verdict = judge_heard(lines, singing(16))
    assert (verdict.level, verdict.doubts) == ("words", ())
    assert verdict.lines == tuple(lines)


@pytest.mark.parametrize(
    "invented",
    ["Thanks for watching!", "Thank you.", "Subtitles by the Amara.org community", "Untertitel der Amara.org-Community", "you",
     "Sous-titres réalisés par la communauté d'Amara.org", "Don't forget to like and subscribe!", "Продолжение следует...",
     "ご視聴ありがとうございました"],
)  # fmt: skip
def test_what_whisper_invents_over_instruments_is_left_out(invented):
    kept = [line(text, 4.0 * at) for at, text in enumerate(VERSE)]
    verdict = judge_heard([*kept, line(invented, 17.0, score=0.5)], singing(20))
    assert verdict.lines == tuple(kept)
    assert len(verdict.doubts) == 1
    assert judge_heard([line(invented, 1.0, score=0.5)], singing(20)).level == "none"


def test_a_thank_you_that_is_surely_sung_stays():
    assert len(judge_heard([line(VERSE[0]), line("thank you", 4.0, score=0.95)], singing(8)).lines) == 2


def test_a_line_where_nobody_sings_is_left_out_and_told():
    verdict = judge_heard([line(text, 4.0 * at) for at, text in enumerate(VERSE)], singing(16, (4, 8)))
    assert [one.text for one in verdict.lines] == [VERSE[0], VERSE[2], VERSE[3]]
    assert verdict.doubts == ("1 line was where nobody sings",)


def test_a_loop_is_left_out_and_a_refrain_that_is_surely_sung_is_not():
    verse = [line(text, 3.0 * at) for at, text in enumerate(VERSE * 2)]
    loop = [line("I'm gonna be there", 25.0 + 2 * at, score=0.4) for at in range(4)]
    assert judge_heard([*verse, *loop], singing(40)).lines == tuple(verse)
    refrain = [line("all you need is love", 25.0 + 2 * at, score=0.8) for at in range(4)]
    assert len(judge_heard([*verse, *refrain], singing(40)).lines) == 12
    stuck = line("na na na na na na na na na na na na na na na na na na na na", 25.0, score=0.4)
    assert judge_heard([*verse, stuck], singing(40)).lines == tuple(verse)


def test_words_faster_than_anyone_sings_are_left_out():
    verdict = judge_heard([line(VERSE[0]), line("incredibly unbelievable complications everywhere", 5.0, pace=0.1)], singing(8))
    assert verdict.doubts == ("1 line was faster than anyone sings",)


def test_nothing_is_taken_when_most_of_it_is_not_to_be_believed():
    unsure = [line(text, 4.0 * at, score=0.1) for at, text in enumerate(VERSE[1:])]
    verdict = judge_heard([line(VERSE[0], 13.0), *unsure], singing(16))
    assert verdict.level == "none"
    assert verdict.doubts[0] == "17 of the 23 words heard are not to be believed"
    assert judge_heard([line("love me", 1.0)], singing(120)).doubts == ("only 2 words were understood in 120 s of singing",)


def test_unsure_times_leave_the_lines_alone():
    verdict = judge_heard([line(text, 4.0 * at, timed=at == 0) for at, text in enumerate(VERSE)], singing(16))
    assert verdict.level == "lines"
    lyrics = lyrics_heard([line(text, 4.0 * at, timed=False) for at, text in enumerate(VERSE)], "en", 0.9, singing(60), song(), analysis(), "whisper")
    assert [one.start for one in lyrics.lines] == [0.0, 4.0, 8.0, 12.0]
    assert all(word.confidence == 0.5 for one in lyrics.lines for word in one.words)
    assert "each line's words are spread over it" in lyrics.notes[0].because


def test_believed_words_keep_their_times_and_their_last_is_held_while_it_sounds():
    voice = singing(60, (3.5, 4.0))
    lyrics = lyrics_heard([line(text, 4.0 * at) for at, text in enumerate(VERSE)], "en", 0.9, voice, song(), analysis(), "whisper+align_en")
    assert (lyrics.source, lyrics.language, lyrics.by, lyrics.notes) == ("transcribed", "en", "whisper+align_en", ())
    first = lyrics.lines[0]
    assert [word.start for word in first.words] == pytest.approx([0.4 * i for i in range(6)])
    assert first.end == pytest.approx(3.5, abs=2 * FRAME)
    assert all(word.confidence > 0.9 for word in first.words)


def test_an_unsure_language_is_told():
    lyrics = lyrics_heard([line(text, 4.0 * at) for at, text in enumerate(VERSE)], "cy", 0.3, singing(60), song(), analysis(), "whisper")
    assert [note.took for note in lyrics.notes] == ["the language cy"]


# The gate for given words


def test_given_words_that_fit_pass_and_those_of_another_song_do_not():
    lines = [line(text, 4.0 * at, score=0.6) for at, text in enumerate(VERSE)]
    assert judge_placed(lines, singing(16), control=0.2).level == "words"
    assert "fit no better (score 0.60) than in reverse order (0.55)" in judge_placed(lines, singing(16), control=0.55).doubts[0]
    assert "less than 0.15" in judge_placed([line(VERSE[0], score=0.05)], singing(16), control=None).doubts[0]


def test_given_lines_that_are_not_found_are_spread_and_many_of_them_are_too_many():
    lines = [line(text, 4.0 * at, score=0.6) for at, text in enumerate(VERSE)]
    verdict = judge_placed(lines, singing(16, (4, 8)), control=0.2)
    assert [one.text for one in verdict.lines] == [VERSE[0], VERSE[2], VERSE[3]]
    assert "1 of the 4 lines could not be found" in verdict.doubts[0]
    assert judge_placed(lines, singing(16, (0, 12)), control=0.2).level == "none"


# What is heard, as lines


def test_words_are_parted_into_lines_by_pauses_and_at_punctuation():
    words = [*line("this is a rather long line, that goes on", 0.0).words, *line("after a pause", 10.0).words]
    assert [one.text for one in lines_of(words)] == ["this is a rather long line,", "that goes on", "after a pause"]
    assert lines_of([]) == []


def test_a_services_answer_becomes_lines_and_words_without_times_lie_between():
    ever = {"word": "ever", "start": 2.0, "end": 2.4, "score": float("nan")}
    words = [{"word": "Hold", "start": 1.0, "end": 1.3, "score": 0.8}, {"word": "4"}, ever]
    lines, language = parsed({"detected_language": "en", "segments": [{"start": 1.0, "end": 2.5, "text": "Hold 4 ever", "words": words}]})
    assert language == "en"
    assert [(w.text, w.start, w.timed, w.score) for w in lines[0].words] == [
        ("Hold", 1.0, True, 0.8), ("4", 1.3, False, None), ("ever", 2.0, True, None),
    ]  # fmt: skip
    plain, _ = parsed({"language": "de", "segments": [{"start": 3, "end": 5, "text": "Komm mit mir"}]})
    assert (plain[0].start, plain[0].end, len(plain[0].words)) == (3.0, 5.0, 3)
    for broken in ({}, [], None, {"segments": [{"text": "no times"}]}):
        with pytest.raises(MediaError, match="holds no segments with words"):
            parsed(broken)


# Ways


@pytest.mark.parametrize(
    ("text", "tag"),
    [("The night is young and I am here with you", "en"), ("Ich will dich und die Nacht nicht mehr", "de"),
     ("Je ne veux pas que tu sois dans la nuit", "fr"), ("Пусть всегда будет солнце", "ru"), ("夜に駆ける", "ja"), ("Hm hm hm", "")],
)  # fmt: skip
def test_the_language_of_a_text_is_told_by_script_or_small_words(text, tag):
    assert language_of(read(text)) == tag


def test_a_text_is_placed_by_the_model_of_its_language_or_by_one_for_any():
    both = ("align_en", "align_de", "align_any")
    assert matching("de", both, Access()) == "align_de"
    assert matching("fr", both, Access()) == "align_any"
    assert matching("fr", ("align_en",), Access()) == ""
    assert matching("", both, Access()) == "align_any"
    assert matching("", ("align_en",), Access()) == "align_en"


def test_without_weights_words_stay_as_they_are_and_nothing_is_bought_without_money():
    rich = Access(accounts={"replicate": Account("key")})
    assert way_of(song(), "", Access()) == Hearing()
    assert way_of(song(), "", rich) == Hearing()
    assert way_of(song(), "", rich, money=1.0) == Hearing(way="bought", model="whisperx_replicate")
    assert way_of(song(), "", rich, money=0.01) == Hearing(), "the words may cost a quarter of the film's money at most"
    assert way_of(song(), "Given words", rich, money=1.0) == Hearing()


def test_weights_on_disk_choose_the_way(tmp_path, monkeypatch):
    from songreel.models import listing

    monkeypatch.setattr(listing, "extra_missing", lambda modules: None)
    here = Access(weights=tmp_path)
    for repo, files in (("facebook--wav2vec2-base-960h", ("vocab.json", "config.json", "preprocessor_config.json", "model.safetensors")),
                        ("Systran--faster-whisper-small", ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt"))):  # fmt: skip
        (tmp_path / repo).mkdir()
        for name in files:
            (tmp_path / repo / name).write_text("")
    assert way_of(song(), "", here) == Hearing(way="heard", model="whisper_small", aligners=("align_en",))
    plain: Song = song(lyrics="The night is young\nand I am here with you")
    assert way_of(plain, "", here) == Hearing(way="placed", aligners=("align_en",))
    assert way_of(song(), "[00:10.00]The night is young", here) == Hearing(), "times that are given are kept"
    assert way_of(song(), "Ich will dich und die Nacht nicht mehr", here) == Hearing(), "no model knows the language"
