"""``songreel keys``: who may call the gateway."""

from blocks.settings import read
from cli.output import emit, plain_table
from gateway.keys import SCOPES, KeyFile, Scope
from songreel.errors import UserError


def add_key(name: str, scopes: str, as_json: bool) -> int:
    """Make a key and print it, this once."""
    key, secret = _file().add(name, _scopes(scopes))
    if as_json:
        emit({**key.model_dump(mode="json", exclude={"sha256"}), "key": secret})
    else:
        print(secret)
        print(f"the key {key.name!r} may {', '.join(key.scopes)}; it is shown this once, and only its hash is kept")
    return 0


def list_keys(as_json: bool) -> int:
    """Print the keys' names, never the keys."""
    found = _file().all()
    if as_json:
        emit([key.model_dump(mode="json", exclude={"sha256"}) for key in found])
    elif not found:
        print("there are no keys: only programs of this machine may call the gateway")
    else:
        rows = [(key.name, key.id, ", ".join(key.scopes), f"{key.created:%Y-%m-%d %H:%M}") for key in found]
        plain_table(("name", "id", "scopes", "since (UTC)"), rows)
    return 0


def revoke_key(name: str, as_json: bool) -> int:
    """Take a key away; the gateway lets it in no more, at once."""
    key = _file().revoke(name)
    if as_json:
        emit(key.model_dump(mode="json", exclude={"sha256"}))
    else:
        print(f"the key {key.name!r} opens nothing any more")
    return 0


def _file() -> KeyFile:
    return KeyFile.of(read())


def _scopes(text: str) -> list[Scope]:
    asked = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [one for one in asked if one not in SCOPES]
    if unknown:
        raise UserError(f"there is no scope {unknown[0]!r}; known: {', '.join(SCOPES)}")
    return [scope for scope in SCOPES if scope in asked]
