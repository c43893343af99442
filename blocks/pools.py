"""The workers of a pool: the command and the environment of one, the same for ``songreel serve``, containers and tests."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from blocks.local import CLIENT_SETTINGS

POOLS = ("cpu", "gpu")
"""Work pools: everything but models; models of a GPU, or what a fleet's GPU machines shall shoot."""

WORKER_SETTINGS = {
    **CLIENT_SETTINGS,
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",  # nobody watches a worker's terminal: this goes into its log
    "PREFECT_WORKER_QUERY_SECONDS": "2",  # a run starts within this; Prefect's own 10 are felt
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "10",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # the shortest: a lost machine is known after three of them
}
"""What a worker and its runs need beside the API's address."""


def worker(pool: str, name: str, limit: int) -> list[str]:
    """Arguments of ``python`` that start a worker of at most ``limit`` runs at once; it ends with this process."""
    words = ["worker", "start", "--pool", pool, "--name", name, "--type", "process", "--limit", str(limit), "--install-policy", "never"]
    return [sys.executable, "-m", "blocks.tether", str(os.getpid()), "prefect", *words]


def environment(api: str, home: str, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a worker: this process' own without its Prefect settings, the API, Prefect's home folder, and what is given."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**ours, **WORKER_SETTINGS, "PREFECT_API_URL": api, "PREFECT_HOME": home, "PYTHONUNBUFFERED": "1", "PATH": _path(), **given}


def _path() -> str:
    """This environment's programs before all others: a run is started as ``python -m prefect.engine``."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
