"""The gateway's doors: who is let in, what is refused and with which word; a real gateway and a real Prefect server, no worker."""

import hashlib
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from gateway import ordering
from gateway.keys import KeyFile
from gateway.problems import Refused
from tests import live
from tests.services.https import PUBLIC, Page, Web, web

ROOT = Path(__file__).parents[1]
UNKNOWN = "0199aa3e-5d0e-7f52-9d2c-0d9ac1f3a001"
LIMIT = 2_000_000  # bytes of a song
METADATA = "169.254.169.254"  # where clouds tell their machines secrets


class Door:
    """A running gateway and its keys."""

    def __init__(self, process: live.Process, home: Path, keys: dict[str, str], prefect: str) -> None:
        self.process, self.url, self.home, self.keys, self.prefect = process, process.url, home, keys, prefect

    def ask(self, method: str, path: str, key: str | None = "maker", **given: Any) -> httpx.Response:
        headers = {**({"Authorization": f"Bearer {self.keys.get(key, key)}"} if key else {}), **given.pop("headers", {})}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, trust_env=False, **given)

    def send(self, song: bytes, name: str = "song.flac", key: str | None = "maker", path: str = "/api/jobs", **fields: str) -> httpx.Response:
        return self.ask("POST", path, key, files={"audio": (name, song)}, data=fields)


