"""Runs whose workers have ended go back to their queue, to go on with what is done already when a worker comes.

Without this a run that was under way when its machine was switched off stays 'Running' until its missing heartbeats are noticed, and a
person has to start it again.
"""

import os
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import psutil

WORKER = "prefect.worker.name"  # label of a run with the worker that took it
UNDER_WAY = ("PENDING", "RUNNING", "CANCELLING")
PATIENCE = 5.0  # seconds for one answer
MOST = 200  # runs in one answer


def hand_back(api: str, workers: Collection[str], because: str, headers: Mapping[str, str]) -> list[str]:
    """Put the workers' unfinished runs back into their queues; parts of another run are cancelled, since that one starts others.

    Args:
        api: address of the Prefect API.
        workers: names of workers that have ended.
        because: what is told on the run's page.
        headers: with which a server of the user's own lets us in.

    Returns:
        Names of the runs that will go on.

    Raises:
        httpx.HTTPError: the server could not be told.
    """
    with httpx.Client(base_url=api, headers=dict(headers), timeout=PATIENCE, trust_env=False) as client:
        wanted = {"flow_runs": {"state": {"type": {"any_": UNDER_WAY}}}, "limit": MOST}
        found = client.post("/flow_runs/filter", json=wanted).raise_for_status().json()
        alive = running_here()
        left = [run for run in found if run["labels"].get(WORKER) in workers and run["id"] not in alive]
        for run in left:
            client.post(f"/flow_runs/{run['id']}/set_state", json={"state": _state(run, because), "force": True}).raise_for_status()
    return [run["name"] for run in left if _goes_on(run)]


def running_here() -> set[str]:
    """Ids of the flow runs that have a living process on this machine."""
    return {run for one in psutil.process_iter() if (run := _run_of(one))}


def _run_of(process: psutil.Process) -> str:
    try:
        return str(process.environ().get("PREFECT__FLOW_RUN_ID", "")) if process.uids().real == os.getuid() else ""
    except (psutil.Error, OSError):
        return ""


def _goes_on(run: dict[str, Any]) -> bool:
    return run["parent_task_run_id"] is None and run["state_type"] != "CANCELLING"


def _state(run: dict[str, Any], because: str) -> dict[str, Any]:
    if not _goes_on(run):
        return {"type": "CANCELLED", "name": "Cancelled", "message": because}
    now = datetime.now(UTC).isoformat()
    return {"type": "SCHEDULED", "name": "AwaitingRetry", "message": because, "state_details": {"scheduled_time": now}}
