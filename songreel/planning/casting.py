"""What each scene shows: worlds over the form, subjects, hours, weather and cameras.

A section's letter decides its world, so that a chorus comes back as the same place seen the same way; the place in the section decides
the variant and the camera, so that neighbours differ; the way through the film decides the hour.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from schemas.analysis import Analysis, Section
from schemas.look import Camera, Colours, Hour, Look, Weather
from schemas.plan import Genre
from songreel.painter.catalogue import World, find_world, worlds
from songreel.planning.data import genres, kin
from songreel.planning.words import Meant, hinted, named, nearest

POOL, LARGEST_POOL = 3, 6  # worlds in a film, and in a long one
LASTS = 75.0  # seconds that a world's compositions carry before they repeat too often
VARIANTS = 4
NATURAL = 6  # of the subjects that a world lists, the first ones are at home there
ARCS: dict[str, tuple[Hour, ...]] = {
    "dark": ("dusk", "night", "night", "night", "dawn"),
    "between": ("dusk", "dusk", "night", "night", "dawn"),
    "light": ("dawn", "day", "day", "dusk", "dusk"),
}
CAMERAS: tuple[tuple[Camera, ...], ...] = (("drift", "rise", "push"), ("push", "orbit", "track", "rise"), ("track", "push", "handheld", "orbit"))
"""Cameras for low, middle and high energy."""
MOOD_WEATHER: dict[str, Weather] = {"sad": "rain", "dark": "fog", "tense": "wind", "angry": "wind", "dreamy": "fog"}
PEAKS = frozenset({"chorus", "drop"})
QUIET_LABELS = frozenset({"intro", "outro"})
HERO_LABELS = PEAKS | {"intro"}


@dataclass(frozen=True)
class Cast:
    """What the whole film may show."""

    pool: tuple[World, ...]
    heroes: tuple[str, ...]
    hours: tuple[Hour, ...]
    weathers: tuple[Weather, ...]
    mood: str
    style: str
    colours: tuple[Colours, ...]
    """The film's colours first, then its palette's other readings."""
    seed: int
    guessed: tuple[tuple[str, str], ...]
    """(word, world): what the prompt names no world by, and was taken to the nearest one."""
    asked: int
    """How many of the pool's worlds, its first, the prompt named; when it named any, a line of lyrics may not lead out of them."""


def cast_film(
    prompt: str, lyrics: str, genre: Genre, mood: str, style: str, colours: tuple[Colours, ...], analysis: Analysis, seed: int, world: str = "auto",
    meant: Meant | None = None,
) -> Cast:  # fmt: skip
    """Choose the film's worlds, heroes, hours and weathers from its words, else from genre and mood; a wished world alone."""
    asked = find_world(world).id if world != "auto" else ""
    known = {one.id: one for one in worlds() if not one.shows_image or one.id == asked}
    wished = [asked] if asked else [name for name in named(prompt, "world") or hinted(prompt) if name in known]
    guessed = () if wished else meant.pairs if meant and meant.by else nearest(prompt)
    wished = wished or list(dict.fromkeys(world for _, world in guessed))
    usual = [*named(lyrics, "world")[:2], *genres()[genre].worlds]
    ids = wished or list(dict.fromkeys(name for name in usual if name in known))
    hours = tuple(cast(Hour, hour) for hour in named(prompt, "hour"))
    weathers = tuple(cast(Weather, weather) for weather in named(prompt, "weather"))
    return Cast(
        pool=tuple(known[name] for name in _pool(ids, bool(wished), world != "auto", analysis.duration) if name in known),
        heroes=named(prompt, "subject") or named(lyrics, "subject")[:2],
        hours=hours or ARCS["light" if analysis.valence > 0.6 else "dark" if analysis.valence < 0.35 else "between"],
        weathers=weathers,
        mood=mood,
        style=style,
        colours=colours,
        seed=seed,
        asked=min(len(wished), LARGEST_POOL),
        guessed=guessed[:LARGEST_POOL],
    )


def _pool(ids: Sequence[str], named_: bool, alone: bool, seconds: float) -> list[str]:
    """The worlds that a film of a length goes through: those named, then their neighbours; one that was asked for by name stays alone."""
    room = min(max(POOL, round(seconds / LASTS)), LARGEST_POOL)
    if alone or not named_:
        return list(ids[:room])
    near = [other for name in ids[:room] for other in kin().get(name, ())]
    needed = max(len(ids), round(seconds / LASTS))
    return list(dict.fromkeys((*ids, *near)))[: min(needed, room)]


