"""Which fonts of this machine a text needs, beside the bundled ones: what another machine may draw with others, so part of what a shot is."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from schemas.lettering import Face, Lettering
from songreel.painter.type.fonts import FOLDER, Font, FontBook, shapes
from songreel.painter.type.sheets import sheets

UNSHAPED = "letters side by side"
NOTHING = "no font for "
SHOWN = 16  # hexadecimal digits of a file's hash that name it


def fonts_of(lettering: Lettering) -> tuple[str, ...]:
    """The machine's own fonts that will draw a lettering, by family and content, sorted; empty when the bundled ones have every sign."""
    words: Face = sheets()[lettering.look].face if lettering.look != "none" else lettering.face
    texts = [(line.text, words) for line in lettering.lines]
    texts += [(text, lettering.face) for card in lettering.cards for text in (card.title, card.line)]
    return _named(texts, lettering.language) if texts else ()


def fonts_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The machine's own fonts for texts whose look is not known yet: those that any of the looks would take."""
    voices = sorted({face for sheet in sheets().values() for face in (sheet.face, sheet.card)})
    return _named([(text, face) for text in texts for face in voices], "")


def _named(texts: Iterable[tuple[str, Face]], language: str) -> tuple[str, ...]:
    book = FontBook(language)
    used = {run.font for text, face in texts if not text.isascii() for run in book.runs(text, face)}
    named = {identity(font) for font in used if Path(font.path).parent != FOLDER}
    return tuple(sorted(named | {f"{NOTHING}{script}" for script in book.missing} | (set() if shapes() else {UNSHAPED})))


@cache
def identity(font: Font) -> str:
    """A font's family, style and content, which are the same wherever it lies."""
    from PIL import ImageFont

    try:
        name = " ".join(part for part in ImageFont.truetype(font.path, 109 if font.coloured else 16, index=font.index).getname() if part)
    except OSError:  # coloured bitmaps of another size: the content says enough
        name = Path(font.path).stem
    return f"{name} {hashlib.sha256(Path(font.path).read_bytes()).hexdigest()[:SHOWN]}/{font.index}"
