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
    return tethered("prefect", *words)


def tethered(module: str, *arguments: str) -> list[str]:
    """The command that runs a module and ends with this process."""
    return [sys.executable, "-m", "blocks.tether", str(os.getpid()), module, *arguments]


def environment(api: str, home: str, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a worker, its runs and the gateway.

    Args:
        api: address of the Prefect API.
        home: Prefect's folder for a server of ours: settings for another one are left out; empty: the server is the user's own.
        given: variables that go before all others.
    """
    ours = {name: value for name, value in os.environ.items() if not (home and name.startswith("PREFECT_"))}
    place = {"PREFECT_HOME": home} if home else {}
    return {**ours, **WORKER_SETTINGS, **place, "PREFECT_API_URL": api, "PYTHONUNBUFFERED": "1", "PATH": _path(), **given}


def _path() -> str:
    """This environment's programs before all others: a run is started as ``python -m prefect.engine``."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
