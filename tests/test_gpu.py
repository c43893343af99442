"""One model in memory at a time: its process, its lease, and what becomes of both when something goes wrong."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from songreel.errors import SongreelError, TransientError
from songreel.execution.gpu import Gpu, Job
from songreel.execution.workers import ROOT, Limits
from songreel.models.lease import Holder, holder, lease

CANCEL_LIMIT = 2.0  # seconds
pytestmark = [pytest.mark.xdist_group("gpu"), pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")]


def job(name: str, model: str = "one", **more) -> Job:
    return Job(model, f"tests.gpu_jobs:{name}", **more)


@pytest.fixture
def gpu(tmp_path):
    made = Gpu(tmp_path)
    yield made
    made.end()


def gone(pid: int) -> bool:
    for _ in range(600):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_a_process_is_kept_for_its_model_and_ended_for_another(gpu, tmp_path):
    first, calls = gpu.call(job("number"))
    assert (calls, gpu.call(job("number"))) == (1, (first, 2))
    assert holder(tmp_path) == Holder(first, "one")
    other, calls = gpu.call(job("number", "two"))
    assert (other != first, calls, gone(first)) == (True, 1, True)
    assert holder(tmp_path) == Holder(other, "two")
    gpu.end()
    assert (gone(other), holder(tmp_path)) == (True, None)


def test_memory_that_runs_out_gets_one_smaller_try_in_a_new_process(gpu):
    before, _ = gpu.call(job("number"))
    assert gpu.call(job("greedy", smaller={"share": 0.5})) == 0.5
    assert gone(before)
    assert gpu.call(job("killed", smaller={"share": 0.5})) == 0.5


def test_what_does_not_fit_even_smaller_is_told_and_not_tried_again(gpu):
    with pytest.raises(SongreelError, match=r"one does not fit into memory, not even with a smaller picture: .* at 0\.5") as told:
        gpu.call(job("insatiable", smaller={"share": 0.5}))
    assert not isinstance(told.value, TransientError)
    with pytest.raises(SongreelError, match="does not fit into memory"):
        gpu.call(job("killed"))


def test_a_hang_is_ended_and_its_second_is_final(gpu, tmp_path):
    for kind in (TransientError, SongreelError):
        with pytest.raises(kind, match=r"nothing was made for 0\.5 s"):
            gpu.call(job("hung"), limits=Limits(0.5))
        assert holder(tmp_path) is None


def test_an_error_of_the_listener_ends_the_process_within_two_seconds_though_nothing_more_is_told(gpu, tmp_path):
    told = []

    def cancelled(share):
        told.append(time.monotonic())
        if len(told) > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gpu.call(job("hung"), cancelled)
    assert told[-1] - told[0] < CANCEL_LIMIT
    assert holder(tmp_path) is None


def test_the_run_s_end_ends_a_call_that_waits(gpu):
    ended = []

    def work():
        try:
            gpu.call(job("hung"))
        except SongreelError as error:
            ended.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(1.0)
    gpu.end()
    thread.join(10)
    assert ended == ["the run is over"]
    with pytest.raises(SongreelError, match="the run is over"):
        gpu.call(job("number"))


def test_the_functions_own_errors_arrive_as_they_are_and_leave_the_process(gpu):
    pid, _ = gpu.call(job("number"))
    with pytest.raises(SongreelError, match="the prompt is empty"):
        gpu.call(job("refused"))
    assert gpu.call(job("number"))[0] == pid


def test_a_second_run_waits_for_the_first_ones_model_and_is_told_whose_it_is(gpu, tmp_path, caplog):
    pid, _ = gpu.call(job("number"))
    other, got = Gpu(tmp_path), []
    thread = threading.Thread(target=lambda: got.append(other.call(job("number", "two"))))
    thread.start()
    waits = f"two waits for the GPU: process {pid} with one has it"
    for _ in range(200):
        if waits in caplog.text:
            break
        time.sleep(0.1)
    assert waits in caplog.text
    assert got == []
    gpu.end()
    thread.join(20)
    other.end()
    assert got[0][1] == 1


def test_the_lease_says_who_holds_it_and_gives_up_in_time(tmp_path):
    waited = []
    with lease(tmp_path, "one", waited.append), pytest.raises(TransientError, match=f"not free for 0.3 s: process {os.getpid()} with one has it"):  # noqa: SIM117
        with lease(tmp_path, "two", waited.append, patience=0.3):
            pass
    assert waited
    assert holder(tmp_path) is None


HOLD = """
import sys, time
from pathlib import Path
from songreel.models.lease import lease
with lease(Path(sys.argv[1]), "dead", print):
    print("held", flush=True)
    time.sleep(3600)
"""


def test_a_dead_owner_cannot_keep_the_lease(tmp_path):
    owner = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    with owner:
        assert owner.stdout.readline() == "held\n"
        assert holder(tmp_path) == Holder(owner.pid, "dead")
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    assert "dead" in (tmp_path / "locks" / "gpu.lock").read_text()
    assert holder(tmp_path) is None
    began = time.monotonic()
    with lease(tmp_path, "alive", print):
        assert time.monotonic() - began < 0.5
        assert holder(tmp_path) == Holder(os.getpid(), "alive")


RUN = """
import sys
from pathlib import Path
from songreel.execution.gpu import Gpu, Job
if __name__ == "__main__":
    gpu = Gpu(Path(sys.argv[1]))
    print(gpu.call(Job("one", "tests.gpu_jobs:number"))[0], flush=True)
    gpu.call(Job("one", "tests.gpu_jobs:hung"))
"""


@pytest.mark.parametrize("after", [0.0, 1.5], ids=["between", "in the midst of a job"])
def test_a_run_that_is_killed_takes_its_models_process_along(tmp_path, after):
    script = tmp_path / "run.py"
    script.write_text(RUN)
    run = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    with run:
        pid = int(run.stdout.readline())
        time.sleep(after)
        run.kill()
    assert gone(pid)
    for _ in range(100):  # its threads may end, and close their files, a moment after it
        if holder(tmp_path) is None:
            break
        time.sleep(0.1)
    assert holder(tmp_path) is None
