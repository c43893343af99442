"""What the gateway answers: jobs, news, clips. Percents are of 100, times ISO 8601 in UTC, money in dollars."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["queued", "processing", "waiting", "complete", "error", "cancelled"]
"""``waiting``: for a person's answer (POST .../approve)."""

ENDED: frozenset[Status] = frozenset({"complete", "error", "cancelled"})
JOB = "0199aa3e-5d0e-7f52-9d2c-0d9ac1f3a001"  # of the examples


class Answer(BaseModel):
    """Ground of the answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Message(Answer):
    """One piece of news of a job; ``sequence`` grows, and is the event's id."""

    sequence: Annotated[int, Field(examples=[17])]
    status: Status = "processing"
    stage: Annotated[str, Field(examples=["shoot"])] = ""
    what: Annotated[str, Field(description="What became of the stage: begun, moved, done, cached, failed.", examples=["done"])] = ""
    percent: Annotated[float, Field(ge=0, le=100, description="Of the whole film.", examples=[42.5])] = 0.0
    message: Annotated[str, Field(examples=["scene 3 of 12 is shot"])] = ""
    scene: Annotated[int | None, Field(examples=[3])] = None
    dollars: Annotated[float, Field(description="What the job was charged so far.", examples=[0.0])] = 0.0
    at: datetime | None = None


class Links(Answer):
    """Where the rest of a job is."""

    self: str
    events: str
    clips: str
    plan: str
    video: str


class Job(Answer):
    """One film in the making, or made."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "job_id": JOB, "status": "processing", "progress": 42.5, "stage": "shoot", "message": "scene 3 of 12 is shot", "scene": 3,
                "dollars": 0.0, "name": "night-drive · synthwave · 3:12", "tags": ["songreel", "synthwave"], "created": "2026-11-21T18:00:00Z",
                "started": "2026-11-21T18:00:02Z", "ended": None, "seconds": 31.5, "degraded": False, "error": "", "run": "night-drive-1a2b3c4d",
                "redo_of": "", "links": {
                    "self": f"/api/jobs/{JOB}", "events": f"/api/jobs/{JOB}/events", "clips": f"/api/jobs/{JOB}/clips",
                    "plan": f"/api/jobs/{JOB}/plan", "video": f"/api/jobs/{JOB}/video",
                },
            }
        }
    )  # fmt: skip

    job_id: Annotated[str, Field(description="The id of its Prefect flow run.")]
    status: Status
    progress: Annotated[float, Field(ge=0, le=100)] = 0.0
    stage: str = ""
    message: str = ""
    scene: int | None = None
    dollars: float = 0.0
    name: str = ""
    tags: list[str] = []
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seconds: Annotated[float, Field(description="Of work so far.")] = 0.0
    degraded: Annotated[bool, Field(description="Whether a fallback was taken; the message names it.")] = False
    error: Annotated[str, Field(description="One sentence; empty when nothing failed.")] = ""
    run: Annotated[str, Field(description="The film's name in the store; empty until it is known.")] = ""
    redo_of: Annotated[str, Field(description="The job whose plan was edited.")] = ""
    links: Links


class Jobs(Answer):
    """One page of the jobs, the newest first."""

    jobs: list[Job]
    total: int
    limit: int
    offset: int


class Clip(Answer):
    """One scene of a film."""

    index: int
    start: Annotated[float, Field(description="Seconds from the film's start.")]
    end: float
    prompt: str
    world: str
    style: str
    backend: str
    status: Literal["planned", "done"]
    cached: bool = False
    seconds: float = 0.0
    dollars: float = 0.0
    video: Annotated[str, Field(description="Where the clip is, once the film is delivered.")] = ""


class Clips(Answer):
    """A film's scenes in order."""

    job_id: str
    status: Status
    clips: list[Clip]


class Health(Answer):
    """The gateway lives."""

    status: Literal["ok"] = "ok"


class Check(Answer):
    """One thing the gateway needs."""

    name: str
    ok: bool
    found: str = ""


class Ready(Answer):
    """Whether a film can be made now."""

    ready: bool
    checks: list[Check]


class Entry(Answer):
    """A style, a world or a backend."""

    model_config = ConfigDict(extra="allow")

    name: str


class System(Answer):
    """The machine the gateway runs on, and the pools that make the films."""

    version: str
    cores: int
    memory_gb: float
    disk_free_gb: float
    gpu: str
    store: Annotated[str, Field(description="Kind of the media store: folder or bucket.")]
    prefect: bool
    pools: list[dict[str, Any]]
