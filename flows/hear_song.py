"""A song heard on a worker of a pool: the same cached stages as in the film's own run, in the same store.

The worker takes its settings from its own environment; ``SONGREEL_STORE`` must name the store of the film's machine.
"""

from collections.abc import Mapping
from typing import Any

from prefect import flow, runtime
from prefect.task_runners import ThreadPoolTaskRunner

from blocks.settings import current
from flows.clock import Clock
from flows.ears import FLOW, KEYED
from flows.line import Line
from flows.songs import Source
from flows.survey import RECORDS
from schemas import FilmRequest, Song
from schemas.fleet import Ears
from songreel.errors import UserError
from songreel.execution.machine import look
from songreel.execution.workers import Workers
from songreel.storage.records import Records
from tasks.results import working_here
from tasks.studio import Studio

SPARE_THREADS = 1


def _name() -> str:
    """``hear Night Drive``; a run whose parameters cannot be read has a name too."""
    song = (runtime.flow_run.parameters or {}).get("song")
    named = song.get if isinstance(song, Mapping) else lambda field: getattr(song, field, "")
    return f"hear {named('title') or named('name') or 'a song'}"


@flow(name=FLOW, flow_run_name=_name, persist_result=True, result_serializer="json")
def hear_song(song: Song, request: FilmRequest = FilmRequest(), record: str = "", versions: dict[str, str] = KEYED) -> Ears:  # noqa: B008
    """Separate and transcribe a song for a film that waits for it, with this machine's models.

    Args:
        song: whose sound lies in the store.
        request: the film's, of which its frame rate, beats, lyrics and commercial use count. Nothing is bought.
        record: name of the record in the store by which the film learns which ways were taken; empty: nobody waits.
        versions: of the stages on the film's machine.

    Raises:
        UserError: this worker's store is not the film's, or its version is another.
    """
    settings = current()
    store = settings.open_store()
    if not store.has(song.master):
        raise UserError(f"the store {store.url} of this worker does not hold the song: set SONGREEL_STORE as on the film's machine")
    if versions != KEYED:
        raise UserError("a worker of it has another version of Songreel")
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=settings.cores + SPARE_THREADS)
    with runner, working_here(store, runner), Workers(settings.cores) as workers:
        line = Line(Studio(store, workers, settings.access), look(settings.cores, settings.home), Clock(), shown=False)
        ears = line.listen(Source("", song.name, song=song), request.model_copy(update={"budget": 0.0}), afar=False).ways
    if record:
        Records(store, RECORDS).replace(record, ears.model_dump_json().encode())
    return ears
