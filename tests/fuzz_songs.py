"""Mutated songs: each must give a song or one clear sentence, within 10 s and without a trace left behind.

``python -m tests.fuzz_songs [COUNT] [SEED]`` makes and takes so many; ``test_ingest`` takes a few.
"""

import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from songreel.audio.ingest import take
from songreel.errors import SongreelError
from songreel.storage.store import Store
from tests.media_files import song_file

KINDS = ("mp3", "flac", "wav", "ogg", "m4a")
LIMIT = 10.0  # s for one file
START = 30.0  # s for the process that takes them to start


@dataclass(frozen=True)
class Taken:
    """What became of one file: ``song``, ``refused`` or ``broken``, and the sentence or the traceback."""

    name: str
    outcome: str
    told: str
    seconds: float


def fuzz(folder: Path, count: int, seed: int = 0) -> list[Taken]:
    """Take so many mutated songs in one process of their own; a hang ends it and counts as broken."""
    songs = [song_file(folder, kind, 2.5, ("-metadata", "title=Blue Sky", "-metadata", "artist=Tests")) for kind in KINDS]
    mutated = folder / "mutated"
    mutated.mkdir()
    files = list(_mutants(songs, mutated, count, random.Random(seed)))
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz_songs", "--take", str(folder / "store"), *map(str, files)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=START + LIMIT * count, check=False)
        lines, ended = done.stdout.splitlines(), f"the process ended with code {done.returncode}: {done.stderr[-500:]}"
    except subprocess.TimeoutExpired as error:
        lines, ended = (error.stdout or b"").decode().splitlines(), "it hung"
    found = [Taken(*line.split("\t")[:3], float(line.split("\t")[3])) for line in lines if "\t" in line]
    if len(found) < count:
        found.append(Taken(files[len(found)].name, "broken", ended, LIMIT))
    return found


def _mutants(songs: list[Path], folder: Path, count: int, chance: random.Random) -> Iterator[Path]:
    for number in range(count):
        song = songs[number % len(songs)]
        kind = list(MUTATIONS)[number // len(songs) % len(MUTATIONS)]
        suffix = chance.choice(KINDS) if kind == "rename" else song.suffix[1:]
        path = folder / f"{number:03d}-{song.suffix[1:]}-{kind}.{suffix}"
        path.write_bytes(MUTATIONS[kind](song.read_bytes(), chance))
        yield path


def _flip(data: bytes, chance: random.Random, least: int = 0) -> bytes:
    mutated = bytearray(data)
    for _ in range(chance.choice((1, 20, 500))):
        mutated[chance.randrange(least, len(mutated))] ^= 1 << chance.randrange(8)
    return bytes(mutated)


def _flip_head(data: bytes, chance: random.Random) -> bytes:
    return _flip(data[:400], chance) + data[400:]


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:first] + data[last:]


MUTATIONS = {
    "truncate": lambda data, chance: data[: chance.randrange(1, len(data))],
    "flip": _flip,
    "fliphead": _flip_head,
    "rename": lambda data, chance: data,
    "junk": lambda data, chance: chance.randbytes(chance.choice((1, 100, 5000))) + data,
    "zeros": lambda data, chance: data[: len(data) // 3] + bytes(len(data) // 3) + data[2 * len(data) // 3 :],
    "cutout": _cut_out,
    "empty": lambda data, chance: b"",
    "stub": lambda data, chance: data[: chance.randrange(1, 64)],
    "noise": lambda data, chance: chance.randbytes(len(data) // 4),
    "twice": lambda data, chance: data + data,
}


def _take_all(store: Store, files: list[str]) -> None:
    """One line for each file: name, outcome, sentence, seconds."""
    for file in files:
        started = time.perf_counter()
        outcome, told = _taken(Path(file), store)
        sys.stdout.write(f"{Path(file).name}\t{outcome}\t{told}\t{time.perf_counter() - started:.3f}\n")
        sys.stdout.flush()


def _taken(path: Path, store: Store) -> tuple[str, str]:
    before = _lying(store)
    try:
        song = take(path, store)
    except SongreelError as error:
        left = _lying(store) - before
        return ("broken", f"left {left}") if left or "\n" in str(error) else ("refused", str(error).replace("\t", " "))
    except Exception:
        return "broken", traceback.format_exc().replace("\n", " | ").replace("\t", " ")
    whole = store.has(song.master) and song.samples > 0 and song.duration >= 1
    return ("song", f"{song.duration:.2f} s {song.title} {[note.because for note in song.notes]}") if whole else ("broken", repr(song))


def _lying(store: Store) -> set[Path]:
    return {path for path in Path(store.root).rglob("*") if path.is_file()}


def main() -> None:
    """Take mutated songs and print what became of them; ends with 1 when one was broken."""
    count, seed = (int(word) if word else default for word, default in zip([*sys.argv[1:], "", ""][:2], (220, 0), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        found = fuzz(Path(folder), count, seed)
    for one in found:
        sys.stdout.write(f"{one.outcome:8} {one.seconds:6.2f} s  {one.name:28} {one.told}\n")
    broken = [one for one in found if one.outcome == "broken" or one.seconds > LIMIT]
    songs = sum(one.outcome == "song" for one in found)
    slowest = max(one.seconds for one in found)
    sys.stdout.write(
        f"{len(found)} files: {songs} songs, {len(found) - songs - len(broken)} refused, {len(broken)} broken; slowest {slowest:.2f} s\n"
    )
    sys.exit(bool(broken))


if __name__ == "__main__":
    if "--take" in sys.argv:
        _take_all(Store(sys.argv[2]), sys.argv[3:])
    else:
        main()
