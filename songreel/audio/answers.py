"""What goes to a service that hears words, and what comes back: the same gate judges it as words that were heard here."""

import json
import math
from dataclasses import replace
from typing import Any

from schemas import Analysis, Lyrics, MediaRef, Song, Stems
from songreel.audio.listening import LEAST_SUNG, RATE, instrumental, lyrics_heard, vocals_of
from songreel.audio.voice import heard
from songreel.audio.whisper import UNSPACED, lines_of
from songreel.audio.words_gate import SungLine, SungWord
from songreel.errors import MediaError
from songreel.storage.store import Store

BITS = "PCM_16"


def sound_of(song: Song, stems: Stems, analysis: Analysis, store: Store) -> MediaRef | Lyrics:
    """The vocals as they are sent: mono, 16 kHz, FLAC, a tenth of the stem's size; what is told of it when nobody sings."""
    import soundfile

    vocals = vocals_of(song, stems, analysis, store)
    if vocals.voice.seconds < LEAST_SUNG:
        return instrumental(vocals.voice)
    with store.workspace() as folder:
        soundfile.write(folder / "vocals.flac", vocals.samples.clip(-1, 1), RATE, BITS)
        return store.put_file(folder / "vocals.flac")


def judged(answer: MediaRef, dollars: float, name: str, sound: MediaRef, song: Song, analysis: Analysis, store: Store) -> Lyrics:
    """What the gate leaves of a service's answer."""
    from songreel.media.sound import decode

    voice = heard(decode(store.get(sound), rate=RATE, mono=True).samples, RATE, analysis.loudness)
    lines, language = parsed(json.loads(store.read(answer)))
    return lyrics_heard(lines, language, 1.0, voice, song, analysis, name).model_copy(update={"dollars": dollars})


def parsed(answer: Any) -> tuple[list[SungLine], str]:
    """Lines and language of an answer in WhisperX's form; words without a time lie between their neighbours.

    Raises:
        MediaError: it has another form.
    """
    try:
        language = str(answer.get("detected_language") or answer.get("language") or "")
        glue = "" if language in UNSPACED else " "
        return [line for segment in answer["segments"] for line in lines_of(_words(segment), glue)], language
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MediaError(f"the service's answer holds no segments with words ({type(error).__name__}: {error})") from error


def _words(segment: dict[str, Any]) -> list[SungWord]:
    at = float(segment["start"])
    given = segment.get("words") or [{"word": word} for word in str(segment["text"]).split()]
    words: list[SungWord] = []
    for one in given:
        if not (text := str(one["word"]).strip()):
            continue
        start, end, score = (_number(one.get(name)) for name in ("start", "end", "score"))
        timed = start is not None and end is not None
        begins = max(start, at) if start is not None and timed else at
        at = max(end, begins) if end is not None and timed else begins
        words.append(SungWord(text, begins, at, None if score is None else min(max(score, 0.0), 1.0), timed))
    if words and not words[-1].timed:
        words[-1] = replace(words[-1], end=max(at, float(segment["end"])))
    return words


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None
