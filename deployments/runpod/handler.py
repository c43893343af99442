"""What our worker does on RunPod: makes the footage of one order with a local backend of the catalogue, by its name.

With a bucket as the store (``SONGREEL_STORE=s3://...``), the result lies in it before the job ends, and a note of it under the order's key:
whoever ordered it finds it there, even when the answer is lost. Without one, a small result travels in the answer itself.
"""

import base64
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from blocks.settings import Settings, read  # noqa: E402 - after the path
from schemas import Footage, MediaRef, ShotOrder  # noqa: E402
from songreel.errors import SongreelError, UserError  # noqa: E402
from songreel.services.runpod import MADE  # noqa: E402
from songreel.storage import Records, Store  # noqa: E402
from songreel.video import registry  # noqa: E402

LARGEST_ANSWER = 7_500_000  # bytes of footage that fit into an answer as base64
TELL_EVERY = 2.0  # seconds between two words on progress
FRESH = ("out of memory", "cuda error", "device-side")  # in the message of an error after which the process is of no more use

log = logging.getLogger("songreel.worker")


def handler(job: dict[str, Any], tell: Callable[[dict[str, Any], Any], None] | None = None) -> dict[str, Any]:
    """The answer to one job.

    Args:
        job: ``{"id", "input": {"key", "order", "files"}}``.
        tell: RunPod's ``progress_update``.
    """
    try:
        return _made(job, tell or (lambda job, word: None))
    except SongreelError as error:
        return _failed(type(error).__name__, str(error))
    except Exception as error:  # whatever a model raises belongs to who ordered
        log.exception("the job failed")
        return _failed(type(error).__name__, str(error))


def _made(job: dict[str, Any], tell: Callable[[dict[str, Any], Any], None]) -> dict[str, Any]:
    told, settings = job["input"], read()
    if not isinstance(told, dict) or not {"key", "order"} <= set(told):
        raise UserError("the input has no key and order: this endpoint takes songreel's orders only")
    order = ShotOrder.model_validate(told["order"])
    if registry.profiles(settings.access) and _profile(order.backend, settings).where == "cloud":
        raise UserError(f"{order.backend} is no local backend: a worker does not order elsewhere")
    with tempfile.TemporaryDirectory() as folder:
        shared = bool(settings.store) and "://" in settings.store
        store = settings.open_store() if shared else Store(folder)
        if shared and (known := Records(store, MADE).read(str(told["key"]))):
            return dict(json.loads(known))  # made before: the job was started twice
        for data in (told.get("files") or {}).values():
            _take(data, store)
        footage = registry.shoot(order, store, settings.access, _Telling(job, tell))
        return _answer(str(told["key"]), footage, store, shared)


def _profile(name: str, settings: Settings) -> Any:
    from songreel import catalogue

    return catalogue.find("video", name, settings.access)


def _take(data: str, store: Store) -> MediaRef:
    head, _, content = data.partition(",")
    kind = head.removeprefix("data:").partition(";")[0]
    suffix = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}.get(kind, ".npz")
    return store.put_bytes(base64.b64decode(content), suffix, kind)


def _answer(key: str, footage: Footage, store: Store, shared: bool) -> dict[str, Any]:
    """What goes back: where the footage is, or the footage itself.

    Raises:
        UserError: it is too large to travel in an answer, and there is no bucket.
    """
    told: dict[str, Any] = {"footage": footage.model_dump(mode="json")}
    if shared:
        told["media"] = footage.media.model_dump(mode="json")
        Records(store, MADE).replace(key, json.dumps(told).encode())
        return told
    if footage.media.bytes > LARGEST_ANSWER:
        size = footage.media.bytes / 1e6
        raise UserError(f"the footage has {size:.1f} MB, an answer takes {LARGEST_ANSWER / 1e6:.1f}: set SONGREEL_STORE=s3://... on the endpoint")
    return told | {"video_b64": base64.b64encode(store.read(footage.media)).decode()}


def _failed(kind: str, message: str) -> dict[str, Any]:
    fresh = {"refresh_worker": True} if any(word in message.lower() for word in FRESH) else {}
    return {"error": json.dumps({"error_type": kind, "error_message": message}), **fresh}


class _Telling:
    """Passes progress on, not more often than is of use."""

    def __init__(self, job: dict[str, Any], tell: Callable[[dict[str, Any], Any], None]) -> None:
        self._job, self._tell, self._told = job, tell, 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self._told >= TELL_EVERY:
            self._told = time.monotonic()
            self._tell(self._job, {"progress": round(share, 3)})


def main() -> None:
    """Serve jobs until RunPod ends the worker."""
    import runpod

    runpod.serverless.start({"handler": lambda job: handler(job, runpod.serverless.progress_update)})


if __name__ == "__main__":
    main()
