"""``songreel server``: the local Prefect server."""

from blocks import server
from blocks.settings import read
from cli.output import emit


def start_server(as_json: bool) -> int:
    """Start the server, or find the running one, and wait until it answers."""
    settings = read()
    running = server.ensure(settings.server_home, settings.port)
    server.wait(running, settings.server_home)
    _print(running, "started" if running.fresh else "running already", as_json)
    return 0


def stop_server(as_json: bool) -> int:
    """Stop the server if it runs."""
    _print(server.stop(read().server_home), "stopped", as_json)
    return 0


def print_status(as_json: bool) -> int:
    """Say whether it runs."""
    running = server.find(read().server_home)
    state = "running" if running is not None and server.answers(running.url) else "starting"
    _print(running, state, as_json)
    return 0


def _print(found: server.Server | None, state: str, as_json: bool) -> None:
    state = state if found is not None else "not running"
    if as_json:
        emit({"name": "server", "state": state, "url": found.ui if found else None, "pid": found.pid if found else None})
    elif found is None:
        print("the local Prefect server is not running: the next render starts it")
    else:
        print(f"the local Prefect server is {state}: {found.ui} (process {found.pid}; songreel server stop ends it)")
