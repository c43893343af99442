"""Pools, deployments, schedules, blocks and automations: the same by `songreel serve` and by `prefect deploy`, and one of each however often."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.registration import entries, register, register_all
from songreel.errors import UserError
from tests import live

ROOT = Path(__file__).parents[1]
STORE = "s3://films/here"
FIELDS = ("name", "entrypoint", "tags", "parameters", "work_pool_name", "concurrency_options", "pull_steps", "paused", "parameter_openapi_schema")


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with live.server() as prefect:
        register_all(prefect.url, STORE)
        yield prefect.url


def deployments(api: str) -> dict[str, dict[str, Any]]:
    """What counts of each deployment, by its entrypoint."""
    found = live.call(api, "/deployments/filter")
    named = {one["entrypoint"]: {field: one[field] for field in FIELDS} for one in found}
    assert len(named) == len(found)
    for one in found:
        limit = one["global_concurrency_limit"]
        named[one["entrypoint"]]["limit"] = limit["limit"] if limit else None
        named[one["entrypoint"]]["schedules"] = [(when["slug"], when["active"], when["schedule"]["cron"]) for when in one["schedules"]]
    return named


def everything(api: str) -> dict[str, Any]:
    blocks = live.call(api, "/block_documents/filter")
    return {
        "deployments": deployments(api),
        "pools": sorted((one["name"], one["type"]) for one in live.call(api, "/work_pools/filter")),
        "automations": [one["name"] for one in live.call(api, "/automations/filter")],
        "blocks": [(one["name"], one["data"]["basepath"]) for one in blocks if one["name"] == "songreel-results"],
    }


def test_registering_leaves_everything_and_again_one_of_each(api: str) -> None:
    before = everything(api)
    assert set(before["deployments"]) == {one["entrypoint"] for one in entries()}
    assert before["pools"] == [("cpu", "process"), ("gpu", "process")]
    assert before["automations"] == ["songreel: a lost machine's runs"]
    assert before["blocks"] == [("songreel-results", f"{STORE}/flow-results")]
    register_all(api, STORE)
    assert everything(api) == before


def test_maintenance_runs_every_night_and_batches_only_when_asked(api: str) -> None:
    known = deployments(api)
    assert known["flows.maintenance.maintenance"]["schedules"] == [("nightly", True, "30 3 * * *")]
    assert [active for _, active, _ in known["flows.batch.batch"]["schedules"]] == [False]
    assert known["flows.batch.batch"]["limit"] == 1


def test_the_form_of_a_film_has_its_descriptions_defaults_and_choices(api: str) -> None:
    form = deployments(api)["flows.music_video.music_video"]["parameter_openapi_schema"]
    request = form["definitions"]["FilmRequest"]["properties"]
    assert request["quality"]["default"] == "professional"
    assert "540 lines" in request["quality"]["description"]
    assert request["aspect"]["enum"] == ["16:9", "9:16", "1:1"]
    assert form["required"] == ["song"]


def test_prefects_own_deploy_command_leaves_the_same(api: str, tmp_path: Path) -> None:
    before = everything(api)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    surroundings = {**ours, "PREFECT_API_URL": api, "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    assert everything(api) == before


def test_what_a_person_did_to_schedules_stays_when_all_is_registered_again(api: str) -> None:
    batch = live.call(api, "/deployments/name/batch/cpu", method="GET")
    (hourly,) = batch["schedules"]
    live.call(api, f"/deployments/{batch['id']}/schedules/{hourly['id']}", {"active": True, "parameters": {"songs": ["s3://in/"]}}, method="PATCH")
    added = {"active": False, "schedule": {"cron": "0 5 * * 1", "timezone": "Europe/Berlin"}, "parameters": {"songs": ["s3://other/"]}}
    live.call(api, f"/deployments/{batch['id']}/schedules", [added])
    register(api, only=["batch/cpu"])
    found = live.call(api, "/deployments/name/batch/cpu", method="GET")["schedules"]
    kept = {(one["slug"], one["schedule"]["cron"], one["active"], one["parameters"]["songs"][0]) for one in found}
    assert kept == {("hourly", "0 * * * *", True, "s3://in/"), (None, "0 5 * * 1", False, "s3://other/")}


def test_what_cannot_be_registered_is_said(api: str, tmp_path: Path) -> None:
    wrong = tmp_path / "prefect.yaml"
    wrong.write_text("deployments:\n  - {name: cpu, entrypoint: flows.nothing.nothing, work_pool: {name: cpu}}\n")
    with pytest.raises(UserError, match=r"flows\.nothing\.nothing cannot be imported"):
        register(api, file=wrong)
    with pytest.raises(UserError, match="names no deployments"):
        register(api, file=tmp_path / "none.yaml")
    with pytest.raises(UserError, match="cpu is of the type process, not docker"):
        register(api, only=["analyse/cpu"], kind="docker")
