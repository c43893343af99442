"""What every door of the gateway works with: the settings, Prefect and its news, the store, a worker that looks at uploads."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from blocks.settings import Settings
from gateway.feed import Feed
from gateway.figures import Figures
from gateway.hookbook import HookBook
from gateway.newsroom import Newsroom
from gateway.outbox import Outbox
from gateway.queue import Queue
from gateway.replicates import Replicates
from songreel.execution.workers import Workers
from songreel.storage import Store, fetching

LOOKERS = 2  # uploads that are taken apart at once


@dataclass
class Surroundings:
    """One gateway's. The store is opened when it is first needed, so that a bucket that is away stops no start."""

    settings: Settings
    queue: Queue
    newsroom: Newsroom
    workers: Workers
    figures: Figures
    hooks: HookBook
    outbox: Outbox
    replicates: Replicates
    reach: fetching.Reach = fetching.PUBLIC
    """How hosts of songs are found."""
    _store: list[Store] = field(default_factory=list)

    def store(self) -> Store:
        """The media store."""
        if not self._store:
            self._store.append(self.settings.open_store())
        return self._store[0]


@asynccontextmanager
async def opened(settings: Settings, figures: Figures, reach: fetching.Reach) -> AsyncIterator[Surroundings]:
    """A gateway's surroundings, closed at the end."""
    queue, workers = Queue(settings), Workers(LOOKERS)
    feed = Feed(queue, settings)
    newsroom, outbox = Newsroom(queue, feed), Outbox(settings, queue, reach)
    surroundings = Surroundings(settings, queue, newsroom, workers, figures, HookBook(settings, queue), outbox, Replicates(settings), reach)

    def hear(event: Mapping[str, Any]) -> None:
        newsroom.hear(event)
        outbox.hear(event)

    feed.start(hear)
    newsroom.start()
    outbox.start()
    try:
        yield surroundings
    finally:
        await outbox.close()
        await newsroom.close()
        await feed.close()
        await queue.close()
        await asyncio.to_thread(workers.end)


def around(request: Request) -> Surroundings:
    """The gateway's surroundings, for its doors."""
    found: Surroundings = request.app.state.around
    return found
