"""``python -m gateway``: the gateway on a port, until it is ended."""

import argparse
import socket
import sys

from blocks.settings import read
from gateway.app import create_app
from gateway.keys import KeyFile
from songreel.errors import SongreelError, UserError

HOST = "127.0.0.1"
BACKLOG = 256  # connections waiting to be accepted
GRACE = 3  # seconds for open connections at the end


def main() -> int:
    """Serve; 2 when the settings do not allow it."""
    parser = argparse.ArgumentParser(prog="gateway", description=__doc__)
    parser.add_argument("--host", default=HOST, help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=None, help="0: any free one (default: SONGREEL_GATEWAY_PORT)")
    asked = parser.parse_args()
    try:
        serve(asked.host, asked.port)
    except SongreelError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def serve(host: str, port: int | None) -> None:
    """Listen and answer until the process is asked to end.

    Raises:
        UserError: the address cannot be listened on.
    """
    import uvicorn

    settings = read()
    known = KeyFile.of(settings).all()
    listener = _listen(host, settings.gateway_port if port is None else port)
    with listener:
        print(f"gateway: http://{host}:{listener.getsockname()[1]}", flush=True)
        print(f"gateway: {_who(len(known))}", flush=True)
        # Whom a proxy speaks for is only its word: the peer itself is looked at. Sockets say nothing longer than a few words.
        config = uvicorn.Config(
            create_app(settings), log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE, server_header=False, proxy_headers=False,
            ws_max_size=1 << 16,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


def _who(keys: int) -> str:
    if not keys:
        return "there are no keys: only programs of this machine may call, others get 401 (songreel keys add NAME; then each caller needs one)"
    return f"{keys} {'key' if keys == 1 else 'keys'}: each caller needs one"


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        raise UserError(f"the gateway cannot listen on {host}:{port}: {error.strerror or error}; give another --port") from error
    return listener


if __name__ == "__main__":
    sys.exit(main())
