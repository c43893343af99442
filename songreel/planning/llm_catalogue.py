"""Who serves language models and what they charge, from a dated file; what runs on this machine or in its own network is free."""

import ipaddress
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter

from schemas.base import Dollars, Model
from songreel.errors import UserError
from songreel.planning.data import FOLDER

FILE = FOLDER / "llm" / "providers.toml"
MILLION = 1e6
OLD = 180  # days after which prices are no longer trusted without a word


class Provider(Model):
    """A service, or a program on this machine, that answers prompts."""

    id: str
    title: str
    protocol: Literal["openai", "anthropic"]
    url: str = ""
    key: str = ""
    """Variable that its key is read from; empty: it takes none."""
    prices: dict[str, tuple[Dollars, Dollars]] = Field(default_factory=dict)
    """By the beginning of a model's name, and 'other': dollars for a million tokens read and written."""


@dataclass(frozen=True)
class Price:
    """Dollars for one token read and one written."""

    read: float = 0.0
    written: float = 0.0

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return tokens_in * self.read + tokens_out * self.written


@cache
def _file() -> tuple[date, dict[str, Provider]]:
    listed = tomllib.loads(FILE.read_text("utf-8"))
    as_of = date.fromisoformat(listed.pop("as_of"))
    entries = TypeAdapter(Annotated[dict[str, dict[str, object]], Field()]).validate_python(listed)
    return as_of, {name: Provider.model_validate({"id": name, **entry}) for name, entry in entries.items()}


def providers() -> dict[str, Provider]:
    """Every provider by its name."""
    return _file()[1]


def prices_as_of() -> date:
    """The day the prices were looked up."""
    return _file()[0]


def parsed(model: str) -> tuple[Provider, str]:
    """The provider and the name that 'provider:model' stands for.

    Raises:
        UserError: it is not of that form, or the provider is not known.
    """
    provider, _, name = model.partition(":")
    if not name.strip():
        raise UserError(f"SONGREEL_LLM is {model!r}: it takes provider:model, such as anthropic:claude-sonnet-5 or ollama:llama3.1")
    if provider not in providers():
        raise UserError(f"no language model provider is called {provider!r}; known: {', '.join(providers())}")
    return providers()[provider], name.strip()


def address(provider: Provider, url: str) -> str:
    """Where a provider is asked: the given address, else its own.

    Raises:
        UserError: there is none, or it is no https address though it lies outside this machine's network.
    """
    place = (url or provider.url).rstrip("/")
    if not place:
        raise UserError(f"the provider {provider.id!r} has no address of its own: set SONGREEL_LLM_URL")
    parts = urlsplit(place)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(f"SONGREEL_LLM_URL is {place!r}: it takes an address such as https://host/v1")
    if parts.scheme == "http" and not is_near(place):
        raise UserError(f"SONGREEL_LLM_URL is {place!r}: only https goes outside this machine's own network")
    return place


def is_near(url: str) -> bool:
    """Whether an address lies on this machine or in its own network, where nobody charges."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_private


def price_of(provider: Provider, name: str, url: str) -> Price:
    """What a model costs; one that is not listed is taken for its provider's dearest."""
    if is_near(url):
        return Price()
    known = [start for start in provider.prices if start != "other" and name.rpartition("/")[2].startswith(start)]
    read, written = provider.prices[max(known, key=len, default="other")]
    return Price(read / MILLION, written / MILLION)


def old_prices(today: date) -> str:
    """A warning when the prices are old; empty while they are not."""
    age = (today - prices_as_of()).days
    return f"the prices of language models were looked up {age} days ago, on {prices_as_of():%Y-%m-%d}" if age > OLD else ""
