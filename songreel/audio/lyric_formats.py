"""Reads lyrics text of any usual format: LRC (plain and enhanced), SubRip, WebVTT and plain text, told apart by content.

Times are in seconds as written, not yet checked against a song; None where the format gives none.
What was repaired on the way is told in sentences, for the caller's notes.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from songreel.errors import UserError

LONGEST_TEXT = 400_000  # characters; an hour of word-timed LRC has about 150,000
LONGEST_LINE = 120  # characters of one line; longer ones are broken between words
MOST_RUBBISH = 0.02  # share of control and unreadable characters above which text is not text

Format = Literal["lrc", "srt", "vtt", "text"]

_CLOCK = r"-?\d{1,3}:\d{1,2}(?:[.:,]\d{1,3})?"
_LEADING_STAMPS = re.compile(rf"^\s*(?:\[{_CLOCK}\]\s*)+")
_STAMP = re.compile(rf"\[({_CLOCK})\]")
_WORD_STAMP = re.compile(rf"[<\[]({_CLOCK})[>\]]")
_TAG = re.compile(r"^\s*\[([A-Za-z#_][\w#]*)\s*:([^\]]*)\]\s*$")
_HEADING = re.compile(r"^\s*[\[({][^\])}]*[\])}]\s*$")
_UNREAD_STAMP = re.compile(r"^\s*(?:\[[^\]\d]{0,8}\d[^\]]{0,16}\]\s*)+")
_SINGER = re.compile(r"^\s*[FMD]:\s+")
_CUE_CLOCK = r"-?(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^\s*({_CUE_CLOCK})\s*-->\s*({_CUE_CLOCK})(?:\s.*)?$")
_CUE_WORD_STAMP = re.compile(rf"<({_CUE_CLOCK})>")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\{\\[^}]*\}")
_ARROW = re.compile(r"-->")
_DROPPED_FORMAT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd")
"""Marks that turn the reading order of whatever follows, byte order marks, and the sign for bytes that could not be read."""


@dataclass(frozen=True)
class TimedWord:
    """A word and when it starts, in seconds, or None."""

    text: str
    start: float | None = None
    confidence: float = 1.0
    """In its start, where it has one."""


@dataclass(frozen=True)
class TextLine:
    """A line as written. ``stanza`` counts the blank lines before it; an empty text is a rest."""

    text: str
    start: float | None = None
    end: float | None = None
    words: tuple[TimedWord, ...] = ()
    stanza: int = 0


@dataclass(frozen=True)
class Sheet:
    """Lyrics as written, in the order of the text."""

    format: Format
    lines: tuple[TextLine, ...]
    language: str = ""
    repairs: tuple[str, ...] = ()


def text_of(data: bytes) -> str:
    """The text of a lyrics file: UTF-8, UTF-16 with its mark, or Windows' Western letters.

    Raises:
        UserError: the bytes are no text.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return clean(text)[0]


def clean(text: str) -> tuple[str, int]:
    """The text without control characters and with ``\\n`` line ends, and how many characters were taken out.

    Raises:
        UserError: it is too long, or no text at all.
    """
    if len(text) > LONGEST_TEXT:
        raise UserError(f"the lyrics have {len(text):,} characters; at most {LONGEST_TEXT:,} are read: give the lyrics only")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    kept = "".join(c for c in text if c in "\n\t" or _readable(c))
    rubbish = len(text) - len(kept)
    if rubbish > MOST_RUBBISH * len(text) + 8:
        raise UserError(
            f"the lyrics are not text: {rubbish:,} of {len(text):,} characters are control codes or unreadable; give .lrc, .srt, .vtt or .txt"
        )
    return unicodedata.normalize("NFC", kept), rubbish


def format_of(text: str) -> Format:
    """Which format the text is in, by its content."""
    lines = text.split("\n")
    if text.lstrip().startswith("WEBVTT"):
        return "vtt"
    if any(_CUE.match(line) for line in lines):
        return "srt"
    if any(_LEADING_STAMPS.match(line) for line in lines):
        return "lrc"
    return "text"


