"""A loopback Replicate: predictions, their list, files, cancelling and webhooks, as its HTTP reference says."""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.request
import uuid
from typing import Any

from tests.services import pictures
from tests.services.loopback import Dropped, Loopback, Reply, broken, stamp

WEBHOOK_KEY = b"0123456789abcdef0123456789abcdef"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(WEBHOOK_KEY).decode()
ALWAYS = {"/v1/webhooks/default/secret": {"key": WEBHOOK_SECRET}}
"""Answers that are the same for everybody with a key."""
PAGE = 100


class FakeReplicate(Loopback):
    """Keeps predictions; a job is done ``work`` seconds after it was accepted.

    ``files``: share of downloads that end so. ``ends``: what becomes of the next predictions ('failed: why', 'aborted', 'never').
    """

    def __init__(self, *args, files: dict[str, float] | None = None, late: float = 0.0, small: bool = False, **named):
        super().__init__(*args, **named)
        self.files, self.late, self.small = files or {}, late, small
        self.uploads: dict[str, bytes] = {}
        self.versions: dict[str, str] = {}
        self.ends: list[str] = []
        self.webhooks = 1
        self.words: dict[str, Any] = {"segments": [], "detected_language": "en"}
        """What a model of speech answers."""

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        if headers.get("Authorization") != f"Bearer {self.key}":
            return Reply(401, {"title": "Unauthenticated", "detail": "You did not pass an authentication token", "status": 401})
        if path == "/v1/files":
            return Reply(201, self._uploaded(body, headers))
        if match := re.fullmatch(r"/v1/predictions/([^/]+)/cancel", path):
            return self._cancelled(match[1])
        model = re.fullmatch(r"/v1/models/([^/]+/[^/]+)/predictions", path)
        told = json.loads(body)
        name = model[1] if model else self.versions[told["version"]]

        def accept() -> Reply:
            return Reply(201, self._public(self._made(name, told)))

        fault = self.fault(self.faults)
        self.answered[fault or "accepted"] += 1
        return broken(self, fault, accept) if fault else accept()

    def fetch(self, path: str, headers: dict[str, str]) -> Any:
        path, _, query = path.partition("?")
        if path.startswith("/out/"):
            return self._file(path.split("/")[2].removesuffix(".mp4").removesuffix(".png"))
        if headers.get("Authorization") != f"Bearer {self.key}":
            return Reply(401, {"title": "Unauthenticated", "status": 401})
        fault = self.fault(self.asks)
        if fault:
            return self._broken_answer(fault)
        if path == "/v1/predictions":
            return self._list(query)
        if model := re.fullmatch(r"/v1/models/([^/]+/[^/]+)", path):
            return {"latest_version": {"id": self._version(model[1])}}
        with self.guard:
            job = self.jobs.get(path.rsplit("/", 1)[1])
            return self._public(job) if job else ALWAYS.get(path) or Reply(404, {"detail": "not found", "status": 404})

    def _version(self, model: str) -> str:
        version = f"{pictures.number_of(model):064x}"
        self.versions[version] = model
        return version

    def _broken_answer(self, fault: str) -> Any:
        with self.guard:
            others = list(self.jobs.values())
        if fault == "other" and others:
            return self._public(self.chance.choice(others))
        if fault == "drop":
            raise Dropped
        if fault == "garbage":
            return Reply(200, b"{{{")
        return Reply(429, {"detail": "throttled"}, {"Retry-After": "0"}) if fault == "429" else Reply(500, {"detail": "internal"})

    def _made(self, model: str, told: dict[str, Any]) -> dict[str, Any]:
        now, job = time.time(), uuid.uuid4().hex[:26]
        with self.guard:
            end = self.ends.pop(0) if self.ends else ""
            wait = self.work + (self.late if self.chance.random() < 0.1 else 0.0)
            made = {"id": job, "model": model, "version": told.get("version", "hidden"), "input": told["input"], "created": now, "ready": now + wait}
            self.jobs[job] = made | {"webhook": told.get("webhook"), "end": end, "cancelled": False}
        if told.get("webhook"):
            for number in range(self.webhooks):
                timer = threading.Timer(wait + 0.02 * number, self._tell, (told["webhook"], job))
                timer.daemon = True
                timer.start()
        return self.jobs[job]

    def _status(self, job: dict[str, Any]) -> str:
        if job["cancelled"]:
            return "canceled"
        if time.time() < job["ready"] or job["end"] == "never":
            return "starting" if time.time() < job["created"] + self.work / 4 else "processing"
        return {"failed": "failed", "aborted": "aborted"}.get(job["end"].partition(":")[0], "succeeded")

    def _public(self, job: dict[str, Any]) -> dict[str, Any]:
        status = self._status(job)
        done = status == "succeeded"
        suffix = "png" if "sdxl" in job["model"] else "mp4"
        output = f"{self.url}/out/{job['id']}.{suffix}"
        if "whisper" in job["model"]:
            output = self.words
        return {
            "id": job["id"], "model": job["model"], "version": job["version"], "input": job["input"], "status": status, "logs": "",
            "output": ([output] if suffix == "png" else output) if done else None, "data_removed": False, "source": "api",
            "error": job["end"].partition(":")[2].strip() or None if status == "failed" else None,
            "metrics": {"predict_time": self.work} if done else {}, "created_at": stamp(job["created"]),
            "started_at": stamp(job["created"]) if status != "starting" else None, "completed_at": stamp() if done else None,
            "urls": {"get": f"{self.url}/v1/predictions/{job['id']}", "cancel": f"{self.url}/v1/predictions/{job['id']}/cancel"},
        }  # fmt: skip

    def _cancelled(self, name: str) -> Any:
        with self.guard:
            job = self.jobs.get(name)
            if job is None:
                return Reply(404, {"detail": "not found"})
            if self._status(job) in ("starting", "processing"):
                job["cancelled"] = True
            return self._public(job)

    def _list(self, query: str) -> Any:
        start = int(query.removeprefix("cursor=")) if query.startswith("cursor=") else 0
        with self.guard:
            jobs = sorted(self.jobs.values(), key=lambda job: -job["created"])
        page = [self._public(job) for job in jobs[start : start + PAGE]]
        more = f"{self.url}/v1/predictions?cursor={start + PAGE}" if start + PAGE < len(jobs) else None
        return {"previous": None, "next": more, "results": page}

    def _uploaded(self, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        name = uuid.uuid4().hex
        head, _, rest = body.partition(b"\r\n\r\n")
        assert b'name="content"' in head
        self.uploads[name] = rest.rpartition(b"\r\n--")[0]
        return {"id": name, "size": len(body), "urls": {"get": f"{self.url}/v1/files/{name}"}}

    def _file(self, name: str) -> Any:
        fault = self.fault(self.files)
        if fault == "drop":
            raise Dropped
        if fault == "500":
            return Reply(500, b"")
        if fault == "garbage":
            return Reply(200, b"<html>not your file</html>")
        with self.guard:
            done = [job for job in self.jobs.values() if self._status(job) == "succeeded"]
            job = self.chance.choice(done) if fault == "other" else self.jobs[name]
        return Reply(200, self.content(job))

    def content(self, job: dict[str, Any]) -> bytes:
        """What a prediction made."""
        told = job["input"]
        number = pictures.number_of([told.get("prompt"), told.get("seed")])
        if "sdxl" in job["model"]:
            return pictures.picture(number, told.get("width", 256), told.get("height", 256))
        frames = int(told.get("num_frames", 25))
        if self.small:
            return pictures.marked(pictures.film(number % 7, frames), job["id"])
        tall = told.get("aspect_ratio") == "9:16"
        size = (96, 160) if tall else (160, 96)
        return pictures.film(number, frames, *size, int(told.get("frames_per_second", 16)), self._image(told))

    def _image(self, told: dict[str, Any]) -> bytes:
        given = str(told.get("image") or told.get("input_image") or "")
        if given.startswith("data:"):
            return base64.b64decode(given.partition(",")[2])
        return self.uploads[given.rsplit("/", 1)[1]] if given else b""

    def _tell(self, address: str, name: str) -> None:
        body, told, now = json.dumps(self._public(self.jobs[name])).encode(), f"msg_{name}", str(int(time.time()))
        sign = base64.b64encode(hmac.new(WEBHOOK_KEY, f"{told}.{now}.".encode() + body, hashlib.sha256).digest()).decode()
        headers = {"webhook-id": told, "webhook-timestamp": now, "webhook-signature": f"v1,{sign}", "Content-Type": "application/json"}
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(urllib.request.Request(address, body, headers, method="POST"), timeout=2).close()
        except OSError:
            return  # nobody listens any more
