"""The film at a glance: a contact sheet with one frame of every scene, and a timeline of music and cuts. Sizes are pixels.

Drawn from the clips themselves, so they show the film as it is and not as it was planned.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from schemas import Analysis, Clip, MediaRef, Plan, Scene, Timeline
from songreel.composition.canvas import INK, MUTED, PAPER, Canvas, tint
from songreel.media.video import read_frames
from songreel.painter.catalogue import find_style
from songreel.storage import Store

if TYPE_CHECKING:
    from PIL.Image import Image

SHEET_WIDTH = 2000
MARGIN = 56
GAP = 20
STILL_WIDTH = 1230  # of a scene's picture, twice the widest card
COLUMNS = ((12, (3, 4)), (40, (4, 5)), (10_000, (5, 6)))
"""Up to how many scenes, which numbers of columns read well; the one with the fuller last row is taken. Tall films take two more."""
SWATCH = 46  # from one colour of the palette to the next
HEADER = 208
STRIP = 92  # the song's energy under the title
CAPTION = 74
MOMENT = 1.2  # seconds into a scene at which its picture is taken, or its middle if that is earlier
CORNER = 10

TIMELINE_SIZE = (2000, 560)
CARD_LIMIT = 105_000  # bytes of a small picture; two of them as text stay under the 300 kB that a Prefect page takes
CARD_SIZES = (1200, 1000, 800, 640, 480, 320)  # widths to try until it fits

Floats = NDArray[np.float32]


def pictures(plan: Plan, analysis: Analysis, timeline: Timeline, clips: Sequence[Clip], store: Store) -> dict[str, MediaRef]:
    """``storyboard.png`` and ``timeline.png``, and small versions of both (``storyboard``, ``timeline``) for the run's page."""
    sheet, strip = _both(plan, analysis, timeline, list(_stills(clips, store)), store)
    return {
        "storyboard.png": store.put_bytes(_png(sheet), ".png"),
        "timeline.png": store.put_bytes(_png(strip), ".png"),
        **_cards(sheet, strip, store),
    }


def cards(plan: Plan, analysis: Analysis, timeline: Timeline, stills: Sequence["Image"], store: Store) -> dict[str, MediaRef]:
    """The small versions alone, of given pictures: for the run's page before anything is shot."""
    return _cards(*_both(plan, analysis, timeline, stills, store), store)


