"""Text before it is set: cleaned, taken apart into what is drawn together, and put into the order it is seen in.

Nothing in a text is ever a command: controls, direction marks and line breaks are taken out here, and everything else is drawn as it is.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

LONGEST = 600  # characters of one line of lyrics; nobody sings more in a breath
MOST_MARKS = 4  # combining marks on one letter; Vietnamese and vocalised Hebrew need three
ELLIPSIS = "…"

ZWNJ, ZWJ, TEXT_STYLE, EMOJI_STYLE, KEYCAP = "\u200c", "\u200d", "\ufe0e", "\ufe0f", "\u20e3"
VIRAMA = "\u094d"  # joins Devanagari letters into one sign
JOINERS = frozenset((ZWNJ, ZWJ, TEXT_STYLE, EMOJI_STYLE))
DROPPED = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))  # controls, formats, private, unassigned, separators

SCRIPTS: tuple[tuple[str, int, int], ...] = (
    ("latin", 0x41, 0x24F), ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x52F), ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x8FF),
    ("devanagari", 0x900, 0x97F), ("indic", 0x980, 0xDFF), ("thai", 0xE00, 0xE7F), ("hangul", 0x1100, 0x11FF), ("latin", 0x1E00, 0x1EFF),
    ("greek", 0x1F00, 0x1FFF), ("cjk", 0x2E80, 0x2FDF), ("cjk", 0x3000, 0x312F), ("hangul", 0x3130, 0x318F), ("cjk", 0x31A0, 0xA4CF),
    ("hangul", 0xA960, 0xD7FF), ("cjk", 0xF900, 0xFAFF), ("hebrew", 0xFB1D, 0xFB4F), ("arabic", 0xFB50, 0xFDFF), ("arabic", 0xFE70, 0xFEFF),
    ("cjk", 0xFE30, 0xFE4F), ("cjk", 0xFF00, 0xFFEF), ("emoji", 0x1F000, 0x1FAFF), ("cjk", 0x20000, 0x3FFFF),
)  # fmt: skip
SPACED_OUT = frozenset({"latin", "greek", "cyrillic", "cjk", "common"})
"""Scripts whose letters may be set apart; those of the others join."""
EMOJI_BY_DEFAULT = frozenset("⌚⌛⏩⏪⏫⏬⏰⏳⚡⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕")


def clean(text: str, most: int = LONGEST) -> str:
    """One line that can be drawn: no controls, no direction marks, single spaces, few marks a letter, at most so many characters."""
    shortened = text[: 4 * most]
    composed = unicodedata.normalize("NFC", shortened.encode("utf-8", "ignore").decode())
    kept: list[str] = []
    marks = 0
    for char in composed:
        category = unicodedata.category(char)
        blank = char in "\n\r\t\v\f\x85\u2028\u2029"
        if category in DROPPED and not blank and char not in (ZWNJ, ZWJ) and not _is_tag(char):
            continue
        marks = marks + 1 if category in ("Mn", "Me") and char not in JOINERS else 0
        if marks <= MOST_MARKS:
            kept.append(" " if blank else char)
    line = " ".join("".join(kept).split()).strip(ZWJ + ZWNJ)
    return line if len(line) <= most else "".join(clusters(line[:most])[:-1]).rstrip() + ELLIPSIS


def clusters(text: str) -> list[str]:
    """The signs as a reader counts them: a letter with its marks, an emoji with all that is joined to it, a flag's two letters."""
    out: list[str] = []
    for char in text:
        if out and _joins(out[-1], char):
            out[-1] += char
        else:
            out.append(char)
    return out


def _joins(before: str, char: str) -> bool:
    if char in JOINERS or unicodedata.category(char).startswith("M") or 0x1F3FB <= ord(char) <= 0x1F3FF or _is_tag(char):
        return before != " "
    if before.endswith(ZWJ):
        return is_emoji(before) or script_of(char) not in ("arabic", "latin")
    if before.endswith(VIRAMA):
        return script_of(char) == "devanagari"
    return _is_flag_half(char) and _is_flag_half(before)


def _is_flag_half(text: str) -> bool:
    return len(text) == 1 and 0x1F1E6 <= ord(text) <= 0x1F1FF


