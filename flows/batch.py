"""Many songs, many films: one look, one budget, so many at once, and a bad song stops no other.

A deployment's batch starts each film as a run of `music-video/cpu`, on whichever worker is free; in a process of one's own the films are
made one after the other, or so many beside each other. A song is known by its content: `only_new` leaves those whose film was made.
"""

import contextvars
import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from prefect import flow, runtime
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from blocks.progress import Event, tell
from blocks.settings import Settings, current, using
from flows import films, page
from flows.ending import end_children
from flows.logbook import reported
from flows.purse import Purse
from flows.songlist import listed, wished
from flows.songs import source_of, title_of
from schemas import FilmRequest
from schemas.batch import AtOnce, BatchLook, BatchResult, BatchRow, BatchSong
from songreel.errors import SongreelError, UserError
from songreel.execution.identity import digest
from songreel.execution.workers import Workers
from songreel.planning.album import Heard, dressed, look_of
from songreel.storage import Records, Store
from tasks import listen
from tasks.results import working_here
from tasks.studio import Studio

MADE = "batches/songs"
"""Folder of records: songs whose film was made, by their content."""
LOOKS = "batches/looks"
"""Folder of records: the look of a batch that is run again for new songs."""

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Turn:
    """One song whose film shall be made."""

    number: int
    song: BatchSong
    request: FilmRequest
    content: str
    heard: Heard

    @property
    def duration(self) -> float:
        """Length of its film."""
        return self.heard.song.duration


def _name() -> str:
    """The run's name: what it is given, and how many places that are."""
    songs = [str(one) for one in (runtime.flow_run.parameters or {}).get("songs") or ["batch"]]
    first = Path(songs[0].rstrip("/")).name if not songs[0].startswith(("media:", "https:")) else title_of(songs[0])
    return f"batch · {first}" + (f" and {len(songs) - 1} more" if len(songs) > 1 else "")


@flow(
    name="batch", flow_run_name=_name, persist_result=True, result_serializer="json",
    on_cancellation=[end_children], on_crashed=[end_children], on_failure=[end_children],
)  # fmt: skip
def batch(
    songs: list[str], request: FilmRequest = FilmRequest(), out: str | None = None, at_once: AtOnce = 1, budget: float = 0.0,  # noqa: B008 - frozen
    one_look: bool = True, only_new: bool = False,
) -> BatchResult:  # fmt: skip
    """Make the music videos of many songs.

    Args:
        songs: folders, s3://bucket/prefix/, M3U, CSV or JSONL files, or songs; a list's columns that are fields of the request count for their song.
        request: what every film shall be.
        out: folder in which each film's folder is written; empty: in the store.
        at_once: films that are made beside each other.
        budget: the most that all films may cost together, in dollars, shared by their length; 0: each film has the request's own budget.
        one_look: one style, palette and family of worlds for all films, chosen from all songs; what the request decides stays.
        only_new: leave songs whose film was made by a batch before.

    Raises:
        UserError: there are no songs, or a place may not be read.
    """
    settings = current()
    store = settings.open_store()
    with reported(settings, last="the batch is done"):
        found = listed(songs, store)
        rows, turns = _heard(found, request, only_new, store, settings)
        look = _look(songs, request, turns, only_new, store) if one_look and turns else BatchLook()
        log.info("%d songs, %d films to make%s", len(found), len(turns), f"; {look.because}" if look.because else "")
        turns = [replace(turn, request=dressed(turn.request, look, turn.number)) for turn in turns]
        rows |= _filmed(turns, rows, Purse(budget, [turn.duration for turn in turns]), out, at_once, store, settings)
        result = BatchResult(rows=tuple(rows[at] for at in range(len(found))), look=look, dollars=sum(row.dollars for row in rows.values()))
        shown(result)
        return _concluded(result)


def _heard(
    found: Sequence[BatchSong], request: FilmRequest, only_new: bool, store: Store, settings: Settings
) -> tuple[dict[int, BatchRow], list[Turn]]:
    """What need not or cannot be made, as rows; and the others, listened to: what is heard here, their films know."""
    rows: dict[int, BatchRow] = {}
    turns: list[Turn] = []
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=settings.cores + 1)
    with runner, working_here(store, runner), Workers(settings.cores) as workers:
        studio = Studio(store, workers, settings.access)
        asked = enumerate(zip(found, wished(request, found), strict=True))
        with ThreadPoolExecutor(settings.cores, "ears") as ears:
            heard = [
                ears.submit(contextvars.copy_context().run, partial(_listened, number, song, wishes, only_new, studio))
                for number, (song, wishes) in asked
            ]
        for number, (song, one) in enumerate(zip(found, heard, strict=True)):
            try:
                told = one.result()
            except SongreelError as error:
                log.warning("%s: %s", song.song, error)
                told = BatchRow(song=song.song, title=song.title or title_of(song.song), state="failed", sentence=str(error))
            if isinstance(told, BatchRow):
                rows[number] = told
            else:
                turns.append(told)
    return rows, turns


