"""A language model's client: the right protocol at the right address, with a key that goes nowhere else."""

import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from songreel.access import LanguageModel
from songreel.errors import MissingDependency
from songreel.planning.llm_catalogue import address, parsed

MEND = "uv sync --extra llm"
NO_KEY = "none"  # what clients send to endpoints that want no key; they refuse an empty one
STRANGE = ("openai-organization", "openai-project")
"""Headers that a vendor's library adds from the environment, which another's endpoint must not see."""
UNTAKEN = "Sampling parameters"
"""How pydantic-ai's warning begins that a model has no temperature; that is nothing a person can mend."""


@asynccontextmanager
async def client_of(model: LanguageModel) -> AsyncIterator[Any]:
    """A pydantic-ai model, closed afterwards. No redirects are followed: they would carry the key along.

    Raises:
        MissingDependency: the llm extra is not installed.
        UserError: the model's name or address cannot be.
    """
    provider, name = parsed(model.name)
    url = address(provider, model.account.url)
    try:
        import httpx2
        import pydantic_ai  # noqa: F401 - the extra is there
    except ImportError as error:
        raise MissingDependency(f"a language model needs the llm extra: {MEND}") from error
    warnings.filterwarnings("ignore", message=UNTAKEN, category=UserWarning)
    hooks = {"request": [_without(STRANGE)] if model.account.url else []}
    async with httpx2.AsyncClient(follow_redirects=False, timeout=model.patience, event_hooks=hooks) as http:
        make = _anthropic if provider.protocol == "anthropic" else _openai
        yield make(provider.id, name, url, model, http)


def _openai(provider: str, name: str, url: str, model: LanguageModel, http: Any) -> Any:
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    client = AsyncOpenAI(api_key=model.account.key or NO_KEY, base_url=url, max_retries=0, timeout=model.patience, http_client=http)
    if provider == "openai":
        return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client))
    return OpenAIChatModel(name, provider=OpenAICompatibleProvider(provider, openai_client=client))


def _anthropic(provider: str, name: str, url: str, model: LanguageModel, http: Any) -> Any:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(api_key=model.account.key or NO_KEY, base_url=url, max_retries=0, timeout=model.patience, http_client=http)
    return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=client))


def _without(names: tuple[str, ...]) -> Callable[[Any], Awaitable[None]]:
    async def hook(request: Any) -> None:
        for name in names:
            request.headers.pop(name, None)

    return hook
