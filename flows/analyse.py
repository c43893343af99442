"""What is heard in a song, as a run of its own: the first stages of a film, cached with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, runtime
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from blocks.settings import current
from flows import page
from flows.songs import Source, source_of, title_of
from schemas import Analysis, FilmRequest, GridEdit, Song
from schemas.base import Fps, Seconds
from songreel.execution.workers import Workers
from tasks import listen
from tasks.results import working_here
from tasks.studio import Studio

THREADS = 2
CELLS = 24  # squares that show how lively a section is


def _name() -> str:
    return f"{title_of(str((runtime.flow_run.parameters or {}).get('song') or 'song'))} · analysis"


@flow(name="analyse", flow_run_name=_name, persist_result=True, result_serializer="json")
def analyse(
    song: str,
    fps: Annotated[Fps, Field(description="Frames a second of the film that the curves are for.")] = Fraction(30),
    grid: GridEdit = GridEdit(),  # noqa: B008 - frozen
    start: Annotated[Seconds, Field(description="Where in the song to begin, in seconds.")] = 0.0,
    duration: Annotated[Seconds | None, Field(gt=0, description="How much of it, in seconds; empty: to its end.")] = None,
) -> Analysis:
    """Find tempo, beats, metre, key, sections and mood of a song.

    Args:
        song: a path under a folder that is open to callers, an https or s3 address, or media:<sha256><suffix>#<title>.
        fps: frames a second of the film that the curves are for.
        grid: your own word on the beats.
        start: where in the song to begin, in seconds.
        duration: how much of it, in seconds; empty: to its end.

    Raises:
        UserError: there is no such song, or it may not be had.
        MediaError: it is no song.
    """
    with studio() as here:
        wished = FilmRequest(fps=fps, grid=grid, start=start, duration=duration)
        heard, analysis = listened(source_of(song, None, here.store), wished, here)
    page.put("analysis", told(heard, analysis), f"{analysis.tempo:.1f} bpm, {analysis.key} {analysis.mode}")
    return analysis


@contextmanager
def studio() -> Iterator[Studio]:
    """Store and workers of the settings, with results in the store."""
    settings = current()
    store = settings.open_store()
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=THREADS)
    with runner, working_here(store, runner), Workers(settings.cores) as workers:
        yield Studio(store, workers, settings.access)


def listened(source: Source, request: FilmRequest, here: Studio) -> tuple[Song, Analysis]:
    """The song and what is heard in it, by the stages of a film."""
    path = source.path or Path()
    song = listen.ingest.submit(path, source.content, source.name, request.start, request.duration, here).result()
    return song, listen.analyse.submit(song, request.fps, request.grid, here).result()


def told(song: Song, analysis: Analysis) -> str:
    """The analysis as Markdown."""
    others = ", ".join(f"{one.bpm:.1f} ({one.confidence:.0%})" for one in analysis.tempo_candidates[1:])
    rows = [
        f"| {one.label} | {_clock(one.start)} | {_clock(one.end)} | {'▮' * round(one.energy * CELLS)} {one.energy:.2f} |" for one in analysis.sections
    ]
    notes = [f"* {note.stage}: {note.took}, because {note.because}" for note in (*song.notes, *analysis.notes)]
    return "\n".join([
        f"# {song.name}",
        f"**{analysis.tempo:.2f} bpm**{f' (or {others})' if others else ''}, {analysis.metre} beats a bar, **{analysis.key} {analysis.mode}**; "
        f"{len(analysis.beats)} beats, {len(analysis.downbeats)} bars.",
        "",
        f"Energy {analysis.energy:.2f}, valence {analysis.valence:.2f}, arousal {analysis.arousal:.2f}.",
        "", "| section | from | to | energy |", "|---|---|---|---|", *rows, "", *notes,
    ])  # fmt: skip


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"
