"""Prints the table of docs/local-models.md from the catalogue: python tools/local_models.py."""

from schemas import BackendProfile
from songreel import catalogue

HEAD = ("backend", "weights", "licence", "may earn money", "video memory", "all of it there", "picture", "longest piece", "starts from")


def table() -> str:
    """Every model that runs on this machine's GPU, as a Markdown table."""
    entries = [entry for kind in ("video", "image") for entry in catalogue.entries(kind) if entry.where == "local_gpu"]
    rows = [HEAD, ("---",) * len(HEAD), *(_row(entry) for entry in entries)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(entry: BackendProfile) -> tuple[str, ...]:
    pixels = float(entry.options["pixels"])
    width, height = (round((pixels * ratio) ** 0.5) for ratio in (16 / 9, 9 / 16))
    longest = "" if entry.kind == "image" else f"{entry.max_seconds:g} s at {entry.native_fps:g} fps"
    start = "a picture" if entry.first_frame and entry.options.get("first") == "scene" else "words"
    if any(word in entry.engine for word in ("vace", "controlnet")):
        start = "words and the painter's motion"
    commercial = "yes" if entry.commercial else "**no**"
    whole = f"{entry.options['whole_gb']:g} GB"
    return (f"`{entry.name}`", entry.model, entry.licence, commercial, f"{entry.vram_gb:g} GB", whole, f"about {width}x{height}", longest, start)


if __name__ == "__main__":
    print(table())
