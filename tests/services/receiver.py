"""A receiver of webhooks on loopback: keeps what came, and answers as it is told to."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from songreel.errors import UserError
from songreel.services import webhooks

HANG = "hang"
DROP = "drop"


@dataclass
class Message:
    """What came, and whether its signature holds."""

    path: str
    id: str
    body: bytes
    headers: dict[str, str]
    right: bool
    answered: Any


@dataclass
class Receiver:
    """Use as a context manager."""

    secret: str
    plan: dict[str, list[Any]] = field(default_factory=dict)
    """By path, how to answer the next ones: a status, a status with headers, `HANG` or `DROP`; then 200."""
    came: list[Message] = field(default_factory=list)
    port: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_: object) -> None:
                """Nothing: tests read `came`."""

        self.ended = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def at(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def taken(self, path: str) -> list[Message]:
        """What was answered with 200, in order."""
        with self.guard:
            return [one for one in self.came if one.path == path and one.answered == 200]

    def all(self, path: str) -> list[Message]:
        """What came at all."""
        with self.guard:
            return [one for one in self.came if one.path == path]

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self.guard:
            answer = self.plan[request.path].pop(0) if self.plan.get(request.path) else 200
            self.came.append(Message(request.path, headers.get("webhook-id", ""), body, headers, self._right(headers, body), answer))
        status, more = answer if isinstance(answer, tuple) else (answer, {})
        if status == HANG:
            self.ended.wait(60)
        if status in (HANG, DROP):
            request.close_connection = True
            return
        request.send_response(status)
        for name, value in more.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _right(self, headers: dict[str, str], body: bytes) -> bool:
        import time

        try:
            webhooks.validated(headers, body, self.secret, time.time())
        except UserError:
            return False
        return True
