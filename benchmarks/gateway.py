"""The gateway with 100 jobs queued and 50 sockets open: how fast it answers, whether anything is lost, and what memory it takes.

Real processes: a Prefect server and the gateway. The jobs' news is told to Prefect as runs tell it, and has to reach every socket. The
same is done in rounds, so that memory which grows with what was is seen.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect

from blocks import server
from flows.registration import register

JOBS, SOCKETS, ROUNDS = 100, 50, 6
AT_ONCE = 4  # requests that start jobs at once
NEWS = 20  # pieces for each job that somebody listens to, in each round
STATUSES = 300  # questions for a job's status in each round
PAUSE = 0.02  # s between two of them
SECOND = 1.0  # s between two pieces of news of a job, which is lively for a film
LIMIT = 0.2  # s, the aim for 95 of 100
ROOT = Path(__file__).parents[1]
RATES = '{"read": 1e6, "make": 1e6}'


def main() -> None:
    with tempfile.TemporaryDirectory() as home, server.throwaway() as prefect:
        server.wait(prefect, Path(home))
        register(prefect.url, only=["music-video/cpu"])
        with _gateway(home, prefect.url) as (url, process):
            asyncio.run(_measured(url, prefect.url, process))


@contextmanager
def _gateway(home: str, api: str) -> Iterator[tuple[str, psutil.Process]]:
    environment = {**os.environ, "SONGREEL_HOME": home, "PREFECT_API_URL": api, "SONGREEL_GATEWAY_RATES": RATES}
    command = [sys.executable, "-m", "gateway", "--port", "0"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().split()[-1], psutil.Process(running.pid)
        finally:
            running.terminate()


async def _measured(url: str, api: str, process: psutil.Process) -> None:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=600, limits=limits, trust_env=False) as gateway, httpx.AsyncClient(timeout=60) as prefect:
        before = _memory(process)
        began = time.perf_counter()
        jobs = await asyncio.gather(*(_started(gateway, number) for number in range(JOBS)))
        print(f"{JOBS} jobs queued: {time.perf_counter() - began:.1f} s, {JOBS - len(set(jobs))} lost   (aim 0)")
        listed = (await gateway.get(f"/api/jobs?limit={JOBS}")).json()
        print(f"jobs that the list names: {len({one['job_id'] for one in listed['jobs']} & set(jobs))} of {JOBS}   (aim all)")
        for job in jobs[:SOCKETS]:
            await prefect.post(f"{api}/flow_runs/{job}/set_state", json={"state": {"type": "RUNNING"}, "force": True})
        used = [before, *[await _round(number, url, api, gateway, prefect, jobs, process) for number in range(ROUNDS)]]
        print(f"memory: {used[0]:.0f} MB idle, {', '.join(f'{one:.0f}' for one in used[1:])} MB after each round; "
              f"the last {used[-1] / used[1]:.2f} of the first   (aim 1)")  # fmt: skip


async def _started(gateway: httpx.AsyncClient, number: int) -> str:
    answer = await gateway.post("/api/jobs", json={"song": f"s3://songs/{number}.flac", "request": {"quality": "preview"}})
    return str(answer.raise_for_status().json()["job_id"])


async def _round(
    number: int, url: str, api: str, gateway: httpx.AsyncClient, prefect: httpx.AsyncClient, jobs: list[str], process: psutil.Process
) -> float:
    """Sockets opened, news told and heard while statuses are asked for; the memory at the end, in MB."""
    first = number * NEWS
    sockets = await asyncio.gather(*(connect(f"{url.replace('http', 'ws')}/ws/jobs/{job}?after={first}", proxy=None) for job in jobs[:SOCKETS]))
    listening = [asyncio.create_task(_heard(socket, first + NEWS)) for socket in sockets]
    telling = asyncio.create_task(_tell(prefect, api, jobs[:SOCKETS], first))
    times = await _asked(gateway, jobs)
    await telling
    heard = await asyncio.wait_for(asyncio.gather(*listening), 120)
    lost = sum(set(range(first + 1, first + NEWS + 1)) - set(one) != set() for one, _ in heard)
    late = [seconds for _, delays in heard for seconds in delays]
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"round {number + 1}: status {p50 * 1e3:.0f} ms, 95 of 100 within {p95 * 1e3:.0f} ms   (aim {LIMIT * 1e3:.0f}); "
          f"{SOCKETS * NEWS} news at {SOCKETS} sockets, {lost} sockets missed any   (aim 0); heard after {statistics.median(late) * 1e3:.0f} ms, "
          f"95 of 100 within {statistics.quantiles(late, n=20)[-1] * 1e3:.0f} ms")  # fmt: skip
    await asyncio.gather(*(socket.close() for socket in sockets))
    await asyncio.sleep(1)
    return _memory(process)


async def _heard(socket: ClientConnection, last: int) -> tuple[list[int], list[float]]:
    """Sequences and delays of the news, up to the last of the round."""
    sequences, delays = [], []
    async for text in socket:
        message = json.loads(text)
        if message["stage"] != "shoot" or message["what"] != "moved":
            continue
        sequences.append(message["sequence"])
        delays.append((datetime.now(UTC) - datetime.fromisoformat(message["at"])).total_seconds())
        if message["sequence"] >= last:
            break
    return sequences, delays


async def _tell(prefect: httpx.AsyncClient, api: str, jobs: list[str], first: int) -> None:
    """Tell each job's news as runs do, one piece of every job at a time."""
    for sequence in range(first + 1, first + NEWS + 1):
        await prefect.post(f"{api}/events", json=[_event(job, sequence) for job in jobs])
        await asyncio.sleep(SECOND)


def _event(job: str, sequence: int) -> dict[str, object]:
    news = {"sequence": sequence, "stage": "shoot", "what": "moved", "percent": min(sequence, 100), "message": "shooting", "scene": 0}
    return {
        "id": str(uuid4()), "occurred": datetime.now(UTC).isoformat(), "event": "songreel.shoot.moved",
        "resource": {"prefect.resource.id": f"prefect.flow-run.{job}"}, "related": [], "payload": news,
    }  # fmt: skip


async def _asked(gateway: httpx.AsyncClient, jobs: list[str]) -> list[float]:
    times = []
    for number in range(STATUSES):
        began = time.perf_counter()
        (await gateway.get(f"/api/jobs/{jobs[number % len(jobs)]}")).raise_for_status()
        times.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return times


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


if __name__ == "__main__":
    main()
