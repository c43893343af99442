"""What every door of the gateway works with: the settings, Prefect, the store, a worker that looks at uploads."""

import asyncio
from dataclasses import dataclass, field

from fastapi import Request, WebSocket

from blocks.settings import Settings
from gateway.queue import Queue
from songreel.execution.workers import Workers
from songreel.storage import Store


@dataclass
class Surroundings:
    """One gateway's. The store is opened when it is first needed, so that a bucket that is away stops no start."""

    settings: Settings
    queue: Queue
    workers: Workers
    _store: list[Store] = field(default_factory=list)

    def store(self) -> Store:
        """The media store."""
        if not self._store:
            self._store.append(self.settings.open_store())
        return self._store[0]

    async def close(self) -> None:
        """Give everything back."""
        await self.queue.close()
        await asyncio.to_thread(self.workers.end)


def around(request: Request) -> Surroundings:
    """The gateway's surroundings, for its doors."""
    found: Surroundings = request.app.state.around
    return found


def around_socket(socket: WebSocket) -> Surroundings:
    """The same for sockets."""
    found: Surroundings = socket.app.state.around
    return found
