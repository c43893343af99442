"""Counts every answered request by its route, for the figures."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.figures import Asked


class Counting:
    """ASGI middleware around everything else.

    Args:
        app: what it stands before.
        asked: where it counts.
    """

    def __init__(self, app: ASGIApp, asked: Asked) -> None:
        self._app, self._asked = app, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")  # never the address itself, which anybody chooses
                self._asked.count(scope["method"], route, message["status"], time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, told)
