"""A film shot by the workers of a pool: machines of a home each, one store, a model whose work takes its time."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import soundfile

from blocks import progress
from blocks.settings import Settings, current, read, using
from flows.ending import end_children
from schemas import Encoding, FilmRequest, FilmResult, Footage, Look, ShotOrder, Slot
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
class Shoot:
    """What became of some scenes."""

    footage: dict[int, Footage]
    failed: dict[int, str]
    notes: list[str]


@dataclass
class Film:
    """One film in the making, on a store that its machines share."""

    folder: Path
    api: str
    seconds: float
    """That each scene's footage takes."""
    store: str = ""
    """Address of a bucket; empty: a folder."""
    events: list[progress.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = self.store or str(self.folder / "store")
        (self.folder / "own.toml").write_text(CATALOGUE.format(seconds=self.seconds, speed=self.seconds))

    @contextmanager
    def machines(self, *names: str) -> Iterator[list[live.Process]]:
        """Workers of the pool, each with a home of its own, as on other machines; started beside each other."""
        with contextlib.ExitStack() as stack:
            started = [stack.enter_context(live.worker("gpu", self.api, self.environment(name), name=name, wait=False)) for name in names]
            live.until(lambda: set(names) <= living(self.api), limit=120)
            yield started

    def environment(self, name: str) -> Mapping[str, str]:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        given = {"HOME": home, "STORE": self.store, "CATALOGUE": self.folder / "own.toml", "WORKERS": 1}
        return {f"SONGREEL_{key}": str(value) for key, value in given.items()}

    def settings(self, **given: object) -> Settings:
        home = self.folder / "film"
        return read(home=home, store=self.store, workers=2, catalogue=self.folder / "own.toml", **{"gpu_pool": "gpu", **given})

    def render(self, song: Path, **given: object) -> FilmResult:
        """The film, made in this process with the pool's help."""
        from flows.music_video import music_video

        with self._here(**given):
            return music_video(str(song), REQUEST, str(self.folder / "out"))

    def shoot(self, orders: Sequence[ShotOrder], **given: object) -> Shoot:
        """Scenes of one's own, shot as a film has them shot."""
        from prefect import flow
        from prefect.task_runners import ThreadPoolTaskRunner

        from flows.fleet import fleet_of
        from flows.shooting import Shooting
        from songreel.execution.workers import Workers
        from tasks.results import working_here
        from tasks.studio import Studio

        @flow(name="some-scenes", on_failure=[end_children])
        def some_scenes() -> Shoot:
            settings = current()
            store = settings.open_store()
            runner: ThreadPoolTaskRunner[object] = ThreadPoolTaskRunner(max_workers=3)
            with runner, working_here(store, runner), Workers(1) as workers:
                fleet = fleet_of(settings, store, {})
                shooting = Shooting(Studio(store, workers, settings.access), 1, fleet=fleet)
                failed = {order.slot.scene: str(error) for order, error in shooting.round(orders)}
            return Shoot(shooting.footage(), failed, [note.because for note in fleet.notes] if fleet else [])

        with self._here(**given):
            return some_scenes()

    def begin_and_fail(self, orders: Sequence[ShotOrder]) -> None:
        """A film that fails while the pool shoots for it."""
        from prefect import flow

        from flows.fleet import fleet_of

        @flow(name="a-failing-film", on_failure=[end_children])
        def a_failing_film() -> None:
            settings = current()
            fleet = fleet_of(settings, settings.open_store(), {})
            assert fleet is not None
            fleet.shoot(orders, lambda order, outcome: None)
            live.until(lambda: set(self.shot("left", "begun")) & {order.slot.scene for order in orders}, limit=240)
            raise RuntimeError("the film fails")

        with self._here():
            a_failing_film()

    @contextmanager
    def _here(self, **given: object) -> Iterator[None]:
        with live.talking_to(self.api), using(self.settings(**given)), progress.listening(self.events.append):
            yield

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


def an_order(scene: int, backend: str = "slow_model") -> ShotOrder:
    """Two seconds of a city."""
    return ShotOrder(
        backend=backend, slot=Slot(scene=scene, start_frame=24 * scene, end_frame=24 * scene + 24), width=160, height=90, fps=Fraction(FPS),
        encoding=Encoding(threads=1), quality="preview", prompt="a city at night", seed=scene,
        look=Look(world="city", style="cinematic", colours=("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")),
    )  # fmt: skip


def living(api: str) -> set[str]:
    """Names of the pool's workers that the server has heard of."""
    return {one["name"] for one in live.call(api, "/work_pools/gpu/workers/filter") if one["status"] == "ONLINE"}


def runs(api: str) -> list[str]:
    """States of all runs on the pool."""
    found = live.call(api, "/flow_runs/filter", {"flows": {"name": {"any_": ["shoot-scenes"]}}, "sort": "ID_DESC"})
    return [one["state"]["type"] for one in found]


def song_of(seconds: float, path: Path) -> Path:
    """A made song at 120 bpm."""
    song = make_song(SongSpec(form=(("intro", 2), ("verse", 4), ("chorus", 4)), seed=3), seconds=seconds)
    soundfile.write(path, song.samples, song.rate)
    return path
