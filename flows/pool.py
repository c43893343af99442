"""A Prefect work pool as a film sees it: who lives on it, runs that are started there, how they are, and their end."""

import contextlib
import logging
from collections.abc import Collection, Iterator, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, WorkerStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Cancelling, Crashed

from songreel.errors import SongreelError, TransientError

WORKER = "prefect.worker.name"  # label of a run with the worker that took it

log = logging.getLogger("songreel.fleet")


class ServerAway(TransientError):
    """The Prefect server does not answer; runs go on without it."""


class NoDeployment(SongreelError):
    """What is to run on the pool is not registered."""


@dataclass(frozen=True)
class Pool:
    """The pool of that name; runs started through it are children of the flow run in whose context it was made."""

    name: str
    _context: Context = field(default_factory=copy_context)

    def living(self) -> set[str]:
        """Names of the workers that tell the server of themselves; none when there is no such pool, or it is paused.

        Raises:
            ServerAway: the server does not answer.
        """
        with _asked() as client:
            try:
                if client.read_work_pool(self.name).is_paused:
                    return set()
                return {worker.name for worker in client.read_workers_for_work_pool(self.name) if worker.status == WorkerStatus.ONLINE}
            except ObjectNotFound:
                return set()

    def start(self, flow: str, key: str, parameters: Mapping[str, Any]) -> UUID:
        """Start a run of the flow's deployment for this pool, which has the pool's name; the same key never starts a second one.

        Raises:
            NoDeployment: there is none.
            ServerAway: the server does not answer.
        """
        try:
            return self._context.copy().run(_started, f"{flow}/{self.name}", key, dict(parameters))
        except ObjectNotFound as error:
            raise NoDeployment(f"no deployment is called {flow}/{self.name}") from error
        except (HTTPError, PrefectException) as error:
            raise ServerAway(f"the Prefect server could not start a run: {error}") from error

    def states(self, runs: Collection[UUID]) -> dict[UUID, FlowRun]:
        """These runs as the server knows them.

        Raises:
            ServerAway: the server does not answer.
        """
        if not runs:
            return {}
        with _asked() as client:
            return {run.id: run for run in client.read_flow_runs(flow_run_filter=_these(runs), sort=FlowRunSort.ID_DESC, limit=len(runs))}

    def cancel(self, run: UUID, why: str) -> None:
        """Ask a run's worker to end it."""
        self._set(run, Cancelling(message=why), force=False)

    def give_up(self, run: UUID, why: str) -> None:
        """Mark a run as lost, so that it holds no slot of the pool."""
        self._set(run, Crashed(message=why), force=True)

    def _set(self, run: UUID, state: State[Any], force: bool) -> None:
        try:
            with _asked() as client:
                client.set_flow_run_state(run, state, force=force)
        except ServerAway as error:  # the run itself looks whether its film goes on
            log.warning("%s", error)


@contextlib.contextmanager
def impatient() -> Iterator[None]:
    """Let questions of this thread fail at once while the server is away: there is other news to look at, and they are asked again."""
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        yield


def worker_of(run: FlowRun) -> str:
    """Name of the worker that took a run; empty before one did."""
    return str(run.labels.get(WORKER, ""))


def over(runs: Collection[UUID]) -> str:
    """Which of these runs has ended, or is being ended; empty when all go on, or the server does not answer."""
    with contextlib.suppress(ServerAway), _asked() as client:
        for run in client.read_flow_runs(flow_run_filter=_these(runs), sort=FlowRunSort.ID_DESC, limit=len(runs)):
            if run.state and (run.state.is_final() or run.state.is_cancelling()):
                return f"{run.name} is {run.state.name}"
    return ""


def _started(deployment: str, key: str, parameters: dict[str, Any]) -> UUID:
    from prefect.deployments import run_deployment

    run = run_deployment(deployment, parameters=parameters, timeout=0, idempotency_key=key, tags=["songreel"])
    return run.id  # type: ignore[union-attr]  # a coroutine for who is async


def _these(runs: Collection[UUID]) -> FlowRunFilter:
    return FlowRunFilter(id=FlowRunFilterId(any_=list(runs)))


@contextlib.contextmanager
def _asked() -> Iterator[SyncPrefectClient]:
    try:
        with get_client(sync_client=True) as client:
            yield client
    except ObjectNotFound:
        raise
    except (HTTPError, PrefectException) as error:
        raise ServerAway(f"the Prefect server does not answer: {error}") from error
