"""One backend per scene, with its price and time, under the caps.

Money is in dollars. Only backends that are ready here are chosen from, and the built-in painter is always among them at no cost. What a
person named is done or refused; the other scenes get what is worth most under the caps and the deadline, by `worth`.
A shot is never shown twice to save money: a section that comes again has footage of its own, or is painted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from schemas import Assignment, BackendProfile, ChoiceName, ExecutionPlan, Note, Plan
from songreel.errors import MissingDependency, OverBudget, UserError
from songreel.execution.means import FREE, Means, choice_of, price_warning
from songreel.execution.offers import MINUTE, around, bounds, eligible, option
from songreel.execution.solver import CENT, TOLERANCE, Bounds, Option, lasts, solve, soonest

RANKS = {"cloud": 0, "local_gpu": 1, "built_in": 2}
"""What is begun first: what is waited for longest."""

NEARLY = 0.97  # share of the best plan's worth for which a plan of fewer models is taken
MOST_HANDS = 2  # models that are tried to do instead of many

GB_PER_PIXEL = 4e-9  # GB of work files and results for a second of film, by the pixels of a frame: 5 GB for ten minutes at 1080 lines


def budget(plan: Plan, means: Means) -> ExecutionPlan:
    """Choose one backend per scene under the request's cap and those of the day.

    Args:
        plan: whose scenes, wishes, cap and deadline count.
        means: what there is to shoot with.

    Raises:
        UserError: a backend is not known, or its licence forbids what the film is for.
        MissingDependency: a backend is not ready here.
        OverBudget: what was asked for costs more than the cap.
    """
    wished = {scene.index: scene.backend if scene.backend != "auto" else plan.request.backend for scene in plan.scenes}
    for name in sorted(set(wished.values()) - {"auto"}):
        _usable(name, plan, means)
    choice = choice_of(plan.request)
    _possible(choice, plan, means)
    offers = _offers(plan, means, choice)
    chosen = _chosen(plan, means, offers, wished)
    return ExecutionPlan(
        assignments=_assignments(plan, means, offers, chosen),
        cap=plan.request.budget,
        choice=choice,
        seconds=around(plan, means) + lasts(chosen, _bounds(plan, means)),
        notes=(*_painted(chosen, wished, choice, plan), *_late(chosen, plan, means), *_aged(chosen, means), *_crowded(plan, means)),
    )


def _offers(plan: Plan, means: Means, choice: ChoiceName) -> list[list[Option]]:
    """What each scene may be shot with."""
    usable, asked = eligible(choice, plan.request, means), plan.request.choice != "auto"
    return [[option(scene, profile, plan, means, asked) for profile in usable.values()] for scene in plan.scenes]


def _chosen(plan: Plan, means: Means, offers: Sequence[Sequence[Option]], wished: Mapping[int, str]) -> list[Option]:
    """Every scene's option: the named ones as they are, the others by their worth.

    Raises:
        MissingDependency: not even the painter is ready here.
    """
    firm = {index: option(plan.scenes[index], means.profiles[name], plan, means, True) for index, name in wished.items() if name != "auto"}
    _within(list(firm.values()), plan, means)
    open_ = [[firm[scene.index]] if scene.index in firm else offers[scene.index] for scene in plan.scenes]
    if not all(open_):
        raise MissingDependency(f"the {FREE} cannot be used here: {means.mend.get(FREE, 'songreel doctor says why')}")
    return _best(open_, _bounds(plan, means))


def _best(offers: Sequence[Sequence[Option]], left: Bounds) -> list[Option]:
    """What is worth most; when nothing is in time, what is soonest.

    Raises:
        OverBudget: not even that fits, for want of a painter that would cost nothing.
    """
    found = solve(offers, left)
    if found is not None:
        return _of_few_hands(offers, found, left)
    quickest = soonest(offers, left)
    if quickest is None:
        raise OverBudget(f"no way to shoot all scenes costs at most ${left.dollars:.2f}")
    return quickest


def _of_few_hands(offers: Sequence[Sequence[Option]], best: list[Option], left: Bounds) -> list[Option]:
    """The best plan with one model or two, where it is worth nearly as much as that of many: a film should look of one piece."""
    uses = Counter(one.backend for one in best)
    models = [name for name, _ in uses.most_common() if name != FREE]
    for hands in range(1, min(MOST_HANDS, len(models) - 1) + 1):
        kept = {FREE, *models[:hands]}
        few = solve([[one for one in options if one.backend in kept] or options for options in offers], left)
        if few is not None and _worth(few) >= NEARLY * _worth(best):
            return few
    return best


def _worth(chosen: Sequence[Option]) -> float:
    return sum(one.worth for one in chosen)


def _usable(name: str, plan: Plan, means: Means) -> None:
    if name in means.mend:
        raise MissingDependency(f"backend {name!r} cannot be used here: {means.mend[name]}")
    if name not in means.profiles:
        raise UserError(f"no video backend is called {name!r}; known: {', '.join(sorted(means.known))}")
    profile = means.profiles[name]
    if plan.request.commercial and not profile.commercial:
        allowed = ", ".join(sorted(one.name for one in means.profiles.values() if one.commercial))
        raise UserError(f"backend {name!r} may not be used for a film that earns money: its licence is {profile.licence}; these may: {allowed}")


def _possible(choice: ChoiceName, plan: Plan, means: Means) -> None:
    """Refuse a choice that a person took and that cannot be: nothing that it means is ready, or it has no money."""
    if plan.request.choice == "auto" or choice == "free":
        return
    models = [one for one in eligible(choice, plan.request, means).values() if one.name != FREE]
    if not models:
        lacking = [name for name in eligible(choice, plan.request, means.provided()) if name != FREE and name in means.mend]
        first = f": {lacking[0]} lacks {means.mend[lacking[0]]}" if lacking else ""
        raise MissingDependency(f"the choice {choice!r} has no backend that is ready here{first} (songreel backends lists them)")
    if not plan.request.budget and all(one.dollars_per_second for one in models):
        raise OverBudget(
            f"the choice {choice!r} costs money: give the most that it may cost, such as --budget 5; songreel plan --choices says what it costs"
        )


def _within(firm: Sequence[Option], plan: Plan, means: Means) -> None:
    """Refuse wishes that cost more than the cap, or than what is left of the day's, and say what would fit."""
    cost, cap = sum(one.dollars for one in firm), plan.request.budget
    paid = [one for one in firm if one.dollars > 0]
    if cost > cap + TOLERANCE:
        names = ", ".join(sorted({one.backend for one in paid}))
        affordable = sum(total <= cap for total in _running(sorted(one.dollars for one in paid)))
        fits = f"the cap pays for {affordable} of them" if affordable else f"--backend {FREE} is free"
        raise OverBudget(
            f"{len(paid)} scenes with {names} cost ${cost:.2f}, the cap is ${cap:.2f}: "
            f"--budget {ceil(cost / CENT) * CENT:.2f} would pay for all, {fits}"
        )
    today = bounds(plan, (), means, cap)
    if cost > today.dollars + TOLERANCE:
        raise OverBudget(f"{len(paid)} scenes cost ${cost:.2f}, and ${today.dollars:.2f} are left of today's cap: raise SONGREEL_BUDGET_DAY, or wait")
    for payee, left in today.payees.items():
        due = sum(one.dollars for one in paid if one.payee == payee)
        if due > left + TOLERANCE:
            raise OverBudget(
                f"{payee} would cost ${due:.2f}, and ${left:.2f} are left of today's cap for it: raise SONGREEL_BUDGET_PROVIDER, or wait"
            )


