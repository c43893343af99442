"""Assembling: our packet copy against one ffmpeg xfade chain and against MoviePy 2, on the same clips and cuts.

Whole processes are compared, start included: processor time and wall time. Aims: 5 times less processor time than the
chain, 10 times less than MoviePy, at 40 clips of 4 s in 1080p30 (``--full``); one cut in four is a crossfade.
"""

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.process import measure
from schemas import Clip, Encoding, Placement, Slot, Song, Timeline, Transition
from songreel.media.tool import ffmpeg_path
from songreel.media.video import ClipWriter, count_frames
from songreel.storage.store import Store

AIM_CHAIN, AIM_MOVIEPY = 5.0, 10.0  # times our processor time
FPS = Fraction(30)
CROSSFADE = 16  # frames
EACH = 4  # one cut in so many is a crossfade
ENCODING = Encoding()


@dataclass(frozen=True)
class Size:
    """How much is assembled."""

    clips: int
    seconds: int
    width: int
    height: int


SMALL, FULL = Size(12, 2, 1280, 720), Size(40, 4, 1920, 1080)


@dataclass(frozen=True)
class Cost:
    """Of one whole process and its children, in seconds; memory in bytes."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    size = FULL if "--full" in sys.argv else SMALL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, size)
        costs = {way: _cost(way, folder) for way in ("ours", "chain", "moviepy")}
        lengths = {way: count_frames(folder / f"{way}.mp4") for way in costs}
    print(f"{size.clips} clips of {size.seconds} s at {size.width}x{size.height}, 1 cut in {EACH} a crossfade; frames made: {lengths}")
    ours = costs["ours"]
    for way, aim in (("chain", AIM_CHAIN), ("moviepy", AIM_MOVIEPY)):
        print(f"{way:8} / ours: processor {costs[way].cpu / ours.cpu:5.1f} (aim {aim:g}), wall {costs[way].wall / ours.wall:5.1f}")
    for way, cost in costs.items():
        print(f"{way:8} processor {cost.cpu:7.1f} s, wall {cost.wall:7.1f} s, peak {cost.peak / 1e6:6.0f} MB")


def _cost(way: str, folder: Path) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = _chain(folder) if way == "chain" else [sys.executable, "-m", "benchmarks.assembly", way, str(folder)]
    done = measure(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(done.wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.peak)


def _timeline(size: Size) -> Timeline:
    length = round(size.seconds * FPS)
    into = [CROSSFADE if index and index % EACH == 0 else 0 for index in range(size.clips)] + [0]
    slots = [
        Slot(scene=i, start_frame=i * length, end_frame=(i + 1) * length, handle_in=into[i] // 2, handle_out=into[i + 1] // 2)
        for i in range(size.clips)
    ]
    placements = (Placement(slot=slot, transition=_transition(frames)) for slot, frames in zip(slots, into, strict=False))
    total = size.clips * length
    return Timeline(fps=FPS, width=size.width, height=size.height, frames=total, encoding=ENCODING, placements=tuple(placements))


def _transition(frames: int) -> Transition:
    return Transition(kind="crossfade", frames=frames) if frames else Transition()


def _prepare(folder: Path, size: Size) -> None:
    """Clips, timeline and song on disk, as the stages before would leave them."""
    store, timeline = Store(str(folder / "store")), _timeline(size)
    clips = [_clip(store, placement.slot, timeline, folder) for placement in timeline.placements]
    sound = folder / "song.m4a"
    tone = f"sine=frequency=220:sample_rate=44100:duration={size.clips * size.seconds}"
    subprocess.run([ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", tone, "-ac", "2", "-b:a", "192k", str(sound)], check=True)
    samples = size.clips * size.seconds * 44100
    ref = store.put_file(sound)
    song = Song(
        master=ref, source=ref, name="song", duration=samples / 44100, samples=samples, sample_rate=44100, channels=2, container="mp4", codec="aac"
    )
    given = {"clips": [clip.model_dump(mode="json") for clip in clips], "timeline": timeline.model_dump(mode="json"), "song": song.model_dump()}
    (folder / "given.json").write_text(json.dumps(given))


def _clip(store: Store, slot: Slot, timeline: Timeline, folder: Path) -> Clip:
    path = folder / f"{slot.scene:03d}.mp4"
    shape = {"width": timeline.width, "height": timeline.height}
    with ClipWriter(path, **shape, fps=FPS, encoding=ENCODING, keyframes=slot.keyframes) as writer:
        for number in range(slot.frames):
            writer.write_yuv(*_picture(slot.scene, number, **shape))
    return Clip(slot=slot, media=store.put_file(path), **shape, fps=FPS, encoding=ENCODING)


def _picture(scene: int, number: int, width: int, height: int) -> tuple[NDArray[np.uint8], ...]:
    """Soft bands that drift under drifting squares: about as hard to encode as a drawn scene."""
    across, down = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    wave = np.sin(across / (60 + 7 * scene) + number / 9) * 50 + np.sin(down / 45 + number / 14) * 40
    squares = (((across + 3 * number) // 80).astype(int) + ((down + number) // 80).astype(int)) % 2 * 30
    y = (wave + squares + 110).astype(np.uint8)
    return y, np.full((height // 2, width // 2), 100 + scene, np.uint8), np.full((height // 2, width // 2), 150 - scene, np.uint8)


def _given(folder: Path) -> tuple[list[Clip], Timeline, Song]:
    given = json.loads((folder / "given.json").read_text())
    return [Clip.model_validate(clip) for clip in given["clips"]], Timeline.model_validate(given["timeline"]), Song.model_validate(given["song"])


def _ours(folder: Path) -> None:
    from songreel.composition.assemble import assemble

    store = Store(str(folder / "store"))
    film = assemble(*_given(folder), store)
    store.get(film.media).rename(folder / "ours.mp4")


def _chain(folder: Path) -> list[str]:
    """One ffmpeg: xfade where there is a crossfade, concat at plain cuts, the same x264 settings, the sound copied."""
    clips, timeline, _ = _given(folder)
    inputs = [word for clip in clips for word in ("-i", str(folder / f"{clip.slot.scene:03d}.mp4"))]
    steps, last, frames = [], "[0:v]", clips[0].slot.frames
    for number, placement in enumerate(timeline.placements[1:], 1):
        overlap, out = placement.transition.frames, f"[v{number}]"
        if overlap:
            offset = float((frames - overlap) / FPS)
            steps.append(f"{last}[{number}:v]xfade=transition=fade:duration={float(overlap / FPS)}:offset={offset}{out}")
        else:
            steps.append(f"{last}[{number}:v]concat=n=2:v=1:a=0,fps={FPS},settb=1/15360{out}")
        last, frames = out, frames + placement.slot.frames - overlap
    encode = ["-c:v", "libx264", "-preset", ENCODING.preset, "-crf", str(ENCODING.crf), "-c:a", "copy", "-movflags", "+faststart"]
    maps = ["-filter_complex", ";".join(steps), "-map", last, "-map", f"{len(clips)}:a"]
    return [ffmpeg_path(), "-y", "-v", "error", *inputs, "-i", str(folder / "song.m4a"), *maps, *encode, str(folder / "chain.mp4")]


def _moviepy(folder: Path) -> None:
    from moviepy import AudioFileClip, CompositeVideoClip, VideoFileClip, vfx

    clips, timeline, song = _given(folder)
    placed: list[Any] = []
    for clip, placement in zip(clips, timeline.placements, strict=True):
        effects = [vfx.CrossFadeIn(float(placement.transition.frames / FPS))] if placement.transition.frames else []
        video = VideoFileClip(str(folder / f"{clip.slot.scene:03d}.mp4"), audio=False)
        placed.append(video.with_effects(effects).with_start(float(clip.slot.first_frame / FPS)))
    film = CompositeVideoClip(placed).with_audio(AudioFileClip(str(folder / "song.m4a"))).with_duration(song.duration)
    settings = {"codec": "libx264", "preset": ENCODING.preset, "audio_codec": "aac", "ffmpeg_params": ["-crf", str(ENCODING.crf)], "logger": None}
    film.write_videofile(str(folder / "moviepy.mp4"), fps=float(FPS), temp_audiofile_path=str(folder), **settings)


if __name__ == "__main__":
    ways = {"ours": _ours, "moviepy": _moviepy}
    if len(sys.argv) == 3 and sys.argv[1] in ways:
        ways[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
