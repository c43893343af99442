"""The songs of a batch: from folders, bucket prefixes, playlists (M3U), tables (CSV) and lists (JSONL), or named one by one.

A list's columns that are fields of the film's request count for that song alone. Outside a terminal, folders and lists are read only under
the roots that are opened to callers, like songs themselves. No Prefect here.
"""

import csv
import io
import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from blocks.settings import Settings, current
from flows.songs import SCHEME
from schemas import FilmRequest
from schemas.batch import BatchSong
from songreel.errors import UserError
from songreel.storage import Store

SONGS = {
    ".aac", ".aif", ".aiff", ".alac", ".ape", ".flac", ".m4a", ".m4b", ".mka", ".mkv", ".mov", ".mp3", ".mp4", ".oga", ".ogg", ".opus", ".wav",
    ".webm", ".wma", ".wv",
}  # fmt: skip
"""Endings of files that a folder is searched for; whether they are songs is found out when they are read."""

LISTS = {".m3u", ".m3u8", ".csv", ".tsv", ".jsonl", ".ndjson"}
NAMED = ("song", "path", "file", "url", "address")  # columns that name the song
TITLED = ("title", "name")
LARGEST_LIST = 8 << 20  # bytes
MOST = 10_000  # songs


def listed(songs: Sequence[str], store: Store) -> list[BatchSong]:
    """Every song, each once, in the order given; a folder's by name.

    Args:
        songs: folders, ``s3://bucket/prefix/``, list files, songs.
        store: through whose access buckets are read.

    Raises:
        UserError: a place is not there or may not be read, a list cannot be read, or there are no songs at all.
    """
    found = [one for entry in songs if entry.strip() for one in _entry(entry.strip(), store)]
    once = list({one.song or f"{number}": one for number, one in reversed(list(enumerate(found)))}.values())[::-1]
    if not once:
        raise UserError(f"there are no songs in {', '.join(songs) or 'nothing'}: give a folder, s3://bucket/prefix/, an M3U, CSV or JSONL file")
    if len(once) > MOST:
        raise UserError(f"{len(once)} songs are too many for one batch: at most {MOST}")
    return once


def _entry(entry: str, store: Store) -> Iterator[BatchSong]:
    suffix = Path(urllib.parse.urlsplit(entry).path).suffix.lower()
    if entry.startswith("media:") or entry.startswith("https://"):
        yield BatchSong(song=entry)
    elif entry.lower().startswith("s3://"):
        yield from _bucket(entry, suffix, store)
    elif SCHEME.match(entry):
        raise UserError(f"songs are not taken from {entry.split(':', maxsplit=1)[0]}:// addresses")
    else:
        path = _opened(entry, current())
        if path.is_dir():
            yield from (BatchSong(song=str(one)) for one in sorted(path.rglob("*")) if _is_song(one, path))
        elif suffix in LISTS:
            yield from _list(_text(path.read_bytes(), path.name), suffix, str(path.parent))
        else:
            yield BatchSong(song=str(path))


def _is_song(path: Path, root: Path) -> bool:
    return path.suffix.lower() in SONGS and path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)


def _opened(entry: str, settings: Settings) -> Path:
    """The folder or file that is meant; for callers of deployments only under the roots that are opened to them."""
    path = Path(entry).expanduser()
    places: list[Path] = [path.absolute()]
    if settings.flow_run:
        roots = [Path(root).expanduser().resolve() for root in settings.songs if not SCHEME.match(root)]
        places = [place for root in roots if (place := (root / entry).resolve()).is_relative_to(root)]
    found = next((one for one in places if one.exists()), None)
    if found is None:
        more = ", in a folder that SONGREEL_SONGS opens to callers" if settings.flow_run else ""
        raise UserError(f"there is no folder, list or song at {entry}{more}")
    return found


