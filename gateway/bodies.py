"""No body is larger than its door takes, whatever its header claims: counted as it comes."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import Refused, problem

LARGEST = 4 << 20  # bytes of a body that is no upload
AROUND = 4 << 20  # bytes of a form beside its song


class BodyLimit:
    """ASGI middleware that answers 413.

    Args:
        app: what it stands before.
        upload: bytes of a song.
        uploads: paths that take one.
    """

    def __init__(self, app: ASGIApp, upload: int, uploads: frozenset[str]) -> None:
        self._app, self._upload, self._uploads = app, upload, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._upload + AROUND if scope["path"] in self._uploads else LARGEST
        refusal = Refused(413, f"the body is larger than {most / 1e6:.0f} MB, the most that is taken here", {"Connection": "close"})
        claimed = dict(scope["headers"]).get(b"content-length", b"0")
        if not claimed.isdigit() or int(claimed) > most:
            await problem(refusal.status_code, refusal.detail, {"Connection": "close"})(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise refusal
            return message

        await self._app(scope, counted, send)
