"""The images and the whole installation, as far as they can be checked without building them: every reference leads somewhere."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from blocks.settings import Settings
from blocks.station import RESULTS

ROOT = Path(__file__).parents[1]
DEPLOYMENTS = ROOT / "deployments"
IMAGES = ("cpu.Dockerfile", "gpu.Dockerfile")
NOT_OURS = ("AWS_", "POSTGRES_", "MINIO_", "NVIDIA_", "PYTHON", "UV_", "DO_NOT_TRACK", "PATH", "KEY", "SECRET")
ASKED = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?]))?")


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOYMENTS / "compose.yaml").read_text())


def lines(image: str) -> list[str]:
    """A Dockerfile's instructions, each on one line."""
    text = re.sub(r"\\\n\s*", "", (DEPLOYMENTS / image).read_text())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def settings_of_prefect() -> set[str]:
    from prefect.settings.legacy import _get_settings_fields
    from prefect.settings.models.root import Settings as PrefectSettings

    return set(_get_settings_fields(PrefectSettings))


def settings_of_ours() -> set[str]:
    return {str(one.validation_alias or f"SONGREEL_{name.upper()}") for name, one in Settings.model_fields.items()}


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_copies_what_there_is_and_all_that_the_program_consists_of(image: str) -> None:
    copied = [part for line in lines(image) if line.startswith("COPY ") and "--from" not in line for part in line.split()[1:-1]]
    assert [part for part in copied if not (ROOT / part).exists()] == []
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["build-backend"]["module-name"]
    assert set(packages) - {"benchmarks"} <= set(copied)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_as_nobody_special_with_a_health_check_and_real_extras(image: str) -> None:
    told = lines(image)
    users = [line.split()[1] for line in told if line.startswith("USER ")]
    assert users == ["songreel"]
    assert any(line.startswith("HEALTHCHECK ") for line in told)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(re.findall(r"--extra (\w+)", " ".join(told))) <= set(extras)
    assert "libegl1" in " ".join(told)


@pytest.mark.parametrize("image", IMAGES)
def test_variables_of_an_image_are_settings_that_there_are(image: str) -> None:
    named = {word.partition("=")[0] for line in lines(image) if line.startswith("ENV ") for word in shlex.split(line)[1:]}
    assert {name for name in named if not name.startswith(NOT_OURS)} <= settings_of_ours() | settings_of_prefect()


def test_services_volumes_and_files_of_the_installation_are_there() -> None:
    whole = compose()
    services = whole["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        mounted = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert mounted <= set(whole["volumes"]), name
        if "build" in service:
            assert (DEPLOYMENTS / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        assert {"image", "build"} & set(service), name
    assert set(whole["volumes"]) == {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())}


def test_a_service_that_others_wait_for_can_say_that_it_is_ready() -> None:
    services = compose()["services"]
    for service in services.values():
        for name, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "test" in services[name]["healthcheck"]
            if wait["condition"] == "service_completed_successfully":
                assert services[name].get("restart", "no") != "unless-stopped"


def test_variables_of_the_installation_are_settings_that_there_are() -> None:
    named = {name for service in compose()["services"].values() for name in service.get("environment", {})}
    unknown = {name for name in named if not name.startswith(NOT_OURS)} - settings_of_ours() - settings_of_prefect()
    assert unknown == set()


def test_only_this_machine_reaches_the_doors() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_variable_that_is_asked_for_has_its_line_in_the_example_and_no_password_has_a_default() -> None:
    text = (DEPLOYMENTS / "compose.yaml").read_text()
    asked = dict(ASKED.findall(text))
    offered = set(re.findall(r"^#?(\w+)=", (DEPLOYMENTS / "compose.env.example").read_text(), re.MULTILINE))
    needed = {name for name, how in asked.items() if how == "?"}
    assert needed
    assert needed <= offered
    assert offered <= set(asked)
    assert all(how for how in asked.values())
    assert {name for name in asked if re.search("PASSWORD|AUTH|SECRET", name)} <= needed


def test_workers_of_the_installation_keep_results_where_registration_says() -> None:
    for name in ("worker", "gpu-worker", "gateway"):
        assert compose()["services"][name]["environment"]["PREFECT_DEFAULT_RESULT_STORAGE_BLOCK"] == RESULTS
