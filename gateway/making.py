"""Doors of jobs: start, list, look, cancel."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway import ordering
from gateway.access import may
from gateway.jobs import job_of, status_of
from gateway.models import ENDED, Job, Jobs
from gateway.problems import Refused, answers
from gateway.surroundings import Surroundings, around
from schemas import FilmRequest

router = APIRouter(prefix="/api/jobs", tags=["jobs"])
Around = Annotated[Surroundings, Depends(around)]


def order_form() -> dict[str, Any]:
    """The OpenAPI of a job's body, which is read as it comes and not by FastAPI."""
    own = {name: {"type": "string", "description": one.description or name} for name, one in FilmRequest.model_fields.items()}
    upload = {
        "type": "object", "required": ["audio"],
        "properties": {
            "audio": {"type": "string", "format": "binary", "description": "The song: sound, or video with sound."},
            "request": {"type": "string", "description": "All wishes as one JSON object, instead of fields."},
            "approve": {"type": "string", "enum": ["true", "false"], "description": "Wait for an answer once the storyboard is there."},
            "notify": {"type": "string", "description": "An https address that is told what becomes of the film."},
            **own,
        },
    }  # fmt: skip
    order = {"$ref": "#/components/schemas/Order"}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": upload}, "application/json": {"schema": order}}}}


@router.post(
    "", status_code=202, dependencies=[Depends(may("make"))], responses=answers(401, 403, 409, 413, 415, 422, 429, 503), openapi_extra=order_form()
)
async def start(request: Request, response: Response, around: Around) -> Job:
    """Make a film: of an upload (multipart, the song in ``audio``), or of a song at an https or s3 address (JSON)."""
    order = await ordering.taken(request, around)
    around.outbox.check(order.notify)
    run = await ordering.begun(request, around, order.parameters, order.title)
    await around.outbox.notify(run["id"], order.notify)
    response.headers["Location"] = f"/api/jobs/{run['id']}"
    return job_of(run)


@router.get("", dependencies=[Depends(may("read"))], responses=answers(401, 403, 422, 429, 503))
async def every(
    around: Around,
    limit: Annotated[int, Query(ge=1, le=200, description="Jobs on this page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Jobs to pass over.")] = 0,
) -> Jobs:
    """The jobs, the newest first."""
    runs, total = await around.queue.runs(limit, offset), await around.queue.count()
    return Jobs(jobs=[job_of(run) for run in runs], total=total, limit=limit, offset=offset)


@router.get("/{job}", dependencies=[Depends(may("read"))], responses=answers(401, 403, 404, 422, 429, 503))
async def one(job: UUID, around: Around) -> Job:
    """One job: how far it is, and what it says."""
    return await around.newsroom.job(job)


@router.post("/{job}/cancel", status_code=202, dependencies=[Depends(may("make"))], responses=answers(401, 403, 404, 409, 422, 429, 503))
async def cancel(job: UUID, around: Around) -> Job:
    """End a job; what it has made is kept for the next."""
    run = await around.queue.run(job)
    if status_of(run) in ENDED:
        raise Refused(409, f"the job has ended already: it is {status_of(run)}")
    answer = await around.queue.set_state(job, "CANCELLING", "Cancelling", "a caller of the gateway ended it")
    if answer.get("status") in ("ABORT", "REJECT") and (answer.get("state") or {}).get("type") != "CANCELLED":
        raise Refused(409, f"the job cannot be ended now: {(answer.get('details') or {}).get('reason') or 'Prefect refuses'}")
    return job_of(await around.queue.run(job))
