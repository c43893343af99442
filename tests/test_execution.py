"""Workers, the machine, the budget, and the reel's delivery."""

import ctypes
import os
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from schemas import (  # fmt: skip
    CutReport,
    FilmFile,
    FilmRequest,
    FilmResult,
    Look,
    MusicSummary,
    Plan,
    ReportSummary,
    Scene,
    Script,
    Section,
    Song,
    Treatment,
)
from songreel.errors import SongreelError, TransientError, UserError
from songreel.execution.identity import digest
from songreel.execution.machine import look, parse_gpus
from songreel.execution.reel import Reel, deliver, recall, remember, run_name
from songreel.execution.workers import Limits, Workers
from songreel.storage import Store

COLOURS = ("#000000", "#333333", "#666666", "#ff8800", "#ffffff")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.fixture
def plan(store: Store) -> Plan:
    """Three scenes of four seconds; the second has the most energy."""
    return made_plan(store)


def made_plan(store: Store, **wishes: object) -> Plan:
    ref = store.put_bytes(b"song", ".flac")
    song = Song(master=ref, source=ref, name="song", duration=12.0, samples=264600, sample_rate=22050, channels=1, container="flac", codec="flac")
    sections = (Section(label="verse", start=0, end=12, energy=0.5, group="A"),)
    scenes = tuple(
        Scene(
            index=number, start_frame=120 * number, end_frame=120 * (number + 1), section=0, label="verse", energy=energy,
            script=Script(place="p", subject="s", action="a", camera="c", light="l", mood="m"),
            look=Look(world="city", style="cinematic", colours=COLOURS), prompt=f"scene {number}", seed=number,
        )
        for number, energy in enumerate((0.3, 0.9, 0.6))
    )  # fmt: skip
    return Plan(
        song=song, request=FilmRequest(**wishes), fps=Fraction(30), width=320, height=180, frames=360,
        music=MusicSummary(duration=12, tempo=120, metre=4, key="C", mode="major", energy=0.5, valence=0.5, arousal=0.5, sections=sections),
        treatment=Treatment(title="t", logline="l", style="cinematic", genre="pop", mood="calm", palette="warm", colours=COLOURS, seed=1),
        scenes=scenes,
    )  # fmt: skip


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


def test_a_worker_runs_a_function_by_name_in_another_process(workers: Workers) -> None:
    assert workers.call("os:getpid") != os.getpid()
    assert workers.call("math:pow", 2.0, 10.0) == 1024.0


def test_a_worker_keeps_what_it_loaded_for_the_next_call(workers: Workers) -> None:
    assert workers.call("os:getpid") == workers.call("os:getpid")


def test_an_error_in_a_worker_comes_back_as_it_was_with_its_traceback(workers: Workers) -> None:
    with pytest.raises(ValueError, match="math domain error") as caught:
        workers.call("math:sqrt", -1.0)
    assert "worker.py" in caught.value.__notes__[0]


def test_a_worker_that_dies_costs_one_call_that_may_be_made_again(workers: Workers) -> None:
    with pytest.raises(TransientError, match=r"os:_exit ended with status 3"):
        workers.call("os:_exit", 3)
    assert workers.call("math:sqrt", 4.0) == 2.0


def test_a_worker_tells_how_far_it_is(workers: Workers) -> None:
    heard: list[float] = []
    workers.call("tests.test_execution:count_to", 3, progress=heard.append)
    assert heard[0] == pytest.approx(1 / 3)


def count_to(last: int, progress: object) -> None:
    """Called in a worker."""
    for number in range(1, last + 1):
        progress(number / last)  # type: ignore[operator]
        time.sleep(0.11)


def test_a_worker_that_is_silent_for_too_long_is_ended_even_when_it_holds_its_interpreters_lock(workers: Workers) -> None:
    began = time.monotonic()
    with pytest.raises(TransientError, match=r"nothing was made for 1 s"):
        workers.call("tests.test_execution:hold_the_lock", limits=Limits(silence=1.0))
    assert time.monotonic() - began < 20
    assert workers.call("math:sqrt", 4.0) == 2.0


def hold_the_lock() -> None:
    """Called in a worker: a thread of this process gets no turn until it is over."""
    ctypes.PyDLL(None).sleep(60)


def test_a_worker_that_is_heard_from_is_left_alone(workers: Workers) -> None:
    workers.call("tests.test_execution:count_to", 1, progress=lambda share: None)
    workers.call("tests.test_execution:count_to", 40, progress=lambda share: None, limits=Limits(silence=3.0))


