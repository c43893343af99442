"""What services tell by themselves.

A webhook is a hint and no more: who waits for the job looks at once, so late, doubled and forged ones are harmless.
"""

import base64
import binascii
import hashlib
import hmac
import threading
from collections.abc import Mapping

from songreel.errors import UserError

TOLERANCE = 300.0  # seconds that a webhook's time may be off; older ones are replays

_bells: dict[str, threading.Event] = {}
_guard = threading.Lock()


def validated(headers: Mapping[str, str], body: bytes, secret: str, now: float, tolerance: float = TOLERANCE) -> str:
    """The id of a signed webhook (Replicate's, by the Standard Webhooks scheme).

    Args:
        headers: of the request, whatever their case.
        body: as it came.
        secret: ``whsec_`` and the key in base64.
        now: Unix seconds.
        tolerance: seconds its time may be off.

    Raises:
        UserError: it is unsigned, signed by another key, changed, or old.
    """
    known = {name.lower(): value for name, value in headers.items()}
    try:
        told, stamp, signatures = known["webhook-id"], known["webhook-timestamp"], known["webhook-signature"]
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        sent = int(stamp)
    except (KeyError, ValueError, binascii.Error):
        raise UserError("the webhook is not signed as it should be") from None
    if abs(now - sent) > tolerance:
        raise UserError(f"the webhook is {abs(now - sent):.0f} s off, at most {tolerance:.0f} are taken")
    right = base64.b64encode(hmac.new(key, f"{told}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    given = [part.partition(",")[2] for part in signatures.split() if part.startswith("v1,")]
    if not any(hmac.compare_digest(right, one) for one in given):
        raise UserError("the webhook's signature is not that of its content")
    return told


def ring(job: str) -> bool:
    """Wake whoever waits for the job; false when nobody does."""
    with _guard:
        bell = _bells.get(job)
    if bell is not None:
        bell.set()
    return bell is not None


class Bell:
    """Waits for a job's webhook; use as a context manager."""

    def __init__(self, job: str) -> None:
        self._job, self._event = job, threading.Event()

    def __enter__(self) -> "Bell":
        with _guard:
            _bells[self._job] = self._event
        return self

    def __exit__(self, *_: object) -> None:
        with _guard:
            if _bells.get(self._job) is self._event:
                del _bells[self._job]

    def wait(self, seconds: float) -> bool:
        """Wait that long or until the bell rings; true when it rang."""
        rang = self._event.wait(seconds)
        self._event.clear()
        return rang
