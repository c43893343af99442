"""Our RunPod worker: its handler alone, and in RunPod's own worker loop against a loopback queue."""

import json
import os
import re
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from blocks.settings import read, using
from schemas import Encoding, FilmRequest, Footage, Look, ShotOrder, Slot
from songreel.access import Access, Account
from songreel.services.jobs import records
from songreel.services.runpod import MADE
from songreel.storage import Records, Store
from songreel.video import registry
from tests.services.loopback import Reply
from tests.services.runpod import HANDLER, FakeRunpod, worker
from tests.test_video_backends import WORKERS

pytestmark = pytest.mark.xdist_group("painter")
NAME = "wan22_ti2v_runpod"
FILM = FilmRequest(
    prompt="a city at night", style="cinematic", height=144, fps=Fraction(12), quality="basic", seed=7, budget=9.0, backend=NAME, lettering="none",
    titles=False,
)  # fmt: skip
COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")


def an_order(backend="painter", **changes) -> ShotOrder:
    told = {
        "slot": Slot(scene=0, start_frame=0, end_frame=12), "width": 96, "height": 54, "fps": Fraction(12), "encoding": Encoding(threads=1),
        "quality": "preview", "seed": 3, "prompt": "a city", "look": Look(world="city", style="cinematic", colours=COLOURS),
    }  # fmt: skip
    return ShotOrder(backend=backend, **{**told, **changes})


def job(**changes):
    return {"id": "job-1", "input": {"key": "k" * 32, "order": an_order().model_dump(mode="json"), "files": {}, **changes}}


def test_the_handler_makes_the_order_with_the_local_backend_it_names(monkeypatch):
    monkeypatch.delenv("SONGREEL_STORE", raising=False)
    told = []
    answer = worker()(job(), lambda one, word: told.append(word))
    assert Footage.model_validate(answer["footage"]).frames == 12
    assert answer["video_b64"]
    assert 0 < told[0]["progress"] <= 1


def test_a_wrong_input_and_a_cloud_backend_are_refused_with_a_sentence():
    assert "songreel's orders only" in worker()({"id": "1", "input": {"prompt": "x"}})["error"]
    order = an_order("wan22_t2v_replicate").model_dump(mode="json")
    assert "no local backend" in json.loads(worker()(job(order=order))["error"])["error_message"]


