"""Lyrics as files that players read: SubRip and LRC. Times count from the film's start."""

from schemas import Line, Lyrics


def srt(lyrics: Lyrics) -> str:
    """The lyrics as SubRip."""
    cues = (f"{number}\n{_srt_time(line.start)} --> {_srt_time(line.end)}\n{line.text}\n" for number, line in enumerate(lyrics.lines, 1))
    return "\n".join(cues)


def lrc(lyrics: Lyrics, title: str = "", artist: str = "") -> str:
    """The lyrics as LRC, with the words' times where they are known (enhanced LRC)."""
    head = [f"[{tag}:{value}]" for tag, value in (("ti", title), ("ar", artist), ("la", lyrics.language)) if value]
    return "\n".join((*head, *(f"[{_lrc_time(line.start)}]{_lrc_words(line)}" for line in lyrics.lines), ""))


def _lrc_words(line: Line) -> str:
    if not line.words:
        return line.text
    return " ".join(f"<{_lrc_time(word.start)}>{word.text}" for word in line.words)


def _srt_time(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d},{whole % 1000:03d}"


def _lrc_time(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
