"""A song in, a finished film out: the story of a run.

``music_video`` runs from the Prefect UI, on a schedule, from a webhook, from Python and from the terminal. What it needs of its
surroundings (store, workers) it takes from the settings of the moment it runs.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.states import Cancelled, Completed
from prefect.task_runners import ThreadPoolTaskRunner

from blocks.settings import Settings, current
from flows import approval, page
from flows.approval import NotMade
from flows.clock import Clock
from flows.ending import end_children
from flows.line import Line
from flows.logbook import attempt, reported
from flows.recall import Wanted, broken_rules, delivered, remembered, wanted
from flows.result import timed
from flows.shooting import AT_SERVICES
from flows.songs import title_of
from schemas import FilmRequest, FilmResult, Plan
from songreel.errors import HardRuleBroken
from songreel.execution.machine import look
from songreel.execution.reel import remember
from songreel.execution.workers import Workers
from songreel.storage import Store
from tasks.results import working_here
from tasks.studio import Studio

log = logging.getLogger("songreel.flows")

SPARE_THREADS = 2  # for tasks that wait for no worker (plan, prompt), beside one thread a worker


class RuleBroken(HardRuleBroken):
    """A hard rule is broken; ``result`` names the film, which is kept."""

    def __init__(self, message: str, result: FilmResult) -> None:
        super().__init__(message)
        self.result = result


def _first_name() -> str:
    """The run's name until its song is known."""
    song = (runtime.flow_run.parameters or {}).get("song") or "plan"
    return title_of(str(song))


@flow(
    name="music-video", flow_run_name=_first_name, persist_result=True, result_serializer="json",
    on_cancellation=[end_children], on_crashed=[end_children], on_failure=[end_children],
)  # fmt: skip
def music_video(
    song: str, request: FilmRequest = FilmRequest(), out: str | None = None, plan: Plan | None = None, approve: bool = False  # noqa: B008 - frozen
) -> FilmResult:  # fmt: skip
    """Make a beat-true music video of a song.

    Args:
        song: the song's path, https:// or s3:// address, or media: content of the store; may be empty with a plan whose song is in the store.
        request: what the film shall be; a plan's own counts when there is a plan.
        out: folder in which the run's folder is written; empty: in the store.
        plan: an edited plan to render, instead of making one.
        approve: make the plan, the storyboard and a free preview, and wait for a person's answer before the film is made and anything is paid.

    Raises:
        UserError: the song, the request or the plan is wrong.
        OverBudget: what was asked for costs more than the cap.
        RuleBroken: the film breaks a hard rule; it is kept, and the error names it.
    """
    settings = current()
    store = settings.open_store()
    try:
        with reported(settings, [page.Clips(str(runtime.flow_run.id), store)]):
            return _concluded(*_film(Asked(song, request, plan, approve), Path(out) if out else None, store, settings))
    except NotMade as end:
        log.info("%s", end)
        return Cancelled(name=end.name, message=str(end))  # type: ignore[return-value]  # Prefect makes it the run's state


@dataclass(frozen=True)
class Asked:
    """What the flow was called with."""

    song: str
    request: FilmRequest
    plan: Plan | None
    approve: bool


def _film(asked: Asked, out: Path | None, store: Store, settings: Settings) -> tuple[FilmResult, str]:
    """The film, delivered, and the hard rules it breaks."""
    clock = Clock()
    store.sweep()
    film = wanted(asked.song, asked.request, asked.plan, store, again=attempt() > 1)
    page.label(film.run)
    reel = remembered(film, store)
    if reel is None and asked.approve:
        with _line(film, 0.0, store, settings, clock) as line:
            film = approval.asked(film, line, settings)
        page.label(film.run)
        reel = remembered(film, store)
    if reel is None:
        with _line(film, film.request.budget, store, settings, clock) as line:
            reel = timed(line.film(film), clock.seconds)
        if reel.lasting:
            remember(reel, store)
    else:
        page.rename(reel.title, reel.tags)
    final = delivered(reel, store, out)
    page.show(final, reel, store)
    return final, broken_rules(reel, final)


@contextmanager
def _line(film: Wanted, budget: float, store: Store, settings: Settings, clock: Clock) -> Iterator[Line]:
    """The whole line, with results in the store, as many workers as there are cores, and so many dollars to spend."""
    cores = settings.cores
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=cores + SPARE_THREADS + (AT_SERVICES if settings.access.accounts else 0))
    access = settings.access.for_film(film.run, budget)
    with runner, working_here(store, runner), Workers(cores) as workers:
        yield Line(Studio(store, workers, access), look(cores, settings.home), clock)


def _concluded(final: FilmResult, broken: str) -> FilmResult:
    """The flow's end: failed on a broken rule, 'Degraded' when a fallback was taken, else completed."""
    if broken:
        raise RuleBroken(broken, final)
    if final.degraded:
        taken = "; ".join(f"{note.stage}: {note.took}" for note in final.degraded)
        return Completed(name="Degraded", message=taken, data=final)  # type: ignore[return-value]  # Prefect hands its data to the caller
    return final
