"""The planning catalogues, loaded once from the data files beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import TypeAdapter

from schemas.base import Model
from schemas.look import Colours
from schemas.plan import Genre

FOLDER = Path(__file__).with_name("data")

Topic = Literal["world", "hint", "subject", "hour", "weather", "camera", "palette", "mood"]


class GenreEntry(Model):
    """What a genre inclines a film to; its worlds run from the most to the least typical."""

    words: tuple[str, ...]
    worlds: tuple[str, ...]
    palette: Literal["warm", "cool", "monochrome", "vibrant"]


class Phrases(Model):
    """Phrases that scripts are put together from; an action has one for low, middle and high energy."""

    subject: dict[str, str]
    action: dict[str, tuple[str, str, str]]
    light: dict[str, str]
    weather: dict[str, str]
    camera: dict[str, str]
    story: dict[str, str]


def _load(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def genres() -> dict[str, GenreEntry]:
    """Genre to what it inclines to."""
    return TypeAdapter(dict[str, GenreEntry]).validate_python(_load("genres"))


@cache
def kin() -> dict[str, tuple[str, ...]]:
    """World to those that lie near it."""
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(_load("kin"))


@cache
def lexicon() -> dict[str, str]:
    """Word to the world that it lies nearest to, for words that no world claims."""
    listed = TypeAdapter(dict[str, str]).validate_python(_load("lexicon"))
    return {word: world for world, words in listed.items() for word in words.split()}


@cache
def palettes() -> dict[str, tuple[Colours, ...]]:
    """Palette name to its readings, each five colours from dark to light."""
    return TypeAdapter(dict[str, tuple[Colours, ...]]).validate_python(_load("palettes"))


@cache
def phrases() -> Phrases:
    return Phrases.model_validate(_load("scripts"))


@cache
def vocabulary() -> dict[Topic, dict[str, tuple[str, ...]]]:
    """Topic to (what it stands for, its words)."""
    return TypeAdapter(dict[Topic, dict[str, tuple[str, ...]]]).validate_python(_load("vocabulary"))


GENRES: tuple[str, ...] = get_args(Genre)
