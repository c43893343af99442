"""Where a song comes from: a path, an https or s3 address, content that the store holds, or a plan.

Whoever calls a deployment is not at this machine's terminal, and names files of the machine only under the folders that are opened to
callers. The same song is the same run by whatever way it comes. No Prefect here.
"""

import hashlib
import json
import os
import re
import shutil
import unicodedata
import urllib.parse
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blocks.settings import Settings, current
from schemas import MediaRef, Plan, Song
from songreel.errors import MediaError, SongreelError, UserError
from songreel.media.sniffing import check_song
from songreel.storage import Records, Store, fetching, sha256_of
from songreel.storage.store import SONGS, scratch_name

FETCHED = "songs"  # folder of records: what lay at an address that a run fetched
MEDIA = re.compile(r"media:(?P<sha256>[0-9a-f]{64})(?P<suffix>(?:\.[a-z0-9]{1,8})?)(?:#(?P<title>.*))?", re.DOTALL)
SCHEME = re.compile(r"(?P<name>[a-zA-Z][a-zA-Z0-9+.-]*)://")
WAYS = "a path, https://…, s3://bucket/key or media:<sha256><suffix>#<title>"
LONGEST_TITLE = 80  # characters; UTF-8 makes at most four bytes of each, and file names end at 255


@dataclass(frozen=True)
class Source:
    """The song as it was given: a file with the hash of its content, or a song that the store holds already."""

    content: str
    name: str
    path: Path | None = None
    song: Song | None = None


def source_of(song: str, plan: Plan | None, store: Store, *, again: bool = False, reach: fetching.Reach = fetching.PUBLIC) -> Source:
    """The song that is meant.

    Args:
        song: as `WAYS` says; may be empty with a plan whose song is in the store.
        plan: the plan to render, if any.
        store: where songs from elsewhere are put.
        again: the run goes on after a rest: what it fetched then is its song, whatever its address gives by now.
        reach: how hosts are found.

    Raises:
        UserError: there is no such song, or it may not be had from there.
        TransientError: it could not be fetched now.
    """
    if not song:
        return _of_plan(plan, store)
    scheme = SCHEME.match(song)
    if song.startswith("media:"):
        return _held(song, store)
    if scheme is None:
        return _file(song, current())
    if scheme["name"].lower() == "https":
        return _fetched(song, store, again, reach)
    if scheme["name"].lower() == "s3":
        return _from_bucket(song, store, current())
    raise UserError(f"songs are not taken from {scheme['name'].lower()}:// addresses: give {WAYS}")


def address_of(ref: MediaRef, title: str) -> str:
    """The address of a song that the store holds, for a run's parameters."""
    return f"media:{ref.sha256}{ref.suffix}#{title}"


def renew(song: str, store: Store) -> None:
    """Let what the store holds of a song begin a new life, for a run that is still to use it; what is gone stays gone."""
    records, key = Records(store, FETCHED), _key(song)
    if match := MEDIA.fullmatch(song):
        with suppress(MediaError):
            store.keep(store.find(match["sha256"], match["suffix"]))
    elif song.startswith("https:") and (known := records.read(key)) is not None:
        store.keep(MediaRef.model_validate(json.loads(known)["ref"]))
        records.replace(key, known)


def title_of(song: str) -> str:
    """What a song is called before it is looked at, by its path or address."""
    if held := MEDIA.fullmatch(song):
        return _title(held["title"] or held["sha256"][:8])
    if scheme := SCHEME.match(song):
        rest = song[scheme.end() :]  # a key holds any letter as it is
        return _title(Path(rest if scheme["name"].lower() == "s3" else urllib.parse.unquote(urllib.parse.urlsplit(song).path)).stem)
    return Path(song).stem or "plan"


def _of_plan(plan: Plan | None, store: Store) -> Source:
    if plan is None:
        raise UserError(f"there is no song: give {WAYS}, or a plan whose song the store holds")
    if not store.has(plan.song.master):
        raise UserError(f"the store {store.url} does not hold the plan's song {plan.song.name}: give its file with --song")
    return Source(plan.song.master.sha256, plan.song.name, song=plan.song)


def _file(song: str, settings: Settings) -> Source:
    path = _open_to_callers(song, settings.songs) if settings.flow_run else Path(song).absolute()
    if path is None or not path.is_file():
        raise UserError(f"there is no song at {song}: it must be an audio file, or a video file with sound" + _hint(settings))
    return Source(sha256_of(path), _title(path.stem), path=path)


