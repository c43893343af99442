"""Doors that need no job: is it there, is it ready, what can it do."""

import asyncio
import importlib.metadata
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from blocks.settings import Settings
from gateway.access import may
from gateway.models import Check, Entry, Health, Ready, System
from gateway.problems import Refused, answers
from gateway.queue import DEPLOYMENT
from gateway.surroundings import Surroundings, around

router = APIRouter(prefix="/api", tags=["gateway"])
reading = APIRouter(prefix="/api", tags=["gateway"], dependencies=[Depends(may("read"))])
Around = Annotated[Surroundings, Depends(around)]
NO = answers(401, 403, 429)
STORE_PATIENCE = 5.0  # seconds for the store to answer


@router.get("/health")
async def health() -> Health:
    """The gateway answers; needs no key."""
    return Health()


@router.get("/ready", responses={503: {"model": Ready, "description": "Something that films need is away; `checks` says what."}})
async def ready(response: Response, around: Around) -> Ready:
    """Whether a film can be made now: Prefect, its deployment and a worker for it, the store. Needs no key, and names nothing."""
    checks = list(await asyncio.gather(_prefect(around), _deployment(around), _workers(around), _store(around)))
    response.status_code = 200 if all(one.ok for one in checks) else 503
    return Ready(ready=all(one.ok for one in checks), checks=checks)


@reading.get("/styles", responses=NO)
async def styles() -> list[Entry]:
    """The styles: how a film can look."""
    from songreel.painter.catalogue import styles

    shown = {"title", "description", "genres", "moods"}
    return [Entry(name=style.id, **style.model_dump(mode="json", include=shown)) for style in await run_in_threadpool(styles)]


@reading.get("/worlds", responses=NO)
async def worlds() -> list[Entry]:
    """The worlds: what the painter can draw."""
    from songreel.painter.catalogue import worlds

    shown = {"title", "description", "words", "variants", "subjects"}
    return [Entry(name=world.id, **world.model_dump(mode="json", include=shown)) for world in await run_in_threadpool(worlds)]


@reading.get("/backends", responses=NO)
async def backends(around: Around) -> list[Entry]:
    """The backends: who can shoot, at what price, and what each still needs on the gateway's own machine."""
    return [Entry(**one) for one in await run_in_threadpool(_backends, around.settings)]


@reading.get("/system", responses=NO)
async def system(around: Around) -> System:
    """The gateway's machine, and the pools whose workers make the films."""
    from songreel.execution.machine import look

    machine = await run_in_threadpool(look, around.settings.cores, around.settings.home)
    pools = [await _pool(around, pool) for pool in await around.queue.pools()] if await around.queue.healthy() else []
    return System(
        version=importlib.metadata.version("songreel"), cores=machine.cores, memory_gb=round(machine.memory_gb, 1),
        disk_free_gb=round(machine.disk_gb or 0.0, 1), gpu=machine.gpu.name if machine.gpu else "",
        store="bucket" if "://" in around.settings.store_url and not around.settings.store_url.startswith("file") else "folder",
        prefect=await around.queue.healthy(), pools=pools,
    )  # fmt: skip


async def _pool(around: Surroundings, pool: dict[str, Any]) -> dict[str, Any]:
    workers = await around.queue.workers(str(pool["name"]))
    online = sum(one.get("status") == "ONLINE" for one in workers)
    return {"name": pool["name"], "type": pool["type"], "paused": bool(pool.get("is_paused")), "workers": online}


async def _prefect(around: Surroundings) -> Check:
    ok = await around.queue.healthy()
    return Check(name="prefect", ok=ok, found="answers" if ok else "does not answer")


async def _deployment(around: Surroundings) -> Check:
    try:
        there = await around.queue.deployed(DEPLOYMENT)
    except Refused:
        there = False
    return Check(name="deployment", ok=there, found=f"{DEPLOYMENT} is {'' if there else 'not '}registered")


async def _workers(around: Surroundings) -> Check:
    try:
        online = (await _pool(around, {"name": DEPLOYMENT.partition("/")[2], "type": ""}))["workers"]
    except Refused:
        online = 0
    return Check(name="workers", ok=online > 0, found=f"{online} online")


async def _store(around: Surroundings) -> Check:
    try:
        await asyncio.wait_for(run_in_threadpool(_reach, around), STORE_PATIENCE)
    except Exception:  # whatever a store's library raises: it is not there
        return Check(name="store", ok=False, found="does not answer")
    return Check(name="store", ok=True, found="answers")


def _reach(around: Surroundings) -> None:
    store = around.store()
    store.fs.exists(store.root) if store.local else store.fs.info(f"{store.root}".partition("/")[0])


def _backends(settings: Settings) -> list[dict[str, Any]]:
    from songreel import catalogue
    from songreel.imagery import registry as images
    from songreel.video import registry as videos

    access = settings.access
    statuses = {(one.kind, one.name): one for one in (*videos.statuses(access), *images.statuses(access))}
    shown = {"name", "kind", "where", "licence", "commercial", "dollars_per_second", "max_seconds", "looks", "vram_gb"}
    return [
        {
            **profile.model_dump(mode="json", include=shown),
            "ready": statuses[profile.kind, profile.name].ready,
            "missing": statuses[profile.kind, profile.name].missing,
        }
        for profile in (*catalogue.entries("video", access), *catalogue.entries("image", access))
    ]
