"""Finishing the film: assemble, inspect, damp what flashes, publish."""

from schemas import Clip, Container, Film, MediaRef, Song, Timeline
from songreel.execution.reel import Inspected, Materials, Reel
from tasks.policy import stage
from tasks.studio import Studio, Work


@stage("assemble")
def assemble(clips: list[Clip], timeline: Timeline, song: Song, container: Container, studio: Studio) -> Film:
    """The film: clips joined on the timeline under the master."""
    film: Film = studio.run(Work("assemble", "songreel.composition.assemble:assemble"), tuple(clips), timeline, song, studio.store, container)
    return film


@stage("damp", "damp {clip.slot.scene}")
def damp(clip: Clip, spans: list[tuple[int, int]], keep: float, studio: Studio) -> Clip:
    """A clip whose flashes are damped in the given frames of it."""
    calm: Clip = studio.run(Work("damp", "songreel.composition.damping:damp", clip.slot.scene), clip, tuple(spans), keep, studio.store)
    return calm


@stage("inspect")
def inspect(film: Film, timeline: Timeline, song: Song, studio: Studio) -> Inspected:
    """The delivered film, measured against its master and its timeline."""
    inspected: Inspected = studio.run(Work("inspect", "tasks.work:inspect"), film, timeline, song, studio.store)
    return inspected


@stage("publish")
def publish(run: str, film: MediaRef, materials: Materials, studio: Studio) -> Reel:
    """The whole reel as content. All of it follows from what the run is named by and from the film, so these are the key."""
    reel: Reel = studio.run(Work("publish", "tasks.work:gather"), materials, studio.store)
    return reel
