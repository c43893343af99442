"""What is sung, by a Whisper model whose weights are on this machine, run by CTranslate2 (faster-whisper).

Only the passages in which the voice sounds are heard, each for itself: what was written before is not shown to the model again, for that
is how it gets stuck. The sound is mono at 16 kHz.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import BackendProfile
from songreel.access import Access
from songreel.audio.voice import Voice
from songreel.audio.words_gate import SungLine, SungWord
from songreel.models import loading
from songreel.models.listing import files_of
from songreel.models.weights import located

Floats = NDArray[np.float32]
RATE = 16_000  # Hz
PAUSE = 3.0  # seconds without voice that part two passages
AROUND = 0.3  # seconds that are heard before and behind a passage
BEAM = 5
LANGUAGE_WINDOWS = 3  # of 30 s of singing by which the language is told
LINE_GAP = 1.0  # seconds between two words that part two lines
WORDS_A_LINE = 9
ENDS = tuple(".!?,;:…。、！？")
UNSPACED = ("ja", "zh", "th", "lo", "my", "km", "yue")


@dataclass(frozen=True)
class Transcript:
    """What was heard."""

    lines: tuple[SungLine, ...]
    language: str
    probability: float
    """Of the language."""


def transcribe(samples: Floats, voice: Voice, profile: BackendProfile, access: Access, progress: Callable[[float], None]) -> Transcript:
    """The words that are sung, with Whisper's own times and probabilities.

    Args:
        samples: the vocals, mono at 16 kHz, shape (n,).
        voice: where they sound.
        profile: the catalogue's entry of the model.
        access: where weights are.
        progress: told the share done.
    """
    spans = [(max(a - AROUND, 0.0), min(b + AROUND, len(samples) / RATE)) for a, b in voice.spans(PAUSE)]
    if not spans:
        return Transcript((), "", 0.0)
    import ctranslate2

    ctranslate2.set_random_seed(0)  # a passage that fails is tried again with chance
    model = loading.kept(("words", profile.model), lambda: _load(located(profile.model, access, files_of(profile))))
    language, probability = _language(model, samples, spans)
    lines: list[SungLine] = []
    sung, done = sum(end - start for start, end in spans), 0.0
    for start, end in spans:
        part = samples[int(start * RATE) : int(end * RATE)]
        lines += _passage(model, part, start, language, lambda seconds, before=done: progress(min((before + seconds) / sung, 1.0)))  # type: ignore[misc]
        done += end - start
    progress(1.0)
    return Transcript(tuple(lines), language, probability)


def lines_of(words: Sequence[SungWord], glue: str = " ") -> list[SungLine]:
    """Words as lines: parted by pauses, and at punctuation where they get long."""
    out: list[SungLine] = []
    line: list[SungWord] = []
    for word in words:
        if line and (word.start - line[-1].end > LINE_GAP or _is_full(line)):
            out.append(SungLine(tuple(line), glue))
            line = []
        line.append(word)
    return [*out, SungLine(tuple(line), glue)] if line else out


def _is_full(line: Sequence[SungWord]) -> bool:
    half = len(line) >= WORDS_A_LINE // 2
    return len(line) >= 2 * WORDS_A_LINE or (half and line[-1].text.endswith(ENDS))


def _passage(model: Any, samples: Floats, offset: float, language: str, told: Callable[[float], None]) -> list[SungLine]:
    """The lines of one passage; ``told`` hears how many of its seconds are done, for on a processor a long one takes minutes."""
    segments, _ = model.transcribe(
        samples, language=language, beam_size=BEAM, condition_on_previous_text=False, word_timestamps=True, vad_filter=False
    )
    glue = "" if language in UNSPACED else " "
    lines: list[SungLine] = []
    for segment in segments:
        lines += lines_of([_word(word, offset) for word in segment.words or () if word.word.strip()], glue)
        told(min(float(segment.end), len(samples) / RATE))
    return lines


def _word(word: Any, offset: float) -> SungWord:
    start = offset + float(word.start)
    return SungWord(word.word.strip(), start, max(offset + float(word.end), start), min(max(float(word.probability), 0.0), 1.0))


def _language(model: Any, samples: Floats, spans: Sequence[tuple[float, float]]) -> tuple[str, float]:
    """The language of what is sung: a song's first half minute may have no voice in it."""
    if not model.model.is_multilingual:
        return "en", 1.0
    sung = np.concatenate([samples[int(start * RATE) : int(end * RATE)] for start, end in spans])
    language, probability, _ = model.detect_language(sung, language_detection_segments=LANGUAGE_WINDOWS)
    return str(language), float(probability)


def _load(folder: Path) -> Any:
    from faster_whisper import WhisperModel

    device = loading.place().device
    return WhisperModel(str(folder), device=device, compute_type="float16" if device == "cuda" else "auto", local_files_only=True)
