"""Money for calls that are answered at once, such as a language model's: reserved in the job book before the call, settled after it.

There is no job to collect, so a call is never repeated from the book; it counts against every cap like whatever else was bought.
"""

import socket
import uuid

from songreel.access import Access
from songreel.errors import SongreelError
from songreel.services import caps
from songreel.services.jobs import KEY_LENGTH, Book, Record, locks_of, now
from songreel.services.locks import held
from songreel.storage import Store

LIVES = 3600.0  # seconds after which a call is surely over


class Tab:
    """What one asker spends at one service.

    Args:
        store: whose job book counts.
        access: for the caps and the place of locks.
        service: whom the caps know it by.
        model: what is asked there.
    """

    def __init__(self, store: Store, access: Access, service: str, model: str) -> None:
        self._book, self._caps = Book(store), access.caps
        self._locks = locks_of(store, access)
        self._service, self._model = service, model

    def open(self, estimate: float) -> Record:
        """Reserve what a call may cost at most.

        Raises:
            OverBudget: a cap forbids it.
        """
        at = now()
        record = Record(
            key=uuid.uuid4().hex[:KEY_LENGTH], attempt=1, service=self._service, backend=self._model, model=self._model, run=self._caps.run,
            estimate=estimate, at=at, until=at + LIVES, buyer=f"{socket.gethostname()}:{self._locks}",
        )  # fmt: skip
        with held(self._locks, "reserving"):
            reserved = caps.reserve(self._book, record, self._caps)
        if reserved is None:
            raise SongreelError(f"the job book has a record {record.name} already")  # two equal random names
        return reserved

    def settle(self, record: Record, charged: float, error: str = "") -> None:
        """Write what a call did cost.

        Args:
            record: as it was reserved.
            charged: dollars.
            error: why it gave nothing; empty: it gave an answer.
        """
        self._book.update(record, state="failed" if error else "done", charged=charged, error=error, ended_at=now())