def _open_to_callers(song: str, roots: tuple[str, ...]) -> Path | None:
    """The file that a caller means, when it lies under a folder that is opened to callers, links followed; a relative path lies in one of them.

    What lies elsewhere is told like what is not there.
    """
    for root in (Path(text).expanduser().resolve() for text in roots if not SCHEME.match(text)):
        try:
            path = (root / song).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        except (OSError, ValueError):  # a name that no file can have
            return None
    return None


def _hint(settings: Settings) -> str:
    """Why a caller may see no file."""
    if not settings.flow_run:
        return ""
    folders = [root for root in settings.songs if not SCHEME.match(root)]
    if not folders:
        return ". No folder is opened to the callers of deployments: set SONGREEL_SONGS where the worker runs, or upload the song"
    return f", in a folder that SONGREEL_SONGS opens to callers ({len(folders)} of them)"


def _held(song: str, store: Store) -> Source:
    match = MEDIA.fullmatch(song)
    if match is None:
        raise UserError("that names no content: it is media:, 64 hex digits of SHA-256, the suffix and #title")
    ref = store.find(match["sha256"], match["suffix"])
    return _taken(store, ref, _title(match["title"] or ref.sha256[:8]))


def _fetched(address: str, store: Store, again: bool, reach: fetching.Reach) -> Source:
    records, key = Records(store, FETCHED), _key(address)
    if again and (known := records.read(key)) is not None:
        told = json.loads(known)
        ref = MediaRef.model_validate(told["ref"])
        if store.has(ref):
            return _taken(store, ref, told["title"])
    title = title_of(address)
    with store.workspace() as folder:
        path = folder / f"{title}{_suffix(urllib.parse.urlsplit(address).path)}"
        fetching.fetch(address, path, largest=_largest(), reach=reach)
        ref = _checked(path, store)
    records.replace(key, json.dumps({"ref": ref.model_dump(mode="json"), "title": title}).encode())
    return _taken(store, ref, title)


def _key(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _from_bucket(address: str, store: Store, settings: Settings) -> Source:
    at = address.partition("://")[2]
    roots = [root for root in settings.songs if root.startswith("s3://")]
    if settings.flow_run and roots and not any(_under(f"s3://{at}", root) for root in roots):
        raise UserError(f"there is no song at s3://{at} for callers of deployments: SONGREEL_SONGS opens other places")
    other = store if not store.local else Store(f"s3://{at.partition('/')[0]}", scratch=store.scratch)
    title = title_of(address)
    with store.workspace() as folder:
        path = folder / f"{title}{_suffix(at)}"
        other.fetch(at, path, largest=_largest())
        return _taken(store, _checked(path, store), title)


def _under(address: str, root: str) -> bool:
    return address == root or address.startswith(f"{root.rstrip('/')}/")


def _largest() -> int:
    return current().upload_limit_mb << 20


def _checked(path: Path, store: Store) -> MediaRef:
    """A song from elsewhere in the store, when it is one."""
    check_song(path)
    return store.put_file(path, _suffix(path.name))


def _taken(store: Store, ref: MediaRef, title: str) -> Source:
    """A song of the store's under its own name, since its file is what names it to everything after."""
    content = store.get(ref)
    folder = store.scratch / SONGS / f"song-{ref.sha256[:16]}"
    path = folder / f"{title}{ref.suffix or '.song'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.stat().st_size != ref.bytes:
            _linked(content, path)
        os.utime(folder)
    except OSError as error:
        raise SongreelError(f"{path.name} could not be written to {folder.parent}: {error.strerror}") from error
    return Source(ref.sha256, title, path=path)


def _linked(content: Path, path: Path) -> None:
    part = path.with_name(scratch_name())
    try:
        try:
            os.link(content, part)
        except OSError:  # another file system, or one without links
            shutil.copyfile(content, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _title(text: str) -> str:
    """A title as a file may be called, whoever gave it."""
    name = "".join(letter if letter.isprintable() and letter != "/" else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(name.split()).lstrip(". ")[:LONGEST_TITLE].rstrip(" .") or "song"


def _suffix(name: str) -> str:
    own = Path(name).suffix.lower()
    return own if re.fullmatch(r"\.[a-z0-9]{1,8}", own) else ""
