"""What hooks and the outbox ask of Prefect beside the jobs' doors: every state that a run was in, secrets, whether parameters fit."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from gateway.problems import Refused
from gateway.queue import PAGE, Queue

UNFINISHED = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING")
SAID = 3  # faults that a sentence names


async def unfinished(queue: Queue) -> AsyncIterator[dict[str, Any]]:
    """The jobs that have not ended."""
    async for run in _pages(queue, state={"type": {"any_": list(UNFINISHED)}}):
        yield run


async def ended_since(queue: Queue, moment: datetime) -> AsyncIterator[dict[str, Any]]:
    """The jobs that ended after a moment."""
    async for run in _pages(queue, end_time={"after_": moment.isoformat()}):
        yield run


async def of_ids(queue: Queue, ids: list[str]) -> list[dict[str, Any]]:
    """Jobs by their ids; those that are gone are left out."""
    return [run for start in range(0, len(ids), PAGE) for run in await queue.runs(id={"any_": ids[start : start + PAGE]})]


async def history(queue: Queue, run: str) -> list[dict[str, Any]]:
    """The states that a run was in, the oldest first."""
    found = await queue.ask("GET", f"/flow_run_states/?flow_run_id={run}") or []
    return sorted(found, key=lambda state: datetime.fromisoformat(state["timestamp"]))


async def secret(queue: Queue, block: str) -> Any:
    """The value of a Secret block; none: there is no such block."""
    found = await queue.ask("GET", f"/block_types/slug/secret/block_documents/name/{block}?include_secrets=true")
    return None if found is None else (found.get("data") or {}).get("value")


async def check_parameters(queue: Queue, deployment: str, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that a deployment's flow does not take.

    Raises:
        Refused: 422, and what is wrong; 503 when there is no such deployment.
    """
    found = await queue.ask("GET", f"/deployments/name/{deployment}")
    if found is None:
        raise Refused(503, f"the deployment {deployment} is not registered: songreel serve registers it", {"Retry-After": "10"})
    body = {"schema": found.get("parameter_openapi_schema") or {}, "values": {**(found.get("parameters") or {}), **parameters}}
    verdict = await queue.ask("POST", "/ui/schemas/validate", body) or {}
    if not verdict.get("valid", True):
        faults = list(_faults(verdict.get("errors") or ()))
        raise Refused(422, f"{deployment} does not take this: {'; '.join(faults[:SAID]) or 'its parameters are others'}")


def _faults(errors: Any, where: str = "") -> Any:
    for one in errors:
        if isinstance(one, str):
            yield f"{where or 'parameters'}: {one}"
        elif isinstance(one, Mapping):
            inner = one.get("property", one.get("index"))
            yield from _faults(one.get("errors") or (), where if inner is None else f"{where}.{inner}".lstrip("."))


async def _pages(queue: Queue, **wanted: Any) -> AsyncIterator[dict[str, Any]]:
    offset = 0
    while page := await queue.runs(offset=offset, **wanted):
        for run in page:
            yield run
        offset += len(page)
        if len(page) < PAGE:
            return
