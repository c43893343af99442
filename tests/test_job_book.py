"""The job book: one record an attempt, one winner a record, and caps that are never passed."""

import threading
import time
from pathlib import Path

import pytest

from schemas import MediaRef
from songreel.access import Caps
from songreel.errors import OverBudget
from songreel.services import caps
from songreel.services.jobs import Book, Order, Record, records, spent
from songreel.services.locks import held
from songreel.storage import Store
from tests.test_store import s3, store  # noqa: F401 - the contract's stores: a folder and a bucket

PICTURE = MediaRef(sha256="a" * 64, suffix=".png", media_type="image/png", bytes=3)


def an_order(**changes) -> Order:
    told = {"service": "replicate", "backend": "wan", "model": "wan-video/wan", "input": {"prompt": "a sea", "seed": 1}, "estimate": 0.5}
    return Order(**{**told, **changes})


def a_record(key="k" * 32, attempt=1, **changes) -> Record:
    now = time.time()
    told = {"service": "replicate", "backend": "wan", "model": "wan", "run": "film", "estimate": 0.5, "at": now, "until": now + 60}
    return Record(key=key, attempt=attempt, **{**told, **changes})


def test_equal_orders_have_one_key_whatever_they_cost_and_other_inputs_another():
    assert an_order().key == an_order(estimate=0.9, backend="wan again").key
    assert an_order().key != an_order(input={"prompt": "a sea", "seed": 2}).key
    assert an_order(input={"image": PICTURE}).key == an_order(input={"image": PICTURE.model_copy(update={"suffix": ".jpg"})}).key


def test_a_record_has_one_writer_and_is_seen_by_every_other_view_of_the_store(store):  # noqa: F811
    book = Book(store)
    assert book.create(a_record())
    assert not book.create(a_record(backend="another"))
    changed = book.update(a_record(), state="accepted", job="r1")
    assert Book(store).latest("k" * 32) == changed
    assert book.create(a_record(attempt=2))
    assert [record.attempt for record in records(store)] == [1, 2]


def test_what_is_open_counts_in_full_and_what_ended_counts_as_it_was_charged(store):  # noqa: F811
    book, now = Book(store), time.time()
    book.create(a_record("a" * 32))
    book.update(a_record("b" * 32), state="done", charged=0.2)
    book.update(a_record("c" * 32, service="runware"), state="failed", wasted=0.1)
    book.update(a_record("d" * 32, at=now - 90_000), state="done", charged=7.0)
    assert spent(store, now - 60) == pytest.approx(0.8)
    assert spent(store, now - 60, "runware") == pytest.approx(0.1)
    assert spent(store, 0) == pytest.approx(7.8)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Caps(run="film", run_dollars=1.2), "--budget"),
        (Caps(day_dollars=1.2), "SONGREEL_BUDGET_DAY"),
        (Caps(provider_dollars={"replicate": 1.2}), "SONGREEL_BUDGET_PROVIDER"),
    ],
)
def test_a_reservation_beyond_a_cap_is_refused_and_leaves_nothing_reserved(tmp_path, limits, words):
    book = Book(Store(str(tmp_path)))
    assert caps.reserve(book, a_record("a" * 32), limits)
    assert caps.reserve(book, a_record("b" * 32), limits)
    with pytest.raises(OverBudget, match=words):
        caps.reserve(book, a_record("c" * 32), limits)
    assert sum(record.committed for record in book.all()) == pytest.approx(1.0)


def test_a_reservation_bears_the_moment_it_was_written_and_an_attempt_has_one_owner(tmp_path):
    book = Book(Store(str(tmp_path)))
    asked = a_record(at=time.time() - 5)
    written = caps.reserve(book, asked, Caps())
    assert written == book.latest("k" * 32)
    assert (written.at - asked.at, written.until - asked.until) == pytest.approx((5, 5), abs=1)
    assert caps.reserve(book, asked, Caps()) is None


def test_another_days_and_another_services_money_is_not_todays(tmp_path):
    book = Book(Store(str(tmp_path)))
    book.create(a_record("a" * 32, at=time.time() - 2 * 86_400))
    book.create(a_record("b" * 32, service="runware", run="other"))
    assert caps.reserve(book, a_record("c" * 32), Caps(run="film", run_dollars=1.0, provider_dollars={"replicate": 0.5}))


def test_many_threads_never_pass_a_cap(tmp_path):
    store_, refused, limits = Store(str(tmp_path)), [], Caps(run="film", run_dollars=5.0)

    def buy(number: int) -> None:
        try:
            with held(tmp_path / "locks", "reserving"):
                caps.reserve(Book(store_), a_record(f"{number:032x}"), limits)
        except OverBudget:
            refused.append(number)

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(record.committed for record in records(store_)) == pytest.approx(5.0)
    assert len(refused) == 14


def test_machines_without_a_common_lock_never_pass_a_cap_either(tmp_path):
    store_, limits = Store(str(tmp_path)), Caps(day_dollars=2.0)

    def buy(number: int) -> None:
        try:
            caps.reserve(Book(store_), a_record(f"{number:032x}"), limits)
        except OverBudget:
            return

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(record.committed for record in records(store_)) <= 2.0 + 1e-9


def test_a_lock_has_one_holder_and_its_file_is_gone_afterwards(tmp_path: Path):
    most, inside = [], []

    def work() -> None:
        with held(tmp_path, "one"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.005)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert list(tmp_path.iterdir()) == []


def test_waiting_for_a_lock_ends_when_the_waiter_is_told_to(tmp_path):
    def stop() -> None:
        raise InterruptedError("enough")

    with held(tmp_path, "one"), pytest.raises(InterruptedError), held(tmp_path, "one", stop):
        pass


def test_a_record_that_cannot_be_read_is_passed_over(tmp_path):
    store_ = Store(str(tmp_path))
    Book(store_).create(a_record())
    (tmp_path / "jobs" / "damaged-001.json").write_text("{")
    assert len(records(store_)) == 1
