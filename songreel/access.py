"""What backends may use here: accounts at services, folders of weights, catalogues of one's own. It says where and how, never what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A key to a service; it is sent nowhere but to ``url``, and shown nowhere."""

    key: str = field(repr=False)
    url: str = ""
    """Where the service answers; empty: its own address."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Ids of one's own endpoints by model, for services that have such."""
    webhook: str = field(default="", repr=False)
    """Address that the service tells when a job ends, which may hold a secret; empty: it is asked."""


@dataclass(frozen=True)
class Caps:
    """The most that may be spent, in dollars; none: no such cap. What is ordered and not yet charged counts."""

    run: str = ""
    """The film that is being made."""
    run_dollars: float | None = None
    """On this film, in all its runs."""
    day_dollars: float | None = None
    """From midnight to midnight, UTC, at all services."""
    provider_dollars: Mapping[str, float] = field(default_factory=dict)
    """From midnight to midnight, UTC, at each of these services."""


@dataclass(frozen=True)
class LanguageModel:
    """A language model that may be asked."""

    name: str
    """'provider:model'."""
    account: Account
    patience: float = 300.0
    """Seconds to wait for one answer."""


@dataclass(frozen=True)
class Access:
    """The settings of the moment, for who may not read the environment."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    """By service: 'replicate', 'runpod', 'runware'."""
    weights: Path | None = None
    """Folder of model weights; none: the Hugging Face cache."""
    hub: Path | None = None
    """The Hugging Face cache; none: its usual place."""
    catalogues: tuple[Path, ...] = ()
    """Files with entries of one's own, which count before ours."""
    llm: LanguageModel | None = None
    home: Path = Path()
    """Folder of locks that processes of this machine share."""
    caps: Caps = Caps()

    def for_film(self, run: str, dollars: float) -> "Access":
        """The same, with a cap on one film."""
        return replace(self, caps=replace(self.caps, run=run, run_dollars=dollars))


NO_ACCESS = Access()
"""Nothing but what is built in."""