def _bucket(entry: str, suffix: str, store: Store) -> Iterator[BatchSong]:
    settings, parts = current(), urllib.parse.urlsplit(entry)
    roots = [root for root in settings.songs if root.startswith("s3://")]
    if settings.flow_run and roots and not any(entry == root or entry.startswith(f"{root.rstrip('/')}/") for root in roots):
        raise UserError(f"there are no songs at {entry} for callers of deployments: SONGREEL_SONGS opens other places")
    if suffix in SONGS:
        yield BatchSong(song=entry)
        return
    fs = (store if not store.local else Store(f"s3://{parts.netloc}", scratch=store.scratch)).fs
    key = f"{parts.netloc}{urllib.parse.unquote(parts.path)}".rstrip("/")
    fs.invalidate_cache()
    try:
        if suffix in LISTS:
            yield from _list(_text(fs.cat_file(key), key), suffix, f"s3://{key.rpartition('/')[0]}")
            return
        names = sorted(fs.find(key))
    except FileNotFoundError as error:
        raise UserError(f"there is nothing at {entry}") from error
    except PermissionError as error:
        raise UserError(f"{entry} may not be read with the credentials that are set: {error}") from error
    yield from (BatchSong(song=f"s3://{name}") for name in names if Path(name).suffix.lower() in SONGS)


def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST_LIST:
        raise UserError(f"the list {name} has {len(content)} bytes; at most {LARGEST_LIST} are read")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _list(text: str, suffix: str, base: str) -> Iterator[BatchSong]:
    if suffix in (".m3u", ".m3u8"):
        yield from _playlist(text, base)
    elif suffix in (".csv", ".tsv"):
        yield from _table(text, "\t" if suffix == ".tsv" else _separator(text), base)
    else:
        yield from _lines(text, base)


def _playlist(text: str, base: str) -> Iterator[BatchSong]:
    title = ""
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("#EXTINF:"):
            title = line.partition(",")[2].strip()
        elif line and not line.startswith("#"):
            yield BatchSong(song=_beside(line, base), title=title)
            title = ""


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _table(text: str, separator: str, base: str) -> Iterator[BatchSong]:
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    columns = [str(name).strip().lower() for name in rows.fieldnames or ()]
    if not set(columns) & set(NAMED):
        raise UserError(f"the table has the columns {', '.join(columns) or 'of nothing'}: one of them must be {', '.join(NAMED)}")
    for row in rows:
        given = {str(name).strip().lower(): value.strip() for name, value in row.items() if isinstance(value, str) and value.strip()}
        if given:
            yield _row(given, base)


def _lines(text: str, base: str) -> Iterator[BatchSong]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except ValueError as error:
            yield BatchSong(song="", title=f"line {number}", fault=f"line {number} is no JSON: {error}")
            continue
        if isinstance(given, str):
            yield _row({"song": given}, base)
        elif isinstance(given, dict):
            yield _row(given, base)
        else:
            yield BatchSong(song="", title=f"line {number}", fault=f"line {number} is neither a song's address nor an object with one")


def _row(given: Mapping[str, Any], base: str) -> BatchSong:
    song = next((str(given[name]) for name in NAMED if given.get(name)), "")
    title = next((str(given[name]) for name in TITLED if given.get(name)), "")
    wishes = {name: value for name, value in given.items() if name in FilmRequest.model_fields and value is not None}
    fault = "" if song else f"a line names no song: one of {', '.join(NAMED)} must"
    return BatchSong(song=_beside(song, base) if song else "", title=title, wishes=wishes, fault=fault or _faulty(wishes))


def _faulty(wishes: Mapping[str, Any]) -> str:
    """The first wish that cannot be, in a sentence."""
    for name, value in wishes.items():
        try:
            FilmRequest.model_validate({name: value})
        except ValidationError as error:
            return f"its {name} {value!r} cannot be: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
    return ""


def _beside(song: str, base: str) -> str:
    """A list's entry as an address: relative ones lie beside the list."""
    if SCHEME.match(song) or song.startswith("media:"):
        return urllib.parse.unquote(song.removeprefix("file://")) if song.startswith("file://") else song
    song = song.replace("\\", "/")
    return song if song.startswith("/") else f"{base.rstrip('/')}/{song.removeprefix('./')}"


def wished(request: FilmRequest, songs: Iterable[BatchSong]) -> list[FilmRequest]:
    """What is asked of each song: the batch's request with its own wishes."""
    adapter = TypeAdapter(FilmRequest)
    return [adapter.validate_python({**dict(request), **({} if one.fault else one.wishes)}) for one in songs]
