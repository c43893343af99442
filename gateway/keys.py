"""Callers' keys: 32 random bytes each, of which only the SHA-256 is kept.

A slow hash such as scrypt is for passwords, which a person chose and which can be guessed. There are 2**256 such keys: nobody guesses one
from its hash, however fast that is, and a slow hash on each request would only let callers keep the gateway busy.
"""

import hashlib
import json
import os
import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from blocks.settings import Settings
from songreel.errors import UserError

Scope = Literal["read", "make", "approve", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "make", "approve", "admin")
PREFIX = "srk_"
SECRET = 32  # random bytes of a key
ID = 4  # random bytes of its name for logs


class Key(BaseModel):
    """What is known of a key: never the key itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: Annotated[str, Field(min_length=1, max_length=80)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    scopes: tuple[Scope, ...]
    created: datetime

    def may(self, scope: Scope) -> bool:
        """Whether it may do that; ``admin`` may do everything, and who may make or approve may read."""
        return scope in self.scopes or "admin" in self.scopes or (scope == "read" and bool(self.scopes))


class _Kept(BaseModel):
    keys: tuple[Key, ...] = ()


class KeyFile:
    """The keys of one gateway, in a file that only its owner can read; read again when it changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark: tuple[int, int, int] | None = None
        self._by_hash: dict[str, Key] = {}

    @classmethod
    def of(cls, settings: Settings) -> "KeyFile":
        """The file that the settings name."""
        return cls(settings.gateway_keys.expanduser().absolute() if settings.gateway_keys else settings.home / "keys.json")

    def all(self) -> tuple[Key, ...]:
        """Every key, the oldest first.

        Raises:
            UserError: the file cannot be read.
        """
        self._refresh()
        return tuple(self._by_hash.values())

    def find(self, secret: str) -> Key | None:
        """The key with that secret, if there is one."""
        self._refresh()
        return self._by_hash.get(_hash(secret))

    def add(self, name: str, scopes: Iterable[Scope]) -> tuple[Key, str]:
        """A new key, and its secret, which is told this once.

        Raises:
            UserError: there is one of that name, or no scope.
        """
        known, given = self.all(), tuple(scope for scope in SCOPES if scope in set(scopes))
        if not given:
            raise UserError(f"a key needs a scope: {', '.join(SCOPES)}")
        if any(key.name == name for key in known):
            raise UserError(f"there is a key called {name!r} already: revoke it first, or choose another name")
        secret = PREFIX + secrets.token_urlsafe(SECRET)
        try:
            key = Key(id=secrets.token_hex(ID), name=name, sha256=_hash(secret), scopes=given, created=datetime.now(UTC).replace(microsecond=0))
        except ValidationError as error:
            raise UserError(f"a key cannot be called {name[:90]!r}: 1 to 80 characters are taken") from error
        self._write((*known, key))
        return key, secret

    def revoke(self, name: str) -> Key:
        """Take a key away, by its name or id.

        Raises:
            UserError: there is none.
        """
        known = self.all()
        found = next((key for key in known if name in (key.name, key.id)), None)
        if found is None:
            raise UserError(f"no key is called {name!r}; known: {', '.join(key.name for key in known) or 'none'}")
        self._write(tuple(key for key in known if key != found))
        return found

    def _refresh(self) -> None:
        try:
            stat = self.path.stat()
            mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if mark == self._mark:
                return
            kept = _Kept.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            self._mark, self._by_hash = None, {}
            return
        except (OSError, ValidationError) as error:
            raise UserError(f"the keys in {self.path} cannot be read: mend the file, or remove it and add the keys anew") from error
        self._mark, self._by_hash = mark, {key.sha256: key for key in kept.keys}

    def _write(self, keys: tuple[Key, ...]) -> None:
        content = json.dumps(_Kept(keys=keys).model_dump(mode="json"), indent=2)
        part = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(content)
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise UserError(f"{self.path} cannot be written: {error.strerror or error}") from error
        self._mark = None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
