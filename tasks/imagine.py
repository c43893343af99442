"""Imagining the film: plan, sketch, prompt."""

from schemas import Analysis, FilmRequest, Lyrics, MediaRef, Placement, Plan, Reference, ShotOrder, Sketch, Song, Timeline
from songreel import planning
from songreel.execution.reel import Board
from songreel.execution.workers import Limits
from tasks.meaning import meant
from tasks.policy import stage
from tasks.studio import Studio, Work

LONG = Limits(600.0)
"""Of a storyboard, whose many stills are drawn one after the other without a word."""


@stage("plan")
def plan(song: Song, analysis: Analysis, lyrics: Lyrics, request: FilmRequest, meaning: str, studio: Studio) -> Plan:
    """Treatment and scenes on the frame grid; ``meaning`` is the model by which words that name no world find the nearest, if there is one."""
    image = planning.image_of(song, request)
    return planning.plan(song, analysis, lyrics, request, studio.store.read(image) if image else None, meant(request, meaning, studio))


@stage("sketch", "sketch {sketch.name}")
def sketch(sketch: Sketch, backends: list[str], studio: Studio) -> Reference:
    """One reference image, by the first of these backends that can draw it."""
    reference: Reference = studio.run(Work("sketch", "songreel.imagery:draw"), sketch, studio.store, studio.access, tuple(backends))
    return reference


@stage("board")
def board(orders: list[ShotOrder], plan: Plan, analysis: Analysis, timeline: Timeline, studio: Studio) -> Board:
    """The storyboard before the shoot."""
    drawn: Board = studio.run(Work("board", "tasks.work:board", limits=LONG), tuple(orders), plan, analysis, timeline, studio.store)
    return drawn


@stage("prompt")
def prompt(
    plan: Plan, placements: list[Placement], backends: list[str], families: dict[str, str], curves: MediaRef,
    references: dict[str, list[Reference]], studio: Studio,
) -> list[ShotOrder]:  # fmt: skip
    """Every scene's shot order. One task for all of them: writing orders by rules takes less time than starting a task per scene.

    Args:
        backends: who shoots, by scene.
        families: whose habits a prompt follows, by backend.
        references: by backend, for those that take pictures.
    """
    return [
        planning.order(
            plan, scene, placement.slot, backend, family=families.get(backend, ""), references=tuple(references.get(backend, ())), curves=curves
        )
        for scene, placement, backend in zip(plan.scenes, placements, backends, strict=True)
    ]
