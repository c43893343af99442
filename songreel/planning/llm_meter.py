"""A language model behind a meter: every request is checked against the cap before it is sent, counted when it comes back, and repeated only
when it was refused or failed at the other end, so never when it may have been accepted and paid for."""

import asyncio
import logging
from dataclasses import dataclass, field

from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from songreel.errors import OverBudget
from songreel.planning.llm_catalogue import Price
from songreel.services.jobs import Record
from songreel.services.tab import Tab

BYTES_PER_TOKEN = 3.0  # of JSON text in most languages: fewer than in plain English, so that estimates lie high
REPEATED = frozenset({429, 500, 502, 503, 504, 529})
REPEATS = 2
PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds before asking again, doubling; and the longest that a service may ask for

log = logging.getLogger("songreel.planning")


class Declined(Exception):
    """The model will not write this; its words."""


@dataclass
class Meter:
    """What was spent on one writing."""

    price: Price
    cap: float
    """Dollars that may be spent."""
    tab: Tab | None = None
    """Where what costs money is reserved and settled; none: nowhere."""
    spent: list[float] = field(default_factory=list)
    """Of each answer."""
    estimated: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def dollars(self) -> float:
        return sum(self.spent)

    def check(self, tokens_in: int, most_out: int) -> float:
        """What a request costs at most.

        Raises:
            OverBudget: more than is left.
        """
        most = self.price.of(tokens_in, most_out)
        if self.dollars + most > self.cap:
            spent = f"${self.dollars:.3f} of ${self.cap:.2f} are spent" if self.spent else f"the cap is ${self.cap:.2f}"
            raise OverBudget(f"an answer of the language model may cost ${most:.3f}, and {spent}: a higher --budget allows it")
        return most

    def add(self, tokens_in: int, tokens_out: int) -> None:
        """Count an answer."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.spent.append(self.price.of(tokens_in, tokens_out))

    def reserved(self, most: float) -> Record | None:
        """Reserve what a request may cost; nothing for what is free.

        Raises:
            OverBudget: a cap of the film, the day or the service forbids it.
        """
        return self.tab.open(most) if self.tab and most else None

    def settle(self, record: Record | None, charged: float, error: str = "") -> None:
        """Write what a request did cost."""
        if self.tab and record:
            self.tab.settle(record, charged, error)


class Metered(WrapperModel):
    """A model whose requests go through a meter."""

    def __init__(self, model: Model, meter: Meter) -> None:
        super().__init__(model)
        self.meter = meter

    async def request(
        self, messages: list[ModelMessage], model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> ModelResponse:
        """One answer, counted.

        Raises:
            OverBudget: it may cost more than is left.
            Declined: the model refused, which asking again would only pay for again.
        """
        sent = _size(messages, model_request_parameters)
        most = self.meter.check(sent, (model_settings or {}).get("max_tokens", 0))
        record = self.meter.reserved(most)
        self.meter.estimated += most
        try:
            response = await self._patient(messages, model_settings, model_request_parameters)
        except ModelHTTPError as error:  # refused: nothing is paid
            self.meter.settle(record, 0.0, f"it answered {error.status_code}")
            raise
        except BaseException as error:  # it may have been answered and paid
            self.meter.settle(record, most, type(error).__name__)
            raise
        usage = response.usage
        told = usage.input_tokens or usage.output_tokens
        self.meter.add(usage.input_tokens if told else sent, usage.output_tokens if told else _tokens(_text(response)))
        self.meter.settle(record, self.meter.spent[-1])
        if response.finish_reason == "content_filter":
            raise Declined(response.text or (response.provider_details or {}).get("refusal", ""))
        return response

    async def _patient(self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters) -> ModelResponse:
        for attempt in range(REPEATS):
            try:
                return await super().request(messages, settings, parameters)
            except ModelHTTPError as error:
                if error.status_code not in REPEATED:
                    raise
                pause = _asked_pause(error) or PAUSE * 2**attempt
                if pause > LONGEST_PAUSE:
                    raise
                log.info("the language model answered %d; asking again in %.1f s", error.status_code, pause)
                await asyncio.sleep(pause)
        return await super().request(messages, settings, parameters)


def _asked_pause(error: ModelHTTPError) -> float:
    """Seconds that Retry-After asks for; 0 when it does not, or gives a date."""
    try:
        return max(float((error.headers or {}).get("retry-after", "")), 0.0)
    except ValueError:
        return 0.0


def _size(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    """Tokens of a request, estimated high: what is said, and the forms of the answers."""
    forms = sum(len(str(tool.parameters_json_schema)) for tool in parameters.output_tools)
    return _tokens(ModelMessagesTypeAdapter.dump_json(messages)) + int(forms / BYTES_PER_TOKEN)


def _tokens(text: bytes) -> int:
    return int(len(text) / BYTES_PER_TOKEN) + 1


def _text(response: ModelResponse) -> bytes:
    return ModelMessagesTypeAdapter.dump_json([response])
