"""What a film that ends before its time takes with it: the runs that it started on pools."""

import logging
from typing import Any

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException
from prefect.states import Cancelling

LIVE = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED]

log = logging.getLogger("songreel.flows")


def end_children(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
    """A flow's hook on cancellation, crash and failure. What it cannot reach ends by itself: a batch looks whether its film goes on."""
    children = FlowRunFilter(
        parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[flow_run.id]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LIVE)),
    )
    try:
        with get_client(sync_client=True) as client:
            for child in client.read_flow_runs(flow_run_filter=children, sort=FlowRunSort.ID_DESC):
                client.set_flow_run_state(child.id, Cancelling(message=f"its film {flow_run.name} is {state.name}"))
    except (PrefectException, HTTPError) as error:
        log.warning("the runs that %s started could not be told: %s", flow_run.name, error)
