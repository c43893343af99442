"""The terminal: what it prints, where, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from blocks.progress import Event
from cli.main import app
from cli.progress import Scenes
from schemas import FilmRequest, Plan
from songreel.storage import Store
from tests.test_execution import made_plan

ROOT = Path(__file__).parents[1]
CONTRACT = {
    "tempo", "tempo_candidates", "beats", "downbeats", "metre", "key", "mode", "sections", "energy", "valence", "arousal",
}  # fmt: skip


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def one_sentence(result: Any, code: int = 2) -> str:
    """The error's sentence, when that is all there is."""
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("songreel: ")
    return lines[0].removeprefix("songreel: ")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONGREEL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plan(home: Path) -> Plan:
    return made_plan(Store(str(home / "home" / "store")))


def test_help_loads_nothing_that_takes_time() -> None:
    heavy = ("rich", "pydantic", "prefect", "numpy", "av", "fsspec", "schemas", "songreel")
    code = f"""
import sys, cli.main
sys.argv = ["songreel", "--help"]
try:
    cli.main.main()
except SystemExit:
    print([module for module in {heavy} if module in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "render" in done.stdout
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_lists_are_arrays_of_objects_with_a_name() -> None:
    for command in ("styles", "worlds", "backends"):
        listed = json.loads(run(command, "--json").stdout)
        assert all(isinstance(one["name"], str) for one in listed)
    assert {one["name"] for one in json.loads(run("backends", "--json").stdout)} >= {"painter"}


def test_lists_are_tables_for_a_person() -> None:
    assert "cinematic" in run("styles").stdout


def test_doctor_finds_what_is_needed_and_gives_commands_for_what_is_not_there(home: Path) -> None:
    result = run("doctor", "--json")
    findings = {one["name"]: one for one in json.loads(result.stdout)}
    assert {"Python", "ffmpeg", "GL renderer", "GPU", "torch", "REPLICATE_API_TOKEN", "store", "disk", "Prefect server"} <= set(findings)
    assert findings["store"]["ok"]
    assert all(one["mend"] for one in findings.values() if not one["ok"])
    assert result.exit_code == 0


def test_doctor_ends_with_2_when_the_store_cannot_be_written(home: Path) -> None:
    (home / "file").write_text("")
    result = run("doctor", "--json", "--store", str(home / "file" / "store"))
    assert result.exit_code == 2
    assert not next(one for one in json.loads(result.stdout) if one["name"] == "store")["ok"]


def test_analyse_prints_the_contract_and_nothing_else(small_song: Path) -> None:
    result = run("analyse", str(small_song), "--json")
    assert result.exit_code == 0, result.stderr
    analysis = json.loads(result.stdout)
    assert set(analysis) == CONTRACT
    assert abs(analysis["tempo"] - 120) < 2
    assert all(set(section) == {"label", "start", "end"} for section in analysis["sections"])
    assert all(set(one) == {"bpm", "confidence"} for one in analysis["tempo_candidates"])


def test_a_plan_is_written_where_it_was_asked_for_and_can_be_read_again(small_song: Path, home: Path) -> None:
    result = run("plan", str(small_song), "--out", str(home / "my plan.json"), "--prompt", "the sea", "--taps", "0.3,0.8,1.3,1.8", "--json")
    assert result.exit_code == 0, result.stderr
    written = Plan.model_validate_json((home / "my plan.json").read_text())
    assert Plan.model_validate_json(result.stdout) == written
    assert written.request.grid.taps == (0.3, 0.8, 1.3, 1.8)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--style", "cubism"], "no style is called 'cubism'; known: .*cinematic"),
        (["--genre", "polka"], "no genre is called 'polka'; known: .*jazz"),
        (["--backend", "sora"], "no video backend is called 'sora'; known: .*painter"),
        (["--fps", "fast"], "--fps 'fast': 'fast' is no frame rate; try 30"),
        (["--fps", "200"], "--fps '200': 200 frames a second is outside 12 to 60"),
        (["--height", "181"], "--height 181: .*multiple of 2"),
        (["--duration", "0"], "--duration 0.0: .*greater than 0"),
        (["--taps", "1,0.5"], "the beat grid is wrong: .*beat at 0.500 s follows one at 1.000 s"),
        (["--taps", "now"], "--taps takes times in seconds"),
        (["--lyrics", "no.lrc"], "no.lrc cannot be read: No such file"),
        (["--grid", "song.flac"], "song.flac is no JSON"),
        (["--prompt", "x" * 5000], "the prompt has 5000 characters; at most 4000"),
        (["--song", "other.flac"], "--song goes with a plan"),
        (["--out", "song.flac/out"], "song.flac/out cannot be written: .*give another folder with --out"),
        (["--store", "nope://bucket"], "the store 'nope://bucket' cannot be used"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_in_one_sentence_before_anything_starts(words: list[str], sentence: str, home: Path) -> None:
    (home / "song.flac").write_bytes(b"fLaC")
    import re

    assert re.search(sentence, one_sentence(run("render", "song.flac", *words)))
    assert not (home / "home" / "prefect").exists()


def test_a_song_that_is_not_there_is_the_users_mistake() -> None:
    assert one_sentence(run("render", "nothing.mp3")) == "there is no song at nothing.mp3"
    assert one_sentence(run("analyse", "nothing.mp3")) == "there is no song at nothing.mp3"
    assert one_sentence(run("inspect", "film.mp4", "--master", "nothing.mp3")) == "there is no file at film.mp4"


def test_an_option_that_does_not_exist_ends_with_2() -> None:
    assert run("render", "song.mp3", "--colour", "red").exit_code == 2
    assert run("render", "song.mp3", "--aspect", "4:3").exit_code == 2


def test_a_file_that_is_no_song_is_told_in_one_sentence(home: Path) -> None:
    (home / "notes.mp3").write_bytes(b"These are no sounds.")
    assert "notes.mp3" in one_sentence(run("analyse", "notes.mp3", "--json"))
    assert "notes.mp3" in one_sentence(run("render", "notes.mp3", "--json"))
    assert not (home / "home" / "prefect").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda plan: "{ not json", "plan.json is no plan: Invalid JSON"),
        (lambda plan: "[]", "plan.json is no plan: "),
        (lambda plan: json.dumps({**plan, "fps": "often"}), "fps 'often': 'often' is no frame rate"),
        (lambda plan: json.dumps({**plan, "colour": "red"}), "colour 'red': Extra inputs are not permitted"),
        (lambda plan: json.dumps({**plan, "frames": 300}), "the last scene ends at frame 360, the film at 300"),
        (lambda plan: json.dumps({**plan, "scenes": [{**plan["scenes"][0], "seed": -1}]}), "scenes.0.seed -1: .*greater than or equal to 0"),
    ],
)  # fmt: skip
def test_a_plan_edited_into_nonsense_names_the_place(change: Any, sentence: str, plan: Plan, home: Path) -> None:
    import re

    (home / "plan.json").write_text(change(json.loads(plan.model_dump_json())))
    assert re.search(sentence, one_sentence(run("render", "plan.json")))


def test_a_plan_decides_its_pictures_itself(plan: Plan, home: Path) -> None:
    (home / "plan.json").write_text(plan.model_dump_json())
    assert "a plan decides style itself" in one_sentence(run("render", "plan.json", "--style", "cinematic"))


def test_a_plan_whose_song_is_elsewhere_asks_for_it(plan: Plan, home: Path) -> None:
    (home / "plan.json").write_text(plan.model_dump_json())
    result = run("render", "plan.json", "--store", str(home / "empty"))
    assert "give its file with --song" in one_sentence(result)


def test_our_own_fault_ends_with_1_and_leaves_its_traceback_in_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cli.lists

    monkeypatch.setattr(cli.lists, "table", None)
    sentence = one_sentence(run("styles"), code=1)
    assert "'NoneType' object is not callable" in sentence
    log = next((home / "home" / "logs").iterdir())
    assert str(log) in sentence
    assert "Traceback" in log.read_text()


def test_a_setting_that_cannot_be_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGREEL_WORKERS", "many")
    assert "the setting workers is 'many'" in one_sentence(run("doctor"))


def test_a_server_that_does_not_run_is_said_not_to() -> None:
    assert json.loads(run("server", "status", "--json").stdout)["state"] == "not running"
    assert json.loads(run("server", "stop", "--json").stdout)["state"] == "not running"


def test_json_stays_alone_on_standard_output_whatever_programs_print() -> None:
    code = "import os\nfrom cli.output import emit, guarded\nwith guarded(True):\n    print('noise'); os.system('echo more')\nemit({'a': 1})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == '{"a": 1}\n'
    assert set(done.stderr.split()) == {"noise", "more"}


def test_the_time_left_comes_from_what_was_really_shot(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("cli.progress.time.monotonic", lambda: now[0])
    scenes = Scenes()
    scenes.take(Event("shoot", "planned", total=4))
    scenes.take(Event("shoot", "cached", 0))
    assert scenes.left() is None
    now[0] = 10.0
    scenes.take(Event("shoot", "done", 1))
    assert (scenes.done, scenes.share, scenes.left()) == (2, 0.5, pytest.approx(20.0))


def test_requests_and_options_name_the_same_wishes() -> None:
    from cli.wishes import Wishes

    assert set(FilmRequest.model_fields) - {"grid", "own"} <= set(Wishes.__dataclass_fields__)
