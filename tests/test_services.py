"""Services at work: what their answers mean, refusals, scenes longer than a model, pictures in batches, webhooks, downloads."""

import base64
import hashlib
import hmac
import time
from fractions import Fraction
from itertools import pairwise

import httpx
import numpy as np
import pytest

from schemas import Encoding, Look, ShotOrder, Sketch, Slot
from songreel import catalogue
from songreel.access import Access, Account, Caps
from songreel.errors import MissingDependency, OverBudget, SongreelError, TransientError, UserError
from songreel.imagery import draw
from songreel.imagery import registry as image_backends
from songreel.media.video import read_frames
from songreel.services import webhooks
from songreel.services.client import Client, Patience, _asked_wait
from songreel.services.faults import Refused, fault_of, softened
from songreel.services.jobs import records
from songreel.storage import Store
from songreel.video import registry
from songreel.video.bought import parts_of
from songreel.video.runware import key_frames
from tests.services.loopback import Loopback, Reply
from tests.services.replicate import WEBHOOK_KEY, WEBHOOK_SECRET, FakeReplicate
from tests.services.runware import FakeRunware

COLOURS = ("#12082b", "#4a1a7a", "#c2278f", "#ff8a3d", "#fff0c2")
LOOK = Look(world="city", style="cinematic", colours=COLOURS)
QUICK = Patience(answer=1.0, tries=2, longest_wait=0.1, poll=0.02)
pytestmark = pytest.mark.xdist_group("painter")


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "store"))


@pytest.fixture
def replicate():
    with FakeReplicate() as service:
        yield service


@pytest.fixture
def runware():
    with FakeRunware() as service:
        yield service


def accounts(tmp_path, caps=Caps(), **services) -> Access:  # noqa: B008 - frozen
    return Access(accounts={name: Account(one.key, one.url) for name, one in services.items()}, home=tmp_path, caps=caps)


def an_order(backend, frames=24, prompt="a city", **changes) -> ShotOrder:
    told = {"slot": Slot(scene=0, start_frame=0, end_frame=frames), "width": 160, "height": 90, "fps": Fraction(12), "encoding": Encoding(threads=1)}
    return ShotOrder(backend=backend, prompt=prompt, quality="basic", seed=3, look=LOOK, **{**told, **changes})


def shoot(order, store, access, heard=None):
    return registry.shoot(order, store, access, (heard if heard is not None else []).append)


# What answers mean


@pytest.mark.parametrize(
    ("headers", "said", "seconds"),
    [
        ({"retry-after": "7"}, "", 7.0),
        ({}, "Request was throttled. Your rate limit resets in ~30s.", 30.0),
        ({}, "Expected available in 1 second.", 1.0),
        ({}, "in 250 ms", 0.25),
        ({}, "busy", None),
    ],
)
def test_how_long_a_busy_service_wants_to_be_left_alone(headers, said, seconds):
    assert _asked_wait(headers, said) == seconds


def test_a_date_in_retry_after_counts_too():
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    assert _asked_wait({"retry-after": date}, "") == pytest.approx(20, abs=2)


class Elsewhere(Loopback):
    """Redirects everything, and serves a file of a hundred bytes."""

    def fetch(self, path, headers):
        if path == "/big":
            return Reply(200, b"x" * 100)
        return Reply(302, b"", {"Location": "https://elsewhere.invalid/"})

    def post(self, path, body, headers):
        return self.fetch(path, headers)


def test_the_key_does_not_follow_a_redirect_and_results_come_from_public_https_only(tmp_path):
    with Elsewhere() as service, Client("replicate", Account("secret", service.url), "", QUICK) as client:
        with pytest.raises(SongreelError, match="redirect"):
            client.get("/v1/predictions")
        client.download(f"{service.url}/big", tmp_path / "big")
        with pytest.raises(SongreelError, match="more than 10 bytes"):
            client.download(f"{service.url}/big", tmp_path / "big", largest=10)
        for address in ("http://example.com/x.mp4", "file:///etc/passwd", "http://127.0.0.1:1/x", "https://127.0.0.1/x"):
            with pytest.raises(SongreelError, match=r"is not https|no public address|names no host"):
                client.download(address, tmp_path / "other")


def test_a_key_is_sent_over_https_only():
    with pytest.raises(MissingDependency, match="is not https"):
        Client("replicate", Account("secret", "http://api.example.com"), "")


