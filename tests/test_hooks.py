"""Signed messages start runs; a real gateway and a real Prefect server, no worker."""

import base64
import hashlib
import hmac
import json
import math
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from blocks.settings import read
from gateway.app import create_app
from gateway.keys import KeyFile
from songreel.access import Access, Account
from songreel.errors import UserError
from songreel.services import webhooks
from songreel.services.buying import Buyer
from songreel.services.client import Patience
from songreel.services.content import Wanted
from songreel.services.jobs import Order
from songreel.services.replicate import Replicate
from songreel.storage import Store
from tests import live
from tests.services.replicate import WEBHOOK_SECRET, FakeReplicate


def secret(seed: int) -> str:
    return "whsec_" + base64.b64encode(bytes([seed] * 24)).decode()


DOCS = Path(__file__).parents[1] / "docs" / "webhooks.md"
SECRET, OLD, FORGED = secret(1), secret(2), secret(3)
TOML = """
[hooks.template]
songs = ["s3://songs/incoming/"]
[hooks.template.parameters]
song = "{{ payload.track.url }}"
request = { prompt = "a film of {{ payload.track.title }}", style = "{{ payload.look? }}", seed = "{{ payload.seed }}" }

[hooks.bucket]
songs = ["s3://songs/incoming/"]
parameters = { request = { prompt = "at {{ record.awsRegion }}", quality = "preview" } }

[hooks.minio]
keys = true

[hooks.named.parameters]
song = "{{ payload.track.url }}"

[hooks.look]
deployment = "analyse/cpu"
parameters = { song = "{{ payload.song }}" }

[hooks.block]

[hooks.nobodys]
"""


