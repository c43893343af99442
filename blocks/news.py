"""A run's news on the Prefect server: an event for each, and a progress bar on the run's page.

Whatever listens already (a terminal) goes on to hear everything. The telling happens in a thread of its own, a few times a second at
most: beginnings, ends and failures are all told, of what moves only the latest. A server that does not answer is tried again and at
last given up; the run never waits for it but for a few seconds at its own end.

An event's name is ``songreel.<stage>.<what>``, its resource ``prefect.flow-run.<id>`` and its payload a `News`.
"""

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from blocks.artifacts import Piece
from blocks.percent import Percent
from blocks.progress import Event, listening, teller
from schemas.news import News

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

PREFIX = "songreel."
EVERY = 0.25  # seconds between two messages to the server
PAGE_EVERY = 1.0  # seconds between two changes of the progress bar
PATIENCE = 15.0  # seconds, the longest pause before a server that does not answer is tried again
FAREWELL = 5.0  # seconds that a run's end waits for its last news
SERVERS_FAULT = 500  # HTTP status from which it is the server's
ANSWER = 10.0  # seconds for one answer of the server
BATCH = 100  # events in one message
HELD = 5000  # pieces of news that are kept for a server that is away
SPAN = 1_000_000  # numbers that one process of a run may use
PROGRESS_KEY = "progress"

R = TypeVar("R")

log = logging.getLogger("songreel.news")


def resource_of(run: UUID | str) -> str:
    """The resource id of a flow run's events."""
    return f"prefect.flow-run.{run}"


def filter_of(run: UUID | str) -> dict[str, Any]:
    """The body's ``filter`` for the server's ``/events/filter``: all news of a run, the oldest first."""
    return {"event": {"prefix": [PREFIX]}, "resource": {"id": [resource_of(run)]}, "order": "ASC"}


def news_in(event: Mapping[str, Any]) -> News | None:
    """The news that a server's event holds; none in an event of another kind, or of another version."""
    if not str(event.get("event", "")).startswith(PREFIX):
        return None
    try:
        return News.model_validate(event.get("payload"))
    except ValidationError:
        return None


@contextmanager
def reported(run: UUID | str, attempt: int = 1, boards: "Sequence[Board]" = ()) -> Iterator[None]:
    """Report every event of the block, from the threads it starts too.

    Args:
        run: the flow run's id.
        attempt: which process of this run it is, from 1.
        boards: pieces of the run's page that follow the news, beside the progress bar.
    """
    reporter = Reporter(str(run), attempt, boards)
    before = teller()

    def heard(event: Event) -> None:
        before(event)
        reporter.hear(event)

    reporter.start()
    try:
        with listening(heard):
            yield
    finally:
        reporter.close()


