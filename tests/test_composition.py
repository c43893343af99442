"""Composition: slots and handles, footage made to fit, clips joined frame by frame under a soundtrack that stays the master's."""

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from schemas import Clip, Encoding, Film, Footage, Look, Placement, ShotOrder, Slot, Song, Timeline, Transition, TransitionKind
from songreel.audio.ingest import take
from songreel.composition.assemble import assemble
from songreel.composition.canvas import Canvas
from songreel.composition.conform import conform
from songreel.composition.spans import Shape, own_extradata
from songreel.composition.timeline import slots
from songreel.composition.transitions import Step, mix
from songreel.errors import MediaError
from songreel.media.probe import probe
from songreel.media.sound import decode
from songreel.media.tool import ffmpeg_path
from songreel.media.video import ClipWriter, count_frames, keyframes_of, read_frames
from songreel.storage.store import Store
from tests.media_files import ENCODING, FPS, HEIGHT, PARAMETERS, WIDTH, clip, lag, number_of, numbered, song_file, write_numbered

SCENES: tuple[tuple[TransitionKind, int, int], ...] = (
    ("cut", 0, 20), ("crossfade", 8, 24), ("cut", 0, 15), ("wipe", 6, 24), ("dissolve", 10, 24), ("fade_black", 8, 24), ("fade_white", 6, 24),
)  # fmt: skip
"""How each scene comes in, over how many frames, and how long it is."""
COLOURS = ("#000000", "#222222", "#444444", "#ff6600", "#ffffff")
LOOK = Look(world="city", style="neon", colours=COLOURS)


