"""The door for programs of elsewhere: a signed message starts runs, one for each song however often it is delivered.

Signed by Standard Webhooks (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), or plainly: ``X-Songreel-Timestamp`` and
``X-Songreel-Signature: sha256=<hex>``, the HMAC-SHA256 of ``<timestamp>.<body>`` with the secret's text as it stands.
"""

import hashlib
import hmac
import json
import math
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from gateway import ordering, payloads, states
from gateway.access import secret_of
from gateway.hookbook import Hook, HookBook
from gateway.jobs import job_of
from gateway.models import Answer, Job
from gateway.payloads import Passed, Told, Unfit
from gateway.problems import Refused, answers
from gateway.queue import DEPLOYMENT, TAG
from gateway.surroundings import Surroundings, around
from songreel.errors import UserError
from songreel.services import webhooks

router = APIRouter(prefix="/hooks", tags=["hooks"])
Around = Annotated[Surroundings, Depends(around)]

LARGEST = 256 << 10  # bytes of a message; the largest that S3 sends by any way
PLAIN = "sha256="
STORES_OWN = ("media", "reel", "results")
"""Folders of the store that hold sound: what a run puts there is no new song."""
HOOK_LABEL, MESSAGE_LABEL, BODY_LABEL = "songreel.hook", "songreel.hook-message", "songreel.hook-body"


class Ignored(Answer):
    """A part of a message that starts no run."""

    what: str
    why: str


class Delivered(Answer):
    """What a message started, now or when it came first."""

    job_id: Annotated[str, Field(description="Of the first job; empty: the message starts none.")] = ""
    jobs: tuple[Job, ...] = ()
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True)
class Message:
    """A message whose sender is known."""

    hook: str
    id: str
    body: bytes

    def key(self, mark: str = "") -> str:
        """An idempotency key: of the message, or of an event whose mark is the same in all messages."""
        return "hook-" + hashlib.sha256("\0".join((self.hook, mark or self.id)).encode("utf-8", "backslashreplace")).hexdigest()

    @property
    def labels(self) -> dict[str, str]:
        """By which a run tells which message started it."""
        return {HOOK_LABEL: self.hook, MESSAGE_LABEL: self.key(), BODY_LABEL: hashlib.sha256(self.body).hexdigest()}


@dataclass(frozen=True)
class Start:
    """A run that a message asks for."""

    parameters: dict[str, Any]
    title: str
    key: str
    notify: str = ""


def message_form() -> dict[str, Any]:
    """The OpenAPI of a message, whose bytes are read as they came."""
    plain = {"song": "https://example.org/night-drive.flac", "request": {"style": "synthwave"}}
    content = {"application/json": {"schema": {"type": "object"}, "example": plain}}
    headers = [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": text}
        for name, text in (
            ("webhook-id", "The message's id: the same however often it is sent."),
            ("webhook-timestamp", "Unix seconds; five minutes off at most."),
            ("webhook-signature", "v1,<base64> of the HMAC-SHA256 over id.timestamp.body; several while a secret is changed."),
        )
    ]
    return {"requestBody": {"required": True, "content": content}, "parameters": headers}


@router.post("/{name}", status_code=202, responses=answers(401, 403, 404, 409, 413, 422, 429, 503), openapi_extra=message_form())
async def delivered(name: str, request: Request, around: Around) -> Delivered:
    """Take a signed message: an S3 event notification, ``{"song": ..., "request": {...}}``, or what the hook's template makes of it."""
    hook = around.hooks.find(name)
    if hook is None:
        raise Refused(404, f"there is no hook called {name[:80]!r}")
    message = await _verified(name, hook, request, around.hooks)
    payload = _payload(message.body)
    try:
        payloads.check_plain(payload)
        wanted = await _wanted(message, hook, payload, around)
    except Unfit as error:
        raise Refused(422, str(error)) from error
    jobs = tuple([job_of(await _begun(message, hook, one, around)) for one in wanted if isinstance(one, Start)])
    ignored = tuple(Ignored(what=one.what[:400], why=one.why) for one in wanted if isinstance(one, Passed))
    return Delivered(job_id=jobs[0].job_id if jobs else "", jobs=jobs, ignored=ignored)


async def _verified(name: str, hook: Hook, request: Request, book: HookBook) -> Message:
    """The message, when its sender may start runs.

    Raises:
        Refused: it may not, or asks too often.
    """
    body = await _body(request)
    if hook.keys and "authorization" in request.headers:
        request.app.state.access.check(request, "make", secret_of(request))
        return Message(name, request.headers.get("idempotency-key") or str(uuid.uuid4()), body)
    secrets = await _secrets(name, book)
    try:
        found = signed_by(request.headers, body, secrets, time.time())
    except UserError as error:
        _slow_down(book, request.client.host if request.client else "nobody", "refused")
        raise Refused(401, str(error)) from error
    _slow_down(book, f"hook {name}", "read")
    return Message(name, found, body)


async def _secrets(name: str, book: HookBook) -> tuple[str, ...]:
    try:
        found = await book.secrets(name)
    except UserError as error:
        raise Refused(503, str(error), {"Retry-After": "60"}) from error
    if not found:
        raise Refused(401, f"the hook {name} has no secret here, so no signature counts: set it in SONGREEL_HOOK_SECRETS")
    return found


