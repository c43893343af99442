"""What can be drawn and how: worlds, subjects and styles, read from the data files that lie beside their shaders. No OpenGL here."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from schemas import Hour, Model
from schemas.base import Share
from songreel.errors import SongreelError, UserError

HERE = Path(__file__).parent
WORLDS, STYLES, SHADERS = HERE / "worlds", HERE / "styles", HERE / "shaders"
SUBJECTS, LOOKS = HERE / "subjects.toml", HERE / "looks.toml"

Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class World(Model):
    """What is drawn: a place with four compositions."""

    id: Name
    title: str
    description: str
    words: tuple[str, ...]
    """Words of prompts and lyrics that call for it."""
    variants: Annotated[tuple[str, ...], Field(min_length=4, max_length=4)]
    """What each of the four compositions shows."""
    subjects: tuple[str, ...] = ()
    """Subjects it has a place for."""
    hour: Hour = "night"
    """Hour that suits it best."""
    curves: tuple[str, ...] = ()
    """Curves of the music that move it."""
    sheltered: tuple[Annotated[int, Field(ge=0, le=3)], ...] = ()
    """Compositions where no rain or snow falls: styles draw none over them."""
    inner: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the inner resolution that it needs: less where it is all soft."""
    shows_image: bool = False
    """Whether it shows the cover art or a given image; such a world is cast only when there is one."""


class PrePass(Model):
    """A step before the style itself: a shader beside it, drawn at a share of the style's inner size."""

    shader: str
    scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    smooth: bool = True


class Style(Model):
    """How a world looks."""

    id: Name
    title: str
    description: str
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    energy: tuple[Share, Share] = (0.0, 1.0)
    """Range of song energy it suits."""
    prompt: tuple[str, ...] = ()
    """Words for backends that draw from text."""
    negative: tuple[str, ...] = ()
    """What such backends should leave out."""
    saturation: float = 1.0
    contrast: float = 1.0
    paper: Annotated[str, Field(pattern=r"^(#[0-9a-f]{6})?$")] = ""
    """Colour of the ground it is drawn on; empty: none."""
    drawings: float | None = None
    """Drawings a second; none: every frame shows a new moment of the world. Give such a style some grain, so that every frame is new."""
    inner: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the quality's inner resolution that it needs."""
    cells: int | None = None
    """Cells along the picture's shorter side, for styles with a grid of their own."""
    samples: Annotated[int, Field(ge=1)] = 1
    """Samples of the world along a cell's side."""
    canvas: bool = False
    """Whether its shader has ``vec4 canvas(vec2 uv)``: paper, weave or wood, drawn once at the output's size."""
    passes: Annotated[tuple[PrePass, ...], Field(max_length=2)] = ()
    finish: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the output's size that its own shader is drawn at: 1 where it has lines or texture as fine as a pixel."""
    blocks: bool = False
    """Whether it is finished at the size of its last pre-pass, and every pixel of that enlarged to a square."""
    inks: bool = False
    """Whether its shader has ``vec3 inks(float x, int row)``: colours mixed once for a scene, four rows of 256."""
    bloom: bool = False
    """Whether its shaders look up bloom_tex, the light that spreads from what glows."""
    vignette: Annotated[float, Field(ge=0)] = 0.0
    grain: Annotated[float, Field(ge=0)] = 0.0


class Subject(Model):
    """A silhouette that worlds can hold; its row is the shaders' subject_id."""

    id: Name
    title: str = ""
    worlds: tuple[str, ...] = ()


Entry = TypeVar("Entry", World, Style, Subject)


@cache
def worlds() -> tuple[World, ...]:
    """Every world, by name."""
    return tuple(_read(path, World) for path in sorted(WORLDS.glob("*.toml")))


@cache
def styles() -> tuple[Style, ...]:
    """Every style, by name."""
    return tuple(_read(path, Style) for path in sorted(STYLES.glob("*.toml")))


def find_world(name: str) -> World:
    """The world called so by id or title, however it is spelt."""
    return _find(name, worlds(), "world")


def find_style(name: str) -> Style:
    """The style called so by id, title or another of its names, however it is spelt: 'Ukiyo-e', 'ukiyo_e', 'UKIYO E', 'woodblock'."""
    return _find(_other_names().get(_plain(name), name), styles(), "style")


@cache
def _other_names() -> dict[str, str]:
    listed: dict[str, str] = tomllib.loads(LOOKS.read_text("utf-8"))
    return listed


def _read(path: Path, model: type[Entry]) -> Entry:
    try:
        return model.model_validate({"id": path.stem, **tomllib.loads(path.read_text("utf-8"))})
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise SongreelError(f"{path.parent.name}/{path.name} is no {model.__name__.lower()} of the catalogue: {error}") from error


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _find(name: str, entries: Sequence[Entry], kind: str) -> Entry:
    wanted = _plain(name)
    for entry in entries:
        if wanted in (_plain(entry.id), _plain(entry.title)):
            return entry
    raise UserError(f"no {kind} is called {name!r}; known: {', '.join(entry.id for entry in entries)}")


@cache
def subjects() -> tuple[str, ...]:
    """Names of the subjects in the order of the shaders' subject_id; the first is 'none'."""
    listed = tomllib.loads(SUBJECTS.read_text("utf-8")) if SUBJECTS.is_file() else {}
    return ("none", *(entry for entry in listed if entry != "none"))


def subject_row(name: str) -> int:
    """The shaders' subject_id of a subject."""
    if name not in subjects():
        raise UserError(f"no subject is called {name!r}; known: {', '.join(subjects())}")
    return subjects().index(name)
