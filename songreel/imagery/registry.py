"""Image backends by name; one is imported when it is asked for, never to list it."""

from schemas.backend import BackendStatus
from songreel import catalogue
from songreel.access import NO_ACCESS, Access
from songreel.imagery.base import ImageBackend
from songreel.models.listing import lacking

PAINTER = "painter"


def get(name: str, access: Access = NO_ACCESS) -> ImageBackend:
    """The image backend of that name.

    Raises:
        UserError: no image backend is called so.
    """
    backend: ImageBackend = catalogue.made(catalogue.find("image", name, access), access)
    return backend


def preferred(access: Access = NO_ACCESS) -> tuple[str, ...]:
    """Who draws references for models that take them: services that are ready, the best looking first, where a film has money; then the painter."""
    if not access.caps.run_dollars:
        return (PAINTER,)
    ready = {status.name for status in statuses(access) if status.ready}
    bought = [one for one in catalogue.entries("image", access) if one.where == "cloud" and one.name in ready]
    return (*(one.name for one in sorted(bought, key=lambda one: -one.looks)), PAINTER)


def statuses(access: Access = NO_ACCESS) -> tuple[BackendStatus, ...]:
    """Every backend and whether it can be used here."""
    return tuple(lacking(profile) or catalogue.status(profile, access) for profile in catalogue.entries("image", access))
