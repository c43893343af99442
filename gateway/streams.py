"""Doors through which a job's news comes by itself: server-sent events and WebSocket. Both go on after the last news that was heard."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response, WebSocket, WebSocketDisconnect
from starlette.responses import StreamingResponse

from gateway.access import Access, may, secret_of
from gateway.jobs import status_of
from gateway.models import ENDED, JOB, Message
from gateway.problems import Refused, answers, problem
from gateway.surroundings import Surroundings, around

router = APIRouter(tags=["news"])
Around = Annotated[Surroundings, Depends(around)]

BEAT = 15.0  # seconds without news after which a comment keeps the connection alive
RETRY = 2000  # milliseconds after which a browser comes back
MOST_LISTENERS = 500
MOST_SEQUENCE = 2**53
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A `Message` in each event's data, its sequence as the id; the last event is called `end`.",
        "content": {"text/event-stream": {"example": 'id: 17\nevent: news\ndata: {"sequence": 17, "stage": "shoot", "percent": 42.5}\n\n'}},
    },
    204: {"description": "All of the job's news was heard already: do not come back."},
}  # fmt: skip


@router.get(
    "/api/jobs/{job}/events", response_class=StreamingResponse, dependencies=[Depends(may("read"))],
    responses={**STREAM, **answers(401, 403, 404, 422, 429, 503)},
)  # fmt: skip
async def events(
    job: UUID,
    request: Request,
    around: Around,
    last_event_id: Annotated[int | None, Header(ge=0, le=MOST_SEQUENCE, description="The last id that was heard.", examples=[17])] = None,
    after: Annotated[int | None, Query(ge=0, le=MOST_SEQUENCE, description="The same, where no header can be sent.", examples=[17])] = None,
) -> Response:
    """A job's news as server-sent events, from where it was left to its last word."""
    heard = last_event_id if last_event_id is not None else after
    run = await around.queue.run(job)
    _room(around)
    if heard and status_of(run) in ENDED and await around.newsroom.all_heard(run, heard):
        return Response(status_code=204)
    access: Access = request.app.state.access
    lines = _lines(around.newsroom.follow(job, heard), access, secret_of(request))
    return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


@router.websocket("/ws/jobs/{job}")
async def socket(socket: WebSocket, job: str) -> None:
    """A job's news as JSON messages; ``?after=17`` or Last-Event-ID goes on after what was heard.

    A browser, whose sockets send no headers, offers the subprotocols ``songreel`` and ``bearer.<key>``.
    """
    app = socket.app.state
    secret = secret_of(socket)
    try:
        app.access.check(socket, "read", secret)
        id_, after = _wanted(socket, job)
        _room(app.around)
        news = app.around.newsroom.follow(id_, after)
        first = await anext(news, None)  # so that a job that is not there is refused before the socket opens
    except Refused as refusal:
        await socket.send_denial_response(problem(refusal.status_code, refusal.detail, dict(refusal.headers or {})))
        return
    offered = [part.strip() for part in socket.headers.get("sec-websocket-protocol", "").split(",")]
    await socket.accept("songreel" if "songreel" in offered else None)
    gone = asyncio.create_task(_gone(socket))
    try:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await _send(socket, first, news, gone, app.access, secret)
            await socket.close()
    finally:
        gone.cancel()
        await news.aclose()


async def _send(
    socket: WebSocket, first: Message | None, news: AsyncIterator[Message], gone: "asyncio.Task[None]", access: Access, secret: str
) -> None:
    """Every message, until there are no more or the caller has gone."""
    if first is not None:
        await socket.send_text(first.model_dump_json())
    async with contextlib.aclosing(_or_beats(news, gone)) as messages:
        async for message in messages:
            if not access.still(secret):
                return
            if message is not None:
                await socket.send_text(message.model_dump_json())


async def _gone(socket: WebSocket) -> None:
    """Returns when the caller has gone; what it says is not listened to."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass


async def _lines(news: Any, access: Access, secret: str) -> AsyncIterator[str]:
    """The lines of an event stream."""
    async with contextlib.aclosing(news), contextlib.aclosing(_or_beats(news)) as messages:
        yield f"retry: {RETRY}\n\n"
        async for message in messages:
            if not access.still(secret):
                return
            yield ": still here\n\n" if message is None else f"id: {message.sequence}\nevent: {_kind(message)}\ndata: {message.model_dump_json()}\n\n"


async def _or_beats(news: AsyncIterator[Message], gone: "asyncio.Task[None] | None" = None) -> AsyncGenerator[Message | None]:
    """The news, and nothing each time that none came for long; ends when whoever listens has gone."""
    coming = asyncio.ensure_future(anext(news, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming, gone} if gone else {coming}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if gone in done:
                return
            if not done:
                yield None
                continue
            message = coming.result()
            if message is None:
                return
            yield message
            coming = asyncio.ensure_future(anext(news, None))
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError, Refused):
            await coming


def _kind(message: Message) -> str:
    return "end" if message.status in ENDED else "news"


def _wanted(socket: WebSocket, job: str) -> tuple[UUID, int | None]:
    after = socket.query_params.get("after") or socket.headers.get("last-event-id") or ""
    try:
        return UUID(job), int(after) if after else None
    except ValueError as error:
        raise Refused(422, f"a job's id looks like {JOB}, and 'after' is a number") from error


def _room(around: Surroundings) -> None:
    if around.newsroom.listeners >= MOST_LISTENERS:
        raise Refused(503, f"{MOST_LISTENERS} callers listen already, the most that this gateway serves", {"Retry-After": "10"})
