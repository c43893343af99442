"""A job as a caller sees it, from what Prefect knows: the run, its news, else its tasks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.models import ENDED, Job, Links, Message, Status

STATUS: dict[str, Status] = {
    "SCHEDULED": "queued", "PENDING": "queued", "RUNNING": "processing", "PAUSED": "waiting", "CANCELLING": "processing",
    "COMPLETED": "complete", "FAILED": "error", "CRASHED": "error", "CANCELLED": "cancelled",
}  # fmt: skip
"""By Prefect's type of state."""

RUN_LABEL, REDO_LABEL = "songreel.run", "songreel.redo-of"

STAGES = {
    "ingest": 2.0, "separate": 4.0, "analyse": 8.0, "transcribe": 10.0, "plan": 12.0, "write": 14.0, "sketch": 15.0, "prompt": 16.0,
    "shoot": 80.0, "conform": 80.0, "assemble": 88.0, "inspect": 96.0, "publish": 99.0,
}  # fmt: skip
"""Percent of the film when a stage is done, where the run tells no news of its own."""
SHOOTING = (16.0, 80.0)  # percent at which the scenes' work begins and ends
UNSEEN = 4  # scenes more than those begun, while nobody says how many there are


def status_of(run: Mapping[str, Any]) -> Status:
    """The job's status in words."""
    return STATUS.get(str((run.get("state") or {}).get("type") or run.get("state_type")), "queued")


def job_of(run: Mapping[str, Any], news: Message | None = None) -> Job:
    """A job from its run and its latest news."""
    status, state, labels = status_of(run), run.get("state") or {}, run.get("labels") or {}
    told = str(state.get("message") or "")
    return Job(
        job_id=str(run["id"]), status=status, progress=100.0 if status == "complete" else news.percent if news else 0.0,
        stage=news.stage if news and status not in ENDED else "", message=_message(status, str(state.get("name")), told, news),
        scene=news.scene if news and status not in ENDED else None, dollars=news.dollars if news else 0.0,
        name=str(run.get("name") or ""), tags=list(run.get("tags") or ()), created=run.get("created"), started=run.get("start_time"),
        ended=run.get("end_time"), seconds=round(float(run.get("estimated_run_time") or run.get("total_run_time") or 0.0), 3),
        degraded=state.get("name") == "Degraded", error=sentence(told) or "the run ended without a word" if status == "error" else "",
        run=str(labels.get(RUN_LABEL, "")), redo_of=str(labels.get(REDO_LABEL, "")), links=links(str(run["id"])),
    )  # fmt: skip


def links(job: str) -> Links:
    """A job's addresses."""
    own = f"/api/jobs/{job}"
    return Links(self=own, events=f"{own}/events", clips=f"{own}/clips", plan=f"{own}/plan", video=f"{own}/video")


def sentence(message: str) -> str:
    """What an error itself said, without how Prefect introduces it."""
    found = re.match(r"(?:Flow run encountered an exception[:.]|Finished in state \w+\()\s*(.*?)\)?$", message, re.DOTALL)
    text = found[1] if found else message
    return " ".join(re.sub(r"^[A-Za-z_.]*(?:Error|Exception|Broken|Budget|Dependency|Memory|Media|Fault): ", "", text).split())


def news_of_tasks(tasks: Sequence[Mapping[str, Any]]) -> list[Message]:
    """News of a run that tells none itself: one for each beginning and end of a stage.

    The sequence counts milliseconds from the first task, so that it is the same whenever it is asked for.
    """
    moments = [
        (str(at), task, what)
        for task in tasks
        for at, what in ((task.get("start_time"), "begun"), (task.get("end_time"), str((task.get("state") or {}).get("name") or "done").lower()))
        if at
    ]
    return _told(sorted(moments, key=lambda moment: (moment[0], str(moment[1].get("name")))))


def _told(moments: Sequence[tuple[str, Mapping[str, Any], str]]) -> list[Message]:
    from datetime import datetime

    news: list[Message] = []
    scenes: dict[str, float] = {}
    percent, first = 0.0, 0
    for at, task, what in moments:
        stage, _, scene = str(task.get("name")).partition(" ")
        millis = round(datetime.fromisoformat(at).timestamp() * 1000)
        first = first or millis
        if stage in ("shoot", "conform"):
            scenes[scene] = max(scenes.get(scene, 0.0), 0.0 if what == "begun" else 1.0 if stage == "conform" else 0.7)
            low, high = SHOOTING
            percent = max(percent, low + (high - low) * sum(scenes.values()) / (len(scenes) + UNSEEN))
        elif what != "begun":
            percent = max(percent, STAGES.get(stage, 0.0))
        sequence = max(millis - first + 1, news[-1].sequence + 1 if news else 1)
        words = f"{stage}{f' of scene {scene}' if scene.isdigit() else ''}: {what}"
        news.append(
            Message(
                sequence=sequence,
                stage=stage,
                what="done" if what == "completed" else what,
                percent=round(percent, 1),
                message=words,
                scene=int(scene) if scene.isdigit() else None,
                at=datetime.fromisoformat(at),
            )
        )
    return news


def _message(status: Status, state: str, told: str, news: Message | None) -> str:
    if status == "error":
        return sentence(told)
    if status == "complete":
        return f"the film is ready; taken instead of the best: {told}" if state == "Degraded" else "the film is ready"
    if status == "cancelled":
        return sentence(told) or "it was cancelled"
    if status == "waiting":
        return "it waits for an answer: POST its approve address"
    if status == "queued":
        return "it waits for a free worker" if state != "Late" else "it waits for a worker: none has taken it yet"
    return news.message if news else "it begins"