def look(cast_: Cast, sections: tuple[Section, ...], section: int, position: int, progress: float, lyric: str, begun: str) -> Look:
    """The look of one scene.

    Args:
        cast_: what the film may show.
        sections: the song's form.
        section: the scene's section.
        position: which scene of its section it is, from 0.
        progress: where in the film it starts, in [0, 1].
        lyric: the line sung in it, or ''; it leads the world.
        begun: the part of it that begins here; only this names a subject, so that a thing in a long line is not shown twice.
    """
    here = sections[section]
    turn = _letters(sections).index(here.group)
    world = _world(cast_, sections, here, position, lyric)
    chance = random.Random(f"{cast_.seed}/{here.group}/{position}")
    return Look(
        world=world.id,
        style=cast_.style,
        subject=_subject(cast_, world, here, position, begun),
        variant=(cast_.seed + 3 * turn + position) % VARIANTS,
        hour=cast_.hours[min(int(progress * len(cast_.hours)), len(cast_.hours) - 1)],
        weather=_weather(cast_, here),
        camera=_camera(here.energy, chance),
        colours=cast_.colours[turn % len(cast_.colours)],
        energy=here.energy,
    )


def distinct(looks: Sequence[Look], labels: Sequence[str]) -> tuple[Look, ...]:
    """The looks with no two neighbours of the same composition; where two meet, the one outside a chorus gives way."""
    mended = list(looks)
    for at in range(1, len(mended)):
        if (mended[at].world, mended[at].variant) == (mended[at - 1].world, mended[at - 1].variant):
            yields = at if labels[at - 1] in PEAKS and labels[at] not in PEAKS else at - 1
            taken = {look.variant for look in mended[max(yields - 1, 0) : yields + 2] if look.world == mended[yields].world}
            mended[yields] = mended[yields].model_copy(update={"variant": next(v for v in range(VARIANTS) if v not in taken)})
    return tuple(mended)


def _letters(sections: Sequence[Section], peaks: bool = True) -> list[str]:
    """Letters of the form in order of first hearing, with or without those of choruses and drops."""
    return list(dict.fromkeys(part.group for part in sections if peaks or part.label not in PEAKS))


def _world(cast_: Cast, sections: Sequence[Section], here: Section, position: int, lyric: str) -> World:
    """The sung world, else the film's goal where the music peaks and the others before and between.

    A section longer than its world has compositions goes on in the next world, instead of showing the same places again.
    """
    sung = set() if cast_.asked else set(named(lyric, "world"))
    led = next((world for world in cast_.pool if world.id in sung), None)
    if led is not None:
        return led
    goal = _goal(cast_)
    others = tuple(world for world in cast_.pool if world != goal)
    quiet = _letters(sections, peaks=False)
    ring = (goal, *others) if here.label in PEAKS or cast_.asked == 1 else (*others, goal)
    turn = 0 if here.label in PEAKS else quiet.index(here.group)
    return ring[(turn + position // VARIANTS) % len(ring)]


def _goal(cast_: Cast) -> World:
    """Where the film gets to when the music peaks: the last world named that can hold its hero, else its first world."""
    homes = [world for world in cast_.pool[: cast_.asked] if set(cast_.heroes) & set(world.subjects)]
    return homes[-1] if homes else cast_.pool[0]


def _subject(cast_: Cast, world: World, section: Section, position: int, lyric: str) -> str:
    """The sung subject, else the film's hero in every second scene (always where the music peaks); without a hero, one at home here."""
    holds = world.subjects
    sung = [subject for subject in named(lyric, "subject") if subject in holds]
    if sung:
        return sung[0]
    heroes = [hero for hero in cast_.heroes if hero in holds]
    if heroes and (section.label in HERO_LABELS or position % 2 == 0):
        return heroes[position // 2 % len(heroes)]
    if cast_.heroes or position % 2:
        return "none"  # a film with a hero has no strangers
    own = [subject for subject in holds[:NATURAL] if subject != "none"]
    return own[(cast_.seed + position) % len(own)] if own else "none"


def _weather(cast_: Cast, section: Section) -> Weather:
    if cast_.weathers:
        return cast_.weathers[0]
    if section.label in PEAKS:
        return "clear"
    return "fog" if section.label in QUIET_LABELS else MOOD_WEATHER.get(cast_.mood, "clear")


def _camera(energy: float, chance: random.Random) -> Camera:
    return chance.choice(CAMERAS[min(int(energy * len(CAMERAS)), len(CAMERAS) - 1)])
