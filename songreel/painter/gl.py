"""OpenGL without a window: a context through EGL, programs whose errors name the author's own file and line, and targets.

Rows of a texture run from v = 0 upwards, except in what a program draws with `TOP_DOWN`: its first row is the top of the picture.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import moderngl

from songreel.errors import MissingDependency, SongreelError
from songreel.painter.arrays import Floats

MEND_EGL = "sudo apt-get install -y libegl1 libgl1-mesa-dri"
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swr ")
# libEGL hands out every GL function too: libGL itself is not part of libegl1 and libgl1-mesa-dri.
EGL: dict[str, Any] = {"require": 330, "standalone": True, "backend": "egl", "libgl": "libEGL.so.1", "libegl": "libEGL.so.1"}
DEVICES = 4  # EGL devices that are asked for hardware
HEADER = "#version 330 core\n"
VERTEX = """#version 330 core
out vec2 uv;
void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    uv = corner * 0.5 + 0.5;
    gl_Position = vec4(corner.x, corner.y * (%s), 0.0, 1.0);
}
"""
UPRIGHT, TOP_DOWN = VERTEX % "1.0", VERTEX % "-1.0"

UNITS = {
    "noise_tex": 0, "weather_tex": 1, "far_tex": 2, "colour_tex": 3, "aux_tex": 4, "bloom_tex": 5, "pre0": 6, "pre1": 7,
    "glow_tex": 8, "wide_tex": 9, "canvas_tex": 12, "inks_tex": 13, "subject_tex": 14,
    "picture_tex": 15,
}  # fmt: skip
"""Texture unit of every sampler; a texture stays bound to its own."""

LONGEST = 100_000  # lines; piece n of a program is numbered from n times this, because Mesa often forgets a piece's own number
ERROR = re.compile(r"^\d+(?::(\d+)\(\d+\): |\((\d+)\) : )(error.*)$", re.MULTILINE)  # Mesa's form, NVIDIA's form

Uniform = float | int | tuple[float, ...] | list[tuple[float, ...]] | Floats


def open_context() -> moderngl.Context:
    """A context on a GPU where there is one, else on Mesa's software renderer.

    Raises:
        MissingDependency: no EGL or no driver is installed.
    """
    context = _opened(0)
    for device in range(1, DEVICES):
        if not is_software(context):
            break
        try:
            other = _opened(device)
        except MissingDependency:
            break
        context, spare = (context, other) if is_software(other) else (other, context)
        spare.release()
    context.mglo.__enter__()  # current again, after the others were looked at
    return context


def is_software(context: moderngl.Context) -> bool:
    """Whether the processor draws."""
    return any(name in context.info["GL_RENDERER"].lower() for name in SOFTWARE)


def _opened(device: int) -> moderngl.Context:
    try:
        return moderngl.create_context(**EGL | {"device_index": device})
    except Exception as error:  # moderngl and glcontext raise bare Exceptions
        raise MissingDependency(f"the painter finds no OpenGL through EGL ({error}): {MEND_EGL}") from error


@dataclass(frozen=True)
class Source:
    """One piece of a program; ``label`` names it in errors."""

    label: str
    text: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        """A shader file, named by its folder and file name."""
        return cls(f"{path.parent.name}/{path.name}", path.read_text("utf-8"))


class Program:
    """A fragment program that covers its target.

    Args:
        sources: pieces put together in order; an error names the piece and its own line.
        vertex: `UPRIGHT` or `TOP_DOWN`.

    Raises:
        SongreelError: a shader does not compile; the message holds file, line and the driver's words.
    """

    def __init__(self, context: moderngl.Context, sources: Sequence[Source], vertex: str = UPRIGHT) -> None:
        text = HEADER + "".join(f"#line {number * LONGEST + 1}\n{source.text}\n" for number, source in enumerate(sources))
        try:
            self.program = context.program(vertex_shader=vertex, fragment_shader=text)
        except moderngl.Error as error:
            raise SongreelError(_mended(str(error), sources)) from error
        self.array = context.vertex_array(self.program, [])
        self.members: list[tuple[str, Any]] = []
        for name in self.program:
            member: Any = self.program[name]
            if name in UNITS:
                member.value = UNITS[name]
            else:
                self.members.append((name, member))

    def draw(self, target: moderngl.Framebuffer, uniforms: Mapping[str, Uniform]) -> None:
        """Draw into the target; uniforms the program does not use are passed over."""
        for name, member in self.members:
            if name == "resolution":
                member.value = target.size
            elif name in uniforms:
                member.value = _as_long_as(member, uniforms[name])
        target.use()
        self.array.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        self.array.release()
        self.program.release()


def _mended(message: str, sources: Sequence[Source]) -> str:
    """The driver's first error with the piece's name and line in place of its number."""
    if found := ERROR.search(message):
        mesa, nvidia, words = found.groups()
        number, line = divmod(int(mesa or nvidia), LONGEST)
        return f"{sources[number].label} line {line}: {words}"
    return f"{sources[-1].label} cannot be made into a program: {message.strip()}"


def _as_long_as(member: Any, value: Uniform) -> Uniform:
    """The first entries of an array: drivers cut off those that the program never reads."""
    if not isinstance(value, list):
        return value
    return value[: member.array_length] if member.array_length > 1 else value[0]


class Target:
    """Textures of one size that a program draws into.

    Args:
        kinds: (channels, moderngl dtype) of each texture: ``(4, "f2")``, ``(1, "f1")`` ...
    """

    def __init__(self, context: moderngl.Context, size: tuple[int, int], kinds: Sequence[tuple[int, str]], smooth: bool = True) -> None:
        self.size = size
        self.textures = [context.texture(size, channels, dtype=dtype) for channels, dtype in kinds]
        for texture in self.textures:
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR) if smooth else (moderngl.NEAREST, moderngl.NEAREST)
        self.buffer = context.framebuffer(self.textures)

    def bind(self, *samplers: str) -> None:
        """Put the textures on their samplers' units."""
        for texture, sampler in zip(self.textures, samplers, strict=True):
            texture.use(UNITS[sampler])

    def release(self) -> None:
        self.buffer.release()
        for texture in self.textures:
            texture.release()


def picture(context: moderngl.Context, array: Floats, sampler: str) -> moderngl.Texture:
    """A repeating texture of float values (h, w, 4), bound to its sampler's unit."""
    height, width, channels = array.shape
    texture = context.texture((width, height), channels, array.astype("f4").tobytes(), dtype="f4")
    texture.use(UNITS[sampler])
    return texture
