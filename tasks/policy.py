"""How a stage is made a task: cached by content and version, retried when that may help, one computation per result.

A key is the stage's name and version and its inputs' content. Media counts by its hash and type, never by where it lies; what only
says where and how (the store, the workers, a path) does not count at all. A stored result whose media is gone is no result.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import CachePolicy
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.results import ResultStore
from prefect.tasks import exponential_backoff
from prefect.transactions import IsolationLevel
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from schemas import MediaRef
from songreel.errors import is_transient
from songreel.storage import Store
from tasks.locks import FlockLocks

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
BACKOFF = 2.0  # seconds; doubles with each retry
JITTER = 0.5  # share of the wait that is left to chance, so that many scenes do not come back at once
PLACES = ("studio", "path", "materials")
"""Parameters that say where and how, or follow from the others; never what."""

log = logging.getLogger("songreel.cache")


@dataclass
class StageKey(CachePolicy):
    """Key of a stage's result; see the module's text."""

    stage: str = ""
    version: str = "1"

    def compute_key(self, task_ctx: TaskRunContext, inputs: dict[str, Any], flow_parameters: dict[str, Any], **_: Any) -> str:
        """The key, after dropping a stored result whose media is gone."""
        key = key_of(self.stage, self.version, inputs)
        studio = inputs.get("studio")
        if studio is not None and task_ctx.result_store is not None:
            _heal(task_ctx.result_store, key, studio.store)
        return key


def key_of(stage: str, version: str, inputs: dict[str, Any]) -> str:
    """``stage-v<version>-<hash of the inputs' content>``: letters, digits, '_' and '-' only, which every storage takes."""
    body = {name: canonical(value) for name, value in inputs.items() if name not in PLACES}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{stage}-v{version}-{hashlib.sha256(text.encode()).hexdigest()}"


def canonical(value: Any) -> Any:
    """What an input is, as plain JSON: media by hash and type, models by name and fields, mappings in order."""
    if isinstance(value, MediaRef):
        return {"sha256": value.sha256, "media_type": value.media_type}
    if isinstance(value, BaseModel):
        return {"model": type(value).__name__, **{name: canonical(getattr(value, name)) for name in type(value).model_fields}}
    if isinstance(value, dict):
        return {str(name): canonical(item) for name, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    return to_jsonable_python(value, fallback=str)


def media_in(value: Any) -> Iterator[MediaRef]:
    """Every media reference inside a result."""
    if isinstance(value, MediaRef):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from media_in(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from media_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from media_in(item)


def stage(name: str, version: str, run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function one stage of the line.

    Args:
        name: the stage's name, as in timings and keys.
        version: raise it when the same inputs give another result.
        run_name: how one run of it is called, with the parameters in braces.
    """
    return task(
        name=name, task_run_name=run_name or name,
        cache_policy=StageKey(stage=name, version=version, lock_manager=FlockLocks(), isolation_level=IsolationLevel.SERIALIZABLE),
        persist_result=True, result_serializer="json",
        retries=RETRIES, retry_condition_fn=may_help, retry_delay_seconds=exponential_backoff(BACKOFF), retry_jitter_factor=JITTER,
    )  # fmt: skip


def may_help(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether to run the task again: only after a fault of the moment. A plain function, since Prefect calls nothing else."""
    return isinstance(state.data, BaseException) and is_transient(state.data)


def _heal(results: ResultStore, key: str, store: Store) -> None:
    """Void a stored result whose media is gone: an empty record does not read, so the stage runs again."""
    if results.result_storage is None or not results.exists(key):
        return
    gone = [ref for ref in media_in(results.read(key).result) if not store.has(ref)]
    if gone:
        log.warning("the stored %s lost %d of its files: it is made again", key, len(gone))
        results.cache.pop(results._resolved_key_path(key), None)
        results.result_storage.write_path(key, content=b"")
