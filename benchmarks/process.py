"""Measures a command as a whole: wall time, processor time and peak memory of it and all its children."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SONGREEL = str(Path(sys.executable).with_name("songreel"))
POLL = 0.1  # s between two looks at the memory


@dataclass(frozen=True)
class Measured:
    """One finished command."""

    wall: float  # s
    peak: float  # bytes, the largest sum over the process and its children (shared pages counted once a process)
    stdout: str


def measure(command: Sequence[str], env: dict[str, str] | None = None) -> Measured:
    """Run a command to its end.

    Raises:
        subprocess.CalledProcessError: it failed; its stderr is printed first.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    peak = _Peak(process.pid)
    stdout, stderr = process.communicate()
    wall = time.perf_counter() - started
    peak.stop()
    if process.returncode:
        sys.stderr.write(stderr[-2000:])
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measured(wall, peak.bytes, stdout)


class _Peak:
    """Watches the memory of a process and its children; a server it leaves running in a session of its own is not counted."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self, pid: int) -> None:
        while not self._done.wait(POLL):
            try:
                process = psutil.Process(pid)
                family = [process, *(c for c in process.children(recursive=True) if "uvicorn" not in " ".join(c.cmdline()))]
                self.bytes = max(self.bytes, sum(member.memory_info().rss for member in family))
            except psutil.NoSuchProcess:
                continue
