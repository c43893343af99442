"""What this machine has: cores, memory, disk, and the GPU that ``nvidia-smi`` names."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ASK_LIMIT = 5.0  # seconds for nvidia-smi's answer
MIB_PER_GB = 1e9 / 2**20


@dataclass(frozen=True)
class Gpu:
    """One NVIDIA GPU."""

    name: str
    vram_gb: float
    free_gb: float


@dataclass(frozen=True)
class Machine:
    """``memory_gb`` is all of the machine's memory; ``gpu`` the one with the most video memory; ``disk_gb`` what is free for work."""

    cores: int
    memory_gb: float
    gpu: Gpu | None
    disk_gb: float | None = None

    @property
    def name(self) -> str:
        """What its speed is known by: another GPU or number of cores is another speed."""
        return f"{self.gpu.name if self.gpu else 'no GPU'}, {self.cores} cores"

    @property
    def vram_gb(self) -> float:
        """Video memory of the GPU; 0 without one."""
        return self.gpu.vram_gb if self.gpu else 0.0


def look(cores: int | None = None, work: Path | None = None) -> Machine:
    """The machine this runs on.

    Args:
        cores: processes that may work at once, when a person set it.
        work: folder whose disk takes the work; none: the disk is not looked at.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    found = gpus()
    return Machine(cores or os.cpu_count() or 1, memory, max(found, key=lambda gpu: gpu.vram_gb) if found else None, _free_gb(work))


def _free_gb(work: Path | None) -> float | None:
    if work is None:
        return None
    there = next(folder for folder in (work.absolute(), *work.absolute().parents) if folder.exists())
    return shutil.disk_usage(there).free / 1e9


def gpus() -> list[Gpu]:
    """The GPUs that nvidia-smi names, in its order; none without it."""
    if shutil.which("nvidia-smi") is None:
        return []
    command = ["nvidia-smi", "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=ASK_LIMIT, check=True).stdout
    except (subprocess.SubprocessError, OSError):
        return []
    return parse_gpus(answer)


def parse_gpus(answer: str) -> list[Gpu]:
    """GPUs from nvidia-smi's lines ``name, MiB, MiB``; lines of another shape (a driver's complaint) are passed over."""
    rows = [[part.strip() for part in line.rsplit(",", 2)] for line in answer.splitlines()]
    return [
        Gpu(row[0], float(row[1]) / MIB_PER_GB, float(row[2]) / MIB_PER_GB) for row in rows if len(row) == 3 and row[1].isdigit() and row[2].isdigit()
    ]
