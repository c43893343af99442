"""Kinds of made songs, from pop to waltz, and the set on which beats are judged."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tests.songs import PITCHES, SongSpec, pick


def truth_set(first_seed: int = 9000) -> Iterator[SongSpec]:
    """The songs on which beats are judged: every kind, at several tempi; fits never see these seeds."""
    for index, kind in enumerate(KINDS):
        for take in range(4):
            yield random_spec(kind, first_seed + 10 * index + take)


def random_spec(kind: str, seed: int) -> SongSpec:
    """One song of a kind, everything that the kind leaves open thrown from the seed.

    Raises:
        KeyError: no such kind; `KINDS` lists them.
    """
    rng = np.random.default_rng([seed, sorted(KINDS).index(kind)])
    low, high, choices = KINDS[kind]
    mode = pick(rng, ("major", "minor"))
    base = SongSpec(
        name=f"{kind}-{seed}", tempo=round(float(np.exp(rng.uniform(np.log(low), np.log(high)))), 2), key=pick(rng, PITCHES), mode=mode,
        lead_in=float(rng.uniform(0.0, 1.2)), jitter=float(rng.uniform(0.0, 0.008)), noise=float(10 ** rng.uniform(-4, -2.3)), seed=seed,
        lead=bool(rng.random() < 0.75), timbre=pick(rng, ("plucked", "struck", "soft")), bars_per_chord=pick(rng, (1.0, 1.0, 1.0, 2.0, 0.5)),
    )  # fmt: skip
    return replace(base, **{name: pick(rng, options) for name, options in choices.items()})


ANY_BASS, ANY_CHORDS = (
    ("halves", "quarters", "eighths", "tresillo", "syncopated", "whole"),
    ("pad", "piano", "strum", "eighths", "push", "arpeggio", "quarters"),
)
KINDS: dict[str, tuple[float, float, dict[str, tuple[Any, ...]]]] = {
    "pop": (85, 135, {"drums": ("pop", "rock"), "bass": ANY_BASS, "chords": ANY_CHORDS}),
    "rock": (
        95,
        180,
        {"drums": ("rock", "pop", "tom"), "bass": ("eighths", "quarters", "halves"), "chords": ("eighths", "strum", "push"), "tempo_end": (None,)},
    ),
    "house": (
        115,
        140,
        {
            "drums": ("four", "techno"),
            "bass": ("offbeat", "syncopated", "eighths", "tresillo"),
            "chords": ("stabs", "pad", "push", "sixteenths"),
            "jitter": (0.0,),
        },
    ),
    "offhat": (80, 150, {"drums": ("offhat",), "bass": ANY_BASS, "chords": ANY_CHORDS}),
    "halftime": (
        120,
        160,
        {"drums": ("halftime", "trap"), "bass": ("whole", "halves", "syncopated", "tresillo"), "chords": ("pad", "arpeggio", "strum", "piano")},
    ),
    "drum_and_bass": (
        160,
        178,
        {"drums": ("breakbeat",), "bass": ("whole", "syncopated", "tresillo"), "chords": ("pad", "stabs", "arpeggio"), "jitter": (0.0,)},
    ),
    "ballad": (
        58,
        80,
        {
            "drums": ("ballad", "shaker", "pop"),
            "bass": ("whole", "halves", "tresillo"),
            "chords": ("piano", "arpeggio", "eighths", "quarters", "sixteenths"),
        },
    ),
    "funk": (85, 118, {"drums": ("funk",), "bass": ("syncopated", "tresillo", "eighths"), "chords": ("stabs", "push", "eighths")}),
    "shuffle": (80, 140, {"drums": ("shuffle",), "bass": ("quarters", "halves"), "chords": ("quarters", "strum", "organ"), "swing": (0.62, 0.67)}),
    "jazz": (
        110,
        190,
        {"drums": ("jazz",), "bass": ("quarters",), "chords": ("push", "piano", "stabs"), "swing": (0.6, 0.67), "drift": (0.005, 0.01)},
    ),
    "reggae": (65, 90, {"drums": ("onedrop",), "bass": ("syncopated", "tresillo", "halves"), "chords": ("stabs",)}),
    "country": (85, 125, {"drums": ("train", "rock"), "bass": ("halves",), "chords": ("strum", "stabs")}),
    "waltz": (
        85,
        190,
        {"metre": (3,), "drums": ("waltz", "waltz", "jazz_waltz"), "bass": ("whole",), "chords": ("oompah", "arpeggio", "quarters", "pad")},
    ),
    "slow_waltz": (70, 115, {"metre": (3,), "drums": ("slow_waltz", "none"), "bass": ("whole", "none"), "chords": ("arpeggio", "piano", "eighths")}),
    "no_drums": (
        60,
        130,
        {"drums": ("none",), "bass": ("none", "whole", "halves", "quarters"), "chords": ("piano", "arpeggio", "quarters", "strum", "eighths")},
    ),
    "soft": (60, 120, {"drums": ("none", "soft"), "bass": ("whole", "halves"), "chords": ("quarters", "arpeggio", "piano"), "timbre": ("soft",)}),
    "tempo_change": (90, 130, {"drums": ("rock", "pop", "four"), "bass": ANY_BASS, "chords": ANY_CHORDS, "tempo_end": (105.0, 140.0, 84.0)}),
    "ramp": (
        80,
        120,
        {
            "drums": ("rock", "pop", "none"),
            "bass": ANY_BASS,
            "chords": ("piano", "eighths", "strum"),
            "tempo_end": (100.0, 125.0, 135.0),
            "ramp": (True,),
        },
    ),
    "live": (
        70,
        160,
        {"drums": ("rock", "pop", "shuffle"), "bass": ANY_BASS, "chords": ANY_CHORDS, "drift": (0.01, 0.02, 0.03), "jitter": (0.008, 0.012)},
    ),
}
"""(lowest tempo, highest tempo, what each field is picked from)."""
