"""How much of a film is done, from what its stages tell: each stage counts by the time it usually takes."""

from blocks.progress import WORDS, Event

WEIGHTS = {
    "ingest": 2.0, "separate": 2.0, "analyse": 3.0, "transcribe": 0.5, "plan": 0.5, "write": 1.0, "budget": 0.5, "preview": 8.0, "approval": 0.0,
    "sketch": 1.0, "prompt": 0.5, "shoot": 62.0, "assemble": 5.0, "inspect": 10.0, "publish": 4.0, "run": 0.5,
}  # fmt: skip
"""Shares of a run's time, in the order of the line: means over some thirty painted films of 8 to 350 seconds at 320x180 to 1920x1080.
Films of models take longer to shoot, and then count too little for it; what is skipped is passed over."""

RARE = {"preview"}  # stages that count when they are told of


class Percent:
    """The whole film's percent, a sentence on where it is, and the dollars so far, event by event."""

    def __init__(self) -> None:
        self.percent = 0.0
        self.dollars = 0.0
        self.total = 0
        self._shares: dict[int, float] = {}
        self._weights = {stage: weight for stage, weight in WEIGHTS.items() if stage not in RARE}

    def take(self, event: Event) -> str:
        """Note what an event says; gives it in words."""
        self.dollars += event.dollars
        if event.stage in RARE:
            self._weights = WEIGHTS
        if event.stage == "shoot":
            self._shot(event)
        self.percent = max(self.percent, self._now(event))
        return self._words(event)

    @property
    def shot(self) -> float:
        """Share of the film's scenes that is shot."""
        return min(sum(self._shares.values()) / self.total, 1.0) if self.total else 0.0

    def _shot(self, event: Event) -> None:
        if event.kind == "planned":
            self.total = event.total or 0
            self._shares = {}
        elif event.scene is not None and event.kind != "failed":
            share = 1.0 if event.kind in ("done", "cached") else event.share
            self._shares[event.scene] = max(share, self._shares.get(event.scene, 0.0))

    def _now(self, event: Event) -> float:
        if event.stage == "run":
            return 100.0 if event.kind == "done" else 0.0
        if event.stage == "batch":
            return 99.5 * event.share
        if event.stage not in WEIGHTS or event.kind == "failed" or (event.stage in RARE and event.kind == "planned"):
            return 0.0
        share = self.shot if event.stage == "shoot" else 1.0 if event.kind in ("done", "cached") else event.share
        stages = list(self._weights)
        before = sum(self._weights[stage] for stage in stages[: stages.index(event.stage)])
        return 100.0 * (before + self._weights[event.stage] * share) / sum(self._weights.values())

    def _words(self, event: Event) -> str:
        name = WORDS.get(event.stage, event.stage)
        if event.stage == "run":
            return {"begun": "the run begins", "failed": f"failed: {event.text}"}.get(event.kind, event.text or "the film is ready")
        if event.kind == "failed" and event.stage != "batch":
            place = f"scene {event.scene}: " if event.scene is not None else ""
            return f"{name}: {place}{event.text or 'failed'}"
        if event.stage == "shoot" and self.total:
            done = sum(share >= 1.0 for share in self._shares.values())
            return f"{name}: {done} of {self.total} scenes"
        if event.text:
            return event.text
        return f"{name}: {'known' if event.kind == 'cached' else 'done'}" if event.kind in ("done", "cached") else name
