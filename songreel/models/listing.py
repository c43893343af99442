"""What is known of a model's state before its engine is loaded, so that listing models loads none of what they work with."""

from schemas import BackendProfile, BackendStatus
from songreel.access import Access
from songreel.models.weights import Missing, extra_missing, weights_missing

NEED = "models"


def lacking(profile: BackendProfile) -> BackendStatus | None:
    """The status of a model whose extra is not installed; none when that is not what it lacks."""
    gone = extra_missing() if NEED in profile.needs else None
    return BackendStatus.of(profile, gone.what, gone.mend) if gone else None


class Weights:
    """A model that is nothing but weights to its catalogue entry: options 'modules' and 'files' name what must be there."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile, self.access = profile, access

    def status(self) -> BackendStatus:
        """Ready when its libraries and its files are here."""
        gone = missing(self.profile, self.access)
        return BackendStatus.of(self.profile, gone.what, gone.mend) if gone else BackendStatus.of(self.profile)


def missing(profile: BackendProfile, access: Access) -> Missing | None:
    """What an entry of weights lacks here; none: it can be used."""
    return extra_missing(tuple(str(profile.options.get("modules", "torch")).split())) or weights_missing(profile.model, access, files_of(profile))


def files_of(profile: BackendProfile) -> tuple[str, ...]:
    """The files that an entry of weights needs."""
    return tuple(str(profile.options.get("files", "")).split())
