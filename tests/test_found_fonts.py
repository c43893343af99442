"""A shot that is lettered with the machine's own fonts is another shot where those fonts are others."""

import shutil
from pathlib import Path

import pytest

from flows.recall import wanted
from schemas import Card, FilmRequest, Lettering
from songreel.execution.identity import digest
from songreel.painter.type import fonts
from songreel.painter.type.fonts import FOLDER, Font
from songreel.painter.type.found import fonts_for, fonts_of
from songreel.storage import Store
from tests.test_type import COLOURS, line

HEBREW = "שלום עולם"


def lettered(text: str) -> Lettering:
    return Lettering(look="karaoke", colours=COLOURS, lines=(line(text),), cards=(Card(kind="title", title=text, start=0.4, end=3.0),))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose bundled fonts know Latin letters only, with one font of its own for Hebrew."""
    own = shutil.copy(FOLDER / "NotoSansHebrew-Bold.ttf", tmp_path / "System.ttf")
    latin = {face: (Font(str(FOLDER / "Inter-SemiBold.ttf")),) for face in fonts.faces()}
    monkeypatch.setattr(fonts, "faces", lambda: latin)
    monkeypatch.setattr(fonts, "_lying_about", lambda: ())
    monkeypatch.setattr(fonts, "_matched", lambda char, *_: [(str(own), 0)] if "\u0590" <= char <= "\u05ff" else [])
    return Path(own)


def other_version(font: Path) -> None:
    """The same font in another version: other bytes behind its tables."""
    shutil.copy(font, font.with_name("Newer.ttf"))
    font.with_name("Newer.ttf").write_bytes(font.read_bytes() + b"\0")


def test_what_the_bundled_fonts_have_names_no_font_of_the_machine() -> None:
    assert fonts_of(lettered("Größe der Nacht")) == ()
    assert fonts_of(lettered(HEBREW)) == ()
    assert fonts_for(["plain words", HEBREW]) == ()


def test_the_machines_font_is_named_by_family_and_content(machine: Path) -> None:
    (font,) = fonts_of(lettered(HEBREW))
    assert font.startswith("Noto Sans Hebrew")
    assert str(machine) not in font
    assert fonts_for(["hello", HEBREW]) == (font,)


def test_another_version_of_a_font_makes_another_shot(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fonts_of(lettered(HEBREW))
    other_version(machine)
    monkeypatch.setattr(fonts, "_matched", lambda *_: [(str(machine.with_name("Newer.ttf")), 0)])
    after = fonts_of(lettered(HEBREW))
    assert before != after
    shots = [lettered(HEBREW).model_copy(update={"fonts": known}) for known in (before, after)]
    assert digest({"lettering": shots[0]}) != digest({"lettering": shots[1]})


def test_a_sign_that_no_font_has_is_told_apart_from_one_that_a_font_has(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_matched", lambda *_: [])
    assert fonts_of(lettered(HEBREW)) == ("no font for hebrew",)


def test_a_run_is_named_by_the_fonts_of_its_words(machine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_bytes(b"any bytes")
    store = Store(str(tmp_path / "store"))
    runs = {text: wanted(str(song), FilmRequest(lyrics=text), None, store).run for text in ("hello", HEBREW)}
    monkeypatch.setattr(fonts, "_matched", lambda *_: [])
    assert wanted(str(song), FilmRequest(lyrics="hello"), None, store).run == runs["hello"]
    assert wanted(str(song), FilmRequest(lyrics=HEBREW), None, store).run != runs[HEBREW]
