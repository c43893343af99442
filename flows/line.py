"""The line of a film, stage by stage: listen, imagine, shoot, finish."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from prefect.futures import PrefectFuture
from prefect.utilities.annotations import unmapped

from flows import page, result, safety
from flows.clock import Clock
from flows.recall import Source, Wanted
from flows.shooting import Shooting, Shot
from schemas import (
    Analysis,
    Clip,
    Container,
    CostLedger,
    Film,
    FilmRequest,
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
from songreel import planning
from songreel.composition import timeline as timelines
from songreel.composition.damping import KEEPS
from songreel.errors import SongreelError, TransientError
from songreel.execution.budget import ExecutionPlan, budget
from songreel.execution.machine import Machine
from songreel.execution.reel import Inspected, Materials, Reel
from songreel.painter.type.found import fonts_of
from songreel.video import registry
from tasks import finish, imagine, listen
from tasks.shoot import OWN
from tasks.studio import Studio

R = TypeVar("R")

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Heard:
    """What is known of the song; its stems are still being made."""

    song: Song
    analysis: Analysis
    lyrics: Lyrics
    stems: PrefectFuture[Stems]


@dataclass(frozen=True)
class Line:
    """One film in the making."""

    studio: Studio
    machine: Machine
    clock: Clock

    def film(self, wanted: Wanted) -> Reel:
        """Every stage from the song to the published reel."""
        own, given_up = self._tried(wanted.request.own)
        heard = self._listen(wanted.source, wanted.request)
        plan = self._plan(heard, wanted.request, wanted.plan)
        page.rename(page.title_of(plan), page.tags_of(plan))
        log.info(
            "%d scenes in the style %s, %.1f bpm, cuts on the %s grid", len(plan.scenes), plan.treatment.style, plan.music.tempo, heard.analysis.grid
        )
        execution = self._budget(plan)
        timeline = timelines.build(plan, heard.analysis, planning.ENCODINGS[plan.request.quality])
        sketches = imagine.sketch.map(list(planning.sketches(plan)), studio=unmapped(self.studio))
        orders = [_here(order, own) for order in self._orders(plan, timeline, execution, heard.analysis, sketches)]
        shooting = Shooting(self.studio, self.machine.cores)
        shots = shooting.all(orders)
        self.clock.seconds.update(shooting.seconds)
        log.info("%d scenes shot in %.1f s, %d of them known", len(shots), shooting.seconds["shoot"], sum(shot.cached for shot in shots))
        references, unsketched = _drawn(sketches)
        taken = [*given_up, *execution.notes, *unsketched, *shooting.notes]
        return self._finish(wanted.run, heard, plan, timeline, shots, taken, result.ledger(execution, shots, references))

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
        reel = self._wait("publish", finish.publish.submit(run, materials, self.studio))
        return reel.model_copy(update={"result": told, "costs": costs})  # a known reel's files are these, its times and costs another run's

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

    def _listen(self, source: Source, request: FilmRequest) -> Heard:
        """Ingest, then separate and analyse beside each other, then the words."""
        song = source.song or self._ingest(source, request)
        stems = self.clock.follow("separate", listen.separate.submit(song, self.studio))
        analysis = self._wait("analyse", listen.analyse.submit(song, request.fps, request.grid, self.studio))
        lyrics = self._wait("transcribe", listen.transcribe.submit(song, request.lyrics, request.start, analysis, self.studio))
        return Heard(song, analysis, lyrics, stems)

    def _ingest(self, source: Source, request: FilmRequest) -> Song:
        path = source.path or Path()
        return self._wait("ingest", listen.ingest.submit(path, source.content, source.name, request.start, request.duration, self.studio))

    def _plan(self, heard: Heard, request: FilmRequest, given: Plan | None) -> Plan:
        if given is not None:
            return planning.reread(given)
        return self._wait("plan", imagine.plan.submit(heard.song, heard.analysis, heard.lyrics, request, self.studio))

    def _budget(self, plan: Plan) -> ExecutionPlan:
        with self.clock.time("budget"):
            statuses = registry.statuses(self.studio.access)
            ready = {status.name for status in statuses if status.ready}
            profiles = {profile.name: profile for profile in registry.profiles(self.studio.access) if profile.name in ready}
            mend = {status.name: f"{status.missing}; {status.mend}" for status in statuses if not status.ready}
            return budget(plan, profiles, mend, self.machine.vram_gb)

    def _orders(
        self, plan: Plan, timeline: Timeline, execution: ExecutionPlan, analysis: Analysis, sketches: list[PrefectFuture[Reference]]
    ) -> list[ShotOrder]:
        """Shot orders; waits for the references only when a chosen backend takes pictures."""
        used = {one.backend for one in execution.assignments}
        takers = [one.name for one in registry.profiles(self.studio.access) if one.name in used and one.first_frame]
        references = {name: _drawn(sketches)[0] for name in takers}
        future = imagine.prompt.submit(plan, list(timeline.placements), execution, analysis.curves, references, self.studio)
        return self._wait("prompt", future)

    def _wait(self, stage: str, future: PrefectFuture[R]) -> R:
        """A timed task's result, or its error as it was raised."""
        return self.clock.follow(stage, future).result()


def _here(order: ShotOrder, own: OwnShaders) -> ShotOrder:
    """The order with what only this machine knows: a person's shaders that can be drawn here, and the fonts that will letter it."""
    type_ = order.lettering.model_copy(update={"fonts": fonts_of(order.lettering)}) if order.lettering else None
    return order.model_copy(update={"own": own, "lettering": type_})


def _drawn(sketches: list[PrefectFuture[Reference]]) -> tuple[list[Reference], list[Note]]:
    """The references that could be drawn; the others are told, and their scenes go by text alone."""
    references, notes = [], []
    for future in sketches:
        try:
            references.append(future.result())
        except SongreelError as error:
            notes.append(Note(stage="sketch", took="text alone for a reference image", because=str(error)))
    return references, notes
