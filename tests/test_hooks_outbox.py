"""What becomes of films is told to programs of elsewhere, in order and until they take it; a real Prefect server, receivers that fail."""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from blocks.settings import Settings
from gateway import outbox, queue
from gateway.ledger import Ledger
from gateway.outbox import Outbox
from gateway.queue import Queue
from songreel.errors import UserError
from tests import live
from tests.services.https import Web, web
from tests.services.receiver import DROP, HANG, Receiver

SECRET = "whsec_" + base64.b64encode(b"7" * 24).decode()
PUBLIC = "https://hooks.example/in"


@pytest.fixture
def prefect(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The tests' server, where these films are of a flow of their own: others' are not told of."""
    monkeypatch.setattr(queue, "FLOW", "music-video-told")
    return prefect_api


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(SECRET) as found:
        yield found


def settings(home: Path, prefect: str, targets: dict[str, Any], **more: Any) -> Settings:
    private = {"hook_private": ["127.0.0.1"], **more}
    return Settings(home=home, prefect_api_url=prefect, hook_targets=SecretStr(json.dumps(targets)), **private)


def started(prefect: str) -> str:
    flow = live.call(prefect, "/flows/", {"name": queue.FLOW})["id"]
    body = {"flow_id": flow, "parameters": {"song": "s3://songs/a.flac"}, "tags": ["songreel"], "state": {"type": "SCHEDULED"}, "name": "night-drive"}
    return str(live.call(prefect, "/flow_runs/", body)["id"])


def become(prefect: str, run: str, kind: str, name: str = "", message: str = "") -> None:
    state = {"type": kind, "name": name or kind.title(), "message": message}
    live.call(prefect, f"/flow_runs/{run}/set_state", {"state": state, "force": True})


def kinds(receiver: Receiver, path: str, run: str) -> list[str]:
    """What was taken of a run, each piece once, in order."""
    told = {one.id: json.loads(one.body) for one in receiver.taken(path)}
    return [one["type"].removeprefix("film.") for one in told.values() if one["data"]["job_id"] == run]


def during(given: Settings, work: Callable[[], None], reach: Any = None, pause: float = 0.05) -> None:
    """Work while an outbox runs in this process."""

    async def both() -> None:
        client = Queue(given)
        box = Outbox(given, client, *([reach] if reach else []), pause=pause)
        box.start()
        try:
            await asyncio.sleep(0.5)  # it is up: what comes from now on is told
            await asyncio.to_thread(work)
        finally:
            await box.close()
            await client.close()

    asyncio.run(both())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK", 0.3)


WHOLE = ["scheduled", "running", "waiting", "scheduled", "running", "degraded"]


def whole(prefect: str) -> str:
    """A film's life."""
    run = started(prefect)
    become(prefect, run, "PENDING")
    become(prefect, run, "RUNNING")
    become(prefect, run, "PAUSED", "Suspended")
    become(prefect, run, "SCHEDULED", "Resuming")
    become(prefect, run, "PENDING")
    become(prefect, run, "RUNNING")
    become(prefect, run, "COMPLETED", "Degraded", "shoot: painted instead")
    return run


def test_each_change_is_told_once_signed_and_in_order_whatever_the_receiver_does(prefect: str, receiver: Receiver, tmp_path: Path) -> None:
    receiver.plan["/in"] = [500, 503, 500, DROP, 200, (429, {"Retry-After": "1"}), 302, 404, 200]

    def work() -> None:
        run = whole(prefect)
        live.until(lambda: len(kinds(receiver, "/in", run)) == len(WHOLE), limit=60)
        assert kinds(receiver, "/in", run) == WHOLE
        last = json.loads(receiver.taken("/in")[-1].body)
        assert last["data"]["status"] == "complete"
        assert (last["data"]["message"], last["data"]["sequence"], last["data"]["name"]) == ("shoot: painted instead", 6, "night-drive")
        assert last["data"]["links"]["video"] == f"/api/jobs/{run}/video"

    during(settings(tmp_path, prefect, {receiver.at("/in"): SECRET}), work)
    came = receiver.all("/in")
    assert all(one.right for one in came)
    assert len({one.id for one in came[:5]}) == 1  # what was not taken comes again under the same id
    assert len(came) == len(WHOLE) + 7


def test_three_faults_then_success_with_growing_pauses(prefect: str, receiver: Receiver, tmp_path: Path) -> None:
    receiver.plan["/in"] = [500, 500, 500]
    moments: list[float] = []

    def work() -> None:
        run = started(prefect)
        live.until(lambda: moments.append(time.monotonic()) or kinds(receiver, "/in", run) == ["scheduled"], limit=30)

    began = time.monotonic()
    during(settings(tmp_path, prefect, {receiver.at("/in"): SECRET}), work, pause=0.3)
    assert [one.answered for one in receiver.all("/in")] == [500, 500, 500, 200]
    assert time.monotonic() - began > 0.7 * (0.3 + 0.6 + 1.2)


def test_a_receiver_that_hangs_or_is_away_holds_up_nobody_else(
    prefect: str, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(outbox, "ANSWER", 60.0)
    monkeypatch.setattr(outbox, "AT_ONCE", 6)
    receiver.plan["/slow"] = [HANG] * 50
    targets = {receiver.at("/slow"): SECRET, "http://127.0.0.1:9/away": SECRET, receiver.at("/in"): SECRET}

    def work() -> None:
        runs = [started(prefect) for _ in range(6)]
        live.until(lambda: all(kinds(receiver, "/in", run) == ["scheduled"] for run in runs), limit=40)
        assert len(receiver.all("/slow")) == outbox.AT_ONCE_EACH

    during(settings(tmp_path, prefect, targets), work)


def test_only_wanted_kinds_are_told_and_who_is_gone_is_told_no_more(prefect: str, receiver: Receiver, tmp_path: Path) -> None:
    receiver.plan["/gone"] = [410]
    targets = {receiver.at("/gone"): SECRET, receiver.at("/ends"): {"secret": SECRET, "events": ["degraded", "failed"]}}
    given = settings(tmp_path, prefect, targets)

    def work() -> None:
        run = whole(prefect)
        live.until(lambda: kinds(receiver, "/ends", run) == ["degraded"], limit=30)
        live.until(lambda: len(receiver.all("/gone")) == 1)

    during(given, work)
    during(given, lambda: (whole(prefect), time.sleep(1.0))[1])
    assert len(receiver.all("/gone")) == 1
    assert len(receiver.taken("/ends")) == 2


def figures(url: str) -> str:
    return httpx.get(f"{url}/metrics", trust_env=False).text


def test_what_happened_while_the_gateway_was_down_is_told_after_it_is_up_again(prefect_api: str, tmp_path: Path) -> None:
    prefect = prefect_api
    with Receiver(SECRET) as receiver:
        port = receiver.port
        given = {"SONGREEL_HOME": str(tmp_path), "SONGREEL_HOOK_TARGETS": json.dumps({receiver.at("/in"): SECRET})}
        given["SONGREEL_HOOK_PRIVATE"] = '["127.0.0.1"]'
        with live.gateway(prefect, given) as first:
            live.until((tmp_path / "gateway" / "outbox.db").exists, first)
            run = started(prefect)
            live.until(lambda: kinds(receiver, "/in", run) == ["scheduled"], first)
            receiver.__exit__()
            become(prefect, run, "RUNNING")  # written down, and not taken
            live.until(lambda: "\nsongreel_hooks_waiting 1" in figures(first.url), first)
            first.kill()
        become(prefect, run, "FAILED", "Failed", "Flow run encountered an exception: UserError: there is no song")
        unseen = whole(prefect)  # began and ended meanwhile
    with Receiver(SECRET, port=port) as receiver, live.gateway(prefect, given) as second:
        live.until(lambda: kinds(receiver, "/in", run) == ["running", "failed"] and kinds(receiver, "/in", unseen) == WHOLE, second)
        failed = next(body for one in receiver.taken("/in") if (body := json.loads(one.body))["type"] == "film.failed")
        assert failed["data"]["message"] == "there is no song"
        assert SECRET not in second.said
        assert "\nsongreel_hooks_waiting 0" in figures(second.url)


def test_what_is_not_taken_for_a_day_is_given_up_and_what_follows_is_sent(
    prefect: str, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    monkeypatch.setattr(outbox, "GIVE_UP", 0.5)
    receiver.plan["/in"] = [500] * 4

    def work() -> None:
        run = started(prefect)
        live.until(lambda: len(receiver.all("/in")) >= 3, limit=30)
        become(prefect, run, "COMPLETED")
        live.until(lambda: kinds(receiver, "/in", run) == ["completed"], limit=30)

    during(settings(tmp_path, prefect, {receiver.at("/in"): {"secret": [SECRET, "whsec_" + "B" * 32]}}), work, pause=0.3)
    assert all(one.right for one in receiver.all("/in"))
    assert len(receiver.taken("/in")[0].headers["webhook-signature"].split()) == 2  # the receiver may know either secret
    assert "for a day: answered 500" in caplog.text
    standing = Ledger(tmp_path / "gateway" / "outbox.db").standing(time.time())
    assert (standing.waiting, standing.given_up) == (0, 1)


def test_an_address_that_a_job_names_is_told_of_that_job_alone(prefect: str, receiver: Receiver, tmp_path: Path) -> None:
    given = settings(tmp_path, prefect, {"notify": SECRET})
    run, other = started(prefect), started(prefect)

    async def both() -> None:
        client = Queue(given)
        box = Outbox(given, client, pause=0.05)
        for address, words in (("http://hooks.example/in", "only https"), ("file:///etc/passwd", "only https"), ("https://", "only https")):
            with pytest.raises(UserError, match=words):
                box.check(address)
        box.start()
        await box.notify(run, receiver.at("/own"))
        await asyncio.to_thread(become, prefect, other, "RUNNING")
        await asyncio.to_thread(become, prefect, run, "CANCELLED")
        await asyncio.to_thread(live.until, lambda: kinds(receiver, "/own", run) == ["scheduled", "cancelled"], limit=30)
        await box.close()
        await client.close()

    asyncio.run(both())
    assert kinds(receiver, "/own", other) == []
    with pytest.raises(UserError, match="no secret called 'notify'"):
        Outbox(settings(tmp_path, prefect, {}), None).check("https://hooks.example/in")  # type: ignore[arg-type]


def test_a_private_target_is_never_reached_unless_it_is_named(prefect: str, receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="SONGREEL_HOOK_PRIVATE does not name it") as caught:
        Outbox(settings(tmp_path, prefect, {receiver.at("/in"): SECRET}, hook_private=[]), None)  # type: ignore[arg-type]
    assert SECRET not in str(caught.value)
    with web(tmp_path, ("hooks.example",)) as elsewhere:
        elsewhere.names["hooks.example"] = ["127.0.0.1"]  # its name server leads it here
        during(settings(tmp_path / "home", prefect, {PUBLIC: SECRET}), lambda: _unreached(prefect, elsewhere), elsewhere.reach)
        elsewhere.names["hooks.example"] = ["93.184.215.14", "169.254.169.254"]
        during(settings(tmp_path / "home", prefect, {PUBLIC: SECRET}), lambda: _unreached(prefect, elsewhere), elsewhere.reach)
        assert elsewhere.dialled == []
        elsewhere.names["hooks.example"] = ["93.184.215.14"]
        again = {PUBLIC: SECRET}
        during(settings(tmp_path / "home", prefect, again), lambda: live.until(lambda: elsewhere.dialled, limit=20), elsewhere.reach)
        assert set(elsewhere.dialled) == {"93.184.215.14"}


def _unreached(prefect: str, elsewhere: Web) -> None:
    before = len(elsewhere.looked_up)
    started(prefect)
    live.until(lambda: len(elsewhere.looked_up) > before + 1, limit=20)  # it is tried again, for an address may be mended


@pytest.mark.parametrize("text", ["[]", "{", '{"https://a.example": 7}', '{"https://a.example": {"secret": "whsec_AAAA", "events": ["born"]}}'])
def test_targets_that_cannot_be_read_are_told_without_their_secrets(text: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="SONGREEL_HOOK_TARGETS is no JSON object") as caught:
        outbox.targets_in(Settings(home=tmp_path, hook_targets=SecretStr(text)))
    assert "AAAA" not in str(caught.value)


def test_a_secret_that_anybody_could_guess_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="openssl rand") as caught:
        outbox.targets_in(Settings(home=tmp_path, hook_targets=SecretStr('{"https://a.example": "hunter2"}')))
    assert "hunter2" not in str(caught.value)
