"""Who may call: a bearer key with the right scope, or, as long as there is no key at all, programs of this machine.

Without keys the gateway answers to loopback alone, and there only to what a web page of elsewhere cannot forge: the Host must be this
machine's own name (else a name server could lead a browser here) and the Origin, when there is one, the gateway's own page.
"""

import ipaddress
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from gateway.keys import Key, KeyFile, Scope
from gateway.problems import Refused
from gateway.rates import Rates
from songreel.errors import UserError

log = logging.getLogger("songreel.gateway")

bearer = HTTPBearer(auto_error=False, description="A key that `songreel keys add` gave; none is needed on this machine as long as there is no key.")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="songreel"'}
SUBPROTOCOL = "bearer."
"""What a socket's subprotocol with the key begins with, for browsers, whose sockets cannot send a header."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
WORDS: dict[Scope, str] = {"read": "look at jobs", "make": "make films", "approve": "answer for a film", "admin": "do that"}
HERE = "this machine"


class Access:
    """The door of one gateway."""

    def __init__(self, keys: KeyFile, rates: Rates) -> None:
        self.keys, self._rates = keys, rates

    def check(self, caller: HTTPConnection, scope: Scope, secret: str) -> str:
        """Let a caller in, or not; gives who it is.

        Raises:
            Refused: 401 without a right key, 403 with one that may not, 429 when it asks too often.
        """
        if not self._known():
            _only_from_here(caller)
            self._spend(HERE, scope)
            return HERE
        key = self.keys.find(secret) if secret else None
        if key is None:  # whoever has a right key is never kept out by others behind the same address
            self._spend(caller.client.host if caller.client else "nobody", "refused")
            said = "this key is not known: it was mistyped or revoked" if secret else "no key was given: send Authorization: Bearer <key>"
            raise Refused(401, said, CHALLENGE)
        self._spend(key.id, scope)
        _may(key, scope)
        return key.id

    def _known(self) -> bool:
        """Whether there are keys at all.

        Raises:
            Refused: that cannot be said, so nobody is let in.
        """
        try:
            return bool(self.keys.all())
        except UserError as error:
            log.exception("the keys cannot be read")
            raise Refused(503, "this gateway's keys cannot be read: its log says more") from error

    def still(self, secret: str) -> bool:
        """Whether whoever was let in with this secret would be now; for what stays open for hours."""
        try:
            return self.keys.find(secret) is not None if self._known() else not secret
        except Refused:
            return False

    def _spend(self, caller: str, scope: Scope | Literal["refused"]) -> None:
        if wait := self._rates.wait(caller, scope):
            told = f"too many requests: at most {self._rates.minute(scope):g} a minute"
            raise Refused(429, told, {"Retry-After": str(max(1, math.ceil(wait)))})


def may(scope: Scope) -> Callable[..., Awaitable[str]]:
    """A dependency that lets in who has that scope."""

    async def allowed(caller: HTTPConnection, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
        access: Access = caller.app.state.access
        return access.check(caller, scope, given.credentials if given else "")

    return allowed


def secret_of(caller: HTTPConnection) -> str:
    """The key that a request or a socket brings, or nothing."""
    scheme, _, secret = caller.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    offered = (part.strip() for part in caller.headers.get("sec-websocket-protocol", "").split(","))
    return next((part.removeprefix(SUBPROTOCOL) for part in offered if part.startswith(SUBPROTOCOL)), "")


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _only_from_here(caller: HTTPConnection) -> None:
    if not caller.client or not is_loopback(caller.client.host) or any(name in caller.headers for name in FORWARDED):
        raise Refused(401, "this gateway has no keys, so only this machine may call it: songreel keys add makes one", CHALLENGE)
    host, origin = caller.headers.get("host", ""), caller.headers.get("origin", "")
    if not is_loopback(_host(f"//{host}")):
        raise Refused(403, f"this gateway has no keys, so it answers to localhost and not to {host[:80]!r}")
    if origin and urlsplit(origin).netloc != host:
        raise Refused(403, "this gateway has no keys, so no other web page may call it")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _may(key: Key, scope: Scope) -> None:
    if not key.may(scope):
        raise Refused(403, f"the key {key.name!r} may not {WORDS[scope]}: it lacks the scope {scope}")
