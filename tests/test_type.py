"""Type: every script shaped and set, never more than two rows, inside the safe area, on the frame, readable, calm, and never interpreted."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageFilter

from schemas import Card, Lettering, Line, Word
from songreel.inspection.flashes import FlashMeter, linear_rgb
from songreel.painter.planes import Planes, rgb
from songreel.painter.type import Overlay, fonts
from songreel.painter.type.colour import contrast, linear
from songreel.painter.type.fonts import FontBook, faces
from songreel.painter.type.raster import Voice
from songreel.painter.type.setting import safe_area
from songreel.painter.type.sheets import sheets
from songreel.painter.type.text import LONGEST, clean, clusters, is_rtl, visual_order

FPS = Fraction(30)
COLOURS = ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2")
PALETTES = (COLOURS, ("#0d1b2a", "#1b4965", "#5fa8d3", "#ffb703", "#f8f4e3"), ("#000000", "#333333", "#666666", "#777777", "#eeeeee"))
LOOKS = tuple(sheets())
WIDE, TALL, SQUARE, HD = (640, 360), (360, 640), (400, 400), (1280, 720)
ENGLISH = "We were chasing headlights down the coast, holding on to the summer"
SCRIPTS = {
    "latin": "Příliš žluťoučký kůň úpěl",
    "vietnamese": "Đường về nhà thật xa",
    "cyrillic": "Мы бежали за светом вдоль берега",
    "greek": "Κυνηγούσαμε τα φώτα στην ακτή",
    "arabic": "كنا نطارد الأضواء على الساحل",
    "hebrew": "רדפנו אחרי האורות לאורך החוף",
    "devanagari": "हम रोशनी के पीछे भागते रहे",
}
HOSTILE = (
    "'; DROP TABLE songs; --", '"quotes" «and» „more“', "100%d %s %n %{x} {0} {{}} ${HOME} $(id) `id`", "{\\an8}<b>bold</b> [00:01.00] a --> b",
    "drawtext=text='x':enable='1'", "one\ntwo\r\nthree\u2028four\ttab", "\u202eevil\u202c \u200fmarks\u200e \u2066iso\u2069", "\x00\x07\x1b[31m\x7f",
    "Z" + "\u0335\u0489\u0301\u0302\u0303\u0304" * 40 + "algo", "a" * 10_000, "word " * 2000, "🔥" * 300, "\ufffe\uffff\ud83d", " \u200b\u200d ", "",
    "ﷺ" * 50, "\u0627" * 400, "𝕱𝖆𝖓𝖈𝖞 ẞ ŉ ﬁ", "1234567890" * 30, "\u202e" * 100, "-", "…", "हिन्दी" * 80,
)  # fmt: skip


def line(text: str, start: float = 2.0, each: float = 0.4, stay: float = 1.0) -> Line:
    words = [Word(text=word, start=start + at * each, end=start + (at + 1) * each) for at, word in enumerate(text.split())]
    return Line(text=text, start=start, end=start + len(words) * each + stay, words=tuple(words))


def lettering(look: str, *lines: Line, **more) -> Lettering:
    return Lettering(look=look, lines=lines, **{"colours": COLOURS, **more})


def overlay(look: str, *lines: Line, size=WIDE, **more) -> Overlay:
    return Overlay(lettering(look, *lines, **more), *size, FPS)


def ground(size=WIDE, y: int = 60, u: int = 128, v: int = 128) -> Planes:
    planes = Planes.empty(*size)
    for plane, level in zip(planes, (y, u, v), strict=True):
        plane[:] = level
    return planes


def changed(made: Overlay, frame: int, size=WIDE, level: int = 40) -> np.ndarray:
    """Where a frame's luma is touched."""
    planes = ground(size, level)
    made.over(planes, frame)
    return planes.y != level


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_drawn_with_the_bundled_fonts_in_every_face(face, script, monkeypatch):
    monkeypatch.setattr(fonts, "_matched", lambda *_: [])
    monkeypatch.setattr(fonts, "_lying_about", lambda: ())
    book = FontBook()
    text = SCRIPTS[script]
    word = Voice(book, face).word(text, 60, is_rtl(text))
    assert book.missing == set()
    assert word.marks[0].stamp.cover.max() == 255
    assert word.advance > 200


@pytest.mark.parametrize(("joined", "apart", "rtl"), [("سلام", "سلام", True), ("क्षत्रिय", "कषतरय", False), ("लिपि", "लइपइ", False)])
def test_letters_that_join_are_shaped_and_not_set_side_by_side(joined, apart, rtl):
    voice = Voice(FontBook(), "sans")
    assert voice.width(joined, 100, rtl) < 0.93 * sum(voice.width(letter, 100, rtl) for letter in apart)


def test_hebrew_runs_from_the_right():
    made = overlay("karaoke", line(SCRIPTS["hebrew"]))
    read = sorted(made.acts[0].words, key=lambda word: word.start)
    row = [word for word in read if word.spot.row == 0]
    assert all(first.x > second.x for first, second in pairwise(row))


