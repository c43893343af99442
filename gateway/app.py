"""The application: every door, its errors, and what it opens at its start and closes at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from blocks.settings import Settings, read
from gateway import lists, making, problems
from gateway.queue import Queue
from gateway.surroundings import Surroundings
from songreel.execution.workers import Workers

LOOKERS = 2  # uploads that are taken apart at once

ROUTERS = (lists.router, making.router)
"""A part of the gateway adds its doors here."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The gateway as an ASGI application.

    Args:
        settings: in place of the environment's.
    """
    given = settings or read()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.around = Surroundings(given, Queue(given), Workers(LOOKERS))
        try:
            yield
        finally:
            await app.state.around.close()

    app = FastAPI(title="Songreel", version="1", summary="Turns a song into a finished, beat-true music video.", lifespan=lifespan, redoc_url=None)
    for router in ROUTERS:
        app.include_router(router)
    problems.install(app)
    return app
