"""What each scene may be shot with: the options of the solver, their prices and times, and the bounds that all of them keep within."""

from collections.abc import Iterable, Mapping
from math import ceil, inf

from schemas import BackendProfile, ChoiceName, FilmRequest, Plan, Scene
from schemas.backend import Where
from songreel.execution.means import FREE, Means
from songreel.execution.solver import Bounds, Option
from songreel.execution.worth import worth

CLOUD_WIDTH = 16  # scenes that services make at once
LOAD = 30.0  # seconds of bringing a model to the GPU
MINUTE = 60.0  # s
MOST_PARTS = 12  # shots of one scene
ROUNDING = 1e-9  # frames
PLACES: dict[ChoiceName, tuple[Where, ...]] = {
    "free": ("built_in",),
    "local": ("built_in", "local_gpu"),
    "cloud": ("built_in", "cloud"),
    "mixed": ("built_in", "local_gpu", "cloud"),
}
"""Where each choice has scenes shot."""


def eligible(choice: ChoiceName, request: FilmRequest, means: Means) -> dict[str, BackendProfile]:
    """Ready backends that the choice and the licence wish allow; the painter is always one."""
    return {
        name: one
        for name, one in means.profiles.items()
        if name == FREE or (one.where in PLACES[choice] and (one.commercial or not request.commercial))
    }


def option(scene: Scene, profile: BackendProfile, plan: Plan, means: Means, wished: bool) -> Option:
    """A scene by a backend, at the price and in the time of what must be made: whole legal shots, not just the frames that are shown.

    What is too short even so, because the model cannot go on from a picture, is worth less by that share: it will be slowed down.
    """
    made = parts_of(scene, profile, plan, means.known)
    dollars = round(sum(seconds * means.estimates.price(maker) for maker, seconds in made), 6)
    reaches = min(sum(seconds for _, seconds in made) * float(plan.fps) / frames_of(scene, plan), 1.0)
    return Option(
        backend=profile.name,
        worth=worth(scene, profile, plan, dollars, wished) * reaches,
        dollars=dollars,
        seconds=sum(seconds * means.estimates.speed(maker, min(plan.width, plan.height)) for maker, seconds in made),
        lane=lane_of(profile),
        payee=(profile.service or profile.name) if dollars else "",
    )


def parts_of(scene: Scene, profile: BackendProfile, plan: Plan, known: Mapping[str, BackendProfile]) -> list[tuple[BackendProfile, float]]:
    """The shots of a scene with its handles: who makes each, and how many seconds. A later one begins with the last picture of the one before."""
    rate = profile.native_fps or float(plan.fps)
    goes_on = known.get(str(profile.options.get("continued_by"))) or (profile if profile.first_frame or profile.where != "cloud" else None)
    left = ceil(frames_of(scene, plan) / float(plan.fps) * rate - ROUNDING)
    parts: list[tuple[BackendProfile, float]] = []
    while left > 0 and len(parts) < MOST_PARTS and (not parts or goes_on):
        maker = goes_on if parts and goes_on else profile
        shared = 1 if parts else 0
        frames = _legal(maker, left + shared, rate)
        parts.append((maker, frames / rate))
        left -= frames - shared
    return parts


def _legal(maker: BackendProfile, frames: int, rate: float) -> int:
    """Frames that a model makes when asked for so many, in one shot."""
    longest = maker.frames.at_least(max(int((maker.max_seconds or inf) * rate + ROUNDING), 1)) if maker.max_seconds else None
    legal = maker.frames.at_least(frames)
    return legal if longest is None else min(legal, longest)


def frames_of(scene: Scene, plan: Plan) -> int:
    """Frames of a scene's clip: its own, and half of each transition at its ends."""
    after = plan.scenes[scene.index + 1].transition.frames if scene.index + 1 < len(plan.scenes) else 0
    return scene.end_frame - scene.start_frame + scene.transition.frames // 2 + after // 2


def lane_of(profile: BackendProfile) -> str:
    """Where a backend's time is spent: this machine's cores, its GPU, or a service."""
    return {"built_in": "cpu", "local_gpu": "gpu"}.get(profile.where) or profile.service or profile.name


def bounds(plan: Plan, profiles: Iterable[BackendProfile], means: Means, cap: float) -> Bounds:
    """The caps of money that are left, and the time left for shooting.

    Args:
        plan: for the deadline.
        profiles: who may shoot.
        means: for the caps of the day.
        cap: dollars left for the film.
    """
    profiles = list(profiles)
    day = inf if means.caps.day_dollars is None else means.caps.day_dollars - sum(means.spent.values())
    return Bounds(
        dollars=max(min(cap, day), 0.0),
        payees={name: max(most - means.spent.get(name, 0.0), 0.0) for name, most in means.caps.provider_dollars.items()},
        seconds=None if plan.request.deadline is None else max(plan.request.deadline * MINUTE - around(plan, means), 0.0),
        widths={lane_of(one): CLOUD_WIDTH for one in profiles if one.where == "cloud"} | {"cpu": means.machine.cores, "gpu": 1},
        loads={one.name: LOAD for one in profiles if one.where == "local_gpu"},
    )


def around(plan: Plan, means: Means) -> float:
    """Seconds of everything but the shooting."""
    return means.estimates.around(plan.frames / float(plan.fps))
