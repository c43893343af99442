"""Prefect for one machine: the local server, and the settings of a client that uses it.

Call `prepare` before ``import prefect``; the server starts while the rest is imported, and `Prepared.ready` waits for it.
"""

import os
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from blocks import server
from blocks.settings import Settings

CLIENT_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the terminal shows our own progress and sentences
    "PREFECT_LOGGING_EXTRA_LOGGERS": "songreel",
    "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",  # a state per task is no news: the run's page shows it
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
}


@dataclass(frozen=True)
class Prepared:
    """The API that the client will use."""

    url: str
    server: server.Server | None
    """Our own local server; none when the user named an API."""
    home: Path

    def ready(self) -> None:
        """Wait until the local server answers."""
        if self.server is not None:
            server.wait(self.server, self.home)


@contextmanager
def prepare(settings: Settings) -> Iterator[Prepared]:
    """Start or find the API and set the client's environment, before ``import prefect``."""
    own = settings.prefect_api_url or _profile_api()
    with ExitStack() as stack:
        if own:
            prepared = Prepared(own, None, settings.server_home)
        elif settings.server == "throwaway":
            running = stack.enter_context(server.throwaway())
            prepared = Prepared(running.url, running, settings.server_home)
        else:
            running = server.ensure(settings.server_home, settings.port)
            prepared = Prepared(running.url, running, settings.server_home)
        if prepared.server is not None and not prepared.server.kept:
            os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"  # nobody can read the logs of a server that ends with the run
        if prepared.server is not None:
            os.environ["PREFECT_HOME"] = str(settings.server_home)  # not the user's profiles: they are for their own server
        os.environ.update({"PREFECT_API_URL": prepared.url, **_past_proxies(), **{k: v for k, v in CLIENT_SETTINGS.items() if k not in os.environ}})
        yield prepared


def running_api(settings: Settings) -> str:
    """Address of the API that runs already, or nothing; starts none."""
    running = server.find(settings.server_home) if settings.server == "kept" else None
    return settings.prefect_api_url or _profile_api() or (running.url if running else "")


def _profile_api() -> str:
    """The API that the user's active Prefect profile names, or nothing."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text())
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    name = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    return str(profiles.get("profiles", {}).get(name, {}).get("PREFECT_API_URL", ""))


def _past_proxies() -> dict[str, str]:
    """Environment that keeps calls to this machine out of a proxy."""
    known = os.environ.get("NO_PROXY", os.environ.get("no_proxy", ""))
    return {} if server.HOST in known else {"NO_PROXY": ",".join(part for part in (known, server.HOST, "localhost") if part)}
