"""A film shot by the workers of a pool: machines of a home each, one store, a model whose work takes its time."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import soundfile

from blocks import progress
from blocks.settings import Settings, read, using
from schemas import FilmRequest, FilmResult
from tests import live
from tests.songs import SongSpec, make_song

FPS = 12
REQUEST = FilmRequest(
    prompt="a city at night", style="cinematic", height=144, fps=Fraction(FPS), quality="basic", seed=7, titles=False, choice="local"
)
CATALOGUE = """
[[backend]]
name = "slow_model"
kind = "video"
title = "A small real one that takes its time"
where = "local_gpu"
engine = "tests.pretend:Model"
native_fps = 8
max_seconds = 60
looks = 0.9
speed = {speed}
licence = "Apache-2.0"
commercial = true
as_of = "2026-11-21"

[backend.options]
seconds = {seconds}
loading = 0.5
"""


@dataclass
class Film:
    """One film in the making, on a store that its machines share."""

    folder: Path
    api: str
    seconds: float
    """That each scene's footage takes."""
    events: list[progress.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "own.toml").write_text(CATALOGUE.format(seconds=self.seconds, speed=self.seconds))

    @contextmanager
    def machine(self, name: str) -> Iterator[live.Process]:
        """A worker of the pool with a home of its own, as on another machine."""
        with live.worker("gpu", self.api, self.environment(name), name=name) as process:
            yield process

    def environment(self, name: str) -> Mapping[str, str]:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        given = {"HOME": home, "STORE": self.folder / "store", "CATALOGUE": self.folder / "own.toml", "WORKERS": 1}
        return {f"SONGREEL_{key}": str(value) for key, value in given.items()}

    def settings(self, **given: object) -> Settings:
        home = self.folder / "film"
        return read(home=home, store=str(self.folder / "store"), workers=2, catalogue=self.folder / "own.toml", **{"gpu_pool": "gpu", **given})

    def render(self, song: Path, **given: object) -> FilmResult:
        """The film, made in this process with the pool's help."""
        from prefect.settings import (
            PREFECT_API_URL,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            PREFECT_LOGGING_LEVEL,
            PREFECT_LOGGING_TO_API_ENABLED,
            temporary_settings,
        )

        from flows.music_video import music_video

        quiet = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False, PREFECT_LOGGING_LEVEL: "CRITICAL"}
        with (
            temporary_settings({PREFECT_API_URL: self.api, **quiet}),
            using(self.settings(**given)),
            progress.listening(self.events.append),
        ):
            return music_video(str(song), REQUEST, str(self.folder / "out"))

    def shot(self, name: str, what: str = "shot") -> Counter[int]:
        """How often that machine shot each scene."""
        book = self.folder / name / "shot.txt"
        lines = book.read_text().split("\n") if book.exists() else []
        return Counter(int(line.split()[1]) for line in lines if line.startswith(f"{what} "))

    def loaded(self, name: str) -> int:
        """How often that machine loaded the model."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / name / "shot.txt").read_text().split().count("loaded")
        return 0


def song_of(seconds: float, path: Path) -> Path:
    """A made song at 120 bpm."""
    song = make_song(SongSpec(form=(("intro", 2), ("verse", 4), ("chorus", 4)), seed=3), seconds=seconds)
    soundfile.write(path, song.samples, song.rate)
    return path