def test_an_order_is_not_sent_after_its_time(store):
    with Elsewhere() as service, Client("replicate", Account("secret", service.url), "", QUICK) as client:
        with pytest.raises(TransientError, match="its time had passed"):
            client.order("/x", json={}, by=time.time() - 1)
        assert service.heard == []


def test_a_failed_jobs_words_say_whether_to_try_again():
    assert isinstance(fault_of("replicate", "wan", "Prediction interrupted; please retry (code: PA)", {}), TransientError)
    refused = fault_of("replicate", "wan", "The input image was flagged as sensitive content", {"image": object(), "prompt": "x"})
    assert isinstance(refused, Refused)
    assert refused.refused == "image"
    assert type(fault_of("replicate", "wan", "KeyError: 'x'", {})) is SongreelError


# Refusals


def test_a_refused_prompt_is_softened_once_and_told(store, replicate, tmp_path):
    replicate.ends = ["failed: NSFW content detected"]
    footage = shoot(an_order("wan22_t2v_replicate", prompt="blood on the road"), store, accounts(tmp_path, replicate=replicate))
    prompts = [job["input"]["prompt"] for job in replicate.jobs.values()]
    assert prompts == ["blood on the road", "red paint on the road"]
    assert "milder words for scene 0: red paint on the road" in footage.notes[0].took


def test_a_prompt_without_harsh_words_is_refused_for_good(store, replicate, tmp_path):
    replicate.ends = ["failed: NSFW content detected"]
    with pytest.raises(Refused, match="refused the prompt 'a quiet road'"):
        shoot(an_order("wan22_t2v_replicate", prompt="a quiet road"), store, accounts(tmp_path, replicate=replicate))
    assert len(replicate.jobs) == 1


def test_softening_leaves_parts_of_words_alone():
    assert softened("Blood in a warm Bloodhound's Gun") == "red paint in a warm Bloodhound's microphone"


# Scenes longer than a model


def test_frames_asked_for_are_legal_and_reach():
    wan, goes_on = catalogue.find("video", "wan22_t2v_replicate"), catalogue.find("video", "wan22_i2v_replicate")
    assert [frames for _, frames in parts_of(an_order(wan.name, 24), wan, goes_on)] == [81]
    parts = list(parts_of(an_order(wan.name, 12 * 14), wan, goes_on))
    assert [(profile.name, frames) for profile, frames in parts] == [(wan.name, 100), (goes_on.name, 100), (goes_on.name, 81)]
    assert sum(frames for _, frames in parts) - 2 >= 14 * 16


def test_a_long_scene_goes_on_from_its_last_frame_without_a_step(store, replicate, tmp_path):
    footage = shoot(an_order("wan22_t2v_replicate", 12 * 8), store, accounts(tmp_path, replicate=replicate))
    assert [job["model"] for job in replicate.jobs.values()] == ["wan-video/wan-2.2-t2v-fast", "wan-video/wan-2.2-i2v-a14b"]
    frames = np.stack(list(read_frames(store.get(footage.media), pixel_format="gray"))).astype(float)
    assert len(frames) == footage.frames == 100 + 81 - 1
    steps = np.abs(np.diff(frames, axis=0)).mean((1, 2))
    assert steps[98:102].max() < 1.5 * np.median(steps) + 1.0


def test_an_image_model_begins_with_a_picture_bought_for_its_scene_or_the_painters(store, replicate, runware, tmp_path):
    order = an_order("svd_replicate")
    bought = shoot(order, store, accounts(tmp_path, replicate=replicate, runware=runware))
    assert [task["positivePrompt"] for task in runware.jobs.values()] == ["a city"]
    assert bought.dollars == pytest.approx(0.0006 + 25 / 7 * 0.05)
    runware.refusals = ["flagged as inappropriate"]
    painted = shoot(order.model_copy(update={"seed": 4}), store, accounts(tmp_path, replicate=replicate, runware=runware))
    assert "the painter's picture" in painted.notes[0].took


# Pictures


def test_key_pictures_stand_four_beats_apart_and_there_are_three_at_least():
    assert key_frames(49, 6.0, [number / 2 for number in range(16)]) == [0, 12, 24, 36, 48]
    assert key_frames(7, 6.0, []) == [0, 3, 6]


def test_a_film_of_pictures_is_ordered_in_two_requests_and_every_picture_is_another(store, runware, tmp_path):
    footage = shoot(an_order("flux_frames_runware", 48), store, accounts(tmp_path, runware=runware))
    assert runware.requests == [3, 22]
    assert footage.frames == 25
    frames = np.stack(list(read_frames(store.get(footage.media), width=160, height=90, pixel_format="gray"))).astype(float)
    assert min(np.abs(after - before).mean() for before, after in pairwise(frames)) > 0.5
    assert footage.dollars == pytest.approx(25 * 0.0006)


