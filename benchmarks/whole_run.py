"""A whole run against x264 alone on the same frames, and Prefect's share of it.

Aims: at most 1.5 times x264 at 1080p30 on two cores; Prefect under 5 %; an identical second run under 5 s with the kept server.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.process import SONGREEL, measure
from songreel.media.tool import ffmpeg_path

AIM_X264, AIM_PREFECT, AIM_AGAIN = 1.5, 0.05, 5.0  # times, share, s


def main() -> None:
    seconds = 48 if "--full" in sys.argv else 12
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), seconds)


def run(folder: Path, seconds: int) -> None:
    song = folder / "song.flac"
    subprocess.run([sys.executable, "examples/sample_song.py", str(song)], check=True)
    env = {**os.environ, "SONGREEL_HOME": str(folder / "home"), "SONGREEL_STORE": str(folder / "store")}
    command = [SONGREEL, "render", str(song), "--duration", str(seconds), "--style", "synthwave", "--out", str(folder), "--json"]
    subprocess.run([SONGREEL, "server", "start"], check=True, env=env, capture_output=True)
    try:
        first, again = measure(command, env), measure(command, env)
        film = json.loads(first.stdout)
        x264 = _x264_alone(Path(film["film"]["path"]), folder)
    finally:
        subprocess.run([SONGREEL, "server", "stop"], check=False, env=env, capture_output=True)
    print(f"{film['film']['frames']} frames at {film['film']['width']}x{film['film']['height']}, {len(film['scenes'])} scenes")
    print(f"whole run / x264 alone      {first.wall / x264:6.2f}   (aim {AIM_X264}; {first.wall:.1f} s / {x264:.1f} s)")
    print(f"identical second run        {again.wall:6.2f} s (aim {AIM_AGAIN})")
    overhead = first.wall - max(sum(film["timings"].values()), 0)
    print(f"outside the stages          {overhead / first.wall:6.1%}   (process start, Prefect, waiting; aim {AIM_PREFECT:.0%})")
    print(f"stages, s                   {film['timings']}")


def _x264_alone(film: Path, folder: Path) -> float:
    """Seconds that x264 veryfast takes for the film's own frames, read raw from a file."""
    raw = folder / "frames.yuv"
    size = subprocess.run([ffmpeg_path(), "-y", "-v", "error", "-i", str(film), "-an", "-f", "rawvideo", "-pix_fmt", "yuv420p", str(raw)], check=True)
    assert size.returncode == 0
    facts = json.loads((film.parent / "manifest.json").read_text())["film"]
    shape = f"{facts['width']}x{facts['height']}"
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", shape, "-r", "30", "-i", str(raw)]
    target = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", str(folder / "x264.mp4")]
    return measure([ffmpeg_path(), "-y", "-v", "error", *source, *target]).wall


if __name__ == "__main__":
    main()
