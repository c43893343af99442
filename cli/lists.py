"""``songreel styles`` and ``worlds``."""

from cli.output import emit, table


def list_styles(as_json: bool, genre: str | None = None, mood: str | None = None, energy: float | None = None) -> int:
    """Print the styles; with a genre, a mood or an energy those that suit it first, and why."""
    from songreel.painter.catalogue import styles

    if genre or mood or energy is not None:
        return _recommend(as_json, genre or "", mood or "", 0.5 if energy is None else energy)
    found = styles()
    if as_json:
        emit([{"name": style.id, **style.model_dump(mode="json", include={"title", "description", "genres", "moods"})} for style in found])
    else:
        table(("style", "how it looks", "genres"), [(style.id, style.description, ", ".join(style.genres)) for style in found])
    return 0


def _recommend(as_json: bool, genre: str, mood: str, energy: float) -> int:
    from songreel.planning.recommending import recommend

    best = recommend(genre.lower(), mood.lower(), energy)
    if as_json:
        emit([{"name": one.style, "title": one.title, "suits": one.suits, "reasons": one.reasons} for one in best])
    else:
        table(("style", "suits", "because"), [(one.style, f"{one.suits:.0%}", "; ".join(one.reasons)) for one in best])
    return 0


def list_worlds(as_json: bool) -> int:
    """Print the worlds."""
    from songreel.painter.catalogue import worlds

    found = worlds()
    if as_json:
        emit(
            [
                {"name": world.id, **world.model_dump(mode="json", include={"title", "description", "words", "variants", "subjects"})}
                for world in found
            ]
        )
    else:
        table(("world", "what it is", "words that call it"), [(world.id, world.description, ", ".join(world.words[:6])) for world in found])
    return 0
