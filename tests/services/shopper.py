"""Buys orders beside each other until all are had: ``python -m tests.services.shopper STORE URL FIRST LAST CAP``. Made to be killed."""

import logging
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from songreel.access import Access, Account, Caps
from songreel.errors import OverBudget, SongreelError
from songreel.services import webhooks
from songreel.services.buying import Buyer
from songreel.services.client import Patience
from songreel.services.content import Wanted
from songreel.services.jobs import Order, now
from songreel.services.replicate import Replicate
from songreel.storage import Store
from tests.services.replicate import WEBHOOK_SECRET

KEY = "secret-key"
AT_ONCE = 8
TRIES = 40
PRICE = 0.1
QUICK = Patience(answer=2.0, tries=4, longest_wait=0.2, window=5.0, poll=0.1, settle=1.0, silence=10.0, deadline=30.0)


def main() -> None:
    folder, url, first, last, cap = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
    sys.exit(not shop(folder, url, range(first, last), cap))


def shop(folder: str, url: str, seeds: Sequence[int], cap: float, webhooks_too: bool = False, at_once: int = AT_ONCE, capped: int = TRIES) -> bool:
    """Buy one order a seed; true when all are had, or refused by the cap.

    Args:
        folder: the store.
        url: of the loopback service.
        seeds: what to buy.
        cap: dollars.
        webhooks_too: whether to listen to the service's webhooks.
        at_once: threads that buy.
        capped: refusals by the cap after which an order is let go.
    """
    logging.disable()
    account = Account(KEY, url, webhook=_listening() if webhooks_too else "")
    access = Access(accounts={"replicate": account}, caps=Caps(run="film", run_dollars=cap))
    store = Store(folder)

    def one(seed: int) -> bool:
        refusals = 0
        frames = 6 + seed % 5
        told = {"prompt": f"wave {seed}", "seed": seed, "num_frames": frames}
        order = Order("replicate", "wan", "wan-video/wan", told, PRICE)
        for _ in range(TRIES):
            try:
                with Replicate(account, QUICK) as provider:
                    return Buyer(store, access, provider, lambda share: None, 0.5).buy(order, Wanted(frames=frames)).state == "done"
            except OverBudget:
                refusals += 1
                if refusals >= capped:
                    return True
                threading.Event().wait(0.2)  # what is on its way may yet come to nothing
            except SongreelError:
                threading.Event().wait(0.05)
        return False

    with ThreadPoolExecutor(at_once) as pool:
        return all(list(pool.map(one, seeds)))


def _listening() -> str:
    """Address of a listener that takes webhooks as the gateway does: signature first, then the bell."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            """Nothing."""

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            webhooks.ring(webhooks.validated(dict(self.headers), body, WEBHOOK_SECRET, now()).removeprefix("msg_"))
            self.send_response(204)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/webhook"


if __name__ == "__main__":
    main()
