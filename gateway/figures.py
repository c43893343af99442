"""The figures that Prometheus reads at ``/metrics``: gauges of what is now, from Prefect; counters of what ended
and was asked since this gateway began.

Counters begin at zero with the process, as Prometheus expects; a run that ends while no gateway runs is not in them, but in the store's
ledger (``songreel costs``). Text exposition format 0.0.4.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool

from gateway.jobs import RUN_LABEL, STATUS, status_of
from gateway.ledger import Standing
from gateway.models import Status
from gateway.problems import Refused
from gateway.queue import Queue
from gateway.reels import Reels
from songreel.storage import Store

log = logging.getLogger("songreel.gateway")

FRESH = 5.0  # seconds for which what was read counts
OVERLAP = timedelta(seconds=60)  # runs that end while they are counted are looked for again so long
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)  # seconds of an answer
STATUSES: tuple[Status, ...] = ("queued", "processing", "waiting", "complete", "error", "cancelled")

Labels = tuple[tuple[str, str], ...]


@dataclass
class Asked:
    """How requests went."""

    counts: Counter[Labels] = field(default_factory=Counter)
    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    total: int = 0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        self.counts[("method", method), ("route", route), ("status", str(status))] += 1
        self.seconds, self.total = self.seconds + seconds, self.total + 1
        for most in BUCKETS:
            self.buckets[most] += seconds <= most


class Figures:
    """The figures of one gateway."""

    def __init__(self) -> None:
        self.asked = Asked()
        self._ended: Counter[Labels] = Counter()
        self._scenes: Counter[Labels] = Counter()
        self._stages: Counter[Labels] = Counter()
        self._dollars = 0.0
        self._known: dict[str, None] = {}
        self._since = datetime.now(UTC)
        self._at = 0.0
        self._text = ""
        self._guard = asyncio.Lock()

    async def text(self, queue: Queue, store: Callable[[], Store], listeners: int, told: Standing) -> str:
        """All figures, read again when they are old.

        Args:
            queue: knows the runs and the workers.
            store: opens the store of the films.
            listeners: who listen to news now.
            told: what is on its way to programs of elsewhere.
        """
        async with self._guard:
            if time.monotonic() - self._at > FRESH:
                try:
                    self._text = await self._read(queue, store)
                except Refused:
                    self._text = _metric("songreel_prefect_up", "gauge", "Whether the Prefect server answers.", {(): 0})
                self._at = time.monotonic()
            return self._text + _hooks(told) + self._requests(listeners)

    async def _read(self, queue: Queue, store: Callable[[], Store]) -> str:
        counts = {kind: await queue.count(state={"type": {"any_": [kind]}}) for kind in STATUS}
        await self._count_ended(queue, store)
        runs: Counter[Labels] = Counter({(("status", one),): 0 for one in STATUSES})
        for kind, number in counts.items():
            runs[(("status", STATUS[kind]),)] += number
        workers: dict[Labels, float] = {(("pool", str(pool["name"])),): await _online(queue, str(pool["name"])) for pool in await queue.pools()}
        return "".join([
            _metric("songreel_prefect_up", "gauge", "Whether the Prefect server answers.", {(): 1}),
            _metric("songreel_runs", "gauge", "Films by status, as Prefect knows them.", runs),
            _metric("songreel_queue_age_seconds", "gauge", "How long the film that waits longest for a worker has waited.", {(): await _age(queue)}),
            _metric("songreel_workers", "gauge", "Workers that are online.", workers),
            _metric("songreel_runs_ended_total", "counter", "Films that ended, by status.", self._ended),
            _metric("songreel_scenes_total", "counter", "Scenes of films that ended, by backend.", self._scenes),
            _metric("songreel_stage_seconds_total", "counter", "Seconds that the stages of films that ended took.", self._stages),
            _metric("songreel_dollars_total", "counter", "What films that ended were charged.", {(): self._dollars}),
        ])  # fmt: skip

    async def _count_ended(self, queue: Queue, store: Callable[[], Store]) -> None:
        """Take the films that ended since the last look into the counters, each once."""
        since, self._since = self._since, datetime.now(UTC) - OVERLAP
        for run in await queue.runs(end_time={"after_": since.isoformat()}):
            if str(run["id"]) not in self._known:
                self._known[str(run["id"])] = None
                self._ended[(("status", status_of(run)),)] += 1
                await self._count_film(store, run)
        while len(self._known) > 5000:
            del self._known[next(iter(self._known))]

    async def _count_film(self, store: Callable[[], Store], run: Mapping[str, Any]) -> None:
        name = str((run.get("labels") or {}).get(RUN_LABEL, ""))
        try:
            result = await run_in_threadpool(Reels(store()).result, name) if name else None
        except Exception:
            log.exception("the film of %s could not be counted", run["id"])
            return
        if result is None:
            return
        for scene in result.scenes:
            self._scenes[("backend", scene.backend), ("cached", str(scene.cached).lower())] += 1
        for stage, seconds in result.timings.items():
            self._stages[(("stage", stage),)] += seconds  # type: ignore[assignment]
        self._dollars += result.dollars

    def _requests(self, listeners: int) -> str:
        name, asked = "songreel_gateway_request_seconds", self.asked
        rows = [f'{name}_bucket{{le="{most:g}"}} {asked.buckets[most]}' for most in BUCKETS]
        rows += [f'{name}_bucket{{le="+Inf"}} {asked.total}', f"{name}_sum {asked.seconds:.6f}", f"{name}_count {asked.total}"]
        histogram = f"# HELP {name} Time until an answer began.\n# TYPE {name} histogram\n" + "\n".join(rows) + "\n"
        told = _metric("songreel_gateway_listeners", "gauge", "Callers that listen to a job's news.", {(): listeners})
        return told + _metric("songreel_gateway_requests_total", "counter", "Requests that were answered.", asked.counts) + histogram


def _hooks(told: Standing) -> str:
    return "".join([
        _metric("songreel_hooks_waiting", "gauge", "Messages to other programs that were not taken yet.", {(): told.waiting}),
        _metric("songreel_hooks_oldest_seconds", "gauge", "How long the oldest of them has waited.", {(): told.oldest}),
        _metric("songreel_hooks_given_up", "gauge", "Messages of the last week that were never taken.", {(): told.given_up}),
    ])  # fmt: skip


async def _age(queue: Queue) -> float:
    waiting = await queue.oldest_waiting()
    if not waiting or not waiting.get("expected_start_time"):
        return 0.0
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(str(waiting["expected_start_time"]))).total_seconds())


async def _online(queue: Queue, pool: str) -> int:
    return sum(one.get("status") == "ONLINE" for one in await queue.workers(pool))


def _metric(name: str, kind: str, words: str, values: Mapping[Labels, float]) -> str:
    rows = [f"{name}{_labels(labels)} {value:.6g}" for labels, value in sorted(values.items())]
    return f"# HELP {name} {words}\n# TYPE {name} {kind}\n" + "".join(f"{row}\n" for row in rows)


def _labels(labels: Iterable[tuple[str, str]]) -> str:
    text = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{text}}}" if text else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
