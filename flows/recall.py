"""A film that was made before: found by what decides it, taken when the store still holds all of it.

No Prefect here: importing it takes longer than handing over a finished film.
"""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from blocks.settings import Settings, current
from flows.songs import Source, source_of
from schemas import FilmRequest, FilmResult, Plan
from songreel.execution.identity import VERSIONS, digest
from songreel.execution.means import choice_of
from songreel.execution.reel import Reel, deliver, deliver_to_store, recall, run_name, with_costs
from songreel.storage import Store

SAID = 3
"""Broken rules that the one sentence names; the report has them all."""


@dataclass(frozen=True)
class Wanted:
    """What decides a film: the song, the wishes and the plan; ``run`` names it."""

    source: Source
    request: FilmRequest
    plan: Plan | None
    run: str


def wanted(song: str, request: FilmRequest, plan: Plan | None, store: Store, *, again: bool = False) -> Wanted:
    """The film that is wanted, and its run's name.

    Args:
        song: the song's path or address; may be empty with a plan whose song is in the store.
        request: the wishes; a plan's own count when there is a plan.
        plan: a plan to render, instead of making one.
        store: where a plan's song may be, and where songs from elsewhere are put.
        again: the run goes on after a rest, with the song that it fetched before.

    Raises:
        UserError: there is no such song, or it may not be had.
        TransientError: it could not be fetched now.
    """
    return _named(source_of(song, plan, store, again=again), plan.request if plan else request, plan)


def renewed(film: Wanted, request: FilmRequest, *, keep_plan: bool) -> Wanted:
    """The film of the same song with other wishes; with ``keep_plan`` its given plan, if it has one, stays."""
    plan = film.plan.model_copy(update={"request": request}) if film.plan and keep_plan else None
    return _named(film.source, request, plan)


def _named(source: Source, wishes: FilmRequest, plan: Plan | None) -> Wanted:
    decides = {
        "content": source.content,
        "name": source.name,
        "request": wishes,
        "plan": plan,
        "versions": VERSIONS,
        "writer": _writer(wishes, plan),
        "fonts": _fonts(source, wishes, plan),
        "listeners": _listeners(wishes),
        "backends": () if choice_of(wishes) == "free" else _ready(),  # where no model is chosen from, a film is the same wherever it is made
    }
    return Wanted(source, wishes, plan, run_name(source.name, digest(decides)))


def remembered(film: Wanted, store: Store) -> Reel | None:
    """The finished reel of an equal run, its scenes told as cached, or nothing when the store lacks any of it."""
    begun = monotonic()
    reel = recall(film.run, store)
    if reel is None:
        return None
    scenes = tuple(scene.model_copy(update={"cached": True, "seconds": 0.0, "dollars": 0.0}) for scene in reel.result.scenes)
    told = {"scenes": scenes, "dollars": 0.0, "timings": {"recall": round(monotonic() - begun, 3)}}
    return with_costs(reel.model_copy(update={"result": reel.result.model_copy(update=told)}), reel.costs.known(), store)


def delivered(reel: Reel, store: Store, out: Path | None) -> FilmResult:
    """Write the reel to its folder in ``out``, or in the store, and give the result with the film's place."""
    return deliver(reel, store, out) if out else deliver_to_store(reel, store)


def broken_rules(reel: Reel, final: FilmResult) -> str:
    """One sentence on the hard rules that the film breaks; empty when it breaks none."""
    if not reel.broken:
        return ""
    rest = len(reel.broken) - SAID
    more = f"; and {rest} more such {'place' if rest == 1 else 'places'}, all in its report.html" if rest > 0 else ""
    return f"{'; '.join(reel.broken[:SAID])}{more}; the film is kept at {final.film.path}"


def _writer(wishes: FilmRequest, plan: Plan | None) -> str:
    """Who writes the film, with the model and the version of what it is told; nothing when a plan was given."""
    if plan is not None or wishes.writer == "rules":
        return ""
    from blocks.settings import current
    from songreel.planning.writers import identity_of

    return identity_of(wishes.writer, current().access)


def _fonts(source: Source, request: FilmRequest, plan: Plan | None) -> tuple[str, ...]:
    """The machine's own fonts that will letter the film, as far as its words are known before it is listened to."""
    from songreel.audio.tags import texts_of
    from songreel.painter.type.found import fonts_for, fonts_of

    if plan is not None and plan.treatment.lettering is not None:
        return fonts_of(plan.treatment.lettering)
    return fonts_for((request.lyrics, source.name, *(texts_of(source.path) if source.path else ())))


def _listeners(request: FilmRequest) -> tuple[str, ...]:
    """What may hear the song and read the prompt here."""
    from songreel.audio.ways import names_of

    settings = current()
    return (*names_of(settings.access, request.budget > 0), *_pool(settings))


def _ready() -> tuple[str, ...]:
    from songreel.video import registry

    settings = current()
    return (*sorted(status.name for status in registry.statuses(settings.access) if status.ready), *_pool(settings))


def _pool(settings: Settings) -> tuple[str, ...]:
    return (f"the pool {settings.gpu_pool}",) if settings.gpu_pool else ()
