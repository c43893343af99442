"""Genre and mood: given, read from tags and words, else guessed from the music by plain rules."""

from typing import cast

from schemas.analysis import Analysis
from schemas.plan import Genre
from schemas.song import Song
from songreel.errors import UserError
from songreel.planning.data import GENRES, genres
from songreel.planning.words import named

DRUMLESS = 0.25  # share of the song with drums under which a genre without a kit is likelier
# Moods by (valence, arousal), after Russell's circumplex; the nearest one names the music.
MOOD_PLACES = {
    "happy": (0.8, 0.6), "euphoric": (0.85, 0.9), "romantic": (0.65, 0.35), "calm": (0.6, 0.15), "dreamy": (0.5, 0.3),
    "nostalgic": (0.4, 0.35), "sad": (0.15, 0.2), "dark": (0.15, 0.5), "tense": (0.25, 0.75), "angry": (0.15, 0.95), "epic": (0.5, 0.85),
}  # fmt: skip


def genre_of(wish: str, song: Song, analysis: Analysis) -> Genre:
    """The wished genre, else the one the tags name, else the one the music is nearest to.

    Raises:
        UserError: the wish is no known genre.
    """
    if wish != "auto":
        found = _match(wish)
        if found is None:
            raise UserError(f"no genre is called {wish!r}; known: {', '.join(GENRES)}")
        return found
    return _match(song.genre) or _guess(analysis)


def _match(text: str) -> Genre | None:
    """The genre whose longest word is found in the text: 'Indie Pop' is pop, 'pop punk' rock."""
    lowered = f" {text.lower().replace('_', ' ')} "
    hits = [(len(word), name) for name, entry in genres().items() for word in (name, *entry.words) if f" {word} " in lowered]
    return cast(Genre, max(hits)[1]) if hits else None


def _guess(analysis: Analysis) -> Genre:
    drums = next((part.share for part in analysis.instruments if part.name == "drums"), 1.0)
    if drums < DRUMLESS:
        return "classical" if analysis.brightness < 0.5 else "folk"
    if analysis.grid == "tracked" and analysis.energy < 0.5:
        return "jazz" if analysis.mode == "minor" else "country"
    if analysis.grid == "steady" and analysis.tempo >= 110 and analysis.energy > 0.45:
        return "electronic"
    if analysis.tempo < 100 and analysis.arousal > 0.5:
        return "hip-hop"
    return "rock" if analysis.energy > 0.65 else "pop"


def mood_of(wish: str, prompt: str, analysis: Analysis) -> str:
    """The wished mood word, else one the prompt names, else the nearest to the music's valence and arousal."""
    if wish != "auto":
        return wish.strip().lower()[:40] or "calm"
    return next(iter(named(prompt, "mood")), "") or min(
        MOOD_PLACES, key=lambda m: (MOOD_PLACES[m][0] - analysis.valence) ** 2 + (MOOD_PLACES[m][1] - analysis.arousal) ** 2
    )
