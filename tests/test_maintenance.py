"""Maintenance: what is old goes, by its age and kind; the job book, the ledger and younger films never do."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blocks.settings import Settings, read, using
from flows.maintenance import kept_up, maintenance
from flows.songs import address_of
from schemas.maintenance import Maintained
from songreel.storage import Records, Store
from tests import live
from tests.services.s3 import Bucket, bucket, entered

HOUR, DAY = 3600.0, 86400.0
NEVER = ("jobs", "ledger", "writings", "batches/songs", "made")


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as found, entered(found.environment):
        yield found


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = str(tmp_path / "store") if request.param == "folder" else f"{request.getfixturevalue('s3').url}/{tmp_path.name}"
    return read(store=url, home=tmp_path / "home", keep_hours=24, keep_films_days=7)


def _freed(done: Maintained) -> dict[str, int]:
    return {one.what: one.count for one in done.freed if one.count}


def _there(store: Store) -> set[str]:
    store.fs.invalidate_cache()
    return {path.removeprefix(f"{store.root}/").partition("/")[0] for path in store.fs.find(store.root)}


def _filled(store: Store, tmp_path: Path) -> None:
    """One thing of each kind, all of now."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    store.put_file(path)
    store.publish("night-1", "film.mp4", path)
    for folder in ("results", "songs", "runs", "plans", *NEVER):
        Records(store, folder).replace("one", b"{}")


def test_things_go_when_their_time_has_come_and_never_before(settings: Settings, tmp_path: Path) -> None:
    store, now = settings.open_store(), time.time()
    _filled(store, tmp_path)
    assert _freed(kept_up(settings, store, now=now + 23 * HOUR)) == {}
    assert _freed(kept_up(settings, store, now=now + 25 * HOUR)) == {"media": 1, "results": 1, "songs": 1}
    assert _freed(kept_up(settings, store, now=now + 6.9 * DAY)) == {}
    assert _freed(kept_up(settings, store, now=now + 7.1 * DAY)) == {"reel": 1, "runs": 1, "plans": 1}
    assert _freed(kept_up(settings, store, now=now + 400 * DAY)) == {}
    assert _there(store) - {"work"} == {"jobs", "ledger", "writings", "batches", "made"}


def test_a_dry_run_tells_all_and_removes_nothing(settings: Settings, tmp_path: Path) -> None:
    store, now = settings.open_store(), time.time()
    _filled(store, tmp_path)
    before = _there(store)
    done = kept_up(settings, store, dry_run=True, now=now + 8 * DAY)
    assert done.dry_run
    assert _freed(done) == {"media": 1, "results": 1, "songs": 1, "reel": 1, "runs": 1, "plans": 1}
    assert done.bytes == 4 + 4 + 4 * 2
    assert _there(store) == before


def test_both_times_are_settings(settings: Settings, tmp_path: Path) -> None:
    store, now = settings.open_store(), time.time()
    _filled(store, tmp_path)
    longer = settings.model_copy(update={"keep_hours": 1.0, "keep_films_days": 30.0})
    assert _freed(kept_up(longer, store, now=now + 2 * HOUR)) == {"media": 1, "results": 1, "songs": 1}
    assert _freed(kept_up(longer, store, now=now + 29 * DAY)) == {}
    assert "reel" in _freed(kept_up(longer, store, now=now + 31 * DAY))


def test_a_reel_goes_as_a_whole_when_none_of_it_is_young(tmp_path: Path) -> None:
    settings = read(store=str(tmp_path / "store"), home=tmp_path / "home")
    store, path = settings.open_store(), tmp_path / "x"
    path.write_bytes(b"x")
    for name in ("film.mp4", "clips/1.mp4"):
        store.publish("night-1", name, path)
    os.utime(Path(store.root) / "reel/night-1/film.mp4", (1, 1))
    assert _freed(kept_up(settings, store)) == {}
    os.utime(Path(store.root) / "reel/night-1/clips/1.mp4", (1, 1))
    assert _freed(kept_up(settings, store)) == {"reel": 2}
    assert not (Path(store.root) / "reel/night-1").exists()


def test_what_is_used_while_it_is_being_expired_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from songreel.storage import expiry

    settings = read(store=str(tmp_path / "store"), home=tmp_path / "home")
    store = settings.open_store()
    ref = store.put_bytes(b"x", ".bin")
    os.utime(store.get(ref), (1, 1))
    listed = expiry._things

    def used_then(*given):
        found = list(listed(*given))
        store.keep(ref)
        return iter(found)

    monkeypatch.setattr(expiry, "_things", used_then)
    assert _freed(kept_up(settings, store)) == {}
    assert store.has(ref)


def test_links_out_of_the_store_are_not_followed(tmp_path: Path) -> None:
    settings = read(store=str(tmp_path / "store"), home=tmp_path / "home")
    store, outside = settings.open_store(), tmp_path / "outside"
    outside.mkdir()
    (outside / "mine").write_text("mine")
    os.utime(outside / "mine", (1, 1))
    (Path(store.root) / "media").mkdir(parents=True)
    (Path(store.root) / "media/link").symlink_to(outside / "mine")
    (Path(store.root) / "media/folder").symlink_to(outside)
    kept_up(settings, store)
    assert (outside / "mine").read_text() == "mine"


