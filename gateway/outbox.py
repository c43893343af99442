"""Tells programs of elsewhere what becomes of films: a signed message for each change, sent until it is taken.

What changed is read off Prefect's own states, from where the ledger stopped: so a gateway that was down tells later what happened meanwhile.
The messages of one run come to each target in order; one that is sent twice, since its answer was lost, has the same ``webhook-id``.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from blocks.settings import Settings
from gateway import states
from gateway.jobs import RUN_LABEL, STATUS, links, sentence
from gateway.ledger import Fresh, Known, Ledger, Piece, Standing
from gateway.problems import Refused
from gateway.queue import Queue
from songreel.errors import SongreelError, TransientError, UserError
from songreel.services import webhooks
from songreel.storage import fetching
from songreel.storage.posting import Answered, post

log = logging.getLogger("songreel.outbox")

T = TypeVar("T")
Kind = Literal["scheduled", "running", "waiting", "completed", "degraded", "failed", "cancelled"]

KINDS: Mapping[str, Kind] = {
    "SCHEDULED": "scheduled", "RUNNING": "running", "PAUSED": "waiting", "COMPLETED": "completed", "FAILED": "failed", "CRASHED": "failed",
    "CANCELLED": "cancelled",
}  # fmt: skip
"""By Prefect's type of state; those that pass in a moment (pending, cancelling) are no news."""
FINAL = frozenset({"completed", "degraded", "failed", "cancelled"})
LOOK = 5.0  # seconds between two looks at the states, while Prefect's events bring none forward
SOON = 0.3  # seconds that a look waits for more events
OVERLAP = 300.0  # seconds before the cursor that are looked at again: clocks differ, and a run may end while it is looked
PAUSE = 1.0  # seconds before the second try; doubles
LONGEST_PAUSE = 3600.0
JITTER = 0.3  # of a pause, so that many do not come back together
ANSWER = 15.0  # seconds for one answer
GIVE_UP = 86_400.0  # seconds after the first try
AT_ONCE = 16  # messages on their way
AT_ONCE_EACH = 4  # to one target
STAND_BY = 5.0  # seconds between two tries to become the one that sends
NOT_REACHED = "its address may not be reached: it is not public or not https, or its certificate does not hold"
NOTIFY = "notify"
"""Name of the secret, among those of the targets, that signs for addresses which jobs name themselves."""


class Told(BaseModel):
    """How a target is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: SecretStr | Annotated[tuple[SecretStr, ...], Field(min_length=1)]
    events: tuple[Kind, ...] = ()
    """What it wants to hear of; empty: all."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Each signs: while a secret is changed, the receiver knows the old or the new one."""
        given = self.secret if isinstance(self.secret, tuple) else (self.secret,)
        return tuple(one.get_secret_value() for one in given)

    @property
    def mark(self) -> str:
        """Changes when a secret does."""
        return hashlib.sha256("\0".join(self.secrets).encode()).hexdigest()


