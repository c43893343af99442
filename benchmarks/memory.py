"""Peak memory of a short and of a ten times longer film: it has to be flat, and under 1.5 GB.

The default sizes are small pictures of 20 s and 200 s; ``--full`` takes 1 and 10 minutes at 540 lines.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.process import SONGREEL, measure

LIMIT = 1.5e9  # bytes


def main() -> None:
    full = "--full" in sys.argv
    short, height = (60, 540) if full else (20, 180)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {**os.environ, "SONGREEL_HOME": str(folder / "home"), "SONGREEL_STORE": str(folder / "store")}
        subprocess.run([SONGREEL, "server", "start"], check=True, env=env, capture_output=True)
        try:
            peaks = [_peak(folder, seconds, height, env) for seconds in (short, 10 * short)]
        finally:
            subprocess.run([SONGREEL, "server", "stop"], check=False, env=env, capture_output=True)
    print(f"peak memory, {short} s / {10 * short} s at {height} lines: {peaks[0] / 1e6:.0f} / {peaks[1] / 1e6:.0f} MB")
    print(f"long / short   {peaks[1] / peaks[0]:.2f}   (aim flat)")
    print(f"long / limit   {peaks[1] / LIMIT:.2f}   (aim under 1: {LIMIT / 1e9} GB)")


def _peak(folder: Path, seconds: int, height: int, env: dict[str, str]) -> float:
    """Film the sample song, looped to a length."""
    once = folder / "once.flac"
    if not once.exists():
        subprocess.run([sys.executable, "examples/sample_song.py", str(once)], check=True)
    samples, rate = soundfile.read(once)
    song = folder / f"{seconds}.flac"
    soundfile.write(song, np.resize(samples, (seconds * rate, samples.shape[1])), rate)
    command = [SONGREEL, "render", str(song), "--height", str(height), "--quality", "preview", "--out", str(folder), "--json"]
    return measure(command, env).peak


if __name__ == "__main__":
    main()
