"""Files of a film out of a bucket, through the gateway's own responses: whole, by ranges, and by the bucket's own address."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from gateway.problems import install
from gateway.reels import BLOCK, Reels
from gateway.serving import served
from songreel.storage import Store
from tests.services.s3 import bucket, entered

FILM = bytes(range(256)) * ((2 * BLOCK + 5000) // 256)  # of three blocks
RUN = "night-drive-0123abcd"


@pytest.fixture(scope="module")
def door() -> Iterator[TestClient]:
    app = FastAPI()
    install(app)
    with bucket("films") as s3, entered(s3.environment):
        store = Store(s3.url)
        store.fs.pipe_file(f"{store.root}/reel/{RUN}/film.mp4", FILM)

        @app.api_route("/film", methods=["GET", "HEAD"])
        def film(request: Request, redirect: bool = False) -> Any:
            reels = Reels(store)
            place = reels.file(RUN, "film.mp4")
            assert place is not None
            return served(request, reels, place, "Größe.mp4", redirect)

        yield TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=0-0", slice(0, 1)),
        (f"bytes={BLOCK - 10}-{BLOCK + 9}", slice(BLOCK - 10, BLOCK + 10)),
        (f"bytes={len(FILM) - 50}-", slice(len(FILM) - 50, len(FILM))),
        ("bytes=-7", slice(len(FILM) - 7, len(FILM))),
        ("bytes=100-999999999", slice(100, len(FILM))),
        ("bytes=0-", slice(0, len(FILM))),
    ],
)
def test_a_range_of_a_file_in_a_bucket(door: TestClient, asked: str, part: slice) -> None:
    answer = door.get("/film", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == FILM[part]
    assert answer.headers["content-range"] == f"bytes {part.start}-{part.stop - 1}/{len(FILM)}"
    assert answer.headers["content-length"] == str(part.stop - part.start)


@pytest.mark.parametrize("asked", ["", "bytes=abc", "bytes=5-2-1", "bytes=0-1,5-9", "lines=0-9", "bytes=-", "bytes=٣-٤"])
def test_what_is_no_range_asks_for_the_whole(door: TestClient, asked: str) -> None:
    answer = door.get("/film", headers={"Range": asked.encode()})
    assert (answer.status_code, answer.headers["content-type"], answer.headers["accept-ranges"]) == (200, "video/mp4", "bytes")
    assert "content-range" not in answer.headers
    assert answer.content == FILM


@pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=-0", "bytes=9-3"])
def test_a_range_outside_is_refused_with_the_size(door: TestClient, asked: str) -> None:
    answer = door.get("/film", headers={"Range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(FILM)}")


def test_head_and_what_the_caller_has_send_no_bytes(door: TestClient) -> None:
    head = door.head("/film")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(FILM)), b"")
    tag = head.headers["etag"]
    assert door.get("/film", headers={"If-None-Match": tag}).status_code == 304
    assert door.get("/film", headers={"Range": "bytes=0-9", "If-Range": tag}).content == FILM[:10]
    assert door.get("/film", headers={"Range": "bytes=0-9", "If-Range": '"another"'}).content == FILM


def test_the_buckets_own_address_gives_the_film_and_its_ranges(door: TestClient) -> None:
    answer = door.get("/film?redirect=true")
    assert (answer.status_code, answer.headers["cache-control"]) == (307, "no-store")
    address = answer.headers["location"]
    assert "Signature=" in address
    assert httpx.get(address, trust_env=False).content == FILM
    assert httpx.get(address, headers={"Range": "bytes=5-9"}, trust_env=False).content == FILM[5:10]
