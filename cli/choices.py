"""``songreel plan --choices``: the ways to make a film, each with its dollars, minutes and looks, and what is less than it could be."""

from pathlib import Path

from blocks.settings import Settings
from cli.output import emit, plain_table
from schemas import Choice, Plan


def choices_of(plan: Plan, settings: Settings) -> list[Choice]:
    """The ways to make this film here."""
    from flows.means import gather
    from songreel.execution import ledger
    from songreel.execution.choices import choices
    from songreel.execution.machine import look

    store = settings.open_store()
    return choices(plan, gather(store, settings.access, look(settings.cores, settings.home), past=ledger.read(store)))


def show_choices(plan: Plan, target: Path, offered: list[Choice], as_json: bool) -> None:
    """Print the choices, and how to take one.

    Args:
        plan: of the film.
        target: the plan's file.
        offered: the choices.
        as_json: for programs.
    """
    from songreel.execution.choices import TARGET

    if as_json:
        emit({"plan": str(target), "aim_dollars_per_minute": TARGET, "choices": offered})
        return
    seconds = plan.frames / float(plan.fps)
    print(f"{plan.treatment.title}: {int(seconds) // 60}:{seconds % 60:02.0f}, {len(plan.scenes)} scenes, {plan.request.quality}\n")
    rows = [
        (str(one.number), one.title, _dollars(one), _minutes(one.minutes), f"{one.looks:.0%}", _scenes(one), "" if one.ready else "NOT READY")
        for one in offered
    ]
    plain_table(("", "way", "cost", "ready in", "looks", "who shoots how many scenes", ""), rows)
    print()
    for one in offered:
        for sentence in _less(one):
            print(f"{one.number}: {sentence}")
    print(f"\ntake one: songreel render {target} --choice N" + ("" if plan.request.budget else " (those that cost: --budget DOLLARS)"))
    print(f"the aim is ${TARGET:.2f} a minute; times and costs are estimates that every run makes better")


def _dollars(one: Choice) -> str:
    return f"${one.dollars:.2f} (${one.dollars_per_minute:.2f}/min)" if one.dollars else "free"


def _minutes(minutes: float) -> str:
    if minutes < 1.5:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _scenes(one: Choice) -> str:
    return ", ".join(f"{name} {count}" for name, count in one.scenes.items())


def _less(one: Choice) -> list[str]:
    return [*([f"it needs {one.missing}"] if one.missing else []), *one.degraded]
