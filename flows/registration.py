"""What a Prefect server must know of us, told as often as wished: work pools, deployments with their schedules, automations.

``prefect.yaml`` names the deployments; ``prefect deploy --all`` and `register` read the same file and leave the same behind. Registering
again changes what changed and leaves one of each; unlike with ``prefect deploy``, what a person did to schedules in the pages stays.
``python -m flows.registration [API] [KIND]`` registers all and prints the names.
"""

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import yaml
from prefect.automations import Automation
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.objects import ConcurrencyOptions, DeploymentSchedule, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import construct_schedule
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.filesystems import RemoteFileSystem
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.callables import parameter_schema

from blocks.settings import read
from songreel.errors import UserError

ROOT = Path(__file__).parents[1]
FILE = ROOT / "prefect.yaml"
TEMPLATES = ROOT / "deployments" / "work_pools"
SCHEDULE = ("slug", "active", "parameters")  # of a schedule's entry, what does not say when


SILENT = timedelta(seconds=120)
"""Without a heartbeat, after which a run's machine is taken for lost: four of them, since a busy machine is late with one."""


@dataclass(frozen=True)
class Registered:
    """What the server knows now, by name."""

    pools: tuple[str, ...]
    deployments: tuple[str, ...]


def register_all(api: str, store: str, kind: str = "process") -> Registered:
    """Tell the server at ``api`` everything, the automations and the place of results too.

    Args:
        api: the server's address, ending with ``/api``.
        store: the media store; what flows return is kept there when it is a bucket, where every machine can read it.
        kind: of the work pools: process, docker or kubernetes.

    Raises:
        UserError: `prefect.yaml` cannot be read, or a flow that it names cannot be imported.
    """
    with temporary_settings({PREFECT_API_URL: api}):
        _automation(LOST)
        if "://" in store:
            RemoteFileSystem(basepath=f"{store.rstrip('/')}/flow-results").save("songreel-results", overwrite=True)
    return register(api, kind=kind)


LOST = Automation(
    name="songreel: a lost machine's runs",
    description="A run whose heartbeats stop without an end has lost its machine: it is marked as crashed, and can be run again from what is done.",
    trigger=EventTrigger(
        match={"prefect.resource.id": ["prefect.flow-run.*"]},
        for_each={"prefect.resource.id"},
        after={"prefect.flow-run.heartbeat"},
        # Whatever a run tells is a sign of life or its end, by whichever name: Completed, Degraded, TurnedDown, Suspended ...
        expect={"prefect.flow-run.*"},
        posture=Posture.Proactive, threshold=1, within=SILENT,
    ),
    actions=[ChangeFlowRunState(state=StateType.CRASHED, message=f"no heartbeat for {SILENT.total_seconds():.0f} s: its machine was lost")],
)  # fmt: skip


def _automation(wanted: Automation) -> None:
    """Leave one automation of this name, as it is wanted."""
    try:
        known = cast("Automation", Automation.read(name=wanted.name))  # what it gives where no event loop runs
    except ValueError:  # there is none
        wanted.model_copy(deep=True).create()
        return
    wanted.model_copy(update={"id": known.id}, deep=True).update()


def register(api: str, only: Collection[str] = (), file: Path = FILE, kind: str = "process") -> Registered:
    """Tell the server at ``api`` of pools and deployments.

    Args:
        api: the server's address, ending with ``/api``.
        only: deployments as ``flow/deployment``, such as 'music-video/cpu'; empty: all of them.
        file: where the deployments are named.
        kind: of the work pools: process, docker or kubernetes.

    Raises:
        UserError: the file cannot be read, or a flow that it names cannot be imported.
    """
    named = [one for one in entries(file) if not only or f"{_flow_of(one)}/{one['name']}" in only]
    with temporary_settings({PREFECT_API_URL: api}), get_client(sync_client=True) as client:
        pools = tuple(dict.fromkeys(one["work_pool"]["name"] for one in named))
        for pool in pools:
            _pool(client, pool, kind)
        return Registered(pools, tuple(_deployment(client, one) for one in named))


def entries(file: Path = FILE) -> list[dict[str, Any]]:
    """The deployments that the file names, as it has them.

    Raises:
        UserError: it cannot be read.
    """
    try:
        read = yaml.safe_load(file.read_text())
        return list(read["deployments"])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UserError(f"{file} names no deployments: {error}") from error


