"""A run told to the Prefect server in plain HTTP, for work too short to import Prefect for."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

LIMIT = 5.0  # seconds for one answer
PAUSES = (0.2, 0.5, 1.0)  # seconds before asking again after the server's own fault
SERVERS_FAULT = 500  # HTTP status from which it is the server's


def record_completed(url: str, flow: str, name: str, state: str, message: str, tags: Sequence[str], limit: float = LIMIT) -> bool:
    """Put a finished flow run on the server; false when it could not be told.

    Args:
        url: the API's address.
        flow: name of the flow.
        name: of the run.
        state: the name of its end, such as 'Cached'.
        message: what happened.
        tags: what it can be found by.
        limit: seconds to wait for each answer.
    """
    try:
        known = _post(f"{url}/flows/", {"name": flow}, limit)
        end = {"type": "COMPLETED", "name": state, "message": message}
        _post(f"{url}/flow_runs/", {"flow_id": known["id"], "name": name, "tags": list(tags), "state": end}, limit)
    except (urllib.error.URLError, OSError, ValueError, KeyError):
        return False
    return True


def cancel(url: str, run_id: str, message: str) -> None:
    """Mark a flow run as cancelled.

    Raises:
        OSError: the server could not be told.
    """
    state = {"type": "CANCELLED", "name": "Cancelled", "message": message}
    _post(f"{url}/flow_runs/{run_id}/set_state", {"state": state, "force": True})


def _post(address: str, body: dict[str, Any], limit: float = LIMIT) -> dict[str, Any]:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for pause in PAUSES:
        try:
            return _answer(opener, request, limit)
        except urllib.error.HTTPError as error:
            if error.code < SERVERS_FAULT:
                raise
            time.sleep(pause)  # its database is locked by its own services for a moment
    return _answer(opener, request, limit)


def _answer(opener: urllib.request.OpenerDirector, request: urllib.request.Request, limit: float) -> dict[str, Any]:
    with opener.open(request, timeout=limit) as reply:
        answer: dict[str, Any] = json.loads(reply.read())
    return answer
