"""`songreel backends`, `costs` and `plan --choices` as a person types them."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from schemas import Cost, CostLedger
from songreel.execution import ledger
from songreel.storage import Store

HEAVY = ("torch", "diffusers", "numpy", "scipy", "rich", "prefect", "librosa", "moderngl")
COSTS = CostLedger(
    entries=(
        Cost(stage="shoot", scene=0, provider="dear", estimated=0.40, charged=0.42, seconds=9.0, footage=4.0, lines=720),
        Cost(stage="shoot", scene=1, provider="dear", estimated=0.40, earlier=0.40, cached=True, footage=4.0, lines=720),
        Cost(stage="shoot", provider="dear", charged=0.11, wasted=0.11),
    ),
    cap=2.0,
)


def typed(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    (tmp_path / "costs.json").write_text(COSTS.model_dump_json())
    return tmp_path


def test_backends_tell_where_they_run_their_price_licence_and_state() -> None:
    shown = json.loads(typed("backends", "--json"))
    painter = next(one for one in shown if (one["name"], one["kind"]) == ("painter", "video"))
    assert (painter["where"], painter["licence"], painter["commercial"], painter["dollars_per_second"]) == ("built_in", "Apache-2.0", True, 0)
    table = typed("backends")
    assert all(word in table.splitlines()[0] for word in ("backend", "where", "price", "licence", "commercial", "VRAM", "state"))
    assert all(one["ready"] or one["mend"] in table for one in shown)


def test_one_backend_is_shown_whole_and_an_unknown_one_is_answered_with_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert "songreel.video.painter:PainterVideo" in typed("backends", "painter")
    result = CliRunner().invoke(app, ["backends", "sora"])
    assert result.exit_code == 2
    assert "no backend is called 'sora'; known: painter" in result.stderr


def test_listing_backends_loads_nothing_heavy() -> None:
    heavy = {*HEAVY} - ({"numpy"} if find_spec("torch") else set())  # with the models extra, engines are loaded to look for their weights
    code = f"""
import sys
from cli.main import app
app(["backends"], standalone_mode=False)
sys.exit(str({heavy} & {{*sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip().splitlines()[-1] == "set()"


def test_the_costs_of_a_reel_are_shown_by_scene_and_provider_and_summed(reel: Path) -> None:
    shown = typed("costs", "--reel", str(reel))
    assert "estimated $0.80, charged $0.53 of a cap of $2.00, $0.11 of it for nothing; $0.40 were paid by earlier runs" in shown
    answer = json.loads(typed("costs", "--reel", str(reel), "--json"))
    assert (answer["estimated_sum"], answer["charged_sum"], answer["wasted_sum"]) == (0.8, 0.53, 0.11)


def test_the_costs_of_all_runs_come_from_the_ledger(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for days in (1, 50):
        ledger.write(ledger.record(f"film-{days}", "no GPU, 2 cores", 60.0, 30.0, COSTS, ledger.days_ago(days)), store)
    shown = typed("costs", "--since", "30", "--store", str(tmp_path))
    assert "1 runs in 30 days: estimated $0.80, charged $0.53" in shown
    assert "film-1 " in shown
    assert [run["run"] for run in json.loads(typed("costs", "--since", "60", "--store", str(tmp_path), "--json"))["runs"]] == ["film-50", "film-1"]


def test_a_folder_that_is_no_reel_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["costs", "--reel", str(tmp_path)])
    assert result.exit_code == 2
    assert "--reel takes a film's folder" in result.stderr


def test_the_choices_are_shown_with_the_plan_they_are_taken_of(small_song: Path, tmp_path: Path) -> None:
    plan = tmp_path / "song.plan.json"
    words = ("plan", str(small_song), "--quality", "preview", "--out", str(plan), "--store", str(tmp_path / "store"), "--choices")
    answer = json.loads(typed(*words, "--json"))
    assert answer["plan"] == str(plan)
    assert plan.is_file()
    free = answer["choices"][0]
    assert (free["number"], free["name"], free["ready"], free["dollars"]) == (1, "free", True, 0)
    assert all(one["ready"] or one["missing"] for one in answer["choices"])


def test_a_choice_is_taken_by_number_or_name_and_kept_in_the_plan(small_song: Path, tmp_path: Path) -> None:
    plan = tmp_path / "song.plan.json"
    words = ("plan", str(small_song), "--quality", "preview", "--out", str(plan), "--store", str(tmp_path / "store"))
    typed(*words, "--choice", "3", "--deadline", "30", "--commercial")
    request = json.loads(plan.read_text())["request"]
    assert (request["choice"], request["deadline"], request["commercial"]) == ("cloud", 30, True)
    wrong = CliRunner().invoke(app, [*words, "--choice", "7"])
    assert wrong.exit_code == 2
    assert "no choice is called '7'; known: 1 free, 2 local, 3 cloud, 4 mixed" in wrong.stderr
