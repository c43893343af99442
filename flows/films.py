"""One film of many: as a run of the deployment where there is one, else as a subflow in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.schemas.objects import FlowRun, State

from blocks.progress import listening
from flows.music_video import RuleBroken, music_video
from flows.page import RUN_LABEL
from flows.pool import Pool, ServerAway
from schemas import FilmRequest, FilmResult
from songreel.errors import MediaError, SongreelError
from songreel.execution.reel import MANIFEST, recall
from songreel.storage import Store

FLOW, POOL = "music-video", "cpu"
POLL = 2.0  # seconds between two looks at a run elsewhere
PATIENCE = 60  # tries to start a run while the server is away


@dataclass(frozen=True)
class Made:
    """A film that was made, and by which run."""

    result: FilmResult
    flow_run: str

    @property
    def known(self) -> bool:
        """Whether an equal run had made it before."""
        return "recall" in self.result.timings


def made(song: str, request: FilmRequest, out: str | None, store: Store, key: str) -> Made:
    """The song's film.

    Args:
        song: its path or address.
        request: what it shall be.
        out: folder for its folder; empty: in the store.
        store: where it lies then.
        key: what tells this film's run from all others; the same key twice is one run.

    Raises:
        SongreelError: it could not be made.
    """
    return _elsewhere(song, request, out, store, key) if runtime.deployment.id else _here(song, request, out)


def _here(song: str, request: FilmRequest, out: str | None) -> Made:
    with listening(lambda _: None):  # what one film tells is no news of the batch's
        state: State[FilmResult] = music_video(song, request, out, return_state=True)
    if not state.is_completed():
        raise state.data if isinstance(state.data, RuleBroken) else SongreelError(_why(state))
    return Made(FilmResult.model_validate(state.result()), str(state.state_details.flow_run_id or ""))


def _elsewhere(song: str, request: FilmRequest, out: str | None, store: Store, key: str) -> Made:
    pool = Pool(POOL)
    parameters = {"song": song, "request": request.model_dump(mode="json"), "out": out}
    started = _through(lambda: pool.start(FLOW, f"{key}-{runtime.flow_run.run_count}", parameters))
    run = _ended(pool, started)
    if run.state is None or not run.state.is_completed():
        raise SongreelError(_why(run.state))
    return Made(_result(str((run.labels or {}).get(RUN_LABEL, "")), out, store), str(run.id))


def _ended(pool: Pool, started: UUID) -> FlowRun:
    while True:
        run: FlowRun | None = _through(lambda: pool.states([started])).get(started)
        if run is None:
            raise SongreelError("its run was deleted")
        if run.state and run.state.is_final():
            return run
        sleep(POLL)


def _through(call: Callable[[], Any]) -> Any:
    """What the server says, asked again while it is away."""
    for _ in range(PATIENCE):
        try:
            return call()
        except ServerAway:
            sleep(POLL)
    return call()


def _result(run: str, out: str | None, store: Store) -> FilmResult:
    """What the run elsewhere left with its film."""
    if out and (manifest := Path(out) / run / MANIFEST).is_file():
        return FilmResult.model_validate_json(manifest.read_bytes())
    try:
        return FilmResult.model_validate_json(store.fs.cat_file(f"{store.root}/reel/{run}/{MANIFEST}"))
    except FileNotFoundError as error:
        if (reel := recall(run, store)) is not None:
            return reel.result
        raise MediaError(f"the film {run} is ready, and its manifest is gone from {store.url}") from error


def _why(state: State[Any] | None) -> str:
    """The error's own sentence."""
    message = (state.message if state else "") or (state.name if state else "") or "it failed"
    told = message.removeprefix("Flow run encountered an exception: ")
    kind, _, sentence = told.partition(": ")
    return sentence if sentence and kind.isidentifier() else told
