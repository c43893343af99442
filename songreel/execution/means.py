"""What there is to make a film with: backends and what the others lack, the machine, the money left today, and what past runs took."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from schemas import BackendProfile, BackendStatus, ChoiceName, FilmRequest
from songreel.access import NO_ACCESS, Caps
from songreel.execution.estimates import Estimates
from songreel.execution.machine import Machine

FREE = "painter"
"""What every machine can do."""

NO_MACHINE, NO_PAST = Machine(1, 0.0, None), Estimates()
"""One core, no GPU; nothing learned."""

OLD_PRICE = 90  # days after which a price is told to be old


@dataclass(frozen=True)
class Means:
    """Everything that decides, beside the plan itself, who may shoot what."""

    profiles: Mapping[str, BackendProfile]
    """Video backends that are ready here, by name."""
    absent: Mapping[str, BackendProfile] = field(default_factory=dict)
    """Those that are known, and not ready."""
    mend: Mapping[str, str] = field(default_factory=dict)
    """For each absent one, what is missing and the command that brings it."""
    machine: Machine = NO_MACHINE
    caps: Caps = NO_ACCESS.caps
    spent: Mapping[str, float] = field(default_factory=dict)
    """Dollars of today by service, reserved ones too, those of this very film left out."""
    estimates: Estimates = NO_PAST
    today: date = date.min

    @cached_property
    def known(self) -> dict[str, BackendProfile]:
        """All video backends."""
        return {**self.absent, **self.profiles}

    def provided(self) -> "Means":
        """The same, were everything ready that is missing: extras, weights and keys, and a GPU where there is none, but no larger one."""
        able = {name: one for name, one in self.known.items() if self.machine.gpu is None or not _too_large(one, self.machine)}
        return replace(self, profiles=able, absent={}, mend={})


def choice_of(request: FilmRequest) -> ChoiceName:
    """What a person chose; without a word, models shoot when there is money or a deadline, and a preview is free."""
    if request.quality == "preview":
        return "free"
    if request.choice != "auto":
        return request.choice
    return "mixed" if request.budget or request.deadline else "free"


def sort_out(
    profiles: Iterable[BackendProfile], statuses: Iterable[BackendStatus], machine: Machine
) -> tuple[dict[str, BackendProfile], dict[str, BackendProfile], dict[str, str]]:
    """The profiles that are ready here, those that are not, and what mends each of these.

    Args:
        profiles: of the catalogue.
        statuses: of the same backends.
        machine: whose GPU counts.
    """
    known = {profile.name: profile for profile in profiles}
    lacks = {status.name: f"{status.missing}; {status.mend}" for status in statuses if not status.ready and status.name in known}
    small = {name: told for name, profile in known.items() if (told := too_small(profile, machine))}
    mend = {name: "; ".join(one[name] for one in (lacks, small) if name in one) for name in known if name in lacks or name in small}
    ready = {name: profile for name, profile in known.items() if name not in mend}
    return ready, {name: known[name] for name in mend}, mend


def too_small(profile: BackendProfile, machine: Machine) -> str:
    """Why the machine's GPU does not take a model; empty when it does."""
    if profile.where != "local_gpu" or not profile.vram_gb:
        return ""
    if _too_large(profile, machine):
        return f"it needs {profile.vram_gb:g} GB of video memory, this machine has {machine.vram_gb:.0f}; --backend {FREE} needs none"
    free = machine.gpu.free_gb if machine.gpu else 0.0
    if profile.vram_gb > free:
        return f"it needs {profile.vram_gb:g} GB of video memory, and {free:.0f} of {machine.vram_gb:.0f} are free; end what else uses the GPU"
    return ""


def _too_large(profile: BackendProfile, machine: Machine) -> bool:
    return profile.where == "local_gpu" and profile.vram_gb > machine.vram_gb


def price_age(profile: BackendProfile, today: date) -> int:
    """Days since a price was looked up; 0 for what costs nothing, and where the date cannot be read."""
    try:
        looked_up = date.fromisoformat(profile.as_of)
    except ValueError:
        return 0
    return max((today - looked_up).days, 0) if profile.dollars_per_second or image_price(profile) else 0


def image_price(profile: BackendProfile) -> float:
    """Dollars of one picture, where an entry tells that."""
    return float(profile.options.get("dollars_per_image", 0.0))


def price_warning(profile: BackendProfile, today: date) -> str:
    """A sentence on a price that is an estimate, or older than `OLD_PRICE` days; empty for others."""
    if profile.estimated:
        return f"the price of {profile.name} is an estimate: compare it with its service's page before you spend much"
    age = price_age(profile, today)
    if age <= OLD_PRICE:
        return ""
    return f"the price of {profile.name} was looked up {age} days ago, on {profile.as_of}: compare it with its service's page"