def timeline_of(scenes: tuple[tuple[TransitionKind, int, int], ...]) -> Timeline:
    placements, start = [], 0
    leaving = [*(frames for _, frames, _ in scenes[1:]), 0]
    for index, ((kind, frames, length), out) in enumerate(zip(scenes, leaving, strict=True)):
        slot = Slot(scene=index, start_frame=start, end_frame=start + length, handle_in=frames // 2, handle_out=out // 2)
        placements.append(Placement(slot=slot, transition=Transition(kind=kind, frames=frames)))
        start += length
    return Timeline(fps=FPS, width=WIDTH, height=HEIGHT, frames=start, encoding=ENCODING, placements=tuple(placements))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return timeline_of(SCENES)


@pytest.fixture(scope="module")
def clips(store: Store, timeline: Timeline) -> list[Clip]:
    return [clip(store, placement.slot) for placement in timeline.placements]


@pytest.fixture(scope="module")
def song(store: Store, timeline: Timeline, tmp_path_factory: pytest.TempPathFactory) -> Song:
    return take(song_file(tmp_path_factory.mktemp("song"), "mp3", float(timeline.frames / FPS)), store)


@pytest.fixture(scope="module")
def film(store: Store, timeline: Timeline, clips: list[Clip], song: Song) -> Film:
    return assemble(clips, timeline, song, store)


def lumas(store: Store, film: Film) -> list[Any]:
    return list(read_frames(store.get(film.media), pixel_format="gray"))


def test_a_transition_takes_half_its_frames_of_handle_from_each_side(timeline: Timeline) -> None:
    class Scene:
        def __init__(self, placement: Placement) -> None:
            self.index, self.transition = placement.slot.scene, placement.transition
            self.start_frame, self.end_frame = placement.slot.start_frame, placement.slot.end_frame

    made = slots(tuple(Scene(placement) for placement in timeline.placements))  # type: ignore[arg-type]
    assert made == tuple(placement.slot for placement in timeline.placements)
    assert (made[1].first_frame, made[1].frames, made[1].keyframes) == (16, 28, (0, 8))
    assert made[3].keyframes == (0, 6, 22)


def test_every_frame_of_the_film_is_the_one_its_place_asks_for(store: Store, timeline: Timeline, film: Film) -> None:
    frames = lumas(store, film)
    assert len(frames) == film.frames == timeline.frames
    fading = {frame for start, half in ((107, 4), (131, 3)) for frame in range(start - half, start + half)}
    said = {number: number_of(luma) for number, luma in enumerate(frames) if number not in fading}
    assert said == {number: number for number in said}


def test_only_the_frames_inside_transitions_are_encoded(film: Film, store: Store, clips: list[Clip]) -> None:
    inside = sum(frames for _, frames, _ in SCENES)
    assert (film.encoded_frames, film.copied_frames) == (inside, film.frames - inside)
    with av.open(str(store.get(film.media))) as made, av.open(str(store.get(clips[2].media))) as source:
        film_packets = {bytes(packet) for packet in made.demux(video=0) if packet.size}
        copied = [bytes(packet) for packet in source.demux(video=0) if packet.size][:5]
    assert all(packet in film_packets for packet in copied)


def test_times_rise_without_a_gap_and_no_picture_is_due_before_it_is_decoded(store: Store, film: Film) -> None:
    with av.open(str(store.get(film.media))) as made:
        packets = [packet for packet in made.demux(video=0) if packet.size]
    shown, read = [packet.pts for packet in packets], [packet.dts for packet in packets]
    step = packets[0].duration
    assert sorted(shown) == [number * step for number in range(film.frames)]
    assert read == [read[0] + number * step for number in range(film.frames)]
    assert all(p >= d for p, d in zip(shown, read, strict=True))


def test_ffmpeg_plays_the_film_without_a_word(store: Store, film: Film) -> None:
    done = subprocess.run(
        [ffmpeg_path(), "-v", "warning", "-i", str(store.get(film.media)), "-f", "null", "-"], check=True, capture_output=True, text=True
    )
    assert done.stderr == ""


def test_the_film_starts_fast_and_says_its_title_and_artist(store: Store, timeline: Timeline, clips: list[Clip], song: Song) -> None:
    named = song.model_copy(update={"title": "Blue Sky", "artist": "The Tests"})
    path = store.get(assemble(clips, timeline, named, store).media)
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
    with av.open(str(path)) as container:
        assert (container.metadata["title"], container.metadata["artist"]) == ("Blue Sky", "The Tests")


@pytest.mark.parametrize("container", ["mp4", "mov"])
@pytest.mark.parametrize("kind", [kind for kind in PARAMETERS if kind not in {"mkv", "webm"}])
def test_the_soundtrack_lies_on_the_master_to_the_sample_and_ends_with_it(kind: str, container: Any, store: Store, tmp_path: Path) -> None:
    short = timeline_of((("cut", 0, 45), ("cut", 0, 45)))
    song = take(song_file(tmp_path, kind), store)
    film = assemble([clip(store, placement.slot) for placement in short.placements], short, song, store, container)
    path = store.get(film.media)
    heard, master = decode(path), decode(store.get(song.master))
    assert heard.rate == master.rate
    assert lag(heard.samples[:, 0], master.samples[:, 0]) == 0
    assert len(heard.samples) == len(master.samples)
    assert np.corrcoef(heard.samples[:, 0], master.samples[:, 0])[0, 1] > 0.99
    copied = kind in {"mp3", "m4a", "aac"} or (kind == "wav" and container == "mov")
    assert film.soundtrack == ("copied" if copied else "encoded")
    assert bool(film.notes) != copied
    if copied or (container == "mov" and kind == "flac"):
        np.testing.assert_allclose(heard.samples, master.samples, atol=1e-6)


def test_a_copied_mp3_is_on_time_for_other_players_too(store: Store, film: Film, song: Song) -> None:
    command = [ffmpeg_path(), "-v", "error", "-i", str(store.get(film.media)), "-map", "0:a", "-f", "f32le", "-"]
    heard = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32).reshape(-1, 2)
    master = decode(store.get(song.master)).samples
    assert film.soundtrack == "copied"
    assert lag(heard[:, 0], master[:, 0]) == 0
    assert abs(len(heard) - len(master)) <= 2