def template(kind: str, pool: str = "cpu") -> dict[str, Any]:
    """The base job template of our pools of this kind; one for the pool alone goes before."""
    own, common = TEMPLATES / f"{kind}.{pool}.json", TEMPLATES / f"{kind}.json"
    found: dict[str, Any] = json.loads((own if own.exists() else common).read_text())
    return found


def _flow_of(entry: dict[str, Any]) -> str:
    """The flow's name, by its module's, so that flows which are not wanted are not imported."""
    return str(entry["entrypoint"]).rpartition(".")[2].replace("_", "-")


def _pool(client: SyncPrefectClient, name: str, kind: str) -> None:
    wanted = template(kind, name)
    try:
        known = client.read_work_pool(name)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=name, type=kind, base_job_template=wanted))
        return
    if known.type != kind:
        raise UserError(f"the work pool {name} is of the type {known.type}, not {kind}: delete it (prefect work-pool delete {name}) or name its type")
    if known.base_job_template != wanted:
        client.update_work_pool(name, WorkPoolUpdate(base_job_template=wanted))


def _deployment(client: SyncPrefectClient, entry: dict[str, Any]) -> str:
    flow, pool = _flow(entry["entrypoint"]), entry["work_pool"]
    limit, full = _at_once(entry.get("concurrency_limit"))
    known = _known(client, f"{flow.name}/{entry['name']}")
    client.create_deployment(
        flow_id=client.create_flow_from_name(flow.name), name=entry["name"], version=flow.version,
        description=entry.get("description") or flow.description, entrypoint=entry["entrypoint"], pull_steps=[],
        parameters=entry.get("parameters"), parameter_openapi_schema=parameter_schema(flow).model_dump(exclude_unset=True),
        enforce_parameter_schema=True,
        tags=entry.get("tags"), paused=known.paused if known else False, schedules=_schedules(entry.get("schedules") or (), known),
        work_pool_name=pool["name"], work_queue_name=pool.get("work_queue_name"), job_variables=pool.get("job_variables"),
        concurrency_limit=limit, concurrency_options=full,
    )  # fmt: skip
    return f"{flow.name}/{entry['name']}"


def _at_once(limit: int | dict[str, Any] | None) -> tuple[int | None, ConcurrencyOptions | None]:
    """How many runs there may be at once, and what becomes of one too many; both as the file has them."""
    if not isinstance(limit, dict):
        return limit, None
    return limit["limit"], ConcurrencyOptions(collision_strategy=limit["collision_strategy"])


def _known(client: SyncPrefectClient, name: str) -> DeploymentResponse | None:
    try:
        return client.read_deployment_by_name(name)
    except ObjectNotFound:
        return None


def _schedules(wanted: Sequence[dict[str, Any]], known: DeploymentResponse | None) -> list[DeploymentScheduleCreate]:
    """The file's schedules, each on or off and with the parameters that a person gave it, and those that a person added."""
    kept = list(known.schedules) if known else []
    own = {one.slug: one for one in kept if one.slug}
    added = [one for one in kept if one.slug not in {entry["slug"] for entry in wanted}]
    return [*(_schedule(entry, own.get(entry["slug"])) for entry in wanted), *(_as_it_is(one) for one in added)]


def _schedule(entry: dict[str, Any], known: DeploymentSchedule | None) -> DeploymentScheduleCreate:
    when = construct_schedule(**{name: value for name, value in entry.items() if name not in SCHEDULE})
    if known is not None:
        return _as_it_is(known).model_copy(update={"schedule": when})
    return DeploymentScheduleCreate(schedule=when, **{"active": True, **{name: entry[name] for name in SCHEDULE if name in entry}})


def _as_it_is(known: DeploymentSchedule) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate(
        schedule=known.schedule, active=known.active, parameters=known.parameters, slug=known.slug, max_scheduled_runs=known.max_scheduled_runs
    )


def _flow(entrypoint: str) -> Flow[..., Any]:
    try:
        return load_flow_from_entrypoint(entrypoint)
    except (ImportError, AttributeError) as error:
        raise UserError(f"the flow {entrypoint} cannot be imported: {error}") from error


def main(api: str = "", kind: str = "process") -> int:
    """Register all with the server at ``api`` (empty: the environment's) and print what is known there as one JSON value."""
    settings = read()
    try:
        print(json.dumps(asdict(register_all(api or settings.prefect_api_url, settings.store_url, kind))))
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
