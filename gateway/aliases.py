"""Doors of older systems under their own names, so that their clients move over unchanged. Each is one of ours in another dress.

SOTA backend: ``/api/generate/*`` with its own words for genre, style and palette. Quick Music Video: ``/api/phase3/*`` and
``/api/session/*``, whose session is a job's id. VideoGen's doors are ours: ``/api/jobs`` and ``/ws/jobs``.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import FileResponse

from gateway import ordering
from gateway.access import may
from gateway.films import VIDEO, film_of
from gateway.jobs import job_of
from gateway.models import ENDED, JOB, Answer, Job, Status
from gateway.problems import Fault, Refused, answers
from gateway.surroundings import Surroundings, around

router = APIRouter(prefix="/api", tags=["older doors"])
Around = Annotated[Surroundings, Depends(around)]
JobId = Annotated[UUID, Query(description="The job's id.", examples=[JOB])]
READ, MAKE = [Depends(may("read"))], [Depends(may("make"))]

STYLES = {
    "cinematic": {"style": "cinematic"}, "energetic": {"style": "motion_graphics"}, "minimalist": {"style": "paper_cutout"},
    "artistic": {"style": "watercolor"}, "vintage": {"style": "film_grain_16mm"}, "futuristic": {"style": "synthwave"},
    "dramatic": {"style": "neon_noir"}, "playful": {"style": "cel_animation"},
}  # fmt: skip
"""What the SOTA backend called a style, in our styles."""
GENRES = ("pop", "rock", "hip-hop", "electronic", "country", "jazz", "classical", "christian", "blues", "folk")
PALETTES = ("warm", "cool", "monochrome", "vibrant")
WORDS = {"genre": GENRES, "style": tuple(STYLES), "palette": PALETTES}
FORM = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
        "type": "object", "required": ["audio"],
        "properties": {
            "audio": {"type": "string", "format": "binary", "description": "mp3, wav, flac, m4a and what else a job takes."},
            **{name: {"type": "string", "enum": list(words)} for name, words in WORDS.items()},
            "seed": {"type": "string", "pattern": "^[0-9]{1,9}$"},
        },
    }}}},
}  # fmt: skip


class Started(Answer):
    """A job has begun."""

    job_id: str


class GenerateStatus(Answer):
    """How far a job is."""

    job_id: str
    status: Status
    progress: float
    stage: str = ""
    message: str = ""
    error: str = ""


class SessionStatus(Answer):
    """How far a session's videos are."""

    session_id: str
    status: Status
    progress: float
    message: str = ""


class SessionVideo(Answer):
    """One video of a session."""

    number: int
    url: str
    name: str


class SessionResults(SessionStatus):
    """A session's videos; none until they are there."""

    videos: list[SessionVideo]


class Phase(Answer):
    """One of a session's three phases."""

    name: Literal["analysis", "planning", "video"]
    status: Status
    progress: float


class SessionPhases(SessionStatus):
    """All phases of a session."""

    phases: list[Phase]


@router.post("/generate/start", status_code=202, dependencies=MAKE, responses=answers(401, 403, 413, 415, 422, 429, 503), openapi_extra=FORM)
async def generate_start(request: Request, around: Around) -> Started:
    """Make a film of an upload, with the SOTA backend's words."""
    order = await ordering.uploaded(request, around, translated)
    run = await ordering.begun(request, around, order.parameters, order.title)
    return Started(job_id=str(run["id"]))


@router.get("/generate/status", dependencies=READ, responses=answers(401, 403, 404, 422, 429, 503))
async def generate_status(job_id: JobId, around: Around) -> GenerateStatus:
    """How far it is."""
    job = await around.newsroom.job(job_id)
    return GenerateStatus(
        job_id=job.job_id, status=job.status, progress=job.progress, stage=job.stage, message=job.message, error=job.error
    )  # fmt: skip


@router.get("/generate/result", dependencies=READ, response_class=FileResponse, responses={**VIDEO, **answers(401, 403, 404, 409, 422, 429, 503)})
async def generate_result(job_id: JobId, request: Request, around: Around) -> Response:
    """The film."""
    return await film_of(request, around, await around.queue.run(job_id))


@router.get("/phase3/status/{session_id}", dependencies=READ, responses=answers(401, 403, 404, 422, 429, 503))
async def phase3_status(session_id: UUID, around: Around) -> SessionStatus:
    """How far a session is."""
    return SessionStatus(**_session(await around.newsroom.job(session_id)))


@router.get("/phase3/results/{session_id}", dependencies=READ, responses=answers(401, 403, 404, 422, 429, 503))
async def phase3_results(session_id: UUID, around: Around) -> SessionResults:
    """A session's videos, once they are there."""
    job = await around.newsroom.job(session_id)
    videos = [SessionVideo(number=1, url=job.links.video, name=job.name)] if job.status == "complete" else []
    return SessionResults(**_session(job), videos=videos)


@router.get("/session/{session_id}/complete-status", dependencies=READ, responses=answers(401, 403, 404, 422, 429, 503))
async def complete_status(session_id: UUID, around: Around) -> SessionPhases:
    """All phases of a session: listening, planning, and the video."""
    job = await around.newsroom.job(session_id)
    return SessionPhases(**_session(job), phases=_phases(job))


def translated(fields: dict[str, str]) -> dict[str, str]:
    """The older form's fields in our words.

    Raises:
        Refused: a word is not one of theirs.
    """
    wrong = [Fault(where=name, what=f"{value[:40]!r} is not one of {', '.join(WORDS[name])}") for name, value in fields.items()
             if name in WORDS and value not in ("", *WORDS[name])]  # fmt: skip
    if wrong:
        raise Refused(422, f"{wrong[0].where}: {wrong[0].what}")
    return {**fields, **STYLES.get(fields.get("style", ""), {})}


def job_status(run: dict[str, Any]) -> Job:
    """A job without its news."""
    return job_of(run)


def _session(job: Job) -> dict[str, Any]:
    return {"session_id": job.job_id, "status": job.status, "progress": job.progress, "message": job.message}


LISTENED, PLANNED = 10.0, 16.0
"""Percent of a job from which its analysis and its plan are there."""


def _phases(job: Job) -> list[Phase]:
    spans: list[tuple[Literal["analysis", "planning", "video"], float, float]] = [
        ("analysis", 0.0, LISTENED), ("planning", LISTENED, PLANNED), ("video", PLANNED, 100.0),
    ]  # fmt: skip
    return [_phase(job, name, low, high) for name, low, high in spans]


def _phase(job: Job, name: Literal["analysis", "planning", "video"], low: float, high: float) -> Phase:
    share = min(max((job.progress - low) / (high - low), 0.0), 1.0)
    if share == 1.0:
        return Phase(name=name, status="complete", progress=100.0)
    if job.status in ENDED or job.progress >= low:
        return Phase(name=name, status=job.status, progress=round(100 * share, 1))
    return Phase(name=name, status="queued", progress=0.0)
