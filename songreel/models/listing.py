"""What is known of a model's state before its engine is loaded, so that listing models loads none of what they work with."""

from schemas import BackendProfile, BackendStatus
from songreel.models.weights import extra_missing

NEED = "models"


def lacking(profile: BackendProfile) -> BackendStatus | None:
    """The status of a model whose extra is not installed; none when that is not what it lacks."""
    gone = extra_missing() if NEED in profile.needs else None
    return BackendStatus.of(profile, gone.what, gone.mend) if gone else None
