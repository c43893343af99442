"""A person's shader as something that draws: it stands where the painter's own programs stand.

A frame of a shader with persistent buffers depends on the frames before it, from its scene's start on; all others on their own time alone.
"""

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np

from schemas import CURVES, OwnShader
from songreel.painter import gl
from songreel.painter.arrays import Floats
from songreel.painter.gl import Program, Source, Target, Uniform
from songreel.painter.own.reading import Input, Isf, Pass, Value, dialect_of, isf_of, pixels

FIRST_UNIT = 16  # units below are the painter's own textures'
SOUND = (512, 2)  # Shadertoy's audio texture: a row of spectrum, a row of samples
GLOWS = (0.75, 1.0)  # brightness from which a picture counts as shining, for styles with bloom
APART = 120.0  # s over which scenes are spread
STEPPED = 0.95  # of the beat curve: an ISF event is on in a beat's first frame
LEVELS = {"level": "loudness", "volume": "loudness", "audio": "loudness", "audiolevel": "loudness", "amplitude": "loudness"}
"""Names of ISF inputs that the music moves, beside the curves' own."""

OUT = "layout(location = 0) out vec4 songreel_colour;\nlayout(location = 1) out vec4 songreel_aux;\n"
FINISH = f"""
void main() {{
    %s
    vec3 c = clamp(songreel_colour.rgb, 0.0, 1.0);
    float shine = smoothstep({GLOWS[0]}, {GLOWS[1]}, max(c.r, max(c.g, c.b)));
    songreel_aux = vec4(0.5, shine, 0.0, 1.0);
}}
"""
LAST = "songreel_colour = vec4(clamp(songreel_colour.rgb, 0.0, 1.0), 0.5);"  # alpha is depth to what comes after
TOY = (
    OUT
    + """
uniform vec3 iResolution;
uniform float iTime, iTimeDelta, iFrameRate, iSampleRate;
uniform int iFrame;
uniform vec4 iMouse, iDate;
uniform sampler2D iChannel0, iChannel1, iChannel2, iChannel3;
#define iChannelTime float[4](iTime, iTime, iTime, iTime)
#define iChannelResolution vec3[4](vec3(512.0, 2.0, 1.0), vec3(textureSize(iChannel1, 0), 1.0), vec3(256.0, 256.0, 1.0), vec3(256.0, 256.0, 1.0))
#define texture2D texture
"""
)
TOY_MAIN = FINISH % ("songreel_colour = vec4(0.0, 0.0, 0.0, 1.0);\n    mainImage(songreel_colour, gl_FragCoord.xy);\n    " + LAST)
ISF = (
    OUT
    + """
uniform vec2 RENDERSIZE;
uniform float TIME, TIMEDELTA;
uniform int PASSINDEX, FRAMEINDEX;
uniform vec4 DATE;
#define isf_FragNormCoord (gl_FragCoord.xy / RENDERSIZE)
#define vv_FragNormCoord isf_FragNormCoord
#define gl_FragColor songreel_colour
#define IMG_SIZE(name) vec2(textureSize(name, 0))
#define IMG_NORM_PIXEL(name, at) texture(name, at)
#define IMG_PIXEL(name, at) texture(name, (at) / IMG_SIZE(name))
#define IMG_THIS_NORM_PIXEL(name) texture(name, isf_FragNormCoord)
#define IMG_THIS_PIXEL(name) texture(name, isf_FragNormCoord)
#define texture2D texture
#define texture2DRect texture
#define varying in
#define main isf_main
"""
)
ISF_MAIN = "#undef main\nuniform int songreel_last;\n" + FINISH % ("isf_main();\n    if (songreel_last == 1) " + LAST)
GLSL_TYPES = {
    "event": "bool", "bool": "bool", "long": "int", "float": "float", "point2D": "vec2", "color": "vec4",
    "image": "sampler2D", "audio": "sampler2D", "audioFFT": "sampler2D",
}  # fmt: skip


