"""A loopback RunPod: run, status and cancel of endpoints, as its serverless reference says.

Jobs of our own worker are made by the worker's handler, in this process; those of public endpoints are small real films.
"""

import base64
import importlib.util
import io
import json
import re
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from tests.services import pictures
from tests.services.loopback import Dropped, Loopback, Reply, broken

HANDLER = Path(__file__).parents[2] / "deployments" / "runpod" / "handler.py"


def worker():
    """Our worker's handler, loaded from its file."""
    spec = importlib.util.spec_from_file_location("runpod_handler", HANDLER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


class FakeRunpod(Loopback):
    """Keeps jobs; those of public endpoints are done ``work`` seconds after they were queued."""

    def __init__(self, *args, by_hand=False, **named):
        super().__init__(*args, **named)
        self.ends: list[str] = []
        self.by_hand = by_hand
        """Whether somebody else works off the queue."""

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        if headers.get("Authorization") != f"Bearer {self.key}":
            return Reply(401, {})
        if match := re.fullmatch(r"/v2/[^/]+/cancel/([^/]+)", path):
            with self.guard:
                job = self.jobs[match[1]]
                if job["status"] in ("IN_QUEUE", "IN_PROGRESS"):
                    job["status"] = "CANCELLED"
                return {"id": match[1], "status": job["status"]}
        endpoint = re.fullmatch(r"/v2/([^/]+)/run", path)[1]

        def accept() -> dict[str, Any]:
            return self._queued(endpoint, json.loads(body))

        fault = self.fault(self.faults)
        self.answered[fault or "accepted"] += 1
        return broken(self, fault, accept) if fault else accept()

    def fetch(self, path: str, headers: dict[str, str]) -> Any:
        if path.startswith("/out/"):
            return Reply(200, self.content(self.jobs[path.split("/")[2].removesuffix(".mp4")]))
        fault = self.fault(self.asks)
        if fault == "drop":
            raise Dropped
        if fault:
            return Reply(500, {}) if fault == "500" else Reply(200, b"}{")
        with self.guard:
            job = self.jobs.get(path.rsplit("/", 1)[1])
            return self._public(job) if job else Reply(404, {"error": "job not found"})

    def _queued(self, endpoint: str, told: dict[str, Any]) -> dict[str, Any]:
        name = f"{uuid.uuid4()}-u1"
        with self.guard:
            end = self.ends.pop(0) if self.ends else ""
            job = {"id": name, "status": "IN_QUEUE", "input": told["input"], "policy": told.get("policy"), "endpoint": endpoint, "end": end}
            self.jobs[name] = job | {"queued": time.time()}
        if not self.by_hand and "order" in told["input"]:
            threading.Thread(target=self._work, args=(name,), daemon=True).start()
        return {"id": name, "status": "IN_QUEUE"}

    def _work(self, name: str) -> None:
        job = self.jobs[name]
        time.sleep(self.work)
        job["status"] = "IN_PROGRESS"
        began = time.time()
        output = worker()({"id": name, "input": job["input"]}, lambda _, word: job.update(output=word))
        self.finish(name, output, time.time() - began)

    def finish(self, name: str, output: dict[str, Any], seconds: float) -> None:
        """End a job with what the worker gave."""
        with self.guard:
            job = self.jobs[name]
            if job["status"] == "CANCELLED":
                return
            failed = {"status": "FAILED", "error": output["error"]} if "error" in output else {"status": "COMPLETED", "output": output}
            job.update(failed, executionTime=round(seconds * 1000))

    def _public(self, job: dict[str, Any]) -> dict[str, Any]:
        if "order" not in job["input"] and job["status"] in ("IN_QUEUE", "IN_PROGRESS"):
            self._advance(job)
        return {name: job[name] for name in ("id", "status", "output", "error", "executionTime") if name in job} | {"delayTime": 8}

    def _advance(self, job: dict[str, Any]) -> None:
        if time.time() - job["queued"] < self.work:
            job["status"] = "IN_PROGRESS"
        elif job["end"].startswith("failed"):
            error = json.dumps({"error_type": "RuntimeError", "error_message": job["end"].partition(":")[2].strip()})
            job.update(status="FAILED", error=error, executionTime=1000)
        else:
            cost = 0.06 * job["input"].get("duration", 5)
            job.update(status="COMPLETED", executionTime=33910, output={"video_url": f"{self.url}/out/{job['id']}.mp4", "cost": cost})

    def content(self, job: dict[str, Any]) -> bytes:
        """What a public endpoint made."""
        told = job["input"]
        fps = 24 if "2-6" in job["endpoint"] else 16
        image = str(told.get("image") or "")
        first = base64.b64decode(image.partition(",")[2]) if image.startswith("data:") else b""
        assert not first or io.BytesIO(first).read(4) == b"\x89PNG"
        width, height = (int(side) // 8 for side in told["size"].split("*"))
        number = pictures.number_of([told.get("prompt"), told.get("seed")])
        return pictures.film(number, int(told["duration"]) * fps, width // 2 * 2, height // 2 * 2, fps, first)