class House:
    """A running gateway with hooks."""

    def __init__(self, process: live.Process, home: Path, prefect: str, key: str, service: FakeReplicate) -> None:
        self.url, self.home, self.prefect, self.key, self.process, self.service = process.url, home, prefect, key, process, service

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return httpx.post(self.url + path, content=body, headers={"Content-Type": "application/json", **headers}, timeout=60, trust_env=False)

    def send(self, hook: str, payload: Any, told: str = "", key: str = SECRET, off: float = 0.0) -> httpx.Response:
        """A message by Standard Webhooks."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.post(f"/hooks/{hook}", body, signed(body, told or f"msg_{time.monotonic_ns()}", key, off))

    def run(self, answer: httpx.Response) -> dict[str, Any]:
        """The run that a message started."""
        assert answer.status_code == 202, answer.text
        return dict(live.call(self.prefect, f"/flow_runs/{answer.json()['job_id']}", method="GET"))

    def runs(self) -> int:
        return int(live.call(self.prefect, "/flow_runs/count", {}))


def signed(body: bytes, told: str, key: str = SECRET, off: float = 0.0) -> dict[str, str]:
    stamp = int(time.time() + off)
    return {"webhook-id": told, "webhook-timestamp": str(stamp), "webhook-signature": webhooks.signature(key, told, stamp, body)}


def refused(answer: httpx.Response, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]
    assert SECRET[6:] not in answer.text


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("hooks")
    (home / "hooks.toml").write_text(TOML)
    key = KeyFile(home / "keys.json").add("maker", ["make"])[1]
    secrets = {"render": SECRET, "turning": [SECRET, OLD], "template": SECRET, "bucket": SECRET, "look": SECRET, "named": SECRET}
    settings = {
        "SONGREEL_HOME": str(home), "SONGREEL_HOOK_SECRETS": json.dumps(secrets), "SONGREEL_STORE": str(home / "store"),
        "SONGREEL_GATEWAY_RATES": '{"refused": 6000}', "RUNPOD_API_KEY": "rp_key",
    }  # fmt: skip
    with live.server() as prefect, FakeReplicate(work=1.5) as service:  # of its own: no other test's worker takes these jobs
        settings |= {"REPLICATE_API_TOKEN": service.key, "REPLICATE_BASE_URL": service.url}
        live.register(prefect.url, only=["music-video/cpu", "analyse/cpu"])
        with live.gateway(prefect.url, settings) as process:
            yield House(process, home, prefect.url, key, service)


PLAIN = {"song": "s3://songs/incoming/night.flac", "request": {"style": "synthwave", "quality": "preview"}}


def test_a_signed_message_starts_one_run_however_often_it_comes(house: House) -> None:
    before = house.runs()
    answers = [house.send("render", PLAIN, "msg_once") for _ in range(4)]
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    assert house.runs() == before + 1
    run = house.run(answers[0])
    assert run["parameters"] == PLAIN
    assert {"songreel", "hook"} <= set(run["tags"])
    assert httpx.get(house.url + answers[0].json()["jobs"][0]["links"]["self"], headers=_bearer(house), trust_env=False).status_code == 200


def test_another_body_under_the_same_id_is_refused_signed_or_not(house: House) -> None:
    first = house.send("render", PLAIN, "msg_body")
    other = {**PLAIN, "song": "s3://songs/incoming/other.flac"}
    refused(house.send("render", other, "msg_body"), 409, "came with another body before")
    body = json.dumps(PLAIN).encode()
    refused(house.post("/hooks/render", json.dumps(other).encode(), signed(body, "msg_body")), 401, "is not that of its content")
    assert house.send("turning", PLAIN, "msg_body").json()["job_id"] != first.json()["job_id"]  # ids are each hook's own


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"webhook-signature": ""}, "not signed as it should be"), ({"webhook-id": ""}, "not signed as it should be"),
        ({"webhook-timestamp": "soon"}, "not signed as it should be"), ({"webhook-timestamp": "1_000"}, "not signed as it should be"),
        ({"webhook-timestamp": "9" * 400}, "not signed as it should be"), ({"webhook-signature": "v1,AAAA"}, "not that of its content"),
        ({"webhook-signature": "v1,\xff\xfe"}, "not that of its content"), ({"webhook-signature": "v2,AAAA v1a,BBBB"}, "not that of its content"),
        ({"webhook-id": "msg_another"}, "not that of its content"),
    ],
)  # fmt: skip
def test_what_is_not_signed_as_it_should_be_is_401(house: House, change: dict[str, str], words: str) -> None:
    body = json.dumps(PLAIN).encode()
    raw = [(name, value.encode("latin-1")) for name, value in {**signed(body, "msg_bad"), **change}.items()]
    answer = httpx.post(f"{house.url}/hooks/render", content=body, headers=raw, trust_env=False)
    refused(answer, 401, words)


def test_old_and_future_and_forged_messages_are_401_and_unknown_hooks_404(house: House) -> None:
    before = house.runs()
    refused(house.send("render", PLAIN, off=-301), 401, "at most 300 are taken")
    refused(house.send("render", PLAIN, off=305), 401, "at most 300 are taken")
    assert house.send("render", PLAIN, "msg_late", off=-280).status_code == 202
    refused(house.send("render", PLAIN, key=FORGED), 401, "is not that of its content")
    refused(house.post("/hooks/render", b"{}", {}), 401, "not signed")
    refused(house.send("nothing", PLAIN), 404, "there is no hook called 'nothing'")
    refused(house.send("nobodys", PLAIN), 401, "has no secret here")
    assert house.runs() == before + 1


def test_while_a_secret_is_changed_both_count_and_each_of_several_signatures(house: House) -> None:
    assert house.send("turning", PLAIN, key=OLD).status_code == 202
    assert house.send("turning", PLAIN, key=SECRET).status_code == 202
    body = json.dumps(PLAIN).encode()
    right, wrong = signed(body, "msg_two"), signed(body, "msg_two", FORGED)
    both = {**right, "webhook-signature": f"{wrong['webhook-signature']} {right['webhook-signature']}"}
    assert house.post("/hooks/render", body, both).status_code == 202


def test_a_secret_block_of_prefect_counts_too(house: House) -> None:
    kind = live.call(house.prefect, "/block_types/slug/secret", method="GET")["id"]
    found = live.call(house.prefect, "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [kind]}}})
    document = {"name": "songreel-hook-block", "data": {"value": SECRET}, "block_type_id": kind, "block_schema_id": found[0]["id"]}
    live.call(house.prefect, "/block_documents/", document)
    assert house.send("block", PLAIN).status_code == 202
    refused(house.send("block", PLAIN, key=FORGED), 401, "is not that of its content")


def test_the_plain_signature_counts_and_the_same_words_are_the_same_run(house: House) -> None:
    def plain(body: bytes, stamp: int, key: str = SECRET) -> httpx.Response:
        sign = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return house.post("/hooks/render", body, {"X-Songreel-Timestamp": str(stamp), "X-Songreel-Signature": f"sha256={sign}"})

    now, body = int(time.time()), json.dumps(PLAIN).encode()
    first = plain(body, now)
    assert first.status_code == 202
    assert plain(body, now).json()["job_id"] == first.json()["job_id"]  # a replay
    assert plain(body, now - 1).json()["job_id"] != first.json()["job_id"]  # a new order of the same film
    named = json.dumps({**PLAIN, "id": "order-9"}).encode()
    assert plain(named, now).json()["job_id"] == plain(named, now - 9).json()["job_id"]  # told again
    refused(plain(json.dumps({**PLAIN, "approve": True, "id": "order-9"}).encode(), now), 409, "came with another body")
    refused(plain(body, now - 400), 401, "at most 300 are taken")
    refused(plain(body, now, FORGED), 401, "is not that of its content")


@pytest.mark.parametrize("number", [1, 2])
def test_the_shell_examples_of_the_docs_work(house: House, number: int) -> None:
    example = re.findall(r"```sh\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[number]
    surroundings = {**os.environ, "GATEWAY": house.url, "SECRET": SECRET, "NO_PROXY": "127.0.0.1"}
    answer = subprocess.run(["bash", "-euo", "pipefail", "-c", example], env=surroundings, stdout=subprocess.PIPE, check=True).stdout
    assert json.loads(answer)["job_id"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hook_secrets": '{"render": "hunter2"}'}, "the secret of the hook render: .*openssl rand"), ({"hook_secrets": "[7]"}, "no JSON object"),
        ({"hook_targets": '{"https://a.example": "whsec_"}'}, "openssl rand"), ({"hooks": "missing.toml"}, "missing.toml cannot be read"),
        ({"hooks": '[hooks.a]\nparameters = { song = "{{ os.environ }}" }'}, "a place is {{ payload"), ({"hooks": "[hooks.A]"}, "the hooks in"),
        ({"hooks": '[hooks.a]\nsongs = ["/etc"]'}, "is no s3://bucket/prefix"),
    ],
)  # fmt: skip
def test_a_gateway_with_hooks_that_cannot_be_read_says_so_and_does_not_start(given: dict[str, str], words: str, tmp_path: Path) -> None:
    if given.get("hooks", "").startswith("["):
        (tmp_path / "hooks.toml").write_text(given.pop("hooks"))
    with pytest.raises(UserError, match=words) as caught:
        create_app(read(home=tmp_path, **given))
    assert "hunter2" not in str(caught.value)


def _record(key: str, event: str = "ObjectCreated:Put", sequencer: str = "0A1B", **more: Any) -> dict[str, Any]:
    thing = {"key": key, "size": 1024, "eTag": "d41d", "sequencer": sequencer}
    return {
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1", "eventName": event,
        "s3": {"bucket": {"name": "songs", "arn": "arn:aws:s3:::songs"}, "object": {**thing, **more}},
    }  # fmt: skip


def test_an_s3_event_starts_a_run_for_each_new_song_and_names_what_it_passes_over(house: House) -> None:
    records = [
        _record("incoming/Gr%C3%B6%C3%9Fe+Nacht%2B1.flac"), _record("incoming/cover.jpg"), _record("incoming/gone.mp3", "ObjectRemoved:Delete"),
        _record("elsewhere/private.flac"), _record("incoming/../elsewhere/private.flac"), _record("incoming/day.mp3", "s3:ObjectCreated:Copy", "2"),
        _record("incoming/nothing.mp3", size=0), _record("incoming-2/other.flac"), {"s3": {}}, _record("incoming/%ff.mp3"),
    ]  # fmt: skip
    answer = house.send("bucket", {"Records": records}, "msg_s3")
    told = answer.json()
    runs = [live.call(house.prefect, f"/flow_runs/{job['job_id']}", method="GET")["parameters"] for job in told["jobs"]]
    assert [run["song"] for run in runs] == ["s3://songs/incoming/Größe Nacht+1.flac", "s3://songs/incoming/day.mp3"]
    assert runs[0]["request"] == {"prompt": "at eu-central-1", "quality": "preview"}
    assert [one["why"].split(":")[0][:20] for one in told["ignored"]] == [
        "it is no song by its", "ObjectRemoved", "it is not in a place", "it is no key that is", "it is empty", "it is not in a place",
        "it names no bucket a", "it names no bucket a",
    ]  # fmt: skip
    before = house.runs()
    again = house.send("bucket", {"Records": records[:1]}, "msg_s3_other_id").json()  # told once more by whoever passes it on
    assert again["job_id"] == told["job_id"]
    assert house.runs() == before
    assert house.send("bucket", {"Records": [_record("incoming/day.mp3", sequencer="3")]}).json()["job_id"] != told["jobs"][1]["job_id"]


def test_tests_of_s3_and_minios_and_event_bridges_forms_are_understood(house: House) -> None:
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "songs", "RequestId": "1", "HostId": "2"}
    assert house.send("bucket", test).json() == {"job_id": "", "jobs": [], "ignored": [{"what": "s3:TestEvent", "why": "it is a test"}]}
    minio = {
        "EventName": "s3:ObjectCreated:Put",
        "Key": "songs/incoming/a b.wav",
        "Records": [_record("incoming%2Fa+b.wav", "s3:ObjectCreated:Put", "9")],
    }
    body = json.dumps(minio).encode()
    answer = house.post("/hooks/minio", body, _bearer(house))  # it cannot sign: a key that may make films
    assert house.run(answer)["parameters"]["song"] == "s3://songs/incoming/a b.wav"
    refused(house.post("/hooks/minio", body, {"Authorization": "Bearer srk_wrong"}), 401, "this key is not known")
    refused(house.post("/hooks/render", body, _bearer(house)), 401, "not signed")
    detail = {"bucket": {"name": "songs"}, "object": {"key": "incoming/a+b.wav", "size": 9, "sequencer": "A"}}
    bridge = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    assert house.run(house.post("/hooks/minio", json.dumps(bridge).encode(), _bearer(house)))["parameters"]["song"] == "s3://songs/incoming/a+b.wav"


def test_what_a_message_says_is_data_and_never_a_template(house: House) -> None:
    evil = "{{ record }} {{ payload.seed }} {% for a in b %} ${HOME} %(x)s {0.__class__}"
    payload = {"track": {"url": "s3://songs/incoming/a.flac", "title": evil}, "seed": 11, "other": {"deep": 1}}
    run = house.run(house.send("template", payload))
    assert run["parameters"] == {"song": payload["track"]["url"], "request": {"prompt": f"a film of {evil}", "seed": 11}}
    for kind in ("workspace_variable", "jinja", "json"):
        hostile = {**payload, "look": {"__prefect_kind": kind, "variable_name": "secret", "template": "{{ 7 * 7 }}", "value": "1"}}
        refused(house.send("template", hostile), 422, "__prefect_kind, which is not data")


@pytest.mark.parametrize(
    ("hook", "change", "words"),
    [
        ("template", {"seed": None}, "the message has no payload.seed"), ("template", {"seed": "seven"}, "request.seed"),
        ("template", {"track": {"url": "s3://songs/incoming/a.flac", "title": {"a": 1}}}, "payload.track.title is no text"),
        ("template", {"look": "no such style"}, "no such style"),
        ("template", {"track": {"url": "s3://songs/elsewhere/a.flac", "title": "x"}}, "not in a place that is open to this hook"),
        ("template", {"track": {"url": "https://songs.example/a.flac", "title": "x"}}, "not in a place that is open to this hook"),
        ("named", {"track": {"url": "/etc/passwd", "title": "x"}}, "public https:// address"),
        ("named", {"track": {"url": "https://169.254.169.254/song.flac", "title": "x"}}, "no public address"),
        ("template", {"n": math.nan}, "a number that is none"), ("template", {"n": 1 << 70}, "a number that is none"),
        ("template", {"n": "\ud800"}, "half a letter"), ("template", {"a\0": 1}, "a NUL"), ("template", {"id": "\udfff"}, "half a letter"),
        ("render", {}, "track: Extra inputs are not permitted"), ("look", {"song": 7}, "analyse/cpu does not take this: song"),
    ],
)  # fmt: skip
def test_what_the_flow_does_not_take_is_422_with_a_sentence(house: House, hook: str, change: dict[str, Any], words: str) -> None:
    before = house.runs()
    payload = {"track": {"url": "s3://songs/incoming/a.flac", "title": "x"}, "seed": 1, **change}
    refused(house.send(hook, payload), 422, words)
    assert house.runs() == before


def test_a_template_may_start_any_deployment(house: House) -> None:
    run = house.run(house.send("look", {"song": "s3://songs/incoming/a.flac"}))
    assert run["parameters"]["song"] == "s3://songs/incoming/a.flac"


def test_messages_that_are_no_message_are_refused(house: House) -> None:
    refused(house.send("render", b"no JSON"), 422, "is no JSON")
    refused(house.send("render", b"[1]"), 422, "no JSON object")
    refused(house.send("render", b"[" * 100_000), 422, "is no JSON")
    nested: Any = 1
    for _ in range(30):
        nested = {"a": nested}
    refused(house.send("render", {**PLAIN, "request": nested}), 422, "levels deep")
    refused(house.send("render", b" " * (300 << 10)), 413, "larger than 256 KB")


def test_callbacks_of_services_are_passed_on_through_the_store_and_forged_ones_are_not(house: House) -> None:
    store = Store(str(house.home / "store"))
    body = json.dumps({"id": "prediction-1", "status": "succeeded"}).encode()
    with webhooks.Bell("prediction-1", store) as bell, webhooks.Bell("job-2", store) as other:
        refused(house.post("/callbacks/replicate", body, signed(body, "msg_r", FORGED)), 401, "is not that of its content")
        assert not bell.wait(1.2)
        for _ in range(2):  # services tell twice
            assert house.post("/callbacks/replicate", body, signed(body, "msg_r", WEBHOOK_SECRET)).status_code == 204
        assert bell.wait(5)
        told = json.dumps({"id": "job-2", "status": "COMPLETED", "output": {}}).encode()
        right = hmac.new(b"rp_key", b"songreel callbacks", hashlib.sha256).hexdigest()
        refused(house.post("/callbacks/runpod/wrong", told, {}), 404, "there is nothing here")
        assert not other.wait(1.2)
        assert house.post(f"/callbacks/runpod/{right}", told, {}).status_code == 200
        assert other.wait(5)
    assert house.post(f"/callbacks/runpod/{right}", told, {}).status_code == 200  # late: nobody waits
    refused(house.post(f"/callbacks/runpod/{right}", b'{"id": 7}', {}), 422, "names no job")
    assert right not in house.process.said


def test_an_order_at_replicate_is_woken_by_its_callback_to_another_process(house: House) -> None:
    store = Store(str(house.home / "store"))
    account = Account(house.service.key, house.service.url, webhook=f"{house.url}/callbacks/replicate")
    order = Order("replicate", "wan", "wan-video/wan", {"prompt": "a sea", "seed": 5, "num_frames": 8}, 0.1)
    house.service.webhooks = 2
    began = time.monotonic()
    with Replicate(account, Patience(poll=300.0)) as provider:  # by itself it would look again in five minutes
        buyer = Buyer(store, Access(accounts={"replicate": account}, home=house.home), provider, lambda share: None)
        assert buyer.buy(order, Wanted(frames=8)).state == "done"
    assert time.monotonic() - began < 60


def test_services_are_told_where_to_call_only_when_the_gateway_has_an_address_and_it_is_shown_nowhere(tmp_path: Path) -> None:
    keys = {"replicate_api_token": "r8_key", "runpod_api_key": "rp_key", "runware_api_key": "rw_key"}
    assert {one.webhook for one in read(home=tmp_path, **keys).access.accounts.values()} == {""}
    settings = read(home=tmp_path, callback_url="https://gate.example/", **keys)
    told = {name: one.webhook for name, one in settings.access.accounts.items()}
    assert told["replicate"] == "https://gate.example/callbacks/replicate"
    assert re.fullmatch(r"https://gate\.example/callbacks/runpod/[0-9a-f]{64}", told["runpod"])
    assert told["runware"] == ""
    assert settings.runpod_callback not in repr(settings.access)
    own = read(home=tmp_path, callback_url="https://gate.example", callback_secret="of mine", **keys)
    assert own.runpod_callback != settings.runpod_callback


def _bearer(house: House) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.key}"}
