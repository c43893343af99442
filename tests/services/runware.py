"""A loopback Runware: image tasks, several in one request, asked for by their ids, as its API reference says."""

import base64
import json
import time
from typing import Any

from tests.services import pictures
from tests.services.loopback import Dropped, Loopback, Reply, broken

COST = 0.0006


class FakeRunware(Loopback):
    """Keeps tasks by the caller's own ids; ``refusals`` are messages for the next tasks, an empty one for none."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.refusals: list[str] = []
        self.requests: list[int] = []

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        if headers.get("Authorization") != f"Bearer {self.key}":
            return Reply(401, {"errors": [{"code": "invalidApiKey", "message": "Invalid API key"}]})
        assert path == "/v1"
        tasks = json.loads(body)
        if tasks[0]["taskType"] == "getResponse":
            return self._asked(tasks[0]["taskUUID"])

        def accept() -> Any:
            return self._taken(tasks)

        fault = self.fault(self.faults)
        self.answered[fault or "accepted"] += 1
        return broken(self, fault, accept) if fault else accept()

    def fetch(self, path: str, headers: dict[str, str]) -> Any:
        return Reply(200, self.content(self.jobs[path.split("/")[2].removesuffix(".png")]))

    def _taken(self, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        data, errors = [], []
        with self.guard:
            self.requests.append(len(tasks))
            for task in tasks:
                assert task["width"] % 64 == task["height"] % 64 == 0
                assert 128 <= min(task["width"], task["height"]) <= max(task["width"], task["height"]) <= 2048
                name, refusal = task["taskUUID"], self.refusals.pop(0) if self.refusals else ""
                if refusal:
                    errors.append({"code": "invalidProviderContent", "message": refusal, "parameter": "positivePrompt", "taskUUID": name})
                    continue
                assert name not in self.jobs, "the same task twice"
                self.jobs[name] = task | {"ready": time.time() + self.work}
                data.append({"taskType": task["taskType"], "taskUUID": name})
        return {name: value for name, value in (("data", data), ("errors", errors)) if value}

    def _asked(self, name: str) -> Any:
        fault = self.fault(self.asks)
        if fault == "drop":
            raise Dropped
        if fault:
            return Reply(500, {}) if fault == "500" else Reply(200, b"][")
        with self.guard:
            task = self.jobs.get(name)
        if task is None:
            return {"errors": [{"code": "taskNotFound", "message": "no such task", "taskUUID": name}]}
        told = {"taskType": "imageInference", "taskUUID": name}
        if time.time() < task["ready"]:
            return {"data": [told | {"status": "processing"}]}
        return {"data": [told | {"status": "success", "imageURL": f"{self.url}/out/{name}.png", "seed": task["seed"], "cost": COST}]}

    def content(self, task: dict[str, Any]) -> bytes:
        """The task's picture, at a quarter of its size."""
        number = pictures.number_of([task["positivePrompt"], task["seed"]])
        given = str(task.get("seedImage", ""))
        image = base64.b64decode(given.partition(",")[2]) if given else b""
        return pictures.picture(number, task["width"] // 4, task["height"] // 4, image, float(task.get("strength", 1.0)))
