"""What backends may use here: accounts at services, folders of weights, catalogues of one's own. It says where and how, never what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A key to a service; it is sent nowhere but to ``url``, and shown nowhere."""

    key: str = field(repr=False)
    url: str = ""
    """Where the service answers; empty: its own address."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Ids of one's own endpoints by model, for services that have such."""


@dataclass(frozen=True)
class Access:
    """The settings of the moment, for who may not read the environment."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    """By service: 'replicate', 'runpod', 'runware'."""
    weights: Path | None = None
    """Folder of model weights; none: the Hugging Face cache."""
    catalogues: tuple[Path, ...] = ()
    """Files with entries of one's own, which count before ours."""
    home: Path = Path()
    """Folder of locks that processes of this machine share."""


NO_ACCESS = Access()
"""Nothing but what is built in."""
