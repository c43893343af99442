"""What a caller asks for, made a run: the wishes from a form or JSON, the song from an upload or an address."""

import hashlib
import json
import tempfile
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from flows.songs import address_of
from gateway import uploads
from gateway.problems import Refused
from gateway.queue import TAG
from gateway.surroundings import Surroundings
from schemas import FilmRequest
from schemas.media import MediaRef
from songreel.errors import TransientError, UserError
from songreel.execution.workers import Limits
from songreel.storage import Store, fetching

LARGEST_JSON = 2 << 20  # bytes
REACHING = 10.0  # seconds for an address to give its first bytes
LOOKING = Limits(silence=60.0, memory=2e9)  # of taking an upload's container apart
TEXTS = ("style", "genre", "mood", "prompt", "writer", "world", "lyrics", "backend", "lettering")
"""Wishes that are text as they stand."""


class Order(BaseModel):
    """A film of a song that lies at an address."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [
            {"song": "https://example.org/night-drive.flac", "request": {"prompt": "a lone car on a neon road", "style": "synthwave"}},
            {"song": "s3://songs/night-drive.flac", "request": {"quality": "preview"}, "approve": True},
        ]},
    )  # fmt: skip

    song: Annotated[str, Field(min_length=1, max_length=2048, description="A public https address, or s3://bucket/key of a bucket that is allowed.")]
    request: FilmRequest = FilmRequest()
    approve: Annotated[bool, Field(description="Whether the run waits for an answer once its storyboard is there.")] = False
    notify: Annotated[str, Field(max_length=2048, description="An https address that is told what becomes of the film, by signed webhooks.")] = ""


@dataclass(frozen=True)
class Taken:
    """A job as it will be started."""

    parameters: dict[str, Any]
    title: str
    notify: str = ""
    """Address that is told what becomes of it; empty: none."""


async def taken(request: Request, around: Surroundings) -> Taken:
    """The job that a request asks for; its upload is in the store then.

    Raises:
        Refused: the request is not one that can be granted.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await uploaded(request, around)
    if kind == "application/json":
        order = Order.model_validate(await json_body(request))
    elif kind == "application/x-www-form-urlencoded":
        fields = {name: str(value) for name, value in (await request.form(max_fields=uploads.MOST_FIELDS)).items()}
        own = {"song": fields.pop("song", ""), "approve": _yes(fields.pop("approve", "")), "notify": fields.pop("notify", "")}
        order = Order.model_validate({**own, "request": wishes(fields)})
    else:
        raise Refused(415, f"a job comes as multipart/form-data with the song in 'audio', or as JSON with its address, not as {kind or 'nothing'}")
    await run_in_threadpool(check_address, order.song, around.reach)
    await check_wishes(order.request, around)
    return Taken(parameters(order.song, order.request, order.approve), title_of(order.song), order.notify)


async def uploaded(request: Request, around: Surroundings, translate: Callable[[dict[str, str]], dict[str, str]] = dict) -> Taken:
    """The job of a form with a song in it.

    Args:
        request: with a multipart body that was not read yet.
        around: the gateway's.
        translate: makes our fields of the form's.

    Raises:
        Refused: it is no form, no song, too large, or asks for what cannot be.
    """
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise Refused(415, f"a song comes as multipart/form-data, in 'audio', not as {kind[:80] or 'nothing'}")
    with ExitStack() as stack:
        store = await run_in_threadpool(around.store)
        folder = stack.enter_context(store.workspace())
        limit = around.settings.upload_limit_mb * 1_000_000
        form = await uploads.Reader(uploads.boundary_of(kind), folder, limit).read(request.stream())
        fields = translate(form.fields)
        approve, notify, asked = _yes(fields.pop("approve", "")), fields.pop("notify", ""), wishes(fields)
        if form.path is None or not form.bytes:
            raise Refused(422, "audio: the form holds no song")
        await check_wishes(asked, around)
        song = await run_in_threadpool(_kept, form, around, store)
    return Taken(parameters(song, asked, approve), form.title, notify)


