"""The contract of a service's driver: order, look, cancel, find again, fetch."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Literal, Self

from songreel.services.client import Client
from songreel.services.jobs import Order, Record
from songreel.storage import Store


@dataclass(frozen=True)
class Seen:
    """A job as its service tells of it."""

    state: Literal["queued", "working", "done", "failed", "cancelled", "gone"]
    outputs: tuple[str, ...] = ()
    """Addresses of results, or the results themselves as ``data:`` addresses."""
    share: float = 0.0
    error: str = ""
    dollars: float | None = None
    """What it cost, as far as can be known; none: what was expected."""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("queued", "working")


class Provider(ABC):
    """Speaks to one service; a context manager that ends the client."""

    service: ClassVar[str]
    setting: ClassVar[str]
    """The setting that holds the key."""
    sign_up: ClassVar[str]
    """Where a key comes from."""
    sure: ClassVar[bool]
    """Whether `find` knows every order that was accepted."""
    remembers: ClassVar[float]
    """Seconds for which `find` does."""
    lives: float
    """Seconds after which an order that was accepted is surely over."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.__exit__()

    def told(self, order: Order) -> dict[str, Any]:
        """The order's plain values, by which it is found again; nothing where it is not searched by them."""
        return {}

    @abstractmethod
    def submit(self, orders: Sequence[tuple[Order, Record]], store: Store) -> list["str | Exception"]:
        """Send orders; gives each one's id, or why it was not accepted.

        Raises:
            Unanswered: they may have been accepted.
            SongreelError: none was.
        """

    @abstractmethod
    def look(self, order: Order, record: Record) -> Seen:
        """How the job is.

        Raises:
            TransientError: it cannot be said now.
        """

    @abstractmethod
    def cancel(self, order: Order, record: Record) -> Seen:
        """End the job; gives it as it then is."""

    @abstractmethod
    def find(self, order: Order, record: Record, known: Collection[str]) -> str | None:
        """Id of the job that an order without an answer became; none: there is none.

        Args:
            order: what was sent.
            record: when and with which values.
            known: ids of other orders.
        """

    @abstractmethod
    def fetch(self, output: str, target: Path) -> None:
        """Bring a result into a file."""