def test_a_worker_that_takes_too_much_memory_is_ended(workers: Workers) -> None:
    with pytest.raises(TransientError, match=r"more than 0\.3 GB of memory"):
        workers.call("tests.test_execution:hold_memory", limits=Limits(silence=60.0, memory=3e8))


def hold_memory() -> None:
    """Called in a worker."""
    held = bytearray(500_000_000)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(60)


def test_workers_that_were_ended_take_no_calls_and_leave_no_process() -> None:
    with Workers(1) as workers:
        pid = workers.call("os:getpid")
    assert not psutil.pid_exists(pid)
    with pytest.raises(SongreelError, match="the run is over"):
        workers.call("os:getpid")


def test_gpus_are_read_from_nvidia_smi_and_complaints_are_not() -> None:
    gpus = parse_gpus("NVIDIA H100, 80 GB, 81559, 80000\nFailed to initialize NVML: N/A\n")
    assert [(gpu.name, round(gpu.vram_gb)) for gpu in gpus] == [("NVIDIA H100, 80 GB", 86)]
    assert look(3).cores == 3


def test_a_run_is_named_by_its_song_and_what_decides_it() -> None:
    assert run_name("Größe Nacht (Live!)", "x").startswith("grosse-nacht-live-")
    assert run_name("夜", "x").startswith("song-")
    assert run_name("a", "x") == run_name("a", "x") != run_name("a", "y")


def test_a_digest_counts_media_by_content_and_ignores_the_order_of_names(store: Store) -> None:
    ref = store.put_bytes(b"1", ".bin", "application/x-one")
    same = ref.model_copy(update={"bytes": 7})
    assert digest({"a": ref, "b": 1}) == digest({"b": 1, "a": same})
    assert digest({"a": ref}) != digest({"a": ref.model_copy(update={"media_type": "application/x-two"})})


@pytest.fixture
def reel(store: Store) -> Reel:
    summary = ReportSummary(
        cuts=CutReport(count=0, max_error_frames=0, on_beat_share=1, by_chance=0), length_error_frames=0, audio_offset_ms=0, still_clips=0,
        ken_burns_clips=0, black_frames=0, flashes_per_second_max=0, beat_alignment=1,
    )  # fmt: skip
    film = FilmFile(path="film.mp4", frames=1, fps=30, width=2, height=2, duration=1, sha256="0" * 64)
    result = FilmResult(run="song-1", film=film, scenes=(), timings={}, dollars=0, degraded=(), report=summary)
    files = {
        "film.mp4": store.put_bytes(b"film", ".mp4"),
        "plan.json": store.put_bytes(b"{}", ".json"),
        "clips/000.mp4": store.put_bytes(b"c", ".mp4"),
    }
    return Reel(result=result, title="song", files=files)


def test_a_reel_is_delivered_whole_and_names_its_film(reel: Reel, store: Store, tmp_path: Path) -> None:
    result = deliver(reel, store, tmp_path / "out")
    assert Path(result.film.path).read_bytes() == b"film"
    assert sorted(p.name for p in (tmp_path / "out" / "song-1").rglob("*.part")) == []


def test_delivering_again_mends_what_was_lost_and_keeps_an_edited_plan(reel: Reel, store: Store, tmp_path: Path) -> None:
    folder = Path(deliver(reel, store, tmp_path).film.path).parent
    (folder / "clips" / "000.mp4").unlink()
    (folder / "film.mp4").write_bytes(b"FILM")
    (folder / "plan.json").write_text('{"mine": 1}')
    deliver(reel, store, tmp_path)
    assert (folder / "clips" / "000.mp4").read_bytes() == b"c"
    assert (folder / "film.mp4").read_bytes() == b"film"
    assert (folder / "plan.json").read_text() == '{"mine": 1}'


def test_a_newer_plan_replaces_a_delivered_one_that_nobody_edited(reel: Reel, store: Store, tmp_path: Path) -> None:
    deliver(reel, store, tmp_path)
    newer = reel.model_copy(update={"files": {**reel.files, "plan.json": store.put_bytes(b'{"new": 1}', ".json")}})
    folder = Path(deliver(newer, store, tmp_path).film.path).parent
    assert (folder / "plan.json").read_text() == '{"new": 1}'


def test_a_folder_that_cannot_be_written_is_the_users_to_change(reel: Reel, store: Store, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UserError, match="give another folder with --out"):
        deliver(reel, store, tmp_path / "out")


def test_a_remembered_reel_counts_only_while_all_its_media_is_there(reel: Reel, store: Store) -> None:
    assert recall("song-1", store) is None
    remember(reel, store)
    assert recall("song-1", store) == reel
    store.get(reel.files["plan.json"]).unlink()
    assert recall("song-1", store) is None
