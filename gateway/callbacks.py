"""The doors that services of AI footage call when a job ends: they wake the scene that waits for it, wherever that is.

What they say is not believed: who waits looks at the job itself. So a callback that is late, doubled or untrue costs one look.
"""

import asyncio
import hmac
import json
import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from blocks.settings import Settings
from gateway.problems import Refused, answers
from gateway.surroundings import Surroundings, around
from songreel.errors import SongreelError, UserError
from songreel.services import webhooks
from songreel.services.client import Client, Patience
from songreel.services.replicate import URL

router = APIRouter(prefix="/callbacks", tags=["callbacks"])
Around = Annotated[Surroundings, Depends(around)]

LONGEST_ID = 200  # characters
ASKING = Patience(answer=10.0, tries=2, longest_wait=2.0)  # of asking Replicate for its secret, while its callback waits

log = logging.getLogger("songreel.gateway")


class Replicates:
    """The secret by which Replicate signs: the setting's, else asked of Replicate once."""

    def __init__(self, settings: Settings) -> None:
        given = settings.replicate_webhook_secret
        self._settings, self._secret = settings, given.get_secret_value() if given else ""
        self._asking = asyncio.Lock()

    async def secret(self) -> str:
        """The secret; empty: there is no account, so nobody calls.

        Raises:
            Refused: Replicate does not tell it now.
        """
        async with self._asking:
            if not self._secret and self._settings.replicate_api_token:
                self._secret = await run_in_threadpool(self._asked)
        return self._secret

    def _asked(self) -> str:
        account = self._settings.access.accounts["replicate"]
        try:
            with Client("replicate", account, URL, ASKING, "REPLICATE_API_TOKEN") as client:
                answer = client.get("/v1/webhooks/default/secret")
        except SongreelError as error:
            log.warning("Replicate does not tell its webhooks' secret: %s", error)
            raise Refused(503, "Replicate's signature cannot be checked now", {"Retry-After": "10"}) from error
        return str(answer.get("key", "")) if isinstance(answer, dict) else ""


@router.post("/replicate", status_code=204, responses=answers(401, 404, 413, 422, 503))
async def replicate(request: Request, around: Around) -> Response:
    """Take what Replicate tells of a prediction, signed by Standard Webhooks."""
    secret = await around.callbacks.secret()
    if not secret:
        raise Refused(404, "this gateway has no account at Replicate")
    body = await request.body()
    try:
        webhooks.validated(request.headers, body, secret, time.time())
    except UserError as error:
        raise Refused(401, str(error)) from error
    await _rung(body, around)
    return Response(status_code=204)


@router.post("/runpod/{secret}", responses=answers(404, 413, 422, 503))
async def runpod(secret: str, request: Request, around: Around) -> dict[str, str]:
    """Take what RunPod tells of a job, at the address that only RunPod knows."""
    right = around.settings.runpod_callback
    if not right or not hmac.compare_digest(right.encode(), secret.encode("utf-8", "surrogateescape")):
        raise Refused(404, "there is nothing here")
    await _rung(await request.body(), around)
    return {"status": "ok"}  # it asks for 200 and sends again on anything else


async def _rung(body: bytes, around: Surroundings) -> None:
    """Wake who waits for the job that a callback names.

    Raises:
        Refused: it names none, or the store is away.
    """
    job = _job_in(body)
    if not 0 < len(job) <= LONGEST_ID:
        raise Refused(422, "the callback names no job")
    try:
        await run_in_threadpool(lambda: webhooks.ring_in(around.store(), job))
    except Exception as error:  # told here: further out a fault is logged with its address, which is RunPod's secret
        log.warning("a callback could not be passed on: %s", error)
        raise Refused(503, "the store is away", {"Retry-After": "10"}) from None


def _job_in(body: bytes) -> str:
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    job = told.get("id") if isinstance(told, dict) else None
    return job if isinstance(job, str) else ""
