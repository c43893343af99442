"""The doors that services of AI footage call when a job ends: they wake the scene that waits for it, wherever that is.

What they say is not believed: who waits looks at the job itself. So a callback that is late, doubled or untrue costs one look.
"""

import hmac
import json
import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from gateway.problems import Refused, answers
from gateway.surroundings import Surroundings, around
from songreel.errors import UserError
from songreel.services import webhooks

router = APIRouter(prefix="/callbacks", tags=["callbacks"])
Around = Annotated[Surroundings, Depends(around)]

LONGEST_ID = 200  # characters

log = logging.getLogger("songreel.gateway")


@router.post("/replicate", status_code=204, responses=answers(401, 404, 413, 422, 503))
async def replicate(request: Request, around: Around) -> Response:
    """Take what Replicate tells of a prediction, signed by Standard Webhooks."""
    secret = await around.replicates.secret()
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
    if not right or not hmac.compare_digest(right.encode(), secret.encode("utf-8", "backslashreplace")):
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
