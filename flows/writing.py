"""The plan in a writer's words: the rules' plan as it is, or with a language model's story over it.

A writer never stops a film: when it fails, the rules' plan stays, and the result says why. What a language model wrote is kept in the store
by what it was told, so nothing is paid twice. No Prefect here: `songreel plan` does without it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from schemas import Cost, CostLedger, Lyrics, Note, Plan
from schemas.writing import Brief, Writing
from songreel.access import Access
from songreel.errors import SongreelError
from songreel.execution.identity import key_of
from songreel.planning.writer import WriterFailed, brief_of
from songreel.planning.writers import identity_of
from songreel.planning.written import applied
from songreel.storage import Records, Store

STAGE = "write"
WRITINGS = "writings"
"""Folder of the store in which they are kept."""

Ask = Callable[[Brief, str, float], Writing]
"""Asks for a writing: brief, identity of the writer, and the dollars that may be spent."""

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Told:
    """A plan and what its words cost."""

    plan: Plan
    costs: tuple[Cost, ...] = ()
    failed: bool = False
    """Whether the rules stood in: another run may find the writer well again."""

    @property
    def left(self) -> Plan:
        """The plan with what its words leave of its budget, whichever run paid for them: they are part of the film's price."""
        request, spent = self.plan.request, sum(cost.charged + cost.earlier for cost in self.costs)
        return self.plan.model_copy(update={"request": request.model_copy(update={"budget": max(request.budget - spent, 0.0)})})

    def into(self, costs: CostLedger) -> CostLedger:
        """A film's costs with those of its words."""
        return costs.model_copy(update={"entries": (*self.costs, *costs.entries), "cap": self.plan.request.budget})


def told(plan: Plan, lyrics: Lyrics, store: Store, access: Access, ask: Ask) -> Told:
    """The plan in the words of the writer that its request names."""
    if plan.request.writer == "rules":
        return Told(plan)
    spent: tuple[Cost, ...] = ()
    try:
        brief, writer = brief_of(plan, lyrics), identity_of(plan.request.writer, access)
        records, key = Records(store, WRITINGS), key_of(STAGE, {"brief": brief, "writer": writer})
        known = _kept(records.read(key))
        writing = known or ask(brief, writer, _cap(plan.request.budget, access))
        spent = (_cost(writing, known is not None),)
        if known is None:
            records.replace(key, writing.model_dump_json().encode())
        return Told(applied(plan, writing, lyrics), spent)
    except SongreelError as error:
        log.warning("the rules tell the film: %s", error)
        if isinstance(error, WriterFailed) and error.dollars:
            spent = (Cost(stage=STAGE, provider=access.llm.name if access.llm else "", charged=error.dollars, wasted=error.dollars),)
        note = Note(stage=STAGE, took="the rules' own story", because=str(error))
        return Told(plan.model_copy(update={"notes": (*plan.notes, note)}), spent, failed=True)


def _cap(budget: float, access: Access) -> float:
    """The most that a writing may cost: the film's budget, and no more than the caps of a day."""
    provider = access.llm.name.partition(":")[0] if access.llm else ""
    caps = (budget, access.caps.day_dollars, access.caps.provider_dollars.get(provider))
    return min(cap for cap in caps if cap is not None)


def _kept(record: bytes | None) -> Writing | None:
    """What was written before; none when nothing was, or nothing that can be read."""
    try:
        return Writing.model_validate_json(record) if record else None
    except ValidationError:
        return None


def _cost(writing: Writing, known: bool) -> Cost:
    return Cost(
        stage=STAGE, provider=writing.model, estimated=writing.estimated, cached=known, charged=0.0 if known else writing.charged,
        earlier=writing.charged if known else 0.0, wasted=0.0 if known else writing.wasted,
    )  # fmt: skip
