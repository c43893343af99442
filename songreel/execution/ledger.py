"""The ledger of all runs: one record a run, kept in the store beside the reels, so that every machine sharing the store learns from it.

Records are named by the time at which their run ended (UTC) and are never changed; one that cannot be read is passed over, and told.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from schemas import CostLedger, Note, RunCosts
from songreel.storage import Records, Store

FOLDER = "ledger"
STAMP = "%Y%m%dT%H%M%SZ"
LAST = 60  # runs that are learned from
MOST = 5000  # runs that are read for a sum


@dataclass(frozen=True)
class Past:
    """Runs of the past, oldest first, and what could not be read of them."""

    runs: tuple[RunCosts, ...] = ()
    notes: tuple[Note, ...] = ()


def write(run: RunCosts, store: Store) -> None:
    """Put a run into the ledger.

    Raises:
        TransientError: it could not be written.
    """
    at = datetime.fromisoformat(run.at).astimezone(UTC)
    Records(store, FOLDER).create(f"{at.strftime(STAMP)}-{uuid.uuid4().hex[:8]}", run.model_dump_json().encode())


def read(store: Store, since: datetime | None = None, last: int = LAST) -> Past:
    """The last runs.

    Args:
        store: whose ledger.
        since: only those that ended then or later; none: whenever.
        last: how many at most.
    """
    records = Records(store, FOLDER)
    first = since.astimezone(UTC).strftime(STAMP) if since else ""
    names = [name for name in sorted(records.marks()) if name >= first][-last:]
    read_ = {name: _parsed(records.read(name)) for name in names}
    broken = [name for name, run in read_.items() if run is None]
    notes = (Note(stage="budget", took="estimates without some past runs", because=f"the ledger's {', '.join(broken)} cannot be read"),)
    return Past(tuple(run for run in read_.values() if run is not None), notes if broken else ())


def record(run: str, machine: str, film: float, around: float, costs: CostLedger, now: datetime | None = None) -> RunCosts:
    """A run's record, as of now.

    Args:
        run: its name.
        machine: what the machine is known by.
        film: length of the film, in seconds.
        around: seconds of everything but the shooting.
        costs: the run's own ledger.
        now: when it ended, when that is not now.
    """
    return RunCosts(run=run, at=(now or datetime.now(UTC)).isoformat(timespec="seconds"), machine=machine, film=film, around=around, costs=costs)


def days_ago(days: float) -> datetime:
    """The moment so many days ago."""
    return datetime.now(UTC) - timedelta(days=days)


def _parsed(content: bytes | None) -> RunCosts | None:
    try:
        return RunCosts.model_validate_json(content or b"")
    except ValidationError:
        return None