def test_after_an_error_of_the_gpus_memory_the_worker_starts_afresh(monkeypatch):
    def full(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 20 GiB")

    monkeypatch.setattr(registry, "shoot", full)
    answer = worker()(job())
    assert answer["refresh_worker"]
    assert "out of memory" in answer["error"]


def test_a_lost_answer_is_found_in_the_store_that_the_worker_shares(tmp_path):
    """The order's answer never came, and RunPod has no list to search: the worker's note in the store is enough."""
    store = Store(str(tmp_path / "store"))
    with FakeRunpod(by_hand=True) as service:
        service.planned = ["drop after"]
        real = service._queued

        def queued(endpoint, told):
            answer = real(endpoint, told)
            footage = registry.shoot(ShotOrder.model_validate(told["input"]["order"]), store)
            made = {"footage": footage.model_dump(mode="json"), "media": footage.media.model_dump(mode="json")}
            Records(store, MADE).replace(told["input"]["key"], json.dumps(made).encode())
            return answer

        service._queued = queued
        footage = registry.get(NAME, _access(service, tmp_path)).shoot(an_order(NAME), store, lambda share: None)
        assert (len(service.jobs), footage.frames, footage.backend) == (1, 12, NAME)


def test_an_order_without_an_answer_is_not_bought_again_while_it_may_be_carried_out(tmp_path):
    from songreel.services.faults import Doubtful

    store = Store(str(tmp_path / "store"))
    with FakeRunpod(by_hand=True) as service:
        service.planned = ["drop after"]
        backend = registry.get(NAME, _access(service, tmp_path))
        for _ in range(2):
            with pytest.raises(Doubtful, match="not bought again for"):
                backend.shoot(an_order(NAME), store, lambda share: None)
        assert len(service.jobs) == 1
        assert sum(record.committed for record in records(store)) == pytest.approx(0.02)


def test_runpods_own_worker_loop_makes_a_whole_film(tmp_path, small_song, prefect_api):
    from flows.music_video import music_video

    with FakeRunpod(by_hand=True) as service:
        queue, access = Queue(service), _access(service, tmp_path)
        with (tmp_path / "worker.log").open("wb") as log:
            command = [sys.executable, str(HANDLER)]
            process = subprocess.Popen(command, env=queue.environment, stdout=log, stderr=subprocess.STDOUT)
        settings = read(
            store=str(tmp_path / "store"), workers=1, catalogue=access.catalogues[0], runpod_api_key=service.key, runpod_base_url=service.url,
            runpod_endpoints={NAME: "endpoint-1"},
        )  # fmt: skip
        try:
            with using(settings):
                film = music_video(str(small_song), FILM, str(tmp_path / "out"))
        finally:
            process.terminate()
            process.wait(20)
    assert {scene.backend for scene in film.scenes} == {NAME}
    assert len(queue.done) == len(film.scenes)
    assert (film.report.still_clips, film.report.ken_burns_clips, film.report.length_error_frames) == (0, 0, 0)
    assert film.dollars == pytest.approx(sum(record.charged for record in records(Store(str(tmp_path / "store")))))
    assert film.dollars > 0


class Queue:
    """RunPod's side of a worker, on the same server: jobs to take, and where results go."""

    def __init__(self, service: FakeRunpod):
        self.service, self.done, self.taken = service, [], set()
        self._post, self._fetch = service.post, service.fetch
        service.post, service.fetch = self.post, self.fetch
        paths = {"GET_JOB": "job-take/$ID", "POST_OUTPUT": "job-done/$RUNPOD_POD_ID/$ID", "POST_STREAM": "job-stream/$RUNPOD_POD_ID/$ID"}
        ways = {f"RUNPOD_WEBHOOK_{name}": f"{service.url}/v2/endpoint-1/{path}?gpu=none" for name, path in paths.items()}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SONGREEL_")}, **ways,
            "RUNPOD_WEBHOOK_PING": f"{service.url}/v2/endpoint-1/ping/$RUNPOD_POD_ID", "RUNPOD_AI_API_KEY": service.key, "RUNPOD_POD_ID": "pod-1",
            "RUNPOD_SKIP_GPU_CHECK": "true", "RUNPOD_SKIP_AUTO_SYSTEM_CHECKS": "true", "NO_PROXY": "127.0.0.1", "LP_NUM_THREADS": "1",
        }  # fmt: skip

    def fetch(self, path, headers):
        if "/job-take" in path:
            return self._next()
        if "/ping/" in path:
            return Reply(200, {})
        return self._fetch(path, headers)

    def post(self, path, body, headers):
        if "/job-done/" in path or "/job-stream/" in path:
            return self._told(path, json.loads(body))
        return self._post(path, body, headers)

    def _next(self):
        with self.service.guard:
            waiting = [job for name, job in self.service.jobs.items() if name not in self.taken]
        if not waiting:
            time.sleep(0.3)
            return Reply(204)
        self.taken.add(waiting[0]["id"])
        waiting[0]["status"] = "IN_PROGRESS"
        return {"id": waiting[0]["id"], "input": waiting[0]["input"]}

    def _told(self, path, told):
        name = re.search(r"/pod-1/([^?]+)", path)[1]
        if "error" in told:
            self.service.finish(name, {"error": told["error"]}, 1.0)
        elif isinstance(told.get("output"), dict) and "footage" in told["output"]:
            self.done.append(name)
            self.service.finish(name, told["output"], 1.0)
        return {}


def _access(service: FakeRunpod, folder: Path) -> Access:
    own = folder / "own.toml"
    own.write_text(WORKERS.format(name=NAME))
    return Access(accounts={"runpod": Account(service.key, service.url, {NAME: "endpoint-1"})}, catalogues=(own,), home=folder)
