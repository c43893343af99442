"""Listening to the song: ingest, separate, analyse, transcribe."""

from fractions import Fraction
from pathlib import Path

from schemas import Analysis, GridEdit, Lyrics, Note, Song, Stems
from songreel.errors import SongreelError
from songreel.execution.workers import Limits
from tasks.policy import stage
from tasks.studio import Studio, Work

MODEL = Limits(600.0)
"""Of a model on the GPU, which tells nothing while its weights come from disk."""


@stage("ingest")
def ingest(path: Path, content: str, name: str, start: float, duration: float | None, studio: Studio) -> Song:
    """The song, probed and decoded. Its file counts by ``content`` (its hash) and ``name``, never by its path."""
    song: Song = studio.run(Work("ingest", "songreel.audio.ingest:take"), path, studio.store, start=start, duration=duration)
    return song


@stage("separate")
def separate(song: Song, method: str, studio: Studio) -> Stems:
    """Four stems that sum to the mix, by 'demucs' or 'dsp'; what a model cannot separate is separated without one."""
    stems: Stems
    if method == "demucs":
        try:
            work = Work("separate", "songreel.audio.demucs:separate", reports=True, limits=MODEL, model="htdemucs")
            stems = studio.run(work, song, studio.store, studio.access)
        except SongreelError as error:
            stems = studio.run(Work("separate", "songreel.audio.stems:separate"), song, studio.store)
            return stems.model_copy(update={"notes": (Note(stage="separate", took="signal-processing stems", because=str(error)),)})
        return stems
    stems = studio.run(Work("separate", "songreel.audio.stems:separate"), song, studio.store)
    return stems


@stage("analyse")
def analyse(song: Song, fps: Fraction, grid: GridEdit, studio: Studio) -> Analysis:
    """When the music happens and how it feels."""
    analysis: Analysis = studio.run(Work("analyse", "songreel.audio.analyse:analyse"), song, studio.store, fps=fps, grid=grid)
    return analysis


@stage("transcribe")
def transcribe(song: Song, given: str, start: float, analysis: Analysis, studio: Studio) -> Lyrics:
    """The words and when they are sung."""
    named = {"given": given, "analysis": analysis, "start": start}
    lyrics: Lyrics = studio.run(Work("transcribe", "songreel.audio.lyrics:transcribe"), song, studio.store, **named)
    return lyrics
