"""Reads the catalogue: the TOML files in ``data``, and those of a person's own, which count before ours."""

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas import BackendProfile, BackendStatus
from schemas.backend import Kind
from songreel.access import NO_ACCESS, Access
from songreel.errors import UserError

DATA = Path(__file__).parent / "data"


def entries(kind: Kind, access: Access = NO_ACCESS) -> tuple[BackendProfile, ...]:
    """All backends of a kind, the built-in ones first.

    Raises:
        UserError: a person's own catalogue cannot be read.
    """
    return tuple(_by_name(kind, access.catalogues).values())


def find(kind: Kind, name: str, access: Access = NO_ACCESS) -> BackendProfile:
    """The backend of that name.

    Raises:
        UserError: none is called so.
    """
    known = _by_name(kind, access.catalogues)
    if name not in known:
        raise UserError(f"no {kind} backend is called {name!r}; known: {', '.join(known)}")
    return known[name]


def made(profile: BackendProfile, access: Access = NO_ACCESS) -> Any:
    """What drives a backend; its module is imported now, and not to list it."""
    module, _, maker = profile.engine.partition(":")
    return getattr(import_module(module), maker)(profile, access)


def status(profile: BackendProfile, access: Access = NO_ACCESS) -> BackendStatus:
    """Whether a backend can be used here; one whose engine does not load is one that cannot."""
    try:
        found: BackendStatus = made(profile, access).status()
    except (ImportError, AttributeError) as error:
        return BackendStatus.of(profile, f"its engine {profile.engine} ({error})", "songreel doctor")
    return found


@cache
def _by_name(kind: Kind, own: tuple[Path, ...]) -> dict[str, BackendProfile]:
    files = (*sorted(DATA.glob("*.toml"), key=lambda path: (path.stem != "built_in", path.stem)), *own)
    found = [entry for path in files for entry in _read(path) if entry.kind == kind]
    return {entry.name: entry for entry in found}


@cache
def _read(path: Path) -> tuple[BackendProfile, ...]:
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["backend"]
        return tuple(BackendProfile.model_validate(row) for row in rows)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UserError(f"the catalogue {path} cannot be read ({error}): it is a TOML file with one [[backend]] table a backend") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"the catalogue {path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
