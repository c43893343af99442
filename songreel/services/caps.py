"""Caps on money: checked in the same step that writes a reservation, with everything that is ordered and not yet charged counted.

On one machine a lock makes the step one. Across machines a reservation is written first and checked against all there are: of any set
of reservations beyond a cap, the one written last sees the others and is withdrawn, so a cap is never passed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from songreel.access import Caps
from songreel.errors import OverBudget
from songreel.services.jobs import Book, Record, now, total

DAY = 86_400  # seconds
ROUNDING = 1e-6  # dollars; sums of many cents are not exact


@dataclass(frozen=True)
class _Cap:
    words: str
    dollars: float
    setting: str
    counts: Callable[[Record], bool]


def reserve(book: Book, record: Record, caps: Caps) -> Record | None:
    """Write an attempt with its money reserved, and give it with the moment at which it was; the caller holds the lock of reservations.

    Returns:
        The record as it is written; none when somebody else has begun the attempt.

    Raises:
        OverBudget: a cap forbids it; nothing stays reserved.
    """
    check(book, record, caps)
    late = now() - record.at  # waiting for the lock
    record = record.model_copy(update={"at": record.at + late, "until": record.until + late})
    if not book.create(record):
        return None
    try:
        check(book, record, caps)
    except OverBudget as error:
        book.update(record, state="withdrawn", ended_at=now(), error=str(error))
        raise
    return record


def check(book: Book, record: Record, caps: Caps) -> None:
    """Refuse a reservation that would pass a cap, whether it is in the book already or not.

    Raises:
        OverBudget: it would.
    """
    if not (limits := _caps(record, caps)):
        return
    known = [one for one in book.all() if one.name != record.name]
    for cap in limits:
        before = total(known, cap.counts)
        if before + record.estimate > cap.dollars + ROUNDING:
            raise OverBudget(
                f"{record.backend} would cost ${record.estimate:.4g}, and ${before:.4g} of the ${cap.dollars:.4g} {cap.words} are spent or reserved: "
                f"raise {cap.setting}, or choose another backend"
            )


def _caps(record: Record, caps: Caps) -> list[_Cap]:
    day = record.at // DAY * DAY
    found = []
    if caps.run_dollars is not None:
        found.append(_Cap("for this film", caps.run_dollars, "--budget", lambda one: one.run == record.run))
    if caps.day_dollars is not None:
        found.append(_Cap("for today", caps.day_dollars, "SONGREEL_BUDGET_DAY", lambda one: one.at >= day))
    if (most := caps.provider_dollars.get(record.service)) is not None:
        words, service = f"for {record.service} today", record.service
        found.append(_Cap(words, most, "SONGREEL_BUDGET_PROVIDER", lambda one: one.at >= day and one.service == service))
    return found
