"""What the painter can do at a glance: every world in every style, as contact sheets and short loops.

No song is needed: an even beat drives the pictures.
"""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from schemas import CURVES, Encoding, Look
from schemas.look import Colours
from songreel.composition.canvas import INK, MUTED, PAPER, Canvas
from songreel.composition.transitions import Step, mix
from songreel.media.video import ClipWriter
from songreel.painter.catalogue import World, find_style, find_world

if TYPE_CHECKING:
    from PIL.Image import Image

FPS = Fraction(30)
BEAT = 15  # frames: 120 beats a minute
BARS = 2
LOOP = BARS * 4 * BEAT  # frames
SEAM = 15  # frames in which a loop's end becomes its start
START = 60  # frame at which pictures are taken and loops begin
SEED = 7
ACROSS = 8  # styles on a sheet
DRAWN = 3  # times a cell's size
TITLE, LABEL, GUTTER, SIDE = 96, 40, 6, 250  # pixels of a sheet
PALETTES: tuple[Colours, ...] = (
    ("#0b0820", "#2a1a5e", "#7a2f8f", "#ff5fa2", "#ffe3c2"), ("#0d1b2a", "#1b4965", "#5fa8d3", "#ffb703", "#f8f4e3"),
    ("#1a0f0a", "#5b2a1e", "#b5651d", "#e63946", "#fff0c2"), ("#101418", "#2f3e46", "#84a98c", "#e9c46a", "#f4f1de"),
    ("#14101f", "#3c2a5c", "#8b5a8c", "#f4845f", "#fbe8d3"),
)  # fmt: skip

FIGURE = '<figure><video src="{path}" autoplay loop muted playsinline></video><figcaption>{words}</figcaption></figure>'

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def even_beat(frames: int) -> dict[str, Floats]:
    """Curves of a plain four-four: kick and snare in turn, hats between, a bass that breathes with the bar."""
    at = np.arange(frames, dtype=np.float32)
    beat, bar = at % BEAT / BEAT, at % (4 * BEAT) / (4 * BEAT)
    fall = np.exp(-4 * beat)
    odd = (at // BEAT % 2).astype(np.float32)
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * bar)
    curves = dict.fromkeys(CURVES, np.full(frames, 0.5, np.float32)) | {
        "beat": fall, "kick": fall * (1 - odd), "snare": fall * odd, "hat": np.exp(-4 * (at % (BEAT / 2) / (BEAT / 2))),
        "beat_phase": beat, "bar_phase": bar, "bass": 0.35 + 0.4 * swell, "mid": 0.4 + 0.3 * swell, "treble": 0.4 + 0.3 * (1 - swell),
        "vocals": 0.3 + 0.5 * swell, "loudness": np.full(frames, 0.65, np.float32),
    }  # fmt: skip
    return {name: np.asarray(curve, np.float32) for name, curve in curves.items()}


def look_of(world: World, style: str, turn: int) -> Look:
    """A world as it suits it best, its composition and colours by its turn in the list."""
    subject = world.subjects[turn % 2] if world.subjects else "none"
    return Look(
        world=world.id, style=style, variant=turn % 4, hour=world.hour, subject=subject, camera="drift", colours=PALETTES[turn % len(PALETTES)],
        energy=0.7,
    )  # fmt: skip


def stills(style: str, worlds: Sequence[str], size: tuple[int, int]) -> list[Bytes]:
    """One frame of each world in a style, shape (h, w, 3), uint8; drawn larger and reduced, as a film is seen in a small window."""
    from PIL import Image

    from songreel.painter.engine import Painter

    curves = even_beat(START + 1)
    with Painter(size[0] * DRAWN, size[1] * DRAWN, FPS, "professional") as painter:
        drawn = (painter.still(look_of(find_world(name), style, turn), SEED, curves, START) for turn, name in enumerate(worlds))
        return [np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)) for picture in drawn]


def loop(style: str, world: str, turn: int, size: tuple[int, int], path: str) -> None:
    """A film of two bars that goes round without a jump.

    Args:
        turn: the world's place in the list, which decides composition and colours.
        size: width and height, even.
        path: where the mp4 is written.
    """
    from songreel.painter.engine import Painter
    from songreel.painter.moments import Span

    curves = even_beat(START + LOOP)
    look, first = look_of(find_world(world), style, turn), START - SEAM
    with Painter(*size, FPS, "preview") as painter, ClipWriter(
        Path(path), width=size[0], height=size[1], fps=FPS, encoding=Encoding(preset="veryfast", crf=24), keyframes=(0,)
    ) as writer:  # fmt: skip
        lead = []
        for number, planes in enumerate(painter.frames(look, SEED, curves, first, SEAM + LOOP, scene=Span(first, SEAM + LOOP))):
            picture = (planes.y.copy(), planes.u.copy(), planes.v.copy())
            if number < SEAM:
                lead.append(picture)
            elif (left := SEAM + LOOP - number) <= SEAM:
                writer.write_yuv(*mix("crossfade", picture, lead[SEAM - left], Step(SEAM - left, SEAM)))
            else:
                writer.write_yuv(*picture)


def sheet(rows: Sequence[str], columns: Sequence[tuple[str, Sequence[Bytes]]], title: str) -> "Image":
    """A contact sheet: a row for each world, a column for each style.

    Args:
        rows: titles of the worlds.
        columns: a style's title with its pictures, one for each row and all of one size.
    """
    from PIL import Image

    height, width = columns[0][1][0].shape[:2]
    canvas = Canvas(SIDE + len(columns) * (width + GUTTER), TITLE + LABEL + len(rows) * (height + GUTTER), PAPER)
    canvas.text((GUTTER * 4, 26), title, 40, INK)
    for row, name in enumerate(rows):
        canvas.text((GUTTER * 4, TITLE + LABEL + row * (height + GUTTER) + height / 2 - 12), name, 20, MUTED, widest=SIDE - GUTTER * 6)
    for column, (name, _) in enumerate(columns):
        canvas.text((SIDE + column * (width + GUTTER), TITLE), name, 22, INK)
    made = canvas.image()
    for column, (_, pictures) in enumerate(columns):
        for row, picture in enumerate(pictures):
            made.paste(Image.fromarray(picture), (SIDE + column * (width + GUTTER), TITLE + LABEL + row * (height + GUTTER)))
    return made


def page(sheets: Sequence[str], loops: Sequence[tuple[str, str]]) -> str:
    """One HTML page of the sheets and the loops (path, caption), all beside it."""
    pictures = "".join(f'<img src="{escape(name)}" alt="contact sheet">' for name in sheets)
    films = "".join(FIGURE.format(path=escape(path), words=escape(words)) for path, words in loops)
    style = (
        "body{background:#0d0f14;color:#f3f1ea;font:16px system-ui;margin:32px}img{width:100%;margin-bottom:24px}"
        "main{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:16px}figure{margin:0}video{width:100%}"
    )
    return f"<!doctype html><meta charset=utf-8><title>Songreel gallery</title><style>{style}</style><h1>Gallery</h1><main>{films}</main>{pictures}"


def titles(styles: Sequence[str], worlds: Sequence[str]) -> tuple[list[str], list[str]]:
    """The titles of styles and of worlds."""
    return [find_style(name).title for name in styles], [find_world(name).title for name in worlds]
