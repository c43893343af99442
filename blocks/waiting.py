"""Runs that wait for a person's answer: found, and answered, in plain HTTP.

What a run asks is kept beside its paused state on the server; its answer is checked there against the form's schema.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas.approval import Approval
from songreel.errors import TransientError, UserError

KEY = "approval"
GRACE = 86_400.0
"""Seconds after the deadline when Prefect itself fails a run that left its worker and that nobody ended kindly."""

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
    wanted = {"flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}, "sort": "START_TIME_ASC", "limit": MOST}
    found = [run for run in _called(f"{api}/flow_runs/filter", headers, wanted) if deadline_of(run) is not None]
    return [Waiting(run["id"], run["name"], deadline_of(run) or datetime.max, _question(api, run, headers)) for run in found]


def deadline_of(run: Mapping[str, Any]) -> datetime | None:
    """Until when a run of the server's listing waits for approval; none when it does not."""
    details = (run.get("state") or {}).get("state_details") or {}
    if not str(details.get("pause_key") or "").startswith(KEY) or not details.get("pause_timeout"):
        return None
    until = datetime.fromisoformat(details["pause_timeout"].replace("Z", "+00:00"))
    return until - timedelta(seconds=GRACE) if details.get("pause_reschedule") else until


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
    told = _called(f"{api}/flow_runs/{run}/resume", headers, {"run_input": given.model_dump(mode="json")})
    if told["status"] != "ACCEPT":
        raise UserError(f"the run {run} took no answer: {(told.get('details') or {}).get('reason') or told['status']}")


def _question(api: str, run: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    keys = run["state"]["state_details"].get("run_input_keyset") or {}
    try:
        return str(_called(f"{api}/flow_runs/{run['id']}/input/{keys.get('description', KEY)}", headers))
    except UserError:  # it has just been answered
        return ""


def _called(address: str, headers: Mapping[str, str], body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", **headers}, method="GET" if body is None else "POST")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if "//127.0.0.1" in address else []))
    try:
        with opener.open(request, timeout=LIMIT) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as error:
        raise UserError(f"the Prefect server refused ({error.code}): {error.read()[:200].decode(errors='replace')}") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise TransientError(f"the Prefect server at {address.split('/api', maxsplit=1)[0]} does not answer: {error}") from error
