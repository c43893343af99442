"""Scenes shot by the workers of a pool: sent in batches, followed through the shared store, sent again when a worker is lost.

A batch's run tells in its record in the store how far each scene is; that is what counts. The Prefect server tells whether the run lives:
its state, or a record that no longer changes. A scene that was being made when its run was lost is suspected, and sent alone the next time;
after `TRIES` it is given up here and goes to the next backend.
"""

import hashlib
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from uuid import UUID

from prefect import runtime
from prefect.client.schemas.objects import FlowRun

from blocks.progress import Event, Listener, teller
from blocks.settings import Settings
from flows.pool import NoDeployment, Pool, impatient, worker_of
from flows.survey import KEYED, RECORDS, name_of
from flows.survey import read as known_survey
from schemas import Note, ShotOrder
from schemas.fleet import BatchNews, SceneNews
from songreel.errors import SongreelError, TransientError
from songreel.execution.batches import Load, batches
from songreel.storage import Store
from songreel.storage.records import Records

FLOW = "shoot-scenes"
TRIES = 3  # times that a scene is sent before it is given up
POLL = 1.0  # seconds between two looks at the batches
LOST_AFTER = 60.0  # seconds without a beat of a running batch
START_LIMIT = 900.0  # seconds between a worker's taking a run and the run's first beat; a pod may have to fetch its image
UNTAKEN = 90.0  # seconds that scenes wait for a worker when none lives
AWAY = 900.0  # seconds without server or store before this machine does without the pool
ASK_AGAIN = 5.0  # seconds until a server that did not answer is asked again
LOOK_AROUND = 10.0  # seconds between two looks at who lives
LONGEST_TICK = 5 * POLL  # seconds that one look may count as; while this process was stopped it heard nobody
ANSWERED = 120.0  # seconds to wait for a pool to tell what it can shoot
LARGEST = 400_000  # bytes of orders as a parameter; Prefect takes 512 KB

log = logging.getLogger("songreel.fleet")


@dataclass(frozen=True)
class Outcome:
    """What the pool did for a scene: made it, failed with ``error``, or could not be asked, so that it is made ``here``."""

    error: BaseException | None = None
    here: bool = False
    known: bool = False
    """Made before this run."""


Ended = Callable[[ShotOrder, Outcome], None]


@dataclass
class _Batch:
    name: str
    run: UUID
    orders: dict[int, ShotOrder]
    """Those that are not decided."""
    news: BatchNews = field(default_factory=BatchNews)
    silent: float = 0.0
    """Seconds without a beat since a worker took it."""
    lived: bool = False
    """False for a run that was over when it was asked for: one of this film's own, before it was begun again."""


@dataclass
class Fleet:
    """The pool's workers, for one film.

    Args:
        pool: where runs are started.
        store: shared with the workers.
        seconds: expected work by scene.
        painted: whether the painter's scenes go there too.
    """

    pool: Pool
    store: Store
    seconds: Mapping[int, float]
    painted: bool = False
    notes: list[Note] = field(default_factory=list)
    _tried: Counter[int] = field(default_factory=Counter)
    _sent: Counter[str] = field(default_factory=Counter)
    _tell: Listener = field(default_factory=teller)

    def shoot(self, orders: Sequence[ShotOrder], ended: Ended) -> None:
        """Have these shot; returns at once, and tells each scene's outcome from a thread of its own."""
        chase = _Chase(self, list(orders), ended)
        threading.Thread(target=copy_context().run, args=(chase.run,), name="fleet", daemon=True).start()

    def note(self, because: str) -> None:
        """Tell once that scenes are shot here after all."""
        told = Note(stage="shoot", took=f"this machine instead of the pool {self.pool.name!r}", because=because)
        if told not in self.notes:
            log.warning("%s: %s", told.took, because)
            self.notes.append(told)


def fleet_of(settings: Settings, store: Store, seconds: Mapping[int, float]) -> Fleet | None:
    """The fleet that the settings name, if they name one."""
    return Fleet(Pool(settings.gpu_pool), store, seconds, settings.shoot_on_pool) if settings.gpu_pool else None


