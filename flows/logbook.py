"""A run's log: one line for each end and failure of a stage or a scene, as words and as fields.

The lines go to the run's own logger, so that the server knows whose they are from whichever thread they come; who logs JSON finds the
fields ``stage``, ``what``, ``scene``, ``dollars`` and ``run`` in each.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.logging import get_run_logger

from blocks.progress import Event, listening, teller

LEVELS = {"done": logging.INFO, "cached": logging.INFO, "failed": logging.WARNING, "asked": logging.INFO, "answered": logging.INFO}


@contextmanager
def logged(run: str) -> Iterator[None]:
    """Log what the block tells, besides whoever hears it already.

    Args:
        run: the flow run's id, for whoever reads lines without their server.
    """
    logger, before = get_run_logger(), teller()

    def heard(event: Event) -> None:
        before(event)
        level = LEVELS.get(event.kind)
        if level is not None:
            logger.log(level, "%s", line_of(event), extra={"stage": event.stage, "what": event.kind, "scene": event.scene, "dollars": event.dollars,
                                                           "run": run})  # fmt: skip

    with listening(heard):
        yield


def line_of(event: Event) -> str:
    """``shoot done scene=3 dollars=0.25``, and what was said."""
    fields = [f"scene={event.scene}"] if event.scene is not None else []
    fields += [f"dollars={event.dollars:.4f}"] if event.dollars else []
    return " ".join([event.stage, event.kind, *fields]) + (f": {event.text}" if event.text else "")
