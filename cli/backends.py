"""``songreel backends``: what can make footage and pictures here, what each costs, and what is still missing.

It answers within a second, so nothing heavy is imported: neither models nor arrays nor what draws tables.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from textwrap import shorten
from typing import Any

from blocks.settings import read
from cli.output import emit, guarded, plain_table
from schemas import BackendProfile, BackendStatus
from schemas.backend import Kind
from songreel import catalogue
from songreel.access import Access
from songreel.errors import UserError
from songreel.execution.machine import Machine, look
from songreel.execution.means import image_price, price_warning, too_small
from songreel.imagery import registry as images
from songreel.video import registry as videos

LISTENERS: tuple[Kind, ...] = ("stems", "words", "alignment", "meaning")
"""Kinds of backends that make no picture."""
LONGEST_LICENCE = 30  # characters of a licence in the table; `songreel backends NAME` has all of it
WHERE = {"built_in": "here", "local": "here", "local_gpu": "this GPU", "cloud": "cloud"}
SHOWN = ("name", "kind", "title", "where", "service", "model", "ready", "missing", "mend", "licence", "commercial", "dollars_per_second",
         "dollars_per_image", "vram_gb",
         "looks", "speed", "max_seconds", "native_fps", "first_frame", "last_frame", "as_of", "estimated", "price_warning")  # fmt: skip
"""Fields of one backend in the answer for programs."""


def list_backends(as_json: bool) -> int:
    """Print the backends and what each still needs."""
    with guarded(as_json):
        found = _found(read().access)
    if as_json:
        emit([{name: one[name] for name in SHOWN} for one in found])
        return 0
    rows = [
        (
            one["name"],
            one["kind"],
            WHERE[one["where"]],
            one["service"] or "-",
            _price(one),
            _licence(one),
            _allowed(one),
            _memory(one),
            _looks(one),
            _state(one),
        )
        for one in found
    ]
    plain_table(("backend", "makes", "where", "service", "price", "licence", "commercial", "VRAM", "looks", "state"), rows)
    _print_needs(found)
    for one in found:
        if one["price_warning"] and not one["estimated"]:
            print(f"note: {one['price_warning']}")
    if estimated := [one["name"] for one in found if one["estimated"]]:
        print(f"note: prices that are estimates, to be compared with the service's page: {', '.join(estimated)}")
    return 0


def show_backend(name: str, as_json: bool) -> int:
    """Print one backend whole.

    Raises:
        UserError: none is called so.
    """
    with guarded(as_json):
        found = _found(read().access)
        entries = [one for one in found if one["name"] == name]
    if not entries:
        raise UserError(f"no backend is called {name!r}; known: {', '.join(dict.fromkeys(one['name'] for one in found))}")
    if as_json:
        emit(entries)
        return 0
    for entry in entries:
        plain_table(("", ""), [(field.replace("_", " "), _shown(value)) for field, value in entry.items() if value not in ("", None, (), {})])
    return 0


def _found(access: Access) -> list[dict[str, Any]]:
    """Every entry of the catalogue with its state here."""
    machine, today = look(), datetime.now(UTC).date()
    listeners = [profile for kind in LISTENERS for profile in catalogue.entries(kind, access)]
    told = (*videos.statuses(access), *images.statuses(access), *(catalogue.status(profile, access) for profile in listeners))
    statuses = {(one.kind, one.name): one for one in told}
    profiles = (*catalogue.entries("video", access), *catalogue.entries("image", access), *listeners)
    return [_entry(profile, statuses[profile.kind, profile.name], machine, today) for profile in profiles]


def _entry(profile: BackendProfile, status: BackendStatus, machine: Machine, today: date) -> dict[str, Any]:
    small = too_small(profile, machine) if status.ready else ""
    state = {"ready": status.ready and not small, "missing": status.missing or small, "mend": status.mend}
    return {**profile.model_dump(mode="json"), **state, "dollars_per_image": image_price(profile), "price_warning": price_warning(profile, today)}


def _print_needs(found: list[dict[str, Any]]) -> None:
    """The commands that bring what is missing, each once."""
    needs: dict[str, list[str]] = {}
    for one in found:
        if not one["ready"] and one["mend"]:
            needs.setdefault(one["mend"], []).append(one["name"])
    if needs:
        print("\nto get them:")
    for mend, names in needs.items():
        print(f"  {mend}    ({', '.join(dict.fromkeys(names))})")


def _state(one: Mapping[str, Any]) -> str:
    return "ready" if one["ready"] else f"needs {one['missing'].removeprefix('it needs ').split(';')[0]}"


def _price(one: Mapping[str, Any]) -> str:
    if one["dollars_per_second"]:
        return f"${one['dollars_per_second']:.4g}/s"
    return f"${one['dollars_per_image']:.4g} each" if one["dollars_per_image"] else "free"


def _licence(one: Mapping[str, Any]) -> str:
    return shorten(str(one["licence"]), LONGEST_LICENCE, placeholder=" ...")


def _allowed(one: Mapping[str, Any]) -> str:
    return "yes" if one["commercial"] else "NO"


def _memory(one: Mapping[str, Any]) -> str:
    return f"{one['vram_gb']:g} GB" if one["vram_gb"] else "-"


def _looks(one: Mapping[str, Any]) -> str:
    return f"{one['looks']:.0%}" if one["kind"] == "video" else "-"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(item)}" for name, item in value.items() if item is not None)
    return ", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else str(value)
