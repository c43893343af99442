"""A run that asks a person before the film is made: what it shows, what it costs, and their typed answer.

What is free is done before: the plan by rules, the storyboard, and a painted preview of the same timeline when another than the painter
shall shoot. Everything that costs money comes after the answer. A deployment's run leaves its worker while it waits, and goes on from
what the store knows; a run in a process of one's own waits there.
"""

import contextvars
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from typing import Any

from httpx import HTTPError
from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectException
from prefect.flow_runs import pause_flow_run, suspend_flow_run
from prefect.input import RunInput
from pydantic import ValidationError

from blocks.percent import Percent
from blocks.progress import Event, listening, tell, teller
from blocks.settings import Settings
from blocks.waiting import GRACE, KEY, TIMED_OUT, unanswered
from flows import page
from flows.clock import Clock
from flows.line import Line
from flows.means import gather, past_of
from flows.recall import Wanted, remembered, renewed, wanted
from schemas import Choice, FilmRequest, Plan
from schemas.approval import Approval
from songreel import planning
from songreel.composition import timeline as timelines
from songreel.errors import UserError
from songreel.execution.budget import budget
from songreel.execution.choices import choices
from songreel.execution.means import FREE
from songreel.execution.reel import deliver_to_store, remember
from songreel.painter.catalogue import find_style
from tasks.studio import Studio

POLL = 2.0  # seconds between two looks for an answer, of a run that waits in its process
PREVIEW_LINES = 540
CENT = 100.0

log = logging.getLogger("songreel.flows")


class NotMade(Exception):
    """The film is not made, and that is no fault; ``name`` is the state's."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


@dataclass(frozen=True)
class Proposal:
    """What a person is asked about."""

    film: Wanted
    plan: Plan
    offered: Sequence[Choice]
    dollars: float
    backends: tuple[str, ...]
    preview: str = ""
    """Where the painted preview lies; empty: the painter shoots the film itself."""


def asked(film: Wanted, line: Line, settings: Settings) -> Wanted:
    """The film as a person wants it made.

    Args:
        film: as it was asked for.
        line: with which its plan and its pictures are made.
        settings: how long an answer is waited for.

    Raises:
        NotMade: they want none, or did not answer.
    """
    refused = ""
    tell(Event("preview", "planned", text="planning the film, to ask whether it shall be made"))
    for turn in count(1):
        proposal = proposed(film, line)
        answer = _answer(proposal, turn, settings.approval_hours * 3600.0, refused)
        if answer.answer == "end":
            raise NotMade("TurnedDown", "turned down: the film is not made, and nothing was paid")
        try:
            film, refused = _changed(film, answer, proposal), ""
        except UserError as error:
            refused = str(error)
            continue
        if answer.answer == "go on":
            return film
    raise AssertionError  # count has no end


def proposed(film: Wanted, line: Line) -> Proposal:
    """The plan by rules with its storyboard, choices and preview, on the run's page as they come; nothing of it is paid for."""
    request, studio = film.request, line.studio
    heard = line.listen(film.source, request.model_copy(update={"budget": 0.0}))
    plan = line.planned(heard, request, film.plan)
    page.rename(page.title_of(plan), page.tags_of(plan))
    timeline = timelines.build(plan, heard.analysis, planning.ENCODINGS[request.quality])
    board = line.board(plan, timeline, heard.analysis, request.own)
    means = gather(studio.store, studio.access, line.machine, film.run, past_of(request, studio.store))
    execution, offered = budget(plan, means), choices(plan, means)
    page.choices(offered)
    board.wait()
    backends = tuple(dict.fromkeys(one.backend for one in execution.assignments))
    preview = _preview(plan, line) if set(backends) - {FREE} else ""
    return Proposal(film, plan, offered, execution.dollars, backends, preview)