class OwnPicture:
    """One shader of a person, drawing into whatever target it is given.

    Args:
        shader: Shadertoy or ISF.
        fps: frames a second, for what the shader is told of time.

    Raises:
        UserError: it is in no known form, or asks for what is not there.
        SongreelError: it does not compile; the message names its own line.
    """

    def __init__(self, context: moderngl.Context, shader: OwnShader, fps: float) -> None:
        self.context, self.shader, self.fps = context, shader, fps
        self.given: moderngl.Texture | None = None  # the picture that a style changes; none for a world
        self.sound = context.texture(SOUND, 1, dtype="f1")
        self.rows = [context.texture((SOUND[0], 1), 1, dtype="f1") for _ in range(2)]
        self.isf = isf_of(shader.name, shader.text) if dialect_of(shader.name, shader.text) == "isf" else None
        before, after = (_isf_prelude(self.isf), ISF_MAIN) if self.isf else (TOY, TOY_MAIN)
        text = "\n".join("" if line.lstrip().startswith(("#version", "precision ")) else line for line in shader.text.splitlines())
        self.program = Program(context, [Source("songreel", before), Source(shader.name, text), Source("songreel", after)])
        self.buffers: dict[str, list[Target]] = {}
        self.frame = -2

    def draw(self, target: moderngl.Framebuffer, uniforms: Mapping[str, Uniform]) -> None:
        """Draw a frame into the target, through the shader's own buffers where it has any."""
        self._load_sound(uniforms)
        frame = int(uniforms["frame"])  # type: ignore[arg-type]
        if self.isf is None:
            self.program.draw(target, {**_toy_values(uniforms, target.size, self.fps, _clock(uniforms, self.given)), **self._units()})
            return
        values = {one.name: _value_of(one, uniforms) for one in self.isf.inputs if GLSL_TYPES[one.type] != "sampler2D"}
        if frame != self.frame + 1:
            self._clear()
        self.frame = frame
        passes = self.isf.passes or (Pass(),)
        for index, one in enumerate(passes):
            last = index == len(passes) - 1
            into = self._buffer(one, target.size, values) if one.target else None
            self._draw_pass(into.buffer if into else target, index, uniforms, values, last and not into)
            if into:
                self.buffers[one.target].reverse()  # what was drawn is what is looked up from now on
        if passes[-1].target:  # a picture that ends in a buffer shows that buffer
            self._draw_pass(target, len(passes) - 1, uniforms, values, True)

    def release(self) -> None:
        self.program.release()
        self._clear()
        for texture in (self.sound, *self.rows):
            texture.release()

    def _draw_pass(self, target: moderngl.Framebuffer, index: int, uniforms: Mapping[str, Uniform], values: Mapping[str, Value], last: bool) -> None:
        told: dict[str, Any] = {
            "RENDERSIZE": (float(target.size[0]), float(target.size[1])), "TIME": _clock(uniforms, self.given), "TIMEDELTA": 1 / self.fps,
            "PASSINDEX": index, "FRAMEINDEX": uniforms["frame"], "DATE": (2026.0, 1.0, 1.0, 0.0), "songreel_last": int(last),
        }  # fmt: skip
        self.program.draw(target, {**told, **values, **self._units()})

    def _buffer(self, one: Pass, size: tuple[int, int], values: Mapping[str, Value]) -> Target:
        """The buffer to draw into: of two, the one that is not looked up."""
        wanted = (pixels(one.width, size, values, self.shader.name), pixels(one.height, size, values, self.shader.name))
        pair = self.buffers.get(one.target)
        if pair is None or pair[0].size != wanted:
            kind = "f4" if one.floats else "f1"
            pair = self.buffers[one.target] = [Target(self.context, wanted, ((4, kind),)) for _ in range(2)]
            for target in pair:
                target.buffer.clear()
        return pair[1]

    def _clear(self) -> None:
        for pair in self.buffers.values():
            for target in pair:
                target.release()
        self.buffers = {}

    def _load_sound(self, uniforms: Mapping[str, Any]) -> None:
        """Spectrum, low notes first, and samples about 0.5; without them the three bands stand for the spectrum."""
        bands = np.array([uniforms["bass"], uniforms["mid"], uniforms["treble"]], np.float32)
        rows = [_row(uniforms.get("spectrum", bands)), _row(uniforms.get("wave", np.full(2, 0.5, np.float32)))]
        self.sound.write(b"".join(rows))
        for texture, row in zip(self.rows, rows, strict=True):
            texture.write(row)

    def _units(self) -> dict[str, int]:
        """Bind every texture to a unit of its own; gives the samplers' units."""
        named: dict[str, moderngl.Texture | None] = {"iChannel0": self.sound, "iChannel1": self.given}
        if self.isf:
            spectrum, wave = self.rows
            kinds = {"audio": wave, "audioFFT": spectrum, "image": self.given}
            named = {one.name: kinds[one.type] for one in self.isf.inputs if one.type in kinds}
            named |= {name: pair[0].textures[0] for name, pair in self.buffers.items()}
        units = dict.fromkeys(("iChannel1", "iChannel2", "iChannel3"), gl.UNITS["noise_tex"])
        for unit, (name, texture) in enumerate(named.items(), FIRST_UNIT):
            if texture is not None:
                texture.use(unit)
                units[name] = unit
        return units