def refused(answer: httpx.Response, status: int, words: str) -> dict[str, Any]:
    """The problem of an answer that refuses; its sentence holds the words and no place of this machine."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert words in told["detail"]
    assert told["status"] == status
    assert str(Path.home()) not in answer.text
    assert "/tmp" not in answer.text
    assert "Traceback" not in answer.text
    return dict(told)


@pytest.fixture(scope="module")
def tone() -> bytes:
    """Three seconds of a tone, as FLAC."""
    return flac(np.sin(np.arange(3 * 22050) * 0.05) * 0.5)


def flac(samples: Any, rate: int = 22050) -> bytes:
    import io

    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="FLAC")
    return file.getvalue()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    home = tmp_path_factory.mktemp("gateway")
    file = KeyFile(home / "keys.json")
    keys = {name: file.add(name, scopes)[1] for name, scopes in KEYS.items()}
    settings = {
        "SONGREEL_HOME": str(home),
        "SONGREEL_UPLOAD_LIMIT_MB": str(LIMIT // 10**6),
        "SONGREEL_GATEWAY_RATES": '{"approve": 6, "make": 6000, "refused": 6000}',
    }
    with live.server() as prefect:  # of its own: no other test's worker takes these jobs
        live.register(prefect.url, only=["music-video/cpu"])
        with live.gateway(prefect.url, settings) as process:
            yield Door(process, home, keys, prefect.url)


KEYS: dict[str, Any] = {"reader": ["read"], "maker": ["read", "make"], "boss": ["admin"], "judge": ["approve"], "gone": ["read"]}


def test_health_needs_no_key_and_readiness_says_what_is_missing(door: Door) -> None:
    assert door.ask("GET", "/api/health", key=None).json() == {"status": "ok"}
    ready = door.ask("GET", "/api/ready", key=None)
    checks = {one["name"]: one["ok"] for one in ready.json()["checks"]}
    assert ready.status_code == 503
    assert checks == {"prefect": True, "deployment": True, "workers": False, "store": True}


@pytest.mark.parametrize("path", ["/api/jobs", f"/api/jobs/{UNKNOWN}", "/metrics", "/api/system", "/api/styles", f"/api/jobs/{UNKNOWN}/video"])
def test_no_key_and_a_wrong_key_are_401(door: Door, path: str) -> None:
    answer = door.ask("GET", path, key=None)
    refused(answer, 401, "no key was given")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    refused(door.ask("GET", path, key="srk_wrong"), 401, "this key is not known")


def test_a_key_without_the_scope_is_403(door: Door, tone: bytes) -> None:
    refused(door.send(tone, key="reader"), 403, "lacks the scope make")
    refused(door.ask("POST", f"/api/jobs/{UNKNOWN}/cancel", key="reader"), 403, "lacks the scope make")
    refused(door.ask("POST", f"/api/jobs/{UNKNOWN}/approve", key="maker", json={}), 403, "lacks the scope approve")
    assert door.ask("GET", "/api/jobs", key="judge").status_code == 200  # who may answer may look
    assert door.ask("GET", "/api/jobs", key="boss").status_code == 200


def test_a_revoked_key_opens_nothing_at_once(door: Door) -> None:
    assert door.ask("GET", "/api/styles", key="gone").status_code == 200
    KeyFile(door.home / "keys.json").revoke("gone")
    refused(door.ask("GET", "/api/styles", key="gone"), 401, "mistyped or revoked")


def test_too_many_requests_are_429_with_the_seconds_to_wait(door: Door) -> None:
    answers = [door.ask("POST", f"/api/jobs/{UNKNOWN}/approve", key="judge", json={}) for _ in range(12)]
    assert answers[0].status_code == 404
    refused(answers[-1], 429, "at most 6 a minute")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    assert door.ask("GET", "/api/styles", key="judge").status_code == 200  # the other scopes have their own


def test_an_upload_becomes_a_run_by_content_with_its_name_as_the_title(door: Door, tone: bytes) -> None:
    answer = door.send(tone, "../../etc/Größe Nacht #1.FLAC", prompt="a city at night", quality="preview", fps="24", seed="7")
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/api/jobs/{job['job_id']}"
    assert (job["status"], job["name"]) == ("queued", "Größe Nacht 1")
    run = live.call(door.prefect, f"/flow_runs/{job['job_id']}", method="GET")
    digest = hashlib.sha256(tone).hexdigest()
    assert run["parameters"]["song"] == f"media:{digest}.flac#Größe Nacht 1"
    assert run["parameters"]["request"] == {"prompt": "a city at night", "quality": "preview", "fps": "24", "seed": 7}
    assert set(run["tags"]) >= {"songreel", "gateway"}
    assert (door.home / "store" / "media" / digest[:2] / f"{digest}.flac").read_bytes() == tone
    assert not list((door.home / "store" / "work").glob("*"))


def test_the_jobs_are_told_page_by_page_the_newest_first(door: Door, tone: bytes) -> None:
    made = [door.send(tone, f"page {number}.flac").json()["job_id"] for number in range(3)]
    page = door.ask("GET", "/api/jobs?limit=2").json()
    assert [one["job_id"] for one in page["jobs"]] == made[:0:-1]
    assert page["total"] >= 3
    assert door.ask("GET", "/api/jobs?limit=1&offset=2").json()["jobs"][0]["job_id"] == made[0]


def test_an_idempotency_key_makes_one_job_however_often_it_comes(door: Door, tone: bytes) -> None:
    ids = {door.ask("POST", "/api/jobs", files={"audio": ("a.flac", tone)}, headers={"Idempotency-Key": "once"}).json()["job_id"] for _ in range(2)}
    assert len(ids) == 1


def test_a_queued_job_can_be_ended_once(door: Door, tone: bytes) -> None:
    job = door.send(tone).json()["job_id"]
    assert door.ask("POST", f"/api/jobs/{job}/cancel").json()["status"] == "cancelled"
    refused(door.ask("POST", f"/api/jobs/{job}/cancel"), 409, "has ended already")
    refused(door.ask("GET", f"/api/jobs/{job}/video"), 404, "never made")
    events = door.ask("GET", f"/api/jobs/{job}/events").text
    assert "event: end" in events
    assert '"cancelled"' in events
    assert door.ask("GET", f"/api/jobs/{job}/events", headers={"Last-Event-ID": "1"}).status_code == 204


def test_what_is_not_ready_or_does_not_wait_is_409(door: Door, tone: bytes) -> None:
    job = door.send(tone).json()["job_id"]
    refused(door.ask("GET", f"/api/jobs/{job}/video"), 409, "the job is queued")
    refused(door.ask("GET", f"/api/jobs/{job}/plan"), 409, "the plan is not ready")
    refused(door.ask("PATCH", f"/api/jobs/{job}/scenes/0", json={"prompt": "x"}), 409, "a scene is changed when it has ended")
    refused(door.ask("POST", f"/api/jobs/{job}/approve", key="boss", json={"answer": "go on"}), 409, "waits for no answer")


@pytest.mark.parametrize("path", ["", "/events", "/clips", "/plan", "/video", "/clips/0/video", "/storyboard"])
def test_a_job_that_is_not_there_is_404(door: Door, path: str) -> None:
    refused(door.ask("GET", f"/api/jobs/{UNKNOWN}{path}"), 404, "there is no job")


def test_a_run_of_somebody_elses_flow_is_no_job(door: Door) -> None:
    flow = live.call(door.prefect, "/flows/", {"name": "somebody-elses"})["id"]
    run = live.call(door.prefect, "/flow_runs/", {"flow_id": flow, "state": {"type": "SCHEDULED"}})["id"]
    refused(door.ask("GET", f"/api/jobs/{run}"), 404, "there is no job")
    refused(door.ask("POST", f"/api/jobs/{run}/cancel"), 404, "there is no job")


def test_what_is_no_song_is_415(door: Door) -> None:
    refused(door.send(b"PK\x03\x04" + bytes(4000), "song.mp3"), 415, "a ZIP archive")
    refused(door.send(b"<!doctype html><p>no song</p>" * 100, "song.mp3"), 415, "text")
    refused(door.send(b"#EXTM3U\nhttp://127.0.0.1/secret\n" * 20, "song.m3u8"), 415, "text")
    refused(door.send(os.urandom(4000), "song.mp3"), 415, "no media file")
    refused(door.ask("POST", "/api/jobs", content=b"x", headers={"Content-Type": "audio/flac"}), 415, "multipart/form-data")


def test_a_song_of_absurd_length_is_refused_undecoded(door: Door) -> None:
    """A zip bomb of audio: 30 KB that would decode to 34 hours."""
    begun = time.monotonic()
    refused(door.send(long_flac(34 * 3600), "bomb.flac"), 422, "would last more than")
    assert time.monotonic() - begun < 20


def long_flac(seconds: int) -> bytes:
    """A FLAC whose frames are a few bytes each: one sample, said to stand for 65535 of them, at 1 kHz."""
    data = bytearray(flac(np.zeros(65535 * 2), 8000))
    samples = seconds * 8000
    packed = struct.unpack(">Q", data[18:26])[0]
    data[18:26] = struct.pack(">Q", packed >> 36 << 36 | samples)
    return bytes(data)


def test_a_song_without_end_is_cut_off_at_the_limit(door: Door, tone: bytes) -> None:
    refused(door.send(tone + bytes(LIMIT)), 413, "larger than 2 MB")
    assert not list((door.home / "store" / "work").glob("*"))


def test_three_gigabytes_are_refused_by_their_header(door: Door) -> None:
    host, port = door.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        head = f"POST /api/jobs HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {door.keys['maker']}\r\nContent-Length: {3 << 30}\r\n"
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_body_without_end_is_refused_by_its_bytes(door: Door) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b'{"song": "' + b"x" * 100_000

    try:
        refused(
            door.ask("POST", f"/api/jobs/{UNKNOWN}/approve", key="boss", content=endless(), headers={"Content-Type": "application/json"}),
            413,
            "larger",
        )
    except httpx.WriteError:  # it was refused before all of it was sent
        return


def test_a_form_that_was_cut_off_or_asks_for_nonsense_is_422(door: Door, tone: bytes) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    refused(
        door.ask("POST", "/api/jobs", content=b'--x\r\nContent-Disposition: form-data; name="audio"; filename="a"\r\n\r\nabc', headers=kind),
        422,
        "cut off",
    )
    refused(door.ask("POST", "/api/jobs", content=b"nonsense", headers=kind), 422, "form cannot be read")
    refused(door.ask("POST", "/api/jobs", files={"other": ("a.flac", tone)}), 422, "belongs into 'audio'")
    refused(door.ask("POST", "/api/jobs", files={"audio": ("a.flac", tone), "song": ("b.flac", tone)}), 422, "more than one song")
    told = refused(door.send(tone, fps="300", quality="huge"), 422, "outside 12 to 60")
    assert {one["where"] for one in told["faults"]} == {"fps", "quality"}
    refused(door.send(tone, wish="more"), 422, "wish")
    refused(door.send(tone, style="nonesuch"), 422, "no style is called 'nonesuch'")
    refused(door.send(tone, grid="{"), 422, "no JSON")


@pytest.mark.parametrize(
    "song", ["/etc/passwd", "../../secret.flac", "file:///etc/passwd", "http://songs.example/a.flac", "media:" + "0" * 64, "ftp://a/b"]
)
def test_no_path_and_no_other_scheme_comes_in(door: Door, song: str) -> None:
    refused(door.ask("POST", "/api/jobs", json={"song": song}), 422, "a public https:// address")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.7", "192.168.1.1", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_an_address_of_an_inner_network_is_refused(door: Door, host: str) -> None:
    refused(door.ask("POST", "/api/jobs", json={"song": f"https://{host}/song.flac"}), 422, "no public address")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as found:
        found.names = {"songs.example": [PUBLIC], METADATA: [METADATA]}
        yield found


def test_a_redirect_to_an_inner_address_is_refused_at_the_door(elsewhere: Web) -> None:
    elsewhere.pages["/song.flac"] = Page(status=302, headers={"Location": f"https://{METADATA}/latest/meta-data"})
    with pytest.raises(Refused, match=r"169\.254\.169\.254 is no public address") as caught:
        ordering.check_address("https://songs.example/song.flac", elsewhere.reach)
    assert caught.value.status_code == 422


def test_a_name_that_leads_inside_by_now_is_refused_at_the_door(elsewhere: Web) -> None:
    elsewhere.pages["/song.flac"] = Page(body=b"fLaC" + bytes(1000))
    ordering.check_address("https://songs.example/song.flac", elsewhere.reach)
    elsewhere.names["moved.example"] = ["10.0.0.1"]
    with pytest.raises(Refused, match=r"moved\.example is no public address"):
        ordering.check_address("https://moved.example/song.flac", elsewhere.reach)


def test_a_large_file_elsewhere_is_not_fetched_at_the_door(elsewhere: Web) -> None:
    elsewhere.pages["/large.flac"] = Page(body=bytes(3_000_000))
    begun = time.monotonic()
    ordering.check_address("https://songs.example/large.flac", elsewhere.reach)
    assert time.monotonic() - begun < 5
    with pytest.raises(Refused, match="there is nothing at"):
        ordering.check_address("https://songs.example/nothing.flac", elsewhere.reach)


def test_the_lists_name_what_there_is(door: Door) -> None:
    names = {path: [one["name"] for one in door.ask("GET", f"/api/{path}").json()] for path in ("styles", "worlds", "backends")}
    assert "synthwave" in names["styles"]
    assert "ocean" in names["worlds"]
    assert "painter" in names["backends"]
    system = door.ask("GET", "/api/system").json()
    assert system["prefect"]
    assert system["store"] == "folder"
    assert "cpu" in [one["name"] for one in system["pools"]]


def test_the_older_doors_speak_their_own_words(door: Door, tone: bytes) -> None:
    answer = door.send(tone, path="/api/generate/start", genre="electronic", style="futuristic", palette="cool", seed="5")
    job = answer.json()["job_id"]
    run = live.call(door.prefect, f"/flow_runs/{job}", method="GET")
    assert run["parameters"]["request"] == {"genre": "electronic", "style": "synthwave", "palette": "cool", "seed": 5}
    assert door.ask("GET", f"/api/generate/status?job_id={job}").json()["status"] == "queued"
    refused(door.ask("GET", f"/api/generate/result?job_id={job}"), 409, "not ready")
    assert door.ask("GET", f"/api/phase3/status/{job}").json()["session_id"] == job
    assert door.ask("GET", f"/api/phase3/results/{job}").json()["videos"] == []
    assert [one["name"] for one in door.ask("GET", f"/api/session/{job}/complete-status").json()["phases"]] == ["analysis", "planning", "video"]
    refused(door.send(tone, path="/api/generate/start", style="synthwave"), 422, "is not one of cinematic")


def test_figures_for_prometheus_are_there(door: Door) -> None:
    text = door.ask("GET", "/metrics").text
    figures = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}
    assert figures['songreel_runs{status="queued"}'] >= 1
    assert figures["songreel_queue_age_seconds"] > 0
    assert figures['songreel_workers{pool="cpu"}'] == 0
    assert figures["songreel_gateway_request_seconds_count"] >= 1
    assert any('route="/api/jobs"' in name for name in figures)
    assert UNKNOWN not in text


def test_nothing_said_or_kept_holds_a_key(door: Door) -> None:
    kept = (door.home / "keys.json").read_text()
    runs = str(live.call(door.prefect, "/flow_runs/filter", {"limit": 50}))
    for secret in door.keys.values():
        assert secret not in kept
        assert secret not in door.process.said
        assert secret not in runs
    assert (door.home / "keys.json").stat().st_mode & 0o077 == 0


def test_the_openapi_is_whole_and_schemathesis_finds_no_fault(door: Door, tone: bytes, tmp_path: Path) -> None:
    """Every door with data from the schema: refusals, never a 5xx. Readiness answers 503 by right here, for there is no worker."""
    schema = door.ask("GET", "/openapi.json", key=None).json()
    assert all("example" in str(one) or "$ref" in str(one) for one in schema["paths"].values())
    job = door.send(tone).json()["job_id"]
    door.ask("POST", f"/api/jobs/{job}/cancel")
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\njob = "{job}"\njob_id = "{job}"\nsession_id = "{job}"\n')
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run", f"{door.url}/openapi.json",
        "--checks", "not_a_server_error", "--phases", "examples,fuzzing", "--max-examples", "4", "--request-timeout", "20", "--workers", "2",
        "--exclude-path", "/api/ready", "--header", f"Authorization: Bearer {door.keys['boss']}", "--no-color", "--generation-database", "none",
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120)
    assert found.returncode == 0, found.stdout[-4000:]
