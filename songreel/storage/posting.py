"""Sends a message over https to a public address, and nowhere else but to hosts that are named: `fetching` the other way round.

Redirects are not followed: what was signed for one host is not told to another. Times are seconds.
"""

import http.client
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from songreel.errors import TransientError
from songreel.storage.fetching import PUBLIC, Forbidden, Reach, cut, line_to, parsed

WITHIN = 15.0
HEARD = 1 << 14  # bytes of an answer that are read; what it says counts for nothing


@dataclass(frozen=True)
class Answered:
    """What the host said to a message."""

    status: int
    retry_after: float = 0.0
    """Seconds after which it wants to be asked again; 0: it does not say."""


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, reach: Reach = PUBLIC, open_to: Collection[str] = (), within: float = WITHIN
) -> Answered:  # fmt: skip
    """Send a body; gives the answer's status, whatever it is.

    Args:
        address: an https address.
        body: what is sent.
        headers: sent with it.
        reach: how hosts are found and connected to.
        open_to: names of hosts that may lie anywhere, and need no https.
        within: seconds for all of it.

    Raises:
        Forbidden: the address may not be connected to.
        TransientError: no answer came.
    """
    url = parsed(address)
    line = line_to(url, reach, within, open_to)
    watch = threading.Timer(within, cut, (line,))
    watch.daemon = True
    watch.start()
    try:
        line.request("POST", url.raw_path.decode(), body, {"User-Agent": "songreel", "Connection": "close", **headers})
        reply = line.getresponse()
        reply.read(HEARD)
        return Answered(reply.status, _seconds(reply.headers.get("Retry-After", "")))
    except ssl.SSLCertVerificationError as error:
        raise Forbidden(f"the certificate of {url.host} does not hold: {error.verify_message}") from error
    except (OSError, http.client.HTTPException) as error:
        raise TransientError(f"{url.host} gave no answer ({type(error).__name__}: {error})") from error
    finally:
        watch.cancel()
        line.close()


def _seconds(text: str) -> float:
    """Seconds that a Retry-After means, given as such or as a date."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - time.time())