def test_a_sweep_over_arabic_comes_from_the_right():
    (act,) = overlay("karaoke", line("مرحبا", each=2.0)).acts
    word = act.words[0]
    ramp = word.ramp(word.word.marks[0], word.spot.width / 2, 2.0)
    assert ramp[-1] == 1
    assert ramp[0] == 0


@pytest.mark.parametrize(
    ("words", "rtl", "seen"),
    [
        ("one two three", False, "one two three"),
        ("אחת שתיים שלוש", True, "שלוש שתיים אחת"),
        ("אחת big love שלוש", True, "שלוש big love אחת"),
        ("say שלום עולם now", False, "say עולם שלום now"),
        ("אחת 24 שעות", True, "שעות 24 אחת"),
        ("אחת 24 25", True, "25 24 אחת"),
        ("love — שלום", False, "love — שלום"),
    ],
)
def test_words_of_two_directions_stand_as_the_bidirectional_algorithm_says(words, rtl, seen):
    given = words.split()
    assert " ".join(given[at] for at in visual_order(given, rtl)) == seen


def test_signs_are_taken_apart_as_a_reader_counts_them():
    assert clusters("👨‍👩‍👧🇸🇪👍🏽éक्षि") == ["👨‍👩‍👧", "🇸🇪", "👍🏽", "é", "क्षि"]


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("look", LOOKS)
def test_never_more_than_two_rows_and_all_of_them_in_the_safe_area(look, size):
    area = safe_area(*size)
    texts = [ENGLISH, ENGLISH + " " + ENGLISH, "Oh", "Donaudampfschifffahrtsgesellschaftskapitän" * 2, SCRIPTS["arabic"], SCRIPTS["devanagari"]]
    for text in texts:
        for act in overlay(look, line(text, each=0.3), size=size).acts:
            assert len(act.page.sizes) <= 2
            for row in act.rows:
                left, top, right, bottom = row.shape.bounds
                assert left >= area.left - 4, text
                assert right <= area.right + 4, text
                assert top >= area.top - 4, text
                assert bottom <= area.bottom + 4, text


def test_a_tall_picture_keeps_clear_of_the_platforms_buttons():
    area = safe_area(1080, 1920)
    assert area.top >= 0.12 * 1920
    assert area.bottom <= 0.8 * 1920


@pytest.mark.parametrize("look", LOOKS)
def test_hostile_text_is_drawn_or_cut_and_nothing_else(look):
    for text in HOSTILE:
        sendable = text.encode("utf-8", "ignore").decode()
        by_words = Line(text="x", start=2.0, end=5.0, words=line(sendable).words[:9])
        for given in (Line(text=sendable, start=2.0, end=5.0), by_words):
            made = overlay(look, given, size=(320, 180))
            assert all(len(act.page.sizes) <= 2 for act in made.acts)
            touched = changed(made, 110, (320, 180))
            assert not touched[:8].any()
            assert not touched[:, :2].any()


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaned_text_is_one_short_line_without_controls(text):
    made = clean(text)
    assert len(made) <= LONGEST + 1
    assert all(char.isprintable() or char in "\u200c\u200d" for char in made)
    assert clean(made) == made


def test_ten_thousand_characters_are_cut_and_that_is_told():
    made = overlay("lower_third", Line(text="word " * 2000, start=2.0, end=4.0))
    assert any("cut" in note.took for note in made.notes)
    assert len(made.acts) <= 2


def test_two_spellings_of_direction_marks_give_the_same_picture():
    plain, marked = (overlay("karaoke", Line(text=text, start=2.0, end=5.0)) for text in ("love me", "\u202elove\u200f me\u202c"))
    assert np.array_equal(changed(plain, 100), changed(marked, 100))


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(24000, 1001), Fraction(60)])
@pytest.mark.parametrize("look", ["lower_third", "kinetic", "handwritten", "typewriter"])
def test_a_word_comes_on_the_frame_nearest_to_its_time_and_goes_with_its_line(look, fps):
    sung, ends = 2.357, 6.0
    made = Overlay(lettering(look, Line(text="Hello", start=sung, end=ends, words=(Word(text="Hello", start=sung, end=3.0),))), *WIDE, fps)
    on = round(sung * fps)
    lead = round(sheets()[look].lead * fps)
    assert not changed(made, on - lead - 1).any()
    assert changed(made, on).any()
    whole = changed(made, round(4.5 * fps)).sum()
    assert changed(made, on + round(0.35 * fps)).sum() > 0.4 * whole
    assert not changed(made, round(ends * fps)).any()


def test_words_come_one_by_one_where_their_times_are_known():
    made = overlay("lower_third", line("one two three four", each=0.5))
    columns = [np.flatnonzero(changed(made, 60 + 15 * at + 10).any(axis=0)).max() for at in range(4)]
    assert columns == sorted(set(columns))


def test_both_sides_of_a_transition_show_the_same_words():
    given = line(ENGLISH)
    alone, beside = overlay("lower_third", given), overlay("lower_third", line("before", start=0.5, each=0.3, stay=0.2), given)
    assert np.array_equal(changed(alone, 120), changed(beside, 120))


