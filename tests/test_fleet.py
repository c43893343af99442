"""A film and its pool, with a pool in memory: what is told, what is sent again and how often, what is left to the film's own machine."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelled, Completed, Crashed, Running, Scheduled

from blocks.progress import Event, listening
from flows import fleet as fleets
from flows.fleet import Fleet, Outcome
from flows.pool import NoDeployment, ServerAway
from flows.reporting import Reporter
from flows.shoot_scenes import _refused
from flows.survey import KEYED
from schemas import ShotOrder
from schemas.fleet import BatchNews
from songreel.storage import Store
from songreel.storage.records import Records
from tests.fleet import an_order

Act = Callable[["OnPaper", FlowRun, Mapping[str, Any], Reporter], None]


@dataclass
class OnPaper:
    """A pool whose runs do at once what the test says."""

    store: Store
    act: Act
    workers: set[str] = field(default_factory=lambda: {"one"})
    runs: dict[UUID, FlowRun] = field(default_factory=dict)
    sent: list[tuple[int, ...]] = field(default_factory=list)
    away: int = 0
    """Questions that the server does not answer."""
    name: str = "gpu"

    def living(self) -> set[str]:
        if self.away:
            self.away -= 1
            raise ServerAway("it does not answer")
        return self.workers

    def start(self, flow: str, key: str, parameters: Mapping[str, Any]) -> UUID:
        run = FlowRun(id=uuid4(), flow_id=uuid4(), name=key, state=Running(), labels={"prefect.worker.name": "one"})
        self.runs[run.id] = run
        self.sent.append(tuple(one["slot"]["scene"] for one in parameters["orders"]))
        self.act(self, run, parameters, Reporter(Records(self.store, fleets.RECORDS), parameters["batch"], str, lambda: None))
        return run.id

    def states(self, runs: Collection[UUID]) -> dict[UUID, FlowRun]:
        found = {one: self.runs[one].model_copy() for one in runs}
        for run in runs:
            if self.runs[run].name == "dies":
                self.runs[run].state = Crashed(message="killed")
        return found

    def cancel(self, run: UUID, why: str) -> None:
        self.runs[run].state = Cancelled(message=why)

    def give_up(self, run: UUID, why: str) -> None:
        self.runs[run].state = Crashed(message=why)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, seconds in {"POLL": 0.01, "LOST_AFTER": 0.2, "START_LIMIT": 0.3, "UNTAKEN": 0.2, "LOOK_AROUND": 0.0, "ASK_AGAIN": 0.02}.items():
        monkeypatch.setattr(fleets, name, seconds)
    return Store(str(tmp_path / "store"))


def shot(pool: OnPaper, count: int) -> tuple[dict[int, Outcome], list[str]]:
    """What becomes of so many scenes, and why scenes were left to this machine."""
    outcomes: dict[int, Outcome] = {}

    def ended(order: ShotOrder, outcome: Outcome) -> None:
        assert order.slot.scene not in outcomes, "a scene ends once"
        outcomes[order.slot.scene] = outcome

    fleet = Fleet(pool, pool.store, {})  # type: ignore[arg-type]  # it does what a pool does
    fleet.shoot([an_order(scene) for scene in range(count)], ended)
    end = time.monotonic() + 30
    while len(outcomes) < count:
        assert time.monotonic() < end, f"only {sorted(outcomes)} ended"
        time.sleep(0.01)
    return outcomes, [note.because for note in fleet.notes]


def scenes(parameters: Mapping[str, Any]) -> list[int]:
    return [one["slot"]["scene"] for one in parameters["orders"]]


def makes_all(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
    with reporter.telling():
        for scene in scenes(parameters):
            reporter(Event("shoot", "done", scene, share=1.0))
    run.state = Completed()


def test_scenes_are_made_known_failed_or_refused_as_their_run_tells(store: Store) -> None:
    def tells(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        with reporter.telling():
            reporter(Event("shoot", "done", 0))
            reporter(Event("shoot", "cached", 1))
            reporter(Event("conform", "failed", 2, text="it is torn"))
            reporter.refuse(3, "no font")
        run.state = Completed(name="Degraded")

    made, notes = shot(OnPaper(store, tells), 4)
    assert (made[0], made[1]) == (Outcome(), Outcome(known=True))
    assert str(made[2].error) == "it is torn"
    assert (made[3].here, notes) == (True, ["no font"])


def test_how_far_a_scene_is_comes_through(store: Store) -> None:
    def half(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        if len(pool.sent) > 1:
            makes_all(pool, run, parameters, reporter)
            return
        with reporter.telling():
            reporter(Event("shoot", "begun", 0))
            reporter(Event("shoot", "moved", 0, share=0.5))
        run.name = "dies"

    heard: list[Event] = []
    with listening(heard.append):
        shot(OnPaper(store, half), 1)
    assert Event("shoot", "moved", 0, share=0.5) in heard


def test_a_scene_that_kills_its_runs_is_sent_alone_and_given_up_and_the_others_are_made(store: Store) -> None:
    def kills(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        with reporter.telling():
            for scene in scenes(parameters):
                reporter(Event("shoot", "begun" if scene == 1 else "done", scene))
                if scene == 1:
                    break
        run.state, run.name = (Running(), "dies") if 1 in scenes(parameters) else (Completed(), run.name)

    pool = OnPaper(store, kills)
    made, _ = shot(pool, 4)
    assert [made[scene].error for scene in (0, 2, 3)] == [None, None, None]
    assert "lost 3 times" in str(made[1].error)
    assert pool.sent[0] == (0, 1, 2, 3)
    assert [sent for sent in pool.sent[1:] if 1 in sent] == [(1,), (1,)]
    assert [sent for sent in pool.sent[1:] if 1 not in sent] == [(2, 3)]


def test_a_silent_run_is_marked_as_lost_and_its_scenes_are_sent_again_under_another_name(store: Store) -> None:
    def silent_once(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        if len(pool.sent) > 1:
            makes_all(pool, run, parameters, reporter)

    pool = OnPaper(store, silent_once)
    made, notes = shot(pool, 2)
    first, second = pool.runs.values()
    assert (made, notes) == ({0: Outcome(), 1: Outcome()}, [])
    assert first.state is not None
    assert first.state.is_crashed()
    assert first.name.removesuffix("-1") == second.name.removesuffix("-2")


def test_a_run_that_was_over_before_it_was_asked_for_uses_up_no_try(store: Store) -> None:
    def old(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        if len(pool.sent) > fleets.TRIES + 1:
            makes_all(pool, run, parameters, reporter)
        else:
            run.state = Crashed(message="of the film's first run")

    made, _ = shot(OnPaper(store, old), 1)
    assert made == {0: Outcome()}


def test_a_batch_that_somebody_cancels_is_not_sent_again(store: Store) -> None:
    pool = OnPaper(store, lambda pool, run, parameters, reporter: pool.cancel(run.id, "no more"))
    made, _ = shot(pool, 2)
    assert all("was cancelled" in str(one.error) for one in made.values())
    assert len(pool.sent) == 1


def test_nobody_there_and_nothing_registered_leave_the_scenes_here(store: Store) -> None:
    made, notes = shot(OnPaper(store, makes_all, workers=set()), 2)
    assert all(one.here for one in made.values())
    assert notes == ["no worker of it lives"]

    def unknown(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        raise NoDeployment("no deployment is called shoot-scenes/gpu")

    made, notes = shot(OnPaper(store, unknown), 2)
    assert all(one.here for one in made.values())
    assert notes == ["no deployment is called shoot-scenes/gpu"]


def test_a_batch_that_nobody_takes_any_more_comes_back(store: Store) -> None:
    def leaves(pool: OnPaper, run: FlowRun, parameters: Mapping[str, Any], reporter: Reporter) -> None:
        run.state = Scheduled()
        pool.workers.clear()

    pool = OnPaper(store, leaves)
    made, notes = shot(pool, 2)
    assert all(one.here for one in made.values())
    assert notes == ["no worker of it lives"]
    assert all(run.state and run.state.is_cancelled() for run in pool.runs.values())


def test_a_server_that_is_away_is_asked_again(store: Store) -> None:
    made, notes = shot(OnPaper(store, makes_all, away=3), 3)
    assert (sorted(made), notes) == ([0, 1, 2], [])
    assert not any(one.here or one.error for one in made.values())


def test_a_worker_of_another_version_or_without_the_fonts_leaves_scenes_to_the_film(store: Store) -> None:
    records = Records(store, fleets.RECORDS)
    reporter = Reporter(records, "batch", str, lambda: None)
    with reporter.telling():
        assert not _refused(an_order(0), KEYED, (), reporter)
        assert _refused(an_order(1), {**KEYED, "shoot": "0"}, (), reporter)
        assert _refused(an_order(2, "painter"), KEYED, {2, 3}, reporter)
        assert not _refused(an_order(3), KEYED, {2, 3}, reporter), "a model's footage is lettered afterwards"
    told = BatchNews.model_validate_json(records.read("batch") or b"")
    assert {scene: news.state for scene, news in told.scenes.items()} == {1: "refused", 2: "refused"}
    assert "another version" in told.scenes[1].text
