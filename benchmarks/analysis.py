"""Time of the analyse stage against a naive script that calls librosa's load, beat_track, chroma_cqt, hpss, rms and mfcc one after the other.

``python -m benchmarks.analysis`` runs both on the same made song as fresh processes, in turns, and prints the ratios of the cheapest
runs; the aim is under a quarter. Ours also finds downbeats, metre, key, sections, mood, instruments, loudness and the curves.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

AIM = 0.25
RATE = 44100
SECONDS = 180.0
TURNS = 2

NAIVE = """
import sys, librosa
samples, rate = librosa.load(sys.argv[1])
librosa.beat.beat_track(y=samples, sr=rate)
librosa.feature.chroma_cqt(y=samples, sr=rate)
librosa.effects.hpss(samples)
librosa.feature.rms(y=samples)
librosa.feature.mfcc(y=samples, sr=rate)
"""

MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def ours(song: Path, folder: Path) -> None:
    """The whole stage, ingest included: what a process of ours does with a song it has never seen."""
    from songreel.audio.analyse import analyse
    from songreel.audio.ingest import take
    from songreel.storage.store import Store

    store = Store(str(folder))
    analyse(take(song, store), store, fps=Fraction(30))


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    wall: float  # s
    cpu: float  # s, all threads and children
    megabytes: float  # largest resident size of any one of its processes


def cost(arguments: list[str]) -> Cost:
    """Run a command to its end in a process of its own."""
    said = subprocess.run([sys.executable, "-c", MEASURE, *arguments], check=True, capture_output=True, text=True).stdout
    return Cost(*(float(word) for word in said.split()[-3:]))


def compare(seconds: float, turns: int) -> dict[str, Cost]:
    """The cheapest run of each side on one song."""
    import soundfile

    from tests.songs import SongSpec, make_song

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        song, naive = folder / "song.flac", folder / "naive.py"
        samples = make_song(SongSpec(tempo=118.0, drums="pop", seed=7), seconds, RATE).samples
        soundfile.write(song, np.stack([samples, samples], axis=1), RATE)
        naive.write_text(NAIVE)
        runs: dict[str, list[Cost]] = {"ours": [], "naive": []}
        for turn in range(turns):
            runs["ours"].append(cost([sys.executable, "-m", "benchmarks.analysis", "--ours", str(song), str(folder / f"store{turn}")]))
            runs["naive"].append(cost([sys.executable, "-W", "ignore", str(naive), str(song)]))
    return {name: min(costs, key=lambda one: one.cpu) for name, costs in runs.items()}


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of the made song")
    parser.add_argument("--turns", type=int, default=TURNS, help="runs of each, the best one counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ours", nargs=2, metavar=("SONG", "STORE"), help="run our side alone")
    options = parser.parse_args()
    if options.ours:
        ours(Path(options.ours[0]), Path(options.ours[1]))
        return
    found = compare(options.seconds, options.turns)
    if options.json:
        print(json.dumps({name: asdict(one) for name, one in found.items()}))
        return
    for name, one in found.items():
        print(f"{name:<6} {one.wall:6.1f} s wall {one.cpu:6.1f} s of processor {one.megabytes:6.0f} MB")
    mine, theirs = found["ours"], found["naive"]
    print(f"ratio  {mine.wall / theirs.wall:.2f} wall, {mine.cpu / theirs.cpu:.2f} processor (aim under {AIM}) on {options.seconds:.0f} s of song")


if __name__ == "__main__":
    main()
