"""The door through which a person answers a run that waits: go on, change, or end."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from blocks.waiting import FORM_COMES, NO_FORM
from gateway.access import may
from gateway.jobs import status_of
from gateway.models import Job
from gateway.problems import Refused, answers
from gateway.surroundings import Surroundings, around
from schemas.approval import Approval

router = APIRouter(prefix="/api/jobs", tags=["jobs"], dependencies=[Depends(may("approve"))])
Around = Annotated[Surroundings, Depends(around)]


@router.post("/{job}/approve", status_code=202, responses=answers(401, 403, 404, 409, 413, 422, 429, 503))
async def approve(job: UUID, answer: Approval, around: Around) -> Job:
    """Answer a job that waits: ``go on`` makes the film, ``change`` plans it anew, ``end`` makes none."""
    run = await around.queue.run(job)
    if status_of(run) != "waiting":
        raise Refused(409, f"the job waits for no answer: it is {status_of(run)}")
    for pause in (*FORM_COMES, None):
        verdict = await around.queue.resume(job, plain(answer))
        if verdict.get("status") == "ACCEPT":
            break
        reason = str((verdict.get("details") or {}).get("reason") or "Prefect refuses")
        if pause is None or NO_FORM not in reason:
            raise Refused(409, f"the job does not take the answer: {reason}")
        await asyncio.sleep(pause)
    return await around.newsroom.job(job)


def plain(answer: BaseModel) -> dict[str, Any]:
    """The answer as the run reads it."""
    return answer.model_dump(mode="json")
