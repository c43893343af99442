"""The application: every door, its errors, and what it opens at its start and closes at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from blocks.settings import Settings, read
from gateway import aliases, answering, callbacks, films, hookbook, hooks, lists, making, metrics, ordering, outbox, page, problems, streams
from gateway.access import Access
from gateway.bodies import BodyLimit
from gateway.counting import Counting
from gateway.figures import Figures
from gateway.keys import KeyFile
from gateway.rates import Rates
from gateway.surroundings import opened
from songreel.storage import fetching

ROUTERS: tuple[APIRouter, ...] = (
    lists.router, lists.reading, making.router, streams.router, answering.router, films.router, aliases.router, metrics.router, page.router,
    hooks.router, callbacks.router,
)  # fmt: skip
"""Every part of the gateway; another one's doors are added here."""

UPLOADS = frozenset({"/api/jobs", "/api/generate/start"})
"""Doors whose bodies may hold a song."""

ABOUT = """Send a song, follow its film, fetch it. Every request but health and readiness brings a key (`Authorization: Bearer ...`), unless the
gateway has none, when it answers to programs of its own machine alone. Errors are `application/problem+json` with one sentence.

News of a job comes by polling (`GET /api/jobs/{job}`), as server-sent events (`GET /api/jobs/{job}/events`) or through a WebSocket
(`/ws/jobs/{job}`): the same facts each way. Who was cut off goes on with the last sequence that was heard."""


def create_app(settings: Settings | None = None, reach: fetching.Reach = fetching.PUBLIC) -> FastAPI:
    """The gateway as an ASGI application.

    Args:
        settings: in place of the environment's.
        reach: how hosts of songs are found.

    Raises:
        UserError: a hook, a secret or a target of the settings cannot be read.
    """
    given, figures = settings or read(), Figures()
    hookbook.check(given)
    outbox.targets_in(given)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(given, figures, reach) as around:
            app.state.around = around
            yield

    app = FastAPI(
        title="Songreel", version="1", summary="Turns a song into a finished, beat-true music video.", description=ABOUT, lifespan=lifespan,
        redoc_url=None,
    )  # fmt: skip
    app.state.access = Access(KeyFile.of(given), Rates(given.gateway_rates))
    for router in ROUTERS:
        app.include_router(router)
    problems.install(app)
    _guard(app, given, figures)
    _describe(app)
    return app


def _guard(app: FastAPI, settings: Settings, figures: Figures) -> None:
    """What stands before every door, the outermost last."""
    app.add_middleware(BodyLimit, upload=settings.upload_limit_mb * 1_000_000, uploads=UPLOADS)
    if settings.gateway_cors:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.gateway_cors, allow_methods=["GET", "POST", "PATCH"], expose_headers=["Location", "Retry-After"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Range"],
        )  # fmt: skip
    app.add_middleware(Counting, asked=figures.asked)


def _describe(app: FastAPI) -> None:
    """Put into the OpenAPI what is read by hand: the JSON form of a job."""
    made = app.openapi

    def openapi() -> dict[str, object]:
        schema = made()
        known = schema["components"]["schemas"]
        if "Order" not in known:
            order = ordering.Order.model_json_schema(ref_template="#/components/schemas/{model}")
            for name, one in order.pop("$defs", {}).items():
                known.setdefault(name, one)
            known["Order"] = order
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
