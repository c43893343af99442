"""What the environment says: the one place that reads it, and the builder of the store.

Every setting is ``SONGREEL_<NAME>`` in the environment or in ``.env``. Secrets keep the name their service gave them.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from songreel.access import Access, Account, Caps, LanguageModel
from songreel.errors import UserError
from songreel.storage import Store


class Settings(BaseSettings):
    """Where things lie, how many workers draw, and the keys of paid services."""

    model_config = SettingsConfigDict(env_prefix="SONGREEL_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    home: Annotated[Path, Field(description="Folder of the local server, logs and locks.")] = Path("~/.songreel")
    store: Annotated[str, Field(description="Media store: a folder or s3://bucket/prefix; empty: 'store' in the home folder.")] = ""
    songs: Annotated[
        tuple[str, ...], NoDecode, Field(description="Folders, or s3://bucket/prefix, whose songs callers of deployments may name; joined by ':'.")
    ] = ()
    keep_hours: Annotated[float, Field(gt=0, description="Hours for which the store keeps what films are made of, after its last use.")] = 24.0
    keep_films_days: Annotated[float, Field(gt=0, description="Days for which the store keeps films and their reels.")] = 7.0
    approval_hours: Annotated[float, Field(gt=0, description="Hours for which a run waits for a person's answer.")] = 168.0
    flow_run: Annotated[str, Field(validation_alias="PREFECT__FLOW_RUN_ID", description="The run for which a worker started this process.")] = ""
    workers: Annotated[int | None, Field(ge=1, le=256, description="Processes that draw and listen; empty: one per core.")] = None
    server: Annotated[Literal["kept", "throwaway"], Field(description="Keep the local Prefect server for later runs, or end it with the run.")] = (
        "kept"
    )
    port: Annotated[int, Field(ge=0, le=65535, description="Preferred port of the local Prefect server.")] = 4280
    prefect_api_url: Annotated[str, Field(validation_alias="PREFECT_API_URL", description="A Prefect server of your own, used instead.")] = ""
    prefect_api_key: Annotated[SecretStr | None, Field(validation_alias="PREFECT_API_KEY")] = None
    prefect_api_auth_string: Annotated[SecretStr | None, Field(validation_alias="PREFECT_API_AUTH_STRING")] = None
    gateway_port: Annotated[int, Field(ge=0, le=65535, description="Port of the gateway; 0: any free one.")] = 4290
    gateway_keys: Annotated[Path | None, Field(description="File of the gateway's keys; empty: 'keys.json' in the home folder.")] = None
    gateway_cors: Annotated[
        list[str], Field(description='Web pages of other origins that may call the gateway, as JSON: ["https://a.example"].')
    ] = []
    gateway_rates: Annotated[
        dict[str, float], Field(description='Requests a minute for each key, by scope, as JSON: {"read": 1200, "make": 60}.')
    ] = {}
    gateway_redirect: Annotated[bool, Field(description="Send callers to the bucket for films, by an address that is good for minutes.")] = False
    upload_limit_mb: Annotated[int, Field(ge=1, description="The largest song that the gateway takes, in megabytes.")] = 512
    hooks: Annotated[Path | None, Field(description="File of hooks and what each starts; empty: 'hooks.toml' in the home folder.")] = None
    hook_secrets: Annotated[SecretStr | None, Field(description='Secrets of hooks by name, as JSON: {"render": "whsec_..."}.')] = None
    hook_targets: Annotated[
        SecretStr | None, Field(description='Whom to tell of films, and with which secret, as JSON: {"https://a.example/in": "whsec_..."}.')
    ] = None
    hook_private: Annotated[
        list[str], Field(description='Hosts that may be told though they are not public, as JSON: ["hooks.internal", "127.0.0.1"].')
    ] = []
    callback_url: Annotated[str, Field(description="Public address of the gateway, which services tell when a job ends; empty: none.")] = ""
    callback_secret: Annotated[SecretStr | None, Field(description="Secret part of the address that RunPod tells; empty: made of its key.")] = None
    replicate_webhook_secret: Annotated[SecretStr | None, Field(validation_alias="REPLICATE_WEBHOOK_SECRET")] = None
    catalogue: Annotated[Path | None, Field(description="A catalogue of backends of your own (TOML), beside the built-in one.")] = None
    weights: Annotated[Path | None, Field(description="Folder of model weights; empty: the Hugging Face cache.")] = None
    hf_home: Annotated[Path | None, Field(validation_alias="HF_HOME")] = None
    hf_hub_cache: Annotated[Path | None, Field(validation_alias="HF_HUB_CACHE")] = None
    budget_day: Annotated[float | None, Field(ge=0, description="The most that paid services may cost a day (UTC), in dollars.")] = None
    budget_provider: Annotated[dict[str, float], Field(description='The same for each service, as JSON: {"replicate": 5}.')] = {}
    replicate_base_url: Annotated[str, Field(validation_alias="REPLICATE_BASE_URL")] = ""
    runpod_base_url: Annotated[str, Field(validation_alias="RUNPOD_ENDPOINT_BASE_URL")] = ""
    runpod_endpoints: Annotated[dict[str, str], Field(description="Ids of your RunPod endpoints by backend, as JSON.")] = {}
    runware_base_url: Annotated[str, Field(validation_alias="RUNWARE_BASE_URL")] = ""
    replicate_api_token: Annotated[SecretStr | None, Field(validation_alias="REPLICATE_API_TOKEN")] = None
    runpod_api_key: Annotated[SecretStr | None, Field(validation_alias="RUNPOD_API_KEY")] = None
    runware_api_key: Annotated[SecretStr | None, Field(validation_alias="RUNWARE_API_KEY")] = None
    openai_api_key: Annotated[SecretStr | None, Field(validation_alias="OPENAI_API_KEY")] = None
    anthropic_api_key: Annotated[SecretStr | None, Field(validation_alias="ANTHROPIC_API_KEY")] = None
    mistral_api_key: Annotated[SecretStr | None, Field(validation_alias="MISTRAL_API_KEY")] = None
    deepseek_api_key: Annotated[SecretStr | None, Field(validation_alias="DEEPSEEK_API_KEY")] = None
    openrouter_api_key: Annotated[SecretStr | None, Field(validation_alias="OPENROUTER_API_KEY")] = None
    groq_api_key: Annotated[SecretStr | None, Field(validation_alias="GROQ_API_KEY")] = None
    llm: Annotated[str, Field(description="The language model that may write films: provider:model, such as anthropic:claude-sonnet-5.")] = ""
    llm_url: Annotated[str, Field(description="Address of a language model's endpoint of your own; empty: the provider's.")] = ""
    llm_key: Annotated[SecretStr | None, Field(description="Key for that address.")] = None
    gpu_pool: Annotated[str, Field(description="Work pool whose workers shoot what needs a GPU; empty: this machine shoots all.")] = ""
    shoot_on_pool: Annotated[bool, Field(description="Let that pool shoot the painter's scenes too.")] = False
    llm_patience: Annotated[float, Field(gt=0, le=3600, description="Seconds to wait for one answer of a language model.")] = 300.0

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("songs", mode="before")
    @classmethod
    def _listed(cls, songs: object) -> object:
        """Folders and addresses out of one line, joined as in PATH; an address keeps its own colon."""
        if not isinstance(songs, str):
            return songs
        return tuple(part for part in re.split(rf"{re.escape(os.pathsep)}(?!//)", songs) if part)

    @property
    def store_url(self) -> str:
        """Address of the media store."""
        return self.store or str(self.home / "store")

    @property
    def server_home(self) -> Path:
        """Folder of the local Prefect server."""
        return self.home / "prefect"

    @property
    def prefect_headers(self) -> dict[str, str]:
        """With which a Prefect server of the user's own lets us in, when it asks for a word."""
        if self.prefect_api_key:
            return {"Authorization": f"Bearer {self.prefect_api_key.get_secret_value()}"}
        if self.prefect_api_auth_string:
            return {"Authorization": f"Basic {base64.b64encode(self.prefect_api_auth_string.get_secret_value().encode()).decode()}"}
        return {}

    @property
    def logs(self) -> Path:
        """Folder of the tracebacks of our own faults."""
        return self.home / "logs"

    @property
    def access(self) -> Access:
        """What backends may use: accounts whose key is set, weights, catalogues of one's own."""
        services = {
            "replicate": (self.replicate_api_token, self.replicate_base_url, {}),
            "runpod": (self.runpod_api_key, self.runpod_base_url, self.runpod_endpoints),
            "runware": (self.runware_api_key, self.runware_base_url, {}),
        }
        accounts = {
            name: Account(key.get_secret_value(), url, endpoints, self.callback_of(name)) for name, (key, url, endpoints) in services.items() if key
        }
        caps = Caps(day_dollars=self.budget_day, provider_dollars=self.budget_provider)
        own = (self.catalogue.expanduser().absolute(),) if self.catalogue else ()
        weights = self.weights and self.weights.expanduser().absolute()
        return Access(accounts=accounts, weights=weights, hub=self.hub, catalogues=own, llm=self._language_model, home=self.home, caps=caps)

    def callback_of(self, service: str) -> str:
        """Address that a service is given to tell when a job ends; empty: it is given none."""
        paths = {"replicate": "callbacks/replicate", "runpod": f"callbacks/runpod/{self.runpod_callback}"}
        return f"{self.callback_url.rstrip('/')}/{paths[service]}" if self.callback_url and service in paths else ""

    @property
    def runpod_callback(self) -> str:
        """The part of RunPod's callback that only RunPod is told, since it signs nothing; the same wherever its key is known; empty: none."""
        if self.callback_secret:
            return hashlib.sha256(self.callback_secret.get_secret_value().encode()).hexdigest()
        if not self.runpod_api_key:
            return ""
        return hmac.new(self.runpod_api_key.get_secret_value().encode(), b"songreel callbacks", hashlib.sha256).hexdigest()

    @property
    def _language_model(self) -> LanguageModel | None:
        if not self.llm:
            return None
        from blocks.llm import language_model

        keys = {
            "OPENAI_API_KEY": self.openai_api_key, "ANTHROPIC_API_KEY": self.anthropic_api_key, "MISTRAL_API_KEY": self.mistral_api_key,
            "DEEPSEEK_API_KEY": self.deepseek_api_key, "OPENROUTER_API_KEY": self.openrouter_api_key, "GROQ_API_KEY": self.groq_api_key,
        }  # fmt: skip
        return language_model(self.llm, self.llm_url, self.llm_key, keys, self.llm_patience)

    @property
    def hub(self) -> Path | None:
        """The Hugging Face cache, when its own variables name one."""
        home = self.hf_hub_cache or (self.hf_home and self.hf_home / "hub")
        return home and home.expanduser().absolute()

    @property
    def cores(self) -> int:
        """Processes that may work at once: what was asked for, else the cores this process may use."""
        return self.workers or available_cores()

    def open_store(self) -> Store:
        """The media store; nothing is created before the first put."""
        url = self.store_url
        renew = min(self.keep_hours / 4, 6.0) * 3600
        return Store(url if "://" in url else str(Path(url).expanduser().absolute()), scratch=self.home / "work", renew_after=renew)


_current: ContextVar[Settings | None] = ContextVar("settings", default=None)


def current() -> Settings:
    """The settings in use: those of the enclosing `using`, else the environment's."""
    return _current.get() or read()


def read(**given: object) -> Settings:
    """The environment's settings, with those given in their place.

    Raises:
        UserError: a setting has a value that cannot be.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"the setting {'.'.join(str(part) for part in first['loc'])} is {first['input']!r}: {first['msg']}") from error


@contextmanager
def using(settings: Settings) -> Iterator[Settings]:
    """Let `current` give these settings inside the block, in the threads it starts too."""
    token = _current.set(settings)
    try:
        yield settings
    finally:
        _current.reset(token)


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
