"""The hooks of one gateway: which there are, what each starts, and whose signatures count.

A hook is there when the file of hooks names it or a secret is set for it. Its secrets come from the setting, else from a Prefect Secret
block called ``songreel-hook-<name>``; there are two of them while one is changed.
"""

import json
import re
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from blocks.settings import Settings
from gateway import states
from gateway.payloads import SOUNDS, check_template
from gateway.queue import DEPLOYMENT, Queue
from gateway.rates import Rates
from songreel.errors import UserError
from songreel.services.webhooks import key_in

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
BLOCK = "songreel-hook-"
REMEMBERED = 60.0  # seconds for which a block's secret is
FILE = "hooks.toml"


class Hook(BaseModel):
    """What a hook starts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    deployment: Annotated[str, Field(pattern=r"^[^/\s]+/[^/\s]+$")] = DEPLOYMENT
    parameters: dict[str, Any] = {}
    """The deployment's parameters, with places of the message in them; none: the message is in our plain form or S3's."""
    songs: tuple[str, ...] = ()
    """s3://bucket/prefix whose songs this hook may name; none: as everywhere."""
    suffixes: tuple[str, ...] = SOUNDS
    """What keys of new objects must end with."""
    keys: bool = False
    """Whether a bearer key that may make films is taken too, from senders that cannot sign."""

    @field_validator("parameters")
    @classmethod
    def _places(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        check_template(parameters)
        return parameters

    @field_validator("songs")
    @classmethod
    def _buckets(cls, songs: tuple[str, ...]) -> tuple[str, ...]:
        for one in songs:
            if not one.startswith("s3://"):
                raise ValueError(f"{one!r} is no s3://bucket/prefix")
        return songs


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hooks: dict[Annotated[str, Field(pattern=f"^{NAME.pattern}$")], Hook] = {}


class HookBook:
    """The hooks as they were at the gateway's start.

    Args:
        settings: name the file and the secrets.
        queue: asks Prefect for Secret blocks.

    Raises:
        UserError: the file or the secrets cannot be read.
    """

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._queue = queue
        self._given = _secrets_in(settings)
        named = _hooks_in(settings)
        self._hooks = {**{name: Hook() for name in self._given}, **named}
        self._kept: dict[str, tuple[float, tuple[str, ...]]] = {}
        self.rates = Rates(settings.gateway_rates)

    def find(self, name: str) -> Hook | None:
        """The hook of that name."""
        return self._hooks.get(name)

    async def secrets(self, name: str) -> tuple[str, ...]:
        """The secrets of a hook that is there; none: nobody's signature counts.

        Raises:
            Refused: Prefect does not answer.
            UserError: its block holds none.
        """
        if name in self._given:
            return self._given[name]
        known = self._kept.get(name)
        if known is None or known[0] < time.monotonic():
            self._kept[name] = known = (time.monotonic() + REMEMBERED, await self._in_block(name))
        return known[1]

    async def _in_block(self, name: str) -> tuple[str, ...]:
        value = await states.secret(self._queue, f"{BLOCK}{name}")
        return () if value is None else _listed(name, value)


def check(settings: Settings) -> None:
    """Read what a book would be made of.

    Raises:
        UserError: it cannot be read.
    """
    _secrets_in(settings)
    _hooks_in(settings)


def _hooks_in(settings: Settings) -> Mapping[str, Hook]:
    path = settings.hooks.expanduser() if settings.hooks else settings.home / FILE
    if settings.hooks is None and not path.exists():
        return {}
    try:
        return _File.model_validate(tomllib.loads(Path(path).read_text("utf-8"))).hooks
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"the hooks in {path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"the hooks in {path}: {'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}") from error


def _secrets_in(settings: Settings) -> dict[str, tuple[str, ...]]:
    text = settings.hook_secrets.get_secret_value() if settings.hook_secrets else "{}"
    try:
        told = json.loads(text or "{}")
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(NAME.fullmatch(name) for name in told):
        raise UserError('SONGREEL_HOOK_SECRETS is no JSON object of secrets by name, such as {"render": "whsec_..."}; names are a-z, 0-9 and -')
    return {name: _listed(name, value) for name, value in told.items()}


def _listed(name: str, value: object) -> tuple[str, ...]:
    """One secret or several, each of which is one.

    Raises:
        UserError: it is none; its text is never told.
    """
    listed = value if isinstance(value, list) else [value]
    given = [one for one in listed if isinstance(one, str)]
    if not given or len(given) < len(listed):
        raise UserError(f"the secret of the hook {name} is neither a text nor a list of texts")
    for one in given:
        try:
            key_in(one)
        except UserError as error:
            raise UserError(f"the secret of the hook {name}: {error}") from None
    return tuple(given)
