"""A song in, a finished film out: the story of a run.

``music_video`` runs from the Prefect UI, on a schedule, from a webhook, from Python and from the terminal. What it needs of its
surroundings (store, workers) it takes from the settings of the moment it runs.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.context import FlowRunContext
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from blocks.progress import Event, tell
from blocks.settings import current
from flows import page, result
from flows.clock import Clock
from flows.line import Line, Source
from schemas import FilmRequest, FilmResult, Plan
from songreel.errors import HardRuleBroken, UserError
from songreel.execution.machine import Machine, look
from songreel.execution.reel import Reel, deliver, deliver_to_store, run_name
from songreel.execution.workers import Workers
from songreel.storage import sha256_of
from songreel.video import registry
from tasks.finish import PUBLISH_VERSION, assemble, inspect, publish
from tasks.imagine import plan as plan_task
from tasks.imagine import prompt, sketch
from tasks.listen import analyse, ingest, separate, transcribe
from tasks.policy import StageKey, key_of, media_in
from tasks.results import working_here
from tasks.shoot import conform, shoot
from tasks.studio import Studio

SPARE_THREADS = 2  # for tasks that wait for no worker (plan, prompt), beside one thread a worker

STAGES = (ingest, separate, analyse, transcribe, plan_task, sketch, prompt, shoot, conform, assemble, inspect, publish)


class RuleBroken(HardRuleBroken):
    """A hard rule is broken; ``result`` names the film, which is kept."""

    def __init__(self, message: str, result: FilmResult) -> None:
        super().__init__(message)
        self.result = result


def _first_name() -> str:
    """The run's name until its song is known."""
    song = (runtime.flow_run.parameters or {}).get("song") or "plan"
    return Path(str(song)).stem


@flow(name="music-video", flow_run_name=_first_name, persist_result=True, result_serializer="json")
def music_video(song: str, request: FilmRequest = FilmRequest(), out: str | None = None, plan: Plan | None = None) -> FilmResult:  # noqa: B008 - frozen
    """Make a beat-true music video of a song.

    Args:
        song: path of the song's file; may be empty with a plan whose song is in the store.
        request: what the film shall be; a plan's own counts when there is a plan.
        out: folder in which the run's folder is written; empty: in the store.
        plan: an edited plan to render, instead of making one.

    Raises:
        UserError: the song, the request or the plan is wrong.
        OverBudget: what was asked for costs more than the cap.
        RuleBroken: the film breaks a hard rule; it is kept, and the error names it.
    """
    tell(Event("run", "begun", text=str(runtime.flow_run.id)))
    settings = current()
    store = settings.open_store()
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=settings.cores + SPARE_THREADS)
    with runner, working_here(store, runner), Workers(settings.cores) as workers:
        return _concluded(*_Run(Studio(store, workers), look(settings.cores), request, plan, Path(out) if out else None).film(song))


def _concluded(final: FilmResult, reel: Reel) -> FilmResult:
    """The flow's end: failed on a broken rule, 'Degraded' when a fallback was taken, else completed."""
    if reel.broken:
        raise RuleBroken(f"{'; '.join(reel.broken)}; the film is kept at {final.film.path}", final)
    if final.degraded:
        taken = "; ".join(f"{note.stage}: {note.took}" for note in final.degraded)
        return Completed(name="Degraded", message=taken, data=final)  # type: ignore[return-value]  # Prefect hands its data to the caller
    return final


@dataclass(frozen=True)
class _Run:
    studio: Studio
    machine: Machine
    request: FilmRequest
    plan: Plan | None
    out: Path | None
    clock: Clock = field(default_factory=Clock)

    def film(self, song: str) -> tuple[FilmResult, Reel]:
        """The delivered film, remembered or made."""
        source = self._source(song)
        run = self._name(source)
        reel = self._recalled(run) or Line(self.studio, self.machine, self.clock).film(run, source, self.request, self.plan)
        final = deliver(reel, self.studio.store, self.out) if self.out else deliver_to_store(reel, self.studio.store)
        page.show(final, reel, self.studio.store)
        return final, reel

    def _source(self, song: str) -> Source:
        if not song and self.plan is not None:
            known = self.plan.song
            if not self.studio.store.has(known.master):
                raise UserError(f"the store {self.studio.store.url} does not hold the plan's song {known.name}: give its file with --song")
            return Source(known.master.sha256, known.name, song=known)
        path = Path(song).absolute()
        if not path.is_file():
            raise UserError(f"there is no song at {song}: it must be an audio file, or a video file with sound")
        return Source(sha256_of(path), path.stem, path=path)

    def _name(self, source: Source) -> str:
        """The run's name, from all that decides what the film is: the song, the wishes, the stages and the backends at hand."""
        versions = [stage.cache_policy.version for stage in STAGES if isinstance(stage.cache_policy, StageKey)]
        # Without money to spend, 'auto' is the painter wherever it runs, so nothing need be listed.
        ready = sorted(status.name for status in registry.statuses() if status.ready) if self.request.budget else []
        wishes = {"content": source.content, "name": source.name, "request": self.request, "plan": self.plan, "backends": ready}
        return run_name(source.name, key_of("reel", ".".join(versions), wishes))

    def _recalled(self, run: str) -> Reel | None:
        """The finished reel of an equal run, when the store still holds all of it; the run's page then shows one cached task."""
        self.clock.begin("recall")
        context = FlowRunContext.get()
        key = key_of("publish", PUBLISH_VERSION, {"run": run})
        if context is None or not context.result_store.exists(key):
            return None
        stored = context.result_store.read(key).result
        if not isinstance(stored, Reel) or not all(self.studio.store.has(ref) for ref in media_in(stored)):
            return None
        reel = publish(run, self.studio)
        page.rename(reel.title, reel.tags)
        self.clock.end("recall", "cached")
        return reel.model_copy(update={"result": result.recalled(reel.result, self.clock.seconds)})
