"""RunPod serverless: public endpoints, and our own worker on an endpoint of one's own.

Source: RunPod's serverless API reference. There is no list of jobs to search, so an order without an answer is found again only when our
worker has put its result into the store that both share; else it counts as possibly bought until its time to live is over.
"""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas import MediaRef
from songreel.access import Account
from songreel.errors import SongreelError, TransientError
from songreel.services.client import PATIENCE, Client, Patience
from songreel.services.faults import Unanswered
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider, Seen
from songreel.storage import Records, Store

URL = "https://api.runpod.ai"
LARGEST_ORDER = 9_000_000  # bytes; the service takes ten million
STORED = "in the store"
"""Id of a job whose own id was lost, and whose result our worker put into the store."""
MADE = "made"
"""Folder of the store in which our worker says what it made, by the order's key."""
STATES: Mapping[str, Any] = {
    "IN_QUEUE": "queued", "IN_PROGRESS": "working", "RUNNING": "working", "COMPLETED": "done", "FAILED": "failed", "TIMED_OUT": "failed",
    "CANCELLED": "cancelled",
}  # fmt: skip
ADDRESSES = ("video_url", "image_url", "result", "video", "image", "url", "output")
"""Names under which endpoints give the address of a result."""


class Runpod(Provider):
    """Speaks RunPod's serverless API; use as a context manager.

    Args:
        account: the key.
        store: where our worker may have put results.
        patience: time limits; the deadline is sent along as the job's own.
    """

    service, setting = "runpod", "RUNPOD_API_KEY"
    sign_up = "https://console.runpod.io/user/settings"
    sure = False
    remembers = 0.0

    def __init__(self, account: Account, store: Store, patience: Patience = PATIENCE) -> None:
        super().__init__(Client(self.service, account, URL, patience, self.setting))
        self.lives = patience.deadline + patience.window
        self._made = Records(store, MADE)
        self._store = store
        self._webhook = account.webhook

    def submit(self, orders: Sequence[tuple[Order, Record]], store: Store) -> list[str | Exception]:
        """Queue the jobs, one request each."""
        return [self._queued(order, record, store) for order, record in orders]

    def _queued(self, order: Order, record: Record, store: Store) -> str:
        own = {"key": order.key, "files": order.about.get("files", {})} if order.about.get("own_worker") else {}
        told = {name: _plain(value, store) for name, value in {**order.input, **own}.items()}
        limits = {"executionTimeout": int(self.client.patience.deadline * 1000), "ttl": int(self.lives * 1000)}
        body = {"input": told, "policy": limits} | ({"webhook": self._webhook} if self._webhook else {})
        if (size := len(json.dumps(body))) > LARGEST_ORDER:
            raise SongreelError(
                f"the order for {order.backend} has {size / 1e6:.1f} MB, runpod takes {LARGEST_ORDER / 1e6:.0f}: use a bucket as the store"
            )
        by = record.at + self.client.patience.window
        answer = self.client.order(f"/v2/{_endpoint(order)}/run", json=body, about=order.input, by=by)
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise Unanswered("runpod took the order and gave no id")
        return str(answer["id"])

    def look(self, order: Order, record: Record) -> Seen:
        """The job's status, or what our worker left in the store."""
        if record.job == STORED:
            return self._stored(order, record) or Seen("gone", error="the worker's result is gone from the store")
        answer = self.client.get(f"/v2/{_endpoint(order)}/status/{record.job}", tries=2)
        if not isinstance(answer, dict) or answer.get("id", record.job) != record.job or answer.get("status") not in STATES:
            raise TransientError(f"runpod was asked about the job {record.job} and told of something else")
        return self._seen(order, answer)

    def cancel(self, order: Order, record: Record) -> Seen:
        """End the job."""
        if record.job == STORED:
            return Seen("done")
        answer = self.client.ask("POST", f"/v2/{_endpoint(order)}/cancel/{record.job}", repeatable=True)
        return self._seen(order, answer) if isinstance(answer, dict) and answer.get("status") in STATES else Seen("cancelled")

    def find(self, order: Order, record: Record, known: Collection[str]) -> str | None:
        """Whether our worker has left a result for the order in the store."""
        return STORED if self._made.read(order.key) is not None else None

    def fetch(self, output: str, target: Path) -> None:
        """Bring a result: from the store, out of the answer itself, or by download."""
        kind, _, rest = output.partition(":")
        if kind == "store":
            target.write_bytes(self._store.read(MediaRef.model_validate_json(rest)))
        elif kind == "data":
            target.write_bytes(base64.b64decode(rest.partition(",")[2]))
        else:
            self.client.download(output, target)

    def _stored(self, order: Order, record: Record) -> Seen | None:
        content = self._made.read(order.key)
        return self._seen(order, {"status": "COMPLETED", "output": json.loads(content)}) if content else None

    def _seen(self, order: Order, answer: Mapping[str, Any]) -> Seen:
        state, output = STATES[answer["status"]], answer.get("output")
        seconds = float(answer.get("executionTime") or 0) / 1000
        told = output if isinstance(output, dict) else {}
        share = float(told.get("progress") or 0.0) if state == "working" else 0.0
        error = _error(answer) or ("the job timed out" if answer["status"] == "TIMED_OUT" else "")
        if state == "done" and told.get("error"):
            state, error = "failed", str(told["error"])
        facts = {"job": answer.get("id"), "seconds": seconds} | ({"footage": told["footage"]} if "footage" in told else {})
        outputs = tuple(_outputs(output)) if state == "done" else ()
        return Seen(state, outputs, share, error, _dollars(order, state, seconds, told), facts)


def _endpoint(order: Order) -> str:
    return str(order.about.get("endpoint") or order.model)


def _plain(value: Any, store: Store) -> Any:
    """A value as it is, or a file as a data address."""
    if isinstance(value, MediaRef):
        return f"data:{value.media_type};base64,{base64.b64encode(store.read(value)).decode()}"
    return {name: _plain(one, store) for name, one in value.items()} if isinstance(value, dict) else value


def _outputs(output: Any) -> list[str]:
    """Addresses of the results in an answer: the worker's own form, and those of the public endpoints."""
    if isinstance(output, str):
        return [output]
    if isinstance(output, list):
        return [one for part in output for one in _outputs(part)]
    if not isinstance(output, dict):
        return []
    if "media" in output:
        return [f"store:{json.dumps(output['media'])}"]
    if "video_b64" in output:
        return [f"data:video/mp4;base64,{output['video_b64']}"]
    return next((_outputs(output[name]) for name in ADDRESSES if output.get(name)), [])


def _error(answer: Mapping[str, Any]) -> str:
    """A failed job's message; the worker's own errors come as JSON in a text."""
    error = answer.get("error")
    try:
        told = json.loads(error) if isinstance(error, str) else error
    except ValueError:
        told = error
    return str(told.get("error_message") or told) if isinstance(told, dict) else str(told or "")


def _dollars(order: Order, state: str, seconds: float, told: Mapping[str, Any]) -> float | None:
    """What a job cost: as it says, by its time where the endpoint is priced so, else as expected when it succeeded."""
    if isinstance(told.get("cost"), (int, float)):
        return float(told["cost"])
    if rate := order.about.get("dollars_per_work_second"):
        return float(rate) * seconds if seconds else None
    return order.estimate if state == "done" else 0.0
