"""``songreel approve``: what waits for a person's answer, and the answer."""

from pydantic import ValidationError

from blocks.local import running_api
from blocks.settings import read
from blocks.waiting import Waiting, answer, end_overdue, waiting
from cli.output import emit
from cli.wishes import choice_named, sentence
from schemas.approval import Approval
from songreel.errors import UserError


def answer_run(
    run: str | None, *, end: bool, choice: str | None, budget: float | None, prompt: str | None, style: str | None, writer: str | None, as_json: bool
) -> int:
    """List what waits, or answer one run; returns the exit code.

    Raises:
        UserError: no such run waits, or the answer cannot be.
    """
    settings = read()
    api = running_api(settings)
    if not api:
        raise UserError("no Prefect server runs here: songreel serve starts one, PREFECT_API_URL names another")
    end_overdue(api, settings.prefect_headers)
    found = waiting(api, settings.prefect_headers)
    if run is None:
        _list(found, as_json)
        return 0
    one = _meant(run, found)
    given = _approval(end, choice, budget, prompt, style, writer)
    answer(api, one.run, given, settings.prefect_headers)
    if as_json:
        emit({"run": one.run, "name": one.name, "answer": given})
    else:
        print(f"{one.name}: {given.answer}")
    return 0


def _approval(end: bool, choice: str | None, budget: float | None, prompt: str | None, style: str | None, writer: str | None) -> Approval:
    anew = {name: value for name, value in (("prompt", prompt), ("style", style), ("writer", writer)) if value}
    given = {"choice": choice_named(choice) if choice else "", "budget": budget, **anew}
    if end and (anew or choice or budget is not None):
        raise UserError("--end makes no film: no other option goes with it")
    try:
        return Approval.model_validate({"answer": "end" if end else "change" if anew else "go on", **given})
    except ValidationError as error:
        raise UserError(sentence(error, option=True)) from error


def _meant(run: str, found: list[Waiting]) -> Waiting:
    """The run of that id or its beginning, or of that name or a part of it."""
    named = [one for one in found if one.run.startswith(run.lower()) or run.casefold() in one.name.casefold()]
    exact = [one for one in named if run in (one.run, one.name)] or named
    if len(exact) == 1:
        return exact[0]
    known = "; ".join(f"{one.run[:8]} {one.name}" for one in exact or found) or "none"
    raise UserError(f"{len(exact) or 'no'} runs called {run!r} wait for an answer; those that wait: {known}")


def _list(found: list[Waiting], as_json: bool) -> None:
    if as_json:
        emit([{"run": one.run, "name": one.name, "until": one.until.isoformat(), "asks": one.asks} for one in found])
        return
    if not found:
        print("no run waits for an answer")
    for one in found:
        body = "\n".join(f"    {line}" for line in one.asks.replace("**", "").splitlines() if line and not line.startswith("# "))
        print(f"{one.run[:8]}  {one.name}  (until {one.until:%d %B %Y, %H:%M} UTC)\n{body}")
        print(f"    songreel approve {one.run[:8]} [--choice N] [--budget DOLLARS] [--prompt TEXT] [--style NAME] [--end]\n")
