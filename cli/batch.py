"""``songreel batch``: the films of many songs, in this process, with a line for each."""

import sys
from pathlib import Path

from blocks import progress as events
from blocks.local import prepare
from blocks.settings import read, using
from cli.output import emit, guarded, table
from cli.render import announce, both, interruptible, writable
from cli.wishes import Wishes
from schemas.batch import BatchResult

FAILED = 1


def make_batch(
    songs: list[str], wishes: Wishes, *, out: Path, at_once: int, budget: float, one_look: bool, only_new: bool, store: str | None,
    workers: int | None, keep_server: bool, as_json: bool,
) -> int:  # fmt: skip
    """Make the films and print what became of each song; returns the exit code: 1 when no song could be made."""
    settings = read(store=store, workers=workers, server=None if keep_server else "throwaway")
    request = wishes.request(settings.open_store)
    writable(out)
    with guarded(as_json), using(settings), prepare(settings) as prepared, interruptible(prepared):
        announce(prepared)
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from flows.batch import batch

        prepared.ready()
        with events.listening(both(_told)), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            state = batch(songs, request, str(out.absolute()), at_once, budget, one_look, only_new, return_state=True)
            result = BatchResult.model_validate(state.result(raise_on_failure=state.name != "NoFilms"))
    if as_json:
        emit(result)
    else:
        _print(result)
    return FAILED if result.count("failed") == len(result.rows) else 0


def _told(event: events.Event) -> None:
    if event.stage == "batch":
        print(event.text, file=sys.stderr, flush=True)


def _print(result: BatchResult) -> None:
    rows = [
        (row.title or row.song, row.state, row.film, f"${row.dollars:.2f}" if row.dollars else "", row.sentence if row.state == "failed" else "")
        for row in result.rows
    ]
    table(("song", "", "film", "cost", "why"), rows)
    if result.look.because:
        print(f"one look: {result.look.because}", file=sys.stderr)
