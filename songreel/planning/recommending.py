"""Which styles suit a song, and why: by its genre, its mood and its energy, as each style's own file says."""

from dataclasses import dataclass

from songreel.painter.catalogue import Style, styles

GENRE, MOOD, ENERGY = 3, 2, 1  # weight of each reason
NEAR = 0.15  # of energy beyond a style's range that still counts half


@dataclass(frozen=True)
class Recommendation:
    """A style, how well it suits (0 to 1), and the reasons in words."""

    style: str
    title: str
    suits: float
    reasons: tuple[str, ...]


def recommend(genre: str, mood: str, energy: float) -> tuple[Recommendation, ...]:
    """Every style, the best suited first; equals by name.

    Args:
        genre: one of the genres.
        mood: a word.
        energy: of the song, in [0, 1].
    """
    judged = [_judged(style, genre, mood, energy) for style in styles()]
    return tuple(sorted(judged, key=lambda one: (-one.suits, one.style)))


def _judged(style: Style, genre: str, mood: str, energy: float) -> Recommendation:
    low, high = style.energy
    beyond = max(low - energy, energy - high, 0.0)
    held = ENERGY if beyond == 0 else ENERGY / 2 if beyond <= NEAR else 0
    points = GENRE * _rank(genre, style.genres) + MOOD * _rank(mood, style.moods) + held
    reasons = [f"it suits {genre}"] * (genre in style.genres) + [f"it suits the mood {mood}"] * (mood in style.moods)
    if beyond == 0:
        reasons.append(f"the song's energy of {energy:.2f} lies in its range {low:g} to {high:g}")
    return Recommendation(style.id, style.title, round(points / (GENRE + MOOD + ENERGY), 3), tuple(reasons))


def _rank(word: str, listed: tuple[str, ...]) -> float:
    """1 for the first of a style's words, a little less for each later one, 0 for none of them."""
    return 1 - 0.5 * listed.index(word) / len(listed) if word in listed else 0.0
