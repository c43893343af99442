"""``songreel gallery``: contact sheets, loops and a page of what the painter can draw."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cli.output import emit, guarded
from cli.told import say

SMALL, QUALITY = 1500, 76  # width in pixels, and JPEG quality, of the sheets that go into a document


def make_gallery(out: Path, styles: str | None, worlds: str | None, height: int, loops: bool, workers: int | None, as_json: bool) -> int:
    """Draw the gallery into a folder and print its page."""
    from songreel.composition.gallery import ACROSS, page, sheet, titles
    from songreel.painter import catalogue

    shown = [catalogue.find_style(name).id for name in _listed(styles)] or [style.id for style in catalogue.styles()]
    places = [catalogue.find_world(name).id for name in _listed(worlds)] or [world.id for world in catalogue.worlds()]
    size = (2 * round(height * 8 / 9), height)
    out = out.absolute()  # workers stand elsewhere
    out.mkdir(parents=True, exist_ok=True)
    with guarded(as_json):
        pictures, films = _drawn(shown, places, size, out, loops, workers)
        names = []
        for start in range(0, len(shown), ACROSS):
            part = shown[start : start + ACROSS]
            heads, sides = titles(part, places)
            names.append(f"sheet-{start // ACROSS + 1}.png")
            made = sheet(sides, [(head, pictures[style]) for head, style in zip(heads, part, strict=True)], "Worlds and styles")
            made.save(out / names[-1])
            made.resize((SMALL, made.height * SMALL // made.width)).save(out / f"{Path(names[-1]).stem}.jpg", quality=QUALITY, progressive=True)
        (out / "index.html").write_text(page(names, films), "utf-8")
    if as_json:
        emit({"page": str(out / "index.html"), "sheets": [str(out / name) for name in names], "loops": [str(out / path) for path, _ in films]})
    else:
        print(out / "index.html")
    return 0


def _listed(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def _drawn(
    styles: list[str], worlds: list[str], size: tuple[int, int], out: Path, loops: bool, workers: int | None
) -> tuple[dict[str, list[Any]], list[tuple[str, str]]]:
    """Each style's pictures, and the loops: every style, its world by turn, then every world."""
    from songreel.execution.workers import Workers

    count = workers or os.cpu_count() or 1
    planned = _loops(styles, worlds) if loops else []
    if planned:
        (out / "loops").mkdir(exist_ok=True)
    with Workers(count) as crew, ThreadPoolExecutor(count) as threads:
        rows = [threads.submit(crew.call, "songreel.composition.gallery:stills", style, worlds, size) for style in styles]
        films = [
            threads.submit(crew.call, "songreel.composition.gallery:loop", style, world, worlds.index(world), size, str(out / path))
            for style, world, path in planned
        ]
        pictures = {}
        for number, (style, row) in enumerate(zip(styles, rows, strict=True), 1):
            pictures[style] = row.result()
            say(f"{number} of {len(styles)} styles drawn: {style}")
        for film in films:
            film.result()
    return pictures, [(path, f"{style} · {world}") for style, world, path in planned]


def _loops(styles: list[str], worlds: list[str]) -> list[tuple[str, str, str]]:
    """Style, world and path of each loop: every style once and every world once."""
    longest = max(len(styles), len(worlds))
    pairs = [(styles[turn % len(styles)], worlds[turn % len(worlds)]) for turn in range(longest)]
    return [(style, world, f"loops/{style}-{world}.mp4") for style, world in pairs]
