"""Who shoots what, under which caps; the choices that are offered."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schemas import BackendProfile, Cost, CostLedger, Encoding, FramesRule, Plan, RunCosts, ShotOrder, Slot, Transition
from songreel.access import Caps
from songreel.catalogue import entries
from songreel.errors import MissingDependency, OverBudget, UserError
from songreel.execution.budget import budget
from songreel.execution.choices import choices
from songreel.execution.estimates import Estimates
from songreel.execution.machine import Gpu, Machine
from songreel.execution.means import Means
from songreel.execution.offers import option
from songreel.storage import Store
from songreel.video import bought
from tests.test_execution import made_plan

PAINTER = BackendProfile(
    name="painter", kind="video", title="Painter", where="built_in", licence="Apache-2.0", commercial=True, as_of="2026-11-21", speed=1.5
)
RATES = {"dollars_per_second": 0.10, "native_fps": 24.0, "max_seconds": 5.0, "frames": FramesRule(multiple=4, remainder=1)}
DEAR = PAINTER.model_copy(update={"name": "dear", "where": "cloud", "service": "shop", "looks": 0.8, "speed": 10.0, **RATES})
CHEAP = DEAR.model_copy(update={"name": "cheap", "service": "stall", "looks": 0.7, "dollars_per_second": 0.04})
LOCAL = PAINTER.model_copy(update={"name": "local", "where": "local_gpu", "vram_gb": 12.0, "looks": 0.7, "speed": 20.0})
FORBIDDEN = LOCAL.model_copy(update={"name": "forbidden", "looks": 0.9, "commercial": False, "licence": "Research only"})
SHOT = 97 / 24 * 0.10  # dollars of a scene of 4 s by the dear one: 96 frames are needed, 4k + 1 are legal
GPU = Machine(2, 16.0, Gpu("G", 16.0, 16.0))
TODAY = date(2026, 11, 21)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def means(*profiles: BackendProfile, **more: object) -> Means:
    given = {"machine": GPU, "today": TODAY, **more}
    return Means(profiles={one.name: one for one in (PAINTER, *profiles)}, **given)


def backends(plan: Plan, given: Means) -> list[str]:
    return [one.backend for one in budget(plan, given).assignments]


def test_without_money_or_a_wish_every_scene_is_painted(store: Store) -> None:
    chosen = budget(made_plan(store), means(DEAR, LOCAL))
    assert {one.backend for one in chosen.assignments} == {"painter"}
    assert (chosen.dollars, chosen.choice, chosen.notes) == (0, "free", ())


def test_auto_spends_on_the_scenes_of_most_energy_under_the_cap(store: Store) -> None:
    chosen = budget(made_plan(store, budget=0.9), means(DEAR))
    assert [one.backend for one in chosen.assignments] == ["painter", "dear", "dear"]
    assert chosen.dollars == pytest.approx(2 * SHOT, abs=1e-5)


def test_money_goes_to_the_chorus_before_the_verse_and_to_words_before_none(store: Store) -> None:
    plan = made_plan(store, budget=SHOT)
    even = [scene.model_copy(update={"energy": 0.5}) for scene in plan.scenes]
    chorus = [even[0], even[1], even[2].model_copy(update={"label": "chorus"})]
    assert backends(plan.model_copy(update={"scenes": tuple(chorus)}), means(DEAR)) == ["painter", "painter", "dear"]
    sung = [even[0].model_copy(update={"script": even[0].script.model_copy(update={"lyric": "la"})}), *even[1:]]
    assert backends(plan.model_copy(update={"scenes": tuple(sung)}), means(DEAR)) == ["dear", "painter", "painter"]


def test_a_preview_spends_nothing_and_waits_for_no_model(store: Store) -> None:
    chosen = budget(made_plan(store, budget=9.0, quality="preview", choice="mixed"), means(DEAR, LOCAL))
    assert (chosen.dollars, {one.backend for one in chosen.assignments}) == (0, {"painter"})


def test_a_basic_film_takes_the_cheaper_model_and_a_cinematic_one_the_better(store: Store) -> None:
    assert set(backends(made_plan(store, budget=9.0, quality="basic", choice="cloud"), means(DEAR, CHEAP))) == {"cheap"}
    assert set(backends(made_plan(store, budget=9.0, quality="cinematic", choice="cloud"), means(DEAR, CHEAP))) == {"dear"}


def test_the_price_is_that_of_the_frames_that_must_be_made_handles_included(store: Store) -> None:
    plan = made_plan(store, backend="dear", budget=5.0)
    assert budget(plan, means(DEAR)).assignments[0].dollars == pytest.approx(SHOT, abs=1e-5)
    joined = tuple(
        scene.model_copy(update={"transition": Transition(kind="crossfade", frames=20)}) if scene.index else scene for scene in plan.scenes
    )
    priced = budget(plan.model_copy(update={"scenes": joined}), means(DEAR)).assignments
    assert priced[0].dollars == pytest.approx(105 / 24 * 0.10, abs=1e-5)  # 130 frames of film are 104 of the model's
    assert priced[1].dollars == pytest.approx(113 / 24 * 0.10, abs=1e-5)


def test_a_scene_that_is_too_long_for_the_model_is_paid_in_several_legal_shots(store: Store) -> None:
    short = DEAR.model_copy(update={"max_seconds": None, "frames": FramesRule(multiple=4, remainder=1, most=49), "first_frame": True})
    assert budget(made_plan(store, backend="dear", budget=5.0), means(short)).assignments[0].dollars == pytest.approx(2 * 49 / 24 * 0.10, abs=1e-5)


def test_a_model_that_cannot_go_on_is_paid_once_and_worth_less(store: Store) -> None:
    half = DEAR.model_copy(update={"name": "half", "max_seconds": None, "frames": FramesRule(multiple=4, remainder=1, most=49)})
    assert budget(made_plan(store, backend="half", budget=5.0), means(half)).assignments[0].dollars == pytest.approx(49 / 24 * 0.10, abs=1e-5)
    assert set(backends(made_plan(store, choice="cloud", budget=5.0), means(half, CHEAP))) == {"cheap"}


def test_the_price_of_a_bought_scene_is_what_its_orders_reserve(store: Store) -> None:
    """The plan and the buyer cut a scene alike, or a cap that the plan keeps would stop the last orders."""
    profiles = {one.name: one for one in entries("video") if one.where == "cloud"}
    plan = made_plan(store)
    for frames in range(20, 460, 11):
        scene = plan.scenes[0].model_copy(update={"end_frame": frames})
        slot = Slot(scene=0, start_frame=0, end_frame=frames)
        for profile in profiles.values():
            order = ShotOrder(
                backend=profile.name, slot=slot, width=320, height=180, fps=plan.fps, encoding=Encoding(), quality="basic", prompt="p", seed=1,
                look=scene.look,
            )  # fmt: skip
            goes_on = profiles.get(str(profile.options.get("continued_by"))) or (profile if profile.first_frame else None)
            reserved = sum(count / (maker.native_fps or 30.0) * maker.dollars_per_second for maker, count in bought.parts_of(order, profile, goes_on))
            assert option(scene, profile, plan, means(*profiles.values()), True).dollars >= reserved - 1e-6, (profile.name, frames)


def test_a_wish_over_the_cap_is_refused_with_what_would_fit(store: Store) -> None:
    with pytest.raises(OverBudget, match=r"3 scenes with dear cost \$1\.21, the cap is \$0\.50: --budget 1\.22 .* pays for 1 of them"):
        budget(made_plan(store, backend="dear", budget=0.5), means(DEAR))


def test_the_caps_of_the_day_and_of_a_provider_count_what_was_spent_today(store: Store) -> None:
    plan = made_plan(store, budget=9.0)
    of_day = means(DEAR, caps=Caps(day_dollars=1.0), spent={"shop": 0.15})
    assert backends(plan, of_day) == ["painter", "dear", "dear"]
    of_shop = means(DEAR, caps=Caps(provider_dollars={"shop": 1.0}), spent={"shop": 0.55})
    assert backends(plan, of_shop) == ["painter", "dear", "painter"]
    assert backends(plan, means(DEAR, CHEAP, caps=Caps(provider_dollars={"shop": 0.0}))) == ["cheap"] * 3


def test_a_model_that_is_hardly_better_is_left_out_so_that_the_film_looks_of_one_piece(store: Store) -> None:
    better = CHEAP.model_copy(update={"name": "better", "looks": 0.71, "dollars_per_second": 0.05})
    much = CHEAP.model_copy(update={"name": "much", "looks": 0.95, "dollars_per_second": 0.05})
    plan = made_plan(store, choice="cloud", budget=0.53, quality="cinematic")  # three of the cheap one, or two with one of the other
    assert backends(plan, means(CHEAP, better)) == ["cheap"] * 3
    assert sorted(backends(plan, means(CHEAP, much))) == ["cheap", "cheap", "much"]


def test_named_scenes_are_paid_first_and_a_days_cap_refuses_them_too(store: Store) -> None:
    plan = made_plan(store, budget=0.9)
    named = tuple(scene.model_copy(update={"backend": "dear"}) if scene.index == 0 else scene for scene in plan.scenes)
    assert backends(plan.model_copy(update={"scenes": named}), means(DEAR)) == ["dear", "dear", "painter"]
    with pytest.raises(OverBudget, match=r"\$0\.20 are left of today's cap: raise SONGREEL_BUDGET_DAY"):
        budget(plan.model_copy(update={"scenes": named}), means(DEAR, caps=Caps(day_dollars=1.0), spent={"x": 0.8}))


def test_unknown_and_unready_backends_are_told_apart(store: Store) -> None:
    with pytest.raises(UserError, match="no video backend is called 'sora'; known: dear, painter"):
        budget(made_plan(store, backend="sora"), means(DEAR))
    absent = means(absent={"local": LOCAL}, mend={"local": "no torch; uv sync --extra models"})
    with pytest.raises(MissingDependency, match="uv sync --extra models"):
        budget(made_plan(store, backend="local"), absent)


def test_without_a_painter_the_command_that_brings_it_is_told(store: Store) -> None:
    nothing = Means(profiles={}, absent={"painter": PAINTER}, mend={"painter": "OpenGL; sudo apt-get install libegl1"})
    with pytest.raises(MissingDependency, match="the painter cannot be used here: OpenGL; sudo apt-get install libegl1"):
        budget(made_plan(store), nothing)


def test_a_film_that_earns_money_takes_no_model_that_forbids_it_and_names_it(store: Store) -> None:
    with pytest.raises(UserError, match=r"'forbidden' may not be used .* its licence is Research only; these may: local, painter"):
        budget(made_plan(store, backend="forbidden", commercial=True), means(LOCAL, FORBIDDEN))
    assert set(backends(made_plan(store, choice="local", commercial=True), means(LOCAL, FORBIDDEN))) == {"local"}
    assert set(backends(made_plan(store, choice="local"), means(LOCAL, FORBIDDEN))) == {"forbidden"}


def test_a_choice_that_cannot_be_is_refused_with_what_is_missing(store: Store) -> None:
    with pytest.raises(MissingDependency, match="'local' has no backend that is ready here: local lacks no torch; uv sync"):
        budget(made_plan(store, choice="local"), means(absent={"local": LOCAL}, mend={"local": "no torch; uv sync"}))
    with pytest.raises(OverBudget, match="'cloud' costs money: give the most that it may cost"):
        budget(made_plan(store, choice="cloud"), means(DEAR))


def test_a_deadline_paints_what_would_take_too_long_and_says_so(store: Store) -> None:
    plan = made_plan(store, choice="local", deadline=3.0)  # 3 scenes of 4 s: 80 s each on the GPU, after 30 s of loading
    chosen = budget(plan, means(LOCAL))
    assert [one.backend for one in chosen.assignments] == ["painter", "local", "painter"]
    assert chosen.seconds <= 180
    assert [note.took for note in chosen.notes] == ["the painter for 2 of 3 scenes, those that matter least"]


def test_a_deadline_that_nothing_meets_takes_the_quickest_way_and_says_so(store: Store) -> None:
    chosen = budget(made_plan(store, choice="local", deadline=0.1), means(LOCAL))
    assert {one.backend for one in chosen.assignments} == {"painter"}
    assert any(note.took == "more time than the deadline" and "even the quickest way" in note.because for note in chosen.notes)


def test_who_comes_next_costs_no_more_and_ends_with_the_painter(store: Store) -> None:
    chosen = budget(made_plan(store, choice="mixed", budget=9.0, quality="cinematic"), means(DEAR, CHEAP, LOCAL)).assignments
    assert [(one.backend, one.then) for one in chosen] == [("dear", ("cheap", "local", "painter"))] * 3
    assert budget(made_plan(store), means(DEAR)).assignments[0].then == ()


def test_scenes_of_one_model_are_shot_one_after_the_other_and_the_slowest_first(store: Store) -> None:
    plan = made_plan(store, budget=9.0)
    named = tuple(scene.model_copy(update={"backend": name}) for scene, name in zip(plan.scenes, ("painter", "dear", "local"), strict=True))
    assert [one.backend for one in budget(plan.model_copy(update={"scenes": named}), means(DEAR, LOCAL)).in_turn] == ["dear", "local", "painter"]


def test_an_old_price_and_a_full_disk_are_told(store: Store) -> None:
    old = DEAR.model_copy(update={"as_of": "2026-08-01"})
    chosen = budget(made_plan(store, budget=9.0), means(old, machine=replace(GPU, disk_gb=0.001)))
    assert [note.took for note in chosen.notes] == ["an old price for dear", "a disk that may be too small"]
    assert "112 days ago, on 2026-08-01" in chosen.notes[0].because


def test_an_estimated_price_is_told(store: Store) -> None:
    chosen = budget(made_plan(store, budget=9.0), means(DEAR.model_copy(update={"estimated": True})))
    assert [note.took for note in chosen.notes] == ["an estimated price for dear"]
    assert "is an estimate" in chosen.notes[0].because


def test_the_choices_say_what_each_costs_takes_and_lacks(store: Store) -> None:
    offered = choices(made_plan(store), means(CHEAP, LOCAL))
    assert [(one.number, one.name, one.ready) for one in offered] == [(1, "free", True), (2, "local", True), (3, "cloud", True), (4, "mixed", True)]
    free, local, cloud, mixed = offered
    assert (free.dollars, local.dollars, free.scenes, local.scenes) == (0, 0, {"painter": 3}, {"local": 3})
    assert 0 < cloud.dollars <= 0.30  # the aim: $1.50 a minute of 12 seconds; one shot costs 16 cents
    assert mixed.looks >= max(local.looks, cloud.looks)
    assert free.minutes < local.minutes


def test_a_choice_within_the_aim_says_what_all_scenes_would_cost(store: Store) -> None:
    cloud = choices(made_plan(store), means(CHEAP))[-1]
    assert cloud.scenes == {"cheap": 1, "painter": 2}
    assert cloud.degraded == ("2 of 3 scenes are painted: the aim of $1.50 a minute is $0.30, all with the best model would be $0.49",)


def test_what_is_not_ready_is_offered_with_what_it_lacks(store: Store) -> None:
    offered = choices(made_plan(store, budget=9.0), means(absent={"cheap": CHEAP}, mend={"cheap": "no key; export SHOP_KEY=..."}))
    assert [(one.name, one.ready) for one in offered] == [("free", True), ("cloud", False)]
    assert offered[1].missing == "cheap: no key; export SHOP_KEY=..."
    assert offered[1].dollars == pytest.approx(3 * 97 / 24 * 0.04, abs=1e-3)


def run_of(*shots: Cost, machine: str = GPU.name, **more: object) -> RunCosts:
    given = {"run": "r", "at": "2026-11-20T10:00:00+00:00", "film": 60.0, "around": 30.0, **more}
    return RunCosts(machine=machine, costs=CostLedger(entries=shots), **given)


def a_shot(seconds: float, name: str = "local", charged: float = 0.0, **more: object) -> Cost:
    return Cost(stage="shoot", scene=0, provider=name, seconds=seconds, footage=1.0, charged=charged, lines=1080, **more)


def test_speed_is_learned_by_machine_and_one_strange_run_moves_nothing() -> None:
    estimates = Estimates((run_of(*[a_shot(40.0)] * 9, a_shot(1e6)), run_of(*[a_shot(1.0)] * 30, machine="another")), GPU.name)
    assert estimates.speed(LOCAL, 1080) == 40.0
    assert Estimates((run_of(a_shot(1e6)),), GPU.name).speed(LOCAL, 1080) == LOCAL.speed
    assert Estimates((run_of(*[a_shot(40.0, cached=True)] * 9),), GPU.name).speed(LOCAL, 1080) == LOCAL.speed


def test_the_painters_speed_grows_with_the_picture() -> None:
    estimates = Estimates((run_of(*[a_shot(3.0, "painter")] * 9),), GPU.name)
    assert estimates.speed(PAINTER, 1080) == 3.0
    assert estimates.speed(PAINTER, 540) == pytest.approx(0.75)


def test_a_learned_price_is_never_under_the_catalogues() -> None:
    assert Estimates((run_of(*[a_shot(9.0, "dear", 0.25)] * 9),), "").price(DEAR) == 0.25
    assert Estimates((run_of(*[a_shot(9.0, "dear", 0.01)] * 9),), "").price(DEAR) == 0.10
