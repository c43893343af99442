"""From the plan's scenes to the film's timeline, all on the frame grid."""

from schemas import Analysis, Encoding, Placement, Plan, Scene, Slot, Timeline


def build(plan: Plan, analysis: Analysis, encoding: Encoding) -> Timeline:
    """The timeline of a plan: a slot for each scene, with the handles that its transitions need."""
    placements = tuple(Placement(slot=slot, transition=scene.transition) for slot, scene in zip(slots(plan.scenes), plan.scenes, strict=True))
    return Timeline(
        fps=plan.fps,
        width=plan.width,
        height=plan.height,
        frames=plan.frames,
        encoding=encoding,
        placements=placements,
        beats=analysis.beats,
    )


def slots(scenes: tuple[Scene, ...]) -> tuple[Slot, ...]:
    """A slot for each scene; a transition of 2n frames gives n frames of handle to either side of its cut."""
    leaving = (*(scene.transition.frames for scene in scenes[1:]), 0)
    return tuple(
        Slot(
            scene=scene.index,
            start_frame=scene.start_frame,
            end_frame=scene.end_frame,
            handle_in=scene.transition.frames // 2,
            handle_out=out // 2,
        )
        for scene, out in zip(scenes, leaving, strict=True)
    )
