"""Webhooks by the Standard Webhooks scheme, signed and checked; and the bells by which those of services wake who waits for a job.

A service's webhook is a hint and no more: who waits for the job looks at once, so late, doubled and forged ones are harmless. It comes to the
gateway, which is another process than the one that waits, often on another machine: so bells are rung through the store that both share.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import threading
from collections.abc import Mapping, Sequence

from songreel.errors import UserError
from songreel.storage import Records, Store

TOLERANCE = 300.0  # seconds that a webhook's time may be off; older ones are replays
PREFIX = "whsec_"
LEAST_KEY = 16  # bytes of a secret
MOST_SIGNATURES = 16  # in one header; there are two while a secret is changed
BELLS = "results/bells"  # folder of records: jobs whose webhook came; they expire as results do
LISTEN = 0.5  # seconds between two looks into a folder for bells
LISTEN_FAR = 3.0  # the same in a bucket, for all jobs of this process together

log = logging.getLogger("songreel.services")

_bells: dict[str, tuple[threading.Event, str]] = {}  # by key: the event, and the store's address or nothing
_listeners: dict[str, threading.Thread] = {}  # by the store's address
_guard = threading.Lock()


def key_in(secret: str) -> bytes:
    """The key that a secret holds.

    Raises:
        UserError: it is no ``whsec_`` and base64 of a key that is long enough.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) < LEAST_KEY:
        raise UserError(f"a webhook's secret is {PREFIX} and at least {LEAST_KEY} random bytes in base64: echo {PREFIX}$(openssl rand -base64 24)")
    return key


def signature(secret: str, told: str, stamp: int, body: bytes) -> str:
    """The ``webhook-signature`` of a message.

    Args:
        secret: ``whsec_`` and the key in base64.
        told: the message's id.
        stamp: Unix seconds.
        body: as it is sent.
    """
    digest = hmac.new(key_in(secret), f"{told}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def validated(headers: Mapping[str, str], body: bytes, secret: str | Sequence[str], now: float, tolerance: float = TOLERANCE) -> str:
    """The id of a signed webhook.

    Args:
        headers: of the request, whatever their case.
        body: as it came.
        secret: ``whsec_`` and the key in base64; several while it is changed.
        now: Unix seconds.
        tolerance: seconds its time may be off.

    Raises:
        UserError: it is unsigned, signed by another key, changed, or old.
    """
    known = {name.lower(): value for name, value in headers.items()}
    told, signatures = known.get("webhook-id", ""), known.get("webhook-signature", "")
    stamp = fresh(known.get("webhook-timestamp", "") if told and signatures else "", now, tolerance)
    given = [part for part in signatures.split()[:MOST_SIGNATURES] if part.startswith("v1,")]
    right = [signature(one, told, stamp, body) for one in ([secret] if isinstance(secret, str) else secret)]
    if not any(same(one, other) for one in right for other in given):
        raise UserError("the webhook's signature is not that of its content")
    return told


def fresh(stamp: str, now: float, tolerance: float = TOLERANCE) -> int:
    """The time of a message, when it is one and now.

    Raises:
        UserError: it is no time, or too far off.
    """
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise UserError("the webhook is not signed as it should be")
    if abs(now - int(stamp)) > tolerance:
        raise UserError(f"the webhook is {abs(now - int(stamp)):.0f} s off, at most {tolerance:.0f} are taken")
    return int(stamp)


def same(one: str, other: str) -> bool:
    """Whether two signatures are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "backslashreplace"))


def ring(job: str) -> bool:
    """Wake whoever waits for the job in this process; false when nobody does."""
    return _ring(_key(job))


def ring_in(store: Store, job: str) -> None:
    """Wake whoever waits for the job, in whatever process that shares the store.

    Raises:
        TransientError: the store cannot be written to now.
    """
    if not ring(job):
        Records(store, BELLS).replace(_key(job), b"{}")


class Bell:
    """Waits for a job's webhook; use as a context manager.

    Args:
        job: its id at the service.
        store: through which other processes ring; none: only this one does.
    """

    def __init__(self, job: str, store: Store | None = None) -> None:
        self._key, self._event, self._store = _key(job), threading.Event(), store

    def __enter__(self) -> "Bell":
        with _guard:
            _bells[self._key] = (self._event, self._store.url if self._store else "")
            if self._store is not None and self._store.url not in _listeners:
                listener = threading.Thread(target=_listen, args=(self._store,), name="bells", daemon=True)
                _listeners[self._store.url] = listener
                listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        with _guard:
            if _bells.get(self._key, (None, ""))[0] is self._event:
                del _bells[self._key]

    def wait(self, seconds: float) -> bool:
        """Wait that long or until the bell rings; true when it rang."""
        rang = self._event.wait(seconds)
        self._event.clear()
        return rang


def _key(job: str) -> str:
    """A record's name for a job, whatever a caller calls one."""
    return hashlib.sha256(job.encode("utf-8", "backslashreplace")).hexdigest()[:40]


def _ring(key: str) -> bool:
    with _guard:
        bell = _bells.get(key)
    if bell is not None:
        bell[0].set()
    return bell is not None


def _listen(store: Store) -> None:
    """Pass on what others ring, as long as somebody waits: one look for all jobs, beside them, since a bucket may be slow."""
    records, known, pause = Records(store, BELLS), dict[str, str](), threading.Event()
    while True:
        try:
            marks = records.marks()
        except Exception as error:  # a hint that does not come costs one look's pause
            log.debug("bells cannot be heard now: %s", error)
            marks = known
        for key in (key for key, mark in marks.items() if known.get(key) != mark):
            _ring(key)
        known = marks
        pause.wait(LISTEN if store.local else LISTEN_FAR)
        with _guard:
            if not any(url == store.url for _, url in _bells.values()):
                del _listeners[store.url]
                return
