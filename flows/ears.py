"""A song heard by a worker of a pool: its stems and words by models that this machine lacks, or has no GPU for.

The worker runs the same cached stages in the same store, so what it made is found here; its record tells which ways it took.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.schemas.objects import FlowRun

from blocks.progress import Event, tell
from blocks.settings import Settings
from flows.fleet import AWAY, LOOK_AROUND, LOST_AFTER, POLL, TRIES, UNTAKEN
from flows.pool import Pool, ServerAway, impatient, worker_of
from flows.survey import RECORDS
from flows.survey import read as known_survey
from schemas import FilmRequest, Note, Song
from schemas.fleet import Ears
from songreel.audio.ways import ears_of
from songreel.errors import SongreelError, TransientError
from songreel.execution.identity import VERSIONS, digest
from songreel.execution.machine import Machine
from songreel.storage import Store
from songreel.storage.records import Records
from tasks.policy import is_made

FLOW = "hear-song"
KEYED = {name: VERSIONS[name] for name in ("separate", "analyse", "transcribe")}
"""Versions of what the pool makes for the film."""
COUNTS = {"fps", "grid", "lyrics", "start", "commercial"}
"""Wishes by which a song is heard."""

log = logging.getLogger("songreel.fleet")


@dataclass(frozen=True)
class There:
    """What came of asking a pool: its ways, or that this machine heard the song after all."""

    ears: Ears | None = None
    notes: tuple[Note, ...] = ()
    lasting: bool = True
    """Whether another run would hear the song no better."""


class Lost(SongreelError):
    """A run was lost with its worker."""


def heard(song: Song, request: FilmRequest, settings: Settings, machine: Machine, store: Store) -> There:
    """The song's stems and words made by a worker of the pool, where it hears better than this machine; else nothing is asked."""
    survey = known_survey(settings.gpu_pool, store)
    if survey is None:
        return There(lasting=not settings.gpu_pool)
    if not survey.ears or (survey.vram_gb <= machine.vram_gb and set(survey.ears) <= set(ears_of(settings.access))):
        return There()
    pool, records = Pool(settings.gpu_pool), Records(store, RECORDS)
    wishes = request.model_dump(mode="json", include=COUNTS, exclude_defaults=True)
    given = {"song": song.model_dump(mode="json"), "request": wishes, "versions": KEYED}
    name = f"heard-{digest({**given, 'ears': survey.ears})[:32]}"
    try:
        known = _told(records, name)
        if known is None or not is_made("separate", store, song=song, method=known.separation):
            known = _asked(pool, records, name, given)
    except (SongreelError, OSError, ValueError) as error:
        log.warning("the pool %s did not hear the song: %s", pool.name, error)
        note = Note(stage="separate", took=f"this machine instead of the pool {pool.name!r}", because=str(error))
        return There(notes=(note,), lasting=False)
    return There(known)


def _asked(pool: Pool, records: Records, name: str, given: Mapping[str, Any]) -> Ears:
    tell(Event("separate", "begun", text=f"on the pool {pool.name}"))
    log.info("the song is heard on the pool %s", pool.name)
    _through(pool, name, {**given, "record": name})
    told = _told(records, name)
    if told is None:
        raise SongreelError(f"its run left no record {name} in the store")
    return told


def _told(records: Records, name: str) -> Ears | None:
    content = records.read(name)
    return Ears.model_validate_json(content) if content else None


def _through(pool: Pool, name: str, given: Mapping[str, Any]) -> None:
    """Have the song heard; a run that is lost with its worker is started again.

    Raises:
        SongreelError: it was not heard.
    """
    if not pool.living():
        raise TransientError("no worker of it lives")
    for attempt in range(TRIES):
        run = _started(pool, f"{runtime.flow_run.id}-{name}-{attempt + 1}", given)
        try:
            with impatient():
                return _Watch(pool, run).to_its_end()
        except Lost as error:
            log.warning("%s", error)
    raise TransientError(f"its run was lost {TRIES} times")


def _started(pool: Pool, key: str, given: Mapping[str, Any]) -> UUID:
    end = time.monotonic() + AWAY
    while True:
        try:
            return pool.start(FLOW, key, given)
        except ServerAway:
            if time.monotonic() > end:
                raise
            time.sleep(POLL)


class _Watch:
    """One run on the pool, watched to its end."""

    def __init__(self, pool: Pool, run: UUID) -> None:
        self._pool, self._run = pool, run
        self._living, self._looked = set[str](), -LOOK_AROUND
        self._since = {"away": 0.0, "untaken": 0.0, "silent": 0.0}

    def to_its_end(self) -> None:
        """Wait until it is done.

        Raises:
            Lost: its worker is no more.
            SongreelError: it failed, or nobody takes it, or the server is away.
        """
        while True:
            try:
                if self._looked + LOOK_AROUND <= time.monotonic():
                    self._living, self._looked = self._pool.living(), time.monotonic()
                run = self._pool.states([self._run]).get(self._run)
            except ServerAway:
                self._count("away", True, AWAY, "the Prefect server does not answer")
            else:
                self._count("away", False, AWAY, "")
                if self._over(run):
                    return
            time.sleep(POLL)

    def _over(self, run: FlowRun | None) -> bool:
        state = run.state if run else None
        if run is None or state is None:
            raise SongreelError("its run was deleted")
        if state.is_completed():
            return True
        if state.is_crashed():
            raise Lost(f"its run crashed: {state.message}")
        if state.is_final():
            raise SongreelError((state.message or state.name or "it failed").removeprefix("Flow run encountered an exception: "))
        if state.is_scheduled():
            self._count("untaken", not self._living, UNTAKEN, "no worker of it lives")
        elif self._count("silent", worker_of(run) not in self._living, LOST_AFTER):
            self._pool.give_up(self._run, "its worker is no more")
            raise Lost("its worker is no more")
        return False

    def _count(self, what: str, wrong: bool, limit: float, why: str = "") -> bool:
        """Whether something has been wrong for too long; with a reason the run is cancelled, and that raised."""
        self._since[what] = self._since[what] + POLL if wrong else 0.0
        if self._since[what] < limit:
            return False
        if why:
            self._pool.cancel(self._run, why)
            raise TransientError(why)
        return True
