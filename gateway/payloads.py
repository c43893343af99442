"""What a hook's message says: S3 event notifications, our plain form, and templates that take values out of it.

A template is never anything but a place in the message: what is found there is data, whatever it looks like, and is not looked into again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

PLACE = re.compile(r"\{\{\s*(?P<root>payload|song|record)(?P<path>(?:\.[A-Za-z0-9_-]{1,80}){0,16})(?P<optional>\?)?\s*\}\}")
BRACES = re.compile(r"\{\{|\}\}")
PREFECTS = "__prefect_kind"
"""Name by which Prefect's own server knows a value that it shall evaluate."""
DEEPEST = 20  # levels of a value
LARGEST_NUMBER = 1 << 62
MOST_RECORDS = 200  # in one message
CREATED = re.compile(r"(?:s3:)?ObjectCreated:\w+")
TEST_EVENT = "s3:TestEvent"
SOUNDS = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mka", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma")
"""What a song's key ends with; films do not, so that a film that is put into the bucket starts no other."""


class Unfit(Exception):
    """The message cannot be used; one sentence."""


@dataclass(frozen=True)
class Told:
    """One song that a message tells of."""

    song: str
    """Its address; empty: the template or the form's own words say it."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The S3 record, as it came."""
    mark: str = ""
    """What is the same however often the same event is told, by whatever message; empty: the message's own id counts."""


@dataclass(frozen=True)
class Passed:
    """Something in a message that starts no run, and why."""

    what: str
    why: str


def is_s3(payload: Any) -> bool:
    """Whether a message is an S3 event notification: AWS's or MinIO's, by itself or by EventBridge."""
    if not isinstance(payload, Mapping):
        return False
    records = payload.get("Records")
    aws = isinstance(records, list) and bool(records) and all(isinstance(one, Mapping) and "s3" in one for one in records)
    return aws or payload.get("Event") == TEST_EVENT or (payload.get("source") == "aws.s3" and isinstance(payload.get("detail"), Mapping))


def objects(payload: Mapping[str, Any], suffixes: tuple[str, ...] = SOUNDS) -> Iterator[Told | Passed]:
    """The songs of an S3 event notification, and what else it tells of.

    Raises:
        Unfit: it has too many records.
    """
    if payload.get("Event") == TEST_EVENT:
        yield Passed("s3:TestEvent", "it is a test")
        return
    if payload.get("source") == "aws.s3":
        yield _of_event_bridge(payload, suffixes)
        return
    records = payload["Records"]
    if len(records) > MOST_RECORDS:
        raise Unfit(f"the message has {len(records)} records, at most {MOST_RECORDS} are taken")
    for record in records:
        yield _of_record(record, suffixes)


def _of_record(record: Mapping[str, Any], suffixes: tuple[str, ...]) -> Told | Passed:
    event = str(record.get("eventName", ""))
    try:
        bucket, thing = record["s3"]["bucket"]["name"], record["s3"]["object"]
        key = unquote_plus(str(thing["key"]), errors="strict")
    except (KeyError, TypeError, ValueError):
        return Passed("a record", "it names no bucket and key")
    if not CREATED.fullmatch(event):
        return Passed(f"s3://{bucket}/{key}", f"{event or 'nothing'} is no new object")
    return _object(str(bucket), key, thing, record, suffixes)


def _of_event_bridge(payload: Mapping[str, Any], suffixes: tuple[str, ...]) -> Told | Passed:
    detail, kind = payload["detail"], str(payload.get("detail-type", ""))
    try:
        bucket, thing = detail["bucket"]["name"], detail["object"]
        key = str(thing["key"])  # as it is: EventBridge does not encode it
    except (KeyError, TypeError):
        return Passed("an event", "it names no bucket and key")
    if kind != "Object Created":
        return Passed(f"s3://{bucket}/{key}", f"{kind or 'nothing'} is no new object")
    return _object(str(bucket), key, thing, detail, suffixes)


def _object(bucket: str, key: str, thing: Mapping[str, Any], record: Mapping[str, Any], suffixes: tuple[str, ...]) -> Told | Passed:
    song = f"s3://{bucket}/{key}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket) or not key or not key.isprintable() or ".." in key.split("/"):
        return Passed(song[:200], "it is no key that is taken")
    if not key.lower().endswith(suffixes):
        return Passed(song, "it is no song by its suffix")
    if thing.get("size") == 0:
        return Passed(song, "it is empty")
    version = thing.get("sequencer") or thing.get("versionId") or thing.get("version-id")
    return Told(song, record, f"{song}\n{version}" if version else "")


def filled(template: Any, roots: Mapping[str, Any]) -> Any:
    """A template with the message's values in it.

    Args:
        template: TOML's values; a text that is one place and nothing else becomes the value there, of whatever type.
        roots: ``payload``, ``song`` and ``record``.

    Raises:
        Unfit: the message lacks a value that is not marked with ``?``.
    """
    if isinstance(template, Mapping):
        return {name: value for name, one in template.items() if (value := filled(one, roots)) is not None}
    if isinstance(template, list):
        return [value for one in template if (value := filled(one, roots)) is not None]
    if not isinstance(template, str):
        return template
    if whole := PLACE.fullmatch(template.strip()):
        return _at(whole, roots)
    return PLACE.sub(lambda place: _text(_at(place, roots), place), template)


def check_template(template: Any) -> None:
    """Refuse a template with braces that are no place.

    Raises:
        ValueError: it has such.
    """
    for text in _texts(template):
        if BRACES.search(PLACE.sub("", text)):
            raise ValueError(f"{text!r}: a place is {{{{ payload.a.b }}}}, {{{{ song }}}} or {{{{ record.a.b }}}}, with ? when it may be missing")


def check_plain(value: Any, deepest: int = DEEPEST) -> None:
    """Refuse values that Prefect's server would evaluate, or that not every database and program can hold.

    Raises:
        Unfit: there is one.
    """
    if deepest <= 0:
        raise Unfit(f"the message is nested more than {DEEPEST} levels deep")
    if isinstance(value, Mapping):
        if PREFECTS in value:
            raise Unfit(f"the message holds {PREFECTS}, which is not data")
        for name, one in value.items():
            _check_text(str(name))
            check_plain(one, deepest - 1)
    elif isinstance(value, list):
        for one in value:
            check_plain(one, deepest - 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (int, float)) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # NaN is not either
        raise Unfit("the message holds a number that is none, or too large")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("the message holds half a letter: a surrogate without its other half") from None
    if "\0" in text:
        raise Unfit("the message holds a NUL in a text")


def _at(place: "re.Match[str]", roots: Mapping[str, Any]) -> Any:
    """What is at a place, or nothing when it may be missing."""
    value = roots.get(place["root"])
    for name in place["path"].split(".")[1:]:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and name.isascii():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = None
    if value is None and not place["optional"]:
        raise Unfit(f"the message has no {place['root']}{place['path']}")
    return value


def _text(value: Any, place: "re.Match[str]") -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unfit(f"{place['root']}{place['path']} is no text and no number")
    return str(value)


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    for one in template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ():
        yield from _texts(one)