def test_a_master_beyond_full_scale_keeps_its_level(store: Store, tmp_path: Path) -> None:
    at = np.arange(44_100 * 4) / 44_100
    tones = sum(np.sin(2 * np.pi * f * at + f) for f in (61.0, 220.0, 523.0, 1318.0, 3951.0))
    loud = np.tanh(1.6 * np.asarray(tones)) * 1.25  # brick-walled, with peaks over 1, as lossy masters often decode
    soundfile.write(tmp_path / "loud.wav", np.stack([loud, 0.97 * loud], 1), 44_100, subtype="FLOAT")
    line = timeline_of((("cut", 0, round(4 * FPS)),))
    made = assemble([clip(store, line.placements[0].slot)], line, take(tmp_path / "loud.wav", store), store)
    played = decode(Path(store.get(made.media)), mono=True).samples
    heard = np.clip(loud, -1, 1)
    count = min(len(played), len(heard))
    assert abs(20 * np.log10(played[:count].std() / (heard[:count].std() * 0.985))) < 0.5


def test_picture_and_sound_end_within_a_frame(store: Store, film: Film) -> None:
    path = store.get(film.media)
    assert abs(count_frames(path) / FPS - decode(path).duration) <= 1 / FPS


def test_a_damaged_master_is_encoded_from_what_can_be_heard(store: Store, tmp_path: Path) -> None:
    path = song_file(tmp_path, "m4a", 4.0)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 20000
    data[middle : middle + 9000] = b"\x55" * 9000
    path.write_bytes(data)
    song = take(path, store)
    assert song.notes
    line = timeline_of((("cut", 0, round(song.duration * FPS)),))
    film = assemble([clip(store, line.placements[0].slot)], line, song, store)
    assert film.soundtrack == "encoded"
    assert "damaged" in film.notes[0].because
    assert lag(decode(store.get(film.media)).samples[:, 0], decode(path).samples[:, 0]) == 0


def test_a_transition_that_cannot_be_mixed_becomes_a_cut_and_is_noted(store: Store, song: Song) -> None:
    line = timeline_of((("cut", 0, 30), ("crossfade", 10, 30)))
    whole, without = clip(store, line.placements[0].slot), clip(store, line.placements[1].slot, keyframes=(0,))
    lacking = clip(store, line.placements[0].slot, keyframes=(0,))
    film = assemble([lacking, without], line, song, store)
    assert [number_of(luma) for luma in lumas(store, film)] == list(range(60))
    assert any(note.took == "a cut instead of the crossfade into scene 1" and "keyframe" in note.because for note in film.notes)
    assert assemble([whole, clip(store, line.placements[1].slot)], line, song, store).notes == ()


def test_a_clip_of_another_encoder_is_encoded_again_and_noted(store: Store, song: Song) -> None:
    line = timeline_of((("cut", 0, 20), ("cut", 0, 20)))
    foreign = clip(store, line.placements[1].slot, encoding=Encoding(preset="slow", crf=30))
    film = assemble([clip(store, line.placements[0].slot), foreign], line, song, store)
    assert [number_of(luma) for luma in lumas(store, film)] == list(range(40))
    assert film.encoded_frames == 20
    assert film.notes[0].took == "scene 1 encoded again"


def test_a_missing_or_misfit_clip_is_named_and_leaves_no_film(store: Store, timeline: Timeline, clips: list[Clip], song: Song) -> None:
    before = set(Path(store.root).rglob("*.mp4"))
    with pytest.raises(MediaError, match="scene 3 has no clip"):
        assemble([one for one in clips if one.slot.scene != 3], timeline, song, store)
    short = clips[2].model_copy(update={"slot": clips[2].slot.model_copy(update={"end_frame": 50})})
    with pytest.raises(MediaError, match=r"the clip of scene 2 .* is not the timeline's"):
        assemble([*clips[:2], short, *clips[3:]], timeline, song, store)
    assert set(Path(store.root).rglob("*.mp4")) == before


def test_the_same_clips_give_the_same_film(store: Store, timeline: Timeline, clips: list[Clip], song: Song, film: Film) -> None:
    assert assemble(clips[::-1], timeline, song, store).media == film.media


Planes = tuple[Any, Any, Any]


def flat(level: int, u: int = 128, v: int = 128) -> Planes:
    return np.full((90, 160), level, np.uint8), np.full((45, 80), u, np.uint8), np.full((45, 80), v, np.uint8)


def mixed(kind: TransitionKind, count: int = 20) -> Iterator[Planes]:
    return (mix(kind, flat(60, 100, 150), flat(200, 150, 100), Step(number, count)) for number in range(count))


