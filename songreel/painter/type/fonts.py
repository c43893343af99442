"""Fonts: the bundled ones first, then the system's through fontconfig; what no font has is told, with the package that brings it."""

import shutil
import struct
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from schemas.base import Note
from songreel.painter.type.text import EMOJI_STYLE, JOINERS, clusters, is_emoji, script_of

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).with_name("fonts")
PATIENCE = 5.0  # s for fontconfig's answer
ASKED = 60  # questions to fontconfig for one film; a text in a script that nothing has asks no more
COLOUR_SIZES = (109, 128, 136, 160)  # px; fonts of coloured bitmaps come in one size only
PACKAGES = {"cjk": "fonts-noto-cjk", "hangul": "fonts-noto-cjk", "emoji": "fonts-noto-color-emoji"}
USUAL_PACKAGE = "fonts-noto-core"
TITLES = {"cjk": "Chinese and Japanese signs", "hangul": "Korean letters", "emoji": "emoji", "common": "signs", "other": "letters of a rare script"}
WHERE = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/System/Library/Fonts"), Path("/Library/Fonts"))
KNOWN_FILES = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoColorEmoji.ttf",
    "PingFang.ttc",
    "Apple Color Emoji.ttc",
    "DejaVuSans-Bold.ttf",
)
"""Looked for where fontconfig is not installed."""


@dataclass(frozen=True)
class Font:
    """One face of a font file."""

    path: str
    index: int = 0
    scale: float = 1.0
    coloured: bool = False

    def has(self, cluster: str) -> bool:
        """Whether it draws a sign with all its marks; joiners are no sign."""
        known = covered(self.path, self.index)
        return all(ord(char) in known for char in cluster if char not in JOINERS)

    def at(self, size: float) -> "FreeTypeFont":
        """The font at a size in pixels."""
        return _opened(self.path, self.index, max(round(size * self.scale), 4))


@dataclass(frozen=True)
class Run:
    """Neighbouring signs that one font draws."""

    font: Font
    text: str


@lru_cache(maxsize=96)
def _opened(path: str, index: int, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.RAQM if shapes() else ImageFont.Layout.BASIC)


@cache
def shapes() -> bool:
    """Whether Pillow can shape text (raqm with HarfBuzz and FriBidi)."""
    from PIL import features

    return bool(features.check("raqm"))


@cache
def faces() -> dict[str, tuple[Font, ...]]:
    """The bundled fonts of every voice."""
    data = tomllib.loads((FOLDER / "fonts.toml").read_text("utf-8"))
    scale = data["scale"]
    return {face: tuple(Font(str(FOLDER / f"{name}.ttf"), scale=scale.get(name, 1.0)) for name in names) for face, names in data["faces"].items()}


@lru_cache(maxsize=64)
def covered(path: str, index: int) -> frozenset[int]:
    """Characters that a font file has a glyph for; none when it cannot be read.

    Source: OpenType specification, 'cmap' table, formats 4 and 12.
    """
    try:
        data = Path(path).read_bytes()
        start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
        tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in _records(data, start)}
        cmap = tables[b"cmap"]
        count = struct.unpack_from(">H", data, cmap + 2)[0]
        places = {cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * n)[0] for n in range(count)}
        return frozenset().union(*(_characters(data, place) for place in places))
    except (OSError, KeyError, struct.error, ValueError, IndexError):
        return frozenset()


def _records(data: bytes, start: int) -> Iterable[int]:
    count = struct.unpack_from(">H", data, start + 4)[0]
    return (start + 12 + 16 * n for n in range(count))


def _characters(data: bytes, at: int) -> set[int]:
    kind = struct.unpack_from(">H", data, at)[0]
    if kind == 12:
        groups = struct.unpack_from(">I", data, at + 12)[0]
        spans = np.frombuffer(data, ">u4", 3 * groups, at + 16).reshape(-1, 3)
        return {char for first, last, _ in spans.tolist() for char in range(first, min(last, 0x10FFFF) + 1)}
    if kind == 4:
        count = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends, starts = np.frombuffer(data, ">u2", count, at + 14), np.frombuffer(data, ">u2", count, at + 16 + 2 * count)
        return {char for first, last in zip(starts.tolist(), ends.tolist(), strict=True) for char in range(first, last + 1) if char != 0xFFFF}
    return set()


