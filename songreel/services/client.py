"""HTTP to a paid service: one place for keys, time limits, repeats and what its answers mean.

A request that changes nothing is repeated after any fault of the moment. An order (``repeatable=False``) is repeated only when it cannot
have been accepted: no connection, 429, or 503 with a Retry-After; any other fault of the moment is `Unanswered`. The key goes to the
account's own address and nowhere else; downloads go without it. Times are seconds.
"""

import json
import math
import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from songreel.access import Account
from songreel.errors import MissingDependency, SongreelError, TransientError
from songreel.services.faults import Gone, NoCredit, Unanswered, fault_of, short
from songreel.storage.fetching import Forbidden, NotThere, Reach, Withheld, fetch

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER = 48 << 20  # bytes; footage as base64 is the largest
LARGEST_FILE = 1 << 30  # bytes of a download
BLOCK = 1 << 16  # bytes
CONNECT = 10.0  # for a connection
FETCH = 900.0  # for a whole download
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
BACKOFF = 0.5  # before the second try; doubles
NAMED_WAIT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)(?:ec|\b)", re.IGNORECASE)  # as in 'resets in ~30s' and 'in 1 second'


@dataclass(frozen=True)
class Patience:
    """How long what is waited for, in seconds."""

    answer: float = 45.0
    """For one answer, whole."""
    tries: int = 5
    """Of one request."""
    longest_wait: float = 60.0
    """Between two tries, whatever the service asks for."""
    window: float = 120.0
    """From the moment an order is written down until it is sent, or not at all."""
    poll: float = 2.0
    """Between two looks at a job."""
    settle: float = 60.0
    """Until an order that was sent without an answer shows in the service's list, or never will."""
    silence: float = 120.0
    """Without any answer about a job."""
    deadline: float = 1800.0
    """For a job, after which it is cancelled."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """As a catalogue's entry says: ``poll_seconds``, ``settle_seconds``, ``deadline_seconds`` and so on."""
        named: dict[str, Any] = {name: float(options[f"{name}_seconds"]) for name in cls.__dataclass_fields__ if f"{name}_seconds" in options}
        return cls(**named, **({"tries": int(options["tries"])} if "tries" in options else {}))


PATIENCE = Patience()