def _listened(number: int, song: BatchSong, request: FilmRequest, only_new: bool, studio: Studio) -> Turn | BatchRow:
    """A song listened to, or its row when it was made before.

    Raises:
        SongreelError: it cannot be made.
    """
    if song.fault:
        raise UserError(song.fault)
    source = source_of(song.song, None, studio.store)
    if only_new and (known := Records(studio.store, MADE).read(source.content)) is not None:
        before = BatchRow.model_validate_json(known)
        return before.model_copy(update={"song": song.song, "state": "left", "dollars": 0.0, "seconds": 0.0, "sentence": "made before"})
    ingested = listen.ingest.submit(source.path or Path(), source.content, source.name, request.start, request.duration, studio).result()
    analysis = listen.analyse.submit(ingested, request.fps, request.grid, studio).result()
    return Turn(number, song, request, source.content, Heard(ingested, analysis))


def _look(songs: Sequence[str], request: FilmRequest, turns: Sequence[Turn], kept: bool, store: Store) -> BatchLook:
    """The look of all films; a batch that comes again for new songs keeps the look that it had."""
    records, key = Records(store, LOOKS), hashlib.sha256(digest({"songs": list(songs), "request": request}).encode()).hexdigest()
    if kept and (known := records.read(key)) is not None:
        return BatchLook.model_validate_json(known)
    look = look_of([turn.heard for turn in turns], request)
    records.replace(key, look.model_dump_json().encode())
    return look


def _filmed(
    turns: Sequence[Turn], before: dict[int, BatchRow], purse: Purse, out: str | None, at_once: int, store: Store, settings: Settings
) -> dict[int, BatchRow]:
    """A row for each film, as many made at once as asked for; the table on the page grows with them."""
    rows: dict[int, BatchRow] = {}
    whole = len(turns) + len(before)
    share = settings.model_copy(update={"workers": max(1, settings.cores // max(1, min(at_once, len(turns))))})

    def one(place: int, turn: Turn) -> BatchRow:
        cap = purse.take(place, turn.request.budget)
        row = _made(turn, turn.request.model_copy(update={"budget": cap}), out, store)
        purse.give_back(place, row.dollars)
        rows[turn.number] = row
        done = len(rows) + len(before)
        tell(Event("batch", "failed" if row.state == "failed" else "done", share=done / whole, dollars=row.dollars, text=_told(row, done, whole)))
        page.put("songs", _table({**before, **rows}.values()), f"{done} of {whole} songs", "table")
        return row

    with using(share), ThreadPoolExecutor(at_once, "films") as films_:
        futures = [films_.submit(contextvars.copy_context().run, one, place, turn) for place, turn in enumerate(turns)]
    return {turn.number: future.result() for turn, future in zip(turns, futures, strict=True)}


def _made(turn: Turn, request: FilmRequest, out: str | None, store: Store) -> BatchRow:
    begun = monotonic()
    row = BatchRow(song=turn.song.song, title=turn.song.title or turn.heard.song.title or turn.heard.song.name, state="made", duration=turn.duration)
    try:
        made = films.made(turn.song.song, request, out, store, key=f"{runtime.flow_run.id}-{turn.number}")
    except Exception as error:  # whatever befell one song, the others go on
        log.warning("%s: %s", row.title, error)
        return row.model_copy(update={"state": "failed", "sentence": _sentence(error), "seconds": round(monotonic() - begun, 1)})
    degraded = "; ".join(f"{note.stage}: {note.took}" for note in made.result.degraded)
    row = row.model_copy(
        update={
            "state": "known" if made.known else "made", "film": made.result.film.path,
            "run": made.result.run, "flow_run": made.flow_run, "dollars": made.result.dollars, "sentence": degraded,
            "seconds": round(monotonic() - begun, 1), "duration": made.result.film.duration,
        }
    )  # fmt: skip
    Records(store, MADE).replace(turn.content, row.model_dump_json().encode())
    return row


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:500] or type(error).__name__


def _told(row: BatchRow, done: int, whole: int) -> str:
    return f"{done} of {whole} songs: {row.title} {'failed: ' + row.sentence if row.state == 'failed' else 'is ready'}"


def _table(rows: "Sequence[BatchRow] | Any") -> list[dict[str, Any]]:
    return [
        {
            "song": row.title or row.song, "state": row.state, "film": row.film, "length": f"{row.duration:.0f} s", "took": f"{row.seconds:.0f} s",
            "$": round(row.dollars, 2), "why": row.sentence,
        }
        for row in rows
    ]  # fmt: skip


def shown(result: BatchResult) -> None:
    """Put the table and the look on the run's page."""
    page.put("songs", _table(result.rows), f"{_counts(result)}; ${result.dollars:.2f}", "table")
    look = result.look
    if not look.because:
        return
    shared = {"style": look.style, "palette": look.palette, "worlds": ", ".join(look.worlds)}
    page.put("look", f"{look.because}\n\n{page.table({name: value for name, value in shared.items() if value})}", "What the films have in common")


def _counts(result: BatchResult) -> str:
    states = {"made": "made", "known": "known", "left": "made before", "failed": "failed"}
    return ", ".join(f"{number} {words}" for state, words in states.items() if (number := result.count(state)))


def _concluded(result: BatchResult) -> BatchResult:
    """The flow's end: 'NoFilms' when all failed, 'Degraded' when some did, else completed."""
    failed = result.count("failed")
    if failed and failed == len(result.rows):
        first = next(row.sentence for row in result.rows)
        return Failed(name="NoFilms", message=f"none of {failed} songs could be made: {first}", data=result)  # type: ignore[return-value]
    if failed:
        return Completed(name="Degraded", message=_counts(result), data=result)  # type: ignore[return-value]  # Prefect hands its data to the caller
    return result
