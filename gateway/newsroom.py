"""The news of jobs: kept while somebody listens, asked of Prefect when somebody comes (back), so that nobody misses any.

A message's ``sequence`` is that of the run's own news. What follows from the state alone (queued, waiting) has the sequence of the news
before it; the last word of a job has the next one. So whoever comes back with the last sequence that it heard goes on from there, even
at another gateway.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from blocks.news import news_in
from gateway.feed import Feed
from gateway.jobs import job_of, news_of_tasks, status_of
from gateway.models import ENDED, Job, Message
from gateway.problems import Refused
from gateway.queue import Queue
from schemas import MediaRef

log = logging.getLogger("songreel.gateway")

LOOK = 2.0  # seconds between two looks at the states of all jobs that somebody listens to
QUIET = 8.0  # seconds without news from which a working job's news is looked up, or read off its tasks
GRACE = 4.0  # seconds in which the last news may come after the end
MOST = 2000  # pieces of news that are kept of a job, and given to who comes back
FIRST = 50  # pieces that who comes new is given
KNOWN = 2000  # jobs whose latest news is remembered
RESOURCE = "prefect.flow-run."
SHOT = ("songreel.shoot.done", "songreel.shoot.cached")


@dataclass
class Watch:
    """A job that somebody listens to."""

    job: UUID
    listeners: int = 0
    run: Mapping[str, Any] = field(default_factory=dict)
    news: dict[int, Message] = field(default_factory=dict)
    heard: float = 0.0
    """When news came last."""
    over: float = 0.0
    """When it was first seen to have ended; 0: it has not."""
    own: bool = False
    """Whether the run tells news itself."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, messages: list[Message]) -> None:
        """Take news that may be known already, and wake the listeners."""
        self.news.update({one.sequence: one for one in messages})
        for old in sorted(self.news)[:-MOST]:
            del self.news[old]
        self.heard = time.monotonic()
        self.wake()

    def wake(self) -> None:
        """Let every listener look again."""
        self.changed.set()
        self.changed = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.over) and (self._last_word or time.monotonic() - self.over > GRACE)

    @property
    def _last_word(self) -> bool:
        last = self.news[max(self.news)] if self.news else None
        return last is not None and last.stage == "run" and last.what in ("done", "failed")


