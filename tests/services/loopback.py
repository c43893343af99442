"""Ground of the loopback services: an HTTP server on this machine that speaks a contract and, when told to, fails in every way it can."""

import json
import random
import socket
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

HANG = 3.0  # s, longer than the tests' patience
ACCEPTED_ANYWAY = ("500 after", "drop after", "hang after", "garbage after")


class Dropped(Exception):
    """The connection is closed without an answer."""


class Loopback:
    """A service; use as a context manager. Subclasses answer in `post` and `fetch`.

    Args:
        key: what a caller must send.
        faults: share of orders that end so, by name.
        asks: share of questions that end so, by name.
        seed: of chance.
        work: seconds that a job takes.
    """

    def __init__(self, key: str = "secret-key", faults: dict[str, float] | None = None, asks: dict[str, float] | None = None, seed=1, work=0.0):
        self.key, self.faults, self.asks, self.work = key, faults or {}, asks or {}, work
        self.chance = random.Random(seed)
        self.jobs: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answered: Counter[str] = Counter()
        self.planned: list[str] = []
        """Faults of the next orders, in this order, before chance decides."""
        self.guard = threading.RLock()
        self.ended = threading.Event()

    def __enter__(self):
        class Handler(_Handler):
            service = self

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def fault(self, share: dict[str, float]) -> str:
        """What goes wrong with this request; nothing: an empty text."""
        with self.guard:
            if share is self.faults and self.planned:
                return self.planned.pop(0)
            roll = self.chance.random()
            for name, part in share.items():
                roll -= part
                if roll < 0:
                    return name
        return ""

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """The answer to an order; a service that takes none has no such page."""
        return Reply(404, {"detail": f"nothing is ordered at {path}"})

    def fetch(self, path: str, headers: dict[str, str]) -> Any:
        """The answer to a question."""
        return Reply(404, {"detail": f"there is nothing at {path}"})


class Reply:
    """An answer that is not 200 with JSON."""

    def __init__(self, status: int, body: Any = b"", headers: dict[str, str] | None = None):
        self.status, self.headers = status, headers or {}
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def broken(service: Loopback, fault: str, accept) -> Any:  # noqa: PLR0911 - one line a fault
    """The answer to an order that a fault befalls; ``accept()`` takes the order and gives the right answer.

    The faults' names end with 'after' when the order was accepted all the same.
    """
    answer = accept() if fault.endswith("after") else None
    kind = fault.split(maxsplit=1)[0]
    if kind == "429":
        return Reply(429, {"detail": "Request was throttled. Your rate limit resets in ~0.05s.", "status": 429})
    if kind == "503":
        return Reply(503, {"detail": "busy"}, {"Retry-After": "0"})
    if kind == "500":
        return Reply(500, {"detail": "internal"})
    if kind == "402":
        return Reply(402, {"title": "Insufficient credit", "detail": "You have insufficient credit to run this model.", "status": 402})
    if kind == "422":
        return Reply(422, {"title": "Input validation failed", "detail": "- input.num_frames: Must be at most 121", "status": 422})
    if kind == "401":
        return Reply(401, {"title": "Unauthenticated", "detail": f"the key {service.key} is unknown", "status": 401})
    if kind == "drop":
        raise Dropped
    if kind == "hang":
        service.ended.wait(HANG)
        raise Dropped
    if kind == "garbage":
        return Reply(201, b"<html>all is well</html>")
    assert answer is None, fault
    return accept()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Connections end as they like here."""


class _Handler(BaseHTTPRequestHandler):
    service: ClassVar[Loopback]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing: tests look at `Loopback.heard`."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(lambda: self.service.post(self.path, body, dict(self.headers)), body)

    def do_GET(self):
        self._answer(lambda: self.service.fetch(self.path, dict(self.headers)), b"")

    def _answer(self, give, body):
        self.service.heard.append((self.command, self.path, dict(self.headers), body))
        try:
            answer = give()
        except Dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        reply = answer if isinstance(answer, Reply) else Reply(200, answer, {"Content-Type": "application/json"})
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)


def stamp(moment: float | None = None) -> str:
    """A moment as services write it."""
    moment = time.time() if moment is None else moment
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment % 1 * 1e6):06d}Z"
