"""What there is to shoot with, looked up where it is kept: the catalogue, the machine, the job book, the ledger of past runs.

No Prefect here: a terminal asks this before anything is started.
"""

from collections import defaultdict
from datetime import UTC, datetime

from blocks.settings import current
from flows import survey
from schemas import FilmRequest
from songreel.access import Access
from songreel.execution import ledger
from songreel.execution.estimates import Estimates
from songreel.execution.machine import Machine
from songreel.execution.means import Means, choice_of, sort_out
from songreel.services import jobs
from songreel.storage import Store
from songreel.video import registry


def gather(store: Store, access: Access, machine: Machine, run: str = "", past: ledger.Past = ledger.Past()) -> Means:  # noqa: B008 - frozen
    """Everything that decides, beside the plan, who may shoot what.

    Args:
        store: whose job book counts against the caps of the day.
        access: accounts, weights, catalogues and caps.
        machine: this machine.
        run: the film's run; what was ordered for it is collected, and not bought again.
        past: runs that are learned from.
    """
    ready, absent, mend = sort_out(registry.profiles(access), registry.statuses(access), machine)
    today = datetime.now(UTC)
    capped = access.caps.day_dollars is not None or access.caps.provider_dollars
    here = Means(
        profiles=ready, absent=absent, mend=mend, machine=machine, caps=access.caps,
        spent=_spent(store, run, today.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()) if capped else {},
        estimates=Estimates(past.runs, machine.name), today=today.date(),
    )  # fmt: skip
    return survey.widened(here, survey.read(current().gpu_pool, store))


def past_of(request: FilmRequest, store: Store) -> ledger.Past:
    """Past runs to learn from; a film that only the painter shoots has nothing to choose by them."""
    return ledger.Past() if choice_of(request) == "free" and request.backend == "auto" else ledger.read(store)


def _spent(store: Store, run: str, since: float) -> dict[str, float]:
    """Dollars by service that other films were charged, or have reserved, since then."""
    spent: dict[str, float] = defaultdict(float)
    for record in jobs.records(store):
        if record.at >= since and not (run and record.run == run):
            spent[record.service] += record.committed
    return dict(spent)


def wasted(store: Store, run: str, since: float) -> dict[str, float]:
    """Dollars by backend that a run's orders cost and gave nothing for.

    Args:
        store: whose job book.
        run: the run's name.
        since: Unix seconds; only orders made then or later.
    """
    lost: dict[str, float] = defaultdict(float)
    for record in jobs.records(store):
        if record.run == run and record.at >= since and record.wasted:
            lost[record.backend] += record.wasted
    return dict(lost)
