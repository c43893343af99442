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
        if name == FREE or (one.where in PLACES[choice] and one.name != FREE and (one.commercial or not request.commercial))
    }


def option(scene: Scene, profile: BackendProfile, plan: Plan, means: Means, wished: bool) -> Option:
    """A scene by a backend, at the price and in the time of what must be made: whole legal shots, not just the frames that are shown."""
    made = seconds_made(scene, profile, plan)
    dollars = round(made * means.estimates.price(profile), 6)
    return Option(
        backend=profile.name,
        worth=worth(scene, profile, plan, dollars, wished),
        dollars=dollars,
        seconds=made * means.estimates.speed(profile, min(plan.width, plan.height)),
        lane=lane_of(profile),
        payee=(profile.service or profile.name) if dollars else "",
    )


def seconds_made(scene: Scene, profile: BackendProfile, plan: Plan) -> float:
    """Seconds of footage that a scene needs of a backend: the scene with its handles, in legal shots."""
    rate = profile.native_fps or float(plan.fps)
    seconds = frames_of(scene, plan) / float(plan.fps)
    longest = min(profile.max_seconds or inf, profile.frames.most / rate if profile.frames.most else inf)
    shots = max(ceil(seconds / longest - 1e-9), 1)
    return shots * profile.frames.at_least(ceil(seconds / shots * rate - 1e-9)) / rate


def frames_of(scene: Scene, plan: Plan) -> int:
    """Frames of a scene's clip: its own, and half of each transition at its ends."""
    after = plan.scenes[scene.index + 1].transition.frames if scene.index + 1 < len(plan.scenes) else 0
    return scene.end_frame - scene.start_frame + scene.transition.frames // 2 + after // 2


def lane_of(profile: BackendProfile) -> str:
    """Where a backend's time is spent: this machine's cores, its GPU, or a service."""
    return {"built_in": "cpu", "local_gpu": "gpu"}.get(profile.where) or profile.service or profile.name


def bounds(plan: Plan, profiles: Iterable[BackendProfile], means: Means, cap: float, spent: Mapping[str, float] | None = None) -> Bounds:
    """The caps of money that are left, and the time left for shooting.

    Args:
        plan: for the deadline.
        profiles: who may shoot.
        means: for the caps of the day.
        cap: dollars left for the film.
        spent: dollars of today by service that count beside those of the means: of scenes that are assigned already.
    """
    profiles = list(profiles)
    today = {name: means.spent.get(name, 0.0) + (spent or {}).get(name, 0.0) for name in {*means.spent, *(spent or {})}}
    day = inf if means.caps.day_dollars is None else means.caps.day_dollars - sum(today.values())
    payees = {name: max(most - today.get(name, 0.0), 0.0) for name, most in means.caps.provider_dollars.items()}
    widths = {lane_of(one): CLOUD_WIDTH for one in profiles if one.where == "cloud"} | {"cpu": means.machine.cores, "gpu": 1}
    return Bounds(
        dollars=max(min(cap, day), 0.0),
        payees=payees,
        seconds=None if plan.request.deadline is None else max(plan.request.deadline * MINUTE - around(plan, means), 0.0),
        widths=widths,
        loads={one.name: LOAD for one in profiles if one.where == "local_gpu"},
    )


def around(plan: Plan, means: Means) -> float:
    """Seconds of everything but the shooting."""
    return means.estimates.around(plan.frames / float(plan.fps))