def signed_by(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: float) -> str:
    """The id of a message that one of the secrets signed.

    Raises:
        UserError: none did, or not now.
    """
    if "webhook-signature" in headers or "x-songreel-signature" not in headers:
        return webhooks.validated(headers, body, secrets, now)
    stamp, given = headers.get("x-songreel-timestamp", ""), headers["x-songreel-signature"].strip()
    webhooks.fresh(stamp, now)
    said = f"{stamp}.".encode() + body
    right = [PLAIN + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest() for secret in secrets]
    if not any(webhooks.same(one, given) for one in right):
        raise UserError("the webhook's signature is not that of its content")
    own = _own_id(body)
    return f"own {own}" if own else f"said {hashlib.sha256(said).hexdigest()}"


def _own_id(body: bytes) -> str:
    """The id that a message gives itself."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    found = told.get("id") if isinstance(told, dict) else None
    return found if isinstance(found, str) else ""


def _slow_down(book: HookBook, who: str, scope: str) -> None:
    if wait := book.rates.wait(who, scope):
        raise Refused(429, "too many messages: wait a little", {"Retry-After": str(max(1, math.ceil(wait)))})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Refused(413, f"the message is larger than {LARGEST >> 10} KB, the most that a hook takes", {"Connection": "close"})
    return bytes(body)


def _payload(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(422, f"the message is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Refused(422, "the message is no JSON object")
    return found


async def _wanted(message: Message, hook: Hook, payload: dict[str, Any], around: Surroundings) -> list[Start | Passed]:
    """The runs that a message asks for; none is started before all are known to be possible."""
    if payloads.is_s3(payload):
        told: list[Told | Passed] = list(payloads.objects(payload, hook.suffixes))
    else:
        told = [Told("")]
    wanted: list[Start | Passed] = []
    for one in told:
        closed = _closed(one.song, hook, around) if isinstance(one, Told) and one.song else ""
        if isinstance(one, Passed) or closed:
            wanted.append(one if isinstance(one, Passed) else Passed(one.song, closed))
        else:
            wanted.append(await _start(message, hook, payload, one, around))
    return wanted


async def _start(message: Message, hook: Hook, payload: dict[str, Any], told: Told, around: Surroundings) -> Start:
    roots = {"payload": payload, "song": told.song or None, "record": told.record}
    given = payloads.filled(hook.parameters, roots) if hook.parameters else {} if told.song else _plain(payload)
    if told.song:
        given.setdefault("song", told.song)
    notify = ""
    if hook.deployment == DEPLOYMENT:
        order = ordering.Order.model_validate(given)
        await ordering.check_wishes(order.request, around)
        notify, given = order.notify, ordering.parameters(order.song, order.request, order.approve)
        around.outbox.check(notify)
    song = given.get("song")
    if isinstance(song, str) and song:
        await _check_song(song, hook, around)
    if hook.deployment != DEPLOYMENT:
        await states.check_parameters(around.queue, hook.deployment, given)
    title = ordering.title_of(song) if isinstance(song, str) and song else ""
    return Start(given, title, message.key(told.mark), notify)


def _plain(payload: dict[str, Any]) -> dict[str, Any]:
    """The order of a plain message, which may lie in ``data`` as in Standard Webhooks' own messages."""
    told = payload["data"] if "song" not in payload and isinstance(payload.get("data"), dict) else payload
    return {name: value for name, value in told.items() if name != "id"}


async def _check_song(song: str, hook: Hook, around: Surroundings) -> None:
    """Refuse an address that this hook may not name.

    Raises:
        Refused: 422.
    """
    if closed := _closed(song, hook, around):
        raise Refused(422, f"song: {song[:200]}: {closed}")
    await run_in_threadpool(ordering.check_address, song, around.reach)


def _closed(song: str, hook: Hook, around: Surroundings) -> str:
    """Why a song may not be named here; nothing when it may, as far as the hook goes."""
    if not song.startswith("s3://"):
        return "it is not in a place that is open to this hook" if hook.songs else ""
    store = around.settings.store_url.rstrip("/")
    if any(song.startswith(f"{store}/{folder}/") for folder in STORES_OWN):
        return "it is the store's own"
    roots = hook.songs or tuple(root for root in around.settings.songs if root.startswith("s3://"))
    opened = not roots or any(song == root or song.startswith(f"{root.rstrip('/')}/") for root in roots)
    return "" if opened and ".." not in song.split("/") else "it is not in a place that is open to this hook"


async def _begun(message: Message, hook: Hook, start: Start, around: Surroundings) -> dict[str, Any]:
    """The run, started now or by the same message before.

    Raises:
        Refused: 409, the id was used for another message.
    """
    run = await around.queue.start(start.parameters, [TAG, "hook"], start.key, start.title, message.labels, hook.deployment)
    labels, own = run.get("labels") or {}, message.labels
    if labels.get(MESSAGE_LABEL) == own[MESSAGE_LABEL] and labels.get(BODY_LABEL) != own[BODY_LABEL]:
        raise Refused(409, "this id came with another body before: each message needs an id of its own")
    await around.outbox.notify(run["id"], start.notify)
    return run
