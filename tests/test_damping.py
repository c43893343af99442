"""A strobe planted in footage is damped where it is, leaves the rest alone, and the film passes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from prefect import flow

from flows.clock import Clock
from flows.line import Line
from schemas import Clip, Encoding, Placement, Slot, Timeline
from songreel.audio.ingest import take
from songreel.composition.damping import damp, damped, kept_shares
from songreel.execution.machine import Machine
from songreel.execution.workers import Workers
from songreel.inspection.flashes import FlashMeter, linear_rgb
from songreel.media.video import ClipWriter, read_frames
from songreel.storage import Store
from tasks.studio import Studio
from tests.media_files import song_file
from tests.planted import texture

FPS, SIZE, FRAMES = 30, (128, 96), 120
STROBE = range(45, 75)


def strobing(store: Store, slot: Slot, strobe: range = STROBE, swing: int = 90) -> Clip:
    """A moving texture that jumps between dark and bright five times a second while it strobes."""
    wide = texture(3, SIZE[1], SIZE[0] + FRAMES)
    width, height = SIZE
    with store.workspace() as folder:
        path = folder / "clip.mp4"
        with ClipWriter(path, width=width, height=height, fps=Fraction(FPS), encoding=Encoding(crf=12), keyframes=slot.keyframes) as writer:
            for number in range(slot.frames):
                luma = wide[:, number : number + width] * 0.4 + 40
                if number in strobe and number % 6 < 3:
                    luma = luma + swing
                gray = np.full((height // 2, width // 2), 128, np.uint8)
                writer.write_yuv(luma.clip(16, 235).astype(np.uint8), gray, gray.copy())
        media = store.put_file(path)
    return Clip(slot=slot, media=media, width=width, height=height, fps=Fraction(FPS), encoding=Encoding(crf=12))


def flashes(store: Store, clip: Clip) -> list[int]:
    meter, counts = FlashMeter((SIZE[1] // 2, SIZE[0] // 2), Fraction(FPS)), []
    for planes in read_frames(Path(store.get(clip.media)), pixel_format="yuv420p"):
        luma = planes[: SIZE[1]].reshape(SIZE[1] // 2, 2, SIZE[0] // 2, 2).mean((1, 3)).astype(np.uint8)
        gray = np.full_like(luma, 128)
        counts.append(max(meter.follow(linear_rgb(luma, gray, gray))))
    return counts


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def test_a_planted_strobe_is_damped_below_three_flashes_and_the_rest_keeps_its_picture(store):
    clip = strobing(store, Slot(scene=0, start_frame=0, end_frame=FRAMES))
    assert max(flashes(store, clip)) > 3
    calm = damp(clip, [(STROBE.start, STROBE.stop)], 0.1, store)
    assert max(flashes(store, calm)) <= 3
    before, after = (list(read_frames(Path(store.get(one.media)), pixel_format="gray")) for one in (clip, calm))
    assert len(after) == FRAMES
    away = [number for number in range(FRAMES) if number < STROBE.start - FPS // 2 or number > STROBE.stop + FPS // 2]
    assert max(np.abs(before[n].astype(int) - after[n]).mean() for n in away) < 2.0  # one more encoding, no more
    middle = (STROBE.start + STROBE.stop) // 2
    assert np.corrcoef(before[middle].ravel(), after[middle].ravel())[0, 1] > 0.6  # still the same picture


def test_the_damping_comes_and_goes_in_ramps():
    shares = kept_shares(60, 30.0, [(20, 30)], 0.25)
    assert shares[20:31] == pytest.approx(0.25)
    assert shares[:14] == pytest.approx(1.0)
    assert shares[37:] == pytest.approx(1.0)
    assert (np.diff(shares[:21]) <= 0).all()
    assert (np.diff(shares[30:]) >= 0).all()


def test_every_picture_is_drawn_towards_the_mean_around_it():
    levels = np.array([10, 20, 30, 200, 50, 60, 70], np.uint8)
    pictures = [(np.full((4, 4), level, np.uint8), np.full((2, 2), 128, np.uint8), np.full((2, 2), 128, np.uint8)) for level in levels]
    made = [int(y[0, 0]) for y, _, _ in damped(iter(pictures), np.array([0, 0, 0, 0, 0, 1, 0], np.float32), 1)]
    means = [15, 20, 83, 93, 103, 60, 65]  # two at the ends; the sixth is left alone
    assert made == pytest.approx(means, abs=1)


@pytest.fixture
def timeline() -> Timeline:
    slots = [Slot(scene=n, start_frame=n * FRAMES, end_frame=(n + 1) * FRAMES) for n in range(3)]
    return Timeline(
        fps=Fraction(FPS), width=SIZE[0], height=SIZE[1], frames=3 * FRAMES, encoding=Encoding(crf=12),
        placements=tuple(Placement(slot=slot) for slot in slots),
    )  # fmt: skip


@pytest.mark.xdist_group("flow")
def test_the_line_damps_a_flashing_film_and_tells_the_frames(store, timeline, tmp_path, prefect_api):
    strobes = (range(0), STROBE, range(0))
    clips = [strobing(store, one.slot, strobe) for one, strobe in zip(timeline.placements, strobes, strict=True)]
    song = take(song_file(tmp_path, "flac", 3 * FRAMES / FPS), store)

    @flow
    def finishing():
        with Workers(1) as workers:
            return Line(Studio(store, workers), Machine(1, 8.0, None), Clock()).delivered(clips, timeline, song, "mp4")

    film, inspected, made, notes = finishing()
    assert inspected.report.flashes_per_second_max <= 3
    assert not [one for one in inspected.report.violations if one.rule == "flashes"]
    assert [one.media == clip.media for one, clip in zip(made, clips, strict=True)] == [True, False, True]
    (note,) = notes
    assert "flashes damped in frames" in note.took
    assert film.frames == 3 * FRAMES