def test_uploads_that_nobody_ended_are_ended(s3: Bucket, tmp_path: Path) -> None:
    settings = read(store=f"{s3.url}/{tmp_path.name}", home=tmp_path / "home")
    store = settings.open_store()
    key = f"{tmp_path.name}/media/aa/film.mp4"
    begun = store.fs.call_s3("create_multipart_upload", Bucket=s3.name, Key=key)
    other = store.fs.call_s3("create_multipart_upload", Bucket=s3.name, Key="other/film.mp4")
    store.fs.call_s3("upload_part", Bucket=s3.name, Key=key, UploadId=begun["UploadId"], PartNumber=1, Body=b"x" * 1000)
    ours = {one["Key"]: one["Initiated"] for one in store.fs.call_s3("list_multipart_uploads", Bucket=s3.name)["Uploads"]}
    later = max(ours.values()).timestamp() + 25 * HOUR  # whatever clock the server has
    assert max(ours.values()) <= datetime.now(UTC)
    assert _freed(kept_up(settings, store, now=later - 2 * HOUR)) == {}
    done = kept_up(settings, store, now=later)
    assert _freed(done) == {"uploads that were not ended": 1}
    assert done.bytes == 1000
    left = store.fs.call_s3("list_multipart_uploads", Bucket=s3.name)["Uploads"]
    assert [one["UploadId"] for one in left] == [other["UploadId"]]
    store.fs.call_s3("abort_multipart_upload", Bucket=s3.name, Key="other/film.mp4", UploadId=other["UploadId"])


def test_the_flow_sweeps_logs_and_work_files_installs_rules_and_shows_what_it_freed(s3: Bucket, tmp_path: Path, prefect_api: str) -> None:
    from prefect.client.orchestration import get_client

    settings = read(store=f"{s3.url}/{tmp_path.name}", home=tmp_path / "home")
    store, old = settings.open_store(), time.time() - 40 * DAY
    for folder, name in ((settings.logs, "fault-1.log"), (settings.server_home, "server.log.1"), (store.scratch, "999999999-dead.part")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 10)
        os.utime(folder / name, (old, old))
    (settings.logs / "fault-2.log").write_bytes(b"young")
    with using(settings):
        done = maintenance()
    assert isinstance(done, Maintained)
    assert _freed(done) == {"logs": 2, "work files of this machine": 1}
    assert (done.bytes, "was given 8 rules" in done.lifecycle) == (30, True)
    assert [path.name for path in settings.logs.iterdir()] == ["fault-2.log"]
    with get_client(sync_client=True) as client:
        shown = client.read_artifacts()
    table = next(one for one in shown if one.key == "maintenance")
    assert "Freed 0.0 MB; the bucket songs was given 8 rules" in str(table.description)
    assert '"logs"' in str(table.data)


def test_a_young_film_of_a_folder_keeps_what_it_is_made_of(tmp_path: Path) -> None:
    settings = read(store=str(tmp_path / "store"), home=tmp_path / "home")
    store, now = settings.open_store(), time.time()
    film, other = store.put_bytes(b"film", ".mp4"), store.put_bytes(b"other", ".mp4")
    Records(store, "runs").replace("night-1", json.dumps({"files": {"film.mp4": film.model_dump()}}).encode())
    assert _freed(kept_up(settings, store, now=now + 3 * DAY)) == {"media": 1}
    assert (store.has(film), store.has(other)) == (True, False)
    assert _freed(kept_up(settings, store, now=now + 8 * DAY)) == {"media": 1, "runs": 1}
    assert not store.has(film)


def test_what_a_waiting_run_is_still_to_use_stays_however_long_it_waits(tmp_path: Path, prefect_api: str) -> None:
    settings = read(store=str(tmp_path / "store"), home=tmp_path / "home")
    store, address = settings.open_store(), f"https://example.org/{tmp_path.name}.flac"
    sent, fetched, picture, other = (store.put_bytes(name.encode(), ".bin") for name in ("sent", "fetched", "picture", "other"))
    record = json.dumps({"ref": fetched.model_dump(mode="json"), "title": "Night"}).encode()
    Records(store, "songs").replace(hashlib.sha256(address.encode()).hexdigest(), record)
    old = time.time() - 30 * HOUR
    for path in (tmp_path / "store").rglob("*.*"):
        os.utime(path, (old, old))
    waiting = [
        _scheduled(prefect_api, {"song": address_of(sent, "Night"), "request": {"image": picture.model_dump(mode="json")}}),
        _scheduled(prefect_api, {"song": address, "plan": None}),
    ]
    with using(settings):
        done = maintenance()
    assert isinstance(done, Maintained)
    assert _freed(done) == {"media": 1}
    assert [store.has(one) for one in (sent, fetched, picture, other)] == [True, True, True, False]
    for run in waiting:
        live.call(prefect_api, f"/flow_runs/{run}", method="DELETE")


def _scheduled(api: str, parameters: dict[str, object]) -> str:
    flow = live.call(api, "/flows/", {"name": "music-video"})["id"]
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00:00Z"}}
    return str(live.call(api, "/flow_runs/", {"flow_id": flow, "parameters": parameters, "tags": ["songreel"], "state": state})["id"])
