"""A real https server on loopback under any name, with a certificate of its own authority; and a pretend internet that leads to it."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from songreel.storage.fetching import Reach

PUBLIC = "93.184.215.14"  # an address of the public internet; nothing is ever sent there


@dataclass
class Page:
    """What lies at a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    says: int | None = None
    """The length it claims; none: the true one; -1: it claims none."""
    pause: float = 0.0
    """Seconds between two pieces of the body."""
    then: Callable[[], None] = lambda: None
    """Done before the answer."""


@dataclass
class Web:
    """The server, and the names that lead to it: a name's addresses are given by a list, or by a function that is asked each time."""

    port: int
    trust: ssl.SSLContext
    pages: dict[str, Page] = field(default_factory=dict)
    names: dict[str, list[str] | Callable[[], list[str]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Host and path of each request."""
    dialled: list[str] = field(default_factory=list)
    """Addresses that were connected to."""
    looked_up: list[str] = field(default_factory=list)

    @property
    def reach(self) -> Reach:
        """The pretend internet, for `fetch`."""
        return Reach(look_up=self.look_up, dial=self.dial, trust=self.trust)

    def look_up(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        found = self.names.get(host)
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found() if callable(found) else found

    def dial(self, address: str, port: int, timeout: float) -> socket.socket:
        """Whatever the address, this server: what counts is which one was asked for."""
        self.dialled.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout)


@contextmanager
def web(folder: Path, names: tuple[str, ...] = ("songs.example", "other.example")) -> Iterator[Web]:
    """A server that is ended at the end of the block."""
    certificate, authority = _certificates(folder, names)
    server = _Server(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found = Web(server.server_port, ssl.create_default_context(cafile=str(authority)), names={name: [PUBLIC] for name in names})
    server.web = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that hang up are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        here: Web = self.server.web  # type: ignore[attr-defined]
        here.asked.append((self.headers["Host"], self.path))
        page = here.pages.get(self.path, Page(status=404))
        page.then()
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.says != -1:
            self.send_header("Content-Length", str(len(page.body) if page.says is None else page.says))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for at in range(0, len(page.body), 1 << 16):
                self.wfile.write(page.body[at : at + (1 << 16)])
                self.wfile.flush()
                time.sleep(page.pause)
        except OSError:
            self.close_connection = True  # the other side has heard enough

    def log_message(self, *_: object) -> None:
        """Nothing: tests read `Web.asked`."""


def _certificates(folder: Path, names: tuple[str, ...]) -> tuple[Path, Path]:
    """A server's key with its certificate, and its authority's certificate, as files."""
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)
    basic = x509.CertificateBuilder().issuer_name(issuer).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(2))
    use = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    above = (
        basic.subject_name(issuer).public_key(root.public_key()).serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).add_extension(use, critical=True)
        .sign(root, hashes.SHA256())
    )  # fmt: skip
    also = [*(x509.DNSName(name) for name in names), x509.IPAddress(ipaddress.ip_address(PUBLIC))]
    leaf = (
        basic.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])).public_key(key.public_key()).serial_number(2)
        .add_extension(x509.SubjectAlternativeName(also), critical=False).sign(root, hashes.SHA256())
    )  # fmt: skip
    authority, server = folder / "authority.pem", folder / "server.pem"
    authority.write_bytes(above.public_bytes(serialization.Encoding.PEM))
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server.write_bytes(plain + leaf.public_bytes(serialization.Encoding.PEM))
    return server, authority
