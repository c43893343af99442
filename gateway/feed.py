"""Prefect's events as they happen: one connection for all jobs and all listeners, made again whenever it breaks.

What happens while it is broken is not lost: whoever keeps a job's news asks the server for what it missed (`Feed.gaps` counts the times).
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from blocks.settings import Settings
from gateway.problems import Refused
from gateway.queue import Queue

log = logging.getLogger("songreel.gateway")

PREFIXES = ["songreel.", "prefect.flow-run."]
PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds before connecting again; the last one from then on
OPENING = 10.0  # seconds for the greeting
LARGEST = 4 << 20  # bytes of one event
EVER = "9999-01-01T00:00:00Z"  # left out, it is the moment of asking: nothing would be heard


class Feed:
    """Tells events from `start` until `close`.

    Args:
        queue: knows where the server is.
        settings: hold its credentials.
    """

    def __init__(self, queue: Queue, settings: Settings) -> None:
        self._queue = queue
        secret = settings.prefect_api_key or settings.prefect_api_auth_string
        self._token = secret.get_secret_value() if secret else None
        self._task: asyncio.Task[None] | None = None
        self.live = False
        self.gaps = 0

    def start(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Listen from now on.

        Args:
            hear: called with each event as Prefect has it; must not raise or wait.
        """
        self._task = asyncio.create_task(self._always(hear))

    async def close(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _always(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        attempt = 0
        while True:
            try:
                await self._once(hear)
                attempt = 0
            except (WebSocketException, OSError, TimeoutError, ValueError, KeyError, Refused) as error:
                log.info("Prefect's events: %r", error)
            if self.live:
                attempt = 0
            self.live = False
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1

    async def _once(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """One connection, until it breaks."""
        url = httpx.URL(self._queue.address())
        address = str(url.copy_with(scheme="wss" if url.scheme == "https" else "ws")) + "/events/out"
        async with connect(address, subprotocols=["prefect"], open_timeout=OPENING, max_size=LARGEST, proxy=None) as socket:  # type: ignore[list-item]
            await socket.send(json.dumps({"type": "auth", "token": self._token}))
            greeting = json.loads(await asyncio.wait_for(socket.recv(), OPENING))
            if greeting.get("type") != "auth_success":
                raise ValueError("Prefect does not let this gateway hear its events")
            wanted = {"event": {"prefix": PREFIXES}, "occurred": {"until": EVER}}
            await socket.send(json.dumps({"type": "filter", "filter": wanted, "backfill": False}))
            self.live, self.gaps = True, self.gaps + 1
            async for text in socket:
                message = json.loads(text)
                if message.get("type") == "event":
                    hear(message["event"])
