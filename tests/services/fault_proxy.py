"""A proxy on loopback before an HTTP server that does its work badly: errors, silence, answers cut off, connections dropped, or away."""

import http.client
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Kind = Literal["error", "busy", "lost", "drop", "cut", "short", "slow"]
"""What becomes of a request.

``error``: 500, and the server hears nothing of it. ``busy``: 503 SlowDown. ``lost``: the server does it, and 500 is answered. ``drop``: no
answer. ``cut``: half of the answer's body, and then nothing. ``short``: half of it, told as the whole. ``slow``: nothing for `slow` seconds.
"""
ERROR = b"<?xml version='1.0'?><Error><Code>%s</Code><Message>the proxy says so</Message></Error>"


class FaultProxy:
    """A proxy; use as a context manager.

    Args:
        target: address of the server behind it.
        slow: seconds for which a slow answer is held back.
    """

    def __init__(self, target: str, slow: float = 2.0) -> None:
        parts = urllib.parse.urlsplit(target)
        self.behind, self.slow = (parts.hostname or "", parts.port or 80), slow
        self.did: Counter[str] = Counter()
        """How often each kind of fault was done."""
        self.heard: list[tuple[str, str]] = []
        """Method and path of each request."""
        self._plan: list[tuple[Kind, Callable[[str, str], bool]]] = []
        self._guard = threading.Lock()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "FaultProxy":
        self._up()
        return self

    def __exit__(self, *_: object) -> None:
        self._down()

    def fail(self, kind: Kind, times: int = 1, method: str = "", holding: str = "") -> None:
        """Do the next requests badly: those of that method, whose path and query hold that text."""
        with self._guard:
            self._plan += [(kind, lambda asked, path: asked.startswith(method) and holding in path)] * times

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens for the length of the block, and open connections end."""
        self._down()
        try:
            yield
        finally:
            self._up()

    def away_for(self, seconds: float) -> threading.Thread:
        """The same for some seconds from now, which pass while the caller goes on."""
        self._down()

        def back() -> None:
            time.sleep(seconds)
            self._up()

        thread = threading.Thread(target=back)
        thread.start()
        return thread

    def next_fault(self, method: str, path: str) -> str:
        """What becomes of this request; nothing: it is done well."""
        with self._guard:
            self.heard.append((method, path))
            for number, (kind, is_meant) in enumerate(self._plan):
                if is_meant(method, path):
                    del self._plan[number]
                    self.did[kind] += 1
                    return kind
        return ""

    def _up(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.proxy = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _down(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.end_connections()  # type: ignore[attr-defined]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *given: object) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*given)  # type: ignore[arg-type]

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._open.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Cut every connection that is still open."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended already

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that hang up are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        proxy: FaultProxy = self.server.proxy  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = proxy.next_fault(self.command, self.path)
        if fault == "slow":
            time.sleep(proxy.slow)
        if fault == "drop":
            self.close_connection = True
            return
        if fault in ("error", "busy"):
            self._answer(500 if fault == "error" else 503, {}, ERROR % (b"InternalError" if fault == "error" else b"SlowDown"))
            return
        status, headers, answer, length = self._asked(proxy, body)
        if fault == "lost":
            self._answer(500, {}, ERROR % b"InternalError")
        elif fault in ("cut", "short"):
            half = answer[: len(answer) // 2]
            self._answer(status, headers, half, len(half) if fault == "short" else length)
            self.close_connection = True
        else:
            self._answer(status, headers, answer, length)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _do  # noqa: N815 - the server's names

    def _asked(self, proxy: FaultProxy, body: bytes) -> tuple[int, dict[str, str], bytes, int]:
        line = http.client.HTTPConnection(*proxy.behind, timeout=60)
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "expect"):
                line.putheader(name, value)
        line.endheaders(body)
        reply = line.getresponse()
        answer = reply.read()
        headers = {name: value for name, value in reply.getheaders() if name.lower() not in ("connection", "content-length", "transfer-encoding")}
        length = int(reply.headers.get("Content-Length") or len(answer))
        line.close()
        return reply.status, headers, answer, length

    def _answer(self, status: int, headers: dict[str, str], body: bytes, length: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing: tests read `FaultProxy.heard`."""
