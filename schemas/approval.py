"""A person's answer to a run that waits: whether the film is made, and with what changed."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Dollars, Model
from schemas.request import ChoiceName, WriterName, one_of

Answer = Literal["go on", "change", "end"]


class Approval(Model):
    """The answer; what is empty stays as it was planned."""

    answer: Annotated[Answer, Field(description="go on: make it. change: plan it anew and ask again. end: no film.")] = "go on"
    choice: Annotated[
        ChoiceName | Literal[""],
        one_of(Literal[""], ChoiceName),
        Field(description="Who shoots; empty: as planned."),
    ] = ""
    budget: Annotated[Dollars | None, Field(description="The most it may cost, in dollars; None: as planned.")] = None
    prompt: Annotated[str, Field(description="With 'change': what the film shows instead.")] = ""
    style: Annotated[str, Field(description="With 'change': another style's name.")] = ""
    writer: Annotated[
        WriterName | Literal[""],
        one_of(Literal[""], WriterName),
        Field(description="With 'change': rules or llm."),
    ] = ""
