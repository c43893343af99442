"""S3 through s3fs, with patience: a bucket that is away, busy, slow or cut off is asked again, for `PATIENCE` seconds.

Every call is repeated as a whole; an object is put whole or not at all, so doing it twice does no harm. Times are seconds.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError, IncompleteReadError, NoCredentialsError, PartialCredentialsError
from botocore.parsers import ResponseParserError
from fsspec.asyn import sync_wrapper
from s3fs import S3FileSystem

from songreel.errors import MissingDependency, TransientError

R = TypeVar("R")

PATIENCE = 150.0  # for one call; a bucket that is restarted or moved is away for a minute
FIRST_PAUSE = 0.2  # doubles, with chance in it
LONGEST_PAUSE = 5.0
CONNECT = 5.0  # for a connection
SILENCE = 60.0  # without a byte of an answer; the time that a part takes to be sent is in it
PART = 8 << 20  # bytes of a part of an upload
TOGETHER = 4  # parts on their way at once: with them a line of 5 Mbit/s is fast enough
ATTEMPTS = 3  # of botocore's own, which also slows down when the service asks for it

OWN_FAULT = 500  # HTTP status from which it is the service's
NOT_THERE_AT_ALL = 501  # what the service cannot do it cannot do later either
PASSING_STATUS = {408, 429}
PASSING_CODES = {"RequestTimeout", "SlowDown", "IncompleteBody", "OperationAborted", "RequestTimeTooSkewed", "Throttling", "BadDigest"}
PASSING = (NoConnection, HTTPClientError, IncompleteReadError, ResponseParserError, aiohttp.ClientError, TimeoutError, ConnectionError)

log = logging.getLogger("songreel.storage")


class Bucket(S3FileSystem):  # type: ignore[misc]  # s3fs has no types
    """s3fs with time limits and patience.

    Args:
        options: what s3fs takes.
    """

    retries = 1  # of s3fs's own: all calls are repeated here

    def __init__(self, *given: Any, config_kwargs: Mapping[str, Any] | None = None, **options: Any) -> None:
        config = {
            "connect_timeout": CONNECT,
            "read_timeout": SILENCE,
            "retries": {"mode": "adaptive", "total_max_attempts": ATTEMPTS},
            # Many services know no checksums in trailers; content is checked by its SHA-256.
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        # Others write to the bucket too: a list that was read once is no answer the next time.
        own = {"max_concurrency": TOGETHER, "use_listings_cache": False}
        super().__init__(*given, config_kwargs={**config, **(config_kwargs or {})}, **{**own, **options})

    async def _call_s3(self, method: str, *named: Any, **more: Any) -> Any:
        return await _patient(method, lambda: S3FileSystem._call_s3(self, method, *named, **more))

    call_s3 = sync_wrapper(_call_s3)

    async def _put_file(self, lpath: str, rpath: str, **named: Any) -> None:
        await S3FileSystem._put_file(self, lpath, rpath, **{"chunksize": PART, **named})

    # The bodies of answers are read after their calls have succeeded: what is cut then is asked for again as a whole.

    async def _get_file(self, rpath: str, lpath: str, **named: Any) -> None:
        await _patient("get_object", lambda: S3FileSystem._get_file(self, rpath, lpath, **named))

    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **named: Any) -> Any:
        # In fsspec's own order, which is a folder's: s3fs has a version first.
        return await _patient("get_object", lambda: S3FileSystem._cat_file(self, path, start=start, end=end, **named))


async def _patient(what: str, call: Callable[[], Awaitable[R]]) -> R:
    """What a call gives, however often it takes.

    Raises:
        TransientError: it failed for `PATIENCE` seconds.
        MissingDependency: there are no credentials.
    """
    end, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
    while True:
        try:
            return await call()
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise MissingDependency(f"the bucket cannot be opened: {error}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") from error
        except Exception as error:
            if not is_passing(error):
                raise
            if time.monotonic() + pause > end:
                raise TransientError(f"the bucket did not do {what} for {PATIENCE:g} s: {error}") from error
            log.log(logging.WARNING if pause > 1 else logging.DEBUG, "the bucket did not do %s, it is asked again: %s", what, error)
        await asyncio.sleep(pause * random.uniform(0.7, 1.0))
        pause = min(pause * 2, LONGEST_PAUSE)


def is_passing(error: BaseException) -> bool:
    """Whether a failed call may succeed when it is made again."""
    answer = getattr(error, "response", None) or getattr(error.__cause__, "response", None)
    if not isinstance(answer, dict):
        return isinstance(error, PASSING)
    if answer.get("Error", {}).get("Code") in PASSING_CODES:
        return True
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status in PASSING_STATUS or (status >= OWN_FAULT and status != NOT_THERE_AT_ALL)
