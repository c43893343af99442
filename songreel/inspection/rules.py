"""The hard rules, held against what was measured. Every broken rule gives one sentence and the frames."""

from collections.abc import Iterator

from schemas import Violation
from songreel.inspection.cuts import HALF_FRAME, on_beat
from songreel.inspection.evidence import Evidence, MeasuredClip, runs

LENGTH = 1.0
"""Frames that picture and sound may differ in length."""
PADDING = 1152 / 44_100
"""Seconds of silence that a codec may add to fill its last block (the longest block in use, MP3's, at 44.1 kHz)."""
OFFSET = 0.005
"""Seconds that the sound may be early or late anywhere: a sixth of a frame, and a tenth of what a listener notices."""
ALIKE = 0.98
"""Correlation with the master, at 11 kHz; AAC at 128 kbit/s keeps 0.998, another take of the same song under 0.7."""
GAIN = 0.8
"""Decibels that the level may differ: encoding moves it by less than 0.1, and by up to 0.5 where the master stands at full scale throughout,
for AAC turns such blocks down; a listener notices 1."""
FLASHES = 3
"""Flashes in any second over a large area."""
BLACK = 0.5
"""Seconds that the picture may be black between two pictures; inside a planned fade, and until the end of the song, any time."""
ENDING = 3.0
"""Seconds before the end in which a fade-out may reach black."""
UNEVEN = 0.5
"""Frames that a picture may be shown from its place on an even grid."""
NAMED = 200
"""Most frames that a violation names."""


def violations(evidence: Evidence) -> tuple[Violation, ...]:
    """Every hard rule that the film breaks."""
    checks = (_length, _soundtrack, _cuts, _still, _repeats, _ken_burns, _black, _flashes)
    return tuple(violation for check in checks for violation in check(evidence))


def length_error(evidence: Evidence) -> float:
    """Frames that the picture lasts longer than the master; negative when it is shorter."""
    return evidence.frames - evidence.sound.master_duration * float(evidence.fps)


def _length(evidence: Evidence) -> Iterator[Violation]:
    fps, frames, sound = float(evidence.fps), evidence.frames, evidence.sound
    error = length_error(evidence)
    if abs(error) > LENGTH:
        seconds = f"the picture lasts {frames / fps:.3f} s and the master {sound.master_duration:.3f} s"
        hint = "; if the film was made of a part of the song, give that part as the master" if error < -5 * fps else ""
        yield Violation(rule="length", sentence=f"{seconds}: {abs(error):.1f} frames apart, at most 1 is allowed{hint}", frames=(frames - 1,))
    over = (sound.film_start + sound.film_duration) * fps - frames
    if over > LENGTH + PADDING * fps or over < -LENGTH:
        sentence = f"the film's own sound ends {abs(over):.1f} frames {'after' if over > 0 else 'before'} its picture, at most 1 is allowed"
        yield Violation(rule="length", sentence=sentence, frames=(frames - 1,))
    if (lost := evidence.timing.pictures - frames) > 0:
        sentence = f"{lost} of the film's {evidence.timing.pictures} pictures cannot be decoded: the file is damaged"
        yield Violation(rule="length", sentence=sentence, frames=(frames - 1,))
    if evidence.timing.unevenness > UNEVEN:
        where = evidence.timing.uneven_frame
        sentence = f"frame {where} is shown {evidence.timing.unevenness:.1f} frames from its place: the pictures are not evenly timed"
        yield Violation(rule="length", sentence=sentence, frames=(where,))


def _soundtrack(evidence: Evidence) -> Iterator[Violation]:
    sound, fps = evidence.sound, float(evidence.fps)
    if sound.alike < ALIKE:
        sentence = f"the film's sound is not the master: their correlation is {sound.alike:.3f}, at least {ALIKE} is due"
        yield Violation(rule="soundtrack", sentence=sentence, frames=_at(evidence, *sound.altered))
        return
    if abs(sound.offset) > OFFSET:
        times = [at for at, offset, _ in sound.offsets if abs(offset) > OFFSET]
        way = "late" if sound.offset > 0 else "early"
        sentence = f"the sound is up to {abs(sound.offset) * 1000:.1f} ms {way} against the picture, at most {OFFSET * 1000:.0f} ms is allowed"
        yield Violation(rule="soundtrack", sentence=sentence, frames=_at(evidence, *times))
    if abs(sound.gain_db) > GAIN:
        sentence = f"the sound is {sound.gain_db:+.1f} dB from the master's level, at most {GAIN} dB is allowed"
        yield Violation(rule="soundtrack", sentence=sentence, frames=(0, evidence.frames - 1))
    if sound.altered:
        places = ", ".join(f"{at:.1f}" for at in sound.altered[:5])
        sentence = f"the sound differs from the master at {places} s{' and later' if len(sound.altered) > 5 else ''}"
        yield Violation(rule="soundtrack", sentence=sentence, frames=tuple(round(at * fps) for at in sound.altered[:NAMED]))


