"""Prefect's API as the gateway uses it: the queue and the state of every job.

Plain HTTP, so that the gateway imports no Prefect, starts in a second and goes on with whatever server answers. Reads are asked again after
the server's own faults; so are new runs, which carry an idempotency key.
"""

import asyncio
import base64
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx

from blocks.local import running_api
from blocks.settings import Settings
from gateway.problems import Refused

log = logging.getLogger("songreel.gateway")

DEPLOYMENT = "music-video/cpu"
FLOW = "music-video"
TAG = "songreel"
PATIENCE = 30.0  # seconds for one answer
PAUSES = (0.2, 0.6, 1.5, 3.0, 6.0, 10.0)  # seconds before asking again; on a busy machine a database of one file is locked for long
LONGEST_AWAY = 2.0  # the longest of them for a server that does not answer at all
WRITERS = 4  # runs that are started at once
CONNECTIONS = 16  # at once: SQLite answers few well rather than many badly
PAGE = 200  # rows in one answer, the most that Prefect gives
EVENTS_PAGE = 50  # the same for events
NOT_REGISTERED = "the deployment {} is not registered: songreel serve registers it"
AWAY = "the Prefect server does not answer: songreel serve starts it"


class Queue:
    """A client of one Prefect server; use as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._url = ""
        self._deployments: dict[str, str] = {}
        self._writers = asyncio.Semaphore(WRITERS)
        self._client = httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_connections=CONNECTIONS), headers=_credentials(settings))

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def healthy(self) -> bool:
        """Whether the server answers now."""
        try:
            return (await self._client.get(f"{self.address()}/health", timeout=2.0)).status_code == 200
        except (httpx.HTTPError, Refused):
            return False

    async def start(
        self, parameters: Mapping[str, Any], tags: list[str], key: str, name: str = "", labels: Mapping[str, str] | None = None,
        deployment: str = DEPLOYMENT,
    ) -> dict[str, Any]:  # fmt: skip
        """A new run of a deployment, or the one that this idempotency key started before.

        Args:
            parameters: of the flow.
            tags: what it can be found by, beside the deployment's.
            key: the idempotency key.
            name: of the run until it names itself.
            labels: facts that stay with the run.
            deployment: ``flow/deployment``.

        Raises:
            Refused: the deployment is not there, or does not take these parameters.
        """
        body = {
            "parameters": dict(parameters),
            "tags": tags,
            "idempotency_key": key,
            "labels": dict(labels or {}),
            **({"name": name} if name else {}),
            "state": {"type": "SCHEDULED"},
        }
        async with self._writers:
            for _ in range(2):
                found = await self.ask("POST", f"/deployments/{await self._deployment(deployment)}/create_flow_run", body)
                if found is not None:
                    return dict(found)
                self._deployments.pop(deployment, None)  # it was registered anew, under another id
        raise Refused(503, NOT_REGISTERED.format(deployment), {"Retry-After": "10"})

    async def _deployment(self, deployment: str) -> str:
        """The deployment's id, remembered."""
        if deployment not in self._deployments:
            found = await self.ask("GET", f"/deployments/name/{deployment}")
            if found is None:
                raise Refused(503, NOT_REGISTERED.format(deployment), {"Retry-After": "10"})
            self._deployments[deployment] = str(found["id"])
        return self._deployments[deployment]

    async def deployed(self, deployment: str = DEPLOYMENT) -> bool:
        """Whether the deployment is registered."""
        return await self.ask("GET", f"/deployments/name/{deployment}") is not None

    async def oldest_waiting(self) -> dict[str, Any] | None:
        """The film that has waited longest for a worker."""
        wanted = {"state": {"type": {"any_": ["SCHEDULED", "PENDING"]}}}
        found = await self.ask("POST", "/flow_runs/filter", {**_films(wanted), "sort": "EXPECTED_START_TIME_ASC", "limit": 1})
        return dict(found[0]) if found else None

    async def run(self, job: UUID) -> dict[str, Any]:
        """One job's run.

        Raises:
            Refused: there is none, or it is no film.
        """
        found = await self.ask("GET", f"/flow_runs/{job}")
        if found is None or TAG not in found["tags"]:
            raise Refused(404, f"there is no job {job}")
        return dict(found)

    async def runs(self, limit: int = PAGE, offset: int = 0, **wanted: Any) -> list[dict[str, Any]]:
        """Jobs' runs, the newest first.

        Args:
            limit: how many at most.
            offset: how many to pass over.
            wanted: more of Prefect's filters of flow runs, such as ``state`` and ``id``.
        """
        body = {**_films(wanted), "sort": "EXPECTED_START_TIME_DESC", "limit": limit, "offset": offset}
        return list(await self.ask("POST", "/flow_runs/filter", body) or [])

    async def count(self, **wanted: Any) -> int:
        """How many such jobs there are."""
        return int(await self.ask("POST", "/flow_runs/count", _films(wanted)) or 0)

    async def tasks(self, job: UUID, limit: int = PAGE, offset: int = 0) -> list[dict[str, Any]]:
        """A job's task runs, in the order of their start."""
        body = {"flow_runs": {"id": {"any_": [str(job)]}}, "sort": "EXPECTED_START_TIME_ASC", "limit": limit, "offset": offset}
        return list(await self.ask("POST", "/task_runs/filter", body) or [])

    async def events(self, job: str, since: str, limit: int = EVENTS_PAGE, names: Sequence[str] = ()) -> dict[str, Any]:
        """One page of a job's news, the latest first: ``events``, ``total`` and ``next_page``.

        Args:
            job: its id.
            since: when it was created.
            limit: how many at most.
            names: of the events; empty: all news.
        """
        event = {"name": list(names)} if names else {"prefix": ["songreel."]}
        wanted = {"event": event, "resource": {"id": [f"prefect.flow-run.{job}"]}, "occurred": {"since": since}, "order": "DESC"}
        return dict(await self.ask("POST", "/events/filter", {"filter": wanted, "limit": limit}) or {})

    async def next_events(self, token: str) -> dict[str, Any]:
        """The page that follows."""
        return dict(await self.ask("GET", f"/events/filter/next?page-token={token}") or {})

    async def set_state(self, job: UUID, kind: str, name: str, message: str) -> dict[str, Any]:
        """Ask for a state; the answer says whether it was taken."""
        body = {"state": {"type": kind, "name": name, "message": message}}
        return dict(await self.ask("POST", f"/flow_runs/{job}/set_state", body) or {})

    async def resume(self, job: UUID, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Let a waiting run go on with a person's answer; Prefect's verdict."""
        return dict(await self.ask("POST", f"/flow_runs/{job}/resume", {"run_input": dict(answer)}) or {})

    async def pools(self) -> list[dict[str, Any]]:
        """The work pools and their states."""
        return list(await self.ask("POST", "/work_pools/filter", {}) or [])

    async def workers(self, pool: str) -> list[dict[str, Any]]:
        """The workers of a pool."""
        return list(await self.ask("POST", f"/work_pools/{pool}/workers/filter", {}) or [])

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer of Prefect's API, or nothing when what is asked for is not there.

        Raises:
            Refused: it does not answer, or does not take this.
        """
        for pause in (*PAUSES, None):
            reply = await self._answer(method, path, body)
            if reply is not None and reply.status_code < 500:
                return _read(reply)
            self._url = ""  # a server that was started again may have another address
            if pause is None or (reply is None and pause > LONGEST_AWAY):
                break
            await asyncio.sleep(pause)
        log.error("Prefect: %s %s failed: %s", method, path, "no answer" if reply is None else reply.status_code)
        raise Refused(503, AWAY, {"Retry-After": "5"})

    async def _answer(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx.Response | None:
        try:
            return await self._client.request(method, f"{self.address()}{path}", json=body)
        except httpx.HTTPError as error:
            log.info("Prefect: %s %s: %r", method, path, error)
            return None

    def address(self) -> str:
        """Where the server's API is.

        Raises:
            Refused: no server is known.
        """
        self._url = self._url or running_api(self._settings).rstrip("/")
        if not self._url:
            raise Refused(503, AWAY, {"Retry-After": "5"})
        return self._url


def _films(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {"flow_runs": {"tags": {"all_": [TAG]}, **wanted}, "flows": {"name": {"any_": [FLOW]}}}


def _read(reply: httpx.Response) -> Any:
    if reply.status_code == 404:
        return None
    if reply.status_code in (401, 403):
        raise Refused(503, "the Prefect server refuses this gateway: set PREFECT_API_KEY or PREFECT_API_AUTH_STRING")
    if reply.is_error:
        log.warning("Prefect: %s %s: %s %s", reply.request.method, reply.request.url.path, reply.status_code, reply.text[:500])
        raise Refused(422, "the Prefect server does not take this: its log says more")
    return reply.json() if reply.content else {}


def _credentials(settings: Settings) -> dict[str, str]:
    if settings.prefect_api_key:
        return {"Authorization": f"Bearer {settings.prefect_api_key.get_secret_value()}"}
    if settings.prefect_api_auth_string:
        return {"Authorization": f"Basic {base64.b64encode(settings.prefect_api_auth_string.get_secret_value().encode()).decode()}"}
    return {}
