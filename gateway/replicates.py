"""The secret by which Replicate signs what it tells."""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from blocks.settings import Settings
from gateway.problems import Refused
from songreel.errors import SongreelError
from songreel.services.client import Client, Patience
from songreel.services.replicate import URL

ASKING = Patience(answer=10.0, tries=2, longest_wait=2.0)  # while its callback waits

log = logging.getLogger("songreel.gateway")


class Replicates:
    """The secret by which Replicate signs: the setting's, else asked of Replicate once."""

    def __init__(self, settings: Settings) -> None:
        given = settings.replicate_webhook_secret
        self._settings, self._secret = settings, given.get_secret_value() if given else ""
        self._asking = asyncio.Lock()

    async def secret(self) -> str:
        """The secret; empty: there is no account, so nobody calls.

        Raises:
            Refused: Replicate does not tell it now.
        """
        async with self._asking:
            if not self._secret and self._settings.replicate_api_token:
                self._secret = await run_in_threadpool(self._asked)
        return self._secret

    def _asked(self) -> str:
        account = self._settings.access.accounts["replicate"]
        try:
            with Client("replicate", account, URL, ASKING, "REPLICATE_API_TOKEN") as client:
                answer = client.get("/v1/webhooks/default/secret")
        except SongreelError as error:
            log.warning("Replicate does not tell its webhooks' secret: %s", error)
            raise Refused(503, "Replicate's signature cannot be checked now", {"Retry-After": "10"}) from error
        return str(answer.get("key", "")) if isinstance(answer, dict) else ""
