"""The line of a film, stage by stage: listen, imagine, shoot, finish."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import TypeVar

from prefect import runtime
from prefect.futures import PrefectFuture
from prefect.utilities.annotations import unmapped

from blocks.settings import current
from flows import ears, hearing, page, result, safety
from flows.clock import Clock
from flows.fleet import ask as survey
from flows.fleet import fleet_of
from flows.means import gather, past_of, wasted
from flows.recall import Wanted
from flows.shooting import Shooting, Shot
from flows.songs import Source
from flows.writing import Told, told
from schemas import (
    Analysis,
    Clip,
    Container,
    CostLedger,
    ExecutionPlan,
    Film,
    FilmRequest,
    Hearing,
    Lyrics,
    Note,
    OwnShaders,
    Plan,
    Reference,
    ShotOrder,
    Song,
    Stems,
    Timeline,
)
from schemas.fleet import Ears
from schemas.writing import Brief, Writing
from songreel import planning
from songreel.composition import timeline as timelines
from songreel.composition.damping import KEEPS
from songreel.errors import SongreelError, TransientError
from songreel.execution import ledger
from songreel.execution.budget import budget
from songreel.execution.machine import Machine
from songreel.execution.means import FREE
from songreel.execution.reel import Board, Inspected, Materials, Reel, keep_plan, with_costs
from songreel.imagery import registry as image_backends
from songreel.painter.type.found import fonts_of
from songreel.video import registry
from tasks import finish, imagine, listen
from tasks.hearing import separation
from tasks.meaning import model_of
from tasks.shoot import OWN
from tasks.studio import Studio
from tasks.write import write

R = TypeVar("R")

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Heard:
    """What is known of the song; its stems are still being made."""

    song: Song
    analysis: Analysis
    words: hearing.Words
    stems: PrefectFuture[Stems]
    ways: Ears
    there: ears.There
    """What came of asking the pool to hear it."""

    @property
    def lyrics(self) -> Lyrics:
        return self.words.lyrics

    @property
    def lasting(self) -> bool:
        """Whether another run would hear no more."""
        return self.there.lasting and not self.words.failed


@dataclass(frozen=True)
class Line:
    """One film in the making."""

    studio: Studio
    machine: Machine
    clock: Clock
    shown: bool = True
    """Whether the run's page is this film's."""

    def film(self, wanted: Wanted) -> Reel:
        """Every stage from the song to the published reel."""
        own, given_up = self._tried(wanted.request.own)
        heard = self.listen(wanted.source, wanted.request)
        words = self._words(heard, wanted.request, wanted.plan)
        plan = words.plan
        if self.shown:
            page.rename(page.title_of(plan), page.tags_of(plan))
            keep_plan(wanted.run, plan, self.studio.store)
        log.info(
            "%d scenes in the style %s, %.1f bpm, cuts on the %s grid", len(plan.scenes), plan.treatment.style, plan.music.tempo, heard.analysis.grid
        )
        began, past = time(), past_of(plan.request, self.studio.store)
        execution = self._budget(words.left, wanted.run, past)
        timeline = timelines.build(plan, heard.analysis, planning.ENCODINGS[plan.request.quality])
        if self.shown and runtime.deployment.id:  # who started it watches its page; who sits at a terminal needs the processor
            self.board(plan, timeline, heard.analysis, own)
        makers = list(image_backends.preferred(self.studio.access)) if self._takers(execution) else [image_backends.PAINTER]
        sketches = imagine.sketch.map(list(planning.sketches(plan)), unmapped(makers), studio=unmapped(self.studio))
        orders = [_here(order, own) for order in self._orders(plan, timeline, execution, heard.analysis, sketches)]
        fleet = fleet_of(current(), self.studio.store, {one.scene: one.seconds for one in execution.assignments})
        shooting = Shooting(self.studio, self.machine.cores, self._others(plan, execution, orders, own), fleet)
        shots = shooting.all(orders, [one.scene for one in execution.in_turn])
        self.clock.seconds.update(shooting.seconds)
        log.info("%d scenes shot in %.1f s, %d of them known", len(shots), shooting.seconds["shoot"], sum(shot.cached for shot in shots))
        references, unsketched = _drawn(sketches)
        afar = [*heard.there.notes, *(fleet.notes if fleet else ())]
        taken = [*given_up, *afar, *past.notes, *execution.notes, *unsketched, *shooting.notes]
        costs = words.into(result.ledger(execution, shots, references, wasted(self.studio.store, wanted.run, began)))
        reel = self._finish(wanted.run, heard, plan, timeline, shots, taken, costs)
        self._learn(wanted.run, plan, reel)
        return reel.model_copy(update={"lasting": heard.lasting and not (words.failed or result.stood_in(execution, shots))})

    def board(self, plan: Plan, timeline: Timeline, analysis: Analysis, own: OwnShaders) -> PrefectFuture[Board]:
        """The storyboard before the shoot, put on the run's page as soon as it is drawn."""
        family = self._family(FREE)
        orders = [
            _here(planning.order(plan, scene, one.slot, FREE, family=family, curves=analysis.curves), own)
            for scene, one in zip(plan.scenes, timeline.placements, strict=True)
        ]
        future = imagine.board.submit(orders, plan, analysis, timeline, self.studio)
        run, title, store = str(runtime.flow_run.id), page.title_of(plan), self.studio.store
        future.add_done_callback(page.later(lambda: page.board(future.result(), title, store, run)))
        return future

    def _finish(self, run: str, heard: Heard, plan: Plan, timeline: Timeline, shots: list[Shot], taken: list[Note], costs: CostLedger) -> Reel:
        """Assemble, inspect and publish.

        Args:
            taken: fallbacks that no stage's result tells of.
        """
        clips = [shot.clip for shot in shots]
        film, inspected, clips, damped = self.delivered(clips, timeline, heard.song, plan.request.container)
        report = inspected.report
        log.info(
            "film checked: %d cuts, at most %.2f frames off; %s",
            report.cuts.count,
            report.cuts.max_error_frames,
            "passed" if report.passed else "FAILED",
        )
        notes = result.notes(heard.song, heard.stems.result(), heard.analysis, heard.lyrics, plan, taken, shots, film, damped, report)
        told = result.of(run, plan, film, shots, self.clock.seconds, notes, report, costs)
        materials = Materials(
            plan=plan, analysis=heard.analysis, lyrics=heard.lyrics, timeline=timeline, film=film, clips=tuple(clips),
            report=report, report_page=inspected.page, costs=costs, title=page.title_of(plan), tags=page.tags_of(plan), result=told,
        )  # fmt: skip
        reel = self._wait("publish", finish.publish.submit(run, film.media, materials, self.studio))
        # A known reel's files are these, its times and costs another run's.
        return with_costs(reel.model_copy(update={"result": told}), costs, self.studio.store)

    def delivered(self, clips: list[Clip], timeline: Timeline, song: Song, container: Container) -> tuple[Film, Inspected, list[Clip], list[Note]]:
        """The film, what was measured on it, the clips it is made of and what was damped in them, for it must not flash."""
        film, inspected = self._assembled(clips, timeline, song, container)
        flashing: list[tuple[int, int]] = []
        for attempt in range(len(KEEPS)):
            if not (spans := safety.offending(inspected.report)):
                break
            flashing += spans
            clips = safety.calmed(clips, flashing, timeline, attempt, self.studio)
            film, inspected = self._assembled(clips, timeline, song, container)
        return film, inspected, clips, [safety.told(flashing, film)] if flashing else []

    def _assembled(self, clips: list[Clip], timeline: Timeline, song: Song, container: Container) -> tuple[Film, Inspected]:
        film = self._wait("assemble", finish.assemble.submit(clips, timeline, song, container, self.studio))
        return film, self._wait("inspect", finish.inspect.submit(film, timeline, song, self.studio))

    def _tried(self, own: OwnShaders) -> tuple[OwnShaders, list[Note]]:
        """A person's shaders when they can be drawn; those that hang are given up here, once for all scenes.

        Raises:
            UserError: they do not compile.
        """
        if not own:
            return own, []
        try:
            self.studio.workers.call("songreel.painter.own.trial:try_out", own, limits=OWN)
        except TransientError as error:
            return OwnShaders(), [Note(stage="shoot", took=f"the painter's own worlds and styles instead of {own.names}", because=str(error))]
        return own, []

    def listen(self, source: Source, request: FilmRequest, *, afar: bool = True) -> Heard:
        """Ingest, then separate and analyse beside each other, then the words, which wait for the stems only where a model hears them.

        Args:
            source: the song.
            request: the film's.
            afar: whether a pool that hears better is asked first; all it made is known here then.
        """
        song = source.song or self._ingest(source, request)
        there = self._there(song, request) if afar else ears.There()
        method = there.ears.separation if there.ears else separation(self.studio.access)
        stems = self.clock.follow("separate", listen.separate.submit(song, method, self.studio))
        analysis = self._wait("analyse", listen.analyse.submit(song, request.fps, request.grid, self.studio))
        way = there.ears.hearing if there.ears and there.ears.hearing.way != "text" else hearing.way(song, request, self.studio.access)
        sound = None if way.way == "text" else stems.result()

        def ask(way: Hearing) -> PrefectFuture[Lyrics]:
            future = listen.transcribe.submit(song, request.lyrics, request.start, analysis, None if way.way == "text" else sound, way, self.studio)
            return self.clock.follow("transcribe", future)

        return Heard(song, analysis, hearing.words(way, song, self.studio.access, ask), stems, Ears(separation=method, hearing=way), there)

    def _there(self, song: Song, request: FilmRequest) -> ears.There:
        settings, store = current(), self.studio.store
        survey(settings, store)
        return ears.heard(song, request, settings, self.machine, store)

    def _ingest(self, source: Source, request: FilmRequest) -> Song:
        path = source.path or Path()
        return self._wait("ingest", listen.ingest.submit(path, source.content, source.name, request.start, request.duration, self.studio))

    def planned(self, heard: Heard, request: FilmRequest, given: Plan | None) -> Plan:
        if given is not None:
            return planning.reread(given)
        meaning = model_of(request, self.studio.access)
        return self._wait("plan", imagine.plan.submit(heard.song, heard.analysis, heard.lyrics, request, meaning, self.studio))

    def _words(self, heard: Heard, request: FilmRequest, given: Plan | None) -> Told:
        """The plan in its writer's words; a given plan's own stay."""
        plan = self.planned(heard, request, given)
        costs, budget = heard.words.costs, plan.request.budget
        if given:
            return Told(plan, costs)
        left = max(budget - sum(cost.charged + cost.earlier for cost in costs), 0.0)
        written = told(_with_budget(plan, left), heard.lyrics, self.studio.store, self.studio.access, self._ask)
        return replace(written, plan=_with_budget(written.plan, budget), costs=(*costs, *written.costs))

    def _ask(self, brief: Brief, writer: str, cap: float) -> Writing:
        return self._wait("write", write.submit(brief, writer, cap, self.studio))

    def _budget(self, plan: Plan, run: str, past: ledger.Past) -> ExecutionPlan:
        with self.clock.time("budget"):
            return budget(plan, gather(self.studio.store, self.studio.access, self.machine, run, past))

    def _orders(
        self, plan: Plan, timeline: Timeline, execution: ExecutionPlan, analysis: Analysis, sketches: list[PrefectFuture[Reference]]
    ) -> list[ShotOrder]:
        """Shot orders; waits for the references only when a chosen backend takes pictures."""
        used = {one.backend for one in execution.assignments}
        references = {name: _drawn(sketches)[0] for name in self._takers(execution)}
        backends, families = [one.backend for one in execution.assignments], {name: self._family(name) for name in sorted(used)}
        future = imagine.prompt.submit(plan, list(timeline.placements), backends, families, analysis.curves, references, self.studio)
        return self._wait("prompt", future)

    def _takers(self, execution: ExecutionPlan) -> list[str]:
        """Chosen backends that are shown the film's references; those at services begin with a picture of their own scene."""
        used = {one.backend for one in execution.assignments}
        return [one.name for one in registry.profiles(self.studio.access) if one.name in used and one.first_frame and one.where != "cloud"]

    def _others(self, plan: Plan, execution: ExecutionPlan, orders: list[ShotOrder], own: OwnShaders) -> dict[int, list[ShotOrder]]:
        """Orders of a scene for the backends that come next when its own fails, the painter left out; those that need pictures go by their text."""
        then = {one.scene: [name for name in one.then if name != FREE] for one in execution.assignments}
        shot = {scene: plan.scenes[scene] for scene in then}
        return {
            scene: [
                _here(planning.order(plan, shot[scene], orders[scene].slot, name, family=self._family(name), curves=orders[scene].curves), own)
                for name in names
            ]
            for scene, names in then.items()
        }

    def _family(self, backend: str) -> str:
        """Whose habits a backend's prompts follow."""
        return next((one.family for one in registry.profiles(self.studio.access) if one.name == backend), "")

    def _learn(self, run: str, plan: Plan, reel: Reel) -> None:
        """Put the run into the ledger that later estimates are made from."""
        around = sum(spent for stage, spent in self.clock.seconds.items() if stage not in ("shoot", "conform", "separate"))
        try:
            ledger.write(ledger.record(run, self.machine.name, plan.frames / float(plan.fps), around, reel.costs), self.studio.store)
        except SongreelError as error:  # the film is there; later estimates know less
            log.warning("the run is not in the ledger: %s", error)

    def _wait(self, stage: str, future: PrefectFuture[R]) -> R:
        """A timed task's result, or its error as it was raised."""
        return self.clock.follow(stage, future).result()


def _here(order: ShotOrder, own: OwnShaders) -> ShotOrder:
    """The order with what only this machine knows: a person's shaders that can be drawn here, and the fonts that will letter it."""
    type_ = order.lettering.model_copy(update={"fonts": fonts_of(order.lettering)}) if order.lettering else None
    return order.model_copy(update={"own": own, "lettering": type_})


def _with_budget(plan: Plan, budget: float) -> Plan:
    return plan.model_copy(update={"request": plan.request.model_copy(update={"budget": budget})})


def _drawn(sketches: list[PrefectFuture[Reference]]) -> tuple[list[Reference], list[Note]]:
    """The references that could be drawn; the others are told, and their scenes go by text alone."""
    references, notes = [], []
    for future in sketches:
        try:
            references.append(future.result())
        except SongreelError as error:
            notes.append(Note(stage="sketch", took="text alone for a reference image", because=str(error)))
    return references, notes