@pytest.mark.parametrize("fault", ["drop after", "500 after", "garbage after"])
def test_pictures_whose_answer_was_lost_are_collected_by_their_ids(store, runware, tmp_path, fault):
    runware.planned = [fault]
    shoot(an_order("flux_frames_runware", 12), store, accounts(tmp_path, runware=runware))
    assert len(runware.jobs) == 7
    assert [record.attempt for record in records(store)] == [1] * 7


def test_one_refused_picture_of_many_keeps_the_others(store, runware, tmp_path):
    runware.refusals = ["", "flagged by moderation", ""]
    with pytest.raises(Refused, match="refused the prompt 'a city'"):
        shoot(an_order("flux_frames_runware", 12), store, accounts(tmp_path, runware=runware))
    assert sorted(record.state for record in records(store)) == ["accepted", "accepted", "failed"]
    runware.refusals = []
    shoot(an_order("flux_frames_runware", 12), store, accounts(tmp_path, runware=runware))
    assert len(runware.jobs) == 7


def a_sketch(description="the sea at dusk") -> Sketch:
    return Sketch(kind="style", name="Cinematic", description=description, look=LOOK, seed=5)


@pytest.mark.parametrize("name", ["flux_schnell_runware", "sdxl_replicate"])
def test_a_reference_is_bought_once(name, store, replicate, runware, tmp_path):
    access = accounts(tmp_path, replicate=replicate, runware=runware)
    first, again = draw(a_sketch(), store, access, (name, "painter")), draw(a_sketch(), store, access, (name, "painter"))
    assert first.image == again.image
    assert (first.backend, len(replicate.jobs) + len(runware.jobs)) == (name, 1)
    assert first.dollars > 0


def test_references_are_bought_only_for_a_film_with_money_and_painted_when_they_are_refused(store, runware, tmp_path):
    access = accounts(tmp_path, runware=runware)
    assert image_backends.preferred(access) == ("painter",)
    assert image_backends.preferred(access.for_film("film", 1.0)) == ("flux_schnell_runware", "painter")
    runware.refusals = ["flagged by moderation"]
    drawn = draw(a_sketch(), store, access, ("flux_schnell_runware", "painter"))
    assert (drawn.backend, drawn.notes[0].stage) == ("painter", "sketch")


def test_a_cap_holds_for_pictures_too(store, runware, tmp_path):
    with pytest.raises(OverBudget):
        shoot(an_order("flux_frames_runware", 48), store, accounts(tmp_path, Caps("film", 0.01), runware=runware))
    assert runware.requests == [3]  # the key pictures; those between them would have passed the cap, and none of them keeps money
    assert sum(record.committed for record in records(store)) == pytest.approx(3 * 0.0006)


# Webhooks


def signed(body: bytes, at: float, key=WEBHOOK_KEY) -> dict[str, str]:
    sign = base64.b64encode(hmac.new(key, f"msg_1.{int(at)}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"Webhook-Id": "msg_1", "webhook-timestamp": str(int(at)), "WEBHOOK-SIGNATURE": f"v1,AAAA v1,{sign}"}


def test_a_webhook_counts_when_it_is_signed_whole_and_fresh():
    now, body = float(int(time.time())), b'{"id": "p1"}'
    assert webhooks.validated(signed(body, now), body, WEBHOOK_SECRET, now) == "msg_1"
    for headers, content, words in (
        (signed(body, now), body + b" ", "not that of its content"),
        (signed(body, now, b"another key of thirty-two bytes!"), body, "not that of its content"),
        (signed(body, now - 900), body, "900 s off"),
        ({}, body, "not signed"),
    ):
        with pytest.raises(UserError, match=words):
            webhooks.validated(headers, content, WEBHOOK_SECRET, now)


def test_a_webhook_wakes_who_waits_and_late_ones_wake_nobody():
    with webhooks.Bell("job") as bell:
        assert webhooks.ring("job")
        assert webhooks.ring("job")
        assert bell.wait(0)
        assert not bell.wait(0)
    assert not webhooks.ring("job")


def test_the_loopback_services_refuse_a_wrong_key(replicate):
    answer = httpx.post(f"{replicate.url}/v1/models/a/b/predictions", json={"input": {}}, headers={"Authorization": "Bearer no"}, trust_env=False)
    assert answer.status_code == 401
