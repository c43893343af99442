"""What a pool's workers can shoot and hear, so that a film planned on a machine without a GPU counts on theirs.

A worker tells it with every batch, in a record of the shared store. No Prefect here: a terminal reads it too.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace

from schemas import BackendProfile
from schemas.fleet import Survey
from songreel.access import Access
from songreel.audio.ways import ears_of
from songreel.errors import SongreelError
from songreel.execution.identity import VERSIONS
from songreel.execution.machine import Gpu, look
from songreel.execution.means import Means, sort_out
from songreel.storage import Store
from songreel.storage.records import Records
from songreel.video import registry

RECORDS = "results/fleet"  # beside the stages' results, and with their lifecycle
KEYED = {name: VERSIONS[name] for name in ("shoot", "conform")}
"""Versions of what a pool makes: a worker with others would put it where no film of this version looks."""
GOOD_FOR = 24 * 3600.0  # seconds after which the workers are asked again

log = logging.getLogger("songreel.fleet")


def name_of(pool: str) -> str:
    """Name of the pool's record."""
    return f"survey-{pool}"


def read(pool: str, store: Store) -> Survey | None:
    """What is known of a pool; nothing when it was told too long ago, or never."""
    if not pool:
        return None
    try:
        content = Records(store, RECORDS).read(name_of(pool))
        found = Survey.model_validate_json(content) if content else None
    except (OSError, ValueError, SongreelError) as error:
        log.warning("what the pool %s can shoot cannot be read: %s", pool, error)
        return None
    return found if found and time.time() - found.at < GOOD_FOR else None


def taken(access: Access) -> Survey:
    """What this machine can shoot with its GPU, and hear."""
    machine = look()
    ready, _, _ = sort_out(registry.profiles(access), registry.statuses(access), machine)
    names = tuple(sorted(name for name, profile in ready.items() if profile.where == "local_gpu"))
    return Survey(at=time.time(), ready=names, ears=ears_of(access), gpu=machine.gpu.name if machine.gpu else "", vram_gb=machine.vram_gb)


def tell(record: str, access: Access, store: Store) -> None:
    """Put this machine's survey into the store; a film that hears nothing counts on its own machine."""
    try:
        Records(store, RECORDS).replace(record, taken(access).model_dump_json().encode())
    except (OSError, SongreelError) as error:
        log.warning("what this machine can shoot could not be told: %s", error)


def widened(means: Means, survey: Survey | None) -> Means:
    """The means of a film with those of its pool: models that are ready there, and their GPU where this machine has a smaller one or none."""
    if survey is None:
        return means
    there: Mapping[str, BackendProfile] = {name: one for name, one in means.absent.items() if name in survey.ready}
    machine = means.machine
    if survey.vram_gb > machine.vram_gb:
        machine = replace(machine, gpu=Gpu(survey.gpu, survey.vram_gb, survey.vram_gb))
    return replace(
        means, profiles={**means.profiles, **there}, machine=machine,
        absent={name: one for name, one in means.absent.items() if name not in there},
        mend={name: text for name, text in means.mend.items() if name not in there},
    )  # fmt: skip