def still_moment(frames: int, fps: float) -> int:
    """Frame of a scene of so many frames that its card shows."""
    return min(frames // 2, round(MOMENT * fps))


def _both(plan: Plan, analysis: Analysis, timeline: Timeline, stills: Sequence["Image"], store: Store) -> tuple["Image", "Image"]:
    with np.load(store.get(analysis.curves)) as curves:
        loudness, energy = curves["loudness"].astype(np.float32), curves["energy"].astype(np.float32)
    return storyboard(plan, stills, energy), timeline_picture(plan, analysis, timeline, stills, loudness)


def _cards(sheet: "Image", strip: "Image", store: Store) -> dict[str, MediaRef]:
    return {"storyboard": store.put_bytes(small(sheet), ".jpg"), "timeline": store.put_bytes(small(strip), ".jpg")}


def storyboard(plan: Plan, stills: Sequence["Image"], energy: Floats) -> "Image":
    """One card per scene: its picture, its time, its section and what happens in it.

    Args:
        plan: whose scenes they are.
        stills: one picture per scene, of the film's shape.
        energy: curve over the film's frames, in [0, 1].
    """
    columns = _columns(len(stills), plan.height > plan.width)
    width = (SHEET_WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns
    height = round(width * plan.height / plan.width)
    rows = -(-len(stills) // columns)
    canvas = Canvas(SHEET_WIDTH, HEADER + STRIP + rows * (height + CAPTION + GAP) + MARGIN, PAPER)
    _header(canvas, plan)
    _energy(canvas, plan, energy, (MARGIN, HEADER - 20, SHEET_WIDTH - MARGIN, HEADER + STRIP - 52))
    for number, (scene, still) in enumerate(zip(plan.scenes, stills, strict=True)):
        x = MARGIN + number % columns * (width + GAP)
        y = HEADER + STRIP + number // columns * (height + CAPTION + GAP)
        _card(canvas, scene, still, plan, (x, y, width, height))
    return canvas.image()


def timeline_picture(plan: Plan, analysis: Analysis, timeline: Timeline, stills: Sequence["Image"], loudness: Floats) -> "Image":
    """The song from left to right: sections, pictures, loudness, beats and the cuts that lie on them."""
    width, height = TIMELINE_SIZE
    canvas = Canvas(width, height, PAPER)
    left, right = MARGIN, width - MARGIN
    scale = (right - left) / plan.frames
    canvas.text((left, 34), plan.treatment.title, 34, INK)
    canvas.text((right, 44), _facts(plan), 22, MUTED, anchor="right")
    _sections(canvas, plan, (left, 104, right, 140), scale)
    for scene, still in zip(plan.scenes, stills, strict=True):
        box = (left + scene.start_frame * scale + 1, 152, left + scene.end_frame * scale - 1, 292)
        canvas.picture(still, box, corner=4)
    _waveform(
        canvas, loudness, (left, 310, right, 450), [tint(scene.label) for scene in plan.scenes], [s.end_frame / plan.frames for s in plan.scenes]
    )
    for cut in timeline.cuts:
        canvas.line((left + cut * scale, 306, left + cut * scale, 486), INK, 2)
    downbeats = set(np.round(np.array(analysis.downbeats), 3).tolist())
    for beat in analysis.beats:
        x = left + beat * float(plan.fps) * scale
        strong = round(beat, 3) in downbeats
        canvas.line((x, 462, x, 486 if strong else 474), MUTED, 2 if strong else 1)
    for second in range(0, int(plan.frames / plan.fps) + 1, _tick(plan.frames / float(plan.fps))):
        x = left + second * float(plan.fps) * scale
        canvas.text((min(x, right - canvas.width_of(clock(second), 18)), 504), clock(second), 18, MUTED)
    return canvas.image()


def clock(seconds: float) -> str:
    """``3:07``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def small(picture: "Image") -> bytes:
    """The picture as JPEG within `CARD_LIMIT` bytes."""
    data = b""
    for width in CARD_SIZES:
        reduced = picture.copy()
        reduced.thumbnail((width, width * 4))
        buffer = BytesIO()
        reduced.convert("RGB").save(buffer, "jpeg", quality=84, optimize=True)
        data = buffer.getvalue()
        if len(data) <= CARD_LIMIT:
            break
    return data


def _columns(scenes: int, tall: bool) -> int:
    choices = next(choices for most, choices in COLUMNS if scenes <= most)
    fullest = min(choices, key=lambda columns: (-scenes % columns / columns, columns))
    return fullest + 2 * tall


def _stills(clips: Sequence[Clip], store: Store) -> Iterator["Image"]:
    from PIL import Image

    for clip in clips:
        slot = clip.slot
        moment = slot.handle_in + still_moment(slot.end_frame - slot.start_frame, float(clip.fps))
        width = min(clip.width, STILL_WIDTH)
        size = (width - width % 2, round(clip.height * width / clip.width) // 2 * 2)
        frame = next(read_frames(Path(store.get(clip.media)), width=size[0], height=size[1], start=moment, stop=moment + 1))
        yield Image.fromarray(frame)


def _header(canvas: Canvas, plan: Plan) -> None:
    title = f"{plan.treatment.title}" + (f"  ·  {plan.treatment.artist}" if plan.treatment.artist else "")
    canvas.text((MARGIN, 46), title, 52, INK, widest=SHEET_WIDTH - 2 * MARGIN)
    canvas.text((MARGIN, 122), _facts(plan), 24, MUTED)
    for number, colour in enumerate(reversed(plan.treatment.colours)):
        right = SHEET_WIDTH - MARGIN - number * SWATCH
        canvas.box((right - SWATCH + 6, 122, right, 148), MUTED, corner=7)
        canvas.box((right - SWATCH + 8, 124, right - 2, 146), colour, corner=5)


def _facts(plan: Plan) -> str:
    music = plan.music
    style = find_style(plan.treatment.style).title
    return f"{style}  ·  {clock(music.duration)}  ·  {music.tempo:.0f} bpm  ·  {music.key} {music.mode}  ·  {len(plan.scenes)} scenes"


def _card(canvas: Canvas, scene: Scene, still: "Image", plan: Plan, box: tuple[int, int, int, int]) -> None:
    x, y, width, height = box
    canvas.picture(still, (x, y, x + width, y + height), corner=CORNER)
    y += height + 10
    time = clock(scene.start_frame / float(plan.fps))
    canvas.box((x, y + 3, x + 6, y + 23), tint(scene.label), corner=3)
    canvas.text((x + 16, y), time, 22, INK)
    canvas.text((x + 16 + canvas.width_of(time, 22) + 12, y + 2), scene.label, 19, tint(scene.label))
    canvas.text((x + width, y + 2), scene.look.world.replace("_", " "), 19, MUTED, anchor="right")
    canvas.text((x, y + 32), scene.script.lyric or scene.script.place, 19, MUTED, widest=width)


def _energy(canvas: Canvas, plan: Plan, energy: Floats, box: tuple[int, int, int, int]) -> None:
    colours = [tint(scene.label) for scene in plan.scenes]
    _waveform(canvas, energy, box, colours, [scene.end_frame / plan.frames for scene in plan.scenes], mirrored=False)


def _sections(canvas: Canvas, plan: Plan, box: tuple[float, float, float, float], scale: float) -> None:
    left, top, _, bottom = box
    for section in plan.music.sections:
        x0, x1 = (left + edge * float(plan.fps) * scale for edge in (section.start, section.end))
        canvas.box((x0 + 1, top, x1 - 1, bottom), tint(section.label), corner=6)
        if canvas.width_of(section.label, 19) + 16 < x1 - x0:
            canvas.text((x0 + 10, top + 7), section.label, 19, PAPER)


def _waveform(
    canvas: Canvas, curve: Floats, box: tuple[float, float, float, float], colours: Sequence[str], ends: Sequence[float], mirrored: bool = True
) -> None:
    """A curve as bars in the colours of the scenes that they lie in; ``ends`` are the scenes' ends as shares of the film."""
    left, top, right, bottom = box
    bars = int((right - left) / 6)
    parts = np.array_split(curve, bars)
    for number, part in enumerate(parts):
        level = max(float(part.max(initial=0.0)), 0.03)
        x = left + number * (right - left) / bars
        scene = min(int(np.searchsorted(np.array(ends), number / bars, side="right")), len(colours) - 1)
        half = level * (bottom - top) / 2
        centre = (top + bottom) / 2
        edge = (centre - half, centre + half) if mirrored else (bottom - 2 * half, bottom)
        canvas.box((x, edge[0], x + 4, edge[1]), colours[scene], corner=2)


def _tick(seconds: float) -> int:
    """Whole seconds between two marks, so that there are at most about fifteen."""
    return next((step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300) if seconds / step <= 15), 600)


def _png(picture: "Image") -> bytes:
    buffer = BytesIO()
    picture.convert("RGB").save(buffer, "png")
    return buffer.getvalue()
