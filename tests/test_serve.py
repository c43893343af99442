"""`songreel serve` as a person starts it: five ways to a film in a bucket, a part that dies, Ctrl-C in the midst of a film, and on again."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import s3fs

from songreel.services import webhooks
from tests import live
from tests.services.s3 import Bucket, bucket

pytestmark = [pytest.mark.xdist_group("serve"), pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[1]
SMALL = {"prompt": "a city at night", "style": "cinematic", "quality": "preview", "height": 144, "fps": "12", "duration": 4.0, "titles": False}
FILM, DOWN = 400.0, 60.0  # seconds, on a busy machine too; the end of all takes three on a quiet one
SECRET = f"whsec_{base64.b64encode(bytes(range(24))).decode()}"
SOON = 40.0  # seconds until a schedule fires; a busy server takes half of them to hear of it, and a moment that is past comes again tomorrow


class Served:
    """A `songreel serve`, what it printed, and the bucket with its films."""

    def __init__(self, home: Path, s3: Bucket, songs: Path) -> None:
        self.home, self.s3, self.songs = home, s3, songs
        self.mark = f"serve-{os.getpid()}-{time.monotonic_ns()}"
        self.said = home.with_suffix(".txt")
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = {
            **ours, **s3.environment, "SONGREEL_HOME": str(home), "SONGREEL_STORE": f"{s3.url}/here", "SONGREEL_SONGS": str(songs),
            "SONGREEL_HOOK_SECRETS": json.dumps({"render": SECRET}), "SONGREEL_WORKERS": "1", "LP_NUM_THREADS": "1", live.MARK: self.mark,
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        command = [sys.executable, "-m", "cli.main", "serve", "--json", "--port", "0", "--gateway-port", str(live.free_port())]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(  # a terminal's shell leaves Ctrl-C on; who starts us in the background may not, and it would be heeded
                command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=said,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one call that takes no lock
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said.read_text()
        self.doors: dict[str, Any] = json.loads(line)

    @property
    def api(self) -> str:
        return str(self.doors["api"])

    def interrupt(self, number: int = signal.SIGINT) -> float:
        """Ctrl-C; gives the seconds that the end took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(DOWN) == 0, self.said.read_text()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return time.monotonic() - begun

    def left(self) -> list[str]:
        """What still runs of all that it started."""
        return [" ".join(one.cmdline()) for one in psutil.process_iter() if self.mark in live._environment(one)]

    def reels(self) -> set[str]:
        """Folders of the bucket in which there is a film."""
        files = s3fs.S3FileSystem(**self.s3.options, use_listings_cache=False, skip_instance_cache=True)
        return {path.rsplit("/", 2)[1] for path in files.glob(f"{self.s3.name}/here/reel/*/film.*")}

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for one in [one for one in psutil.process_iter() if self.mark in live._environment(one)]:
            one.kill()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small_song: Path) -> Iterator[Served]:
    with bucket("films") as s3:
        found = Served(tmp_path_factory.mktemp("serve") / "home", s3, small_song.parent)
        try:
            yield found
        finally:
            found.end()


def wishes(seed: int, **more: Any) -> dict[str, Any]:
    return {**SMALL, "seed": seed, **more}


def by_the_form(served: Served, song: Path) -> str:
    """As the form of the Prefect pages sends it."""
    return live.started(served.api, "music-video/cpu", {"song": song.name, "request": wishes(1), "approve": False, "out": None, "plan": None})


