"""Makes footage a clip of the timeline: exact frames, size, rate, encoding and keyframes.

Footage that has all of these already is passed on as it is, after a look at the file. Else, in this order:

* another frame rate, or up to 5 % too short: played at a slightly other speed, frames between interpolated along the motion;
* longer than the slot: its end is left out;
* shorter: repeated, the end of each round crossfading into the start of the next; a few frames only go forth and back;
* scaled to cover the picture, and cropped evenly on both sides;
* lettered, where the order has type that its backend did not draw.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from schemas import Clip, Footage, Note, ShotOrder
from songreel.composition.spans import Shape, extradata, own_extradata
from songreel.composition.transitions import Planes, Step, mix
from songreel.errors import MediaError
from songreel.media.opening import opened
from songreel.media.probe import VideoFacts, facts_of
from songreel.media.tool import run
from songreel.media.video import BT709, LIMITED, count_frames, decoded, keyframes_of, matrix_of, range_of, views
from songreel.painter.planes import Planes as Canvas
from songreel.painter.type import Overlay
from songreel.storage.store import Store

if TYPE_CHECKING:
    from av import VideoFrame

MOST_STRETCH = 1.05  # times its length that footage may be slowed to fill its slot
LEAST_FRAMES = 2  # one frame is a still, which is no footage
SAME_RATE = Fraction(1, 2000)  # two rates that differ by less are one: containers round; 29.97 and 30 are two
OVERLAP = 0.4  # s of crossfade between two rounds of a loop
OVERLAP_SHARE = 3  # a loop's crossfade takes at most one part in so many of the footage
LEAST_OVERLAP = 4  # frames; with less, a loop goes forth and back
INTERMEDIATE = {"vcodec": "libx264", "preset": "ultrafast", "crf": 4, "pix_fmt": "yuv420p"}  # as good as lossless
INTERPOLATION = {"mi_mode": "mci", "mc_mode": "aobmc", "me_mode": "bidir", "vsbmc": 1, "scd": "none"}


def conform(footage: Footage, order: ShotOrder, store: Store) -> Clip:
    """The footage as the order's clip.

    Raises:
        MediaError: the footage cannot be read, or is a single picture.
    """
    path = store.get(footage.media)
    shape = Shape(order.width, order.height, order.fps, order.encoding)
    unlettered = order.lettering is not None and not footage.lettered
    difference = difference_from(path, order, shape) or ("it is to be lettered" if unlettered else "")
    notes: list[Note] = []
    media = footage.media
    if difference:
        if footage.conformed and not unlettered:
            notes.append(Note(stage="conform", took="the footage encoded again", because=f"it was said to fit, but {difference}"))
        with store.workspace() as folder:
            clip = folder / "clip.mp4"
            _remake(path, clip, order, shape, notes, folder, unlettered)
            media = store.put_file(clip)
    return Clip(slot=order.slot, media=media, width=order.width, height=order.height, fps=order.fps, encoding=order.encoding, notes=tuple(notes))


def difference_from(path: Path, order: ShotOrder, shape: Shape) -> str:
    """How a file differs from what the order asks for, or an empty text when it can be copied."""
    with opened(path) as container:
        facts = facts_of(container)
    video = facts.video
    if facts.container != "mp4" or video is None:
        return f"it is {facts.container}, not mp4 with a picture"
    if (video.codec, video.width, video.height, video.fps) != (order.encoding.codec, order.width, order.height, order.fps):
        return f"it is {video.codec} {video.width}x{video.height} at {float(video.fps):g} frames a second"
    frames = count_frames(path)
    if frames != order.slot.frames:
        return f"it has {frames} frames, not {order.slot.frames}"
    lacking = set(order.slot.keyframes) - set(keyframes_of(path))
    if lacking:
        return f"it has no keyframe at frame {min(lacking)}"
    return "" if extradata(path) == own_extradata(shape) else "it has other stream parameters (SPS and PPS)"


@dataclass(frozen=True)
class _Round:
    """Footage at the film's rate: where it lies and how many frames it has."""

    path: Path
    frames: int


def _remake(path: Path, clip: Path, order: ShotOrder, shape: Shape, notes: list[Note], folder: Path, unlettered: bool) -> None:
    """Write the clip frame by frame from whatever the footage is."""
    source = _at_rate(path, order, notes, folder)
    pictures = _filled(source, order, notes)
    with shape.writer(clip, order.slot.keyframes) as writer:
        for planes in _lettered(pictures, order, notes) if unlettered else pictures:
            writer.write_yuv(*planes)


def _lettered(pictures: Iterator[Planes], order: ShotOrder, notes: list[Note]) -> Iterator[Planes]:
    """The pictures with the order's type over them."""
    if order.lettering is None:
        yield from pictures
        return
    overlay = Overlay(order.lettering, order.width, order.height, order.fps)
    notes.extend(overlay.notes)
    for number, (y, u, v) in enumerate(pictures, order.slot.first_frame):
        canvas = Canvas(y.copy(), u.copy(), v.copy())  # a decoder's own memory is not to be drawn on
        overlay.over(canvas, number)
        yield canvas


