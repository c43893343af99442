"""Fetches a file over https from a public address, and from nowhere else.

Who names an address may not reach this machine's own network with it. So a host is looked up once, every address it has must be public,
and the connection is made to the very address that was looked at: a name server that answers otherwise the next time changes nothing.
Each redirect is looked at in the same way. Addresses are told without their query, which may hold a secret. Times are seconds.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from songreel.errors import TransientError, UserError

if TYPE_CHECKING:
    import httpx

LARGEST = 512 << 20  # bytes
WITHIN = 900.0  # for all of it
SILENCE = 30.0  # without a byte
CONNECT = 10.0
TRIES = 3
PAUSE = 0.5  # before the second try; doubles
MOST_REDIRECTS = 5
BLOCK = 1 << 16  # bytes
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
PORT = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's own service behind every machine there
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
"""What no public service lies at: this network, private, shared, link-local (with the clouds' metadata), documentation, multicast, tunnels."""
UNICAST = ipaddress.ip_network("2000::/3")  # all public IPv6
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address seen from a network that has only IPv6


class Forbidden(UserError):
    """The address may not be fetched, or what lies there is too large."""


class NotThere(UserError):
    """Nothing lies at the address."""


class Withheld(UserError):
    """The host does not give what lies there to us."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched; ``address`` is where it lay in the end, without its query."""

    address: str
    bytes: int


def look_up(host: str, port: int) -> list[str]:
    """The host's addresses, as the system knows them."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def dial(address: str, port: int, timeout: float) -> socket.socket:
    """A connection to an address, by way of the environment's proxy when there is one: it too is given the address, not the name."""
    proxy = urllib.request.getproxies().get("https", "")
    if not proxy or not is_public(address) or urllib.request.proxy_bypass(address):
        return socket.create_connection((address, port), timeout)
    import httpx

    way = httpx.URL(proxy)
    line = http.client.HTTPConnection(way.host, way.port or 80, timeout=timeout)
    line.set_tunnel(address, port)
    line.connect()
    return line.sock


@dataclass(frozen=True)
class Reach:
    """How hosts are found and connected to."""

    look_up: Callable[[str, int], list[str]] = look_up
    dial: Callable[[str, int, float], socket.socket] = dial
    trust: ssl.SSLContext | None = None
    """Whose certificates count; none: those that this machine trusts."""
    own: str = ""
    """An origin that is fetched from wherever it lies and without https: a service's on this machine."""


PUBLIC = Reach()


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address not in UNICAST:
            return False
    return not any(address in network for network in NOT_PUBLIC)


def fetch(
    address: str,
    target: Path,
    *,
    largest: int = LARGEST,
    within: float = WITHIN,
    silence: float = SILENCE,
    tries: int = TRIES,
    reach: Reach = PUBLIC,
    stopped: Callable[[], bool] = lambda: False,
) -> Fetched:
    """Write what lies at an address into a file, whole or not at all.

    Args:
        address: an https address.
        target: the file.
        largest: bytes it may have.
        within: seconds that all of it may take, tries and redirects with it.
        silence: seconds to wait for the next byte.
        tries: how often it is tried after faults of the moment.
        reach: how hosts are found and connected to.
        stopped: asked between two blocks whether to go on.

    Raises:
        Forbidden: the address is not https, not public, or the file is larger than it may be.
        NotThere: the host answers that there is nothing.
        Withheld: it answers that there is nothing for us.
        TransientError: it could not be fetched now.
    """
    job = _Fetch(target, largest, time.monotonic() + within, within, silence, reach, stopped)
    for attempt in range(tries):
        try:
            return job.run(parsed(address))
        except TransientError:
            target.unlink(missing_ok=True)
            if attempt == tries - 1 or stopped() or time.monotonic() + PAUSE * 2**attempt > job.end:
                raise
            time.sleep(PAUSE * 2**attempt)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    raise AssertionError("a fetch has at least one try")


@dataclass(frozen=True)
class _Fetch:
    target: Path
    largest: int
    end: float
    within: float
    silence: float
    reach: Reach
    stopped: Callable[[], bool]

    def run(self, url: "httpx.URL") -> Fetched:
        """One try, with its redirects."""
        for _ in range(MOST_REDIRECTS + 1):
            with self._asked(url) as reply:
                if reply.status not in REDIRECTS:
                    return Fetched(told(url), self._kept(url, reply))
                url = url.join(parsed(reply.headers.get("Location", ""), url))
        raise Forbidden(f"{url.host} redirects more than {MOST_REDIRECTS} times")

    @contextmanager
    def _asked(self, url: "httpx.URL") -> Iterator[http.client.HTTPResponse]:
        line = self._line(url)
        watch = threading.Timer(max(self.end - time.monotonic(), 0.0), cut, (line,))
        watch.daemon = True
        watch.start()
        try:
            line.request("GET", url.raw_path.decode(), headers={"User-Agent": "songreel", "Accept": "*/*", "Connection": "close"})
            yield line.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise Forbidden(f"the certificate of {url.host} does not hold: {error.verify_message}") from error
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() >= self.end:
                raise TransientError(f"what lies at {told(url)} did not come within {self.within:g} s") from error
            raise TransientError(f"{told(url)} could not be fetched ({type(error).__name__}: {error})") from error
        finally:
            watch.cancel()
            line.close()

    def _line(self, url: "httpx.URL") -> "Line":
        return line_to(url, self.reach, self.silence)

    def _kept(self, url: "httpx.URL", reply: http.client.HTTPResponse) -> int:
        _check_status(url, reply.status)
        claimed = reply.length  # None: it does not say
        if claimed is not None and claimed > self.largest:
            raise Forbidden(self._too_large(url))
        if reply.headers.get("Content-Encoding", "identity") != "identity":
            raise Forbidden(f"{told(url)} is sent packed ({reply.headers['Content-Encoding']}), which was not asked for")
        size = 0
        with self.target.open("wb") as file:
            while block := reply.read1(BLOCK):
                size += len(block)
                if size > self.largest:
                    raise Forbidden(self._too_large(url))
                if self.stopped() or time.monotonic() >= self.end:
                    raise TransientError(f"fetching {told(url)} was ended after {size} bytes and {self.within:g} s at most")
                file.write(block)
        if claimed is not None and size != claimed:
            raise TransientError(f"{told(url)} was cut off after {size} of {claimed} bytes")
        return size

    def _too_large(self, url: "httpx.URL") -> str:
        limit = f"{self.largest >> 20} MiB" if self.largest >> 20 else f"{self.largest} bytes"
        return f"{told(url)} has more than {limit}, which is the most that is fetched"


def line_to(url: "httpx.URL", reach: Reach = PUBLIC, silence: float = SILENCE, open_to: Collection[str] = ()) -> "Line":
    """A line to an address' host that is not connected yet.

    Args:
        url: the address.
        reach: how hosts are found and connected to.
        silence: seconds to wait for the next byte.
        open_to: names of hosts that may lie anywhere, and need no https.

    Raises:
        Forbidden: it may not be connected to.
        TransientError: no such host is known now.
    """
    own = (bool(reach.own) and _origin(url) == reach.own) or url.host in open_to
    if url.scheme != "https" and not (own and url.scheme == "http"):
        raise Forbidden(f"{told(url)} is not https: nothing else is spoken with hosts elsewhere")
    if url.userinfo:
        raise Forbidden(f"the address at {url.host} holds a name or a password: give it without, or upload the file")
    port = url.port or PORT[url.scheme]
    host = url.raw_host.decode()
    addresses = _addresses(host, port, reach)
    if not own and not all(map(is_public, addresses)):
        raise Forbidden(f"{url.host} is no public address: only the public internet is reached")
    return Line(host, port, addresses, reach, min(silence, CONNECT), silence, secure=url.scheme == "https")


def _addresses(host: str, port: int, reach: Reach) -> list[str]:
    try:
        found = reach.look_up(host.strip("[]"), port)
    except OSError as error:
        raise TransientError(f"no host called {host} is known ({error.strerror or error})") from error
    if not found:
        raise TransientError(f"no host called {host} is known")
    return found


class Line(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, and to no other."""

    def __init__(self, host: str, port: int, addresses: list[str], reach: Reach, connect: float, silence: float, *, secure: bool) -> None:
        self.default_port = PORT["https" if secure else "http"]  # which the Host header leaves out
        super().__init__(host.strip("[]"), port, timeout=silence)
        self._addresses, self._reach, self._within, self._silence, self._secure = addresses, reach, connect, silence, secure

    def connect(self) -> None:
        self.sock = self._dialled()
        self.sock.settimeout(self._silence)
        if self._secure:
            trust = self._reach.trust or ssl.create_default_context()
            self.sock = trust.wrap_socket(self.sock, server_hostname=self.host)

    def _dialled(self) -> socket.socket:
        for number, address in enumerate(self._addresses):
            try:
                return self._reach.dial(address, self.port, self._within)
            except OSError:
                if number == len(self._addresses) - 1:
                    raise
        raise OSError("the host has no address")


def told(url: "httpx.URL") -> str:
    """An address that may be shown: without its query."""
    return f"{url.scheme}://{url.host}{f':{url.port}' if url.port else ''}{url.path}"


def _check_status(url: "httpx.URL", status: int) -> None:
    if status in GONE:
        raise NotThere(f"there is nothing at {told(url)} ({status})")
    if status == 429 or status >= 500:
        raise TransientError(f"{url.host} is busy or faulty ({status}): {told(url)} could not be fetched")
    if status != 200:
        raise Withheld(f"{url.host} does not give {told(url)} ({status})")


def parsed(address: str, base: "httpx.URL | None" = None) -> "httpx.URL":
    """An address as it can be connected to.

    Raises:
        Forbidden: it is none.
    """
    import httpx

    try:
        url = httpx.URL(address)
        whole = base.join(url) if base else url
        whole.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise Forbidden(f"that is no address that can be fetched: {error}") from error
    if not whole.host or not whole.scheme:
        raise Forbidden("that is no address that can be fetched: it names no host")
    if whole.port is not None and not 0 < whole.port < 1 << 16:
        raise Forbidden(f"that is no address that can be fetched: there is no port {whole.port}")
    return whole


def _origin(url: "httpx.URL") -> str:
    return f"{url.scheme}://{url.host}:{url.port or PORT.get(url.scheme, 0)}"


def cut(line: Line) -> None:
    """End a connection from outside, so that whoever waits on it goes on."""
    if line.sock is not None:
        try:
            line.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            line.sock.close()  # it was not connected, or is closed already
