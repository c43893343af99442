"""Buys what is ordered, once: an order that was made before, in whatever state it was left, is collected instead.

The book is written before the order is sent, before the first look and at the end. One process of this machine is at an order at a
time; on other machines, the one that created the record sends it, and all may look at its job and collect it.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TypeVar

from schemas import MediaRef
from songreel.access import Access
from songreel.errors import MediaError, SongreelError, TransientError
from songreel.services import caps
from songreel.services.content import Wanted, check
from songreel.services.faults import Doubtful, Gone, Unanswered, fault_of, short
from songreel.services.jobs import Book, Order, Record, locks_of, now
from songreel.services.locks import held
from songreel.services.provider import Provider, Seen
from songreel.services.waiting import Interrupted, Progress, Watch
from songreel.services.webhooks import Bell
from songreel.storage import Store

T = TypeVar("T")

FETCHES = 3  # tries for a result in one go
ROUNDS = 3  # such goes, after which a result is given up
MOST_ATTEMPTS = 4  # of an order in a day; a job that fails so often fails again
DAY = 86_400.0  # seconds
EXPECTED = 60.0  # seconds of a job of which nothing is known
CANCEL = 1.2  # seconds that an ended wait still gives to cancelling

log = logging.getLogger("songreel.services")


class Buyer:
    """Orders at one service.

    Args:
        store: where the job book and the results are.
        access: for the caps and the place of locks.
        provider: who speaks to the service.
        progress: told the share done.
        expected: seconds that the work takes, as far as is known.
    """

    def __init__(self, store: Store, access: Access, provider: Provider, progress: Progress, expected: float = EXPECTED) -> None:
        self._store, self._caps, self._provider = store, access.caps, provider
        self._patience = provider.client.patience
        self._book = Book(store)
        self._locks = locks_of(store, access)
        self._me = f"{socket.gethostname()}:{self._locks}"
        self._watch = Watch(progress, expected)
        account = access.accounts.get(provider.service)
        self._bells = store if account and account.webhook else None  # webhooks come to another process

    def buy(self, order: Order, wanted: Wanted = Wanted()) -> Record:  # noqa: B008 - frozen
        """The order's record with its result in the store, bought now or before.

        Raises:
            OverBudget: a cap forbids it.
            Refused: moderation refused an input.
            Doubtful: it may have been bought, and nobody can say.
            TransientError: trying again may help.
            SongreelError: it will not.
        """
        return self.buy_all([order], wanted)[0]

    def buy_all(self, orders: Sequence[Order], wanted: Wanted = Wanted()) -> list[Record]:  # noqa: B008 - frozen
        """Every order's record; those that are new are sent together. Raises like `buy`, on the first that fails."""
        with ExitStack() as stack:
            try:
                for key in sorted({order.key for order in orders}):
                    stack.enter_context(held(self._locks, key, self._watch.tick))
                self._send_new(orders)
                return [self._brought(order, wanted) for order in orders]
            except Interrupted as ended:
                self._provider.client.stop.set()
                raise ended.error from None

    def _send_new(self, orders: Sequence[Order]) -> None:
        """Send the orders that nobody has made, in one request where the service takes several."""
        fresh = {order.key: order for order in orders if self._is_over(self._book.latest(order.key))}
        if len(fresh) > 1:
            with contextlib.suppress(Unanswered):  # each is asked for on its own then
                self._send(list(fresh.values()))

    def _brought(self, order: Order, wanted: Wanted) -> Record:
        """One order's finished record, from whatever state it is in."""
        for _ in range(MOST_ATTEMPTS + 1):
            record = self._book.latest(order.key)
            if record is not None and record.state == "done" and self._has(record):
                return record
            if record is not None and record.state == "intended":
                record = self._found(order, record)
            if record is None or self._is_over(record):
                with contextlib.suppress(Unanswered):  # the next round asks what became of it
                    self._send([order])
            elif record.state == "accepted":
                return self._collected(order, record, wanted)
        raise TransientError(f"{order.backend} at {order.service} gave no answer to an order {MOST_ATTEMPTS} times; none of them was accepted")

    def _is_over(self, record: Record | None) -> bool:
        """Whether an order is to be made anew: there is none, it came to nothing, or its result is gone from the store."""
        return record is None or record.state in ("failed", "cancelled", "withdrawn") or (record.state == "done" and not self._has(record))

    def _has(self, record: Record) -> bool:
        return all(self._store.has(ref) for ref in record.media)

    def _send(self, orders: Sequence[Order]) -> None:
        """Reserve, send, and write down what the service said."""
        if not (reserved := self._all_reserved(orders)):
            return
        try:
            answers = self._off(lambda: self._provider.submit(reserved, self._store), late=lambda given: self._regret(reserved, given))
        except Unanswered as error:
            for _, record in reserved:
                self._book.update(record, error=short(str(error)))
            raise
        except SongreelError as error:
            for _, record in reserved:
                self._end(record, "failed", error=str(error))
            raise
        failed = [error for error in self._written(reserved, answers) if error is not None]
        if failed:
            raise failed[0]

    def _all_reserved(self, orders: Sequence[Order]) -> list[tuple[Order, Record]]:
        """Reserve the money of all of them, or of none: what is not sent keeps no money."""
        reserved: list[tuple[Order, Record]] = []
        try:
            for order in orders:
                if (record := self._reserved(order)) is not None:
                    reserved.append((order, record))  # noqa: PERF401 - what there is so far counts when one fails
        except BaseException as error:  # a cap, or whoever waits wants no more
            for _, record in reserved:
                self._end(record, "withdrawn", error=str(error))
            raise
        return reserved

    def _reserved(self, order: Order) -> Record | None:
        """A new attempt with its money reserved; none when another machine has begun one."""
        before, at = self._book.attempts(order.key), now()
        failed = [one for one in before if one.job and one.state in ("failed", "cancelled") and one.at > at - DAY]
        if len(failed) >= MOST_ATTEMPTS:
            raise SongreelError(f"{order.backend} was tried {len(failed)} times for this order, the last time: {failed[-1].error}")
        attempt = before[-1].attempt + 1 if before else 1
        record = Record(
            key=order.key, attempt=attempt, service=order.service, backend=order.backend, model=order.model, run=self._caps.run,
            estimate=order.estimate, at=at, until=at + self._provider.lives, buyer=self._me, told=self._provider.told(order),
        )  # fmt: skip
        with held(self._locks, "reserving", self._watch.tick):
            return caps.reserve(self._book, record, self._caps)

    def _written(self, sent: Sequence[tuple[Order, Record]], answers: Sequence[str | Exception]) -> list[Exception | None]:
        """Write each order's id, or why it was not accepted."""
        errors: list[Exception | None] = []
        for (_, record), answer in zip(sent, answers, strict=True):
            if isinstance(answer, str):
                self._book.update(record, state="accepted", job=answer, accepted_at=now())
            else:
                self._end(record, "failed", error=str(answer))
            errors.append(None if isinstance(answer, str) else answer)
        return errors

    def _regret(self, sent: Sequence[tuple[Order, Record]], answers: Sequence[str | Exception]) -> None:
        """Cancel what was accepted after nobody waited for it any more."""
        self._written(sent, answers)
        for (order, record), answer in zip(sent, answers, strict=True):
            if isinstance(answer, str):
                self._try_to_cancel(order, record.model_copy(update={"state": "accepted", "job": answer, "accepted_at": now()}), started=False)

    def _found(self, order: Order, record: Record) -> Record | None:
        """What became of an order without an answer: its record once it is known; none when it was never accepted.

        Raises:
            Doubtful: nobody can say, and it may still be carried out.
        """
        patience, ours = self._patience, record.buyer == self._me
        settles = record.at + patience.window + patience.answer + patience.settle  # it is sent within its window, or not at all
        if ours:
            settles = min(settles, now() + patience.settle)  # this process has its lock: nobody else is sending it
        while True:
            record = self._book.latest(order.key) or record
            if record.state != "intended":
                return record
            settled = now() >= settles
            if settled or ours:
                known = {one.job for one in self._book.all() if one.job}
                job = self._off(lambda: self._provider.find(order, record, known))  # noqa: B023 - called at once
                if job:
                    return self._book.update(record, state="accepted", job=job, accepted_at=record.at)
            if settled or not self._provider.sure:
                self._given_up(order, record)
                return None
            self._watch.pause(patience.poll)

    def _given_up(self, order: Order, record: Record) -> None:
        """End an attempt that nothing is known of; its money counts as wasted where it may have been taken."""
        sure = self._provider.sure and now() - record.at < self._provider.remembers
        if not sure and now() < record.until:
            left = (record.until - now()) / 60
            raise Doubtful(f"{order.backend} may have been bought at {order.service}, which cannot say: it is not bought again for {left:.0f} min")
        self._end(record, "failed", wasted=0.0 if sure else record.estimate, error=record.error or "it was never accepted")

    def _collected(self, order: Order, record: Record, wanted: Wanted) -> Record:
        """Wait for an accepted job and bring its result into the store."""
        started = False
        try:
            with Bell(record.job, self._bells) as bell:
                while not (seen := self._looked(order, record, bell)).over:
                    started = started or seen.state == "working"
                    self._watch.tick(seen.share)
                    if now() - (record.accepted_at or record.at) > self._patience.deadline:
                        return self._overdue(order, record, started)
                    self._watch.pause(self._patience.poll, bell.wait)
            return self._fetched(order, record, seen, wanted) if seen.state == "done" else self._failed(order, record, seen)
        except BaseException as error:
            if not isinstance(error, Exception):  # whoever waits wants no more
                self._cancel_soon(order, record, started)
            raise

    def _looked(self, order: Order, record: Record, bell: Bell) -> Seen:
        """The job's state, asked for until the service has been silent for too long."""
        begun = now()
        while True:
            try:
                return self._off(lambda: self._provider.look(order, record))
            except Gone as error:
                return Seen("gone", error=str(error))
            except TransientError as error:
                if now() - begun > self._patience.silence:
                    raise
                log.info("%s: %s", order.backend, error)
            self._watch.pause(self._patience.poll, bell.wait)

    def _fetched(self, order: Order, record: Record, seen: Seen, wanted: Wanted) -> Record:
        """The finished record, its results in the store.

        Raises:
            TransientError: nothing usable came; the job stays accepted, so that the next try fetches it again.
            SongreelError: nothing usable came in several goes.
        """
        error: Exception = MediaError("there is no result")
        for attempt in range(FETCHES):
            try:
                media = self._off(lambda: self._taken(seen, wanted, self._others(record) if attempt < FETCHES - 1 else set()))  # noqa: B023
                if media:
                    charged = order.estimate if seen.dollars is None else seen.dollars
                    return self._end(record, "done", media=tuple(media), charged=charged, facts=seen.facts)
            except (MediaError, TransientError, Gone) as fault:
                error = fault
                log.info("%s: %s", order.backend, fault)
            self._watch.pause(self._patience.poll)
            with contextlib.suppress(SongreelError):
                again = self._off(lambda: self._provider.look(order, record))
                seen = again if again.state == "done" else seen
        return self._unusable(order, record, seen, error)

    def _unusable(self, order: Order, record: Record, seen: Seen, error: Exception) -> Record:
        rounds = record.fetches + 1
        if rounds < ROUNDS:
            self._book.update(record, fetches=rounds, error=str(error))
            raise TransientError(f"the result of {order.backend} could not be taken: {error}") from error
        wasted = order.estimate if seen.dollars is None else seen.dollars
        self._end(record, "failed", fetches=rounds, wasted=wasted, error=str(error))
        raise SongreelError(f"the result of {order.backend} was paid for and cannot be used: {error}") from error

    def _others(self, record: Record) -> set[str]:
        """Hashes of the results of other orders: two jobs never give the same bytes, so the same bytes are another job's."""
        return {ref.sha256 for one in self._book.all() if one.key != record.key for ref in one.media}

    def _taken(self, seen: Seen, wanted: Wanted, others: set[str]) -> list[MediaRef]:
        with self._store.workspace() as folder:
            taken = []
            for number, output in enumerate(seen.outputs):
                path = folder / f"result-{number}{wanted.suffix}"
                self._provider.fetch(output, path)
                check(path, wanted)
                ref = self._store.put_file(path)
                if ref.sha256 in others:
                    raise MediaError("the result is that of another order")
                taken.append(ref)
            return taken

    def _failed(self, order: Order, record: Record, seen: Seen) -> Record:
        """Write down why a job gave nothing, and raise it."""
        gone, words = seen.state == "gone", seen.error or f"the job was {seen.state}"
        wasted = seen.dollars if seen.dollars is not None else (order.estimate if gone else 0.0)
        self._end(record, "cancelled" if seen.state == "cancelled" else "failed", wasted=wasted, error=words)
        if seen.state == "cancelled":
            raise TransientError(f"the job of {order.backend} at {order.service} was cancelled by someone else")
        raise fault_of(order.service, order.backend, words, dict(order.input))

    def _overdue(self, order: Order, record: Record, started: bool) -> Record:
        self._cancel(order, record, started)
        deadline = self._patience.deadline
        raise SongreelError(f"{order.backend} at {order.service} was not done within {deadline / 60:.0f} min and was cancelled")

    def _cancel_soon(self, order: Order, record: Record, started: bool) -> None:
        """Cancel without waiting long; what takes longer goes on in the background."""
        self._provider.client.stop.set()

        thread = threading.Thread(target=self._try_to_cancel, args=(order, record, started), name="cancel", daemon=True)
        thread.start()
        thread.join(CANCEL)

    def _try_to_cancel(self, order: Order, record: Record, started: bool) -> None:
        try:
            self._cancel(order, record, started)
        except SongreelError as error:
            log.warning("the job %s at %s could not be cancelled and is collected later: %s", record.job, order.service, error)

    def _cancel(self, order: Order, record: Record, started: bool) -> None:
        """Cancel a job; one that is done already stays accepted, to be collected by the next who wants it."""
        seen = self._provider.cancel(order, record)
        if seen.state != "done":
            wasted = seen.dollars if seen.dollars is not None else (order.estimate if started else 0.0)
            self._end(record, "cancelled", wasted=wasted, error="it was cancelled")

    def _end(self, record: Record, state: str, **changes: object) -> Record:
        if isinstance(changes.get("error"), str):
            changes["error"] = short(str(changes["error"]))
        return self._book.update(record, state=state, ended_at=now(), **changes)

    def _off(self, call: Callable[[], T], late: Callable[[T], None] | None = None) -> T:
        """A call in a thread of its own, progress told meanwhile."""
        return self._watch.beside(call, late)
