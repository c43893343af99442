"""A batch of scenes shot on a worker of a pool: the same cached stages as in the film's own run, in the same store.

The worker takes its settings from its own environment; ``SONGREEL_STORE`` must name the store of the film's machine.
"""

import json
from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from prefect import flow, runtime
from prefect.states import Cancelled, Completed
from prefect.task_runners import ThreadPoolTaskRunner

from blocks.progress import listening
from blocks.settings import current
from flows.fleet import FLOW
from flows.pool import over
from flows.reporting import Reporter
from flows.shooting import Shooting
from flows.survey import KEYED, RECORDS, tell
from schemas import MediaRef, ShotOrder
from schemas.fleet import BatchResult
from songreel.errors import UserError
from songreel.execution.means import FREE
from songreel.execution.workers import Workers
from songreel.painter.type.found import fonts_of
from songreel.storage import Store
from songreel.storage.records import Records
from tasks.results import working_here
from tasks.studio import Studio

SPARE_THREADS = 1  # beside one a worker process: a scene's footage is conformed while the model makes the next


def _name() -> str:
    """``scenes 3, 4, 9 by wan``; a run whose parameters cannot be read has a name too."""
    orders = [one if isinstance(one, dict) else one.model_dump() for one in (runtime.flow_run.parameters or {}).get("orders") or ()]
    try:
        return f"scenes {', '.join(str(one['slot']['scene']) for one in orders)} by {orders[0]['backend']}"
    except (KeyError, IndexError, TypeError):
        return "scenes"


@flow(name=FLOW, flow_run_name=_name, persist_result=True, result_serializer="json")
def shoot_scenes(
    orders: list[ShotOrder] = [],  # noqa: B006 - never changed; a form needs a plain default
    stored: MediaRef | None = None,
    batch: str = "",
    versions: dict[str, str] = KEYED,
    survey: str = "",
) -> BatchResult:
    """Shoot a batch of scenes for a film that waits for them: one at a time on the GPU, with the model loaded once.

    Args:
        orders: what to shoot, best all by one backend.
        stored: the same as JSON in the store, where it is too large for a parameter.
        batch: name of the record in the store by which the film follows this run; empty: nobody does.
        versions: of the stages on the film's machine; scenes are left to it where they are others here.
        survey: name of the record in which to tell what this machine can shoot; empty: nobody asks.

    Raises:
        UserError: this worker's store is not the film's.
    """
    settings = current()
    store = settings.open_store()
    records = Records(store, RECORDS)
    if batch and records.read(batch) is None:
        raise UserError(f"the store {store.url} of this worker does not know the batch {batch}: set SONGREEL_STORE as on the film's machine")
    if survey:
        tell(survey, settings.access, store)
    wanted = [*orders, *(_stored(stored, store) if stored else ())]
    family, foreign = _family(), _foreign(wanted)
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=settings.cores + SPARE_THREADS)
    with runner, working_here(store, runner), Workers(settings.cores) as workers:
        shooting = Shooting(Studio(store, workers, settings.access), settings.cores, unconformed=foreign)
        reporter = Reporter(records, batch or f"run-{runtime.flow_run.id}", lambda: over(family), workers.end)
        with reporter.telling(), listening(reporter):
            failed = shooting.round([order for order in wanted if not _refused(order, versions, foreign, reporter)])
    return _concluded(BatchResult(footage=shooting.footage(), failed={order.slot.scene: str(error) for order, error in failed}), reporter.ended)


def _concluded(result: BatchResult, ended: str) -> BatchResult:
    """The flow's end: cancelled when the film does without it, 'Degraded' when a scene failed, else completed."""
    if ended:
        return Cancelled(message=ended)  # type: ignore[return-value]  # Prefect takes it as the run's state
    if result.failed:
        told = "; ".join(f"scene {scene}: {why}" for scene, why in result.failed.items())
        return Completed(name="Degraded", message=told, data=result)  # type: ignore[return-value]
    return result


def _family() -> list[UUID]:
    """This run and the film's."""
    return [UUID(one) for one in (runtime.flow_run.id, runtime.flow_run.parent_flow_run_id) if one]


def _stored(ref: MediaRef, store: Store) -> list[ShotOrder]:
    return [ShotOrder.model_validate(one) for one in json.loads(store.read(ref))]


def _foreign(orders: Sequence[ShotOrder]) -> set[int]:
    """Scenes whose type would be drawn with other fonts here than on the film's machine."""
    return {order.slot.scene for order in orders if order.lettering is not None and fonts_of(order.lettering) != order.lettering.fonts}


def _refused(order: ShotOrder, versions: Mapping[str, str], foreign: Container[int], reporter: Reporter) -> bool:
    """Whether a scene is left to the film's machine: of another version, or with type that the painter would draw with the picture."""
    scene = order.slot.scene
    if versions != KEYED:
        reporter.refuse(scene, "a worker of it has another version of Songreel")
    elif order.backend == FREE and scene in foreign:
        reporter.refuse(scene, f"a worker of it lacks a font of scene {scene}, or has another")
    else:
        return False
    return True
