"""The whole line on a real small song: a film, the same film again, one scene changed, a scene that fails, a run that is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from blocks.settings import Settings, read, using
from schemas import FilmRequest, FilmResult, Plan
from songreel.errors import SongreelError
from songreel.media.video import count_frames

pytestmark = pytest.mark.xdist_group("flow")

REQUEST = FilmRequest(prompt="a city at night", style="cinematic", height=144, fps=Fraction(12), quality="preview", seed=7)
OPTIONS = ("--prompt", "a city at night", "--style", "cinematic", "--height", "144", "--fps", "12", "--quality", "preview", "--seed", "7")
FPS = 12
OFF_BEAT = 3  # frames: half a beat at 120 bpm


class Place:
    """A store and an out folder of a test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.settings: Settings = read(store=str(folder / "store"), workers=2)

    def render(self, song: Path | str, request: FilmRequest = REQUEST, plan: Plan | None = None) -> FilmResult:
        from flows.music_video import music_video

        with using(self.settings):
            return music_video(str(song), request, str(self.out), plan)

    def shot(self) -> set[str]:
        """Records of footage that was made, however often it was used since."""
        return {path.name for path in (self.folder / "store" / "results").glob("shoot-*")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def film(place: Place, small_song: Path) -> FilmResult:
    return place.render(small_song)


@pytest.fixture
def reel(film: FilmResult) -> Path:
    return Path(film.film.path).parent


def test_a_song_becomes_a_film_of_its_exact_length(film: FilmResult) -> None:
    assert film.film.frames == count_frames(Path(film.film.path)) == 8 * FPS
    assert film.film.path.endswith("film.mp4")
    assert (film.film.width, film.film.height) == (256, 144)


def test_the_scenes_of_the_result_tile_the_film(film: FilmResult) -> None:
    assert [scene.start_frame for scene in film.scenes] == [0, *(scene.end_frame for scene in film.scenes[:-1])]
    assert film.scenes[-1].end_frame == film.film.frames
    assert all(scene.backend == "painter" and scene.style == "cinematic" and not scene.cached for scene in film.scenes)


def test_the_reel_holds_everything_around_the_film(film: FilmResult, reel: Path) -> None:
    names = {str(path.relative_to(reel)) for path in reel.rglob("*") if path.is_file()}
    clips = {f"clips/{scene.index:03d}.mp4" for scene in film.scenes}
    assert names >= {"film.mp4", "manifest.json", "plan.json", "storyboard.png", "timeline.png", "report.json", "report.html", "costs.json"} | clips
    assert FilmResult.model_validate_json((reel / "manifest.json").read_text()) == film


def test_every_stage_is_timed(film: FilmResult) -> None:
    assert set(film.timings) >= {"ingest", "separate", "analyse", "transcribe", "plan", "budget", "prompt", "shoot", "assemble", "inspect", "publish"}


def test_what_was_taken_instead_is_told(film: FilmResult) -> None:
    assert {note.stage for note in film.degraded} >= {"separate", "transcribe"}


def test_the_same_again_makes_nothing_and_gives_the_same_film(place: Place, small_song: Path, film: FilmResult) -> None:
    shot = place.shot()
    again = place.render(small_song)
    assert again.film == film.film
    assert all(scene.cached for scene in again.scenes)
    assert place.shot() == shot
    assert set(again.timings) == {"recall"}


def test_the_same_song_elsewhere_is_the_same_song(place: Place, small_song: Path, film: FilmResult, tmp_path: Path) -> None:
    moved = tmp_path / small_song.name
    moved.write_bytes(small_song.read_bytes())
    assert place.render(moved).run == film.run


def test_a_changed_prompt_shoots_one_scene_anew(place: Place, film: FilmResult, reel: Path) -> None:
    plan = json.loads((reel / "plan.json").read_text())
    plan["scenes"][1]["prompt"] = "a rocket among the stars"
    shot = place.shot()
    changed = place.render("", plan=Plan.model_validate(plan))
    assert len(place.shot() - shot) == 1
    assert [scene.cached for scene in changed.scenes] == [scene.index != 1 for scene in changed.scenes]
    assert changed.film.sha256 != film.film.sha256


def test_an_edited_plan_in_the_reel_is_not_overwritten(place: Place, small_song: Path, film: FilmResult, reel: Path) -> None:
    delivered = (reel / "plan.json").read_text()
    edited = delivered.replace('"mood": "', '"mood": "very ', 1)
    (reel / "plan.json").write_text(edited)
    place.render(small_song)
    assert (reel / "plan.json").read_text() == edited
    (reel / "plan.json").write_text(delivered)


def test_footage_that_has_gone_from_the_store_is_shot_again(place: Place, small_song: Path, film: FilmResult, reel: Path) -> None:
    clip = reel / "clips" / "001.mp4"
    stored = next(path for path in (place.folder / "store" / "media").rglob("*.mp4") if path.read_bytes() == clip.read_bytes())
    stored.unlink()
    again = place.render(small_song)
    assert again.film.sha256 == film.film.sha256
    assert [scene.index for scene in again.scenes if not scene.cached] == [1]


def test_a_scene_that_cannot_be_drawn_is_filled_and_told(place: Place, film: FilmResult, reel: Path) -> None:
    plan = json.loads((reel / "plan.json").read_text())
    plan["scenes"][0]["look"]["subject"] = "unicorn"
    filled = place.render("", plan=Plan.model_validate(plan))
    assert filled.film.frames == film.film.frames
    assert any(note.stage == "shoot" and "scene 0" in note.took and "unicorn" in note.because for note in filled.degraded)


def test_a_film_that_breaks_a_hard_rule_is_kept_and_named(place: Place, film: FilmResult, reel: Path) -> None:
    from flows.music_video import RuleBroken

    plan = json.loads((reel / "plan.json").read_text())
    first, second = plan["scenes"][:2]
    first["end_frame"] = second["start_frame"] = first["end_frame"] + OFF_BEAT
    with pytest.raises(RuleBroken, match="the film is kept at") as caught:
        place.render("", plan=Plan.model_validate(plan))
    kept = caught.value.result
    assert count_frames(Path(kept.film.path)) == film.film.frames
    assert kept.report.cuts.max_error_frames > 1
    assert caught.value.exit_code == 3


def test_a_film_none_of_whose_scenes_can_be_drawn_is_an_error(place: Place, reel: Path) -> None:
    plan = json.loads((reel / "plan.json").read_text())
    for scene in plan["scenes"]:
        scene["look"]["subject"] = "unicorn"
    with pytest.raises(SongreelError, match="scenes could not be shot"):
        place.render("", plan=Plan.model_validate(plan))


@pytest.fixture
def killed(tmp_path: Path, small_song: Path, prefect_api: str) -> tuple[Path, list[psutil.Process]]:
    """A run in a process of its own, killed when its first scene is shot; with the processes that it had started."""
    results = tmp_path / "store" / "results"
    run = subprocess.Popen(command(tmp_path, small_song), env=environment(prefect_api), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: any(results.glob("shoot-*")), run)
    children = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    return tmp_path, children


def command(folder: Path, song: Path) -> list[str]:
    return [
        sys.executable, "-m", "cli.main", "render", str(song), *OPTIONS, "--store", str(folder / "store"), "--out", str(folder / "out"),
        "--workers", "1", "--json",
    ]  # fmt: skip


def environment(api: str) -> dict[str, str]:
    return {**os.environ, "PREFECT_API_URL": api}


def wait_for(condition: Callable[[], object], run: "subprocess.Popen[bytes] | None" = None, limit: float = 120.0) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert run is None or run.poll() is None, "the run ended by itself"
        assert time.monotonic() < end
        time.sleep(0.02)


def ended(process: psutil.Process) -> bool:
    """Whether a process works no more; an orphan may wait seconds for the first process of its machine to bury it."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_killed_run_goes_on_from_what_was_shot_and_gives_the_undisturbed_film(
    killed: tuple[Path, list[psutil.Process]], small_song: Path, film: FilmResult, prefect_api: str
) -> None:
    folder, children = killed
    assert children
    wait_for(lambda: all(map(ended, children)), limit=5)  # else workers outlived their parent
    done = subprocess.run(command(folder, small_song), env=environment(prefect_api), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = FilmResult.model_validate_json(done.stdout)
    assert any(scene.cached for scene in result.scenes)
    assert result.film.sha256 == film.film.sha256


def test_ctrl_c_ends_everything_within_two_seconds(tmp_path: Path, small_song: Path, prefect_api: str) -> None:
    run = subprocess.Popen(command(tmp_path, small_song), env=environment(prefect_api), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(lambda: (tmp_path / "store" / "results").is_dir() and psutil.Process(run.pid).children(), run)
    children = psutil.Process(run.pid).children(recursive=True)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=20)
    wait_for(lambda: all(map(ended, children)), limit=3)
    assert time.monotonic() - begun < 2.0 + 1.0  # the machine may be busy
    assert (run.returncode, out) == (130, b"")
    assert b"interrupted" in err
    assert b"Traceback" not in err