def _is_tag(char: str) -> bool:
    return 0xE0020 <= ord(char) <= 0xE007F


def is_emoji(cluster: str) -> bool:
    """Whether a sign is shown as a coloured picture."""
    first = cluster[0]
    if TEXT_STYLE in cluster:
        return False
    return EMOJI_STYLE in cluster or KEYCAP in cluster or 0x1F000 <= ord(first) <= 0x1FAFF or first in EMOJI_BY_DEFAULT


def script_of(text: str) -> str:
    """The script of a sign; 'common' for digits and punctuation, 'other' for what has no entry."""
    char = text[0]
    if is_emoji(text):
        return "emoji"
    number = ord(char)
    if not char.isalpha() and not unicodedata.category(char).startswith("M") and not 0x3000 <= number <= 0x30FF and number < 0xFE00:
        return "common"
    return next((name for name, first, last in SCRIPTS if first <= number <= last), "other")


def is_rtl(text: str) -> bool:
    """Whether a line reads from the right: its first letter with a direction decides."""
    return _direction(text) == "R"


def _direction(text: str) -> str:
    """'L', 'R', 'N' with digits only, '' with neither."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    strong = next((kind for kind in kinds if kind in ("L", "R", "AL")), "")
    if strong:
        return "L" if strong == "L" else "R"
    return "N" if any(kind in ("EN", "AN") for kind in kinds) else ""


def visual_order(words: Sequence[str], rtl: bool) -> list[int]:
    """Indices of the words from left to right, by the bidirectional algorithm's rules for whole words.

    Args:
        words: in the order they are read.
        rtl: the line's own direction.

    Source: Unicode Standard Annex 9, rules N1, N2 and L2 with words as characters.
    """
    base = "R" if rtl else "L"
    kinds = [_direction(word) for word in words]
    last = base
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            last = kind
        elif kind == "N":
            kinds[at] = last
    for at, kind in enumerate(kinds):
        if not kind:
            before = kinds[at - 1] if at else base
            after = next((later for later in kinds[at + 1 :] if later), base)
            kinds[at] = before if before == after else base
    runs = [(kind, [at for at, _ in run]) for kind, run in groupby(enumerate(kinds), lambda pair: pair[1])]
    ordered = [at[::-1] if kind == "R" else at for kind, at in runs]
    return [at for run in (ordered[::-1] if rtl else ordered) for at in run]


def capitals(text: str) -> str:
    """The text in capitals; Greek ones carry no accent."""
    upper = text.upper()
    if not any(script_of(char) == "greek" for char in text if char.isalpha()):
        return upper
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", upper).replace("\u0301", ""))


@dataclass(frozen=True)
class Unit:
    """What comes in at once: a word, or a sign of a script that is written without spaces."""

    text: str
    start: float
    end: float
    glued: bool = False
    """Whether no space stands before it."""


def parted(unit: Unit) -> list[Unit]:
    """A word of a script without spaces as one unit a sign, its time shared out; any other word as it is."""
    signs = clusters(unit.text)
    if not any(script_of(sign) == "cjk" for sign in signs):
        return [unit]
    pieces: list[str] = []
    for sign in signs:
        category = unicodedata.category(sign[0])
        loose = script_of(sign) == "cjk" and category not in ("Pe", "Pf", "Po", "Lm")
        opened = bool(pieces) and unicodedata.category(pieces[-1][-1]) in ("Ps", "Pi")
        joined = bool(pieces) and not loose and (category.startswith("P") or category == "Lm" or script_of(pieces[-1][-1]) != "cjk")
        if pieces and (opened or joined):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return shared(unit, pieces)


def shared(unit: Unit, pieces: Sequence[str]) -> list[Unit]:
    """Pieces of a word as units that follow each other without a space, the word's time shared out by length."""
    total = sum(map(len, pieces))
    step = (unit.end - unit.start) / max(total, 1)
    out, at = [], unit.start
    for number, piece in enumerate(pieces):
        out.append(Unit(piece, at, at + step * len(piece), unit.glued if number == 0 else True))
        at += step * len(piece)
    return out