def _at(evidence: Evidence, *seconds: float) -> tuple[int, ...]:
    """Frames at the given seconds, or the first where none is given."""
    frames = tuple(min(round(second * float(evidence.fps)), evidence.frames - 1) for second in seconds[:NAMED])
    return frames or (0,)


def _cuts(evidence: Evidence) -> Iterator[Violation]:
    for measured in evidence.cuts:
        cut, distance = measured.cut, measured.distance
        if distance is None or on_beat(distance) or not cut.seen:
            continue
        planned = "not in the plan" if cut.planned is None else f"planned for frame {cut.planned}"
        way = "after" if distance > 0 else "before"
        sentence = (
            f"the {cut.kind} at frame {cut.frame:.0f} ({planned}) lies {abs(distance):.1f} frames {way} the nearest beat, "
            f"at most {HALF_FRAME} is allowed"
        )
        yield Violation(rule="cuts", sentence=sentence, frames=(round(cut.frame),))


def _still(evidence: Evidence) -> Iterator[Violation]:
    for clip in evidence.clips:
        if clip.verdict.still:
            yield Violation(rule="slideshow", sentence=f"{_named(clip)} is one picture that stands still", frames=_frames(clip))


def _repeats(evidence: Evidence) -> Iterator[Violation]:
    for clip in evidence.clips:
        if repeated := clip.verdict.repeats:
            share = len(repeated) / (clip.verdict.stop - clip.verdict.start)
            sentence = f"{_named(clip)} repeats {len(repeated)} frames ({share:.0%}) while it moves: every frame must be new"
            yield Violation(rule="slideshow", sentence=sentence, frames=repeated[:NAMED])


def _ken_burns(evidence: Evidence) -> Iterator[Violation]:
    for clip in evidence.clips:
        if clip.verdict.ken_burns:
            sentence = (
                f"{_named(clip)} is a still picture that is panned, zoomed or turned: one motion of the whole frame "
                f"leaves {clip.verdict.left_over:.0%} of it unexplained"
            )
            yield Violation(rule="ken_burns", sentence=sentence, frames=_frames(clip))


def _named(clip: MeasuredClip) -> str:
    return f"clip {clip.scene} (frames {clip.verdict.start} to {clip.verdict.stop - 1})"


def _frames(clip: MeasuredClip) -> tuple[int, int]:
    return clip.verdict.start, clip.verdict.stop - 1


def _black(evidence: Evidence) -> Iterator[Violation]:
    fps = float(evidence.fps)
    for first, last in runs(evidence.black):
        ending = last == evidence.frames and last - first <= ENDING * fps
        faded = any(centre - length // 2 <= first and last <= centre + length // 2 for centre, length in evidence.transitions)
        if last - first > BLACK * fps and not ending and not faded:
            sentence = f"the picture is black for {(last - first) / fps:.2f} s from frame {first} to {last - 1}, at most {BLACK} s is allowed"
            yield Violation(rule="black", sentence=sentence, frames=tuple(range(first, min(last, first + NAMED))))


def _flashes(evidence: Evidence) -> Iterator[Violation]:
    for name, count in (("general", evidence.general), ("red", evidence.red)):
        for first, last in runs(count > FLASHES):
            most = int(count[first:last].max())
            sentence = (
                f"{most} {name} flashes in the second that ends between frames {first} and {last - 1}, over more than a quarter of a field of "
                f"view: at most {FLASHES} are allowed"
            )
            yield Violation(rule="flashes", sentence=sentence, frames=tuple(range(first, last)))  # all: they are what is damped
