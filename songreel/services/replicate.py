"""Replicate: predictions by model or version, files, webhooks.

Source: Replicate's HTTP API reference. Its own Python client is not used: it loses Retry-After, has no deadline, cannot read every
status and sends the key to whoever holds a result.
"""

import base64
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas import MediaRef
from songreel.access import Account
from songreel.errors import TransientError
from songreel.services.client import PATIENCE, Client, Patience
from songreel.services.faults import Unanswered
from songreel.services.jobs import Order, Record
from songreel.services.provider import Provider, Seen
from songreel.storage import Store

URL = "https://api.replicate.com"
LARGEST_INLINE = 256_000  # bytes of a file that may go along as a data address
SKEW = 120.0  # seconds that the service's clock may differ from ours
MOST_PAGES = 30  # of a hundred predictions
STATES: Mapping[str, Any] = {
    "starting": "queued", "processing": "working", "succeeded": "done", "failed": "failed", "canceled": "cancelled", "aborted": "failed",
}  # fmt: skip
STEPS = re.compile(r"(\d+)/(\d+) \[")  # of a progress bar in a prediction's log


class Replicate(Provider):
    """Speaks Replicate's API; use as a context manager."""

    service, setting = "replicate", "REPLICATE_API_TOKEN"
    sign_up = "https://replicate.com/account/api-tokens"
    sure = True
    remembers = 3000.0  # inputs are removed after an hour, and with them the way to find an order
    lives = 3600.0

    def __init__(self, account: Account, patience: Patience = PATIENCE) -> None:
        super().__init__(Client(self.service, account, URL, patience, self.setting))
        self._webhook = account.webhook

    def told(self, order: Order) -> dict[str, Any]:
        """The input without files."""
        return {name: value for name, value in order.input.items() if isinstance(value, (str, int, float, bool))}

    def submit(self, orders: Sequence[tuple[Order, Record]], store: Store) -> list[str | Exception]:
        """Create predictions, one request each."""
        return [self._created(order, store, record.at + self.client.patience.window) for order, record in orders]

    def _created(self, order: Order, store: Store, by: float) -> str:
        body: dict[str, Any] = {"input": {name: self._value(value, store) for name, value in order.input.items()}}
        if self._webhook:
            body |= {"webhook": self._webhook, "webhook_events_filter": ["completed"]}
        name, _, version = order.model.partition(":")
        if order.about.get("latest_version") and not version:
            version = _part(self.client.get(f"/v1/models/{name}"), "latest_version", "id")
        path = "/v1/predictions" if version else f"/v1/models/{name}/predictions"
        headers = {"Cancel-After": f"{max(int(self.client.patience.deadline), 5)}s"}
        answer = self.client.order(path, json=body | ({"version": version} if version else {}), headers=headers, about=order.input, by=by)
        job = answer.get("id") if isinstance(answer, dict) else None
        return _id(job)

    def look(self, order: Order, record: Record) -> Seen:
        """The prediction."""
        answer = self.client.get(f"/v1/predictions/{record.job}", tries=2)
        if not isinstance(answer, dict) or answer.get("id") != record.job or answer.get("status") not in STATES:
            raise TransientError(f"replicate was asked about the prediction {record.job} and told of something else")
        return self._seen(order, answer)

    def cancel(self, order: Order, record: Record) -> Seen:
        """End the prediction; one that is over already is not changed by it."""
        answer = self.client.ask("POST", f"/v1/predictions/{record.job}/cancel", repeatable=True)
        return self._seen(order, answer) if isinstance(answer, dict) and answer.get("status") in STATES else Seen("cancelled")

    def find(self, order: Order, record: Record, known: Collection[str]) -> str | None:
        """The newest prediction of the model with our values, made since the order was sent and known by no other."""
        for one in self._listed(record.at - SKEW):
            given = one.get("input") or {}
            ours = all(given.get(name) == value for name, value in record.told.items())
            if ours and one.get("id") not in known and _is_of(one, order.model):
                return str(one["id"])
        return None

    def fetch(self, output: str, target: Path) -> None:
        """Download a result."""
        if output.startswith("data:"):
            target.write_bytes(base64.b64decode(output.partition(",")[2]))
        else:
            self.client.download(output, target)

    def _listed(self, since: float) -> Iterator[dict[str, Any]]:
        moment = datetime.fromtimestamp(since, UTC)
        path, params = "/v1/predictions", {"created_after": moment.isoformat().replace("+00:00", "Z")}
        for _ in range(MOST_PAGES):
            page = self.client.get(path, params=params)
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                raise TransientError("replicate gave no list of predictions")
            yield from (one for one in page["results"] if isinstance(one, dict) and _created_at(one) >= moment)
            if not page.get("next") or (page["results"] and _created_at(page["results"][-1]) < moment):
                return
            query = str(page["next"]).partition("?")[2]  # of its address only the query is taken: the key goes to the account's own
            path, params = f"/v1/predictions?{query}", {}

    def _seen(self, order: Order, answer: Mapping[str, Any]) -> Seen:
        state = STATES[answer["status"]]
        output = answer.get("output")
        outputs = [output] if isinstance(output, str) else [one for one in output or [] if isinstance(one, str)]
        metrics = answer.get("metrics") or {}
        seconds = float(metrics.get("predict_time") or 0.0)
        facts = {"prediction": answer.get("id"), "seconds": seconds}
        if order.makes == "text" and output is not None:
            outputs = [f"data:application/json;base64,{base64.b64encode(json.dumps(output).encode()).decode()}"]
        steps = STEPS.findall(str(answer.get("logs") or ""))
        share = int(steps[-1][0]) / max(int(steps[-1][1]), 1) if steps else 0.0
        error = str(answer.get("error") or ("the deadline passed before it began" if answer["status"] == "aborted" else ""))
        return Seen(state, tuple(outputs), share, error, _dollars(order, state, seconds, bool(answer.get("started_at"))), facts)

    def _value(self, value: Any, store: Store) -> Any:
        """A plain value as it is; a file as a data address, or uploaded when it is large."""
        if not isinstance(value, MediaRef):
            return value
        content = store.read(value)
        if len(content) <= LARGEST_INLINE:
            return f"data:{value.media_type};base64,{base64.b64encode(content).decode()}"
        files = {"content": (f"{value.sha256[:16]}{value.suffix}", content, value.media_type)}
        return _part(self.client.ask("POST", "/v1/files", repeatable=True, files=files), "urls", "get")


def _part(answer: Any, outer: str, inner: str) -> str:
    """A text inside an answer."""
    try:
        return str(answer[outer][inner])
    except (KeyError, TypeError):
        raise TransientError(f"replicate's answer has no {outer} with {inner}") from None


def _id(job: Any) -> str:
    if not isinstance(job, str) or not job:
        raise Unanswered("replicate took the order and gave no id")
    return job


def _is_of(prediction: Mapping[str, Any], model: str) -> bool:
    name, _, version = model.partition(":")
    return prediction.get("model") == name or bool(version and prediction.get("version") == version)


def _created_at(prediction: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(prediction.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)  # unknown: it may be ours
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _dollars(order: Order, state: str, seconds: float, started: bool) -> float | None:
    """What a prediction cost: by its time where the model is priced so, else as expected when it succeeded, nothing when it failed."""
    rate = order.about.get("dollars_per_work_second")
    if rate:
        return float(rate) * seconds
    if state == "done":
        return order.estimate
    return order.estimate if state == "cancelled" and started else 0.0