class Newsroom:
    """The news of one gateway."""

    def __init__(self, queue: Queue, feed: Feed) -> None:
        self._queue, self._feed = queue, feed
        self._watches: dict[UUID, Watch] = {}
        self._latest: dict[str, Message] = {}
        self._task: asyncio.Task[None] | None = None
        self._gaps = 0

    def start(self) -> None:
        """Begin to look after the jobs that are listened to."""
        self._task = asyncio.create_task(self._always())

    async def close(self) -> None:
        """Send every listener home."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return sum(watch.listeners for watch in self._watches.values())

    async def job(self, job: UUID) -> Job:
        """A job with its latest news.

        Raises:
            Refused: there is none.
        """
        run = await self._queue.run(job)
        return job_of(run, await self.latest(run))

    async def latest(self, run: Mapping[str, Any]) -> Message | None:
        """The latest news of a run."""
        key, status = str(run["id"]), status_of(run)
        if status == "queued" or key in self._latest:
            return self._latest.get(key)
        found = await self._recent(run, 1) or (news_of_tasks(await self._tasks(UUID(key))) if status == "processing" else [])
        if found and found[-1].stage:
            self._remember(key, found[-1])
        return found[-1] if found else None

    async def all_heard(self, run: Mapping[str, Any], after: int) -> bool:
        """Whether nothing of an ended run's news came after that sequence."""
        last = await self._recent(run, 1)
        return after > (last[-1].sequence if last else 0)

    async def follow(self, job: UUID, after: int | None = None) -> AsyncIterator[Message]:
        """A job's news as it comes, to its last word.

        Args:
            job: its id.
            after: the last sequence that was heard; none: the state now and a little of what was before.

        Raises:
            Refused: there is no such job.
        """
        run = await self._queue.run(job)
        watch = self._watches.setdefault(job, Watch(job))
        watch.listeners += 1
        try:
            self._see(watch, run)
            recent = await self._recent(run, FIRST if after is None else MOST, after or 0)
            watch.own = watch.own or bool(recent)
            watch.add(recent)
            async for message in self._told(watch, after):
                yield message
        finally:
            watch.listeners -= 1
            if not watch.listeners:
                self._watches.pop(job, None)

    async def _told(self, watch: Watch, after: int | None) -> AsyncIterator[Message]:
        heard, shown = after or 0, ""
        while True:
            changed = watch.changed
            for sequence in sorted(one for one in watch.news if one > heard):
                yield watch.news[sequence]
                heard = sequence
            status = status_of(watch.run)
            if watch.ended:
                last = max(watch.news, default=0) + 1
                if heard < last:
                    yield self._state(watch, last)
                return
            if status != shown and status not in ENDED:
                shown = status
                yield self._state(watch, heard)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), GRACE if watch.over else None)

    def _state(self, watch: Watch, sequence: int) -> Message:
        """What the run's state says, as a message."""
        latest = watch.news[max(watch.news)] if watch.news else None
        job = job_of(watch.run, latest)
        what = {"complete": "done", "error": "failed"}.get(job.status, job.status)
        return Message(
            sequence=sequence, status=job.status, stage="run" if job.status in ENDED else job.stage, what=what, percent=job.progress,
            message=job.message, scene=job.scene, dollars=job.dollars, at=job.ended,
        )  # fmt: skip

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take an event of the feed."""
        key = str((event.get("resource") or {}).get("prefect.resource.id", "")).removeprefix(RESOURCE)
        message = message_of(event)
        if message is not None:
            self._remember(key, message)
        with contextlib.suppress(ValueError):
            watch = self._watches.get(UUID(key))
            if watch is not None and message is not None:
                watch.own = True
                watch.add([message])
            elif watch is not None:
                watch.heard = 0.0  # its state changed: look soon

    def _remember(self, key: str, message: Message) -> None:
        known = self._latest.pop(key, None)
        self._latest[key] = message if known is None or known.sequence <= message.sequence else known
        while len(self._latest) > KNOWN:
            del self._latest[next(iter(self._latest))]

    async def _always(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self._look()
            except Refused as error:
                log.info("the jobs' states: %s", error.detail)
            except Exception:
                log.exception("the jobs' states could not be looked at")

    async def _look(self) -> None:
        """See the states of all jobs that are listened to, and mend what the feed may have missed."""
        watches = list(self._watches.values())
        missed, self._gaps = self._feed.gaps != self._gaps or not self._feed.live, self._feed.gaps
        for start in range(0, len(watches), 200):
            some = {str(one.job): one for one in watches[start : start + 200]}
            for run in await self._queue.runs(id={"any_": list(some)}):
                self._see(some[str(run["id"])], run)
        for watch in watches:
            quiet = status_of(watch.run) == "processing" and time.monotonic() - watch.heard > QUIET
            if watch.run and (missed or quiet or watch.over):
                await self._mend(watch)

    async def _mend(self, watch: Watch) -> None:
        if watch.ended:
            watch.wake()
            return
        found = await self._recent(watch.run, FIRST, max(watch.news, default=0) if watch.own else 0)
        if found:
            watch.own = True
        elif not watch.own:
            found = news_of_tasks(await self._tasks(watch.job))
        new = [one for one in found if one.sequence not in watch.news]
        watch.heard = time.monotonic()
        if new:
            watch.add(new)

    def _see(self, watch: Watch, run: Mapping[str, Any]) -> None:
        before = status_of(watch.run) if watch.run else None
        watch.run = run
        if status_of(run) in ENDED and not watch.over:
            watch.over = time.monotonic()
        if before is not None and before != status_of(run):
            watch.wake()

    async def _recent(self, run: Mapping[str, Any], most: int, after: int = 0) -> list[Message]:
        """The latest news of a run that came after a sequence, the oldest first."""
        found: list[Message] = []
        async for event in self._events(run, min(most, 50)):
            message = message_of(event)
            if (message is not None and message.sequence <= after) or len(found) >= most:
                break
            found += [message] if message is not None else []
        return sorted(found, key=lambda one: one.sequence)

    async def clips(self, run: Mapping[str, Any]) -> dict[int, MediaRef]:
        """The clips of a run that are finished, by scene."""
        found: dict[int, MediaRef] = {}
        async for event in self._events(run, 50, SHOT):
            news = news_in(event)
            if news is not None and news.scene is not None and news.clip is not None:
                found.setdefault(news.scene, news.clip)
        return found

    async def _events(self, run: Mapping[str, Any], first: int, names: Sequence[str] = ()) -> AsyncIterator[Mapping[str, Any]]:
        """A run's events, the latest first, page by page."""
        page = await self._queue.events(str(run["id"]), str(run.get("created")), first, names)
        while True:
            for event in page.get("events") or ():
                yield event
            token = _token(page.get("next_page"))
            if not token:
                return
            page = await self._queue.next_events(token)

    async def _tasks(self, job: UUID) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < MOST:
            page = await self._queue.tasks(job, offset=len(found))
            found += page
            if len(page) < 200:
                break
        return found


def message_of(event: Mapping[str, Any]) -> Message | None:
    """The news that an event of Prefect's holds, as a message."""
    news = news_in(event)
    if news is None:
        return None
    return Message(
        sequence=news.sequence, stage=news.stage, what=news.what, percent=news.percent, message=news.message, scene=news.scene,
        dollars=news.dollars, at=event.get("occurred"),
    )  # fmt: skip


def _token(address: str | None) -> str:
    """The page token in the address of a next page; the address itself may be one that only the server knows."""
    import httpx

    return httpx.URL(address).params.get("page-token", "") if address else ""
