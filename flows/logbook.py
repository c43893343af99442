"""What a run tells while it goes: news for the server, and a log of one line for each end and failure of a stage or a scene.

The lines go to the run's own logger, so that the server knows whose they are from whichever thread they come; who logs JSON finds the
fields ``stage``, ``what``, ``scene``, ``dollars`` and ``run`` in each.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from prefect import runtime
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from blocks import news
from blocks.news import Board
from blocks.progress import Event, listening, tell, teller
from blocks.settings import Settings

LEVELS = {"done": logging.INFO, "cached": logging.INFO, "failed": logging.WARNING, "asked": logging.INFO, "answered": logging.INFO}


@contextmanager
def reported(settings: Settings, boards: Sequence[Board] = (), last: str = "") -> Iterator[None]:
    """Tell how the run goes, its beginning and its end too; a server that ends with the run has no readers.

    Args:
        settings: say which server it is.
        boards: pieces of the run's page that follow the news.
        last: words for its good end.
    """
    run = str(runtime.flow_run.id)
    unheard = settings.server == "throwaway" and not settings.prefect_api_url
    with nullcontext() if unheard else news.reported(run, attempt(), boards), logged(run):
        tell(Event("run", "begun", text=run))
        try:
            yield
        except Exception as error:
            tell(Event("run", "failed", text=str(error) or type(error).__name__))
            raise
        tell(Event("run", "done", text=last))


def attempt() -> int:
    """Which process of this run this is, from 1: a run that rested goes on in another, which the server counts by its rests alone."""
    context = FlowRunContext.get()
    rests = context.flow_run.empirical_policy.pause_keys if context and context.flow_run else None
    return int(runtime.flow_run.run_count or 1) + len(rests or ())


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