def _preview(plan: Plan, line: Line) -> str:
    """A film of the same timeline, painted in small; gives its place."""
    store = line.studio.store
    small = wanted("", plan.request, in_preview(plan), store)
    reel = remembered(small, store)
    if reel is None:
        painter = Studio(store, line.studio.workers, line.studio.access.for_film(small.run, 0.0))
        whole, film = teller(), Percent()

        def heard(event: Event) -> None:
            film.take(event)
            whole(Event("preview", "moved", share=film.percent / 100.0))

        tell(Event("preview", "begun"))
        with listening(heard):
            reel = Line(painter, line.machine, Clock(), shown=False).film(small)
        remember(reel, store)
    tell(Event("preview", "done", share=1.0))
    place = deliver_to_store(reel, store).film.path
    shown = page.linked("preview.mp4", reel.files[reel.result.film.path], store)
    page.put("preview", f"# Preview\n\n{shown}\n\n`{place}`", "The same timeline, painted in small: cuts, story and words are the film's own")
    return place


def in_preview(plan: Plan) -> Plan:
    """The plan as a small painted film."""
    shorter = min(plan.width, plan.height, PREVIEW_LINES)
    share = shorter / min(plan.width, plan.height)
    width, height = (max(2, round(side * share / 2) * 2) for side in (plan.width, plan.height))
    free = {"quality": "preview", "height": height, "choice": "free", "backend": "auto", "budget": 0.0, "deadline": None, "writer": "rules"}
    scenes = tuple(scene.model_copy(update={"backend": "auto"}) for scene in plan.scenes)
    request = plan.request.model_copy(update=free)
    return plan.model_copy(update={"request": request, "width": width, "height": height, "scenes": scenes})


def _answer(proposal: Proposal, turn: int, seconds: float, refused: str) -> Approval:
    """The person's answer, waited for.

    Raises:
        NotMade: nobody answered.
    """
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    text = question(proposal, until, refused)
    page.put(KEY, text, f"Waits for your answer until {until:%d %B %Y, %H:%M} UTC")
    tell(Event("approval", "asked", text=f"waiting for an answer: the film would cost ${proposal.dollars:.2f}"))
    key = KEY if turn == 1 else f"{KEY}-{turn}"
    form: Any = RunInput.subclass_from_base_model_type(Approval).with_initial_data(description=in_short(proposal, until, refused))
    given: Any
    if runtime.deployment.id:
        given = suspend_flow_run(wait_for_input=form, key=key, timeout=int(seconds + GRACE))
    else:
        with _ended_at(until) as late:
            given = pause_flow_run(wait_for_input=form, key=key, timeout=int(seconds + GRACE), poll_interval=int(POLL))
        if late.is_set():
            raise NotMade(TIMED_OUT, unanswered(seconds))
    answer = Approval(**given.model_dump())
    page.put(KEY, f"{text}\n\n**Answered: {answer.answer}**", "Answered")
    tell(Event("approval", "answered", text=f"answered: {answer.answer}"))
    return answer


@contextmanager
def _ended_at(until: datetime) -> Iterator[threading.Event]:
    """Answer for the person when the time is up, which the event tells then: Prefect itself would fail the run."""
    late, over = threading.Event(), threading.Event()
    run, context = runtime.flow_run.id, contextvars.copy_context()

    def answer() -> None:
        while not over.wait(max((until - datetime.now(UTC)).total_seconds(), POLL)):
            late.set()  # before it is answered, since the run goes on at once
            try:
                with get_client(sync_client=True) as client:
                    client.resume_flow_run(run, run_input=Approval(answer="end").model_dump(mode="json"))
            except (HTTPError, PrefectException) as error:
                late.clear()
                log.warning("the run's time to wait is up, and the server does not hear: %s", error)

    thread = threading.Thread(target=context.run, args=(answer,), name="songreel-approval", daemon=True)
    thread.start()
    try:
        yield late
    finally:
        over.set()


