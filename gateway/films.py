"""Doors of what a job makes: its plan, its scenes, the film; and one scene changed and shot again."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from gateway import ordering
from gateway.access import may
from gateway.jobs import REDO_LABEL, RUN_LABEL, job_of, status_of
from gateway.models import ENDED, Clip, Clips, Job
from gateway.problems import Refused, answers
from gateway.reels import Place, Reels
from gateway.serving import served
from gateway.surroundings import Surroundings, around
from schemas import FilmRequest, FilmResult, MediaRef, Plan
from schemas.base import Seed
from schemas.request import LONGEST_PROMPT
from songreel.errors import UserError
from songreel.painter.catalogue import find_style, find_world

router = APIRouter(prefix="/api/jobs/{job}", tags=["films"])
Around = Annotated[Surroundings, Depends(around)]
Number = Annotated[int, Path(ge=0, le=100_000, description="A scene's number, from 0.", examples=[3])]
VIDEO: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file.", "content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The range of it that was asked for."},
    307: {"description": "The bucket's own address of it, good for minutes, where the gateway is set so."},
    410: {"description": "It was there, and has expired."},
    416: {"description": "The range lies outside."},
}  # fmt: skip


class SceneEdit(BaseModel):
    """What shall be different in one scene; the rest stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"prompt": "a rocket among the stars"}, {"seed": 7}, {"world": "ocean", "style": "watercolor"}]},
    )

    prompt: Annotated[str | None, Field(min_length=1, max_length=LONGEST_PROMPT, description="What it shows.")] = None
    negative_prompt: Annotated[str | None, Field(max_length=LONGEST_PROMPT, description="What it must not show.")] = None
    seed: Annotated[Seed | None, Field(description="Another seed gives another picture.")] = None
    world: Annotated[str | None, Field(max_length=80, description="Of GET /api/worlds.")] = None
    style: Annotated[str | None, Field(max_length=80, description="Of GET /api/styles.")] = None
    backend: Annotated[str | None, Field(max_length=80, description="Who shoots it; of GET /api/backends.")] = None

    @model_validator(mode="after")
    def _something(self) -> "SceneEdit":
        if not self.model_dump(exclude_none=True):
            raise ValueError("nothing is changed: give prompt, negative_prompt, seed, world, style or backend")
        return self


@router.get("/plan", dependencies=[Depends(may("read"))], responses=answers(401, 403, 404, 409, 410, 422, 429, 503))
async def plan(job: UUID, around: Around) -> Plan:
    """The plan: treatment, scenes and their prompts; there once the song was listened to."""
    return await _plan(await around.queue.run(job), around)


@router.get("/clips", dependencies=[Depends(may("read"))], responses=answers(401, 403, 404, 409, 410, 422, 429, 503))
async def clips(job: UUID, around: Around) -> Clips:
    """The scenes, in order, with what became of each."""
    run = await around.queue.run(job)
    found = await _plan(run, around)
    status = status_of(run)
    result = await run_in_threadpool(Reels(around.store()).result, _name(run)) if status == "complete" else None
    done = {} if result else await around.newsroom.clips(run)
    return Clips(job_id=str(job), status=status, clips=_clips(job, found, result, done))


@router.get("/clips/{scene}/video", dependencies=[Depends(may("read"))], response_class=FileResponse,
            responses={**VIDEO, **answers(401, 403, 404, 409, 422, 429, 503)})  # fmt: skip
async def clip(job: UUID, scene: Number, request: Request, around: Around) -> Response:
    """One scene's clip, as it is in the film; there as soon as it is shot."""
    run = await around.queue.run(job)
    made = None if status_of(run) == "complete" else (await around.newsroom.clips(run)).get(scene)
    reels = Reels(around.store())
    place = await run_in_threadpool(reels.media, made) if made else None
    if place is not None:
        return await run_in_threadpool(served, request, reels, place, f"{_name(run)}-{scene:03d}.mp4", around.settings.gateway_redirect)
    return await _file(request, around, run, f"clips/{scene:03d}.mp4", f"scene {scene}")


@router.get("/video", dependencies=[Depends(may("read"))], response_class=FileResponse,
            responses={**VIDEO, **answers(401, 403, 404, 409, 422, 429, 503)})  # fmt: skip
async def video(job: UUID, request: Request, around: Around) -> Response:
    """The film; ranges of it can be asked for."""
    return await film_of(request, around, await around.queue.run(job))


router.add_api_route("/video", video, methods=["HEAD"], include_in_schema=False, dependencies=[Depends(may("read"))], response_class=FileResponse)


