"""Reads a person's shader file: which dialect it is written in, and what its ISF header asks for.

ISF: the Interactive Shader Format, version 2 (https://docs.isf.video/ref_json.html): a JSON comment, then GLSL.
"""

import ast
import json
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas import OwnShader
from songreel.errors import UserError

Dialect = Literal["isf", "shadertoy", "world", "style"]
LARGEST = 4096  # pixels of a pass along a side
MOST_PASSES = 8
COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
WORLD, STYLE, IMAGE = re.compile(r"\bvoid\s+world\s*\("), re.compile(r"\bvec3\s+style\s*\("), re.compile(r"\bvoid\s+mainImage\s*\(")
NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Mod: operator.mod,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., float]] = {
    "floor": math.floor, "ceil": math.ceil, "round": round, "min": min, "max": max, "abs": abs,
}  # fmt: skip

IsfType = Literal["event", "bool", "long", "float", "point2D", "color", "image", "audio", "audioFFT"]
Value = float | bool | tuple[float, ...]


class _Header(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Input(_Header):
    """A value or picture that the shader is given."""

    name: Annotated[str, Field(alias="NAME", pattern=NAME.pattern)]
    type: Annotated[IsfType, Field(alias="TYPE")]
    default: Annotated[Any, Field(alias="DEFAULT")] = None
    least: Annotated[Any, Field(alias="MIN")] = None
    most: Annotated[Any, Field(alias="MAX")] = None


class Pass(_Header):
    """One drawing of the shader, into a named buffer or, last, into the picture."""

    target: Annotated[str, Field(alias="TARGET")] = ""
    persistent: Annotated[bool, Field(alias="PERSISTENT")] = False
    floats: Annotated[bool, Field(alias="FLOAT")] = False
    width: Annotated[str | float, Field(alias="WIDTH")] = "$WIDTH"
    height: Annotated[str | float, Field(alias="HEIGHT")] = "$HEIGHT"


class Isf(_Header):
    """What an ISF header asks for."""

    inputs: Annotated[tuple[Input, ...], Field(alias="INPUTS")] = ()
    passes: Annotated[tuple[Pass, ...], Field(alias="PASSES", max_length=MOST_PASSES)] = ()
    imported: Annotated[Any, Field(alias="IMPORTED")] = None

    @property
    def filters(self) -> bool:
        """Whether it changes a picture (a style) instead of making one (a world)."""
        return any(one.type == "image" and one.name == "inputImage" for one in self.inputs)


def dialect_of(name: str, text: str) -> Dialect:
    """How a shader is written.

    Raises:
        UserError: it is in no form that is known.
    """
    found = COMMENT.search(text)
    if found and found.group(1).lstrip().startswith("{") and not text[: found.start()].strip():
        return "isf"
    for dialect, sign in (("shadertoy", IMAGE), ("world", WORLD), ("style", STYLE)):
        if sign.search(text):
            return dialect  # type: ignore[return-value]
    raise UserError(
        f"{name} is no shader that can be drawn: it needs Shadertoy's mainImage(out vec4, in vec2), an ISF header, "
        "or the painter's own world() or style()"
    )


def native(shader: OwnShader, part: Literal["world", "style"]) -> bool:
    """Whether a shader is in the painter's own form; a style cannot stand for a world, nor the other way round.

    Raises:
        UserError: it is in no form that is known, or does the other part's work.
    """
    dialect = dialect_of(shader.name, shader.text)
    filters = dialect == "style" or (dialect == "isf" and isf_of(shader.name, shader.text).filters)
    makes = dialect == "world" or (dialect == "isf" and not filters)
    if filters and part == "world":
        raise UserError(f"{shader.name} changes a picture and makes none: give it with --style")
    if makes and part == "style":
        raise UserError(f"{shader.name} makes a picture and changes none: give it with --world")
    return dialect == part


def isf_of(name: str, text: str) -> Isf:
    """The header of an ISF file.

    Raises:
        UserError: the header is broken, or asks for what a film cannot give.
    """
    found = COMMENT.search(text)
    try:
        header = Isf.model_validate(json.loads(found.group(1) if found else "{}"))
    except json.JSONDecodeError as error:
        raise UserError(f"the ISF header of {name} is no JSON: {error.msg} in its line {error.lineno}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UserError(f"the ISF header of {name} is wrong at {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if header.imported:
        raise UserError(f"{name} imports pictures (IMPORTED), which a film's shader cannot: draw them in the shader, or leave them out")
    strange = [one.name for one in header.inputs if one.type == "image" and one.name != "inputImage"]
    if strange:
        raise UserError(f"{name} asks for the picture {strange[0]}; only inputImage is there: a transition or a mixer cannot be a style")
    return header


def pixels(rule: str | float, size: tuple[int, int], values: Mapping[str, Value], name: str) -> int:
    """A pass's width or height: a number or a rule such as ``floor($WIDTH/4.0)``.

    Raises:
        UserError: the rule cannot be worked out.
    """
    text = str(rule).replace("$", "v_")
    known = {"v_WIDTH": float(size[0]), "v_HEIGHT": float(size[1])} | {
        f"v_{key}": float(value) for key, value in values.items() if isinstance(value, (int, float))
    }
    try:
        found = _worked_out(ast.parse(text, mode="eval").body, known)
    except (SyntaxError, KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError, RecursionError) as error:
        raise UserError(f"the size {rule!r} of a pass of {name} cannot be worked out") from error
    return int(min(max(found, 1), LARGEST))


def _worked_out(node: ast.expr, known: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_worked_out(operand, known)
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATIONS[type(op)](_worked_out(left, known), _worked_out(right, known))
        case ast.Call(func=ast.Name(id=name), args=args):
            return float(FUNCTIONS[name](*(_worked_out(arg, known) for arg in args)))
        case _:
            raise ValueError(ast.dump(node))