def _at_rate(path: Path, order: ShotOrder, notes: list[Note], folder: Path) -> _Round:
    """The footage at the film's rate, slowed a little when that makes it long enough."""
    with opened(path) as container:
        video = facts_of(container).video
    frames = count_frames(path)
    if video is None or frames < LEAST_FRAMES or not video.fps:
        raise MediaError(f"the footage of scene {order.slot.scene} has {frames} frames: a clip needs moving pictures")
    played = round(frames / video.fps * order.fps)
    slot = order.slot.frames
    stretch = Fraction(slot, played) if played < slot <= played * MOST_STRETCH else Fraction(1)
    if stretch == 1 and abs(video.fps / order.fps - 1) < SAME_RATE:
        return _Round(path, frames)
    if stretch != 1:
        took = f"scene {order.slot.scene} slowed by {float(stretch) - 1:.1%}"
        notes.append(Note(stage="conform", took=took, because=f"the footage lasts {played} frames, the slot {slot}"))
    return _retimed(path, video, frames, round(played * stretch), order.fps, folder)


def _retimed(path: Path, video: VideoFacts, frames: int, wanted: int, fps: Fraction, folder: Path) -> _Round:
    """The footage as ``wanted`` frames at a rate, the ones between interpolated along the motion; first and last frame stay."""
    import ffmpeg

    retimed = folder / "retimed.mp4"
    pace = Fraction(max(wanted - 1, 1), frames - 1) * video.fps / fps
    stream = ffmpeg.input(str(path)).video.filter("setpts", f"PTS*{float(pace):.9f}")
    stream = stream.filter("tpad", stop=2, stop_mode="clone").filter("minterpolate", fps=str(fps), **INTERPOLATION)
    run(stream.output(str(retimed), **INTERMEDIATE))
    made = count_frames(retimed)
    if made < wanted:
        raise MediaError(f"{path.name} gave {made} of {wanted} frames when it was brought to {float(fps):g} frames a second")
    return _Round(retimed, wanted)


def _filled(source: _Round, order: ShotOrder, notes: list[Note]) -> Iterator[Planes]:
    """Exactly the slot's frames, at the film's size."""
    slot, scene = order.slot.frames, order.slot.scene
    read = partial(_fitted_planes, source, order.width, order.height)
    if source.frames >= slot:
        return islice(read(), slot)
    overlap = min(round(OVERLAP * order.fps), source.frames // OVERLAP_SHARE)
    way = "a crossfaded loop" if overlap >= LEAST_OVERLAP else "going forth and back"
    notes.append(Note(stage="conform", took=f"{way} in scene {scene}", because=f"the footage has {source.frames} frames, the slot {slot}"))
    return islice(_looped(read, source.frames, overlap) if overlap >= LEAST_OVERLAP else _forth_and_back(list(read())), slot)


def _fitted_planes(source: _Round, width: int, height: int) -> Iterator[Planes]:
    with opened(source.path) as container:
        for frame in islice(decoded(container), source.frames):
            yield fitted(frame, width, height)


def _looped(read: Callable[[], Iterator[Planes]], frames: int, overlap: int) -> Iterator[Planes]:
    """Round after round without end; the last frames of each crossfade into the first of the next."""
    tail: list[Planes] = []
    while True:
        leaving, tail = tail, []
        for number, planes in enumerate(read()):
            if number >= frames - overlap:
                tail.append(planes)
            elif number < len(leaving):
                yield mix("crossfade", leaving[number], planes, Step(number, overlap))
            else:
                yield planes


def _forth_and_back(rounds: list[Planes]) -> Iterator[Planes]:
    """To the last frame and back without end, neither end twice in a row."""
    while True:
        yield from rounds[:-1]
        yield from rounds[:0:-1]


def fitted(frame: "VideoFrame", width: int, height: int) -> Planes:
    """A frame scaled to cover a size, cropped evenly, as BT.709 limited planes; the frame itself where nothing is to be done."""
    scale = max(Fraction(width, frame.width), Fraction(height, frame.height))
    covering = max(_even(frame.width * scale), width), max(_even(frame.height * scale), height)
    film = frame.reformat(
        *covering,
        "yuv420p",
        interpolation="AREA" if scale < 1 else "BICUBIC",
        src_colorspace=matrix_of(frame),
        dst_colorspace=BT709,
        src_color_range=range_of(frame),
        dst_color_range=LIMITED,
        threads=1,
    )
    y, u, v = views(film)
    left, top = (covering[0] - width) // 4, (covering[1] - height) // 4  # in chroma pixels
    rows, columns = slice(top, top + height // 2), slice(left, left + width // 2)
    return y[2 * top : 2 * top + height, 2 * left : 2 * left + width], u[rows, columns], v[rows, columns]


def _even(pixels: Fraction) -> int:
    return 2 * round(pixels / 2)
