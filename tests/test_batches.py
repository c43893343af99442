"""Scenes in batches for a pool's workers: by model, even in work, worth their runs' overhead, as many as there are workers."""

from hypothesis import given
from hypothesis import strategies as st

from songreel.execution.batches import MOST_WORK, OVERHEAD_SHARE, RUN_OVERHEAD, Load, batches

LOADS = st.lists(st.tuples(st.sampled_from(["wan", "ltx", "svd"]), st.floats(0.0, 900.0)), min_size=1, max_size=40).map(
    lambda rows: [Load(scene, backend, seconds) for scene, (backend, seconds) in enumerate(rows)]
)


def equal(count: int, seconds: float, backend: str = "wan") -> list[Load]:
    return [Load(scene, backend, seconds) for scene in range(count)]


def work(batch: tuple[int, ...], loads: list[Load]) -> float:
    return sum(load.seconds for load in loads if load.scene in batch)


@given(LOADS, st.integers(1, 8))
def test_every_scene_is_in_one_batch_and_no_batch_needs_two_models(loads: list[Load], workers: int) -> None:
    made = batches(loads, workers)
    assert sorted(scene for batch in made for scene in batch) == [load.scene for load in loads]
    assert all(batch and len({loads[scene].backend for scene in batch}) == 1 for batch in made)


@given(LOADS, st.integers(1, 8))
def test_no_worker_is_without_a_batch_while_there_are_scenes_for_it(loads: list[Load], workers: int) -> None:
    by_model = [sum(load.backend == name for load in loads) for name in {load.backend for load in loads}]
    assert len(batches(loads, workers)) >= (min(workers, len(loads)) if len(by_model) == 1 else 1)


def test_scenes_keep_the_order_of_shooting() -> None:
    loads = [Load(scene, "wan", seconds) for scene, seconds in ((7, 30.0), (2, 90.0), (5, 60.0), (1, 80.0))]
    turn = [load.scene for load in loads]
    assert all(list(batch) == sorted(batch, key=turn.index) for batch in batches(loads, 2))


def test_a_run_costs_at_most_its_share_when_there_is_work_for_all() -> None:
    loads = equal(120, 45.0)
    made = batches(loads, 3)
    assert all(OVERHEAD_SHARE * work(batch, loads) >= RUN_OVERHEAD for batch in made)
    assert len(made) % 3 == 0
    assert max(work(batch, loads) for batch in made) <= MOST_WORK + 45.0  # to the nearest scene


def test_little_work_is_still_spread_over_all_workers() -> None:
    assert sorted(map(len, batches(equal(8, 5.0), 2))) == [4, 4]
    assert len(batches(equal(3, 5.0), 8)) == 3


def test_batches_are_even_though_scenes_are_not() -> None:
    loads = [Load(scene, "wan", seconds) for scene, seconds in enumerate((200.0, 10.0, 100.0, 60.0, 40.0, 110.0, 20.0, 60.0))]
    first, second = (work(batch, loads) for batch in batches(loads, 2))
    assert abs(first - second) <= 10.0


def test_two_models_share_the_workers_by_their_work() -> None:
    loads = [*equal(12, 60.0), *(Load(100 + scene, "svd", 60.0) for scene in range(4))]
    made = batches(loads, 4)
    assert sum(batch[0] < 100 for batch in made) == 3
    assert sum(batch[0] >= 100 for batch in made) == 1
