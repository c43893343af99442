"""``songreel inspect``: a finished film against its song."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from blocks.settings import read
from cli.output import emit, guarded, table
from cli.wishes import read_plan
from schemas import GridEdit, Report
from songreel.errors import HardRuleBroken, UserError

FPS = Fraction(30)  # of the curves, which are not looked at here
BROKEN = HardRuleBroken.exit_code


def inspect_film(film: Path, master: Path, *, plan: Path | None, out: Path | None, as_json: bool) -> int:
    """Measure a film and print the report; 3 when a hard rule is broken."""
    for path in (film, master):
        if not path.is_file():
            raise UserError(f"there is no file at {path}")
    with guarded(as_json):
        report = _examined(film, master, plan, out)
    if as_json:
        emit(report)
    else:
        _print(report)
    return 0 if report.passed else BROKEN


def _examined(film: Path, master: Path, plan: Path | None, out: Path | None) -> Report:
    from songreel.inspection.check import examine

    found = examine(film, master, **_planned(master, plan))
    if out is not None:
        from songreel.inspection.page import write_report

        write_report(found.report, found.evidence, out)
    return found.report


def _planned(master: Path, path: Path | None) -> dict[str, Any]:
    """The beats, and with a plan its cuts and transitions; the beats are listened for in the master."""
    from songreel.audio.analyse import analyse
    from songreel.audio.ingest import take

    store = read().open_store()
    plan = read_plan(path) if path is not None else None
    fps, grid = (plan.fps, plan.request.grid) if plan else (FPS, GridEdit())
    analysis = analyse(take(master, store), store, fps=fps, grid=grid)
    if plan is None:
        return {"beats": analysis.beats}
    transitions = [(scene.start_frame, scene.transition.frames) for scene in plan.scenes if scene.transition.frames]
    return {"beats": analysis.beats, "cuts": [scene.start_frame for scene in plan.scenes[1:]], "transitions": transitions}


def _print(report: Report) -> None:
    from songreel.inspection.told import rows_of

    table(("measured", ""), rows_of(report))
