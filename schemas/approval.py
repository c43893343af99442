"""A person's answer to a run that waits: whether the film is made, and with what changed."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Dollars, Model
from schemas.request import ChoiceName, WriterName, one_of

Answer = Literal["go on", "change", "end"]


class Approval(Model):
    """The answer; what is empty stays as it was planned."""

    answer: Annotated[
        Answer, Field(description="go on: make the film. change: plan it anew with what is given here, and ask again. end: make no film.")
    ] = "go on"
    choice: Annotated[
        ChoiceName | Literal[""],
        one_of(Literal[""], ChoiceName),
        Field(description="Who shoots: free, local, cloud or mixed, as the table says; empty: as planned."),
    ] = ""
    budget: Annotated[Dollars | None, Field(description="The most this film may cost, in dollars; empty: as planned.")] = None
    prompt: Annotated[str, Field(description="What the film shall show instead (with 'change'); empty: as planned.")] = ""
    style: Annotated[str, Field(description="Another style's name (with 'change'; see `songreel styles`); empty: as planned.")] = ""
    writer: Annotated[
        WriterName | Literal[""],
        one_of(Literal[""], WriterName),
        Field(description="Who writes the film (with 'change'): rules or llm; empty: as planned."),
    ] = ""
