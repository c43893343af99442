"""One contract for every store: a folder, and a real S3 server on loopback."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import MediaRef
from songreel.errors import CorruptMedia, MediaError, TransientError, UserError
from songreel.storage.records import Records
from songreel.storage.store import RENEW_AFTER, Store
from tests.services.s3 import Bucket, bucket


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return _open(request, tmp_path, "scratch")


@pytest.fixture
def same_store(store: Store, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Another machine's view of the same store."""
    return _open(request, tmp_path, "other")


def _open(request: pytest.FixtureRequest, tmp_path: Path, scratch: str) -> Store:
    if "folder" in request.node.callspec.id:
        return Store(str(tmp_path / "store"))
    found: Bucket = request.getfixturevalue("s3")
    return Store(f"{found.url}/{tmp_path.name}", found.options, scratch=tmp_path / scratch)


def _stored(store: Store) -> list[str]:
    """Every object under the store's root but work files."""
    store.fs.invalidate_cache()
    return sorted(path for path in store.fs.find(store.root) if "/work" not in path)


def _overwrite(store: Store, ref: MediaRef, data: bytes) -> None:
    store.fs.pipe_file(f"{store.root}/media/{ref.sha256[:2]}/{ref.sha256}{ref.suffix}", data)


def test_what_is_put_comes_back_whole_under_the_name_of_its_content(store: Store) -> None:
    ref = store.put_bytes(b"a song", ".txt")
    assert ref.sha256 == hashlib.sha256(b"a song").hexdigest()
    assert (ref.bytes, ref.suffix, ref.media_type) == (6, ".txt", "text/plain")
    assert store.has(ref)
    assert store.read(ref) == b"a song"
    assert store.get(ref).suffix == ".txt"