def read(text: str) -> Sheet:
    """Lyrics text of any format as lines.

    Raises:
        UserError: too long, or not text.
    """
    text, rubbish = clean(text)
    format_ = format_of(text)
    sheet = _READERS[format_](text)
    lines, broken = _short_lines(sheet.lines)
    repairs = list(sheet.repairs)
    if rubbish:
        repairs.append(f"{rubbish} control or unreadable characters were in the text")
    if broken:
        repairs.append(f"{broken} lines were longer than {LONGEST_LINE} characters")
    return replace(sheet, lines=lines, repairs=tuple(repairs))


def seconds_of(clock: str) -> float:
    """``mm:ss.xx`` or ``hh:mm:ss,mmm`` in seconds; a third colon group of LRC counts hundredths."""
    sign = -1.0 if clock.startswith("-") else 1.0
    parts = clock.lstrip("-").replace(",", ".").split(":")
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return sign * total


def _lrc_seconds(clock: str) -> float:
    minutes, rest = clock.replace(",", ".").split(":", 1)
    seconds, _, fraction = rest.replace(":", ".").partition(".")
    value = abs(int(minutes)) * 60 + int(seconds) + (float(f"0.{fraction}") if fraction else 0.0)
    return -value if clock.startswith("-") else value


def _read_lrc(text: str) -> Sheet:
    lines: list[TextLine] = []
    tags: dict[str, str] = {}
    untimed = 0
    for raw in text.split("\n"):
        if match := _LEADING_STAMPS.match(raw):
            stamps = [_lrc_seconds(s) for s in _STAMP.findall(match[0])]
            lines.extend(_lrc_lines(stamps, raw[match.end() :]))
        elif tag := _TAG.match(raw):
            tags[tag[1].lower()] = tag[2].strip()
        elif raw.strip() and not raw.lstrip().startswith("#"):
            untimed += 1
    offset, repairs = _lrc_offset(tags.get("offset", ""))
    if untimed:
        repairs.append(f"{untimed} lines had no time that can be read")
    shifted = (_shifted(line, -offset) for line in lines)
    return Sheet("lrc", tuple(shifted), _language_tag(tags.get("la", tags.get("language", ""))), tuple(repairs))


def _lrc_offset(value: str) -> tuple[float, list[str]]:
    """The ``[offset:]`` tag in seconds (positive: the words come sooner), and what is wrong with it."""
    try:
        return (float(value) / 1000 if value else 0.0), []
    except ValueError:
        return 0.0, [f"the offset {value[:20]!r} is no number of milliseconds"]


def _lrc_lines(stamps: list[float], rest: str) -> list[TextLine]:
    """One line per stamp; word times are written for the first and moved along for its repeats."""
    pieces = _WORD_STAMP.split(_SINGER.sub("", rest))
    text = " ".join("".join(pieces[::2]).split())
    if len(pieces) == 1:
        return [TextLine(text, stamp) for stamp in stamps]
    line = _with_word_times(pieces, _lrc_seconds, stamps[0])
    return [_shifted(replace(line, text=text), stamp - stamps[0]) for stamp in stamps]


def _with_word_times(pieces: list[str], seconds: Callable[[str], float], start: float, end: float | None = None) -> TextLine:
    """A line from text split at its stamps: [text, stamp, text, stamp, ...]; a stamp with nothing behind it ends the line."""
    words: list[TimedWord] = [TimedWord(word) for word in pieces[0].split()]
    if words:
        words[0] = replace(words[0], start=start)
    for clock, text in zip(pieces[1::2], pieces[2::2], strict=True):
        parts = text.split()
        words.extend(TimedWord(part, seconds(clock) if number == 0 else None) for number, part in enumerate(parts))
    if not pieces[-1].strip():
        end = seconds(pieces[-2])
    return TextLine("", start, end, tuple(words))


def _shifted(line: TextLine, by: float) -> TextLine:
    """The line moved in time, in seconds."""
    if by == 0.0:
        return line
    words = tuple(replace(w, start=None if w.start is None else w.start + by) for w in line.words)
    return replace(line, start=None if line.start is None else line.start + by, end=None if line.end is None else line.end + by, words=words)


