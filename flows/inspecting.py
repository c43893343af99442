"""A finished film measured against its song, as a run of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow, runtime
from prefect.states import Completed

from flows import page
from flows.analyse import listened, studio
from flows.songs import source_of, title_of
from schemas import FilmRequest, Plan, Report
from songreel.errors import UserError
from songreel.inspection.told import rows_of

if TYPE_CHECKING:
    from songreel.execution.reel import Inspected


def _name() -> str:
    return f"{title_of(str((runtime.flow_run.parameters or {}).get('film') or 'film'))} · inspection"


@flow(name="inspect", flow_run_name=_name, persist_result=True, result_serializer="json")
def inspect(film: str, master: str, plan: Plan | None = None) -> Report:
    """Measure a film against its song: length, sound, cuts, stills, flashes, black frames.

    The run ends as 'RuleBroken' when the film breaks a hard rule; what was measured is its result all the same.

    Args:
        film: a path under a folder that is open to callers, an https or s3 address, or media:<sha256><suffix>#<title>.
        master: the song that it was made of, in one of the same ways.
        plan: the film's plan, whose cuts are then judged too.

    Raises:
        UserError: there is no such film or song, or it may not be had.
        MediaError: one of them is broken or has no sound.
    """
    with studio() as here:
        shown = source_of(film, None, here.store).path
        if shown is None:
            raise UserError(f"there is no film at {film}")
        heard, analysis = listened(source_of(master, None, here.store), plan.request if plan else FilmRequest(), here)
        found: Inspected = here.workers.call("tasks.work:examine", Path(shown), heard, here.store, analysis, plan)
    report = found.report
    page.put("report", told(shown.name, report), "All hard rules are kept." if report.passed else "A hard rule is broken.")
    if not report.passed:
        message = "; ".join(violation.sentence for violation in report.violations)
        return Completed(name="RuleBroken", message=message, data=report)  # type: ignore[return-value]  # Prefect hands its data to the caller
    return report


def told(name: str, report: Report) -> str:
    """The report as Markdown."""
    return "\n".join([f"# {name}", "| measured | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows_of(report))])
