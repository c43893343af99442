"""Nothing is paid twice, and a cap is never passed: orders at a loopback service that fails in every way, by processes that are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from schemas import MediaRef
from songreel.access import Access, Account, Caps
from songreel.errors import MissingDependency, OverBudget, SongreelError, TransientError
from songreel.services.buying import Buyer
from songreel.services.client import Patience
from songreel.services.content import Wanted
from songreel.services.faults import NoCredit, Refused
from songreel.services.jobs import Book, Order, Record, records, spent
from songreel.services.replicate import Replicate
from songreel.storage import Store
from tests.services.replicate import FakeReplicate

ROOT = Path(__file__).parents[1]
QUICK = Patience(answer=1.0, tries=4, longest_wait=0.2, window=2.0, poll=0.03, settle=0.3, silence=2.0, deadline=20.0)


@pytest.fixture
def service():
    with FakeReplicate(work=0.1, small=True) as running:
        yield running


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "store"))


def an_order(seed=1, **changes) -> Order:
    told = {"prompt": "a sea", "seed": seed, "num_frames": 8}
    return Order(**{"service": "replicate", "backend": "wan", "model": "wan-video/wan", "input": told, "estimate": 0.1, **changes})


def buy(store, service, order, progress=lambda share: None, patience=QUICK, **access) -> Record:
    account = Account(service.key, service.url)
    with Replicate(account, patience) as provider:
        return Buyer(store, Access(accounts={"replicate": account}, **access), provider, progress, 0.5).buy(order, Wanted(frames=8))


def test_an_order_is_bought_once_and_an_equal_one_takes_its_result(store, service):
    first = buy(store, service, an_order())
    again = buy(store, service, an_order())
    assert len(service.jobs) == 1
    assert again == first
    assert (first.state, first.charged, spent(store, 0)) == ("done", 0.1, 0.1)
    assert store.has(first.media[0])


def test_a_result_that_the_store_lost_is_bought_again(store, service):
    first = buy(store, service, an_order())
    store.get(first.media[0]).unlink()
    buy(store, service, an_order())
    assert len(service.jobs) == 2
    assert spent(store, 0) == pytest.approx(0.2)


@pytest.mark.parametrize("fault", ["500 after", "drop after", "hang after", "garbage after"])
def test_an_order_that_was_accepted_without_an_answer_is_found_and_collected(store, service, fault):
    service.planned = [fault]
    assert buy(store, service, an_order()).state == "done"
    assert len(service.jobs) == 1


@pytest.mark.parametrize("fault", ["500", "drop", "garbage"])
def test_an_order_that_was_never_accepted_is_sent_again_once_that_is_known(store, service, fault):
    service.planned = [fault]
    record = buy(store, service, an_order())
    assert (record.state, record.attempt, len(service.jobs)) == ("done", 2, 1)
    assert spent(store, 0) == pytest.approx(0.1)


@pytest.mark.parametrize("fault", ["429", "503"])
def test_a_busy_service_is_asked_again_when_it_says_and_the_attempt_stays_one(store, service, fault):
    service.planned = [fault, fault]
    record = buy(store, service, an_order())
    assert (record.attempt, service.answered[fault], len(service.jobs)) == (1, 2, 1)


def test_a_service_that_stays_busy_is_a_fault_of_the_moment_and_keeps_no_money(store, service):
    service.planned = ["429"] * 9
    with pytest.raises(TransientError, match="replicate answered 429: Request was throttled"):
        buy(store, service, an_order())
    assert spent(store, 0) == 0


def test_no_credit_a_wrong_input_and_a_wrong_key_are_no_faults_of_the_moment(store, service):
    service.planned = ["402", "422", "401"]
    with pytest.raises(NoCredit, match="no credit left"):
        buy(store, service, an_order())
    with pytest.raises(SongreelError, match="num_frames: Must be at most 121"):
        buy(store, service, an_order())
    with pytest.raises(MissingDependency, match="check REPLICATE_API_TOKEN") as raised:
        buy(store, service, an_order())
    assert service.key not in str(raised.value)
    assert (spent(store, 0), service.jobs) == (0, {})


def test_a_refusal_names_the_refused_prompt(store, service):
    service.ends = ["failed: NSFW content detected. Try running it again."]
    with pytest.raises(Refused, match="refused the prompt 'a sea'"):
        buy(store, service, an_order())


def test_a_failed_job_is_wasted_and_bought_anew_and_not_for_ever(store, service):
    service.ends = ["failed: CUDA out of memory"] * 4
    for _ in range(4):
        with pytest.raises(TransientError, match="out of memory"):
            buy(store, service, an_order(about={"dollars_per_work_second": 0.5}))
    with pytest.raises(SongreelError, match="was tried 4 times"):
        buy(store, service, an_order())
    assert len(service.jobs) == 4


def test_a_result_is_asked_for_again_when_what_came_is_not_it(store):
    with FakeReplicate(work=0.05, small=True, asks={"other": 0.3, "garbage": 0.1, "500": 0.1, "429": 0.1, "drop": 0.1}) as service:
        for seed in range(6):
            assert buy(store, service, an_order(seed)).state == "done"
        assert len(service.jobs) == 6


def test_a_file_that_is_not_the_result_is_fetched_again(store):
    with FakeReplicate(work=0.02, small=True, files={"garbage": 0.3, "500": 0.1, "drop": 0.1}) as service:
        got = []
        for seed in range(5):
            for _ in range(4):
                try:
                    got.append(buy(store, service, an_order(seed)))
                    break
                except TransientError:
                    continue
        assert len({record.media[0] for record in got}) == len(service.jobs) == 5


def test_another_orders_result_is_not_taken(store, service):
    first = buy(store, service, an_order(1))
    service.files = {"other": 0.5}
    second = buy(store, service, an_order(2))
    assert second.media != first.media


def test_an_error_from_progress_cancels_the_job_within_two_seconds(store):
    with FakeReplicate(work=30.0) as service:
        told = []

        def progress(share):
            told.append(time.monotonic())
            if service.jobs and len(told) > 3:
                raise InterruptedError("enough")

        with pytest.raises(InterruptedError, match="enough"):
            buy(store, service, an_order(), progress)
        assert time.monotonic() - told[-1] < 2
        assert [job["cancelled"] for job in service.jobs.values()] == [True]
        assert [record.state for record in records(store)] == ["cancelled"]


def test_an_order_that_is_accepted_after_nobody_waits_any_more_is_cancelled(store):
    with FakeReplicate(work=30.0) as service:
        real = service.post

        def slow(path, body, headers):
            if path.endswith("/predictions"):
                time.sleep(0.9)
            return real(path, body, headers)

        service.post = slow

        def progress(share):
            if records(store):
                raise InterruptedError("enough")

        with pytest.raises(InterruptedError):
            buy(store, service, an_order(), progress, patience=Patience(answer=5.0, poll=0.05))
        _until(lambda: [record.state for record in records(store)] == ["cancelled"])
        assert [job["cancelled"] for job in service.jobs.values()] == [True]


def test_progress_is_told_at_least_every_second_and_rises(store):
    with FakeReplicate(work=2.0, small=True) as service:
        told = [(time.monotonic(), 0.0)]
        buy(store, service, an_order(), lambda share: told.append((time.monotonic(), share)))
    assert max(after - before for (before, _), (after, _) in pairwise(told)) < 1.0
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_a_job_that_never_ends_is_cancelled_at_its_deadline(store):
    with FakeReplicate(work=60.0) as service:
        with pytest.raises(SongreelError, match="not done within"):
            buy(store, service, an_order(), patience=Patience(answer=1.0, poll=0.05, deadline=0.5))
        assert [job["cancelled"] for job in service.jobs.values()] == [True]


def test_two_buyers_of_one_order_buy_it_once_and_both_get_it(store, service):
    service.work = 0.5
    got: list[Record] = []
    threads = [threading.Thread(target=lambda: got.append(buy(store, service, an_order()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.jobs) == 1
    assert len({record.media for record in got}) == 1


def test_a_machine_that_shares_only_the_store_collects_what_another_ordered(tmp_path, service):
    here, there = Store(str(tmp_path / "store")), Store(str(tmp_path / "store"))
    service.work = 0.6
    elsewhere = Record(
        key=an_order().key, attempt=1, service="replicate", backend="wan", model="wan-video/wan", estimate=0.1, at=time.time(),
        until=time.time() + 60, buyer="another machine", told=dict(an_order().input),
    )  # fmt: skip
    Book(there).create(elsewhere)

    def order() -> None:
        time.sleep(0.1)
        with Replicate(Account(service.key, service.url), QUICK) as provider:
            (job,) = provider.submit([(an_order(), elsewhere)], there)
            Book(there).update(elsewhere, state="accepted", job=job, accepted_at=time.time())

    thread = threading.Thread(target=order)
    thread.start()
    record = buy(here, service, an_order())
    thread.join()
    assert (record.state, record.attempt, len(service.jobs)) == ("done", 1, 1)


def test_a_cap_counts_what_is_on_its_way(store):
    with FakeReplicate(work=0.5, small=True) as service:
        over: list[int] = []

        def one(seed: int) -> None:
            try:
                buy(store, service, an_order(seed), caps=Caps(run="film", run_dollars=0.3))
            except OverBudget:
                over.append(seed)

        threads = [threading.Thread(target=one, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(service.jobs), len(over)) == (3, 5)
        assert spent(store, 0) == pytest.approx(0.3)


def test_the_key_goes_nowhere_but_to_the_accounts_own_address(store, service):
    buy(store, service, an_order())
    downloads = [headers for _, path, headers, _ in service.heard if path.startswith("/out/")]
    assert downloads
    assert all("Authorization" not in headers for headers in downloads)
    kept = b"".join(path.read_bytes() for path in Path(store.root).rglob("*.json"))
    assert service.key.encode() not in kept
    assert service.key not in repr(Account(service.key, service.url))


def test_an_image_goes_along_inline_when_small_and_uploaded_when_large(store, service):
    small = store.put_bytes(b"\x89PNG" + b"s" * 100, ".png")
    large = store.put_bytes(b"\x89PNG" + b"l" * 300_000, ".png")
    for image in (small, large):
        buy(store, service, an_order(input={"prompt": "a sea", "num_frames": 8, "image": image}))
    inline, uploaded = (job["input"]["image"] for job in service.jobs.values())
    assert inline.startswith("data:image/png;base64,")
    assert service.uploads[uploaded.rsplit("/", 1)[1]] == store.read(large)


def test_what_a_killed_process_ordered_is_collected_by_the_next(tmp_path):
    """Killed with SIGKILL between any two steps: every order is bought once and collected in the end."""
    with FakeReplicate(work=0.15, small=True, seed=5, faults={"429": 0.05, "500 after": 0.05, "drop": 0.05, "drop after": 0.05}) as service:
        for pause in (0.9, 1.0, 1.15, 1.3, 0.95, 1.1):
            buyer = _shopper(tmp_path, service)
            time.sleep(pause)
            os.kill(buyer.pid, signal.SIGKILL)
            buyer.wait()
        assert _shopper(tmp_path, service).wait(60) == 0
        done = {record.key: record for record in records(Store(str(tmp_path / "store"))) if record.state == "done"}
        assert len(done) == 12
        assert {record.job for record in done.values()} == set(service.jobs)


def _shopper(tmp_path: Path, service: FakeReplicate) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.services.shopper", str(tmp_path / "store"), service.url, "0", "12", "1.2"]
    return subprocess.Popen(command, cwd=ROOT)


def _until(true, seconds=5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_media_in_an_order_is_known_by_its_content(store):
    ref = store.put_bytes(b"one", ".png")
    assert isinstance(ref, MediaRef)
    assert an_order(input={"image": ref}).key != an_order(input={"image": store.put_bytes(b"two", ".png")}).key
