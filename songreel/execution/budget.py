"""One backend per scene, with its price, under a cap.

Money is in dollars. Only backends that are ready here are chosen from, and the built-in painter is always among them at no cost.
Priced ones are used when a person names them, or when 'auto' has money to spend and the quality asks for it: scenes of the most
energy first, as long as the cap holds.
"""

from collections.abc import Mapping, Sequence
from math import ceil

from pydantic import Field

from schemas import BackendProfile, Note, Plan, Quality, Scene
from schemas.base import Dollars, Model
from songreel.errors import MissingDependency, OverBudget, UserError

FREE = "painter"
"""What every machine can do."""

PAID_QUALITIES: tuple[Quality, ...] = ("professional", "cinematic")
"""'auto' spends money for these only; a preview is free."""

CENT = 0.01


class Assignment(Model):
    """Who shoots a scene, and what that is expected to cost."""

    scene: int
    backend: str
    dollars: Dollars = 0.0


class ExecutionPlan(Model):
    """The whole film's assignments, in the order of the scenes."""

    assignments: tuple[Assignment, ...]
    cap: Dollars
    notes: tuple[Note, ...] = Field(default=())

    @property
    def dollars(self) -> float:
        """What the film is expected to cost."""
        return sum(assignment.dollars for assignment in self.assignments)


def budget(plan: Plan, profiles: Mapping[str, BackendProfile], mend: Mapping[str, str], vram_gb: float) -> ExecutionPlan:
    """Choose one backend per scene under the request's cap.

    Args:
        plan: whose scenes, wishes and cap count.
        profiles: backends that are ready here, by name.
        mend: for backends that are known but not ready, what is missing and the command that brings it.
        vram_gb: the GPU's video memory; 0 without one.

    Raises:
        UserError: a backend is not known.
        MissingDependency: a backend is not ready here.
        OverBudget: what was asked for costs more than the cap.
    """
    wished = {scene.index: scene.backend if scene.backend != "auto" else plan.request.backend for scene in plan.scenes}
    for name in sorted(set(wished.values()) - {"auto"}):
        _usable(name, profiles, mend, vram_gb)
    firm = [assign(scene, profiles[wished[scene.index]], plan) for scene in plan.scenes if wished[scene.index] != "auto"]
    _within(firm, plan, profiles)
    left = plan.request.budget - sum(assignment.dollars for assignment in firm)
    free_hand = [scene for scene in plan.scenes if wished[scene.index] == "auto"]
    chosen = [*firm, *_spend(free_hand, left, plan, _best(plan.request.quality, profiles), profiles[FREE])]
    return ExecutionPlan(assignments=tuple(sorted(chosen, key=lambda one: one.scene)), cap=plan.request.budget)


def assign(scene: Scene, profile: BackendProfile, plan: Plan) -> Assignment:
    """The scene with this backend, at the price of the frames it must make: whole legal shots, not just the frames that are shown."""
    rate = profile.native_fps or float(plan.fps)
    seconds = (scene.end_frame - scene.start_frame) / float(plan.fps)
    shots = 1 if profile.max_seconds is None else ceil(seconds / profile.max_seconds)
    made = shots * profile.frames.at_least(ceil(seconds / shots * rate)) / rate
    return Assignment(scene=scene.index, backend=profile.name, dollars=made * profile.dollars_per_second)


def _usable(name: str, profiles: Mapping[str, BackendProfile], mend: Mapping[str, str], vram_gb: float) -> None:
    if name in mend:
        raise MissingDependency(f"backend {name!r} cannot be used here: {mend[name]}")
    if name not in profiles:
        raise UserError(f"no video backend is called {name!r}; known: {', '.join(sorted({*profiles, *mend}))}")
    needed = profiles[name].vram_gb if profiles[name].where == "local_gpu" else 0.0
    if needed > vram_gb:
        raise UserError(f"backend {name!r} needs {needed:.0f} GB of video memory, this machine has {vram_gb:.0f}: --backend {FREE} needs none")


def _within(firm: Sequence[Assignment], plan: Plan, profiles: Mapping[str, BackendProfile]) -> None:
    """Refuse wishes that cost more than the cap, and say what would fit."""
    cost, cap = sum(one.dollars for one in firm), plan.request.budget
    if cost <= cap + CENT / 100:
        return
    paid = [one for one in firm if one.dollars > 0]
    names = ", ".join(sorted({profiles[one.backend].name for one in paid}))
    affordable = sum(total <= cap for total in _running(sorted(one.dollars for one in paid)))
    fits = f"the cap pays for {affordable} of them" if affordable else f"--backend {FREE} is free"
    raise OverBudget(
        f"{len(paid)} scenes with {names} cost ${cost:.2f}, the cap is ${cap:.2f}: --budget {ceil(cost / CENT) * CENT:.2f} would pay for all, {fits}"
    )


def _running(costs: Sequence[float]) -> list[float]:
    return [sum(costs[: end + 1]) for end in range(len(costs))]


def _best(quality: Quality, profiles: Mapping[str, BackendProfile]) -> BackendProfile | None:
    """The priced backend that 'auto' spends on: the dearest is taken for the best; none for a preview."""
    paid = [one for one in profiles.values() if one.kind == "video" and one.dollars_per_second > 0]
    return max(paid, key=lambda one: (one.dollars_per_second, one.name), default=None) if quality in PAID_QUALITIES else None


def _spend(scenes: Sequence[Scene], left: float, plan: Plan, best: BackendProfile | None, free: BackendProfile) -> list[Assignment]:
    """Scenes of the most energy get the priced backend while the money lasts; the others the free one."""
    chosen = []
    for scene in sorted(scenes, key=lambda scene: (-scene.energy, scene.index)):
        priced = assign(scene, best, plan) if best else None
        if priced is not None and priced.dollars <= left:
            left -= priced.dollars
            chosen.append(priced)
        else:
            chosen.append(assign(scene, free, plan))
    return chosen
