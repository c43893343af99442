"""What one machine serves: a worker for each pool, one for each GPU, and the gateway, with the environment that they share."""

import hashlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from blocks import pools
from blocks.serving import Process
from blocks.settings import Settings
from songreel.execution.machine import Gpu

FEWEST_RUNS = 2  # at once: what is short does not wait behind a long film
CORES_A_RUN = 2  # a film keeps about two cores busy while it is drawn
RESULTS = "remote-file-system/songreel-results"  # the block that says where what flows return is kept, when the store is a bucket


@dataclass(frozen=True)
class Station:
    """One machine's share of a Prefect server's work.

    Args:
        settings: the machine's.
        api: the server's address.
        gpus: this machine's.
        runs: at once on the pool cpu; none: by its cores.
    """

    settings: Settings
    api: str
    gpus: tuple[Gpu, ...] = ()
    runs: int | None = None
    _dotenv: Mapping[str, str] = field(default_factory=lambda: {name: value for name, value in dotenv_values(".env").items() if value is not None})

    @property
    def workers(self) -> list[str]:
        """The workers' names on the server; no other machine's or home's are like them."""
        here = f"{socket.gethostname()}-{hashlib.sha256(str(self.settings.home).encode()).hexdigest()[:4]}"
        return [f"{here}-{seat}" for seat in self.seats]

    @property
    def at_once(self) -> int:
        """Runs at once on the pool cpu."""
        return self.runs or max(FEWEST_RUNS, self.settings.cores // CORES_A_RUN)

    @property
    def environment(self) -> dict[str, str]:
        """What every part finds in its environment; folders are whole, since runs work in folders of their own."""
        dotenv = {name: value for name, value in self._dotenv.items() if name not in os.environ}
        pool = {"SONGREEL_GPU_POOL": "gpu"} if self.gpus and not self.settings.gpu_pool else {}
        return pools.environment(
            self.api, "" if self.settings.prefect_api_url else str(self.settings.server_home), {**dotenv, **pool, **self._places}
        )

    def processes(self) -> list[Process]:
        """The workers, to be started; what is shot on a GPU is shot one after the other."""
        started = zip(self.seats, self.workers, strict=True)
        return [self._worker(seat, name, 1 if seat.startswith("gpu") else self.at_once) for seat, name in started]

    def gateway(self, port: int) -> Process:
        """The gateway, to be started."""
        command = pools.tethered("gateway", "--port", str(port))
        return Process("gateway", command, self.environment, self.settings.logs / "gateway.log")

    @property
    def seats(self) -> list[str]:
        """What the workers are called here: one for the pool cpu, one a GPU; without a GPU the processor serves that pool."""
        return ["cpu", *(f"gpu-{number}" for number in range(max(len(self.gpus), 1)))]

    def _worker(self, seat: str, name: str, limit: int) -> Process:
        pool, _, number = seat.partition("-")
        surroundings = {**self.environment, **(self._gpu(int(number)) if number else {})}
        return Process(f"worker {seat}", pools.worker(pool, name, limit), surroundings, self.settings.logs / f"worker-{seat}.log", graceful=False)

    def _gpu(self, number: int) -> dict[str, str]:
        """A GPU of its own for each worker; a lease is a home's, so each further one has a home of its own."""
        if len(self.gpus) < 2:
            return {}
        home = {"SONGREEL_HOME": str(self.settings.home / f"gpu-{number}")} if number else {}
        return {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": str(number), **home}

    @property
    def _places(self) -> dict[str, str]:
        ours = self.settings
        bucket = "://" in ours.store_url
        return {
            "SONGREEL_HOME": str(ours.home),
            "SONGREEL_STORE": _whole(ours.store_url),
            "SONGREEL_SONGS": os.pathsep.join(_whole(one) for one in ours.songs),
            **({"PREFECT_DEFAULT_RESULT_STORAGE_BLOCK": RESULTS} if bucket else {}),
            **{name: _whole(str(path)) for name, path in self._files.items() if path},
        }

    @property
    def _files(self) -> dict[str, Path | None]:
        ours = self.settings
        return {"SONGREEL_CATALOGUE": ours.catalogue, "SONGREEL_WEIGHTS": ours.weights, "SONGREEL_GATEWAY_KEYS": ours.gateway_keys,
                "SONGREEL_HOOKS": ours.hooks, "HF_HOME": ours.hf_home, "HF_HUB_CACHE": ours.hf_hub_cache}  # fmt: skip


def _whole(place: str) -> str:
    """An address as it is, a folder from the root."""
    return place if "://" in place else str(Path(place).expanduser().absolute())
