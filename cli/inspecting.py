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
    cuts = report.cuts
    rows = [
        ("picture", f"{report.frames} frames, {report.width}x{report.height}, {float(report.fps):g} a second"),
        ("length", f"{report.length_error_frames:+.2f} frames from the song"),
        ("sound", f"{report.audio_offset_ms:+.1f} ms off"),
        (
            "cuts",
            f"{cuts.count}, at most {cuts.max_error_frames:.2f} frames off, {cuts.on_beat_share:.0%} on the beat ({cuts.by_chance:.0%} by chance)",
        ),
        ("still clips", ", ".join(map(str, report.still_clips)) or "none"),
        ("Ken Burns clips", ", ".join(map(str, report.ken_burns_clips)) or "none"),
        ("black frames", str(report.black_frames)),
        ("flashes", f"at most {report.flashes_per_second_max:.1f} a second"),
        (
            "motion on beats",
            f"{report.beat_alignment:.2f} times that elsewhere; half a beat off {report.beat_alignment_off_beat:.2f}, "
            f"with the sound shuffled {report.beat_alignment_by_chance:.2f}, one in forty over {report.beat_alignment_chance_high:.2f}",
        ),
        (
            "motion in loud parts",
            f"{report.loud_motion:.2f} times that in quiet ones, {report.loud_decibels:.0f} dB softer; "
            f"with the sound shuffled one in forty over {report.loud_motion_chance_high:.2f}",
        ),
        *(("BROKEN RULE", violation.sentence) for violation in report.violations),
    ]
    table(("measured", ""), rows)
