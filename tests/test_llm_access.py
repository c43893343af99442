"""Which language model is asked, where, with which key and at what price."""

import subprocess
import sys

import pytest

from blocks.settings import read
from songreel.access import NO_ACCESS, Access, Account, LanguageModel
from songreel.errors import MissingDependency, UserError
from songreel.planning.llm_catalogue import Price, address, is_near, parsed, price_of, providers
from songreel.planning.writer import Rules
from songreel.planning.writers import identity_of, writer_of


def test_a_key_goes_with_its_provider_but_not_to_an_address_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("SONGREEL_LLM", "openai:gpt-5-mini")
    assert read().access.llm == LanguageModel("openai:gpt-5-mini", Account("sk-openai"))
    monkeypatch.setenv("SONGREEL_LLM_URL", "https://proxy.example/v1")
    assert read().access.llm == LanguageModel("openai:gpt-5-mini", Account("", "https://proxy.example/v1"))
    monkeypatch.setenv("SONGREEL_LLM_KEY", "mine")
    assert read().access.llm == LanguageModel("openai:gpt-5-mini", Account("mine", "https://proxy.example/v1"))
    assert "mine" not in repr(read().access)
    monkeypatch.delenv("SONGREEL_LLM")
    assert read().access.llm is None


def test_an_address_is_https_unless_it_is_near() -> None:
    assert address(providers()["ollama"], "") == "http://127.0.0.1:11434/v1"
    assert address(providers()["openai"], "http://192.168.1.20:8000/v1/") == "http://192.168.1.20:8000/v1"
    with pytest.raises(UserError, match="only https"):
        address(providers()["openai"], "http://example.com/v1")
    with pytest.raises(UserError, match="set SONGREEL_LLM_URL"):
        address(providers()["compatible"], "")
    assert not is_near("https://api.openai.com/v1")


def test_a_model_has_the_price_of_its_longest_name_and_an_unknown_one_the_dearest() -> None:
    openai = providers()["openai"]
    assert price_of(openai, "gpt-5-mini-2026-01-01", openai.url).of(1_000_000, 1_000_000) == pytest.approx(2.25)
    assert price_of(openai, "gpt-5", openai.url).of(1_000_000, 0) == pytest.approx(1.25)
    assert price_of(openai, "gpt-99", openai.url).of(1_000_000, 0) == pytest.approx(30.0)
    assert price_of(openai, "gpt-99", "http://127.0.0.1:1/v1") == Price()
    assert all("other" in provider.prices for provider in providers().values() if provider.key or not provider.url)


@pytest.mark.parametrize("name", ["", "gpt-5", "openai:", "acme:model"])
def test_a_name_that_cannot_be_says_what_can(name: str) -> None:
    with pytest.raises(UserError, match=r"provider:model|known: openai"):
        parsed(name)


def test_without_a_model_the_writer_says_how_to_name_one() -> None:
    with pytest.raises(MissingDependency, match="set SONGREEL_LLM"):
        writer_of("llm", NO_ACCESS, 1.0)
    assert isinstance(writer_of("rules", NO_ACCESS, 0.0), Rules)


def test_a_writing_is_known_by_its_model_and_what_it_was_told_but_not_by_place_or_key() -> None:
    def known(name: str, key: str = "a", url: str = "") -> str:
        return identity_of("llm", Access(llm=LanguageModel(name, Account(key, url))))

    assert known("openai:gpt-5") == known("openai:gpt-5", "b", "https://proxy.example/v1")
    assert known("openai:gpt-5") != known("openai:gpt-5-mini")
    assert "openai:gpt-5" in known("openai:gpt-5")


def test_naming_a_writer_loads_no_client() -> None:
    code = (
        "import sys; from songreel.planning.writers import writer_of, identity_of; from songreel.access import *; "
        "writer_of('llm', Access(llm=LanguageModel('openai:gpt-5', Account('k'))), 1.0); "
        "assert not {'pydantic_ai', 'openai', 'anthropic', 'httpx2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
