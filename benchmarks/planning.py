"""Choosing who shoots: how good and how quick the plan is, against trying everything and against taking the best scene by scene.

Small plans are held against every combination there is. A film of 300 scenes and 13 backends has to be planned in under a second.
"""

import time
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

import numpy as np

from schemas import (
    Cost,
    CostLedger,
    FilmRequest,
    Look,
    MediaRef,
    MusicSummary,
    Plan,
    RunCosts,
    Scene,
    Script,
    Section,
    Song,
    Treatment,
)
from songreel.catalogue import entries
from songreel.execution.budget import budget
from songreel.execution.estimates import Estimates
from songreel.execution.machine import Gpu, Machine
from songreel.execution.means import Means
from songreel.execution.solver import Bounds, Option, fits, solve

SMALL_PLANS = 200
SCENES = 300
LIMIT = 1.0  # s


def main() -> None:
    chance = np.random.default_rng(1)
    ratios = [_against_everything(chance) for _ in range(SMALL_PLANS)]
    print(f"worth / best of all combinations, {SMALL_PLANS} small plans: least {min(ratios):.6f}   (aim 1)")
    solve([[Option("painter", 1.0)]], Bounds(0.0))  # what is loaded once does not count
    for words, deadline in (("no deadline", None), ("a deadline of 10 minutes", 600.0), ("a deadline of 50 minutes", 3000.0)):
        _long(words, deadline)
        _film(words, deadline)


def _film(words: str, deadline: float | None) -> None:
    """The whole of it: every scene with every backend of the catalogue, were all of them ready, with prices and times learned from past runs."""
    profiles = {one.name: one for one in entries("video")}
    machine = Machine(2, 16.0, Gpu("a GPU", 80.0, 80.0))
    means = Means(profiles=profiles, machine=machine, estimates=Estimates(_past(tuple(profiles), machine.name)), today=date(2026, 11, 21))
    plan = _film_of(SCENES, FilmRequest(choice="mixed", budget=30.0, deadline=deadline and deadline / 5))  # minutes: a film of 20
    began = time.process_time()
    chosen = budget(plan, means)
    spent = time.process_time() - began
    used = len({one.backend for one in chosen.assignments})
    print(f"{SCENES} scenes, {len(profiles)} backends, {words}: {spent:.2f} s of processor / limit {spent / LIMIT:.2f}   (aim under 1), {used} used")


def _past(names: Sequence[str], machine: str) -> tuple[RunCosts, ...]:
    """Sixty runs of fifty shots."""
    shots = tuple(Cost(stage="shoot", scene=at, provider=names[at % len(names)], seconds=30.0, footage=4.0, lines=1080) for at in range(50))
    return (RunCosts(run="r", at="2026-11-20T10:00:00+00:00", machine=machine, film=200.0, around=100.0, costs=CostLedger(entries=shots)),) * 60


def _film_of(count: int, request: FilmRequest) -> Plan:
    """A plan of so many scenes, two to six seconds long."""
    chance, media, colours = np.random.default_rng(3), MediaRef(sha256="0" * 64, suffix=".flac", media_type="audio/flac", bytes=1), ("#000000",) * 5
    look, words = Look(world="city", style="cinematic", colours=colours), Script(place="p", subject="s", action="a", camera="c", light="l", mood="m")
    edges = [0, *np.cumsum(chance.integers(60, 180, count)).tolist()]
    scenes = tuple(
        Scene(
            index=at, start_frame=start, end_frame=end, section=0, label=("verse", "chorus")[at % 2], energy=float(chance.random()), script=words,
            look=look, prompt="p", seed=at,
        )
        for at, (start, end) in enumerate(pairwise(edges))
    )  # fmt: skip
    seconds = edges[-1] / 30
    section = Section(label="verse", start=0, end=seconds, energy=0.5, group="A")
    return Plan(
        song=Song(
            master=media, source=media, name="song", duration=seconds, samples=1, sample_rate=44100, channels=2, container="flac", codec="flac"
        ),
        request=request, fps=Fraction(30), width=1920, height=1080, frames=edges[-1],
        music=MusicSummary(duration=seconds, tempo=120, metre=4, key="C", mode="major", energy=0.5, valence=0.5, arousal=0.5, sections=(section,)),
        treatment=Treatment(title="t", logline="l", style="cinematic", genre="pop", mood="calm", palette="warm", colours=colours, seed=1),
        scenes=scenes,
    )  # fmt: skip


def _against_everything(chance: np.random.Generator) -> float:
    """Worth of the solver's plan over that of the best combination."""
    scenes, bounds = _plan(chance, int(chance.integers(2, 6)), 2, float(chance.uniform(0, 1)), None)
    best = max(sum(one.worth for one in way) for way in product(*scenes) if fits(way, bounds))
    return _worth(solve(scenes, bounds) or []) / best


def _long(words: str, deadline: float | None) -> None:
    scenes, bounds = _plan(np.random.default_rng(2), SCENES, 4, 20.0, deadline)
    began = time.process_time()
    chosen = solve(scenes, bounds)
    spent = time.process_time() - began
    if chosen is None:
        print(f"{SCENES} scenes, {words}: nothing fits")
        return
    greedy = _worth(_by_scene(scenes, bounds))
    print(f"{SCENES} scenes, {words}: {spent:.2f} s of processor / limit {spent / LIMIT:.2f}   (aim under 1)")
    print(f"{SCENES} scenes, {words}: worth / greedy {_worth(chosen) / greedy:.3f}   (aim over 1)")


def _by_scene(scenes: Sequence[Sequence[Option]], bounds: Bounds) -> list[Option]:
    """The best that still fits, scene by scene in the order of what there is to gain."""
    chosen = [options[0] for options in scenes]
    for at in sorted(range(len(scenes)), key=lambda at: -max(one.worth for one in scenes[at])):
        for option in sorted(scenes[at], key=lambda one: -one.worth):
            tried = [*chosen[:at], option, *chosen[at + 1 :]]
            if fits(tried, bounds):
                chosen = tried
                break
    return chosen


def _worth(chosen: Sequence[Option]) -> float:
    return sum(one.worth for one in chosen)


def _plan(chance: np.random.Generator, count: int, kinds: int, cap: float, deadline: float | None) -> tuple[list[list[Option]], Bounds]:
    """Scenes with the painter, local models and twice as many paid ones, dearer the better they look."""
    scenes = [_options(chance.random(), 2 + 4 * chance.random(), kinds) for _ in range(count)]
    return scenes, Bounds(cap, {"a": 0.6 * cap}, deadline, {"cpu": 2, "a": 16, "b": 16}, {f"local{at}": 30.0 for at in range(kinds)})


def _options(importance: float, seconds: float, kinds: int) -> list[Option]:
    local = [Option(f"local{at}", importance * (0.55 + 0.1 * at) * seconds, 0.0, seconds * (20 + 30 * at), "gpu") for at in range(kinds)]
    paid = [
        Option(f"paid{at}", importance * (0.6 + 0.05 * at) * seconds, round(seconds * 0.02 * (1 + at), 4), seconds * 20, "ab"[at % 2], "ab"[at % 2])
        for at in range(2 * kinds)
    ]
    return [Option("painter", importance * 0.5 * seconds, 0.0, seconds * 1.5, "cpu"), *local, *paid]


if __name__ == "__main__":
    main()
