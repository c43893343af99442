"""A film through the gateway: uploaded, followed, the gateway killed in the midst, fetched by ranges, one scene changed; real processes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import soundfile
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from gateway.keys import KeyFile
from songreel.media.video import count_frames
from tests import live
from tests.songs import SongSpec, make_song

SECONDS, FPS = 6.0, 12
WISHES = {"prompt": "a city at night", "style": "cinematic", "quality": "preview", "height": "144", "fps": str(FPS), "seed": "7"}
LIMIT = 120.0  # seconds for a film on a busy machine


class House:
    """A store, a key and a gateway that can be killed and started again."""

    def __init__(self, home: Path, prefect: str) -> None:
        self.home, self.prefect = home, prefect
        self.environment = {"SONGREEL_HOME": str(home)}
        _, self.secret = KeyFile(home / "keys.json").add("studio", ["read", "make", "approve"])
        self.headers = {"Authorization": f"Bearer {self.secret}"}
        self.stack = ExitStack()
        self.open()

    def open(self) -> None:
        self.process = self.stack.enter_context(live.gateway(self.prefect, self.environment))
        self.url = self.process.url

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {**self.headers, **given.pop("headers", {})}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, trust_env=False, **given)

    def job(self, job: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"/api/jobs/{job}").json())

    def ended(self, job: str) -> dict[str, Any]:
        return dict(live.until(lambda: (found := self.job(job))["status"] in ("complete", "error", "cancelled") and found, limit=LIMIT))

    def events(self, job: str, after: int | None = None, enough: Callable[[dict[str, Any]], bool] = lambda _: False) -> list[dict[str, Any]]:
        """The messages of the event stream, until there are enough or it ends."""
        headers = {**self.headers, **({"Last-Event-ID": str(after)} if after is not None else {})}
        found: list[dict[str, Any]] = []
        with httpx.stream("GET", f"{self.url}/api/jobs/{job}/events", headers=headers, timeout=LIMIT, trust_env=False) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line[6:]))
                    if enough(found[-1]):
                        break
        return found

    def socket(self, job: str, query: str = "", **given: Any) -> Any:
        return connect(f"{self.url.replace('http', 'ws')}/ws/jobs/{job}{query}", proxy=None, **given)

    def heard(self, job: str, after: int) -> list[dict[str, Any]]:
        """The messages of a socket, to its end."""
        with self.socket(job, f"?after={after}", additional_headers=self.headers) as socket:
            return [json.loads(text) for text in socket]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    live.register(prefect_api, only=["music-video/cpu"])
    with live.worker("cpu", prefect_api, {"SONGREEL_HOME": str(home)}):
        found = House(home, prefect_api)
        with found.stack:
            yield found


@pytest.fixture(scope="module")
def song() -> bytes:
    made = make_song(SongSpec(form=(("intro", 2), ("chorus", 2)), seed=3), seconds=SECONDS)
    import io

    file = io.BytesIO()
    soundfile.write(file, made.samples, made.rate, format="FLAC")
    return file.getvalue()


@pytest.fixture(scope="module")
def film(house: House, song: bytes) -> dict[str, Any]:
    """A job that is followed while the gateway is killed and started again: what was heard before, after, and by a socket."""
    job = house.ask("POST", "/api/jobs", files={"audio": ("Night Drive.flac", song)}, data=WISHES).json()["job_id"]
    before = house.events(job, enough=lambda one: one["stage"] == "shoot" or one["status"] == "error")
    house.process.kill()
    time.sleep(0.5)
    house.open()
    again = house.job(job)
    sockets: list[list[dict[str, Any]]] = []
    listener = threading.Thread(target=lambda: sockets.append(house.heard(job, before[-1]["sequence"])))
    listener.start()
    after = house.events(job, before[-1]["sequence"])
    listener.join(LIMIT)
    return {"id": job, "before": before, "again": again, "after": after, "socket": sockets[0], "job": house.ended(job)}


def test_a_gateway_that_was_killed_in_the_midst_knows_the_job(film: dict[str, Any]) -> None:
    assert film["again"]["job_id"] == film["id"]
    assert film["again"]["status"] in ("processing", "complete")
    assert film["again"]["progress"] >= film["before"][-1]["percent"] > 0
    assert film["again"]["run"].startswith("night-drive-")


def test_who_was_cut_off_goes_on_where_it_was(film: dict[str, Any]) -> None:
    news = [one for one in (*film["before"], *film["after"]) if one["what"] not in ("queued", "processing")]
    sequences = [one["sequence"] for one in news]
    assert sequences == list(range(1, len(sequences) + 1))
    assert [one["percent"] for one in news] == sorted(one["percent"] for one in news)
    assert (news[-1]["status"], news[-1]["percent"]) == ("complete", 100.0)
    assert {"run", "ingest", "analyse", "plan", "shoot", "assemble", "inspect", "publish"} <= {one["stage"] for one in news}
    assert {one["scene"] for one in news if one["stage"] == "shoot" and one["what"] == "done"} == set(range(len(film["job"] and scenes(news))))


def scenes(news: list[dict[str, Any]]) -> set[int]:
    return {one["scene"] for one in news if one["scene"] is not None}


def test_a_socket_and_the_events_tell_the_same(film: dict[str, Any]) -> None:
    def told(messages: list[dict[str, Any]]) -> list[tuple[int, str, str, float]]:
        return [(one["sequence"], one["stage"], one["what"], one["percent"]) for one in messages if one["what"] != "processing"]

    assert told(film["socket"]) == told(film["after"])


def test_polling_tells_the_same_as_the_last_event(film: dict[str, Any]) -> None:
    job, last = film["job"], film["after"][-1]
    assert (job["status"], job["progress"], job["message"], job["dollars"]) == (last["status"], last["percent"], last["message"], last["dollars"])
    assert job["name"].startswith("Night Drive · cinematic · 0:06")
    assert {"songreel", "cinematic"} <= set(job["tags"])


def test_the_film_comes_whole_and_by_ranges(house: House, film: dict[str, Any], tmp_path: Path) -> None:
    whole = house.ask("GET", film["job"]["links"]["video"])
    assert (whole.status_code, whole.headers["content-type"], whole.headers["accept-ranges"]) == (200, "video/mp4", "bytes")
    (tmp_path / "film.mp4").write_bytes(whole.content)
    assert count_frames(tmp_path / "film.mp4") == SECONDS * FPS
    size = len(whole.content)
    for asked, span in (("bytes=0-99", slice(0, 100)), (f"bytes={size - 50}-", slice(size - 50, size)), ("bytes=-7", slice(size - 7, size))):
        part = house.ask("GET", film["job"]["links"]["video"], headers={"Range": asked})
        assert part.status_code == 206
        assert part.content == whole.content[span]
        assert part.headers["content-range"] == f"bytes {span.start}-{span.stop - 1}/{size}"
    assert house.ask("GET", film["job"]["links"]["video"], headers={"Range": f"bytes={size}-"}).status_code == 416
    assert house.ask("HEAD", film["job"]["links"]["video"]).headers["content-length"] == str(size)
    assert house.ask("GET", f"/api/generate/result?job_id={film['id']}").content == whole.content


def test_the_plan_the_clips_and_the_storyboard_are_there(house: House, film: dict[str, Any]) -> None:
    plan = house.ask("GET", film["job"]["links"]["plan"]).json()
    clips = house.ask("GET", film["job"]["links"]["clips"]).json()["clips"]
    assert [one["prompt"] for one in clips] == [one["prompt"] for one in plan["scenes"]]
    assert all(one["status"] == "done" and one["backend"] == "painter" for one in clips)
    assert house.ask("GET", clips[0]["video"]).headers["content-type"] == "video/mp4"
    assert house.ask("GET", f"/api/jobs/{film['id']}/storyboard").content.startswith(b"\x89PNG")
    assert house.ask("GET", f"/api/jobs/{film['id']}/clips/{len(clips)}/video").status_code == 410


def test_a_changed_scene_is_shot_anew_and_no_other(house: House, film: dict[str, Any]) -> None:
    assert house.ask("PATCH", f"/api/jobs/{film['id']}/scenes/99", json={"prompt": "x"}).status_code == 404
    assert house.ask("PATCH", f"/api/jobs/{film['id']}/scenes/1", json={}).status_code == 422
    assert house.ask("PATCH", f"/api/jobs/{film['id']}/scenes/1", json={"world": "atlantis"}).status_code == 422
    answer = house.ask("PATCH", f"/api/jobs/{film['id']}/scenes/1", json={"prompt": "a rocket among the stars"})
    assert (answer.status_code, answer.json()["redo_of"]) == (202, film["id"])
    new = house.ended(answer.json()["job_id"])
    assert new["status"] == "complete", new
    clips = house.ask("GET", new["links"]["clips"]).json()["clips"]
    assert [one["cached"] for one in clips] == [one["index"] != 1 for one in clips]
    assert clips[1]["prompt"] == "a rocket among the stars"
    assert house.ask("GET", new["links"]["video"]).content != house.ask("GET", film["job"]["links"]["video"]).content


def test_a_socket_without_the_right_key_does_not_open(house: House, film: dict[str, Any]) -> None:
    for given, status in (({}, 401), ({"additional_headers": {"Authorization": "Bearer srk_wrong"}}, 401)):
        with pytest.raises(InvalidStatus) as caught, house.socket(film["id"], **given):
            pass
        assert caught.value.response.status_code == status
    with pytest.raises(InvalidStatus) as caught, house.socket("0199aa3e-5d0e-7f52-9d2c-0d9ac1f3a001", additional_headers=house.headers):
        pass
    assert caught.value.response.status_code == 404


def test_a_browsers_socket_brings_its_key_as_a_subprotocol(house: House, film: dict[str, Any]) -> None:
    with house.socket(film["id"], subprotocols=["songreel", f"bearer.{house.secret}"]) as socket:
        assert socket.subprotocol == "songreel"
        assert [json.loads(text) for text in socket][-1]["status"] == "complete"


def test_a_job_that_waits_goes_on_with_the_answer(house: House, song: bytes) -> None:
    """Asked for with ``approve``; answered twice, the second time in vain."""
    sent = {"files": {"audio": ("Night Drive.flac", song)}, "data": {**WISHES, "seed": "8", "approve": "true"}}
    job = house.ask("POST", "/api/jobs", **sent).json()["job_id"]
    live.until(lambda: house.job(job)["status"] == "waiting", limit=LIMIT)
    assert "waits for an answer" in house.job(job)["message"]
    assert house.ask("GET", f"/api/jobs/{job}/video").status_code == 409
    assert house.ask("POST", f"/api/jobs/{job}/approve", json={"answer": "perhaps"}).status_code == 422
    answers = [house.ask("POST", f"/api/jobs/{job}/approve", json={"answer": "go on"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 409]
    assert house.ended(job)["status"] == "complete"
    assert house.ask("GET", f"/api/jobs/{job}/video").content


def test_news_is_heard_as_it_comes_and_who_leaves_leaves_nothing_behind(house: House) -> None:
    """Sooner than the gateway's own looks, which mend what was missed and would hide a feed that tells nothing."""
    deployment = live.call(house.prefect, "/deployments/name/music-video/cpu", method="GET")["id"]
    later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00:00Z"}}
    body = {"parameters": {"song": "none"}, "tags": ["songreel"], "state": later}
    job = str(live.call(house.prefect, f"/deployments/{deployment}/create_flow_run", body)["id"])
    live.call(house.prefect, f"/flow_runs/{job}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    with house.socket(job, additional_headers=house.headers) as socket:
        assert json.loads(socket.recv(5))["status"] == "processing"
        for sequence in range(1, 4):
            time.sleep(0.3)
            live.call(house.prefect, "/events", [_moved(job, sequence)])
            assert json.loads(socket.recv(1.5))["sequence"] == sequence
    live.until(lambda: "\nsongreel_gateway_listeners 0" in house.ask("GET", "/metrics").text, limit=5.0)
    live.call(house.prefect, f"/flow_runs/{job}/set_state", {"state": {"type": "CANCELLED"}, "force": True})
    assert "Traceback" not in house.process.said


def _moved(job: str, sequence: int) -> dict[str, Any]:
    news = {"sequence": sequence, "stage": "shoot", "what": "moved", "percent": sequence, "message": "shooting", "scene": 0}
    return {
        "id": str(uuid4()), "occurred": datetime.now(UTC).isoformat(), "event": "songreel.shoot.moved",
        "resource": {"prefect.resource.id": f"prefect.flow-run.{job}"}, "related": [], "payload": news,
    }  # fmt: skip


def test_what_ended_is_counted_for_prometheus(house: House, film: dict[str, Any]) -> None:
    text = house.ask("GET", "/metrics").text
    figures = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}
    assert figures['songreel_runs_ended_total{status="complete"}'] >= 1
    assert figures['songreel_scenes_total{backend="painter",cached="false"}'] >= 1  # of films that ended before it was killed it knows nothing
    assert figures['songreel_stage_seconds_total{stage="shoot"}'] > 0
    assert figures['songreel_workers{pool="cpu"}'] >= 1
