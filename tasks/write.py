"""Writing the film: a language model's words for a plan by rules."""

from blocks.progress import Event, tell
from schemas.writing import Brief, Writing
from songreel.planning.writers import writer_of
from tasks.policy import stage
from tasks.studio import Studio


@stage("write")
def write(brief: Brief, writer: str, cap: float, studio: Studio) -> Writing:
    """What a language model makes of a brief. It is asked once for equal briefs: the answer is kept, so nothing is paid twice.

    Args:
        writer: what decides beside the brief: the model and the version of what it is told.
        cap: dollars that may be spent; no part of what is kept.
    """
    tell(Event("write", "begun"))
    return writer_of("llm", studio.access, cap, studio.store).write(brief)