@dataclass
class FontBook:
    """Finds the font of every sign of one film, and remembers what was found and what nothing has."""

    language: str = ""
    """Language of the text: Chinese and Japanese write some signs differently."""
    _system: list[Font] = field(default_factory=list)
    _known: dict[tuple[str, str], Font | None] = field(default_factory=dict)
    _asked: int = 0
    missing: set[str] = field(default_factory=set)
    """Scripts of signs that no font here has."""

    def runs(self, text: str, face: str) -> list[Run]:
        """The text as runs of one font each, in the order it is read; signs that nothing has are left out."""
        signs = [(cluster, script_of(cluster)) for cluster in clusters(text)]
        out: list[Run] = []
        leading = next((font for sign, script in signs if script != "common" and (font := self.font(face, sign))), None)
        for sign, script in signs:
            near = out[-1].font if out else leading
            font = near if script == "common" and near and not near.coloured and near.has(sign) else self.font(face, sign)
            if font is None:
                continue
            shown = sign if font.coloured else sign.replace(EMOJI_STYLE, "")
            if out and out[-1].font == font and not font.coloured:
                out[-1] = Run(font, out[-1].text + shown)
            else:
                out.append(Run(font, shown))
        return out

    def font(self, face: str, cluster: str) -> Font | None:
        """The font that draws a sign in a voice, or none."""
        key = (face, cluster)
        if key not in self._known:
            self._known[key] = self._found(face, cluster)
            if self._known[key] is None:
                self.missing.add(script_of(cluster))
        return self._known[key]

    def _found(self, face: str, cluster: str) -> Font | None:
        picture = is_emoji(cluster)
        bundled = () if picture else faces()[face]
        for font in (*bundled, *self._system):
            if font.coloured == picture and font.has(cluster):
                return font
        found = self._ask(cluster, picture)
        if found is None and picture:  # without coloured emoji, whatever has the sign
            plain = cluster.replace(EMOJI_STYLE, "")
            return next((font for font in (*faces()[face], *self._system) if not font.coloured and font.has(plain)), None)
        if found is None:  # a letter with a mark that no font has: the letter alone
            return self._found(face, cluster[0]) if len(cluster) > 1 else None
        return found

    def _ask(self, cluster: str, picture: bool) -> Font | None:
        if self._asked >= ASKED:
            return None
        self._asked += 1
        base = next(char for char in cluster if char not in JOINERS)
        for path, index in (*_matched(base, picture, self.language), *_lying_about()):
            font = Font(path, index, coloured=picture)
            if font.has(cluster if not picture else base) and (not picture or _has_colour(path, index)):
                self._system.append(font)
                return font
        return None

    def notes(self) -> tuple[Note, ...]:
        """What could not be drawn, or not well."""
        told = [_told(script) for script in sorted(self.missing)]
        if not shapes():
            because = "Pillow finds no FriBidi for raqm: sudo apt-get install -y libfribidi0"
            told.append(Note(stage="shoot", took="letters side by side, not shaped", because=because))
        return tuple(told)


def _told(script: str) -> Note:
    title = TITLES.get(script, f"{script.title()} letters")
    package = PACKAGES.get(script, USUAL_PACKAGE)
    return Note(stage="shoot", took=f"no {title} drawn", because=f"no font here has them: sudo apt-get install -y {package}")


def _matched(char: str, picture: bool, language: str) -> list[tuple[str, int]]:
    """What fontconfig thinks best for a character; empty where it is not installed."""
    tool = shutil.which("fc-match")
    if tool is None:
        return []
    tongue = f":lang={language}" if language.replace("-", "").isalnum() and language.isascii() else ""
    pattern = f":charset={ord(char):x}" + (":color=true" if picture else f":weight=bold:color=false{tongue}")
    try:
        answer = subprocess.run([tool, "-s", "-f", "%{file}\t%{index}\n", pattern], capture_output=True, timeout=PATIENCE, check=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [line.split("\t") for line in answer.stdout.splitlines()[:8]]
    return [(row[0], int(row[1]) & 0xFFFF) for row in rows if len(row) == 2 and row[1].isdigit()]


@cache
def _lying_about() -> tuple[tuple[str, int], ...]:
    """Known font files in the usual folders."""
    folders = [folder for folder in (*WHERE, Path.home() / ".fonts", Path.home() / ".local/share/fonts") if folder.is_dir()]
    return tuple((str(path), 0) for name in KNOWN_FILES for folder in folders for path in sorted(folder.rglob(name)))


@cache
def _has_colour(path: str, index: int) -> bool:
    return colour_font(path, index) is not None


@cache
def colour_font(path: str, index: int) -> "FreeTypeFont | None":
    """A font of coloured bitmaps at the size it has, or none when Pillow cannot open it."""
    from PIL import ImageFont

    for size in COLOUR_SIZES:
        try:
            return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.RAQM if shapes() else ImageFont.Layout.BASIC)
        except OSError:
            continue
    return None
