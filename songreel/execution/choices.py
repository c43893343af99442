"""The ways in which a film can be made here, to choose from: free, with this machine's models, with services, with both.

Without a budget, what costs money is offered at the aim of `TARGET` dollars a minute. A way that lacks something is offered too, with what
it lacks, as long as the catalogue knows of it.
"""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from schemas import Assignment, Choice, ChoiceName, ExecutionPlan, Plan, Scene
from songreel.execution.budget import budget
from songreel.execution.means import FREE, Means, choice_of, price_warning
from songreel.execution.offers import MINUTE, eligible, option
from songreel.execution.solver import CENT, TOLERANCE

TARGET = 1.5  # dollars a minute of film
NAMES: tuple[ChoiceName, ...] = ("free", "local", "cloud", "mixed")
TITLES: dict[ChoiceName, str] = {
    "free": "painted, free",
    "local": "models of this machine",
    "cloud": "paid services",
    "mixed": "this machine's models and paid services",
}


def number_of(name: ChoiceName) -> int:
    """The choice's number, which is the same everywhere."""
    return NAMES.index(name) + 1


def choices(plan: Plan, means: Means) -> list[Choice]:
    """The ways to make this film, by their numbers: two to four wherever the catalogue knows of a model.

    Args:
        plan: whose wishes, cap and deadline count; backends that it names are kept.
        means: what there is to shoot with.
    """
    return [_choice(name, plan, means) for name in NAMES if _offered(name, plan, means)]


def _offered(name: ChoiceName, plan: Plan, means: Means) -> bool:
    """Whether the catalogue knows a model for the choice; both kinds are mixed only where both are ready."""
    if name == "free":
        return True
    if name == "mixed":
        return all(_models(kind, plan, means) for kind in ("local", "cloud"))
    return bool(_models(name, plan, means.provided()))


def _models(name: ChoiceName, plan: Plan, means: Means) -> list[str]:
    """Models that the choice could use."""
    return [one for one in eligible(name, plan.request, means) if one != FREE]


def _choice(name: ChoiceName, plan: Plan, means: Means) -> Choice:
    minutes = plan.frames / float(plan.fps) / MINUTE
    ready = name == "free" or bool(_models(name, plan, means))
    with_ = means if ready else means.provided()
    taken = _priced(name, plan, with_, minutes)
    execution = budget(taken, with_)
    used = Counter(one.backend for one in execution.assignments)
    return Choice(
        number=number_of(name),
        name=name,
        title=TITLES[name],
        ready=ready,
        dollars=round(execution.dollars, 4),
        dollars_per_minute=round(execution.dollars / minutes, 4),
        minutes=round(execution.seconds / MINUTE, 2),
        looks=round(_looks(plan, execution.assignments, with_), 3),
        scenes=dict(sorted(used.items(), key=lambda pair: (pair[0] == FREE, -pair[1]))),
        degraded=tuple(_degraded(name, taken, execution, with_, bool(plan.request.budget))),
        missing="" if ready else _missing(used, means),
    )


def _priced(name: ChoiceName, plan: Plan, means: Means, minutes: float) -> Plan:
    """The plan with the choice taken, and the aim as its cap when a person named none."""
    paid = any(one.dollars_per_second for one in eligible(name, plan.request, means).values())
    cap = plan.request.budget or (ceil(TARGET * minutes / CENT - TOLERANCE) * CENT if paid else 0.0)
    quality = "basic" if plan.request.quality == "preview" and name != "free" else plan.request.quality  # a preview takes no model
    return plan.model_copy(update={"request": plan.request.model_copy(update={"choice": name, "budget": cap, "quality": quality})})


def _looks(plan: Plan, assignments: Sequence[Assignment], means: Means) -> float:
    """Mean of the backends' looks, by the frames that are seen."""
    seen = sum((scene.end_frame - scene.start_frame) * means.profiles[one.backend].looks for scene, one in zip(plan.scenes, assignments, strict=True))
    return seen / plan.frames


def _degraded(name: ChoiceName, plan: Plan, execution: ExecutionPlan, means: Means, capped: bool) -> list[str]:
    """What is less than it could be, in sentences."""
    used = {one.backend for one in execution.assignments}
    told = []
    if name == "free":
        told.append("every picture is drawn by the painter: no model's footage")
    painted = sum(one.backend == FREE for one in execution.assignments)
    if name != "free" and painted:
        told.append(f"{painted} of {len(execution.assignments)} scenes are painted{_for_all(name, plan, means, capped)}")
    if choice_of(plan.request) != name:
        told.append("a preview is always painted")
    told += [
        f"{one}: its licence ({means.profiles[one].licence}) allows no film that earns money"
        for one in sorted(used)
        if not means.profiles[one].commercial
    ]
    told += [age for one in sorted(used) if (age := price_warning(means.profiles[one], means.today))]
    return [*told, *(note.because for note in execution.notes if note.took.startswith(("more time", "a disk")))]


def _for_all(name: ChoiceName, plan: Plan, means: Means, capped: bool) -> str:
    """Why some are painted: what money buys, and what all would cost."""
    if name == "local":
        return ": the deadline leaves no time for more" if plan.request.deadline else ""
    whose = "the budget" if capped else f"the aim of ${TARGET:.2f} a minute"
    whole = sum(_best(scene, plan, means, name) for scene in plan.scenes)
    return f": {whose} is ${plan.request.budget:.2f}, all with the best model would be ${whole:.2f}"


def _best(scene: Scene, plan: Plan, means: Means, name: ChoiceName) -> float:
    """Dollars of a scene with what is worth most, were money no matter."""
    offers = [option(scene, profile, plan, means, True) for profile in eligible(name, plan.request, means).values()]
    return max(offers, key=lambda one: (one.worth, -one.dollars)).dollars


def _missing(used: Counter[str], means: Means) -> str:
    """What has to be done for the backend that would shoot most."""
    lacking = [name for name, _ in used.most_common() if name in means.mend]
    return f"{lacking[0]}: {means.mend[lacking[0]]}" if lacking else ""
