"""The job book: what was ordered at paid services, kept in the store, so that every run and machine sharing it sees the same.

A record is written before the order is sent (its money is reserved), again with the provider's id before the first look at it, and again
with what came of it. Its key names the order's content, so an equal order finds the record and collects the job instead of buying another.
Each attempt is a record of its own, ``jobs/<key>-<attempt>.json``, and creating one has a single winner: nobody buys what another is buying.
Times are Unix seconds, money is dollars.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from schemas import MediaRef
from schemas.base import Dollars, Model
from songreel.access import Access
from songreel.storage import Records, Store

FOLDER = "jobs"
KEY_LENGTH = 32  # hex digits
State = Literal["intended", "accepted", "done", "failed", "cancelled", "withdrawn"]
"""``intended``: about to be sent, or sent without an answer. ``withdrawn``: a cap forbade it after all."""
UNFINISHED: tuple[State, ...] = ("intended", "accepted")
Makes = Literal["video", "image", "text"]


@dataclass(frozen=True)
class Order:
    """What is to be bought: equal orders are one order, whoever gives them."""

    service: str
    backend: str
    """Name in the catalogue."""
    model: str
    """The model's or endpoint's name at the service."""
    input: Mapping[str, Any]
    """What the model is told; a `MediaRef` in it is a file that goes along."""
    estimate: float
    makes: Makes = "video"
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the buyer knows beside the input, such as limits; no part of the order's identity."""

    @property
    def key(self) -> str:
        """Names the order by its content: service, model and input."""
        what = {"service": self.service, "model": self.model, "input": dict(self.input)}
        text = json.dumps(what, sort_keys=True, separators=(",", ":"), default=_by_content)
        return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def _by_content(value: Any) -> Any:
    if isinstance(value, MediaRef):
        return {"sha256": value.sha256}
    raise TypeError(f"an order holds plain values and media, not {type(value).__name__}")


class Record(Model):
    """One attempt at one order."""

    key: str
    attempt: int
    service: str
    backend: str
    model: str
    run: str = ""
    """The film it was bought for."""
    state: State = "intended"
    estimate: Dollars = 0.0
    charged: Dollars = 0.0
    wasted: Dollars = 0.0
    """Paid for nothing: failed or cancelled work."""
    at: float
    """When its money was reserved."""
    until: float
    """Until when an order without an answer may still be carried out."""
    accepted_at: float | None = None
    ended_at: float | None = None
    buyer: str = ""
    """The machine that sent it."""
    job: str = ""
    """The provider's id."""
    told: dict[str, Any] = Field(default_factory=dict)
    """The plain values it was sent with, by which the provider's list is searched."""
    media: tuple[MediaRef, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    """What the provider said of the result."""
    fetches: int = 0
    """Rounds of fetching its result that gave nothing usable."""
    error: str = ""

    @property
    def name(self) -> str:
        """Its key in the store."""
        return f"{self.key}-{self.attempt:03d}"

    @property
    def open(self) -> bool:
        """Whether it may still cost money or give a result."""
        return self.state in UNFINISHED

    @property
    def committed(self) -> float:
        """What counts against the caps: the reservation while it is open, then what it cost."""
        return max(self.estimate, self.charged + self.wasted) if self.open else self.charged + self.wasted


class Book:
    """The job book of a store; looking twice reads only what changed."""

    def __init__(self, store: Store) -> None:
        self._records = Records(store, FOLDER)
        self._kept = _kept(self._records.root)

    def all(self) -> tuple[Record, ...]:
        """Every record, oldest first."""
        return tuple(sorted(self._kept.read(self._records), key=lambda record: (record.at, record.name)))

    def attempts(self, key: str) -> list[Record]:
        """Every attempt at an order, the first one first."""
        found, attempt = [], 1
        while (content := self._records.read(f"{key}-{attempt:03d}")) is not None:
            found.append(_parsed(content))
            attempt += 1
        return [record for record in found if record is not None]

    def latest(self, key: str) -> Record | None:
        """The last attempt at an order."""
        return next(reversed(self.attempts(key)), None)

    def create(self, record: Record) -> bool:
        """Write a new attempt; false when somebody else has begun it."""
        return self._records.create(record.name, record.model_dump_json().encode())

    def update(self, record: Record, **changes: Any) -> Record:
        """Write what became of an attempt, and give it so."""
        changed = record.model_copy(update=changes)
        self._records.replace(record.name, changed.model_dump_json().encode())
        return changed


def records(store: Store) -> tuple[Record, ...]:
    """Every order that was ever made with this store, oldest first."""
    return Book(store).all()


def spent(store: Store, since: float, provider: str | None = None) -> float:
    """Dollars reserved, charged and wasted by orders made since then.

    Args:
        store: whose job book counts.
        since: Unix seconds.
        provider: 'replicate', 'runpod' or 'runware'; none: all of them.
    """
    return total(records(store), lambda record: record.at >= since and provider in (None, record.service))


def total(of: Iterable[Record], counts: Callable[[Record], bool]) -> float:
    """Dollars committed by the records that count."""
    return sum(record.committed for record in of if counts(record))


def locks_of(store: Store, access: Access) -> Path:
    """Folder of the locks that whoever writes this book on this machine shares."""
    home = access.home if access.home != Path() else store.scratch
    return (Path(store.root) if store.local else home) / "locks"


def now() -> float:
    """Unix seconds."""
    return time.time()


class _Kept:
    """Parsed records by name, each with the mark of the file it was read from."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._read: dict[str, tuple[str, Record | None]] = {}
        self._settled: set[str] = set()

    def read(self, source: Records) -> list[Record]:
        with self._guard:
            marks = source.marks(self._settled)
            for name, mark in marks.items():
                if name not in self._settled and self._read.get(name, ("", None))[0] != mark:
                    record = _parsed(source.read(name) or b"")
                    self._read[name] = (mark, record)
                    if record is not None and not record.open:
                        self._settled.add(name)
            return [record for name in marks if (record := self._read[name][1]) is not None]


_known: dict[str, _Kept] = {}


def _kept(root: str) -> _Kept:
    return _known.setdefault(root, _Kept())


def _parsed(content: bytes) -> Record | None:
    """A record, or nothing when it cannot be read: one that a newer version wrote, or a damaged one."""
    try:
        return Record.model_validate_json(content)
    except ValidationError:
        return None