def question(proposal: Proposal, until: datetime, refused: str = "") -> str:
    """What a person reads before they answer, in Markdown."""
    plan, request = proposal.plan, proposal.plan.request
    cost = f"about ${proposal.dollars:.2f} of a budget of ${request.budget:.2f}" if proposal.dollars else "nothing"
    writer = ["The story is written by a language model after your answer; the storyboard shows the rules' own."] if request.writer != "rules" else []
    ways = [f"* **{one.number} {one.name}**: {_way(one)}" for one in proposal.offered]
    return "\n\n".join(
        [
            f"# {page.title_of(plan)}",
            *([f"**That could not be done: {refused}**"] if refused else []),
            f"{plan.treatment.logline}",
            f"{len(plan.scenes)} scenes, shot by {', '.join(proposal.backends)}; it would cost {cost}.",
            *writer,
            *([f"Preview: `{proposal.preview}`"] if proposal.preview else []),
            "\n".join(ways),
            "Answer **go on** to have it made (with another choice or budget, if you give them), **change** to have it planned anew and be asked "
            f"again, **end** to have no film. Without an answer until {until:%d %B %Y, %H:%M} UTC the run ends by itself. Nothing is paid before.",
        ]
    )


def in_short(proposal: Proposal, until: datetime, refused: str = "") -> str:
    """The question for a dialog, which has room for a few lines."""
    plan = proposal.plan
    cost = f"${proposal.dollars:.2f}" if proposal.dollars else "nothing"
    ready = ", ".join(f"{one.number} {one.name}" + (f" (${one.dollars:.2f})" if one.dollars else "") for one in proposal.offered if one.ready)
    lead = f"**That could not be done: {refused}** " if refused else ""
    return (
        f"{lead}**{len(plan.scenes)} scenes by {', '.join(proposal.backends)}; it would cost {cost}.** Choices that are ready: {ready}. "
        "Storyboard, choices and preview are under Artifacts. Nothing is paid before your answer; "
        f"without one until {until:%d %B, %H:%M} UTC the run ends."
    )


def _way(one: Choice) -> str:
    cost = f", ${one.dollars:.2f}" if one.dollars else "" if one.name == "free" else ", free"
    ready = "" if one.ready else f"; not ready: {one.missing}"
    return f"{one.title}{cost}, in {page.told_minutes(one.minutes)}, looks {one.looks:.0%}{ready}"


def _changed(film: Wanted, answer: Approval, proposal: Proposal) -> Wanted:
    """The film with what the answer asks for.

    Raises:
        UserError: that cannot be.
    """
    taken = next((one for one in proposal.offered if one.name == answer.choice), None)
    if answer.choice and (taken is None or not taken.ready):
        raise UserError(f"the choice {answer.choice} cannot be taken here" + (f": it needs {taken.missing}" if taken else ""))
    if answer.style:
        find_style(answer.style)
    anew = answer.answer == "change"
    changes = {
        "choice": answer.choice, "budget": answer.budget if answer.budget is not None else _price(taken, film.request),
        "prompt": answer.prompt if anew else "", "style": answer.style if anew else "", "writer": answer.writer if anew else "",
    }  # fmt: skip
    given = {name: value for name, value in changes.items() if value not in ("", None)}
    if not given:
        return film
    if taken and taken.name != "free" and film.plan is None and film.request.quality == "preview":
        given["quality"] = "basic"  # a preview takes no model
    try:
        request = FilmRequest.model_validate({**dict(film.request), **given})
    except ValidationError as error:
        raise UserError(error.errors()[0]["msg"]) from error
    return renewed(film, request, keep_plan=not set(given) & {"prompt", "style", "writer"})


def _price(taken: Choice | None, request: FilmRequest) -> float | None:
    """The budget of a choice that costs something, when a person named none: its price as it was offered."""
    if taken is None or not taken.dollars or request.budget:
        return None
    return ceil(taken.dollars * CENT) / CENT