@pytest.mark.parametrize("kind", ["crossfade", "wipe", "dissolve"])
def test_a_transition_goes_evenly_from_one_picture_to_the_other(kind: TransitionKind) -> None:
    means = [planes[0].mean() for planes in mixed(kind)]
    assert means == sorted(means)
    assert means[0] < 62
    assert means[-1] > 198
    assert means[9] + means[10] == pytest.approx(260, abs=6)
    assert max(np.diff(means)) < 16
    assert [planes[1].mean() for planes in mixed(kind)][10] == pytest.approx(126, abs=6)


@pytest.mark.parametrize(("kind", "level"), [("fade_black", 16), ("fade_white", 235)])
def test_a_fade_goes_through_its_plain_colour_in_the_middle(kind: TransitionKind, level: int) -> None:
    frames = list(mixed(kind))
    for luma, u, _ in (frames[9], frames[10]):
        assert abs(luma.mean() - level) < 12
        assert abs(u.mean() - 128) < 4
    assert abs(frames[0][0].mean() - 60) < 10
    assert abs(frames[-1][0].mean() - 200) < 12


def test_a_wipe_moves_from_left_to_right_with_a_soft_edge() -> None:
    row = list(mixed("wipe"))[10][0][45].astype(int)
    assert row[0] == 200
    assert row[-1] == 60
    assert (np.diff(row) <= 0).all()
    assert ((row > 61) & (row < 199)).sum() > 8


