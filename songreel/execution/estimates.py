"""What a second of footage takes, by backend and machine, learned from past runs.

The estimate is the median of the last `LAST` shots, in which the catalogue's own figure counts as `PRIOR` shots: one strange run moves
nothing, many of one kind outweigh the catalogue. A price is never taken for lower than the catalogue's, at which money is reserved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from schemas import BackendProfile, Cost, RunCosts

LAST = 30  # shots of a backend that count
PRIOR = 3  # shots that the catalogue's figure weighs
PRIOR_LINES = 1080  # px; the picture at which the catalogue's speed of the painter was measured
LEAST_SHARE = 0.1  # of the work at `PRIOR_LINES` that even the smallest picture takes
AROUND = 0.6  # seconds of listening, joining and checking for a second of film
UNKNOWN_SPEED = 30.0  # seconds of work for a second of footage, of a model whose catalogue entry says nothing


@dataclass(frozen=True)
class Estimates:
    """Estimates on one machine from these runs, oldest first."""

    runs: Sequence[RunCosts] = ()
    machine: str = ""

    _found: dict[tuple[str, str, int], float] = field(default_factory=dict, repr=False, compare=False)
    """What was estimated already: a film asks the same of every scene."""

    def speed(self, profile: BackendProfile, lines: int) -> float:
        """Seconds of work for a second of footage.

        Args:
            profile: whose footage.
            lines: the picture's shorter side, in px; only what is drawn here grows with it.
        """
        key = ("speed", profile.name, lines)
        if key not in self._found:
            self._found[key] = self._speed(profile, lines)
        return self._found[key]

    def price(self, profile: BackendProfile) -> float:
        """Dollars for a second of footage; what the catalogue calls free is free."""
        key = ("price", profile.name, 0)
        if key not in self._found:
            self._found[key] = self._price(profile)
        return self._found[key]

    def _speed(self, profile: BackendProfile, lines: int) -> float:
        shots = [(run, shot) for run, shot in self._shots(profile) if profile.where == "cloud" or run.machine == self.machine]
        grows = profile.where == "built_in"
        taken = [
            shot.seconds / shot.footage * (_work(lines) / _work(shot.lines) if grows and shot.lines else 1.0) for _, shot in shots if shot.seconds
        ]
        prior = (profile.speed or UNKNOWN_SPEED) * (_work(lines) if grows else 1.0)
        return median([*[prior] * PRIOR, *taken[-LAST:]])

    def _price(self, profile: BackendProfile) -> float:
        if not profile.dollars_per_second:
            return 0.0
        charged = [shot.charged / shot.footage for _, shot in self._shots(profile) if shot.charged]
        return max(profile.dollars_per_second, median([*[profile.dollars_per_second] * PRIOR, *charged[-LAST:]]))

    def around(self, film: float) -> float:
        """Seconds of everything but the shooting, for a film of so many seconds."""
        shares = [run.around / run.film for run in self.runs if run.machine == self.machine and run.film and run.around]
        return film * median([*[AROUND] * PRIOR, *shares[-LAST:]])

    def _shots(self, profile: BackendProfile) -> list[tuple[RunCosts, Cost]]:
        return [
            (run, shot)
            for run in self.runs
            for shot in run.costs.entries
            if shot.stage == "shoot" and shot.provider == profile.name and not shot.cached and shot.footage > 0
        ]


def _work(lines: int) -> float:
    """Work of a picture against one of `PRIOR_LINES`: it grows with the pixels."""
    return max((lines / PRIOR_LINES) ** 2, LEAST_SHARE)
