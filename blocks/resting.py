"""Mends how a Prefect worker takes back a run that rested: an answer that comes before the run's process has ended killed the worker.

A suspended run is scheduled again as soon as a person answers. Its old process may still be ending, and holds its place in the worker's
limit; Prefect 3.8.8 then asks for a second place in the same run's name, which raises an error that ends the worker. Here such a run is
left for the next look, some seconds later.
"""

import runpy
import sys
from typing import Any

from prefect.workers.base import BaseWorker

_submit = BaseWorker._submit_scheduled_flow_runs


async def _those_that_ended(self: Any, flow_run_response: list[Any]) -> Any:
    """Submit all runs but those whose last process still ends."""
    held = set(self._limiter.statistics().borrowers) if self._limiter else set()
    return await _submit(self, [entry for entry in flow_run_response if entry.flow_run.id not in held])


def mend() -> None:
    """Let every worker of this process look before it takes."""
    BaseWorker._submit_scheduled_flow_runs = _those_that_ended  # type: ignore[method-assign]


if __name__ == "__main__":  # `python -m blocks.resting worker start ...` is `prefect worker start ...`, mended
    mend()
    sys.argv[0] = "prefect"
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
