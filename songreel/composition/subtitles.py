"""Lyrics as files that players read: SubRip, WebVTT and LRC. Times count from the film's start.

A line is text and nothing else: what a player would take for a tag, an override or a cue's time is parted by an invisible joiner, and
stays readable as it was written.
"""

import re

from schemas import Line, Lyrics

JOINER = "\u2060"  # WORD JOINER: no width, no break
_MARKUP = re.compile(r"<(?=[\w/!])|\{(?=[\\\w])|\[(?=\d|\w+:)")
_ARROW = re.compile(r"-(?=->)")


def srt(lyrics: Lyrics) -> str:
    """The lyrics as SubRip."""
    cues = (f"{number}\n{_clock(line.start, ',')} --> {_clock(line.end, ',')}\n{_plain(line.text)}\n" for number, line in enumerate(lyrics.lines, 1))
    return "\n".join(cues)


def vtt(lyrics: Lyrics) -> str:
    """The lyrics as WebVTT, with the words' times where they are known."""
    cues = (f"{_clock(line.start, '.')} --> {_clock(line.end, '.')}\n{_vtt_words(line)}\n" for line in lyrics.lines)
    return "\n".join(("WEBVTT\n", *cues))


def lrc(lyrics: Lyrics, title: str = "", artist: str = "") -> str:
    """The lyrics as LRC, with the words' times where they are known (enhanced LRC)."""
    head = [f"[{tag}:{_plain(value).replace(']', ')')}]" for tag, value in (("ti", title), ("ar", artist), ("la", lyrics.language)) if value]
    return "\n".join((*head, *(f"[{_lrc_time(line.start)}]{_lrc_words(line)}" for line in lyrics.lines), ""))


def _lrc_words(line: Line) -> str:
    if not line.words:
        return _plain(line.text)
    return " ".join(f"<{_lrc_time(word.start)}>{_plain(word.text)}" for word in line.words)


def _vtt_words(line: Line) -> str:
    """The line's words, each after its time; only times within the cue and in order are allowed."""
    if not line.words:
        return _escaped(line.text)
    out, last = [_escaped(line.words[0].text)], line.start
    for word in line.words[1:]:
        timed = round(last, 3) < round(word.start, 3) < round(line.end, 3)
        out.append(f"<{_clock(word.start, '.')}>{_escaped(word.text)}" if timed else _escaped(word.text))
        last = word.start if timed else last
    return " ".join(out)


def _escaped(text: str) -> str:
    """Text for WebVTT, which has references for its own signs."""
    return _one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Text for formats that have no way to escape."""
    return _ARROW.sub(f"-{JOINER}", _MARKUP.sub(lambda found: found.group() + JOINER, _one_line(text)))


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() or char in "\u200c\u200d\u200e\u200f" else " " for char in text).split())


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}{point}{whole % 1000:03d}"


def _lrc_time(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
