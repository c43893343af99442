"""All scenes' clips: shot beside each other, conformed as each shot ends, one failure never stopping the others.

A scene that fails is tried again with ever less of what was asked: by the next backend of its plan, by the painter, with another seed,
in the world of a scene that worked. Each of these is noted. So the film keeps its exact length as long as anything can be drawn at all.
"""

import logging
import queue
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from prefect.futures import PrefectFuture

from blocks.progress import Event, tell
from flows.clock import state_of
from flows.fleet import Fleet, Outcome
from schemas import Clip, Footage, Note, OwnShaders, ShotOrder
from songreel.catalogue import find
from songreel.errors import SongreelError
from songreel.execution.means import FREE
from tasks.policy import is_made
from tasks.shoot import conform, shoot
from tasks.studio import Studio

SEED_SPAN = 2**32
OTHER_SEED = 104_729  # a prime, added to a seed whose picture failed
FEWEST_CLIPS = 2  # a film of fewer scenes than this is no music video, unless it was planned so

AT_SERVICES = 16  # scenes that services make at once, beside those that are made here
ON_THE_GPU = 1  # scenes that a model of this machine makes at once; it has the GPU to itself
AFAR, GPU, HERE = "afar", "gpu", "here"
POOL = "pool"  # where a fleet shoots; it has its own window
PLACES = {"cloud": AFAR, "local_gpu": GPU, "built_in": HERE}

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Shot:
    """One scene's way from order to clip."""

    order: ShotOrder
    footage: Footage
    clip: Clip
    cached: bool


@dataclass
class Shooting:
    """Shots of a whole film. ``window`` is how many are made here at once; ``others`` the orders for who comes next when a scene fails."""

    studio: Studio
    window: int
    others: Mapping[int, Sequence[ShotOrder]] = field(default_factory=dict)
    fleet: Fleet | None = None
    """Who shoots what needs a GPU, where this machine has help."""
    unconformed: Container[int] = ()
    """Scenes whose footage is enough: another machine conforms it."""
    notes: list[Note] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"shoot": 0.0, "conform": 0.0})
    _ended: "queue.SimpleQueue[tuple[str, ShotOrder, Any]]" = field(default_factory=queue.SimpleQueue)
    _shots: dict[int, Shot] = field(default_factory=dict)
    _footage: dict[int, tuple[Footage, bool]] = field(default_factory=dict)
    _by_pool: dict[int, bool] = field(default_factory=dict)
    """Scenes that the pool answered for, and whether it had known them."""

    def all(self, orders: Sequence[ShotOrder], turns: Sequence[int] = ()) -> list[Shot]:
        """Every scene's shot, in order.

        Args:
            orders: one a scene.
            turns: scenes in the order of shooting; empty: as they come.

        Raises:
            SongreelError: too few scenes could be drawn, or a scene could not be drawn in any way.
        """
        tell(Event("shoot", "planned", total=len(orders)))
        begun = monotonic()
        by_scene = {order.slot.scene: order for order in orders}
        failed = self.round([by_scene[scene] for scene in turns] if turns else orders)
        painted = [error for order, error in failed if order.backend == FREE and not order.own]
        if len(orders) - len(painted) < min(FEWEST_CLIPS, len(orders)):
            raise SongreelError(f"{len(painted)} of {len(orders)} scenes could not be shot: {painted[0]}")
        self._rescue(failed)
        self.seconds["shoot"] = monotonic() - begun
        return [self._shots[order.slot.scene] for order in orders]

    def round(self, orders: Sequence[ShotOrder]) -> list[tuple[ShotOrder, BaseException]]:
        """Shoot and conform these, a window at a time; gives those that failed, with their errors."""
        waiting, failed = self._sent(orders), []
        working = len(orders) - len(waiting)
        free = {AFAR: AT_SERVICES, GPU: ON_THE_GPU, HERE: self.window}
        while waiting or working:
            for order in tuple(waiting):
                if free[self._place(order)] > 0:
                    waiting.remove(order)
                    free[self._place(order)] -= 1
                    working += 1
                    self._follow("shoot", order, shoot.submit(order, self.studio))
            step, order, end = self._ended.get()
            working -= 1
            if step == POOL and end.error is None:
                self._by_pool.update({} if end.here else {order.slot.scene: end.known})
                waiting.append(order)  # what the pool made is in the store: it is only looked up here
                continue
            if step != POOL:
                free[self._place(order) if step == "shoot" else HERE] += 1
            error = end.error if step == POOL else _error(end)
            if error is not None:
                tell(Event(step, "failed", order.slot.scene, text=str(error)))
                failed.append((order, error))
            elif self._next(step, order, end):
                free[HERE] -= 1
                working += 1
        return failed

    def footage(self) -> dict[int, Footage]:
        """What was shot, by scene."""
        return {scene: footage for scene, (footage, _) in sorted(self._footage.items())}

    def _sent(self, orders: Sequence[ShotOrder]) -> list[ShotOrder]:
        """Send what the fleet shoots on its way, and give what is shot here: all that is known already, too."""
        if self.fleet is None:
            return list(orders)
        afar = [order for order in orders if self._for_fleet(order) and not is_made("shoot", self.studio.store, order=order)]
        if afar:
            self.fleet.shoot(afar, self._arrived)
        return [order for order in orders if order not in afar]

    def _for_fleet(self, order: ShotOrder) -> bool:
        place = self._place(order)
        return place == GPU or (place == HERE and self.fleet is not None and self.fleet.painted)

    def _arrived(self, order: ShotOrder, outcome: Outcome) -> None:
        self._ended.put((POOL, order, outcome))

    def _place(self, order: ShotOrder) -> str:
        return PLACES[find("video", order.backend, self.studio.access).where]

    def _follow(self, step: str, order: ShotOrder, future: PrefectFuture[Any]) -> None:
        future.add_done_callback(lambda done: self._ended.put((step, order, done)))

    def _next(self, step: str, order: ShotOrder, future: PrefectFuture[Any]) -> bool:
        """Take a finished step's result; true when it started another step."""
        scene = order.slot.scene
        if step == "shoot":
            footage = future.result()
            cached = self._by_pool.pop(scene, state_of(future).name == "Cached")
            self._footage[scene] = (footage, cached)
            if not footage.conformed and scene in self.unconformed:
                tell(Event("shoot", "cached" if cached else "done", scene, share=1.0))
                return False
            if not footage.conformed:
                self._follow("conform", order, conform.submit(footage, order, self.studio))
                return True
            clip = Clip(slot=order.slot, media=footage.media, width=order.width, height=order.height, fps=order.fps, encoding=order.encoding)
        else:
            clip = future.result()
        footage, cached = self._footage[scene]
        self._shots[scene] = Shot(order, footage, clip, cached)
        tell(Event("shoot", "cached" if cached else "done", scene, share=1.0, dollars=0.0 if cached else footage.dollars, clip=clip.media))
        return False

    def _rescue(self, failed: Sequence[tuple[ShotOrder, BaseException]]) -> None:
        """Fill the scenes that failed, each with the first stand-in that can be drawn; all of them beside each other, round by round."""
        reasons = {order.slot.scene: error for order, error in failed}
        lost = sorted((order for order, _ in failed), key=lambda order: order.slot.scene)
        ways = {order.slot.scene: stand_ins(order, self._shots.values(), self.others.get(order.slot.scene, ())) for order in lost}
        latest = dict(reasons)
        while ways:
            tried = {scene: next(way, None) for scene, way in ways.items()}
            for scene in (scene for scene, one in tried.items() if one is None):
                raise SongreelError(f"scene {scene} could not be shot in any way: {latest[scene]}") from reasons[scene]
            again = {order.slot.scene: error for order, error in self.round([one[1] for one in tried.values() if one])}
            latest.update(again)
            for scene, one in tried.items():
                if one and scene not in again:
                    self._told(scene, one[0], reasons[scene])
            ways = {scene: way for scene, way in ways.items() if scene in again}

    def _told(self, scene: int, took: str, error: BaseException) -> None:
        log.warning("scene %d was shot with %s: %s", scene, took, error)
        self.notes.append(Note(stage="shoot", took=f"scene {scene} with {took}", because=str(error) or type(error).__name__))