def test_a_dissolve_changes_in_patches_that_are_the_same_every_time() -> None:
    first, again = (list(mixed("dissolve"))[10][0] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert ((first == 60).mean() > 0.2) & ((first == 200).mean() > 0.2)


def order_of(slot: Slot, width: int = WIDTH, height: int = HEIGHT) -> ShotOrder:
    return ShotOrder(
        backend="test", slot=slot, width=width, height=height, fps=FPS, encoding=ENCODING, quality="preview", prompt="", seed=0, look=LOOK
    )


def footage(store: Store, path: Path, *, conformed: bool = False) -> Footage:
    found = probe(path).video
    assert found is not None
    return Footage(
        media=store.put_file(path), frames=count_frames(path), width=found.width, height=found.height, fps=found.fps, backend="test", seed=0,
        conformed=conformed,
    )  # fmt: skip


SLOT = Slot(scene=1, start_frame=30, end_frame=70, handle_in=5, handle_out=3)


def shape_holds(store: Store, made: Clip) -> bool:
    path = store.get(made.media)
    found = probe(path).video
    with av.open(str(path)) as container:
        same = bytes(container.streams.video[0].codec_context.extradata) == own_extradata(Shape(made.width, made.height, FPS, ENCODING))
    size = found is not None and (found.width, found.height, found.fps, found.frames) == (made.width, made.height, FPS, made.slot.frames)
    return same and size and keyframes_of(path) == made.slot.keyframes


def test_footage_that_fits_is_passed_on_untouched(store: Store, tmp_path: Path) -> None:
    given = footage(store, write_numbered(tmp_path / "a.mp4", 1, 25, 48, SLOT.keyframes), conformed=True)
    made = conform(given, order_of(SLOT), store)
    assert made.media == given.media
    assert shape_holds(store, made)
    assert made.notes == ()


def test_footage_that_only_says_it_fits_is_encoded_again_and_noted(store: Store, tmp_path: Path) -> None:
    given = footage(store, write_numbered(tmp_path / "a.mp4", 1, 25, 48, (0,)), conformed=True)
    made = conform(given, order_of(SLOT), store)
    assert shape_holds(store, made)
    assert "no keyframe at frame 10" in made.notes[0].because


def test_long_footage_loses_its_end(store: Store, tmp_path: Path) -> None:
    made = conform(footage(store, write_numbered(tmp_path / "a.mp4", 1, 100, 80)), order_of(SLOT), store)
    assert shape_holds(store, made)
    assert [number_of(luma) for luma in read_frames(store.get(made.media), pixel_format="gray")] == list(range(100, 148))


def test_short_footage_is_looped_without_a_jump_and_noted(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with ClipWriter(path, width=WIDTH, height=HEIGHT, fps=FPS, encoding=ENCODING) as writer:
        for number in range(30):  # brightens steadily: a plain loop would jump back by 120
            writer.write_yuv(*(np.full_like(plane, 60 + 4 * number) for plane in numbered(0, 0)))
    made = conform(footage(store, path), order_of(SLOT), store)
    levels = [luma.mean() for luma in read_frames(store.get(made.media), pixel_format="gray")]
    assert shape_holds(store, made)
    assert min(np.diff(levels)) > -30
    assert levels[-1] < levels[19]
    assert made.notes[0].took == "a crossfaded loop in scene 1"


def test_very_short_footage_goes_forth_and_back(store: Store, tmp_path: Path) -> None:
    made = conform(footage(store, write_numbered(tmp_path / "a.mp4", 1, 0, 5)), order_of(SLOT), store)
    said = [number_of(luma) for luma in read_frames(store.get(made.media), pixel_format="gray")]
    assert said[:12] == [0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3]
    assert shape_holds(store, made)


def test_slightly_short_footage_is_slowed_with_frames_made_between(store: Store, tmp_path: Path) -> None:
    made = conform(footage(store, write_numbered(tmp_path / "a.mp4", 1, 0, 46)), order_of(SLOT), store)
    frames = list(read_frames(store.get(made.media), pixel_format="gray"))
    assert shape_holds(store, made)
    assert made.notes[0].took == "scene 1 slowed by 4.3%"
    assert (number_of(frames[0]), number_of(frames[-1])) == (0, 45)


def test_footage_of_another_rate_keeps_its_pace(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with ClipWriter(path, width=160, height=90, fps=Fraction(15), encoding=ENCODING) as writer:
        for number in range(40):
            y = np.full((90, 160), 40, np.uint8)
            y[20:70, 10 + 2 * number : 40 + 2 * number] = 210
            writer.write_yuv(y, np.full((45, 80), 128, np.uint8), np.full((45, 80), 128, np.uint8))
    made = conform(footage(store, path), order_of(SLOT), store)
    assert shape_holds(store, made)
    edges = [int((luma[90] > 125).argmax()) / 2 for luma in read_frames(store.get(made.media), pixel_format="gray")]
    assert edges[40] - edges[0] == pytest.approx(40, abs=4)
    assert max(np.diff(edges)) <= 3


@pytest.mark.parametrize(("width", "height"), [(180, 320), (180, 180), (320, 180)])
def test_footage_of_another_shape_covers_the_picture_from_its_middle(width: int, height: int, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with ClipWriter(path, width=256, height=256, fps=FPS, encoding=ENCODING) as writer:
        y = np.full((256, 256), 50, np.uint8)
        y[96:160, 96:160] = 200
        for _ in range(48):
            writer.write_yuv(y, np.full((128, 128), 128, np.uint8), np.full((128, 128), 128, np.uint8))
    made = conform(footage(store, path), order_of(SLOT, width, height), store)
    assert shape_holds(store, made)
    luma = next(read_frames(store.get(made.media), pixel_format="gray")).astype(int)
    rows, columns = np.nonzero(luma > 125)
    side = max(width, height) / 4
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == pytest.approx((side, side), abs=3)
    assert (rows.mean(), columns.mean()) == pytest.approx(((height - 1) / 2, (width - 1) / 2), abs=1.5)


def test_a_still_is_no_footage(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="has 1 frames: a clip needs moving pictures"):
        conform(footage(store, write_numbered(tmp_path / "a.mp4", 1, 0, 1)), order_of(SLOT), store)


def test_the_storyboard_has_letters_of_every_script() -> None:
    def drawn(words: str) -> bytes:
        canvas = Canvas(80, 40, "#000000")
        canvas.text((4, 4), words, 24, "#ffffff")
        assert np.asarray(canvas.image()).any(), words
        return canvas.image().tobytes()

    letters = ["e", "é", "e\u0302", "Ж", "Ω", "ع", "ה", "ब"]
    assert len({drawn(letter) for letter in letters}) == len(letters)  # a box in place of what is missing would be the same for all