async def json_body(request: Request) -> Any:
    """The JSON of a request, within limits.

    Raises:
        Refused: it is too large, or no JSON.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_JSON:
            raise Refused(413, f"the body is larger than {LARGEST_JSON >> 20} MB")
    try:
        found = json.loads(bytes(body))
    except (ValueError, RecursionError) as error:
        raise Refused(422, f"the body is no JSON: {error}") from error
    return found


def check_address(song: str, reach: fetching.Reach = fetching.PUBLIC) -> None:
    """Refuse what is no address of a song, or leads where nothing is fetched from; the first bytes are waited for, and no more.

    The run looks at all of it again when it fetches the song, for by then the address may lead elsewhere.

    Raises:
        Refused: it is a path, of another scheme, not public, or nothing lies there.
    """
    if song.startswith("s3://"):
        return  # which buckets are open to callers is the workers' to know
    if not song.startswith("https://") and not (reach.own and song.startswith(f"{reach.own}/")):
        raise Refused(422, "song: a public https:// address or s3://bucket/key is taken here; a file is sent as multipart/form-data")
    came: list[bool] = []

    def enough() -> bool:
        came.append(True)
        return True

    with tempfile.TemporaryDirectory() as folder:
        try:
            fetching.fetch(song, Path(folder) / "head", within=REACHING, silence=REACHING, tries=1, reach=reach, stopped=enough)
        except TransientError as error:
            if not came:
                raise Refused(422, f"song: {error}") from error
        except UserError as error:
            raise Refused(422, f"song: {error}") from error


def title_of(address: str) -> str:
    """What a song is called by its address."""
    return uploads.title_of(unquote(urlsplit(address).path))


async def check_wishes(asked: FilmRequest, around: Surroundings) -> None:
    """Refuse wishes that no run could grant, while the caller still listens.

    Raises:
        Refused: a style, world or backend is not known, or the picture is not in the store.
    """
    try:
        await run_in_threadpool(_known, asked, around)
    except UserError as error:
        raise Refused(422, f"request: {error}") from error


def _known(asked: FilmRequest, around: Surroundings) -> None:
    from songreel.painter.catalogue import find_style, find_world

    if asked.style != "auto":
        find_style(asked.style)
    if asked.world != "auto":
        find_world(asked.world)
    if asked.image is not None and not around.store().has(asked.image):
        raise UserError("the store does not hold that image")


def parameters(song: str, request: FilmRequest, approve: bool = False, **more: Any) -> dict[str, Any]:
    """The flow's parameters; what is as it would be anyway is left out."""
    asked = request.model_dump(mode="json", exclude_defaults=True)
    return {"song": song, "request": asked, **({"approve": True} if approve else {}), **more}


async def begun(
    request: Request, around: Surroundings, given: Mapping[str, Any], title: str, labels: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Start the run, once for each Idempotency-Key."""
    own = request.headers.get("idempotency-key")
    key = f"gateway-{hashlib.sha256(own.encode()).hexdigest()}" if own else f"gateway-{uuid.uuid4()}"
    return await around.queue.start(given, [TAG, "gateway"], key, title, labels)


def _kept(form: uploads.Form, around: Surroundings, store: Store) -> str:
    """Look at the upload in a worker, put it into the store and name it."""
    try:
        found = around.workers.call("gateway.uploads:examine", str(form.path), form.suffix, limits=LOOKING)
    except TransientError as error:
        raise Refused(422, "the upload cannot be taken apart: it needs more time or memory than a song") from error
    if "refused" in found:
        raise Refused(found["status"], found["refused"])
    assert form.path is not None
    ref: MediaRef = store.put_file(form.path, found["suffix"])
    return address_of(ref, form.title)


def wishes(fields: Mapping[str, str]) -> FilmRequest:
    """The wishes of a form: each field of a film request under its name, or all of them as JSON in 'request'.

    Raises:
        ValidationError: a field is not known, or has a value that cannot be.
    """
    given = dict(fields)
    whole = _json(given.pop("request", "") or "{}")
    if not isinstance(whole, dict):
        raise Refused(422, "request: it must be a JSON object of wishes")
    single = {name: value if name in TEXTS else _json(value) for name, value in given.items() if value != ""}
    return FilmRequest.model_validate({**whole, **single})


def _json(text: str) -> Any:
    """The value of a form's field: objects and lists from JSON, anything else as it stands."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(422, f"a field of the form is no JSON: {error}") from error


def _yes(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes", "on")
