"""Video backends by name; one is imported when it is asked for, and none of them imports anything heavy to be listed."""

from schemas import BackendProfile, BackendStatus, Footage, ShotOrder
from songreel import catalogue
from songreel.access import NO_ACCESS, Access
from songreel.models.listing import lacking
from songreel.storage import Store
from songreel.video.base import Progress, VideoBackend, unheard

LONGEST_SILENCE = 120.0  # seconds without progress after which a backend is taken to hang; compiling a shader takes one or two
OWN_SILENCE, OWN_MEMORY = 20.0, 4e9
"""Seconds a frame, and bytes, after which a person's own shader is given up."""


def profiles(access: Access = NO_ACCESS) -> tuple[BackendProfile, ...]:
    """Every video backend of the catalogue."""
    return catalogue.entries("video", access)


def names(access: Access = NO_ACCESS) -> tuple[str, ...]:
    """Names of all video backends."""
    return tuple(profile.name for profile in profiles(access))


def get(name: str, access: Access = NO_ACCESS) -> VideoBackend:
    """The video backend of that name.

    Raises:
        UserError: no video backend is called so.
    """
    backend: VideoBackend = catalogue.made(catalogue.find("video", name, access), access)
    return backend


def statuses(access: Access = NO_ACCESS) -> tuple[BackendStatus, ...]:
    """Every backend and whether it can be used here."""
    return tuple(lacking(profile) or catalogue.status(profile, access) for profile in profiles(access))


def shoot(order: ShotOrder, store: Store, access: Access = NO_ACCESS, progress: Progress = unheard) -> Footage:
    """Footage by the backend that the order names.

    Raises:
        SongreelError: the backend cannot make it.
    """
    return get(order.backend, access).shoot(order, store, progress)
