"""How a stage is made a task: cached by content and version, retried when that may help, one computation per result.

What only says where and how (the store, the workers, a path) does not count. A stored result whose media is gone is no result.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import CachePolicy
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext, TaskRunContext
from prefect.results import ResultStore
from prefect.tasks import exponential_backoff
from prefect.transactions import IsolationLevel

from songreel.errors import is_transient
from songreel.execution.identity import key_of, media_in
from songreel.storage import Store
from tasks.locks import FlockLocks
from tasks.results import StoreResults

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
BACKOFF = 2.0  # seconds; doubles with each retry
JITTER = 0.5  # share of the wait that is left to chance, so that many scenes do not come back at once
PLACES = ("studio", "path", "materials", "cap")
"""Parameters that say where, how and for how much, or follow from the others; never what."""

log = logging.getLogger("songreel.cache")


@dataclass
class StageKey(CachePolicy):
    """Key of a stage's result; see the module's text."""

    stage: str = ""

    def compute_key(self, task_ctx: TaskRunContext, inputs: dict[str, Any], flow_parameters: dict[str, Any], **_: Any) -> str:
        """The key, after dropping a stored result whose media is gone."""
        key = key_of(self.stage, {name: value for name, value in inputs.items() if name not in PLACES})
        studio = inputs.get("studio")
        if studio is not None and task_ctx.result_store is not None:
            _heal(task_ctx.result_store, key, studio.store)
        return key


def stage(name: str, run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function one stage of the line.

    Args:
        name: the stage's name, as in timings and keys.
        run_name: how one run of it is called, with the parameters in braces.
    """
    return task(
        name=name, task_run_name=run_name or name,
        cache_policy=StageKey(stage=name, lock_manager=FlockLocks(), isolation_level=IsolationLevel.SERIALIZABLE),
        persist_result=True, result_serializer="json",
        retries=RETRIES, retry_condition_fn=may_help, retry_delay_seconds=exponential_backoff(BACKOFF), retry_jitter_factor=JITTER,
    )  # fmt: skip


def may_help(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether to run the task again: only after a fault of the moment. A plain function, since Prefect calls nothing else."""
    return isinstance(state.data, BaseException) and is_transient(state.data)


def is_made(stage: str, store: Store, **inputs: Any) -> bool:
    """Whether a stage's result is known, with all its files: then its task gives it at once, and nothing is made.

    Args:
        stage: its name.
        store: where its media lie.
        inputs: the task's own, what only says where and how left out.
    """
    context = FlowRunContext.get()
    if context is None:
        return False
    key = key_of(stage, inputs)
    _heal(context.result_store, key, store)
    return bool(context.result_store.exists(key))


def _heal(results: ResultStore, key: str, store: Store) -> None:
    """Void a stored result whose media is gone: an empty record does not read, so the stage runs again."""
    storage = results.result_storage
    if not isinstance(storage, StoreResults) or not results.exists(key):
        return
    gone = [ref for ref in media_in(results.read(key).result) if not store.keep(ref)]
    if gone:
        log.warning("the stored %s lost %d of its files: it is made again", key, len(gone))
        results.cache.pop(key, None)
        storage.write_path(key, b"")
