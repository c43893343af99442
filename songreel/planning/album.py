"""One look for many songs: the style, the palette and the family of worlds that suit all of them best."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from schemas.analysis import Analysis
from schemas.batch import BatchLook
from schemas.request import FilmRequest
from schemas.song import Song
from songreel.painter.catalogue import find_style, find_world
from songreel.planning.colour import usual_palette
from songreel.planning.data import genres, kin
from songreel.planning.genre import genre_of, mood_of
from songreel.planning.recommending import recommend
from songreel.planning.words import named

FAMILY = 4  # worlds that the films of one album go through


@dataclass(frozen=True)
class Heard:
    """A song of the album, as far as its look depends on it."""

    song: Song
    analysis: Analysis


def look_of(heard: Sequence[Heard], request: FilmRequest) -> BatchLook:
    """The look that the songs share; what the request decides already is left to it.

    Args:
        heard: the songs, at least one.
        request: what is asked of all of them.
    """
    kinds = [genre_of(request.genre, one.song, one.analysis) for one in heard]
    moods = [mood_of(request.mood, request.prompt, one.analysis) for one in heard]
    genre = Counter(kinds).most_common(1)[0][0]
    scores: dict[str, list[float]] = {}
    for one, kind, mood in zip(heard, kinds, moods, strict=True):
        for judged in recommend(kind, mood, one.analysis.energy):
            scores.setdefault(judged.style, []).append(judged.suits)
    style = max(sorted(scores), key=lambda name: (fmean(scores[name]), min(scores[name])))
    return BatchLook(
        style="" if request.style != "auto" or request.own.style else style,
        palette="" if request.palette != "auto" or named(request.prompt, "palette") else _palette(heard, kinds),
        worlds=() if request.world != "auto" or request.own.world or request.prompt.strip() else _family(genre),
        because=f"{find_style(style).title} suits the {len(heard)} songs best together, of which {kinds.count(genre)} are {genre}",
    )


def dressed(request: FilmRequest, look: BatchLook, turn: int) -> FilmRequest:
    """One film's request in the shared look.

    The family of worlds is named by the prompt; each film begins with another of them, so that they are kin and not the same.

    Args:
        request: what is asked of this film; what it decides itself stays.
        look: what is shared.
        turn: which film it is, from 0.
    """
    shared: dict[str, object] = {}
    if look.style and request.style == "auto" and not request.own.style:
        shared["style"] = look.style
    if look.palette and request.palette == "auto":
        shared["palette"] = look.palette
    if look.worlds and request.world == "auto" and not request.own.world and not request.prompt.strip():
        start = turn % len(look.worlds)
        shared["prompt"] = ", ".join(_word(name) for name in (*look.worlds[start:], *look.worlds[:start]))
    return request.model_copy(update=shared)


def _palette(heard: Sequence[Heard], kinds: Sequence[str]) -> str:
    covers = {one.song.cover.sha256 if one.song.cover else "" for one in heard}
    if len(heard) > 1 and len(covers) == 1 and "" not in covers:
        return "cover"  # an album's own
    usual = [usual_palette(kind, one.analysis.valence, one.analysis.arousal) for one, kind in zip(heard, kinds, strict=True)]  # type: ignore[arg-type]
    return Counter(usual).most_common(1)[0][0]


def _family(genre: str) -> tuple[str, ...]:
    """The genre's worlds, then their neighbours."""
    own = genres()[genre].worlds
    near = [other for name in own for other in kin().get(name, ())]
    return tuple(dict.fromkeys(name for name in (*own, *near) if not find_world(name).shows_image))[:FAMILY]


def _word(world: str) -> str:
    """A word that names the world and no other, else its title."""
    words = (find_world(world).title.lower(), *find_world(world).words)
    return next((word for word in words if named(word, "world") == (world,)), words[0])
