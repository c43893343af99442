"""Orders at a service that fails in every way, by a process that is killed again and again: what was bought, collected, bought twice.

Aims: every accepted job collected, none bought twice, the cap never passed. ``--full``: 1,000 orders and 50 kills; else 200 and 10.
"""

import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import av  # noqa: F401 - once for all processes that are forked
import httpx  # noqa: F401
from PIL import Image  # noqa: F401

from songreel.services.jobs import Record, records
from songreel.storage import Store
from tests.services import pictures
from tests.services.replicate import FakeReplicate
from tests.services.shopper import PRICE, shop

FAULTS = {
    "429": 0.04, "503": 0.02, "500": 0.02, "500 after": 0.02, "402": 0.01, "422": 0.01, "drop": 0.02, "drop after": 0.03,
    "hang": 0.005, "hang after": 0.01, "garbage": 0.01, "garbage after": 0.01,
}  # fmt: skip
ASKS = {"other": 0.02, "drop": 0.02, "garbage": 0.02, "500": 0.02, "429": 0.03}
FILES = {"other": 0.02, "garbage": 0.02, "500": 0.02, "drop": 0.02}
ENDS = ("failed: CUDA out of memory", "aborted")
SHARE_OF_ENDS = 0.02
PAYS_FOR = 0.97  # of the orders, so that the cap is met
KILLS = (0.4, 1.6)  # seconds that a process lives, by chance
AT_ONCE = 12
LIMIT = 900.0  # seconds for everything
FORK = multiprocessing.get_context("fork")


def main() -> None:
    orders, kills = (1000, 50) if "--full" in sys.argv else (200, 10)
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder) / "store", orders, kills)


def run(folder: Path, orders: int, kills: int) -> None:
    ours, theirs = FORK.Pipe()
    server = FORK.Process(target=_serve, args=(theirs, orders))
    server.start()
    url, cap, began = ours.recv(), orders * PRICE * PAYS_FOR, time.monotonic()
    killed = _shopped(str(folder), url, orders, cap, kills)
    seconds = time.monotonic() - began
    ours.send("enough")
    jobs, answered = ours.recv()
    server.join()
    _print(list(records(Store(str(folder)))), jobs, answered, Figures(orders, killed, cap, seconds), Store(str(folder)))


class Figures:
    """What was done."""

    def __init__(self, orders: int, killed: int, cap: float, seconds: float) -> None:
        self.orders, self.killed, self.cap, self.seconds = orders, killed, cap, seconds


def _serve(pipe: Connection, orders: int) -> None:
    for number in range(7):
        for frames in range(6, 11):
            pictures.film(number, frames)
    with FakeReplicate(work=0.1, late=1.0, small=True, seed=3, faults=FAULTS, asks=ASKS, files=FILES) as service:
        service.webhooks = 2
        chance = random.Random(4)
        service.ends = [chance.choice(ENDS) if chance.random() < SHARE_OF_ENDS else "" for _ in range(4 * orders)]
        pipe.send(service.url)
        pipe.recv()
        told = [(name, job["input"]["seed"], service._status(job)) for name, job in service.jobs.items()]
        pipe.send((told, service.answered))


def _shopped(folder: str, url: str, orders: int, cap: float, kills: int) -> int:
    """Shop until all is had, killing the process now and then; gives how often."""
    chance, killed, end = random.Random(5), 0, time.monotonic() + LIMIT
    while time.monotonic() < end:
        shopper = FORK.Process(target=_shopper, args=(folder, url, orders, cap))
        shopper.start()
        shopper.join(chance.uniform(*KILLS) if killed < kills else end - time.monotonic())
        if shopper.exitcode is None and killed < kills:
            os.kill(int(shopper.pid or 0), signal.SIGKILL)
            shopper.join()
            killed += 1
        elif shopper.exitcode == 0 or shopper.exitcode is None:
            break
    if shopper.is_alive():
        shopper.kill()
    return killed


def _shopper(folder: str, url: str, orders: int, cap: float) -> None:
    sys.exit(not shop(folder, url, range(orders), cap, webhooks_too=True, at_once=AT_ONCE, capped=3))


def _print(book: list[Record], jobs: list[tuple[str, int, str]], answered: Counter[str], done: Figures, store: Store) -> None:
    succeeded = {name: seed for name, seed, state in jobs if state == "succeeded"}
    collected = {record.job: record for record in book if record.state == "done"}
    twice = sum(number - 1 for number in Counter(succeeded.values()).values())
    wrong = sum(not store.read(record.media[0]).endswith(job.encode()) for job, record in collected.items())
    unaccounted = {name for name, _, _ in jobs} - {record.job for record in book}
    print(f"orders                {done.orders:6d}   killed {done.killed} times, {done.seconds:.0f} s")
    print(f"accepted              {len(jobs):6d}   {len(jobs) - len(succeeded)} of them failed at the service")
    print(f"collected             {len(set(succeeded) & set(collected)):6d}   of {len(succeeded)} that succeeded (aim: all)")
    print(f"bought twice          {twice:6d}   (aim 0)")
    print(f"unknown to the book   {len(unaccounted):6d}   (aim 0)")
    print(f"another job's file    {wrong:6d}   kept as a result")
    print(f"most ever reserved    {_most(book):8.2f} dollars, the cap is {done.cap:.2f} ({_most(book) / done.cap:.1%}; aim at most 100 %)")
    print(f"the service answered  {dict(answered.most_common())}")


def _most(book: list[Record]) -> float:
    """The most that was ever reserved and spent at once, from the records' own times."""
    steps = [(record.at, record.estimate) for record in book if record.state != "withdrawn"]
    steps += [(record.ended_at or 0.0, record.committed - record.estimate) for record in book if record.state != "withdrawn" and not record.open]
    most = now = 0.0
    for _, dollars in sorted(steps):
        now += dollars
        most = max(most, now)
    return most


if __name__ == "__main__":
    main()