def test_a_file_is_put_under_its_own_suffix_or_the_one_it_deserves(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "clip.MP4"
    path.write_bytes(b"film")
    assert store.put_file(path).suffix == ".mp4"
    assert store.put_file(path, ".mov").media_type == "video/quicktime"
    assert path.read_bytes() == b"film"


def test_equal_content_is_stored_once(store: Store) -> None:
    assert store.put_bytes(b"same", ".bin") == store.put_bytes(b"same", ".bin")
    assert len(_stored(store)) == 1


def test_a_part_of_a_file_is_read_alike_from_both(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"0123456789")
    at = store.fs._strip_protocol(store.publish("night", "film.mp4", path))
    assert [store.fs.cat_file(at, 2, 5), store.fs.cat_file(at, 8, 10), store.fs.cat_file(at)] == [b"234", b"89", b"0123456789"]


def test_what_was_never_put_is_not_there_and_the_error_names_it(store: Store) -> None:
    ref = MediaRef(sha256="0" * 64, suffix=".mp4", media_type="video/mp4", bytes=3)
    assert not store.has(ref)
    with pytest.raises(MediaError, match=f"holds no {'0' * 64}.mp4"):
        store.get(ref)


def test_damaged_content_is_an_error_that_names_both_hashes(store: Store) -> None:
    ref = store.put_bytes(b"right", ".bin")
    _overwrite(store, ref, b"wrong")
    with pytest.raises(CorruptMedia, match=f"{ref.sha256}.*{hashlib.sha256(b'wrong').hexdigest()}"):
        store.get(ref)


def test_damaged_content_is_removed_and_can_be_put_again(store: Store) -> None:
    ref = store.put_bytes(b"right", ".bin")
    _overwrite(store, ref, b"wrong")
    with pytest.raises(CorruptMedia):
        store.get(ref)
    assert not store.has(ref)
    assert store.read(store.put_bytes(b"right", ".bin")) == b"right"


def test_a_fetched_copy_that_is_damaged_is_fetched_again_or_told(store: Store) -> None:
    ref = store.put_bytes(b"right", ".bin")
    path = store.get(ref)
    path.write_bytes(b"wrong")
    os.utime(path, (1, 1))
    if store.local:
        with pytest.raises(CorruptMedia):
            store.get(ref)
    else:
        assert store.read(ref) == b"right"


def test_content_of_another_size_is_not_there(store: Store) -> None:
    ref = store.put_bytes(b"whole content", ".bin")
    _overwrite(store, ref, b"half")
    assert not store.has(ref)


def test_a_put_over_damaged_content_of_another_size_mends_it(store: Store) -> None:
    ref = store.put_bytes(b"whole content", ".bin")
    _overwrite(store, ref, b"half")
    store.put_bytes(b"whole content", ".bin")
    assert store.read(ref) == b"whole content"


def test_putting_again_what_is_old_renews_its_age(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = store.put_bytes(b"kept", ".bin")
    before = _written(store, ref)
    if store.local:
        os.utime(store.get(ref), (before - 2 * RENEW_AFTER,) * 2)
    else:
        time.sleep(1.1)  # S3 counts whole seconds
        monkeypatch.setattr("songreel.storage.store.RENEW_AFTER", 1.0)
    store.put_bytes(b"kept", ".bin")
    assert _written(store, ref) > before - 1 if store.local else _written(store, ref) > before


def _written(store: Store, ref: MediaRef) -> float:
    key = f"{store.root}/media/{ref.sha256[:2]}/{ref.sha256}{ref.suffix}"
    store.fs.invalidate_cache()
    return float(store.fs.modified(key).timestamp())


def test_a_run_publishes_its_files_under_their_names_and_the_last_one_counts(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    for content in (b"first", b"second"):
        path.write_bytes(content)
        address = store.publish("blue-sky", "clips/film.mp4", path)
    assert address.endswith("reel/blue-sky/clips/film.mp4")
    assert address.startswith("file://" if store.local else "s3://")
    assert store.fs.cat_file(f"{store.root}/reel/blue-sky/clips/film.mp4") == b"second"


def test_a_workspace_is_gone_after_a_failure(store: Store) -> None:
    left: list[Path] = []

    def fail() -> None:
        with store.workspace() as folder:
            left.append(folder / "half")
            left[0].write_bytes(b"x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not left[0].parent.exists()


def test_a_put_that_fails_leaves_nothing_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:2])
        raise OSError(28, "No space left on device")

    store = Store(str(tmp_path / "store"))
    monkeypatch.setattr("songreel.storage.store.shutil.copyfile", full)
    with pytest.raises(TransientError, match="No space left on device"):
        store.put_bytes(b"content", ".bin")
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


def test_a_put_that_is_killed_leaves_no_content_and_the_rest_is_swept(tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(1 << 20)
    code = f"from songreel.storage.store import Store; from pathlib import Path; Store({str(tmp_path / 'store')!r}).put_file(Path({str(big)!r}))"
    slow = "import songreel.storage.store as s, shutil, time; s.sha256_of = lambda p: '1' * 64\n"
    slow += "def half(a, b): open(b, 'wb').write(b'half'); print('half', flush=True); time.sleep(60)\n"
    process = subprocess.Popen([sys.executable, "-c", f"{slow}s.shutil.copyfile = half\n{code}"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    process.kill()
    process.wait()
    process.stdout.close()
    store = Store(str(tmp_path / "store"))
    assert not store.has(MediaRef(sha256="1" * 64, suffix=".bin", media_type="application/octet-stream", bytes=1 << 20))
    assert [path for path in (tmp_path / "store/media").rglob("*") if path.is_file()] == []
    store.sweep(older_than=-1.0)
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


def test_a_sweep_spares_the_work_of_a_living_process(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    with store.workspace() as folder:
        dead = folder.with_name("999999999-x")
        dead.mkdir()
        assert store.sweep(older_than=-1.0) == 1
        assert folder.exists()
        assert not dead.exists()


def test_two_machines_see_the_same_content(store: Store, same_store: Store) -> None:
    ref = store.put_bytes(b"shared", ".bin")
    assert same_store.has(ref)
    assert same_store.read(ref) == b"shared"


def test_an_unknown_kind_of_address_is_refused_with_what_to_give() -> None:
    with pytest.raises(UserError, match="give a folder or s3://bucket/prefix"):
        Store("nowhere://bucket")


@pytest.mark.parametrize("key", ["../out", "a/../../out", "/etc/out", "", ".", "a//b"])
def test_a_record_is_never_outside_its_folder(tmp_path: Path, key: str) -> None:
    records = Records(Store(str(tmp_path / "store")), "results/fleet")
    with pytest.raises(UserError, match="names no record"):
        records.replace(key, b"{}")
    assert not list(tmp_path.rglob("out*"))
