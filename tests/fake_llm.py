"""Language model services on loopback: OpenAI's chat completions and Anthropic's messages as they are documented, faults included.

A `Mind` decides what is said; the server speaks the protocol. Every request is kept.

Source: https://platform.openai.com/docs/api-reference/chat, https://docs.anthropic.com/en/api/messages (November 2026).
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from songreel.access import Account, LanguageModel

TOKENS_IN, TOKENS_OUT = 1000, 500  # of every answer
ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error", 500: "api_error",
    529: "overloaded_error",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request: what the protocol carried."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def form(self) -> str:
        """The name of the answer's form: the tool's; empty when no tool was offered."""
        tools = self.body.get("tools") or [{}]
        return str(tools[0].get("function", tools[0]).get("name", ""))

    @property
    def said(self) -> str:
        """All that was told, as one text."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def data(self) -> dict[str, Any]:
        """The song's data from the first message of the user."""
        first = next(message for message in self.body["messages"] if message["role"] == "user")
        content = first["content"]
        text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
        return json.loads(text[text.index("\n{") : text.rindex("}\n") + 1])


@dataclass(frozen=True)
class Fault:
    """An answer that is none. ``status`` 0 closes the connection; ``body`` is sent as it is."""

    status: int
    message: str = "no"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Refusal:
    """The model declines."""

    text: str = "I cannot help with that."


@dataclass(frozen=True)
class Plain:
    """Words instead of a call of the tool."""

    text: str


Said = dict[str, Any] | Fault | Refusal | Plain
Mind = Callable[[Asked], Said]


class LoopbackModel:
    """A running service."""

    def __init__(self, mind: Mind, pause: float = 0.0) -> None:
        self.mind, self.pause, self.asked = mind, pause, list[Asked]()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def model(self, protocol: str = "openai", key: str = "sk-secret-of-the-test", name: str = "gpt-5-mini", patience: float = 20.0) -> LanguageModel:
        """The access to it."""
        address = self.url + ("/v1" if protocol == "openai" else "")
        provider = {"openai": "openai", "anthropic": "anthropic"}[protocol]
        return LanguageModel(f"{provider}:{name if protocol == 'openai' else 'claude-sonnet-5'}", Account(key, address), patience)


@contextmanager
def serving(mind: Mind, pause: float = 0.0) -> Iterator[LoopbackModel]:
    """A service that says what a mind decides, `pause` seconds late."""
    service = LoopbackModel(mind, pause)
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
        thread.join()


def _handler(service: LoopbackModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            service.asked.append(asked)
            time.sleep(service.pause)
            said = service.mind(asked)
            if isinstance(said, Fault):
                self._fail(said)
            elif self.path == "/v1/chat/completions":
                self._send(200, chat_completion(asked, said))
            elif self.path.split("?")[0] == "/v1/messages":
                self._send(200, message(asked, said))
            else:
                self._fail(Fault(404, f"no such path: {self.path}"))

        def _fail(self, fault: Fault) -> None:
            if not fault.status:
                self.close_connection = True
                self.connection.close()
                return
            kind = ERRORS.get(fault.status, "api_error")
            told = {"type": "error", "error": {"message": fault.message, "type": kind, "code": kind}}
            self._send(fault.status, told, fault.headers, fault.body)

        def _send(self, status: int, told: dict[str, Any], headers: dict[str, str] | None = None, body: bytes | None = None) -> None:
            content = json.dumps(told).encode() if body is None else body
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the other end has gone, which some tests want
                self.close_connection = True

    return Handler


def chat_completion(asked: Asked, said: Said) -> dict[str, Any]:
    """OpenAI's answer."""
    finish = "stop"
    reply: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    if isinstance(said, Refusal):
        reply["refusal"] = said.text
    elif isinstance(said, Plain) or not asked.form:
        reply["content"] = said.text if isinstance(said, Plain) else json.dumps(said)
    else:
        finish = "tool_calls"
        call = {"id": f"call_{len(json.dumps(said))}", "type": "function", "function": {"name": asked.form, "arguments": json.dumps(said)}}
        reply["tool_calls"] = [call]
    usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": TOKENS_OUT, "total_tokens": TOKENS_IN + TOKENS_OUT}
    choice = {"index": 0, "message": reply, "finish_reason": finish, "logprobs": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": asked.body["model"],
        "choices": [choice],
        "usage": usage,
    }


def message(asked: Asked, said: Said) -> dict[str, Any]:
    """Anthropic's answer."""
    stop, content = "end_turn", list[dict[str, Any]]()
    if isinstance(said, Refusal):
        stop, content = "refusal", [{"type": "text", "text": said.text}]
    elif isinstance(said, Plain) or not asked.form:
        content = [{"type": "text", "text": said.text if isinstance(said, Plain) else json.dumps(said)}]
    else:
        stop, content = "tool_use", [{"type": "tool_use", "id": "toolu_1", "name": asked.form, "input": said}]
    usage = {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT}
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": asked.body["model"], "content": content, "stop_reason": stop,
            "stop_sequence": None, "usage": usage}  # fmt: skip


def director(asked: Asked) -> Said:
    """A mind that answers as it was asked: a good treatment, and every scene it was told of."""
    data = asked.data
    return good_treatment(data) if "sections" in data else {"scenes": good_scenes(data)}


def good_treatment(data: dict[str, Any]) -> dict[str, Any]:
    """A treatment that fits the brief: the first two worlds, one character."""
    return {
        "logline": "A keeper rows out to relight the lamp",
        "style": next(iter(data["styles"])),
        "style_because": "it has the colours of the story",
        "palette": data["palettes"][0],
        "characters": [{"name": "Keeper", "description": "an old woman in a yellow oilskin coat"}],
        "places": ["a harbour", "a rock in the sea"],
        "objects": ["a brass lamp"],
        "worlds": list(data["worlds"])[:2],
        "story": [{"section": section["index"], "text": f"Part {section['index']}: she rows on"} for section in data["sections"]],
    }


def good_scenes(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Scenes that fit what was asked."""
    worlds = data["worlds"]
    names = list(worlds)
    return [
        {
            "index": scene["index"],
            "place": "a black rock in a grey sea",
            "subject_text": "an old woman in a yellow oilskin coat",
            "action": f"pulls at the oars, stroke {scene['index']}",
            "light": "a lamp swings over the water",
            "camera_text": "low over the bow",
            "world": names[at % len(names)],
            "subject": worlds[names[at % len(names)]]["subjects"][0],
            "variant": at % 4,
            "hour": "dawn",
            "weather": "fog",
            "camera": "push",
            "intensity": 1.0,
        }
        for at, scene in enumerate(data["scenes"])
    ]