BACKGROUNDS = {
    "white": (235, 128, 128), "black": (16, 128, 128), "grey": (126, 128, 128), "red": (63, 102, 240), "green": (173, 42, 26),
    "blue": (32, 240, 118), "yellow": (219, 16, 138), "cyan": (188, 154, 16), "pink": (160, 140, 170),
}  # fmt: skip


@pytest.mark.parametrize("tone", ["auto", "light", "dark"])
@pytest.mark.parametrize("look", LOOKS)
def test_letters_stand_out_from_whatever_lies_behind_them(look, tone):
    for turn, (name, (y, u, v)) in enumerate(BACKGROUNDS.items()):
        made = overlay(look, line("HHH", each=0.5, stay=4.0), colours=PALETTES[turn % 3], tone=tone, size=HD)
        planes = ground(HD, y, u, v)
        made.over(planes, 150)
        word = made.acts[0].words[0]
        cover, inked = placed(word, word.word.marks[0]), placed(word, word.word.core if look == "neon" else word.word.marks[0])
        light = luminances(planes)
        ink, ring = float(np.median(light[inked > 200])), light[grown(cover, 3) & ~grown(cover, 1)]
        behind = float(np.percentile(ring, 90 if ink > np.median(ring) else 10))
        assert contrast(ink, behind) >= 4.5, (name, ink, behind)


def placed(word, mark) -> np.ndarray:
    """A word's shape on the whole picture."""
    cover = np.zeros((HD[1], HD[0]), np.uint8)
    tall, wide = mark.stamp.cover.shape
    cover[word.y + mark.top : word.y + mark.top + tall, word.x + mark.left : word.x + mark.left + wide] = mark.stamp.cover
    return cover


def grown(cover: np.ndarray, pixels: int) -> np.ndarray:
    return np.asarray(Image.fromarray(cover).filter(ImageFilter.MaxFilter(2 * pixels + 1))) > 0


def luminances(planes: Planes) -> np.ndarray:
    levels = np.array([linear(level / 255) for level in range(256)])
    return levels[rgb(planes)] @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("level", [20, 110, 225])
@pytest.mark.parametrize("look", LOOKS)
def test_no_look_flashes_however_quickly_it_is_sung(look, level):
    size = (320, 180)
    lines = [line("GO GO NOW RUN WE ARE ALL HERE", start=at, each=0.12, stay=0.0) for at in np.arange(0.5, 3.5, 1.0)]
    made = overlay(look, *lines, size=size)
    meter = FlashMeter((size[1] // 2, size[0] // 2), FPS)
    most = 0
    for frame in range(135):
        planes = ground(size, level)
        made.over(planes, frame)
        luma = planes.y.reshape(size[1] // 2, 2, size[0] // 2, 2).mean((1, 3)).astype(np.uint8)
        most = max(most, *meter.follow(linear_rgb(luma, planes.u, planes.v)))
    assert most <= 3


def test_big_words_come_at_most_three_a_second():
    made = overlay("kinetic", line("a bb cc dd ee ff gg hh ii jj", each=0.1))
    starts = sorted({word.start for act in made.acts for word in act.words})
    assert all(after - before >= 0.33 for before, after in pairwise(starts))


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("kind", ["title", "corner", "end"])
def test_cards_stand_in_the_safe_area_and_go_softly(kind, size):
    card = Card(kind=kind, title="A Rather Long Name for a Song of This Kind", line="The Band with the Endless Name & Friends", start=1.0, end=5.0)
    made = overlay("none", cards=(card,), size=size)
    area = safe_area(*size)
    touched = [changed(made, frame, size) for frame in (29, 90, 151)]
    assert [bool(one.any()) for one in touched] == [False, True, False]
    for row in made.cards[0].rows:
        left, top, right, bottom = row.shape.bounds
        assert area.left - 4 <= left < right <= area.right + 4
        assert area.top - 6 <= top < bottom <= area.bottom + 4


def test_what_no_font_has_is_left_out_and_the_package_is_named(monkeypatch):
    monkeypatch.setattr(fonts, "_matched", lambda *_: [])
    monkeypatch.setattr(fonts, "_lying_about", lambda: ())
    made = overlay("karaoke", line("夏 love 🔥"))
    because = " ".join(note.because for note in made.notes)
    assert "fonts-noto-cjk" in because
    assert "fonts-noto-color-emoji" in because
    assert changed(made, 100).any()


def test_without_raqm_letters_are_still_drawn_and_that_is_told(monkeypatch):
    monkeypatch.setattr(fonts, "shapes", lambda: False)
    monkeypatch.setattr("songreel.painter.type.raster.shapes", lambda: False)
    fonts._opened.cache_clear()
    made = overlay("karaoke", line("שלום love"))
    assert changed(made, 100).any()
    assert any("raqm" in note.because for note in made.notes)
    fonts._opened.cache_clear()
