"""A store in a bucket that errs, is slow, busy, cut off or away: everything comes through whole, and nothing half-written is left."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import MediaRef
from songreel.errors import MissingDependency, TransientError
from songreel.storage import Records, Store
from songreel.storage import bucket as patience
from tests.services.fault_proxy import FaultProxy, Kind
from tests.services.s3 import Bucket, bucket

SMALL, LARGE = 100_000, 12 << 20  # bytes; the large one goes in parts
PART = 5 << 20  # bytes, the least that S3 takes
SILENCE, SLOW = 2.5, 3.5  # seconds
AWAY = 2.5  # seconds


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as found:
        yield found


@pytest.fixture
def proxy(s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(patience, "ATTEMPTS", 1)  # botocore's own pauses are seconds long
    monkeypatch.setattr(patience, "PART", PART)
    with FaultProxy(s3.endpoint, SLOW) as found:
        yield found


@pytest.fixture
def store(proxy: FaultProxy, s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(patience, "SILENCE", SILENCE)
    return Store(f"{s3.url}/{tmp_path.name}", s3.at(proxy.url).options, scratch=tmp_path / "scratch")


def _content(size: int) -> bytes:
    return os.urandom(size)


def _uploads(store: Store, s3: Bucket) -> list[object]:
    return list(store.fs.call_s3("list_multipart_uploads", Bucket=s3.name).get("Uploads", []))


@pytest.mark.parametrize("kind", ["error", "busy", "lost", "drop", "slow"])
def test_a_put_that_fails_twice_is_done_again_and_is_whole(store: Store, proxy: FaultProxy, kind: Kind) -> None:
    data = _content(SMALL)
    times = 1 if kind == "slow" else 2
    proxy.fail(kind, times, "PUT", "/media/")
    ref = store.put_bytes(data, ".bin")
    assert proxy.did[kind] == times
    assert store.read(ref) == data


@pytest.mark.parametrize("kind", ["error", "busy", "drop", "cut", "slow"])
def test_a_get_that_fails_twice_is_done_again_and_is_whole(store: Store, proxy: FaultProxy, kind: Kind) -> None:
    data = _content(SMALL)
    ref = store.put_bytes(data, ".bin")
    times = 1 if kind == "slow" else 2
    proxy.fail(kind, times, "GET", "/media/")
    assert store.read(ref) == data
    assert proxy.did[kind] == times


def test_a_body_that_is_told_to_be_whole_and_is_not_is_never_taken(store: Store, proxy: FaultProxy) -> None:
    data = _content(SMALL)
    ref = store.put_bytes(data, ".bin")
    proxy.fail("short", 2, "GET", "/media/")
    assert store.read(ref) == data
    (store.scratch / "fetched" / f"{ref.sha256}.bin").unlink()
    proxy.fail("short", 3, "GET", "/media/")
    with pytest.raises(TransientError, match="came cut off"):
        store.get(ref)
    assert store.has(ref)  # the way here was at fault, not what is stored
    assert store.read(ref) == data
    assert proxy.did["short"] == 5


def test_what_is_really_damaged_is_told_apart_from_what_was_cut(store: Store) -> None:
    ref = store.put_bytes(b"right", ".bin")
    store.fs.pipe_file(f"{store.root}/media/{ref.sha256[:2]}/{ref.sha256}.bin", b"wrong")
    with pytest.raises(TransientError, match="it was damaged"):
        store.get(ref)
    assert not store.has(ref)


@pytest.mark.parametrize("kind", ["error", "drop", "cut"])
def test_looks_records_and_lists_survive_faults_too(store: Store, proxy: FaultProxy, kind: Kind) -> None:
    ref, records = store.put_bytes(b"here", ".bin"), Records(store, "ledger")
    records.replace("one", b"1")
    for method in ("HEAD", "GET"):
        proxy.fail(kind, 1, method)
    assert store.has(ref)
    assert records.read("one") == b"1"
    proxy.fail(kind, 1, "GET", "list-type")
    assert list(records.marks()) == ["one"]


def test_a_record_whose_winning_answer_was_lost_is_still_won_and_once(store: Store, proxy: FaultProxy) -> None:
    records = Records(store, "jobs")
    proxy.fail("lost", 1, "PUT", "/jobs/")
    assert records.create("order", b"mine")
    assert not records.create("order", b"mine")
    assert records.read("order") == b"mine"
    assert proxy.did["lost"] == 1


def test_of_many_that_create_a_record_through_faults_one_wins(store: Store, proxy: FaultProxy) -> None:
    records, won = Records(store, "jobs"), []
    proxy.fail("lost", 2, "PUT", "/jobs/")
    proxy.fail("error", 2, "PUT", "/jobs/")
    threads = [threading.Thread(target=lambda: won.append(records.create("race", b"the same"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]


def test_a_large_object_goes_and_comes_in_parts_through_faults_and_leaves_no_part(
    store: Store, proxy: FaultProxy, s3: Bucket, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        for _ in range(LARGE >> 20):
            file.write(os.urandom(1 << 20))
    for kind in ("error", "drop"):
        proxy.fail(kind, 1, "PUT", "partNumber")
    ref = store.put_file(path)
    proxy.fail("cut", 1, "GET", "/media/")
    digest = hashlib.sha256(store.get(ref).read_bytes()).hexdigest()
    assert digest == ref.sha256
    assert proxy.did == {"error": 1, "drop": 1, "cut": 1}
    assert _uploads(store, s3) == []


def test_a_bucket_that_is_away_for_a_while_is_waited_for(store: Store, proxy: FaultProxy) -> None:
    known = store.put_bytes(b"before", ".bin")
    back, begun = proxy.away_for(AWAY), time.monotonic()
    assert store.read(known) == b"before"
    assert store.read(store.put_bytes(b"meanwhile", ".bin")) == b"meanwhile"
    assert time.monotonic() - begun >= AWAY
    back.join()


def test_a_bucket_that_stays_away_is_told_in_a_sentence_and_nothing_is_half_written(
    store: Store, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = store.put_bytes(b"before", ".bin")
    monkeypatch.setattr(patience, "PATIENCE", 0.5)
    with proxy.away():
        with pytest.raises(TransientError, match=r"the bucket did not do put_object|the bucket did not do head_object"):
            store.put_bytes(b"lost", ".bin")
        with pytest.raises(TransientError, match="the bucket did not do"):
            store.get(ref)
    store.fs.invalidate_cache()
    assert [Path(path).name for path in store.fs.find(store.root)] == [f"{ref.sha256}.bin"]
    assert [path for path in store.scratch.rglob("*") if path.is_file()] == []


def test_what_waiting_cannot_mend_fails_at_once(s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    nowhere = Store("s3://there-is-no-such-bucket/x", s3.options, scratch=tmp_path)
    assert not nowhere.has(MediaRef(sha256="0" * 64, suffix=".bin", media_type="x/y", bytes=1))
    with pytest.raises(FileNotFoundError):
        nowhere.put_bytes(b"x", ".bin")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(MissingDependency, match="set AWS_ACCESS_KEY_ID"):
        Store(s3.url, {"endpoint_url": s3.endpoint}, scratch=tmp_path).put_bytes(b"x", ".bin")
    assert time.monotonic() - begun < 10
