"""What only a bucket has: its own lifecycle, links, ages that are renewed; and a whole film whose media expire there."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from blocks.settings import read, using
from schemas import FilmRequest, MediaRef
from songreel.errors import MediaError, UserError
from songreel.storage import Store, lifecycle
from songreel.storage.lifecycle import Keep
from tests.services.s3 import Bucket, bucket, entered


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    with bucket() as found:
        yield found


@pytest.fixture
def store(s3: Bucket, tmp_path: Path) -> Store:
    return Store(f"{s3.url}/{tmp_path.name}", s3.options, scratch=tmp_path / "scratch")


def _rules(store: Store) -> dict[str, dict[str, Any]]:
    bucket = store.root.partition("/")[0]
    return {rule["ID"]: rule for rule in store.fs.call_s3("get_bucket_lifecycle_configuration", Bucket=bucket)["Rules"]}


def _put_rules(store: Store, rules: list[dict[str, Any]]) -> None:
    bucket = store.root.partition("/")[0]
    store.fs.call_s3("put_bucket_lifecycle_configuration", Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _age(store: Store, ref: MediaRef) -> float:
    return store._age(store._media_key(ref), ref.bytes)


def test_the_rules_expire_what_films_are_made_of_and_films_and_nothing_else(store: Store) -> None:
    lifecycle.install(store, Keep(hours=24, films_days=7))
    prefix = store.root.partition("/")[2]
    ours = {rule["Filter"]["Prefix"]: rule for rule in _rules(store).values() if rule["Filter"]["Prefix"].startswith(f"{prefix}/")}
    uploads = ours.pop(f"{prefix}/")
    days = {name.removeprefix(f"{prefix}/"): rule["Expiration"]["Days"] for name, rule in ours.items()}
    assert days == {"media/": 1, "results/": 1, "songs/": 1, "reel/": 7, "runs/": 7, "plans/": 7, "flow-results/": 7}
    assert uploads["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


@pytest.mark.parametrize(("keep", "media", "reel"), [(Keep(6, 0.5), 1, 1), (Keep(30, 10), 2, 10)])
def test_hours_are_whole_days_for_a_bucket_and_one_at_least(store: Store, keep: Keep, media: int, reel: int) -> None:
    days = {rule["ID"].split()[-1]: rule.get("Expiration", {}).get("Days") for rule in lifecycle.rules(store, keep)}
    assert (days["media"], days["reel"]) == (media, reel)


def test_rules_of_others_stay_and_ours_are_installed_once_and_changed_in_place(store: Store, s3: Bucket) -> None:
    others = [
        {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "backups/"}, "Expiration": {"Days": 365}},
        {"ID": "off", "Status": "Disabled", "Filter": {"And": {"Prefix": "x/", "Tags": [{"Key": "a", "Value": "b"}]}}, "Expiration": {"Days": 3}},
        {"ID": "old", "Status": "Enabled", "Prefix": "old/", "Expiration": {"Days": 9}},
        {"ID": "cold", "Status": "Enabled", "Filter": {"Prefix": "cold/"}, "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
    ]
    _put_rules(store, others)
    before = _rules(store)
    beside = Store(f"{s3.url}/beside", s3.options, scratch=store.scratch)
    assert "was given 8 rules; 4 of others stay" in lifecycle.install(store, Keep())
    assert "was given 8 rules; 12 of others stay" in lifecycle.install(beside, Keep())
    assert "has this store's 8 rules" in lifecycle.install(store, Keep())
    assert "would be given" in lifecycle.install(store, Keep(films_days=30), dry_run=True)
    assert "was given" in lifecycle.install(store, Keep(films_days=30))
    after = _rules(store)
    assert len(after) == 4 + 8 + 8
    assert {name: after[name] for name in ("theirs", "off", "cold")} == {name: before[name] for name in ("theirs", "off", "cold")}
    assert (after["old"]["Filter"]["Prefix"] if "Filter" in after["old"] else after["old"]["Prefix"]) == "old/"
    assert {rule["Expiration"]["Days"] for name, rule in after.items() if name.endswith(" reel")} == {7, 30}


def test_old_versions_go_too_where_a_bucket_keeps_them(s3: Bucket, tmp_path: Path) -> None:
    httpx.put(f"{s3.endpoint}/versions", trust_env=False).raise_for_status()
    store = Store("s3://versions", s3.options, scratch=tmp_path)
    store.fs.call_s3("put_bucket_versioning", Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    lifecycle.install(store, Keep())
    media = next(rule for rule in _rules(store).values() if rule["Filter"]["Prefix"] == "media/")
    assert media["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_a_bucket_that_is_not_there_is_told_and_a_folder_has_no_rules(s3: Bucket, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no bucket called nowhere"):
        lifecycle.install(Store("s3://nowhere", s3.options, scratch=tmp_path), Keep())
    assert "a folder has no rules" in lifecycle.install(Store(str(tmp_path)), Keep())


def test_a_link_opens_content_for_whoever_has_it_and_ends_in_time(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    ref, address = store.put_file(path), store.publish("night-1234", "clips/film one.mp4", path)
    for what in (ref, "reel/night-1234/clips/film one.mp4", address):
        link = store.link(what, 60)
        assert link is not None
        answer = httpx.get(link, trust_env=False)
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"film", "video/mp4")
        assert "X-Amz-Expires=60" in link or "Expires=" in link
    part = httpx.get(store.link(ref, 60) or "", headers={"Range": "bytes=1-2"}, trust_env=False)
    assert (part.status_code, part.content) == (206, b"il")
    for other in ("s3://other-bucket/secret", f"{store.url}-beside/x"):
        with pytest.raises(UserError, match="does not lie in the store"):
            store.link(other, 60)
    assert Store(str(tmp_path)).link(ref, 60) is None


def test_a_custom_endpoint_is_asked_by_path_and_taken_from_the_environment(s3: Bucket, tmp_path: Path) -> None:
    with entered(s3.environment):
        store = Store(f"{s3.url}/by-environment", scratch=tmp_path)
        ref = store.put_bytes(b"here", ".txt")
        assert (store.link(ref, 9) or "").startswith(f"{s3.endpoint}/{s3.name}/by-environment/media/")
        assert store.read(ref) == b"here"


def test_content_that_is_used_again_has_its_age_renewed_by_put_and_by_keep(s3: Bucket, tmp_path: Path) -> None:
    stores = {name: Store(f"{s3.url}/{tmp_path.name}", s3.options, tmp_path, renew_after=after) for name, after in (("soon", 1.0), ("late", 3600.0))}
    put, kept, left = (stores["soon"].put_bytes(name, ".bin", "video/mp4") for name in (b"put", b"kept", b"left"))
    time.sleep(2.2)  # S3 counts whole seconds
    stores["late"].put_bytes(b"left", ".bin")
    assert stores["late"].keep(left)
    stores["soon"].put_bytes(b"put", ".bin")
    assert stores["soon"].keep(kept)
    ages = {name: _age(stores["soon"], ref) for name, ref in (("put", put), ("kept", kept), ("left", left))}
    assert max(ages["put"], ages["kept"]) < ages["left"] - 0.9
    assert stores["soon"].read(kept) == b"kept"
    assert stores["soon"].fs.info(stores["soon"]._media_key(kept), refresh=True)["ContentType"] == "video/mp4"
    assert not stores["soon"].keep(kept.model_copy(update={"sha256": "0" * 64}))


def test_what_another_machine_removed_is_not_remembered_from_a_list(store: Store, s3: Bucket, tmp_path: Path) -> None:
    other = Store(store.url, s3.options, scratch=tmp_path / "other")
    ref = store.put_bytes(b"here", ".bin")
    assert store.fs.find(store.root) == [store._media_key(ref)]
    other.fs.call_s3("delete_object", Bucket=s3.name, Key=store._media_key(ref).partition("/")[2])
    assert not store.has(ref)
    assert store.fs.find(store.root) == []


def test_content_is_found_by_its_name_alone(store: Store) -> None:
    ref = store.put_bytes(b"song", ".flac")
    assert store.find(ref.sha256, ".flac") == ref
    with pytest.raises(MediaError, match="holds no"):
        store.find(ref.sha256, ".mp3")


def _film(song: Path, settings: Any) -> Any:
    from flows.music_video import music_video

    with using(settings):
        return music_video(str(song), FilmRequest(quality="preview", height=144, fps=12, duration=4, titles=False, prompt="a sea"))


@pytest.mark.timeout(600)  # two films, and a server that is started for them
def test_a_film_is_made_in_a_bucket_known_again_brought_back_and_made_anew_when_it_expired(
    s3: Bucket, small_song: Path, tmp_path: Path, prefect_api: str
) -> None:
    settings = read(store=f"{s3.url}/films", home=tmp_path / "home", workers=1)
    with entered(s3.environment):
        store = settings.open_store()
        first = _film(small_song, settings)
        assert first.film.path.startswith(f"{s3.url}/films/reel/{first.run}/")
        film = store.fs.cat_file(first.film.path)
        results = store.fs.find(f"{store.root}/results")
        assert len(results) > 8  # Prefect's results lie in the bucket too
        # What films are made of expired, the reel did not: it is brought back without anything being made.
        store.fs.rm(f"{store.root}/media", recursive=True)
        again = _film(small_song, settings)
        assert all(scene.cached for scene in again.scenes)
        assert "shoot" not in again.timings
        assert store.fs.cat_file(again.film.path) == film
        # All of it expired but the records of the stages: they are not believed, and the film is made anew.
        for folder in ("media", "reel"):
            store.fs.rm(f"{store.root}/{folder}", recursive=True)
        anew = _film(small_song, settings)
        assert anew.film.path == first.film.path
        assert not any(scene.cached for scene in anew.scenes)
        assert len(store.fs.cat_file(anew.film.path)) == pytest.approx(len(film), rel=0.01)
        assert store.fs.call_s3("list_multipart_uploads", Bucket=s3.name).get("Uploads", []) == []
