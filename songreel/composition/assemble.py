"""Joins the clips to the film: copies their packets, encodes only the frames inside transitions, adds the soundtrack.

Clips share one encoding and have IDR frames where they are cut apart, so their packets stand in one stream under one avcC.
Every frame of a segment is given its place on the film's grid; decoding times run a fixed delay ahead of it.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas import Clip, Container, Film, Note, Placement, Song, Timeline, TransitionKind
from songreel.composition.soundtrack import Soundtrack, soundtrack
from songreel.composition.spans import Shape, Span, blank, extradata, own_extradata, packets, pictures, reorder_delay, sought
from songreel.composition.transitions import Planes, Step, mix
from songreel.errors import MediaError
from songreel.media.opening import opened
from songreel.media.probe import picture_stream
from songreel.media.video import timescale, views
from songreel.storage.store import Store

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import OutputContainer

Numbered = list[tuple[int, "Packet[Any]"]]
"""A segment of the film: (frame number in the segment, packet), in order of decoding."""
Reader = Callable[[Span, Fraction], Iterator["VideoFrame"]]


def assemble(clips: Sequence[Clip], timeline: Timeline, song: Song, store: Store, container: Container = "mp4") -> Film:
    """The finished film in the store.

    Args:
        clips: one for each placement, in any order.
        timeline: where they go and how each comes in.
        song: whose master is the soundtrack.
        store: holds clips and master, and gets the film.
        container: mp4 or mov.

    Raises:
        MediaError: a clip is missing or is not what its slot asks for.
    """
    import av

    with store.workspace() as folder:
        cutter = _Cutter(timeline, _in_order(clips, timeline), store, folder)
        path = folder / f"film.{container}"
        options = {"movflags": "+faststart", "video_track_timescale": str(timescale(timeline.fps)), "movie_timescale": str(song.sample_rate)}
        with av.open(str(path), "w", format=container, container_options=options) as output:
            output.metadata.update(_metadata(song))
            stream = _picture_stream(output, cutter.model)
            with soundtrack(store.get(song.master), song, output, container) as sound:
                _mux(output, stream, cutter, sound)
        media = store.put_file(path)
    return Film(
        media=media,
        frames=timeline.frames,
        fps=timeline.fps,
        width=timeline.width,
        height=timeline.height,
        duration=float(timeline.frames / timeline.fps),
        container=container,
        soundtrack=sound.kind,
        copied_frames=timeline.frames - cutter.encoded,
        encoded_frames=cutter.encoded,
        notes=(*cutter.notes, *sound.notes),
    )


def _in_order(clips: Sequence[Clip], timeline: Timeline) -> list[Clip]:
    """The clips as the timeline has them, each checked against its slot."""
    by_scene = {clip.slot.scene: clip for clip in clips}
    ordered = []
    for placement in timeline.placements:
        clip = by_scene.get(placement.slot.scene)
        if clip is None:
            raise MediaError(f"scene {placement.slot.scene} has no clip; there are clips of scenes {sorted(by_scene)}")
        if clip.slot != placement.slot or (clip.width, clip.height, clip.fps) != (timeline.width, timeline.height, timeline.fps):
            found = f"{clip.slot.frames} frames of {clip.width}x{clip.height} at {float(clip.fps):g}/s"
            wanted = f"{placement.slot.frames} frames of {timeline.width}x{timeline.height} at {float(timeline.fps):g}/s"
            raise MediaError(f"the clip of scene {placement.slot.scene} ({found}) is not the timeline's ({wanted}): conform it again")
        ordered.append(clip)
    return ordered


def _metadata(song: Song) -> dict[str, str]:
    fields = {"title": song.title or song.name, "artist": song.artist, "album": song.album, "genre": song.genre, "date": song.year}
    return {name: value for name, value in fields.items() if value}


def _picture_stream(output: "OutputContainer", model: Path) -> Any:
    """The film's video stream, made like a clip's."""
    with opened(model) as source:
        return output.add_stream_from_template(picture_stream(source), opaque=True)


def _mux(output: "OutputContainer", stream: Any, cutter: "_Cutter", sound: Soundtrack) -> None:
    """Write both streams side by side, so that no more than a moment of either is held in memory."""
    both = heapq.merge(_on(stream, cutter.packets()), _on(sound.stream, sound.packets), key=_decoding_time)
    for packet in both:
        output.mux_one(packet)


def _on(stream: Any, packets: Iterator["Packet[Any]"]) -> Iterator["Packet[Any]"]:
    for packet in packets:
        packet.stream = stream
        yield packet


def _decoding_time(packet: "Packet[Any]") -> Fraction:
    return (packet.dts or 0) * packet.time_base


class _Cutter:
    """Gives the film's video packets in order, segment by segment."""

    def __init__(self, timeline: Timeline, clips: list[Clip], store: Store, folder: Path) -> None:
        self.timeline = timeline
        self.notes: list[Note] = []
        self.encoded = 0
        self._shape = Shape(timeline.width, timeline.height, timeline.fps, timeline.encoding)
        self._folder = folder
        self._paths = [store.get(clip.media) for clip in clips]
        self._own = own_extradata(self._shape)
        self.model = blank(folder / "model.mp4", self._shape)
        self._delay = reorder_delay(self.model)

    def packets(self) -> Iterator["Packet[Any]"]:
        """Every frame of the film, in order of decoding, timed in frames."""
        base = 0
        for segment in self._segments():
            for order, (number, packet) in enumerate(segment):
                packet.time_base = 1 / self.timeline.fps
                packet.pts, packet.dts, packet.duration = base + number, base + order - self._delay, 1
                yield packet
            base += len(segment)
        if base != self.timeline.frames:
            raise MediaError(f"the clips make {base} frames, the timeline has {self.timeline.frames}")

    def _segments(self) -> Iterator[Numbered]:
        placements = self.timeline.placements
        for index, placement in enumerate(placements):
            if placement.transition.frames:
                yield self._transition(index, placement)
            slot = placement.slot
            middle = Span(self._paths[index], 2 * slot.handle_in, slot.frames - 2 * slot.handle_out)
            if middle.frames:
                yield self._middle(slot.scene, middle)

    def _middle(self, scene: int, span: Span) -> Numbered:
        """The frames of a clip that are in no transition: copied, or encoded again when the clip does not fit the others."""
        if extradata(span.path) != self._own:
            reason = "its clip was encoded by another encoder"
        else:
            try:
                return list(packets(span, self.timeline.fps))
            except MediaError as error:
                reason = str(error)
        self.notes.append(Note(stage="assemble", took=f"scene {scene} encoded again", because=reason))
        return self._encoded((views(frame) for frame in sought(span)), span.frames)

    def _transition(self, index: int, placement: Placement) -> Numbered:
        """The frames around a cut; when they cannot be mixed, a cut."""
        kind, count = placement.transition.kind, placement.transition.frames
        leaving = self.timeline.placements[index - 1].slot.frames
        out, into = Span(self._paths[index - 1], leaving - count, leaving), Span(self._paths[index], 0, count)
        try:
            return self._encoded(self._mixed(kind, out, into, pictures), count)
        except (MediaError, ValueError) as error:
            took = f"a cut instead of the {kind} into scene {placement.slot.scene}"
            self.notes.append(Note(stage="assemble", took=took, because=str(error)))
            return self._encoded(self._mixed("cut", out, into, lambda span, _: sought(span)), count)

    def _mixed(self, kind: TransitionKind, out: Span, into: Span, read: Reader) -> Iterator[Planes]:
        fps, count = self.timeline.fps, out.frames
        for number, (before, after) in enumerate(zip(read(out, fps), read(into, fps), strict=True)):
            yield mix(kind, views(before), views(after), Step(number, count))

    def _encoded(self, frames: Iterator[Planes], count: int) -> Numbered:
        """Frames through the film's own encoder."""
        path = self._folder / "segment.mp4"
        with self._shape.writer(path) as writer:
            for planes in frames:
                writer.write_yuv(*planes)
        segment = list(packets(Span(path, 0, count), self.timeline.fps))
        self.encoded += count
        return segment
