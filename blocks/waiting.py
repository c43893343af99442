"""Runs that wait for a person's answer: found, and answered, in plain HTTP.

What a run asks is kept beside its paused state on the server; its answer is checked there against the form's schema.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from schemas.approval import Approval
from songreel.errors import TransientError, UserError

KEY = "approval"
GRACE = 2 * 86_400.0
"""Seconds after the deadline when Prefect itself fails a run that nobody ended kindly."""

OWN = timedelta(minutes=10)
"""After the deadline, in which a run that waits in its own process ends itself."""

TIMED_OUT = "TimedOut"
"""Name of the state of a run that nobody answered."""

TAG = "songreel"
OPEN = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED"]
NO_FORM = "schema not found"
"""In Prefect's words, for a run that waits and whose form is still on its way: it is stored after the state."""

FORM_COMES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before answering again then
PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds before asking again after the server's own fault
SERVERS_FAULT = 500  # HTTP status from which it is the server's
LIMIT = 10.0  # seconds for one answer of the server
MOST = 200  # runs that are listed; the server gives no more at once


@dataclass(frozen=True)
class Waiting:
    """A run that waits."""

    run: str
    name: str
    until: datetime
    asks: str
    """The question, in Markdown."""


def waiting(api: str, headers: Mapping[str, str] = {}) -> list[Waiting]:
    """Runs that wait for an answer, who waits longest first.

    Args:
        api: the Prefect API's address.
        headers: with which it lets us in.

    Raises:
        TransientError: it does not answer.
    """
    found = [run for run in _paused(api, headers) if deadline_of(run) is not None]
    return [Waiting(run["id"], run["name"], deadline_of(run) or datetime.max, _question(api, run, headers)) for run in found]


def deadline_of(run: Mapping[str, Any]) -> datetime | None:
    """Until when a run of the server's listing waits for approval; none when it does not."""
    details = (run.get("state") or {}).get("state_details") or {}
    if not str(details.get("pause_key") or "").startswith(KEY) or not details.get("pause_timeout"):
        return None
    return datetime.fromisoformat(details["pause_timeout"].replace("Z", "+00:00")) - timedelta(seconds=GRACE)


def answer(api: str, run: str, given: Approval, headers: Mapping[str, str] = {}) -> None:
    """Answer a run that waits.

    Args:
        api: the Prefect API's address.
        run: the run's id.
        given: the answer.
        headers: with which the API lets us in.

    Raises:
        UserError: it waits no more, or the answer is not taken.
        TransientError: the server does not answer.
    """
    for pause in (*FORM_COMES, None):
        told = _called(f"{api}/flow_runs/{run}/resume", headers, {"run_input": given.model_dump(mode="json")})
        if told["status"] == "ACCEPT":
            return
        reason = str((told.get("details") or {}).get("reason") or told["status"])
        if pause is None or NO_FORM not in reason:
            raise UserError(f"the run {run} took no answer: {reason}")
        sleep(pause)


def unanswered(seconds: float) -> str:
    """The sentence for a run that nobody answered for so many seconds."""
    days = seconds / 86_400.0
    waited = f"{days:.0f} days" if days >= 2 else f"{seconds / 3600.0:.0f} hours" if seconds >= 7200 else f"{seconds:.0f} seconds"
    return f"nobody answered within {waited}: the film is not made, and nothing was paid; started again, it goes on from its plan"


def end_overdue(api: str, headers: Mapping[str, str] = {}) -> list[str]:
    """End the runs whose deadline has passed, each with a sentence; gives their ids.

    A run that waits in its own process ends itself, unless that is gone.

    Raises:
        TransientError: the server does not answer.
    """
    now, ended = datetime.now(UTC), []
    for run in _paused(api, headers):
        until = deadline_of(run)
        if until is None or until + (timedelta(0) if run["state"]["state_details"].get("pause_reschedule") else OWN) > now:
            continue
        waited = (until - datetime.fromisoformat(run["state"]["timestamp"].replace("Z", "+00:00"))).total_seconds()
        state = {"type": "CANCELLED", "name": TIMED_OUT, "message": unanswered(waited)}
        _called(f"{api}/flow_runs/{run['id']}/set_state", headers, {"state": state, "force": True})
        ended.append(str(run["id"]))
    return ended


def unfinished(api: str, headers: Mapping[str, str] = {}) -> list[Mapping[str, Any]]:
    """Parameters of all runs of ours that have not ended, those in the queue too.

    Raises:
        TransientError: the server does not answer.
    """
    wanted = {"tags": {"all_": [TAG]}, "state": {"type": {"any_": OPEN}}}
    found: list[Mapping[str, Any]] = []
    while True:
        page = _called(f"{api}/flow_runs/filter", headers, {"flow_runs": wanted, "sort": "ID_DESC", "limit": MOST, "offset": len(found)})
        found += [run.get("parameters") or {} for run in page]
        if len(page) < MOST:
            return found


def _paused(api: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    wanted = {"flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}, "sort": "START_TIME_ASC", "limit": MOST}
    return list(_called(f"{api}/flow_runs/filter", headers, wanted))


def _question(api: str, run: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """What the run's page asks; without it, what its form says."""
    wanted = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}, "key": {"any_": [KEY]}}, "limit": 1, "sort": "CREATED_DESC"}
    if found := _called(f"{api}/artifacts/filter", headers, wanted):
        return str(found[0]["data"])
    keys = run["state"]["state_details"].get("run_input_keyset") or {}
    try:
        return str(_called(f"{api}/flow_runs/{run['id']}/input/{keys.get('description', KEY)}", headers))
    except UserError:  # it has just been answered
        return ""


def _called(address: str, headers: Mapping[str, str], body: Any = None) -> Any:
    """The server's answer; a fault of its own, such as a database that is locked for a moment, is asked past."""
    for pause in PAUSES:
        try:
            return _once(address, headers, body)
        except TransientError:
            sleep(pause)
    return _once(address, headers, body)


def _once(address: str, headers: Mapping[str, str], body: Any) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", **headers}, method="GET" if body is None else "POST")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if "//127.0.0.1" in address else []))
    try:
        with opener.open(request, timeout=LIMIT) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as error:
        kind = UserError if error.code < SERVERS_FAULT else TransientError
        raise kind(f"the Prefect server refused ({error.code}): {error.read()[:200].decode(errors='replace')}") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise TransientError(f"the Prefect server at {address.split('/api', maxsplit=1)[0]} does not answer: {error}") from error
