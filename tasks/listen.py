"""Listening to the song: ingest, separate, analyse, transcribe."""

from fractions import Fraction
from pathlib import Path

from schemas import Analysis, GridEdit, Hearing, Lyrics, Song, Stems
from tasks.hearing import stems, words
from tasks.policy import stage
from tasks.studio import Studio, Work


@stage("ingest")
def ingest(path: Path, content: str, name: str, start: float, duration: float | None, studio: Studio) -> Song:
    """The song, probed and decoded. Its file counts by ``content`` (its hash) and ``name``, never by its path."""
    song: Song = studio.run(Work("ingest", "songreel.audio.ingest:take"), path, studio.store, start=start, duration=duration)
    return song


@stage("separate")
def separate(song: Song, method: str, studio: Studio) -> Stems:
    """Four stems that sum to the mix, by 'demucs' or 'dsp'."""
    return stems(song, method, studio)


@stage("analyse")
def analyse(song: Song, fps: Fraction, grid: GridEdit, studio: Studio) -> Analysis:
    """When the music happens and how it feels."""
    analysis: Analysis = studio.run(Work("analyse", "songreel.audio.analyse:analyse"), song, studio.store, fps=fps, grid=grid)
    return analysis


@stage("transcribe")
def transcribe(song: Song, given: str, start: float, analysis: Analysis, sound: Stems | None, hearing: Hearing, studio: Studio) -> Lyrics:
    """The words and when they are sung, the way that `hearing` names; ways that hear the song need the ``sound`` of its stems."""
    return words(song, given, start, analysis, sound, hearing, studio)