@router.get("/storyboard", dependencies=[Depends(may("read"))], response_class=FileResponse,
            responses={**VIDEO, 200: {"description": "A PNG.", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
                       **answers(401, 403, 404, 409, 422, 429, 503)})  # fmt: skip
async def storyboard(job: UUID, request: Request, around: Around) -> Response:
    """The storyboard of the finished film."""
    return await _file(request, around, await around.queue.run(job), "storyboard.png", "the storyboard")


@router.patch("/scenes/{scene}", status_code=202, dependencies=[Depends(may("make"))], responses=answers(401, 403, 404, 409, 410, 413, 422, 429, 503))
async def redo(job: UUID, scene: Number, edit: SceneEdit, request: Request, response: Response, around: Around) -> Job:
    """Change one scene and make the film again as a new job: only what changed is shot."""
    run = await around.queue.run(job)
    if status_of(run) not in ENDED:
        raise Refused(409, f"the job is {status_of(run)}: a scene is changed when it has ended; cancel it first, or wait")
    edited = edited_plan(await _plan(run, around), scene, edit)
    if not await run_in_threadpool(around.store().has, edited.song.master):
        raise Refused(410, "the song has expired in the store: send it again")
    given = ordering.parameters("", FilmRequest(), plan=edited.model_dump(mode="json"))
    new = await ordering.begun(request, around, given, edited.song.name, {REDO_LABEL: str(job)})
    response.headers["Location"] = f"/api/jobs/{new['id']}"
    return job_of(new)


def edited_plan(plan: Plan, scene: int, edit: SceneEdit) -> Plan:
    """The plan with one scene changed.

    Raises:
        Refused: there is no such scene, world or style.
    """
    if scene >= len(plan.scenes):
        raise Refused(404, f"there is no scene {scene}: the film has {len(plan.scenes)}, from 0")
    before = plan.scenes[scene]
    given = edit.model_dump(exclude_none=True)
    try:
        look: dict[str, Any] = {name: find(given.pop(name)).id for name, find in (("world", find_world), ("style", find_style)) if name in given}
    except UserError as error:
        raise Refused(422, str(error)) from error
    if "world" in look:
        look |= {"subject": "none", "variant": 0}  # what one world holds another may not
    after = before.model_copy(update={**given, "look": before.look.model_copy(update=look)})
    return plan.model_copy(update={"scenes": tuple(after if one.index == scene else one for one in plan.scenes)})


async def film_of(request: Request, around: Surroundings, run: dict[str, Any]) -> Response:
    """A run's film as a response.

    Raises:
        Refused: it is not ready, or has expired.
    """
    result = await run_in_threadpool(Reels(around.store()).result, _name(run)) if _delivered(run) else None
    name = result.film.path.replace("\\", "/").rpartition("/")[2] if result else "film.mp4"
    return await _file(request, around, run, name if name in ("film.mp4", "film.mov") else "film.mp4", "the film")


async def _file(request: Request, around: Surroundings, run: dict[str, Any], name: str, words: str) -> Response:
    reels = Reels(around.store())
    place: Place | None = await run_in_threadpool(reels.file, _name(run), name) if _delivered(run) else None
    if place is None:
        raise _missing(run, words)
    shown = f"{_name(run)}-{name.replace('/', '-')}"
    return await run_in_threadpool(served, request, reels, place, shown, around.settings.gateway_redirect)


async def _plan(run: dict[str, Any], around: Surroundings) -> Plan:
    found = await run_in_threadpool(Reels(around.store()).plan, _name(run)) if _name(run) else None
    if found is None:
        raise _missing(run, "the plan")
    return found


def _delivered(run: dict[str, Any]) -> bool:
    """Whether there may be a film: a run that breaks a hard rule fails, and its film is kept."""
    return status_of(run) in ("complete", "error") and bool(_name(run))


def _missing(run: dict[str, Any], words: str) -> Refused:
    status = status_of(run)
    if status == "complete":
        return Refused(410, f"{words} has expired in the store: start the job again, which is quick as long as its parts are kept")
    if status in ENDED:
        return Refused(404, f"{words} was never made: the job is {status}")
    return Refused(409, f"{words} is not ready: the job is {status}", {"Retry-After": "5"})


def _name(run: dict[str, Any]) -> str:
    return str((run.get("labels") or {}).get(RUN_LABEL, ""))


def _clips(job: UUID, plan: Plan, result: FilmResult | None, done: dict[int, MediaRef]) -> list[Clip]:
    made = {one.index: one for one in result.scenes} if result else {}
    fps, shot = float(plan.fps), {*made, *done}
    return [
        Clip(
            index=scene.index, start=round(scene.start_frame / fps, 3), end=round(scene.end_frame / fps, 3), prompt=scene.prompt,
            world=scene.look.world, style=scene.look.style, backend=made[scene.index].backend if scene.index in made else scene.backend,
            status="done" if scene.index in shot else "planned", cached=scene.index in made and made[scene.index].cached,
            seconds=made[scene.index].seconds if scene.index in made else 0.0, dollars=made[scene.index].dollars if scene.index in made else 0.0,
            video=f"/api/jobs/{job}/clips/{scene.index}/video" if scene.index in shot else "",
        )
        for scene in plan.scenes
    ]  # fmt: skip
