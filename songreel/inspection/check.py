"""The honesty check: measures the delivered film against the song, whatever was planned."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from schemas import CutReport, Note, Report
from songreel.errors import MediaError
from songreel.inspection.alignment import align
from songreel.inspection.clips import judge_clip, spans
from songreel.inspection.cuts import Cut, distance_to_beats, measure_cuts, on_beat, share_by_chance
from songreel.inspection.evidence import Evidence, Inspection, MeasuredClip, MeasuredCut
from songreel.inspection.kinds import Floats
from songreel.inspection.rules import length_error, violations
from songreel.inspection.soundtrack import BLOCK, SoundMatch, match
from songreel.inspection.timing import timing
from songreel.inspection.watching import Watched, watch
from songreel.media.probe import Probe, probe

Told = Callable[[float], None]


def inspect(
    film: Path,
    master: Path,
    *,
    beats: Sequence[float] | None = None,
    cuts: Sequence[int] | None = None,
    transitions: Sequence[tuple[int, int]] | None = None,
    notes: Sequence[Note] = (),
) -> Report:
    """Measure a delivered film; `examine` gives the evidence too. Arguments are the same."""
    return examine(film, master, beats=beats, cuts=cuts, transitions=transitions, notes=notes).report


def examine(
    film: Path,
    master: Path,
    *,
    beats: Sequence[float] | None = None,
    cuts: Sequence[int] | None = None,
    transitions: Sequence[tuple[int, int]] | None = None,
    notes: Sequence[Note] = (),
    told: Told | None = None,
) -> Inspection:
    """Measure a delivered film against its master and hold the hard rules against it.

    Args:
        film: the delivered file, with picture and sound.
        master: the song it was made of, decoded to the last sample.
        beats: times of the beats, seconds from the song's first sample; without them cuts are found but not judged.
        cuts: planned first frames of the scenes but the first; without a plan, hard cuts are found in the picture.
        transitions: (centre frame, whole length in frames) of the planned transitions; centres may be among ``cuts`` too.
        notes: fallbacks taken on the way, to be shown in the report.
        told: called now and then with the share done.

    Raises:
        MediaError: a file is broken, has no sound, or has no picture.
    """
    facts = _checked(film, master)
    planned = tuple(transitions or ())
    with watch(film, facts, told) as watched:
        clock = timing(film, watched.fps)
        found = measure_cuts(watched, cuts, planned)
        clips = _clips(watched, found)
        sound = match(film, master, clock.sound_start)
        evidence = Evidence(
            film=film.name, master=master.name, fps=watched.fps, beats=tuple(beats or ()),
            change=watched.change, light=watched.light, general=watched.general, red=watched.red,
            black=watched.black,
            cuts=tuple(MeasuredCut(cut, distance_to_beats(cut.frame, beats, watched.fps) if beats else None) for cut in found),
            transitions=planned, clips=clips,
            alignment=align(
                watched.motion, float(watched.fps), [(clip.verdict.start, clip.verdict.stop) for clip in clips], beats or (),
                _loudness(sound, watched),
            ),
            sound=sound, timing=clock,
        )  # fmt: skip
        return Inspection(_report(watched, evidence, notes), evidence)


def _checked(film: Path, master: Path) -> Probe:
    """The film's facts, once both files are known to have what is needed."""
    facts = probe(film)
    if facts.video is None:
        raise MediaError(f"{film.name} has no picture: only a film can be inspected")
    if facts.audio is None:
        raise MediaError(f"{film.name} has no sound: a film carries its song")
    if probe(master).audio is None:
        raise MediaError(f"{master.name} has no sound: give the song that the film was made of as the master")
    return facts


def _loudness(sound: SoundMatch, watched: Watched) -> Floats:
    """The master's level at each frame, shape (frames,)."""
    block = (np.arange(watched.frames) / float(watched.fps) / BLOCK).astype(int)
    levels = np.array(sound.levels or (0.0,))
    heard: Floats = levels[np.minimum(block, len(levels) - 1)]
    return heard


def _clips(watched: Watched, found: Sequence[Cut]) -> tuple[MeasuredClip, ...]:
    """Judge the spans between cuts; a cut that nobody planned splits a scene's span but begins no new scene, unless there is no plan."""
    planned = any(cut.planned is not None for cut in found)
    pieces = spans(watched.frames, [(cut.frame, cut.length) for cut in found])
    begins = [0, *(int(cut.planned is not None or not planned) for cut in found)]
    scenes = np.cumsum(begins)
    return tuple(
        MeasuredClip(int(scene), judge_clip(watched, start, stop), watched.still((start + stop) // 2))
        for scene, (start, stop) in zip(scenes, pieces, strict=True)
    )


def _report(watched: Watched, evidence: Evidence, notes: Sequence[Note]) -> Report:
    return Report(
        frames=watched.frames, fps=watched.fps, width=watched.width, height=watched.height, duration=watched.duration,
        cuts=_cut_report(evidence),
        length_error_frames=round(length_error(evidence), 3),
        audio_offset_ms=round(evidence.sound.offset * 1000, 3),
        still_clips=tuple(sorted({clip.scene for clip in evidence.clips if clip.verdict.still})),
        ken_burns_clips=tuple(sorted({clip.scene for clip in evidence.clips if clip.verdict.ken_burns})),
        black_frames=int(evidence.black.sum()),
        flashes_per_second_max=float(max(evidence.general.max(), evidence.red.max())),
        beat_alignment=round(evidence.alignment.ratio, 4),
        beat_alignment_off_beat=round(evidence.alignment.off_beat, 4),
        beat_alignment_by_chance=round(evidence.alignment.chance, 4),
        beat_alignment_chance_high=round(evidence.alignment.chance_high, 4),
        loud_motion=round(evidence.alignment.loud, 4),
        loud_motion_chance_high=round(evidence.alignment.loud_chance_high, 4),
        loud_decibels=round(evidence.alignment.louder, 2),
        violations=violations(evidence),
        notes=(*notes, *_own_notes(evidence)),
    )  # fmt: skip


def _cut_report(evidence: Evidence) -> CutReport:
    distances = [measured.distance for measured in evidence.cuts if measured.distance is not None and measured.cut.seen]
    near = [distance for distance in distances if on_beat(distance)]
    return CutReport(
        count=sum(measured.cut.seen for measured in evidence.cuts),
        max_error_frames=round(max((abs(distance) for distance in distances), default=0.0), 3),
        on_beat_share=len(near) / len(distances) if distances else 1.0,
        by_chance=round(share_by_chance(evidence.frames, evidence.beats, evidence.fps), 4),
    )


def _own_notes(evidence: Evidence) -> list[Note]:
    """What could not be measured, and what was taken instead."""
    notes = []
    if not evidence.beats:
        notes.append(Note(stage="inspect", took="cuts found but not judged", because="no beat grid was given"))
    if unseen := [f"{measured.cut.frame:.0f}" for measured in evidence.cuts if not measured.cut.seen]:
        because = f"the pictures on both sides of frame {', '.join(unseen)} do not differ enough to find the cut"
        notes.append(Note(stage="inspect", took="cuts left out of the count", because=because))
    if evidence.sound.silent:
        notes.append(Note(stage="inspect", took="no audio offset measured", because="the master is silent"))
    return notes