def _running(costs: Sequence[float]) -> list[float]:
    return [sum(costs[: end + 1]) for end in range(len(costs))]


def _assignments(plan: Plan, means: Means, offers: Sequence[Sequence[Option]], chosen: Sequence[Option]) -> tuple[Assignment, ...]:
    """The options with who comes next when one fails, and the order of shooting: scenes of one model follow each other."""
    order = sorted(range(len(chosen)), key=lambda at: (RANKS[means.profiles[chosen[at].backend].where], chosen[at].backend, at))
    turns = {scene: turn for turn, scene in enumerate(order)}
    return tuple(
        Assignment(
            scene=scene.index, backend=one.backend, dollars=one.dollars, seconds=round(one.seconds, 3), then=_then(one, offers[scene.index]),
            turn=turns[scene.index],
        )
        for scene, one in zip(plan.scenes, chosen, strict=True)
    )  # fmt: skip


def _then(one: Option, others: Sequence[Option]) -> tuple[str, ...]:
    """Who shoots a scene when this one fails: what is worth most and costs no more, then the painter."""
    if one.backend == FREE:
        return ()
    able = [other for other in others if other.backend not in (one.backend, FREE) and other.dollars <= one.dollars + TOLERANCE]
    names = [other.backend for other in sorted(able, key=lambda other: -other.worth)]
    return (*names[:2], FREE)


def _bounds(plan: Plan, means: Means) -> Bounds:
    return bounds(plan, means.profiles.values(), means, plan.request.budget)


def _painted(chosen: Sequence[Option], wished: Mapping[int, str], choice: ChoiceName, plan: Plan) -> list[Note]:
    """Scenes that are painted although a person chose models."""
    painted = [one for index, one in enumerate(chosen) if one.backend == FREE and wished[index] == "auto"]
    if choice == "free" or plan.request.choice == "auto" or not painted:
        return []
    limit = " and ".join(
        [*([f"${plan.request.budget:.2f}"] if choice != "local" else []), *([f"{plan.request.deadline:g} minutes"] if plan.request.deadline else [])]
    )
    because = f"{limit} do not reach for more" if limit else "paint is worth as much there"
    return [Note(stage="budget", took=f"the painter for {len(painted)} of {len(chosen)} scenes, those that matter least", because=because)]


def _late(chosen: Sequence[Option], plan: Plan, means: Means) -> list[Note]:
    seconds = around(plan, means) + lasts(chosen, _bounds(plan, means))
    if plan.request.deadline is None or seconds <= plan.request.deadline * MINUTE * (1 + TOLERANCE):
        return []
    because = (
        f"even the quickest way takes about {seconds / MINUTE:.1f} minutes here, not {plan.request.deadline:g}: "
        "a lower --quality or --height is quicker"
    )
    return [Note(stage="budget", took="more time than the deadline", because=because)]


def _aged(chosen: Sequence[Option], means: Means) -> list[Note]:
    used: dict[str, BackendProfile] = {one.backend: means.profiles[one.backend] for one in chosen}
    told = {profile.name: (profile, because) for profile in used.values() if (because := price_warning(profile, means.today))}
    return [
        Note(stage="budget", took=f"an {'estimated' if profile.estimated else 'old'} price for {name}", because=because)
        for name, (profile, because) in told.items()
    ]


def _crowded(plan: Plan, means: Means) -> list[Note]:
    """A disk that is too small for the film's work."""
    needed = plan.frames / float(plan.fps) * plan.width * plan.height * GB_PER_PIXEL
    free = means.machine.disk_gb
    if free is None or free >= needed:
        return []
    return [
        Note(
            stage="budget",
            took="a disk that may be too small",
            because=f"the film takes about {needed:.1f} GB with its clips, {free:.1f} GB are free",
        )
    ]
