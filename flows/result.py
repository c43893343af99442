"""What a run gives, put together from what its stages gave."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.shooting import Shot
from schemas import Cost, CostLedger, ExecutionPlan, Film, FilmFile, FilmResult, Note, Plan, Reference, Report, ReportSummary, SceneResult
from songreel.execution.means import FREE
from songreel.execution.reel import Reel


def of(
    run: str, plan: Plan, film: Film, shots: Sequence[Shot], seconds: dict[str, float], notes: Sequence[Note], report: Report, costs: CostLedger
) -> FilmResult:
    """The run's result, with the film's name in the reel as its path."""
    return FilmResult(
        run=run,
        film=FilmFile(
            path=f"film.{film.container}", frames=film.frames, fps=float(film.fps), width=film.width, height=film.height,
            duration=film.duration, sha256=film.media.sha256,
        ),
        scenes=tuple(scene_of(plan, shot) for shot in shots),
        timings={stage: round(spent, 3) for stage, spent in seconds.items()},
        dollars=costs.charged,
        degraded=tuple(notes),
        report=ReportSummary(
            cuts=report.cuts, length_error_frames=report.length_error_frames, audio_offset_ms=report.audio_offset_ms,
            still_clips=len(report.still_clips), ken_burns_clips=len(report.ken_burns_clips), black_frames=report.black_frames,
            flashes_per_second_max=report.flashes_per_second_max, beat_alignment=report.beat_alignment,
        ),
    )  # fmt: skip


def scene_of(plan: Plan, shot: Shot) -> SceneResult:
    """One scene as it was shot; a cached one took no time and no money in this run."""
    scene, order, footage = plan.scenes[shot.order.slot.scene], shot.order, shot.footage
    return SceneResult(
        index=scene.index, start_frame=scene.start_frame, end_frame=scene.end_frame, backend=footage.backend,
        world=order.own.world.name if order.own.world else order.look.world,
        style=order.own.style.name if order.own.style else order.look.style, prompt=order.prompt, seed=order.seed, cached=shot.cached,
        seconds=0.0 if shot.cached else round(footage.seconds, 3), dollars=0.0 if shot.cached else footage.dollars,
    )  # fmt: skip


def timed(reel: Reel, seconds: dict[str, float]) -> Reel:
    """The reel with the times of this run."""
    timings = {stage: round(spent, 3) for stage, spent in seconds.items()}
    return reel.model_copy(update={"result": reel.result.model_copy(update={"timings": timings})})


def ledger(execution: ExecutionPlan, shots: Sequence[Shot], references: Sequence[Reference], wasted: Mapping[str, float]) -> CostLedger:
    """Every estimate and charge; what was known is charged nothing in this run, and what an earlier run paid for it is told.

    Args:
        execution: what was expected.
        shots: what was made.
        references: pictures that were drawn.
        wasted: dollars by backend for orders that gave nothing.
    """
    estimated = {one.scene: one.dollars for one in execution.assignments}
    shot_costs = (shot_cost(shot, estimated[shot.order.slot.scene]) for shot in shots)
    drawn = (Cost(stage="sketch", provider=one.backend, charged=one.dollars) for one in references if one.dollars)
    lost = (Cost(stage="shoot", provider=name, charged=dollars, wasted=dollars) for name, dollars in sorted(wasted.items()))
    return CostLedger(entries=(*shot_costs, *drawn, *lost), cap=execution.cap)


def shot_cost(shot: Shot, estimated: float) -> Cost:
    """What one scene took."""
    footage, known = shot.footage, shot.cached
    return Cost(
        stage="shoot", scene=shot.order.slot.scene, provider=footage.backend, estimated=estimated, cached=known,
        charged=0.0 if known else footage.dollars, earlier=footage.dollars if known else 0.0, seconds=round(footage.seconds, 3),
        footage=round(footage.frames / float(footage.fps), 3), lines=min(shot.order.width, shot.order.height),
    )  # fmt: skip


def stood_in(execution: ExecutionPlan, shots: Sequence[Shot]) -> bool:
    """Whether a scene was shot by another than its backend, which may work the next time."""
    meant = {one.scene: one.backend for one in execution.assignments}
    return any(meant[shot.order.slot.scene] not in (FREE, shot.order.backend) for shot in shots)


def notes(*sources: Any) -> list[Note]:
    """The fallbacks that these results, notes, and shots tell of, each once, in the order of the line."""
    return list(dict.fromkeys(note for source in sources for note in _notes(source)))


def _notes(source: Any) -> Iterable[Note]:
    if isinstance(source, Note):
        return (source,)
    if isinstance(source, Shot):
        return (*source.footage.notes, *source.clip.notes)
    if isinstance(source, (list, tuple)):
        return (note for item in source for note in _notes(item))
    return tuple(source.notes)