class Client:
    """Talks to one service with one account; use as a context manager.

    Args:
        service: its name, for errors.
        account: the key, and where it may be sent.
        url: the service's own address, when the account names none.
        patience: time limits.
        key_setting: the setting that holds the key, for errors.
    """

    def __init__(self, service: str, account: Account, url: str, patience: Patience = PATIENCE, key_setting: str = "") -> None:
        import httpx

        self.service, self.patience, self.key_setting = service, patience, key_setting
        self.stop = threading.Event()
        """Set: no further try is made and downloads end."""
        self._key = account.key
        self.url = httpx.URL((account.url or url).rstrip("/"))
        if self.url.scheme != "https" and self.url.host not in LOOPBACK:
            raise MissingDependency(f"the address of {service}, {self.url}, is not https: a key is sent over nothing else")
        limits = httpx.Timeout(patience.answer, connect=min(CONNECT, patience.answer))
        trust = self.url.host not in LOOPBACK  # no proxy between this machine and itself
        fresh = httpx.Limits(max_keepalive_connections=0)  # a kept connection that the service closed looks like an order without an answer
        self._http = httpx.Client(headers={"Authorization": f"Bearer {account.key}"}, timeout=limits, limits=fresh, trust_env=trust)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.stop.is_set():  # else an order may still be on its way, and its answer counts
            self._http.close()

    def get(self, path: str, **named: Any) -> Any:
        """The answer to a question."""
        return self.ask("GET", path, repeatable=True, **named)

    def order(self, path: str, **named: Any) -> Any:
        """The answer to an order, which is never sent twice when it may have been accepted."""
        return self.ask("POST", path, repeatable=False, **named)

    def ask(
        self, method: str, path: str, *, repeatable: bool, about: Mapping[str, Any] | None = None, tries: int = 0, by: float = math.inf, **named: Any
    ) -> Any:
        """One request and its JSON.

        Args:
            method: of HTTP.
            path: under the service's address.
            repeatable: whether doing it twice does no harm.
            about: the job's input, to name what moderation refused.
            tries: how often at most; 0: as patience says.
            by: Unix seconds after which it is not sent any more.
            named: what httpx takes (``json``, ``files``, ``params``, ``headers``).

        Raises:
            Unanswered: an order may have been accepted, or not.
            TransientError: the service cannot be reached, or is busy; nothing was accepted.
            SongreelError: it refused.
        """
        tries = tries or self.patience.tries
        for attempt in range(tries):
            if time.time() > by or (self.stop.is_set() and not repeatable):
                raise TransientError(f"the order to {self.service} was not sent: {'it was ended' if self.stop.is_set() else 'its time had passed'}")
            try:
                return self._once(method, path, repeatable, about or {}, named)
            except _Again as again:
                if attempt == tries - 1:
                    raise TransientError(str(again)) from None
                backoff = BACKOFF * 2**attempt * random.uniform(0.8, 1.2)
                self.pause(min(backoff if again.after is None else again.after, self.patience.longest_wait))
        raise AssertionError("a request has at least one try")

    def pause(self, seconds: float) -> None:
        """Wait, unless no further try is to be made.

        Raises:
            TransientError: the wait was ended.
        """
        if self.stop.wait(seconds):
            raise TransientError(f"waiting for {self.service} was ended")

    def _once(self, method: str, path: str, repeatable: bool, about: Mapping[str, Any], named: Mapping[str, Any]) -> Any:
        import httpx

        try:
            with self._http.stream(method, f"{self.url}{path}", **named) as reply:
                body = self._read(reply)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _Again(f"{self.service} cannot be reached ({type(error).__name__}: {self._safe(str(error))})") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            words = f"{self.service} did not answer ({type(error).__name__}: {self._safe(str(error))})"
            raise (_Again(words) if repeatable else Unanswered(words)) from None
        if reply.status_code >= 300:
            raise self._fault(reply, body, repeatable, about)
        try:
            return json.loads(body)
        except ValueError:
            words = f"{self.service} answered something that is no JSON: {self._safe(body[:80].decode('utf-8', 'replace'))!r}"
            raise (_Again(words) if repeatable else Unanswered(words)) from None

    def _read(self, reply: "httpx.Response") -> bytes:
        import httpx

        body, end = bytearray(), time.monotonic() + self.patience.answer
        for block in reply.iter_bytes(BLOCK):
            body += block
            if len(body) > LARGEST_ANSWER:
                raise httpx.ReadError(f"the answer has more than {LARGEST_ANSWER >> 20} MiB")
            if time.monotonic() > end:
                raise httpx.ReadTimeout(f"the answer took more than {self.patience.answer:g} s")
        return bytes(body)

    def _fault(self, reply: "httpx.Response", body: bytes, repeatable: bool, about: Mapping[str, Any]) -> Exception:  # noqa: PLR0911 - one line a kind
        status, said = reply.status_code, self._said(body)
        words = f"{self.service} answered {status}" + (f": {said}" if said else "")
        wait = _asked_wait(reply.headers, said)
        if status == 429 or (status == 503 and "retry-after" in reply.headers):
            return _Again(words, wait)
        if status >= 500 or status == 408:
            return _Again(words, wait) if repeatable else Unanswered(words)
        if status in (401, 403):
            setting = f": check {self.key_setting}" if self.key_setting else ""
            return MissingDependency(f"{self.service} does not accept the key{setting} ({said or status})")
        if status == 402:
            return NoCredit(f"the account at {self.service} has no credit left: {said or 'payment required'}")
        if status in (404, 410):
            return Gone(words)
        if status < 400:
            return SongreelError(f"{self.service} answered with a redirect ({status}); the key is not taken to another address")
        fault = fault_of(self.service, str(about.get("model", "the model")), said, dict(about))
        return fault if not isinstance(fault, TransientError) else SongreelError(words)

    def _said(self, body: bytes) -> str:
        """The service's own message."""
        try:
            told = json.loads(body)
        except ValueError:
            return self._safe(body[:200].decode("utf-8", "replace"))
        if isinstance(told, dict) and isinstance(told.get("errors"), list) and told["errors"]:
            told = told["errors"][0]
        if isinstance(told, dict):
            told = next((told[name] for name in ("detail", "message", "error", "title") if told.get(name)), told)
        return self._safe(str(told))

    def _safe(self, text: str) -> str:
        """A text of the service's that may be shown: without the key, and short."""
        return short(text.replace(self._key, "…") if self._key else text)

    def download(self, address: str, target: Path, largest: int = LARGEST_FILE) -> None:
        """Fetch a result into a file, without the key; from an account on this machine, from there too.

        Raises:
            TransientError: it could not be fetched now.
            SongreelError: its address is not https or not public, or it is too large.
        """
        own = f"{self.url.scheme}://{self.url.host}:{self.url.port or 0}" if self.url.host in LOOPBACK else ""
        silence = max(self.patience.answer, 1.0)
        try:
            fetch(address, target, largest=largest, within=FETCH, silence=silence, tries=1, reach=Reach(own=own), stopped=self.stop.is_set)
        except NotThere as error:
            raise Gone(f"the result is gone: {error}") from error
        except Withheld as error:  # until the service says what became of it
            raise TransientError(str(error)) from error
        except Forbidden as error:
            raise SongreelError(f"{self.service} names a result that is not taken: {error}") from error


class _Again(Exception):
    """A fault after which the request may be made again, ``after`` so many seconds when the service said so."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


def _asked_wait(headers: Mapping[str, str], said: str) -> float | None:
    """Seconds that a busy service asks to be left alone, from its header or its words; none when it does not say."""
    header = headers.get("retry-after", "").strip()
    if header.replace(".", "", 1).isdigit():
        return float(header)
    if header:
        try:
            return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
        except ValueError:
            return None
    named = NAMED_WAIT.search(said)
    return float(named[1]) / (1000 if named[2].lower() == "ms" else 1) if named else None