class Reporter:
    """Hears a run's events and tells the server of them."""

    def __init__(self, run: str, attempt: int, boards: "Sequence[Board]" = ()) -> None:
        self._run = run
        self._sequence = (attempt - 1) * SPAN
        self._floor = 0.0
        self._film = Percent()
        self._firm: list[Heard] = []
        self._moved: Heard | None = None
        self._guard = threading.Condition()
        self._over = threading.Event()
        self._progress = Progress(run)
        self._boards = (self._progress, *boards)
        self._thread = threading.Thread(target=contextvars.copy_context().run, args=(self._work,), name="songreel-news", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Take an event; returns at once."""
        with self._guard:
            message = self._film.take(event)
            heard = Heard(datetime.now(UTC), event, message, min(self._film.percent, 100.0), self._film.dollars)
            if event.kind == "moved":
                self._moved = heard
            else:
                self._firm.append(heard)
                del self._firm[:-HELD]
            self._guard.notify()

    def close(self) -> None:
        """Tell what is left, for `FAREWELL` seconds at most."""
        with self._guard:
            self._over.set()
            self._guard.notify()
        self._thread.join(FAREWELL)

    def _work(self) -> None:
        from prefect.client.orchestration import get_client

        with get_client(httpx_settings={"timeout": ANSWER}, sync_client=True) as client:
            self._floor = (self._kept(partial(self._progress.percent, client)) or 0.0) if self._sequence else 0.0
            while batch := self._next():
                events = [_event(self._run, when, news) for when, news in batch]
                self._kept(partial(client.request, "POST", "/events", json=events))
                for board in self._boards:
                    self._kept(partial(board.show, client, [news for _, news in batch]))
                self._over.wait(EVERY)

    def _kept(self, call: Callable[[], R]) -> R | None:
        """The call's answer, tried until the server gives one or the run is over for long."""
        from httpx import HTTPError, HTTPStatusError
        from prefect.exceptions import PrefectException

        pause, end = EVERY, 0.0
        while True:
            try:
                return call()
            except HTTPStatusError as error:
                if error.response.status_code < SERVERS_FAULT:  # it would be refused again
                    log.warning("the server refused news: %s", error)
                    return None
                reason: Exception = error
            except (PrefectException, HTTPError, OSError) as error:
                reason = error
            end = end or (monotonic() + FAREWELL if self._over.is_set() else 0.0)
            if end and monotonic() > end:
                log.debug("the server was not told of everything: %s", reason)
                return None
            time.sleep(pause) if self._over.is_set() else self._over.wait(pause)
            pause = min(2 * pause, PATIENCE)

    def _next(self) -> "list[tuple[datetime, News]]":
        """What is to be told now, waiting for it; nothing when the run is over and all is told."""
        with self._guard:
            self._guard.wait_for(lambda: self._firm or self._moved or self._over.is_set())
            waiting = sorted([*self._firm[:BATCH], *([self._moved] if self._moved else [])], key=lambda heard: heard.when)
            self._firm, self._moved = self._firm[BATCH:], None
        return [(heard.when, self._numbered(heard)) for heard in waiting]

    def _numbered(self, heard: "Heard") -> News:
        self._sequence += 1
        self._floor = max(self._floor, heard.percent)
        event = heard.event
        return News(
            sequence=self._sequence, stage=event.stage, what=event.kind, percent=round(self._floor, 2), message=heard.message,
            scene=event.scene, dollars=round(heard.dollars, 6), clip=event.clip,
        )  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """An event, and where the film was when it came."""

    when: datetime
    event: Event
    message: str
    percent: float
    dollars: float


def _event(run: str, when: datetime, news: News) -> dict[str, Any]:
    """An event of a firm id: one that is sent twice, since its answer was lost, counts once."""
    return {
        "id": str(uuid5(NAMESPACE_URL, f"songreel:{run}:{news.sequence}")), "occurred": when.isoformat(),
        "event": f"{PREFIX}{news.stage}.{news.what}",
        "resource": {"prefect.resource.id": resource_of(run)}, "related": [], "payload": news.model_dump(mode="json"),
    }  # fmt: skip


class Board(Protocol):
    """A piece of the run's page that follows the news."""

    def show(self, client: "SyncPrefectClient", batch: "Sequence[News]") -> None:
        """Take in what was told last, and change the page when it is time to; called again when the server did not answer."""


class Progress:
    """The progress bar on the run's page."""

    def __init__(self, run: str) -> None:
        self._piece = Piece(run, PROGRESS_KEY, "progress")
        self._shown: tuple[float, str] | None = None
        self._next = 0.0

    def percent(self, client: "SyncPrefectClient") -> float:
        """Where the bar stands, left there by an earlier process of the run; 0 without one."""
        return float(self._piece.find(client) or 0.0)

    def show(self, client: "SyncPrefectClient", batch: "Sequence[News]") -> None:
        """Move the bar, once in `PAGE_EVERY` seconds at most and at the run's end."""
        last = batch[-1]
        told = (last.percent, last.message + (f" (${last.dollars:.2f})" if last.dollars else ""))
        if told == self._shown or (monotonic() < self._next and last.stage not in ("run", "approval")):
            return
        self._piece.put(client, *told)
        self._shown, self._next = told, monotonic() + PAGE_EVERY
