"""How each scene comes in, chosen by what happens in the music at its first frame."""

from fractions import Fraction

from schemas.analysis import Section
from schemas.plan import Transition, TransitionKind

SECONDS: dict[TransitionKind, float] = {"cut": 0.0, "crossfade": 0.5, "fade_black": 0.8, "fade_white": 0.4, "wipe": 0.4, "dissolve": 0.6}
JUMP = 0.18  # change of section energy that is heard as a lift or a fall
QUIET = 0.35  # energy under which even cuts inside a section are softened
LARGEST_SHARE = 0.5  # of the shorter neighbour that a transition may take


def transition(before: Section, after: Section, shorter: int, fps: Fraction) -> Transition:
    """The transition into a scene.

    Args:
        before, after: sections of the scene before and of this one; the same section inside one.
        shorter: frames of the shorter of the two scenes.
        fps: the film's rate.
    """
    kind = _inside(after) if before == after else _between(before, after)
    wished = 2 * round(SECONDS[kind] * fps / 2)
    frames = min(wished, 2 * int(shorter * LARGEST_SHARE / 2))
    return Transition(kind=kind, frames=frames) if frames else Transition()


def _inside(section: Section) -> TransitionKind:
    return "crossfade" if section.energy < QUIET else "cut"


def _between(before: Section, after: Section) -> TransitionKind:
    rise = after.energy - before.energy
    if after.label == "drop":
        return "fade_white" if rise > 2 * JUMP else "cut"
    if after.label == "outro":
        return "fade_black" if rise < -JUMP else "crossfade"
    if rise > JUMP:
        return "cut"
    if rise < -JUMP:
        return "dissolve" if after.label == "bridge" else "fade_black" if after.energy < QUIET else "crossfade"
    if after.label == "bridge" or before.label == "intro":
        return "dissolve"
    return "wipe" if after.energy > QUIET and after.label != before.label else "crossfade"
