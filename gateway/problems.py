"""How the gateway says no: ``application/problem+json`` (RFC 9457) with one sentence, and the right status.

What went wrong inside is logged, never told: a traceback may name files and addresses.
"""

import logging
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from songreel.errors import SongreelError, TransientError

log = logging.getLogger("songreel.gateway")

MEDIA_TYPE = "application/problem+json"
SAID = 3  # faults of a request that the sentence names; ``faults`` has them all


class Fault(BaseModel):
    """One thing that is wrong in a request."""

    where: Annotated[str, Field(examples=["request.fps"])]
    what: Annotated[str, Field(examples=["300 frames a second is outside 12 to 60"])]


class Problem(BaseModel):
    """Why a request was refused."""

    type: Annotated[str, Field(examples=["about:blank"])] = "about:blank"
    title: Annotated[str, Field(description="The status in words.", examples=["Not Found"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(description="One sentence for a person.", examples=["there is no job 0199…"])]
    faults: Annotated[list[Fault], Field(description="What is wrong, field by field.")] = []


class Refused(HTTPException):
    """A request that is not granted.

    Args:
        status: the HTTP status.
        detail: one sentence for the caller.
        headers: such as Retry-After.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a door may answer, for its OpenAPI."""
    return {status: _answer(status) for status in statuses}


def _answer(status: int) -> dict[str, Any]:
    return {"model": Problem, "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"example": _example(status)}}}


def problem(status: int, detail: str, headers: dict[str, str] | None = None, faults: list[Fault] | None = None) -> JSONResponse:
    """The response of a refusal."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, faults=faults or [])
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _invalid)
    app.add_exception_handler(SongreelError, _told)
    app.add_exception_handler(Exception, _fault)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    words = {404: f"there is nothing at {request.url.path}", 405: f"{request.method} is not possible at {request.url.path}"}
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else words.get(error.status_code, error.detail)
    return problem(error.status_code, detail, dict(error.headers or {}))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, (RequestValidationError, ValidationError))
    faults = [Fault(where=".".join(str(part) for part in one["loc"]) or "body", what=_plain(str(one["msg"]))) for one in error.errors()]
    more = f"; and {len(faults) - SAID} more" if len(faults) > SAID else ""
    return problem(422, "; ".join(f"{one.where}: {one.what}" for one in faults[:SAID]) + more, faults=faults)


async def _told(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, TransientError):
        return problem(503, str(error), {"Retry-After": "5"})
    return problem(422, str(error))


async def _fault(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "this is a fault of songreel's: its log says more")


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _example(status: int) -> dict[str, Any]:
    details = {
        401: "no key was given: send Authorization: Bearer <key>", 403: "this key may not make films: it lacks the scope make",
        404: "there is no job 0199aa3e-5d0e-7f52-9d2c-0d9ac1f3a001", 409: "the film is not ready: the job is processing",
        413: "the upload is larger than 512 MB", 415: "song.mp3 is a ZIP archive", 422: "request.fps: 300 frames a second is outside 12 to 60",
        429: "too many requests: at most 60 a minute", 503: "the Prefect server does not answer",
    }  # fmt: skip
    phrase = HTTPStatus(status).phrase
    return Problem(title=phrase, status=status, detail=details.get(status, phrase)).model_dump()
