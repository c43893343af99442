"""The base job templates of our work pools against those that Prefect's own workers publish, rendered as a worker does."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import prefect
import pytest
from prefect.workers.base import BaseJobConfiguration

from blocks.settings import Settings
from flows.registration import TEMPLATES, entries, template

PUBLISHED = json.loads((Path(prefect.__file__).parent / "server/api/collections_data/views/aggregate-worker-metadata.json").read_text())
"""What Prefect 3.8 ships of each worker type: its default base job template."""

PACKAGES = {"process": "prefect", "docker": "prefect-docker", "kubernetes": "prefect-kubernetes"}
OURS = [(kind, pool) for kind in PACKAGES for pool in ("cpu", "gpu")]
NEWER = {"container_create_kwargs"}  # of prefect-docker 0.7's configuration, not among its template's
PLACEHOLDER = re.compile(r"\{\{ (\w+) \}\}")


def published(kind: str) -> dict[str, Any]:
    return PUBLISHED[PACKAGES[kind]][kind]["default_base_job_configuration"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def within(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Paths at which ours lacks or changes what Prefect's has."""
    if isinstance(theirs, dict):
        for name, item in theirs.items():
            if not isinstance(ours, dict) or name not in ours:
                yield f"{path}/{name}"
            else:
                yield from within(item, ours[name], f"{path}/{name}")
    elif isinstance(theirs, list) and theirs and isinstance(theirs[0], dict):
        yield from within(theirs[0], ours[0], f"{path}/0")
    elif theirs != ours:
        yield path


@pytest.mark.parametrize(("kind", "pool"), OURS)
def test_a_template_holds_all_of_prefects_own_and_each_placeholder_has_a_variable(kind: str, pool: str) -> None:
    ours, theirs = template(kind, pool), published(kind)
    assert list(within(theirs["job_configuration"], ours["job_configuration"])) == []
    assert set(theirs["variables"]["properties"]) <= set(ours["variables"]["properties"])
    assert set(ours["job_configuration"]) - set(theirs["job_configuration"]) <= NEWER
    used = {name for text in texts(ours["job_configuration"]) for name in PLACEHOLDER.findall(text)}
    assert used == set(ours["variables"]["properties"])


@pytest.mark.parametrize(("kind", "pool"), OURS)
def test_the_defaults_of_a_template_are_what_its_schema_asks_for(kind: str, pool: str) -> None:
    variables = template(kind, pool)["variables"]
    jsonschema.Draft7Validator.check_schema(variables)
    defaults = {name: one["default"] for name, one in variables["properties"].items() if "default" in one}
    jsonschema.Draft7Validator(variables).validate(defaults)


def rendered(kind: str, pool: str, **values: Any) -> dict[str, Any]:
    """A job as a worker would start it."""

    class Everything(BaseJobConfiguration, extra="allow"):
        """Keeps what only the worker's own type knows."""

    made = asyncio.run(Everything.from_template_and_values(template(kind, pool), values))
    return made.model_dump()


def test_a_kubernetes_job_of_the_gpu_pool_asks_for_a_gpu_and_brings_what_films_need(prefect_api: str) -> None:
    spec = rendered("kubernetes", "gpu", gpus=2)["job_manifest"]["spec"]["template"]["spec"]
    (box,) = spec["containers"]
    assert box["resources"]["limits"]["nvidia.com/gpu"] == 2
    assert spec["nodeSelector"] == {"nvidia.com/gpu.present": "true"}
    assert spec["tolerations"][0]["key"] == "nvidia.com/gpu"
    mounts = {mount["mountPath"]: mount["name"] for mount in box["volumeMounts"]}
    assert set(mounts) == {"/dev/shm", "/var/lib/songreel", "/models"}
    assert set(mounts.values()) == {volume["name"] for volume in spec["volumes"]}
    assert [next(iter(one)) for one in box["envFrom"]] == ["configMapRef", "secretRef"]
    assert spec["securityContext"]["runAsNonRoot"] is True


def test_a_kubernetes_job_of_the_cpu_pool_asks_for_no_gpu(prefect_api: str) -> None:
    text = json.dumps(rendered("kubernetes", "cpu"))
    assert "nvidia" not in text
    assert "{{" not in text


def test_a_docker_job_of_the_gpu_pool_takes_the_gpu_shared_memory_and_the_models(prefect_api: str) -> None:
    made = rendered("docker", "gpu")
    (request,) = made["container_create_kwargs"]["device_requests"]
    assert (request["count"], request["capabilities"][0][0]) == (1, "gpu")
    assert made["container_create_kwargs"]["shm_size"] == "8g"
    assert "songreel-models:/models" in made["volumes"]


@pytest.mark.parametrize(("kind", "pool"), OURS)
def test_variables_that_a_template_sets_are_settings_that_there_are(kind: str, pool: str) -> None:
    known = {str(one.validation_alias or f"SONGREEL_{name.upper()}") for name, one in Settings.model_fields.items()}
    given = template(kind, pool)["variables"]["properties"]["env"].get("default", {})
    assert {name for name in given if not name.startswith("PREFECT_")} <= known


def test_every_deployment_is_for_a_pool_that_has_templates() -> None:
    assert {one["work_pool"]["name"] for one in entries()} == {"cpu", "gpu"}
    assert {path.name.split(".")[0] for path in TEMPLATES.glob("*.json")} == set(PACKAGES)
