"""Runware: pictures, many in one request. The id of a task is ours, made from the order's key, so an order is always found again.

Source: Runware's API reference (image inference, task polling).
"""

import base64
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas import MediaRef
from songreel.access import Account
from songreel.errors import TransientError
from songreel.services.client import PATIENCE, Client, Patience
from songreel.services.faults import Unanswered, fault_of
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider, Seen
from songreel.storage import Store

URL = "https://api.runware.ai"
STATES: Mapping[str, Any] = {"processing": "working", "queued": "queued", "success": "done", "error": "failed"}
UNKNOWN = ("notfound", "unknown", "invalidtaskuuid", "nosuch")  # in the code of an answer about a task that was never accepted


class Runware(Provider):
    """Speaks Runware's API; use as a context manager."""

    service, setting = "runware", "RUNWARE_API_KEY"
    sign_up = "https://my.runware.ai/keys"
    sure = True
    remembers = 3000.0
    lives = 3600.0

    def __init__(self, account: Account, patience: Patience = PATIENCE) -> None:
        super().__init__(Client(self.service, account, URL, patience, self.setting))

    def submit(self, orders: Sequence[tuple[Order, Record]], store: Store) -> list[str | Exception]:
        """All tasks in one request; one may be refused while others are taken."""
        tasks = [self._task(order, record, store) for order, record in orders]
        by = min(record.at for _, record in orders) + self.client.patience.window
        answer = self.client.order("/v1", json=tasks, about=orders[0][0].input, by=by)
        if not isinstance(answer, dict) or not (answer.get("data") or answer.get("errors")):
            raise Unanswered("runware took the order and did not say so")
        refused = {one.get("taskUUID"): one for one in answer.get("errors") or [] if isinstance(one, dict)}
        return [self._answer(order, task["taskUUID"], refused) for (order, _), task in zip(orders, tasks, strict=True)]

    def look(self, order: Order, record: Record) -> Seen:
        """The task's state."""
        seen = self._asked(order, record.job)
        if seen is None:
            return Seen("gone", error="runware knows nothing of the task")
        return seen

    def cancel(self, order: Order, record: Record) -> Seen:
        """Tasks cannot be cancelled: they take seconds. The picture stays to be collected."""
        return Seen("done")

    def find(self, order: Order, record: Record, known: Collection[str]) -> str | None:
        """The task's id, when it was accepted."""
        name = _name(record)
        return name if self._asked(order, name) is not None else None

    def fetch(self, output: str, target: Path) -> None:
        """Download a picture."""
        if output.startswith("data:"):
            target.write_bytes(base64.b64decode(output.partition(",")[2]))
        else:
            self.client.download(output, target, largest=64 << 20)

    def _task(self, order: Order, record: Record, store: Store) -> dict[str, Any]:
        told = {name: _plain(value, store) for name, value in order.input.items()}
        fixed = {"taskType": "imageInference", "taskUUID": _name(record), "model": order.model, "numberResults": 1}
        return {**fixed, "outputType": "URL", "outputFormat": "PNG", "includeCost": True, "deliveryMethod": "async", **told}

    def _answer(self, order: Order, name: str, refused: Mapping[Any, Mapping[str, Any]]) -> str | Exception:
        if name not in refused:
            return name
        return fault_of(self.service, order.backend, _words(refused[name]), _about(order))

    def _asked(self, order: Order, name: str) -> Seen | None:
        """The task's state; none when it was never accepted."""
        answer = self.client.ask("POST", "/v1", repeatable=True, tries=2, json=[{"taskType": "getResponse", "taskUUID": name}])
        if not isinstance(answer, dict):
            raise TransientError("runware answered a question with something else")
        for error in answer.get("errors") or []:
            if error.get("taskUUID") in (None, name):
                code = str(error.get("code") or "").lower()
                return None if any(word in code for word in UNKNOWN) else Seen("failed", error=_words(error), dollars=0.0)
        found = [one for one in answer.get("data") or [] if one.get("taskUUID") == name]
        if not found:
            if answer.get("data"):
                raise TransientError("runware was asked about one task and told of another")
            return None
        one = found[0]
        known: Any = STATES.get(str(one.get("status")), "working")
        state: Any = "done" if one.get("imageURL") or one.get("imageBase64Data") else known
        output = one.get("imageURL") or (f"data:image/png;base64,{one['imageBase64Data']}" if one.get("imageBase64Data") else "")
        cost = float(one["cost"]) if isinstance(one.get("cost"), (int, float)) else None
        facts = {"task": name, "seed": one.get("seed")}
        return Seen(state, (output,) if output else (), error=_words(one) if state == "failed" else "", dollars=cost, facts=facts)


def _name(record: Record) -> str:
    """The task's id: the same for the same attempt at the same order."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, record.name))


def _words(told: Mapping[str, Any]) -> str:
    return " ".join(str(told[name]) for name in ("code", "message", "parameter") if told.get(name))


def _about(order: Order) -> dict[str, Any]:
    return {"prompt": order.input.get("positivePrompt", ""), **order.input}


def _plain(value: Any, store: Store) -> Any:
    if isinstance(value, MediaRef):
        return f"data:{value.media_type};base64,{base64.b64encode(store.read(value)).decode()}"
    return value