def by_a_schedule(served: Served, song: Path) -> str:
    """A schedule that a person adds to the deployment; gives the first run of it."""
    found = live.call(served.api, "/deployments/name/music-video/cpu", method="GET")
    when = {"interval": 86_400, "anchor_date": (datetime.now(UTC) + timedelta(seconds=SOON)).isoformat()}
    parameters = {"song": str(song), "request": wishes(1, container="mov")}
    live.call(served.api, f"/deployments/{found['id']}/schedules", [{"active": True, "schedule": when, "parameters": parameters, "slug": "soon"}])

    def fired() -> str:
        runs = live.call(served.api, "/flow_runs/filter", {"deployments": {"id": {"any_": [found["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"})
        return next((run["id"] for run in runs if run["auto_scheduled"]), "")

    return str(live.until(fired))


def from_python(served: Served, song: Path) -> str:
    from prefect.deployments import run_deployment
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: served.api}):
        run = run_deployment("music-video/cpu", parameters={"song": str(song), "request": wishes(1, prompt="the sea")}, timeout=0, as_subflow=False)
    return str(run.id)


def by_upload(served: Served, song: Path) -> str:
    form = {"request": json.dumps(wishes(1))}
    files = {"audio": ("another name.flac", song.read_bytes(), "audio/flac")}
    answer = httpx.post(f"{served.doors['gateway']}/api/jobs", data=form, files=files, timeout=60, trust_env=False)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def by_a_signed_webhook(served: Served, song: Path) -> str:
    files = s3fs.S3FileSystem(**served.s3.options)
    files.put_file(str(song), f"{served.s3.name}/in/third name.flac")
    body = json.dumps({"song": f"{served.s3.url}/in/third name.flac", "request": wishes(1)}).encode()
    stamp = int(time.time())
    headers = {
        "webhook-id": "msg_1", "webhook-timestamp": str(stamp), "webhook-signature": webhooks.signature(SECRET, "msg_1", stamp, body),
        "content-type": "application/json",
    }  # fmt: skip
    answer = httpx.post(f"{served.doors['gateway']}/hooks/render", content=body, headers=headers, timeout=60, trust_env=False)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


WAYS = (by_the_form, by_a_schedule, from_python, by_a_signed_webhook, by_upload)


def test_each_way_to_start_a_run_ends_with_a_film_in_the_bucket(served: Served, small_song: Path) -> None:
    runs = {way.__name__: way(served, small_song) for way in WAYS}
    ends = {name: live.ended(served.api, run, FILM) for name, run in runs.items()}
    assert {name: (end["type"], end["message"]) for name, end in ends.items() if end["type"] != "COMPLETED"} == {}
    assert len(served.reels()) == len(WAYS)


def test_a_second_one_for_the_same_home_says_so_in_one_sentence(served: Served) -> None:
    command = [sys.executable, "-m", "cli.main", "serve"]
    done = subprocess.run(command, env=served.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"{served.home} is served already by process {served.process.pid}: {served.doors['ui']}" in done.stderr


def test_a_worker_that_is_killed_comes_again_and_it_is_told(served: Served) -> None:
    (worker,) = [one for one in psutil.Process(served.process.pid).children() if "--pool cpu" in " ".join(one.cmdline())]
    worker.kill()
    live.until(lambda: "worker cpu killed by SIGKILL" in served.said.read_text())
    live.until(lambda: [one for one in psutil.Process(served.process.pid).children() if "--pool cpu" in " ".join(one.cmdline())])


def test_ctrl_c_in_the_midst_of_a_film_leaves_nothing_running_and_the_film_goes_on_with_the_next_start(served: Served, small_song: Path) -> None:
    before = served.reels()
    run = live.started(served.api, "music-video/cpu", {"song": str(small_song), "request": wishes(2, prompt="a garden")})
    live.until(lambda: live.call(served.api, f"/flow_runs/{run}", method="GET")["state"]["type"] == "RUNNING")
    seconds = served.interrupt()
    assert served.left() == []
    assert seconds < DOWN
    assert "back in the queue" in served.said.read_text()
    served.start()
    assert live.ended(served.api, run, FILM)["type"] == "COMPLETED"
    assert len(served.reels()) == len(before) + 1
    known = live.call(served.api, "/deployments/filter")
    assert len({one["entrypoint"] for one in known}) == len(known)
    served.interrupt(signal.SIGTERM)
    assert served.left() == []