def ask(settings: Settings, store: Store) -> None:
    """Have the pool tell what it can shoot, when that is not known; returns at once where there is no pool, or nobody lives on it."""
    if not settings.gpu_pool or known_survey(settings.gpu_pool, store):
        return
    pool, end = Pool(settings.gpu_pool), time.monotonic() + ANSWERED
    try:
        if not pool.living():
            return
        run = pool.start(FLOW, f"{runtime.flow_run.id}-survey", {"survey": name_of(pool.name)})
        while time.monotonic() < end and not known_survey(pool.name, store):
            time.sleep(POLL)
            found = pool.states([run]).get(run)
            if found is not None and found.state is not None and found.state.is_final():
                return
    except SongreelError as error:
        log.warning("the pool %s was not asked what it can shoot: %s", pool.name, error)


class _Chase:
    """One call of `Fleet.shoot`, in its own thread."""

    def __init__(self, fleet: Fleet, orders: list[ShotOrder], ended: Ended) -> None:
        self._fleet, self._pool = fleet, fleet.pool
        self._open, self._outcome = {order.slot.scene: order for order in orders}, ended
        self._waiting, self._running = orders, list[_Batch]()
        self._suspects: set[int] = set()
        self._records = Records(fleet.store, RECORDS)
        self._living: set[str] = set()
        self._seen = False  # whether anyone lived since this began; after a server's restart they are heard of again
        self._looked = -LOOK_AROUND
        self._ticked, self._tick = time.monotonic(), 0.0
        self._untaken = self._away = self._ask_from = 0.0

    def run(self) -> None:
        """Until every scene has its outcome."""
        try:
            with impatient():
                while self._waiting or self._running:
                    self._step()
        except Exception as error:  # whatever it is, nobody may wait for ever
            log.exception("the pool %s cannot be followed", self._pool.name)
            self._leave(self._open.values(), f"it cannot be followed: {error}")

    def _step(self) -> None:
        now = time.monotonic()
        self._ticked, self._tick = now, min(now - self._ticked, LONGEST_TICK)
        known = self._asked(now)
        self._untaken = 0.0 if self._living else self._untaken + self._tick
        for batch in tuple(self._running):
            self._follow(batch, known.get(batch.run))
        if self._waiting or self._running:
            time.sleep(POLL)

    def _asked(self, now: float) -> dict[UUID, FlowRun]:
        """The server's side: who lives, new runs, and how the others are; nothing while it, or the store, is away."""
        if now < self._ask_from:
            self._away += self._tick
            return {}
        try:
            if now - self._looked >= LOOK_AROUND:
                self._living, self._looked = self._pool.living(), now
            self._send()
            known = self._pool.states([batch.run for batch in self._running])
        except NoDeployment as error:
            self._leave(self._waiting, str(error))
            self._waiting = []
            return {}
        except (TransientError, OSError) as error:
            self._away += self._tick
            if self._away >= AWAY:
                raise
            log.debug("%s", error)
            self._ask_from = now + ASK_AGAIN
            return {}
        self._away = 0.0
        return known

    def _send(self) -> None:
        """Start runs for what waits; when nobody lives, this machine has to do it."""
        if not self._living:
            if self._waiting and (not self._seen or self._untaken >= UNTAKEN):
                self._leave(self._waiting, "no worker of it lives")
                self._waiting = []
            return
        self._seen = True
        for orders in self._batches():
            self._running.append(self._started(orders))
            self._waiting = [order for order in self._waiting if order not in orders]

    def _batches(self) -> list[list[ShotOrder]]:
        by_scene = {order.slot.scene: order for order in self._waiting}
        alone = [(scene,) for scene in by_scene if scene in self._suspects]
        loads = [Load(scene, one.backend, self._fleet.seconds.get(scene, 0.0)) for scene, one in by_scene.items() if scene not in self._suspects]
        made = [*batches(loads, max(len(self._living) - len(alone), 1)), *alone] if loads else alone
        return [[by_scene[scene] for scene in scenes] for scenes in made]

    def _started(self, orders: list[ShotOrder]) -> _Batch:
        text = json.dumps([order.model_dump(mode="json") for order in orders])
        content = f"{runtime.flow_run.id}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        name = f"{content}-{self._fleet._sent[content] + 1}"  # the same key would give the run that was lost
        self._records.create(name, BatchNews().model_dump_json().encode())
        large = len(text) > LARGEST
        stored = self._fleet.store.put_bytes(text.encode(), ".json").model_dump(mode="json") if large else None
        given = {"batch": name, "orders": [] if large else json.loads(text), "stored": stored, "versions": KEYED, "survey": name_of(self._pool.name)}
        run = self._pool.start(FLOW, name, given)
        self._fleet._sent[content] += 1
        log.info("scenes %s go to the pool %s", ", ".join(str(order.slot.scene) for order in orders), self._pool.name)
        return _Batch(name, run, {order.slot.scene: order for order in orders})

    def _follow(self, batch: _Batch, run: FlowRun | None) -> None:
        """Take in a batch's news, then see whether its run is over or lost."""
        state = run.state if run else None
        final = state is not None and state.is_final()
        batch.lived = batch.lived or not final
        queued = state is not None and state.is_scheduled()
        heard = False if queued else self._heard(batch)
        if not batch.orders:
            self._running.remove(batch)
        elif final and heard is not None:
            self._over(batch, run)
        elif run is not None and heard is not None:
            self._watch(batch, run, heard)

    def _heard(self, batch: _Batch) -> bool | None:
        """Whether the batch told anything new; none when its record could not be read."""
        try:
            content = self._records.read(batch.name)
            news = BatchNews.model_validate_json(content) if content else BatchNews()
        except (OSError, ValueError, SongreelError) as error:
            log.warning("the record of %s cannot be read: %s", batch.name, error)
            return None
        changed = news.beat != batch.news.beat
        for scene, one in news.scenes.items():
            if scene in batch.orders and one != batch.news.scenes.get(scene):
                self._told(batch, scene, one)
        batch.news = news
        return changed

    def _told(self, batch: _Batch, scene: int, news: SceneNews) -> None:
        if news.state == "begun":
            self._fleet._tell(Event("shoot", "moved" if news.share else "begun", scene, share=news.share))
            return
        order = batch.orders.pop(scene)
        if news.state == "refused":
            self._leave([order], news.text)
        else:
            error = SongreelError(news.text) if news.state == "failed" else None
            self._ended(order, Outcome(error, known=news.state == "known"))

    def _watch(self, batch: _Batch, run: FlowRun, heard: bool) -> None:
        """Give a batch up whose run was taken and is silent, and one that nobody is there to take."""
        state = run.state
        if state is not None and state.is_scheduled():
            if self._untaken >= UNTAKEN:
                self._pool.cancel(batch.run, "no worker of the pool lives")
                self._running.remove(batch)
                self._leave(batch.orders.values(), "no worker of it lives")
            return
        batch.silent = 0.0 if heard else batch.silent + self._tick
        absent = worker_of(run) not in self._living
        limit = LOST_AFTER if batch.news.beat or absent else START_LIMIT
        if batch.silent >= limit:
            self._pool.give_up(batch.run, f"it told nothing for {limit:g} s")
            self._lose(batch, f"its worker told nothing for {limit:g} s")

    def _over(self, batch: _Batch, run: FlowRun | None) -> None:
        """A run that ended with scenes undecided."""
        state = run.state if run else None
        if state is not None and state.is_cancelled():
            self._running.remove(batch)
            for order in batch.orders.values():
                self._ended(order, Outcome(SongreelError(f"its run on the pool {self._pool.name!r} was cancelled")))
            return
        said = (state.message if state else "") or "it said nothing"
        self._lose(batch, f"its run on the pool {self._pool.name!r} ended as {state.name if state else 'unknown'}: {said}")

    def _lose(self, batch: _Batch, why: str) -> None:
        """Send a lost batch's scenes again; what was being made, or all of it when nothing was, has used up a try."""
        log.warning("scenes %s were lost: %s", ", ".join(map(str, batch.orders)), why)
        self._running.remove(batch)
        begun = [scene for scene in batch.orders if scene in batch.news.scenes]
        self._suspects.update(begun)
        self._fleet._tried.update((begun or list(batch.orders)) if batch.lived else ())
        self._looked = -LOOK_AROUND
        for scene, order in batch.orders.items():
            if self._fleet._tried[scene] < TRIES:
                self._waiting.append(order)
            else:
                self._ended(order, Outcome(TransientError(f"it was lost {TRIES} times; {why}")))

    def _ended(self, order: ShotOrder, outcome: Outcome) -> None:
        del self._open[order.slot.scene]
        self._outcome(order, outcome)

    def _leave(self, orders: Iterable[ShotOrder], because: str) -> None:
        """These are shot here."""
        left = list(orders)
        if left:
            self._fleet.note(because)
        for order in left:
            self._ended(order, Outcome(here=True))
