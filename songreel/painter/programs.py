"""Puts the shader files together into programs and keeps those in use.

Variant, hour, weather and subject are written into a world as constants: on a processor a branch that is not taken costs as much as
one that is, so the compiler must see which one is drawn.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from schemas import Hour, Look, OwnShader, Weather
from songreel.errors import UserError
from songreel.painter.catalogue import SHADERS, STYLES, WORLDS, Style, subject_row, worlds
from songreel.painter.gl import TOP_DOWN, Program, Source, Uniform
from songreel.painter.light import HOURS
from songreel.painter.own.picture import OwnPicture
from songreel.painter.own.reading import native

SUBJECT_BASE = ("shapes",)  # parts of shaders/subjects that every world has
SUBJECT_DRAWN = ("people", "musicians", "animals", "vehicles", "things", "symbols", "lights", "exact", "over")  # further parts that draw a subject
SUBJECT_SEEN = ("looked_up", "over")  # further parts that look up what was drawn

WEATHERS: tuple[Weather, ...] = ("clear", "rain", "snow", "fog", "wind")
KEPT = 24  # worlds and styles whose programs are kept

FAR_MAIN = "in vec2 uv; out vec4 made;\nvoid main() { made = vec4(far((uv - 0.5) * vec2(aspect, 1.0)), 1.0); }"
WORLD_MAIN = """
in vec2 uv;
layout(location = 0) out vec4 made_colour;
layout(location = 1) out vec4 made_aux;
void main() {
    vec3 colour = vec3(0.0);
    float depth = 1.0, glow = 0.0;
    world(rot(roll) * ((uv - 0.5) * vec2(aspect, 1.0)), colour, depth, glow);
    float grey = (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0; // hides the steps of bytes
    made_colour = vec4(colour + grey, depth);
    made_aux = vec4(clamp(depth, 0.0, 1.0), clamp(glow, 0.0, 1.0), clamp(subject_cover, 0.0, 1.0), 1.0 - clamp(fine_detail, 0.0, 1.0));
}
"""
SUBJECT_MAIN = "in vec2 uv; out vec4 made;\nvoid main() { made = subject_drawn(subject_place_back(uv)); }"
STEP_MAIN = "in vec2 uv; out vec4 made;\nvoid main() { made = %s; }"
INKS_MAIN = STEP_MAIN % "vec4(inks(floor(gl_FragCoord.x) / 255.0, int(gl_FragCoord.y)), 1.0)"
STYLE_MAIN = """
in vec2 uv;
layout(location = 0) out float made_y;
layout(location = 1) out float made_u;
layout(location = 2) out float made_v;
void main() {
    vec3 made = yuv709(lit(uv, style(uv)), gl_FragCoord.xy);
    made_y = made.x;
    made_u = made.y;
    made_v = made.z;
}
"""

OWN_STYLE = "vec3 style(vec2 uv) { return textureLod(pre0, uv, 0.0).rgb; }"

Made = TypeVar("Made")


class Drawing(Protocol):
    """What covers a target: a program of the painter's, or a person's own shader."""

    def draw(self, target: Any, uniforms: Mapping[str, Uniform]) -> None: ...

    def release(self) -> None: ...


class Nothing:
    """Draws nothing: a person's world has no far background."""

    def draw(self, target: Any, uniforms: Mapping[str, Uniform]) -> None:
        """Leave the target as it is."""

    def release(self) -> None:
        """There is nothing to let go."""


class StylePrograms(NamedTuple):
    """A style's pre-passes, the style itself with light and colour conversion, and what is drawn once."""

    steps: Sequence[Drawing]
    last: Program
    canvas: Program | None
    inks: Program | None


class Programs:
    """The programs of one context, made when first needed."""

    def __init__(self, context: Any, fps: float = 30.0) -> None:
        self.context, self.fps = context, fps
        self._kept: OrderedDict[object, Any] = OrderedDict()
        self._common = Source.of(SHADERS / "common.glsl")
        self._canvas = Source.of(SHADERS / "canvas.glsl")
        self._light = [Source.of(SHADERS / name) for name in ("light.glsl", "yuv.glsl")]
        blooming = [self._common, Source.of(SHADERS / "bloom.glsl")]
        scene = _constants(variant=0, hour=0, weather=0, subject_id=0)
        self.bloom = [Program(context, [scene, *blooming, _main(STEP_MAIN % f"vec4({step}(uv), 1.0)")]) for step in ("gather", "widen", "join")]

    def world(self, look: Look, own: OwnShader | None = None) -> tuple[Drawing, Drawing]:
        """What draws a world's far background, and the world; a person's own world in place of the look's."""
        key = ("world", own or look.world, look.variant, look.hour, look.weather, look.subject)
        return self._keep(key, lambda: self._make_world(look, own))

    def subject(self, look: Look) -> Program | None:
        """The program that draws a look's subject for its world to look up; none without a subject."""
        if look.subject == "none":
            return None
        key = ("subject", look.subject, look.weather)
        made: list[Program] = self._keep(key, lambda: [self._make_subject(look)])
        return made[0]

    def style(self, style: Style, hour: Hour, own: OwnShader | None = None, weather: Weather = "clear") -> StylePrograms:
        """The programs of a style at an hour and in a weather; a person's own style in place of it."""
        make = (lambda: self._make_own_style(own, hour)) if own else (lambda: self._make_style(style, hour, weather))
        return self._keep(("style", own or style.id, hour, weather), make)

    def _make_subject(self, look: Look) -> Program:
        scene = _constants(variant=0, hour=0, weather=WEATHERS.index(look.weather), subject_id=subject_row(look.subject))
        return Program(self.context, [scene, self._common, *subject_sources(SUBJECT_DRAWN), _main(SUBJECT_MAIN)])

    def _make_world(self, look: Look, own: OwnShader | None = None) -> tuple[Drawing, Drawing]:
        if own and not native(own, "world"):
            return Nothing(), OwnPicture(self.context, own, self.fps)
        files = [Source(own.name, own.text)] if own else world_sources(look.world)
        scene = _constants(
            variant=look.variant, hour=HOURS.index(look.hour), weather=WEATHERS.index(look.weather), subject_id=subject_row(look.subject)
        )
        sources = [scene, self._common, *subject_sources(SUBJECT_SEEN), *files]
        return Program(self.context, [*sources, _main(FAR_MAIN)]), Program(self.context, [*sources, _main(WORLD_MAIN)])

    def _make_style(self, style: Style, hour: Hour, weather: Weather) -> StylePrograms:
        front = [_constants(variant=0, hour=HOURS.index(hour), weather=WEATHERS.index(weather), subject_id=0), self._common, self._canvas]
        steps = [Program(self.context, [*front, Source.of(STYLES / step.shader), _main(STEP_MAIN % "prepare(uv)")]) for step in style.passes]
        own = Source.of(STYLES / f"{style.id}.frag")
        light = _constants(VIGNETTE=style.vignette)
        last = Program(self.context, [*front, own, light, *self._light, _main(STYLE_MAIN)], TOP_DOWN)
        ground = Program(self.context, [*front, own, _main(STEP_MAIN % "canvas(uv)")], TOP_DOWN) if style.canvas else None
        inks = Program(self.context, [*front, own, _main(INKS_MAIN)]) if style.inks else None
        return StylePrograms(steps, last, ground, inks)

    def _make_own_style(self, own: OwnShader, hour: Hour) -> StylePrograms:
        front = [_constants(variant=0, hour=HOURS.index(hour), weather=0, subject_id=0), self._common, self._canvas]
        inside = native(own, "style")
        light = [_constants(VIGNETTE=0.0), *self._light, _main(STYLE_MAIN)]
        last = Program(self.context, [*front, Source(own.name, own.text) if inside else _main(OWN_STYLE), *light], TOP_DOWN)
        return StylePrograms([] if inside else [OwnPicture(self.context, own, self.fps)], last, None, None)

    def _keep(self, key: object, make: Callable[[], Made]) -> Made:
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            _, old = self._kept.popitem(last=False)
            _release(old)
        made: Made = self._kept[key]
        return made


def subject_sources(parts: Sequence[str]) -> list[Source]:
    """The shared parts of shaders/subjects, then the named ones."""
    return [Source.of(SHADERS / "subjects" / f"{part}.glsl") for part in (*SUBJECT_BASE, *parts)]


def weather_over(look: Look) -> Weather:
    """The weather that styles draw over a look: none where its world is sheltered."""
    sheltered = {world.id: world.sheltered for world in worlds()}
    return "clear" if look.variant in sheltered.get(look.world, ()) else look.weather


def world_sources(name: str) -> list[Source]:
    """A world's parts (``<name>.<part>.glsl`` beside it, by name), then the world itself.

    Raises:
        UserError: there is no such world; the message lists those that are.
    """
    path = WORLDS / f"{name}.frag"
    if not path.is_file():
        raise UserError(f"no world is called {name!r}; known: {', '.join(_names(WORLDS))}")
    return [Source.of(part) for part in (*sorted(WORLDS.glob(f"{name}.*.glsl")), path)]


def _constants(**values: float) -> Source:
    """Named numbers as GLSL constants; whole ones are int."""
    lines = [f"const {'int' if isinstance(value, int) else 'float'} {name} = {value!r};" for name, value in values.items()]
    return Source("constants", "\n".join(lines))


def _main(text: str) -> Source:
    return Source("the engine", text)


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.frag"))


def _release(made: Any) -> None:
    for part in made:
        for program in part if isinstance(part, list) else [part]:
            if program is not None:
                program.release()
