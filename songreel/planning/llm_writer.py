"""A language model as the writer: the treatment first, then the scenes in stretches, each answer checked and sent back at most twice.

Temperature 0 where the model takes one. What a call may cost is held against the cap before it is made. Whatever goes wrong, the writer
fails with a sentence, and the rules' plan stays.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from schemas.base import Note
from schemas.writing import Brief, Draft, SceneBrief, WorldBrief, Writing, WrittenScene
from songreel.access import LanguageModel
from songreel.errors import MissingDependency, OverBudget, UserError
from songreel.planning import llm_telling
from songreel.planning.llm_answers import AGAIN, ScenesAnswer, TreatmentAnswer, draft_of, repair, scene_of, scene_problems, treatment_problems
from songreel.planning.llm_catalogue import address, old_prices, parsed, price_of
from songreel.planning.llm_client import client_of
from songreel.planning.writer import WriterFailed
from songreel.services.tab import Tab

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings

REPAIRS = 2
STRETCH = 20  # scenes asked for at once: few enough that an answer is never cut off, and a repair is cheap
TREATMENT_TOKENS, SCENES_TOKENS = 6_000, 9_000  # an answer's longest; models that think first need most of it
LONGEST = 1_800.0  # seconds for a whole writing
LONGEST_REASON = 300  # characters of a service's own words in a note

Answer = TypeVar("Answer", bound=BaseModel)

log = logging.getLogger("songreel.planning")


@dataclass
class LanguageModelWriter:
    """Writes with one language model.

    Args:
        model: which one, where, and the key to it.
        cap: dollars that a writing may cost; what runs in this machine's own network costs nothing.
        tab: where what is paid for is reserved and settled.
    """

    model: LanguageModel
    cap: float = 0.0
    tab: Tab | None = None

    def write(self, brief: Brief) -> Writing:
        """The film in the model's words.

        Raises:
            WriterFailed: it gave nothing that can be used; says why.
        """
        try:
            provider, name = parsed(self.model.name)
            price = price_of(provider, name, address(provider, self.model.account.url))
        except UserError as error:
            raise WriterFailed(str(error)) from error
        try:
            from songreel.planning.llm_meter import Meter
        except ImportError as error:
            raise WriterFailed("a language model needs the llm extra: uv sync --extra llm") from error
        meter = Meter(price, self.cap, self.tab)
        try:
            return asyncio.run(asyncio.wait_for(_Session(self.model, brief, meter).run(), LONGEST))
        except Exception as error:  # the last door: a film is never lost to its writer
            log.info("the language model failed", exc_info=error)
            raise WriterFailed(self._reason(error), meter.dollars) from error

    def _reason(self, error: BaseException) -> str:
        """Why, in one sentence, with nothing of the key in it."""
        if isinstance(error, (OverBudget, MissingDependency, UserError)):
            return str(error)
        words = _told(error)
        if self.model.account.key:
            words = words.replace(self.model.account.key, "***")
        return f"{self.model.name} {' '.join(words.split())[:LONGEST_REASON]}"


@dataclass
class _Session:
    """One writing under way."""

    model: LanguageModel
    brief: Brief
    meter: Any
    repairs: int = 0
    wasted: float = 0.0
    notes: list[Note] = field(default_factory=list)

    async def run(self) -> Writing:
        async with client_of(self.model) as client:
            from songreel.planning.llm_meter import Metered

            metered = Metered(client, self.meter)
            draft, worlds = await self._treatment(metered)
            scenes = await self._scenes(metered, draft, worlds)
        return Writing(
            writer="llm", model=self.model.name, draft=draft, scenes=scenes, notes=tuple(self._notes()), estimated=round(self.meter.estimated, 6),
            charged=round(self.meter.dollars, 6), wasted=round(self.wasted, 6), repairs=self.repairs,
            tokens_in=self.meter.tokens_in, tokens_out=self.meter.tokens_out,
        )  # fmt: skip

    def _notes(self) -> list[Note]:
        warning = old_prices(datetime.now(UTC).date()) if self.meter.price.read else ""
        return [Note(stage="write", took="prices that may have changed", because=warning)] if warning else []

    async def _treatment(self, model: Any) -> tuple[Draft, list[WorldBrief]]:
        answer = await self._ask(
            model,
            TreatmentAnswer,
            "treatment",
            llm_telling.of_treatment(self.brief),
            TREATMENT_TOKENS,
            lambda one: treatment_problems(one, self.brief),
        )
        chosen = list(dict.fromkeys(answer.worlds))
        return draft_of(answer, self.brief), [world for name in chosen for world in self.brief.worlds if world.id == name]

    async def _scenes(self, model: Any, draft: Draft, worlds: list[WorldBrief]) -> tuple[WrittenScene, ...]:
        """Every scene; firm ones stay as they are."""
        asked = [scene for scene in self.brief.scenes if not scene.firm]
        written = {scene.draft.index: scene.draft for scene in self.brief.scenes}
        before = ""
        for at in range(0, len(asked), STRETCH):
            stretch = asked[at : at + STRETCH]
            for scene in await self._stretch(model, draft, worlds, stretch, before):
                written[scene.index] = scene
                before = f"{scene.script.subject}, {scene.script.action}, {scene.script.place} ({scene.world} {scene.variant})"
        return tuple(written[index] for index in sorted(written))

    async def _stretch(self, model: Any, draft: Draft, worlds: list[WorldBrief], asked: Sequence[SceneBrief], before: str) -> list[WrittenScene]:
        message = llm_telling.of_scenes(self.brief, draft, worlds, asked, before)
        answer = await self._ask(model, ScenesAnswer, "scenes", message, SCENES_TOKENS, lambda one: scene_problems(one, list(asked), worlds))
        return [scene_of(one, brief) for one, brief in zip(answer.scenes, asked, strict=True)]

    async def _ask(self, model: Any, form: type[Answer], step: str, message: str, most: int, problems: Callable[[Answer], list[str]]) -> Answer:
        """An answer in a form, without problems; a model that refuses tools or a temperature is asked in plain words."""
        from pydantic_ai.exceptions import ModelHTTPError
        from pydantic_ai.output import PromptedOutput, ToolOutput

        begun = len(self.meter.spent)
        plain: ModelSettings = {"max_tokens": most, "timeout": self.model.patience}
        cold: ModelSettings = {**plain, "temperature": 0.0}
        try:
            try:
                found: Answer = await self._run(model, ToolOutput(form, name=step), step, message, cold, problems)
            except ModelHTTPError as error:
                if error.status_code not in (400, 404, 422) or len(self.meter.spent) > begun or not _about_form(error):
                    raise
                found = await self._run(model, PromptedOutput(form), step, message, plain, problems)
        finally:
            answers = self.meter.spent[begun:]
            self.repairs += max(len(answers) - 1, 0)
            self.wasted += sum(answers[:-1])
        return found

    async def _run(
        self, model: "Model", output: Any, step: str, message: str, settings: "ModelSettings", problems: Callable[[Any], list[str]]
    ) -> Any:
        from pydantic_ai import Agent, ModelRetry
        from pydantic_ai.usage import UsageLimits

        agent: Agent[object, Any] = Agent(
            model, output_type=output, instructions=llm_telling.instructions(step), retries=REPAIRS, model_settings=settings
        )

        @agent.output_validator
        def fitting(answer: Any) -> Any:
            if found := problems(answer):
                raise ModelRetry(repair(found))
            return answer

        return (await agent.run(message, usage_limits=UsageLimits(request_limit=REPAIRS + 1))).output


def _about_form(error: Any) -> bool:
    """Whether a refusal speaks of what only some models take."""
    said = str(error.body).lower()
    return any(word in said for word in ("tool", "function", "temperature", "schema", "unsupported"))


def _told(error: BaseException) -> str:
    """What went wrong, in the service's words where it has any; goes on from the model's name."""
    from pydantic_ai.exceptions import ContentFilterError, ModelHTTPError, ModelTimeoutError, UnexpectedModelBehavior

    from songreel.planning.llm_meter import Declined

    if isinstance(error, Declined):
        return f"declined: {error}" if str(error) else "declined"
    if isinstance(error, ContentFilterError):
        return f"declined: {error.message}"
    if isinstance(error, (TimeoutError, ModelTimeoutError)):
        return "gave no answer in time"
    if isinstance(error, ModelHTTPError):
        return f"answered {error.status_code}: {_message(error.body) or 'nothing more'}"
    if isinstance(error, UnexpectedModelBehavior) and str(error).startswith("Exceeded") and error.__cause__:
        return f"was sent back {REPAIRS} times. {str(error.__cause__).removesuffix(AGAIN)}"
    return f"gave nothing that can be read: {str(error) or type(error).__name__}"


def _message(body: object) -> str:
    """The words of a service's error: {"error": {"message": ...}}, {"message": ...} or plain text."""
    if isinstance(body, dict):
        return _message(body.get("error") or body.get("message") or "")
    return str(body)
