"""What can go wrong at a service, as errors that say whether trying again may help."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from songreel.errors import SongreelError, TransientError

DATA = Path(__file__).parent / "data" / "refusals.toml"
LONGEST_WORD = 400  # characters of a service's own message that are kept


class Unanswered(TransientError):
    """An order was sent and may have been accepted: it must not be sent again before that is known."""


class Gone(SongreelError):
    """The service knows nothing of what was asked for."""


class NoCredit(SongreelError):
    """The account at the service has no money left."""


class Doubtful(SongreelError):
    """An order may have been bought, and nobody can say: it is not bought again before its time to live is over."""


class Refused(SongreelError):
    """The service's moderation refused an input; ``refused`` says which: 'prompt' or 'image'."""

    def __init__(self, message: str, refused: str = "prompt") -> None:
        super().__init__(message)
        self.refused = refused


def fault_of(service: str, model: str, said: str, about: dict[str, Any]) -> SongreelError:
    """What a failed job's own message means.

    Args:
        service: who said it.
        model: whose job it was.
        said: the message.
        about: the input it was given, to name what was refused.
    """
    words, said = said.lower(), short(said)
    if any(word in words for word in _data()["refused"]):
        image = any(word in words for word in _data()["image"]) and any(not isinstance(value, (str, int, float)) for value in about.values())
        named = "the reference image" if image else f"the prompt {short(str(about.get('prompt', '')), 120)!r}"
        return Refused(f"{model} at {service} refused {named}: {said}", "image" if image else "prompt")
    if any(word in words for word in _data()["passing"]):
        return TransientError(f"{model} at {service} failed: {said}")
    return SongreelError(f"{model} at {service} failed: {said}")


def softened(prompt: str) -> str:
    """The prompt with harsh words replaced; itself when it has none."""
    import re

    for harsh, soft in _data()["softer"].items():
        prompt = re.sub(rf"\b{re.escape(harsh)}\b", soft, prompt, flags=re.IGNORECASE)
    return prompt


def short(text: str, length: int = LONGEST_WORD) -> str:
    """The end of a long message, where the reason stands, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= length else "…" + text[1 - length :]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))