def stand_ins(order: ShotOrder, shot: Iterable[Shot], others: Sequence[ShotOrder] = ()) -> Iterator[tuple[str, ShotOrder]]:
    """What to try for a scene that failed, best first, each with how it is told.

    Args:
        order: the scene's own.
        shot: what worked, looked at when it is needed.
        others: orders for who comes next in the plan.
    """
    for other in others:
        yield f"{other.backend} instead of {order.backend}", other
    if order.backend != FREE:
        order = order.model_copy(update={"backend": FREE, "references": ()})
        yield "the painter", order
    if order.own:
        names = order.own.names
        order = order.model_copy(update={"own": OwnShaders()})
        yield f"the painter's own {order.look.world} in {order.look.style} instead of {names}", order
    painted = order.model_copy(update={"backend": FREE, "references": (), "seed": (order.seed + OTHER_SEED) % SEED_SPAN})
    yield "another seed", painted
    worked = sorted((one.order for one in shot), key=lambda other: abs(other.slot.scene - order.slot.scene))
    for world in dict.fromkeys(other.look.world for other in worked if other.look.world != order.look.world):
        other = next(other for other in worked if other.look.world == world)
        yield f"the world of its neighbours ({world})", painted.model_copy(update={"look": other.look, "image": other.image})
    for neighbour in worked[:1]:
        yield (
            f"the picture of scene {neighbour.slot.scene}",
            painted.model_copy(update={"look": neighbour.look, "image": neighbour.image, "prompt": neighbour.prompt}),
        )


def _error(future: PrefectFuture[Any]) -> BaseException | None:
    """Why a task failed; none when it did not."""
    state = state_of(future)
    if state.is_completed():
        return None
    return state.data if isinstance(state.data, BaseException) else SongreelError(_reason(state.message or "") or state.name or "it failed")


def _reason(message: str) -> str:
    """What the error itself said, without how Prefect introduces it."""
    return message.partition(": ")[2] if message.startswith("Task run encountered an exception") else message
