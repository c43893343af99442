"""A film that flashes more than a picture may is damped where it does, and only there."""

from collections.abc import Sequence
from itertools import groupby

from prefect.futures import PrefectFuture, wait

from schemas import Clip, Film, Note, Report, Timeline
from songreel.composition.damping import KEEPS
from songreel.inspection.rules import FLASHES
from tasks import finish
from tasks.studio import Studio


def offending(report: Report) -> list[tuple[int, int]]:
    """First and last frame of each stretch of the film in which a second with too many flashes ends."""
    frames = sorted({frame for violation in report.violations if violation.rule == "flashes" for frame in violation.frames})
    stretches = (list(run) for _, run in groupby(enumerate(frames), lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1]) for run in stretches]


def calmed(clips: Sequence[Clip], spans: Sequence[tuple[int, int]], timeline: Timeline, attempt: int, studio: Studio) -> list[Clip]:
    """The clips, those that show the spans damped; ``attempt`` counts from 0 and damps more each time."""
    made = [_submitted(clip, _inside(clip, spans, round(timeline.fps)), attempt, studio) for clip in clips]
    wait([one for one in made if not isinstance(one, Clip)])
    return [one if isinstance(one, Clip) else one.result() for one in made]


def _inside(clip: Clip, spans: Sequence[tuple[int, int]], second: int) -> list[tuple[int, int]]:
    """What a clip shows of the spans and of the seconds that end in them, in its own frames."""
    start, end = clip.slot.first_frame, clip.slot.first_frame + clip.slot.frames
    return [(max(first - second - start, 0), last - start) for first, last in spans if last >= start and first - second < end]


def _submitted(clip: Clip, inside: list[tuple[int, int]], attempt: int, studio: Studio) -> PrefectFuture[Clip] | Clip:
    return finish.damp.submit(clip, inside, KEEPS[attempt], studio) if inside else clip


def told(spans: Sequence[tuple[int, int]], film: Film) -> Note:
    """What was damped, for the run's notes; spans as they were found, in any order."""
    spans = sorted(set(spans))
    second = round(film.fps)
    places = ", ".join(f"{max(first - second, 0)} to {last}" for first, last in spans[:5]) + (" and later" if len(spans) > 5 else "")
    return Note(stage="assemble", took=f"flashes damped in frames {places}", because=f"they flashed more than {FLASHES} times in a second")
