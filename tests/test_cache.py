"""Stage keys, healing, locks, and every manifest's way through Prefect's storage."""

import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from prefect import flow
from prefect.serializers import JSONSerializer
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import BaseModel

import schemas
from blocks.settings import read, using
from schemas import (
    Analysis,
    Assignment,
    Clip,
    Cost,
    CostLedger,
    CutReport,
    Encoding,
    ExecutionPlan,
    Film,
    FilmFile,
    FilmRequest,
    FilmResult,
    Footage,
    GridEdit,
    Instrument,
    Line,
    Look,
    Lyrics,
    MediaRef,
    MusicSummary,
    Note,
    Placement,
    Plan,
    Reference,
    Report,
    ReportSummary,
    Scene,
    SceneResult,
    Script,
    Section,
    ShotOrder,
    Sketch,
    Slot,
    Song,
    Stems,
    StoryBeat,
    TempoCandidate,
    TimedText,
    Timeline,
    Transition,
    Treatment,
    Violation,
    Word,
)  # fmt: skip
from songreel.errors import MediaError, TransientError
from songreel.execution import identity
from songreel.execution.identity import key_of, media_in
from songreel.execution.reel import Inspected, Materials, Reel
from songreel.execution.workers import Workers
from songreel.storage import Store
from tasks.locks import FlockLocks
from tasks.policy import stage
from tasks.results import StoreResults, working_here
from tasks.studio import Studio

pytestmark = pytest.mark.xdist_group("flow")

REF = MediaRef(sha256="ab" * 32, suffix=".bin", media_type="application/x-one", bytes=3)
OTHER = MediaRef(sha256="cd" * 32, suffix=".bin", media_type="application/x-one", bytes=3)
NOTE = Note(stage="shoot", took="this", because="of that")
LOOK = Look(world="city", style="cinematic", colours=("#000000", "#333333", "#666666", "#ff8800", "#ffffff"), energy=1 / 3)
SLOT = Slot(scene=0, start_frame=0, end_frame=72, handle_out=4)
NTSC = Fraction(30000, 1001)
SONG = Song(
    master=REF, source=OTHER, name="Größe", duration=2.4024, samples=105946, sample_rate=44100, channels=2, container="flac", codec="flac",
    cover=OTHER,
    timed_lyrics=(TimedText(start=0.1, text="la"),), notes=(NOTE,),
)  # fmt: skip
SECTION = Section(label="verse", start=0, end=2.4024, energy=0.1 + 0.2, group="A")
ANALYSIS = Analysis(
    duration=2.4024, tempo=119.99999999999999, tempo_candidates=(TempoCandidate(bpm=120, confidence=1),), beats=(0.1, 0.6), downbeats=(0.1,), metre=4,
    grid="steady", grid_confidence=1, key="A#", mode="minor", key_confidence=0.5, sections=(SECTION,), energy=0.5, brightness=0.5, valence=0.5,
    arousal=0.5, loudness=-14.2, instruments=(Instrument(name="vocals", share=0.5, spans=((0.0, 1.0),)),), curves=REF, fps=NTSC,
)  # fmt: skip
SCENE = Scene(
    index=0, start_frame=0, end_frame=72, section=0, label="verse", energy=0.5, look=LOOK, prompt="p", seed=2**32 - 1,
    script=Script(place="p", subject="s", action="a", camera="c", light="l", mood="m", lyric="„ü“"),
)  # fmt: skip
LYRICS = Lyrics(lines=(Line(text="la la", start=0, end=1, words=(Word(text="la", start=0, end=0.5),)),), language="de", source="given")
PLAN = Plan(
    song=SONG, request=FilmRequest(fps="29.97", grid=GridEdit(tempo_map=((0, 120), (1.5, 90))), duration=2.4), fps=NTSC,
    width=320, height=180, frames=72,
    music=MusicSummary(duration=2.4, tempo=120, metre=4, key="C", mode="major", energy=0.5, valence=0.5, arousal=0.5, sections=(SECTION,)),
    treatment=Treatment(
        title="t", logline="l", style="cinematic", genre="hip-hop", mood="calm", palette="cover", colours=LOOK.colours, seed=1,
        characters=(schemas.Character(name="Ada", description="a pilot"),), story=(StoryBeat(section=0, text="x"),),
    ),
    scenes=(SCENE,),
)  # fmt: skip
ENCODING = Encoding()
ORDER = ShotOrder(
    backend="painter", slot=SLOT, width=320, height=180, fps=NTSC, encoding=ENCODING, quality="preview", prompt="p", seed=1, look=LOOK,
    references=(OTHER,), curves=REF, own=schemas.OwnShaders(world=schemas.OwnShader(name="w.frag", text="// „ü“")),
    lettering=schemas.Lettering(colours=LOOK.colours, cards=(schemas.Card(kind="title", title="t", start=0.5, end=3),)),
)  # fmt: skip
FOOTAGE = Footage(media=REF, frames=76, width=320, height=180, fps=NTSC, backend="painter", seed=1, conformed=True, seconds=0.1, notes=(NOTE,))
CLIP = Clip(slot=SLOT, media=REF, width=320, height=180, fps=NTSC, encoding=ENCODING)
TIMELINE = Timeline(
    fps=NTSC, width=320, height=180, frames=72, encoding=ENCODING, beats=(0.1,),
    placements=(Placement(slot=SLOT, transition=Transition(kind="wipe", frames=4)),),
)  # fmt: skip
FILM = Film(media=REF, frames=72, fps=NTSC, width=320, height=180, duration=2.4024, container="mov", soundtrack="copied")
CUTS = CutReport(count=0, max_error_frames=0, on_beat_share=1, by_chance=0.1)
REPORT = Report(
    frames=72, fps=NTSC, width=320, height=180, duration=2.4, cuts=CUTS, length_error_frames=-0.5, audio_offset_ms=-0.1,
    still_clips=(1,), ken_burns_clips=(), black_frames=0, flashes_per_second_max=0, beat_alignment=1,
    violations=(Violation(rule="black", sentence="s", frames=(1, 2)),),
)  # fmt: skip
RESULT = FilmResult(
    run="r", film=FilmFile(path="film.mp4", frames=72, fps=29.97, width=320, height=180, duration=2.4, sha256="ab" * 32),
    scenes=(
        SceneResult(
            index=0, start_frame=0, end_frame=72, backend="b", world="w", style="s", prompt="p", seed=1, cached=False, seconds=0.1, dollars=0.2
        ),
    ),
    timings={"data": 1.5}, dollars=0.2, degraded=(NOTE,),
    report=ReportSummary(
        cuts=CUTS, length_error_frames=0, audio_offset_ms=0, still_clips=0, ken_burns_clips=0, black_frames=0, flashes_per_second_max=0,
        beat_alignment=1,
    ),
)  # fmt: skip
REFERENCE = Reference(sketch=Sketch(kind="style", name="n", description="d", look=LOOK, seed=3), image=REF, backend="painter")
COSTS = CostLedger(entries=(Cost(stage="shoot", scene=1, provider="dear", estimated=0.1, charged=0.1 + 0.2),), cap=1)
MATERIALS = Materials(
    plan=PLAN, analysis=ANALYSIS, lyrics=LYRICS, timeline=TIMELINE, film=FILM, clips=(CLIP,), report=REPORT, costs=COSTS, result=RESULT, title="t"
)
STEMS = Stems(vocals=REF, drums=OTHER, bass=REF, other=OTHER, sample_rate=44100, residual_db=-90.5)