def _read_cues(text: str, format_: Format) -> Sheet:
    rows = text.split("\n")
    lines: list[TextLine] = []
    for number, row in enumerate(rows):
        if match := _CUE.match(row):
            lines.append(_cue(seconds_of(match[1]), seconds_of(match[2]), _payload(rows, number + 1)))
    broken = sum(1 for row in rows if _ARROW.search(row) and not _CUE.match(row))
    repairs = (f"{broken} cues had times that cannot be read",) if broken else ()
    header = re.search(r"^Language:\s*(\S+)", "\n".join(rows[:12]), re.MULTILINE)
    return Sheet(format_, tuple(line for line in lines if line.text), _language_tag(header[1] if header else ""), repairs)


def _payload(rows: list[str], first: int) -> str:
    """The text of a cue: its rows up to the next blank one or the next cue."""
    kept: list[str] = []
    for row in rows[first:]:
        if not row.strip():
            break
        if _ARROW.search(row):
            kept = kept[:-1] if kept and kept[-1].strip().isdigit() else kept
            break
        kept.append(row)
    return " ".join(kept)


def _cue(start: float, end: float, payload: str) -> TextLine:
    plain = html.unescape(_MARKUP.sub("", payload)).strip(" ♪♫#\t")
    pieces = [html.unescape(piece) if number % 2 == 0 else piece for number, piece in enumerate(_CUE_WORD_STAMP.split(_MARKUP.sub("", payload)))]
    if len(pieces) == 1:
        return TextLine(" ".join(plain.split()), start, end)
    text = " ".join("".join(pieces[::2]).split()).strip(" ♪♫")
    return replace(_with_word_times(pieces, seconds_of, start, end), text=text)


def _read_text(text: str) -> Sheet:
    """Plain text: headings such as ``[Chorus]`` and tags are no lyrics; blank lines part the stanzas."""
    lines: list[TextLine] = []
    tags: dict[str, str] = {}
    gaps = unread = 0
    for raw in text.split("\n"):
        if tag := _TAG.match(raw):
            tags[tag[1].lower()] = tag[2].strip()
        plain = _UNREAD_STAMP.sub("", raw)
        line = " ".join(plain.split())
        if not line or _HEADING.match(line):
            gaps += 1
            continue
        unread += plain != raw
        lines.append(TextLine(line, stanza=gaps if lines else 0))
        gaps = 0
    repairs = (f"{unread} lines began with a time that cannot be read",) if unread else ()
    return Sheet("text", tuple(lines), _language_tag(tags.get("la", "")), repairs)


_READERS = {"lrc": _read_lrc, "srt": lambda t: _read_cues(t, "srt"), "vtt": lambda t: _read_cues(t, "vtt"), "text": _read_text}


def _short_lines(lines: tuple[TextLine, ...]) -> tuple[tuple[TextLine, ...], int]:
    """Lines of at most `LONGEST_LINE` characters, and how many had to be broken; only plain text can be broken, timed lines are cut."""
    out: list[TextLine] = []
    broken = 0
    for line in lines:
        if len(line.text) <= LONGEST_LINE:
            out.append(line)
            continue
        broken += 1
        parts = _wrapped(line.text)
        if line.start is None:
            out.extend(replace(line, text=part, stanza=line.stanza if number == 0 else 0) for number, part in enumerate(parts))
        else:
            out.extend(_parted(line, parts))
    return tuple(out), broken


def _parted(line: TextLine, parts: list[str]) -> list[TextLine]:
    """A timed line in parts: the later ones get their times from their words, or share the line's time by length."""
    if line.words or line.end is None:
        return [replace(line, text=parts[0], words=line.words[: len(parts[0].split())])]
    assert line.start is not None
    total = sum(map(len, parts))
    edges = [line.start + (line.end - line.start) * sum(map(len, parts[:n])) / total for n in range(len(parts) + 1)]
    return [replace(line, text=part, start=a, end=b) for part, a, b in zip(parts, edges, edges[1:], strict=False)]


def _wrapped(text: str) -> list[str]:
    """Text in parts of at most `LONGEST_LINE` characters, broken between words where there are any."""
    parts: list[str] = []
    while len(text) > LONGEST_LINE:
        at = text.rfind(" ", 0, LONGEST_LINE + 1)
        at = at if at > 0 else LONGEST_LINE
        parts.append(text[:at].strip())
        text = text[at:].strip()
    return [*parts, text] if text else parts


def _readable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs", "Cn", "Co"} and char not in _DROPPED_FORMAT


def _language_tag(value: str) -> str:
    value = value.strip()
    return value if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else ""
