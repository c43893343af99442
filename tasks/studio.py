"""What every stage works with: the store, the workers, the access to backends, and a word to whoever watches.

Passed to each task as ``studio``; it says where and how, never what, so it is no part of a cache key.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.progress import Event, tell
from songreel.access import NO_ACCESS, Access
from songreel.errors import SongreelError
from songreel.execution.gpu import Gpu, Job
from songreel.execution.workers import ENDED, NO_LIMITS, Limits, Workers
from songreel.storage import Store


class Studio:
    """The tools of one run. An opaque class on purpose: Prefect looks into dataclasses and models for futures."""

    def __init__(self, store: Store, workers: Workers, access: Access = NO_ACCESS) -> None:
        self.store = store
        self.workers = workers
        self.access = access
        self.gpu = Gpu(access.home)
        workers.at_end(self.gpu.end)
        self._over = threading.Event()
        workers.at_end(self._over.set)

    def run(self, work: "Work", *args: Any, **named: Any) -> Any:
        """Run a stage's function in a worker and tell how it goes."""
        tell(Event(work.stage, "begun", work.scene))
        progress = (lambda share: tell(Event(work.stage, "moved", work.scene, share=share))) if work.reports else None
        if work.model:
            return self.gpu.call(Job(work.model, work.target, args, named, work.smaller), progress, work.limits)
        return self.workers.call(work.target, *args, progress=progress, limits=work.limits, **named)

    def wait(self, work: "Work", function: Callable[..., Any], *args: Any) -> Any:
        """Run a function in the task's own thread and tell how it goes: for what waits for a service and needs no processor."""
        tell(Event(work.stage, "begun", work.scene))

        def progress(share: float) -> None:
            if self._over.is_set():
                raise SongreelError(ENDED)
            tell(Event(work.stage, "moved", work.scene, share=share))

        return function(*args, progress)


@dataclass(frozen=True)
class Work:
    """One call of one stage's function: ``package.module:function``."""

    stage: str
    target: str
    scene: int | None = None
    reports: bool = False
    """Whether the function takes ``progress``."""
    limits: Limits = NO_LIMITS
    model: str = ""
    """Name of the model on this machine's GPU that it needs; empty: none, any worker will do."""
    smaller: Mapping[str, Any] = field(default_factory=dict)
    """Named arguments for one more try when the model's memory runs out."""
