"""From options to a request: what was typed, checked at once, with errors that name the option."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from schemas import ChoiceName, FilmRequest, GridEdit, MediaRef, OwnShader, OwnShaders, Plan
from schemas.look import LONGEST_SHADER
from songreel.errors import UserError
from songreel.storage import Store

SHADERS = {".frag", ".fs", ".glsl", ".isf", ".fsh"}
KEPT_WITH_A_PLAN = {"container", "backend", "budget", "choice", "deadline", "commercial"}
"""Options that change no picture of a plan; all others are in the plan itself."""


@dataclass(frozen=True)
class Wishes:
    """The options of a command; none: not typed."""

    prompt: str | None = None
    style: str | None = None
    world: str | None = None
    writer: str | None = None
    genre: str | None = None
    mood: str | None = None
    palette: str | None = None
    image: Path | None = None
    picture: bool | None = None
    seed: int | None = None
    lyrics: Path | None = None
    lettering: str | None = None
    titles: bool | None = None
    start: float | None = None
    duration: float | None = None
    aspect: str | None = None
    height: int | None = None
    fps: str | None = None
    quality: str | None = None
    container: str | None = None
    backend: str | None = None
    budget: float | None = None
    choice: str | None = None
    deadline: float | None = None
    commercial: bool | None = None
    grid: Path | None = None
    taps: str | None = None
    first_beat: float | None = None

    def request(self, store: Callable[[], Store] | None = None) -> FilmRequest:
        """The request.

        Args:
            store: opens the store that a given image is put into.

        Raises:
            UserError: an option's value cannot be.
        """
        given = {name: value for name, value in asdict(self).items() if value is not None}
        if "choice" in given:
            given["choice"] = choice_named(given["choice"])
        if "lyrics" in given:
            given["lyrics"] = _lyrics(given["lyrics"])
        if "image" in given:
            given["image"] = _image(given["image"], store)
        own = {part: _shader(given.pop(part)) for part in ("world", "style") if part in given and _is_file(given[part])}
        edit = _grid(given.pop("grid", None), given.pop("taps", None), given.pop("first_beat", None))
        try:
            request = FilmRequest(**given, grid=edit, own=OwnShaders(**own))
        except ValidationError as error:
            raise UserError(sentence(error, option=True)) from error
        _known(request)
        return request

    def over(self, plan: Plan) -> Plan:
        """The plan with the options that do not change its pictures.

        Raises:
            UserError: an option was typed that the plan itself decides.
        """
        given = {name: value for name, value in asdict(self).items() if value is not None}
        fixed = sorted(set(given) - KEPT_WITH_A_PLAN)
        if fixed:
            raise UserError(f"a plan decides {', '.join(fixed)} itself: edit it, or render the song with --{fixed[0].replace('_', '-')}")
        if "choice" in given:
            given["choice"] = choice_named(given["choice"])
        return plan.model_copy(update={"request": plan.request.model_copy(update=given)})


def read_plan(path: Path) -> Plan:
    """A plan from its file.

    Raises:
        UserError: it cannot be read, or is no plan.
    """
    try:
        return Plan.model_validate_json(_read(path))
    except ValidationError as error:
        raise UserError(f"{path.name} is no plan: {sentence(error)}") from error


def sentence(error: ValidationError, option: bool = False) -> str:
    """The first thing wrong, in words; the others counted."""
    problems = error.errors(include_url=False)
    first = problems[0]
    place = ".".join(str(part) for part in first["loc"])
    if option and place:
        place = f"--{place.split('.')[0].replace('_', '-')}"
    words = first["msg"].removeprefix("Value error, ")
    found = first["input"]
    shown = (
        f" {found!r}" if place and isinstance(found, (str, int, float, bool, type(None))) and first["type"] not in ("missing", "json_invalid") else ""
    )
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{place}{shown}: {words}{more}" if place else f"{words}{more}"


def choice_named(text: str) -> str:
    """A choice's name from its number or its name."""
    names = get_args(ChoiceName)
    name = names[int(text) - 1] if text.isdigit() and 1 <= int(text) <= len(names) else text
    if name not in (*names, "auto"):
        known = ", ".join(f"{number} {one}" for number, one in enumerate(names, 1))
        raise UserError(f"no choice is called {text!r}; known: {known} (songreel plan SONG --choices shows them)")
    return name


def _known(request: FilmRequest) -> None:
    """Refuse unknown names now, before the song is listened to."""
    from blocks.settings import read
    from songreel import catalogue
    from songreel.painter.catalogue import find_style, find_world
    from songreel.painter.own.reading import native
    from songreel.planning.data import genres

    if request.style != "auto":
        find_style(request.style)
    if request.world != "auto":
        find_world(request.world)
    if request.own.world:
        native(request.own.world, "world")
    if request.own.style:
        native(request.own.style, "style")
    names = [str(name) for name in genres()]
    if request.genre != "auto" and request.genre not in names:
        raise UserError(f"no genre is called {request.genre!r}; known: {', '.join(names)}")
    if request.backend != "auto":
        catalogue.find("video", request.backend, read().access)


def _is_file(name: str) -> bool:
    """Whether a world or a style is given as a shader's file: by its ending, or because it lies there."""
    return Path(name).suffix.lower() in SHADERS or Path(name).is_file()


def _shader(name: str) -> OwnShader:
    text = _read(Path(name)).decode("utf-8", errors="replace")
    if len(text) > LONGEST_SHADER:
        raise UserError(f"{name} has {len(text)} characters; a shader of at most {LONGEST_SHADER} is read")
    return OwnShader(name=Path(name).name, text=text)


def _image(path: Path, store: Callable[[], Store] | None) -> MediaRef:
    from songreel.imagery.given import take

    if store is None:
        raise UserError("--image goes with a film or a plan")
    return take(path, store())


def _lyrics(path: Path) -> str:
    from songreel.audio.lyric_formats import text_of

    return text_of(_read(path))


def _grid(path: Path | None, taps: str | None, first_beat: float | None) -> GridEdit:
    given: Mapping[str, Any] = {}
    if path is not None:
        try:
            given = json.loads(_read(path))
        except ValueError as error:
            raise UserError(f"{path.name} is no JSON: {error}") from error
        if not isinstance(given, dict):
            raise UserError(f"{path.name} holds no object; a grid has taps, offset, tempo_map, beats or metre")
    extra = {"taps": _taps(taps) if taps else None, "offset": first_beat}
    try:
        return GridEdit(**{**given, **{name: value for name, value in extra.items() if value is not None}})
    except ValidationError as error:
        raise UserError(f"the beat grid is wrong: {sentence(error)}") from error


def _taps(text: str) -> tuple[float, ...]:
    """Times from '0.5,1.02', or from a file of them."""
    path = Path(text)
    words = (_read(path).decode(errors="replace") if path.is_file() else text).replace(",", " ").split()
    try:
        return tuple(float(word) for word in words)
    except ValueError as error:
        raise UserError(f"--taps takes times in seconds such as '0.5,1.02,1.5', or a file of them: {error}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