MANIFESTS: list[Any] = [
    SONG, STEMS, ANALYSIS, LYRICS, PLAN, [REFERENCE], [ORDER], FOOTAGE, CLIP, TIMELINE, FILM, Inspected(report=REPORT, page=REF), MATERIALS,
    Reel(result=RESULT, title="t", files={"film.mp4": REF}, costs=COSTS), RESULT,
    ExecutionPlan(assignments=(Assignment(scene=0, backend="painter", dollars=0.1),), cap=1, notes=(NOTE,)),
]  # fmt: skip


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: type(m[0] if isinstance(m, list) else m).__name__)
def test_every_manifest_comes_back_from_storage_as_it_went(manifest: Any) -> None:
    serializer = JSONSerializer()
    back = serializer.loads(serializer.dumps(manifest))
    assert back == manifest
    assert type(back) is type(manifest)


def test_every_kind_of_manifest_is_among_those_tested() -> None:
    tested = {type(model) for manifest in MANIFESTS for model in models_in(manifest)}
    unused = {schemas.BackendProfile, schemas.Hearing, schemas.BackendStatus, schemas.Choice, schemas.FramesRule, schemas.Model, schemas.RunCosts}
    assert {kind for kind in vars(schemas).values() if isinstance(kind, type) and issubclass(kind, BaseModel)} - tested <= unused


def models_in(value: Any) -> list[BaseModel]:
    if isinstance(value, BaseModel):
        return [value, *(model for name in type(value).model_fields for model in models_in(getattr(value, name)))]
    if isinstance(value, dict):
        value = list(value.values())
    return [model for item in value for model in models_in(item)] if isinstance(value, (list, tuple)) else []


def test_a_key_counts_content_and_neither_place_nor_size() -> None:
    moved = REF.model_copy(update={"suffix": ".dat", "bytes": 9})
    assert key_of("shoot", {"order": ORDER}) == key_of("shoot", {"order": ORDER.model_copy(update={"curves": moved})})
    assert key_of("shoot", {"order": ORDER}) != key_of("shoot", {"order": ORDER.model_copy(update={"curves": OTHER})})
    assert key_of("shoot", {"order": ORDER}) != key_of("conform", {"order": ORDER})


