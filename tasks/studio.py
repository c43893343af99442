"""What every stage works with: the store, the workers, the access to backends, and a word to whoever watches.

Passed to each task as ``studio``; it says where and how, never what, so it is no part of a cache key.
"""

from dataclasses import dataclass
from typing import Any

from blocks.progress import Event, tell
from songreel.access import NO_ACCESS, Access
from songreel.execution.workers import NO_LIMITS, Limits, Workers
from songreel.storage import Store


class Studio:
    """The tools of one run. An opaque class on purpose: Prefect looks into dataclasses and models for futures."""

    def __init__(self, store: Store, workers: Workers, access: Access = NO_ACCESS) -> None:
        self.store = store
        self.workers = workers
        self.access = access

    def run(self, work: "Work", *args: Any, **named: Any) -> Any:
        """Run a stage's function in a worker and tell how it goes."""
        tell(Event(work.stage, "begun", work.scene))
        progress = (lambda share: tell(Event(work.stage, "moved", work.scene, share=share))) if work.reports else None
        return self.workers.call(work.target, *args, progress=progress, limits=work.limits, **named)


@dataclass(frozen=True)
class Work:
    """One call of one stage's function: ``package.module:function``."""

    stage: str
    target: str
    scene: int | None = None
    reports: bool = False
    """Whether the function takes ``progress``."""
    limits: Limits = NO_LIMITS