@dataclass
class Outbox:
    """The messages of one gateway; of several that share a home folder, one sends at a time.

    Args:
        settings: name the targets.
        queue: asks Prefect.
        reach: how hosts are found.
        pause: seconds before the second try.

    Raises:
        UserError: the targets cannot be read.
    """

    settings: Settings
    queue: Queue
    reach: fetching.Reach = fetching.PUBLIC
    pause: float = PAUSE
    _targets: dict[str, Told] = field(init=False)
    _tasks: list["asyncio.Task[None]"] = field(init=False, default_factory=list)
    _ledger: Ledger | None = field(init=False, default=None)
    _changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _fresh: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        told = targets_in(self.settings)
        self._notify = told.pop(NOTIFY, None)
        self._targets = told

    def start(self) -> None:
        """Begin, when there is anybody to tell."""
        if self._targets or self._notify:
            self._tasks = [asyncio.create_task(self._alone())]

    async def close(self) -> None:
        """Stop; what was not sent is sent by the next."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def standing(self) -> Standing:
        """What is on its way to others; nothing where nobody is told."""
        return self._ledger.standing(time.time()) if self._ledger else Standing()

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take an event of Prefect's as a hint to look."""
        name = str(event.get("event", ""))
        if name.startswith("prefect.flow-run.") and not name.endswith(".heartbeat"):
            self._changed.set()

    def check(self, address: str) -> None:
        """Refuse an address that a job names and that cannot be told.

        Raises:
            UserError: it is no https address, or there is no secret to sign with.
        """
        if address and self._notify is None:
            raise UserError(f"notify: no addresses are told here, for SONGREEL_HOOK_TARGETS has no secret called {NOTIFY!r}")
        if address and not self._open_to(address):
            raise UserError("notify: only https addresses are told")

    async def notify(self, run: str, address: str) -> None:
        """Tell this address, which was checked, of one job too; an empty one is nobody."""
        if address:
            ledger = await asyncio.to_thread(self._open)
            await asyncio.to_thread(ledger.notify, run, address)
            self._changed.set()

    def _open_to(self, address: str) -> bool:
        """Whether an address is of a kind that is told; where it lies is looked at when it is."""
        try:
            url = fetching.parsed(address)
        except fetching.Forbidden:
            return False
        return url.scheme == "https" or url.host in self.settings.hook_private

    def _open(self) -> Ledger:
        self._ledger = self._ledger or Ledger(self._folder / "outbox.db")
        return self._ledger

    @property
    def _folder(self) -> Path:
        folder = self.settings.home / "gateway"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    async def _alone(self) -> None:
        """Work, as the only one in this home folder."""
        with contextlib.ExitStack() as stack:
            lock = stack.enter_context((self._folder / "outbox.lock").open("w"))
            while not _locked(lock.fileno()):
                await asyncio.sleep(STAND_BY)
            ledger = await asyncio.to_thread(self._open)
            stack.callback(ledger.close)
            marks = {url: told.mark for url, told in self._targets.items()}
            await asyncio.to_thread(ledger.set_targets, marks, time.time())
            await asyncio.gather(_for_ever(lambda: self._look(ledger)), _for_ever(lambda: self._send(ledger)))

    async def _look(self, ledger: Ledger) -> None:
        """Write down what changed since the last look, then wait for the next."""
        begun = time.time()
        since = datetime.fromtimestamp((ledger.cursor() or begun) - OVERLAP, UTC)
        runs = {run["id"]: run async for run in states.ended_since(self.queue, since)}
        runs |= {run["id"]: run async for run in states.unfinished(self.queue)}
        missing = [run for run in await asyncio.to_thread(ledger.unfinished) if run not in runs]
        found = {run["id"]: run for run in await states.of_ids(self.queue, missing)}
        await asyncio.to_thread(ledger.end, [run for run in missing if run not in found], begun)
        for run in (*found.values(), *runs.values()):
            await self._take(run, ledger)
        await asyncio.to_thread(ledger.advance, begun)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), LOOK)
            await asyncio.sleep(SOON)
        self._changed.clear()

    async def _take(self, run: Mapping[str, Any], ledger: Ledger) -> None:
        known, state = await asyncio.to_thread(ledger.known, run["id"]), str((run.get("state") or {}).get("id"))
        if known.state == state:
            return
        past = await states.history(self.queue, run["id"])
        news, known = news_of(run, past, known)
        ended = bool(past) and kind_of(past[-1]) in FINAL
        if await asyncio.to_thread(lambda: ledger.take(run["id"], known, news, self._wants, time.time(), ended=ended)):
            self._fresh.set()

    def _wants(self, url: str, kind: str) -> bool:
        told = self._targets.get(url)
        return told is not None and (not told.events or kind in told.events)

    async def _send(self, ledger: Ledger) -> None:
        """Send what is due, then wait until something is or comes."""
        way: dict[asyncio.Task[None], Piece] = {}
        try:
            while True:
                self._fresh.clear()
                pieces = await asyncio.to_thread(ledger.due, time.time(), _numbers(way), 4 * AT_ONCE)
                for piece in pieces:
                    same = sum(one.url == piece.url for one in way.values())
                    if len(way) < AT_ONCE and same < AT_ONCE_EACH:
                        way[asyncio.create_task(self._sent(piece, ledger))] = piece
                left = {piece.number for piece in pieces} - set(_numbers(way))
                due = None if left else await asyncio.to_thread(ledger.next_due, _numbers(way))  # left: a way must end first
                for task in await self._paused(way, due):
                    del way[task]
                    task.result()
        finally:
            for task in way:
                task.cancel()

    async def _paused(self, way: Mapping["asyncio.Task[None]", Piece], due: float | None) -> set["asyncio.Task[None]"]:
        """Wait until a message's way ends, news comes or a pause is over; gives what ended."""
        wait = LOOK if due is None else min(max(due - time.time(), 0.0), LOOK)
        fresh = asyncio.create_task(self._fresh.wait())
        try:
            done, _ = await asyncio.wait({fresh, *way}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        finally:
            fresh.cancel()
        return {task for task in way if task in done}

    async def _sent(self, piece: Piece, ledger: Ledger) -> None:
        """Send one message once, and write down what came of it."""
        try:
            answer = await _beside(lambda: self._posted(piece))
            error = "" if 200 <= answer.status < 300 else f"answered {answer.status}"
        except SongreelError as fault:
            answer, error = Answered(0), str(fault) if isinstance(fault, TransientError) else NOT_REACHED
        await asyncio.to_thread(self._noted, piece, ledger, answer, error)

    def _posted(self, piece: Piece) -> Answered:
        told = self._targets.get(piece.url) or self._notify
        if told is None:
            raise UserError("there is no secret to sign with any more")
        stamp = int(time.time())
        signs = " ".join(webhooks.signature(secret, piece.id, stamp, piece.body) for secret in told.secrets)
        headers = {"Content-Type": "application/json", "webhook-id": piece.id, "webhook-timestamp": str(stamp), "webhook-signature": signs}
        return post(piece.url, piece.body, headers, reach=self.reach, open_to=self.settings.hook_private, within=ANSWER)

    def _noted(self, piece: Piece, ledger: Ledger, answer: Answered, error: str) -> None:
        now, host = time.time(), urlsplit(piece.url).hostname
        if not error:
            ledger.told(piece, now)
        elif answer.status == 410:
            log.warning("%s wants no more news (410): it gets none until its secret is changed", host)
            ledger.gone(piece.url, now)
        elif piece.first and now - piece.first > GIVE_UP:
            log.error("%s was not told %s of the job %s for a day: %s", host, piece.id, piece.run, error)
            ledger.give_up(piece, now, error)
        else:
            log.info("%s was not told %s: %s", host, piece.id, error)
            pause = min(self.pause * 2 ** min(piece.tries, 30), LONGEST_PAUSE) * random.uniform(1 - JITTER, 1 + JITTER)
            ledger.again(piece, now, now + max(pause, min(answer.retry_after, GIVE_UP)), error)
            if answer.retry_after:
                ledger.hold(piece.url, now + min(answer.retry_after, GIVE_UP))


def targets_in(settings: Settings) -> dict[str, Told]:
    """The targets that the settings name, by their address.

    Raises:
        UserError: they cannot be read; no secret is told.
    """
    text = settings.hook_targets.get_secret_value() if settings.hook_targets else "{}"
    try:
        given = json.loads(text or "{}")
        whole = {url: {"secret": told} if isinstance(told, (str, list)) else told for url, told in given.items()}
        found = TypeAdapter(dict[str, Told]).validate_python(whole)
    except (ValueError, AttributeError, ValidationError):
        raise UserError(
            'SONGREEL_HOOK_TARGETS is no JSON object of secrets by address, such as {"https://a.example/in": "whsec_..."} or '
            f'{{"https://a.example/in": {{"secret": "whsec_...", "events": ["completed"]}}}}; events are {", ".join(get_args(Kind))}'
        ) from None
    for url, told in found.items():
        for secret in told.secrets:
            webhooks.key_in(secret)
        if url != NOTIFY and urlsplit(url).scheme != "https" and urlsplit(url).hostname not in settings.hook_private:
            raise UserError(f"the target at {urlsplit(url).hostname or 'nowhere'} is no https address, and SONGREEL_HOOK_PRIVATE does not name it")
    return found


def kind_of(state: Mapping[str, Any]) -> Kind | None:
    """What news a state is; none: it is none."""
    kind = KINDS.get(str(state.get("type")))
    return "degraded" if kind == "completed" and state.get("name") == "Degraded" else kind


def news_of(run: Mapping[str, Any], past: list[dict[str, Any]], known: Known) -> tuple[list[Fresh], Known]:
    """What is new in a run's past, and how far it is known then."""
    news: list[Fresh] = []
    kind, told, seen = known.kind, known.told, set(known.seen)
    for state in past:
        new = kind_of(state)
        if state["id"] in seen or new is None or new == kind:
            continue
        kind, told = new, told + 1
        moment = datetime.fromisoformat(state["timestamp"])
        news.append(Fresh(f"msg_{state['id']}", moment.timestamp(), kind, message_of(run, state, kind, told)))
    now = str((run.get("state") or {}).get("id"))
    return news, Known(now, tuple(state["id"] for state in past), kind, told)


def message_of(run: Mapping[str, Any], state: Mapping[str, Any], kind: Kind, sequence: int) -> dict[str, Any]:
    """A message's body."""
    told = str(state.get("message") or "")
    return {
        "type": f"film.{kind}", "timestamp": state["timestamp"],
        "data": {
            "job_id": run["id"], "sequence": sequence, "status": STATUS.get(str(state.get("type")), "queued"), "name": str(run.get("name") or ""),
            "message": sentence(told) if kind in ("failed", "cancelled", "degraded") else "",
            "run": str((run.get("labels") or {}).get(RUN_LABEL, "")), "links": links(str(run["id"])).model_dump(),
        },
    }  # fmt: skip


def _numbers(way: Mapping["asyncio.Task[None]", Piece]) -> list[int]:
    return [piece.number for piece in way.values()]


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it again and again; a fault costs a pause."""
    while True:
        try:
            await work()
        except Refused as error:
            log.info("news for webhooks: %s", error.detail)
            await asyncio.sleep(LOOK)
        except Exception:
            log.exception("news for webhooks could not be told; it is tried again")
            await asyncio.sleep(LOOK)


async def _beside(call: Callable[[], T]) -> T:
    """What a call gives, from a thread that the gateway's end does not wait for."""
    loop = asyncio.get_running_loop()
    given: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if not given.done():
            given.set_exception(error) if error else given.set_result(result)  # type: ignore[arg-type]

    def work() -> None:
        result, error = None, None
        try:
            result = call()
        except BaseException as fault:  # it belongs to who waits
            error = fault
        with contextlib.suppress(RuntimeError):  # the loop has ended: the message is sent again by the next
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="outbox", daemon=True).start()
    return await given