def test_a_key_changes_with_the_stages_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("shoot", {"order": ORDER})
    monkeypatch.setitem(identity.VERSIONS, "shoot", "2")
    assert key_of("shoot", {"order": ORDER}) != before


def test_a_key_tells_one_prompt_from_another_and_a_model_from_its_likeness() -> None:
    assert key_of("plan", {"a": 1.0}) != key_of("plan", {"a": 1.5})
    assert key_of("plan", {"a": Slot(scene=0, start_frame=0, end_frame=1)}) != key_of("plan", {"a": {"scene": 0, "start_frame": 0, "end_frame": 1}})


def test_media_is_found_in_every_corner_of_a_manifest() -> None:
    assert set(media_in({"a": [PLAN], "b": (ANALYSIS,)})) == {REF, OTHER}


def test_a_record_is_whole_or_absent(tmp_path: Path) -> None:
    results = StoreResults.of(Store(str(tmp_path)))
    with pytest.raises(FileNotFoundError):
        results.read_path("key")
    results.write_path("key", b"{}")
    assert results.read_path("key") == b"{}"
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["key.json"]


calls: list[str] = []


@stage("shoot", "count {name}")
def counted(name: str, studio: Studio, path: Path | None = None) -> Footage:
    """A stage that makes real content and counts its calls."""
    calls.append(name)
    time.sleep(0.2)
    return FOOTAGE.model_copy(update={"media": studio.store.put_bytes(name.encode(), ".bin")})


@stage("conform")
def shaky(error: str, succeeds_at: int, studio: Studio) -> list[str]:
    """Fails until its n-th call."""
    calls.append(error)
    if len(calls) < succeeds_at:
        raise TransientError(error) if error == "moment" else MediaError(error)
    return [error]


@flow(persist_result=False)
def run_all(names: list[str], folder: str, task: str = "counted") -> Any:
    store = Store(folder)
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=4)
    with runner, working_here(store, runner), Workers(1) as workers:
        studio = Studio(store, workers)
        if task == "shaky":
            return shaky(names[0], 2, studio)
        futures = [counted.submit(name, studio, Path(f"/somewhere/{number}")) for number, name in enumerate(names)]
        return [future.result() for future in futures]


@pytest.fixture
def home(tmp_path: Path, prefect_api: str) -> Any:
    calls.clear()
    with using(read(home=tmp_path / "home")):
        yield tmp_path


def test_equal_inputs_are_computed_once_even_side_by_side(home: Path) -> None:
    run_all(["a", "a", "b", "a"], str(home / "store"))
    assert sorted(calls) == ["a", "b"]
    run_all(["b"], str(home / "store"))
    assert sorted(calls) == ["a", "b"]


def test_a_result_whose_media_is_gone_is_made_again(home: Path) -> None:
    first = run_all(["a", "b"], str(home / "store"))
    Store(str(home / "store")).get(first[0].media).unlink()
    again = run_all(["a", "b"], str(home / "store"))
    assert sorted(calls) == ["a", "a", "b"]
    assert again == first
    run_all(["a"], str(home / "store"))
    assert sorted(calls) == ["a", "a", "b"]


def test_only_a_fault_of_the_moment_is_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shaky, "retry_delay_seconds", [0.0, 0.0, 0.0])
    assert run_all(["moment"], str(home / "store"), "shaky") == ["moment"]
    assert calls == ["moment", "moment"]
    calls.clear()
    with pytest.raises(MediaError, match="for good"):
        run_all(["for good"], str(home / "store"), "shaky")
    assert calls == ["for good"]


HOLDER = """
import sys, time
from pathlib import Path
from tasks.locks import FlockLocks
FlockLocks(Path(sys.argv[1])).acquire_lock("key", "other")
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_free_the_moment_its_holder_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    assert holder.stdout is not None
    with holder.stdout as said:
        assert said.readline() == b"held\n"
        locks = FlockLocks(tmp_path)
        assert locks.is_locked("key")
        assert not locks.acquire_lock("key", "me", acquire_timeout=0.2)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    assert locks.acquire_lock("key", "me", acquire_timeout=2.0)
    locks.release_lock("key", "me")
    assert not locks.is_locked("key")


def test_a_lock_belongs_to_its_holder_alone(tmp_path: Path) -> None:
    locks = FlockLocks(tmp_path)
    assert locks.acquire_lock("key", "me")
    assert locks.acquire_lock("key", "me")
    assert not locks.acquire_lock("key", "you", acquire_timeout=0.0)
    with pytest.raises(ValueError, match="you holds no lock on key"):
        locks.release_lock("key", "you")
    freed = threading.Timer(0.3, locks.release_lock, ("key", "me"))
    freed.start()
    assert locks.wait_for_lock("key", timeout=5.0)
    freed.join()
