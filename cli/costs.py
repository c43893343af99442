"""``songreel costs``: what films cost, from a reel's ``costs.json`` or from the ledger of all runs."""

import sys
from pathlib import Path

from pydantic import ValidationError

from blocks.settings import read
from cli.output import emit, guarded, plain_table
from schemas import Cost, CostLedger, RunCosts
from songreel.errors import UserError
from songreel.execution import ledger
from songreel.execution.reel import COSTS

SHOWN = 40  # entries of a reel that a table shows; the rest is summed


def costs_of_reel(reel: Path, as_json: bool) -> int:
    """Print what one film cost.

    Raises:
        UserError: there is no such film, or its costs cannot be read.
    """
    path = reel / COSTS if reel.is_dir() else reel
    try:
        costs = CostLedger.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): --reel takes a film's folder, out/<run>") from error
    except ValidationError as error:
        raise UserError(f"{path} holds no costs: {error.errors()[0]['msg']}") from error
    if as_json:
        emit(costs.model_dump(mode="json") | _sums(costs))
        return 0
    _print_entries(costs)
    print(_summary(costs))
    return 0


def costs_since(days: float, store: str | None, as_json: bool) -> int:
    """Print what the runs of the last days cost, by stage and provider."""
    with guarded(as_json):
        past = ledger.read(read(store=store).open_store(), ledger.days_ago(days), ledger.MOST)
    for note in past.notes:
        print(f"note: {note.because}", file=sys.stderr)
    whole = CostLedger(entries=tuple(cost for run in past.runs for cost in run.costs.entries))
    if as_json:
        emit({"days": days, "runs": [run.model_dump(mode="json") for run in past.runs], **_sums(whole)})
        return 0
    if past.runs:
        plain_table(("ended", "film", "length", "estimated", "charged", "wasted", "known"), [_row(run) for run in past.runs])
        print()
        plain_table(("stage", "provider", "scenes", "estimated", "charged", "wasted", "earlier"), _by_provider(whole.entries))
    print(f"{len(past.runs)} runs in {days:g} days: {_summary(whole)}")
    return 0


def _sums(costs: CostLedger) -> dict[str, float]:
    return {
        name: round(value, 6) for name, value in (("estimated_sum", costs.estimated), ("charged_sum", costs.charged), ("wasted_sum", costs.wasted))
    }


def _row(run: RunCosts) -> tuple[str, ...]:
    known = sum(entry.cached for entry in run.costs.entries)
    length = f"{int(run.film) // 60}:{run.film % 60:02.0f}"
    ended = run.at[:16].replace("T", " ")
    return (ended, run.run, length, *_dollars(run.costs.estimated, run.costs.charged, run.costs.wasted), f"{known} of {len(run.costs.entries)}")


def _print_entries(costs: CostLedger) -> None:
    shown = [one for one in costs.entries if one.charged or one.estimated or one.earlier or one.wasted][:SHOWN]
    if shown:
        rows = [
            (one.stage, "-" if one.scene is None else str(one.scene), one.provider, *_dollars(one.estimated, one.charged, one.wasted, one.earlier),
             "known" if one.cached else "made")
            for one in shown
        ]  # fmt: skip
        plain_table(("stage", "scene", "provider", "estimated", "charged", "wasted", "earlier", ""), rows)
        print()
    plain_table(("stage", "provider", "scenes", "estimated", "charged", "wasted", "earlier"), _by_provider(costs.entries))


def _by_provider(entries: tuple[Cost, ...]) -> list[tuple[str, ...]]:
    groups: dict[tuple[str, str], list[Cost]] = {}
    for entry in entries:
        groups.setdefault((entry.stage, entry.provider), []).append(entry)
    return [(stage, provider, str(len(group)), *_totals(group)) for (stage, provider), group in sorted(groups.items())]


def _totals(group: list[Cost]) -> tuple[str, ...]:
    return _dollars(*(sum(getattr(one, name) for one in group) for name in ("estimated", "charged", "wasted", "earlier")))


def _dollars(*values: float) -> tuple[str, ...]:
    return tuple(f"${value:.2f}" if value else "-" for value in values)


def _summary(costs: CostLedger) -> str:
    cap = f" of a cap of ${costs.cap:.2f}" if costs.cap else ""
    wasted = f", ${costs.wasted:.2f} of it for nothing" if costs.wasted else ""
    earlier = costs.whole - costs.charged
    before = f"; ${earlier:.2f} were paid by earlier runs for what was known" if earlier else ""
    return f"estimated ${costs.estimated:.2f}, charged ${costs.charged:.2f}{cap}{wasted}{before}"