def _clock(uniforms: Mapping[str, Any], given: moderngl.Texture | None) -> float:
    """Seconds in the song; a world shows each scene from another time on, or the film would have no cuts."""
    return float(uniforms["paint_t"]) + (0.0 if given else round(float(uniforms["rnd"][0]) * APART, 2))


def _row(values: Floats) -> bytes:
    """Values in [0, 1] as a row of the sound textures."""
    row = np.interp(np.linspace(0, 1, SOUND[0]), np.linspace(0, 1, len(values)), values)
    return (np.clip(row, 0, 1) * 255).astype(np.uint8).tobytes()


def _isf_prelude(header: Isf) -> str:
    targets = {one.target for one in header.passes if one.target}
    lines = [f"uniform {GLSL_TYPES[one.type]} {one.name};" for one in header.inputs]
    return ISF + "\n".join([*lines, *(f"uniform sampler2D {name};" for name in sorted(targets))])


def _toy_values(uniforms: Mapping[str, Uniform], size: tuple[int, int], fps: float, clock: float) -> dict[str, Any]:
    return {
        "iResolution": (float(size[0]), float(size[1]), 1.0), "iTime": clock, "iTimeDelta": 1 / fps, "iFrameRate": fps,
        "iSampleRate": 44_100.0, "iFrame": uniforms["frame"], "iMouse": (0.0, 0.0, 0.0, 0.0), "iDate": (2026.0, 1.0, 1.0, uniforms["paint_t"]),
    }  # fmt: skip


def _value_of(one: Input, uniforms: Mapping[str, Uniform]) -> Value:
    """What an ISF input is set to: by the music where its name is a curve's, else its default."""
    curve = one.name.lower() if one.name.lower() in CURVES else LEVELS.get(one.name.lower(), "")
    if one.type == "float":
        least, most = (float(bound) if isinstance(bound, (int, float)) else end for bound, end in ((one.least, 0.0), (one.most, 1.0)))
        if curve:
            return least + (most - least) * float(uniforms[curve])  # type: ignore[arg-type]
        return float(one.default) if isinstance(one.default, (int, float)) else least
    if one.type in ("event", "bool"):
        return float(uniforms["beat"]) > STEPPED if one.type == "event" else bool(one.default)  # type: ignore[arg-type]
    if one.type == "long":
        return int(one.default or 0)
    wanted = 2 if one.type == "point2D" else 4
    if isinstance(one.default, list) and len(one.default) == wanted:
        return tuple(float(part) for part in one.default)
    accent: Any = uniforms["pal"]
    return (0.5, 0.5) if wanted == 2 else (*accent[3], 1.0)
