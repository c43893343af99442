"""The door for Prometheus."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from gateway.access import may
from gateway.problems import answers
from gateway.surroundings import Surroundings, around

router = APIRouter(tags=["gateway"], dependencies=[Depends(may("read"))])
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", response_class=PlainTextResponse, responses=answers(401, 403, 429))
async def metrics(around: Annotated[Surroundings, Depends(around)]) -> PlainTextResponse:
    """Figures for Prometheus."""
    told = await run_in_threadpool(around.outbox.standing)
    return PlainTextResponse(await around.figures.text(around.queue, around.store, around.newsroom.listeners, told), media_type=MEDIA_TYPE)
