"""Runs that wait for an answer, as whoever answers sees them: over HTTP, late, too early, in vain."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from blocks.waiting import GRACE, answer, end_overdue, waiting
from schemas.approval import Approval
from songreel.errors import UserError
from tests import live


def suspended(api: str, past: timedelta, form: dict[str, str] | None = None) -> str:
    """A run that left its worker to wait for an answer, its deadline so long ago; its form lies under those keys."""
    from prefect.client.orchestration import get_client
    from prefect.states import Paused, Suspended

    flow = live.call(api, "/flows/", {"name": "music-video"})
    run = live.call(api, "/flow_runs/", {"flow_id": flow["id"], "name": "waits"})
    kind = Paused if form else Suspended  # one that left its worker would need a deployment to go on
    state: State[Any] = kind(timeout_seconds=int(GRACE - past.total_seconds()), pause_key="approval")
    state.state_details.run_input_keyset = form
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run["id"], state, force=True)
    return str(run["id"])


def test_runs_that_left_their_workers_and_that_nobody_answers_are_ended_kindly(prefect_api: str) -> None:
    late, early = suspended(prefect_api, timedelta(seconds=5)), suspended(prefect_api, timedelta(hours=-1))
    assert end_overdue(prefect_api) == [late]
    state = live.call(prefect_api, f"/flow_runs/{late}", method="GET")["state"]
    assert (state["type"], state["name"]) == ("CANCELLED", "TimedOut")
    assert "nothing was paid" in state["message"]
    (left,) = [one for one in waiting(prefect_api) if one.run == early]
    assert left.until - datetime.now(UTC) == pytest.approx(timedelta(hours=1), abs=timedelta(minutes=1))
    live.call(prefect_api, f"/flow_runs/{early}", method="DELETE")


def test_an_answer_that_cannot_be_is_refused_with_a_sentence(prefect_api: str) -> None:
    with pytest.raises(UserError, match=r"took no answer|refused"):
        answer(prefect_api, suspended(prefect_api, timedelta(hours=-1)), Approval())


def test_an_answer_that_comes_before_the_form_waits_for_it(prefect_api: str) -> None:
    """Prefect stores the form after the state by which a run is seen to wait."""
    run = suspended(prefect_api, timedelta(hours=-1), {"schema": "approval-schema", "response": "approval-response"})
    told: list[Any] = []
    person = threading.Thread(target=lambda: told.append(answer(prefect_api, run, Approval(answer="end"))))
    person.start()
    person.join(0.6)
    assert person.is_alive()
    form = json.dumps(Approval.model_json_schema())
    live.call(prefect_api, f"/flow_runs/{run}/input", {"key": "approval-schema", "value": form})
    person.join(10)
    assert told == [None]
    assert live.call(prefect_api, f"/flow_runs/{run}/input/approval-response", method="GET")["answer"] == "end"
