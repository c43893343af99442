"""``songreel render``: settings, server, flow, progress, result."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from blocks import progress as events
from blocks.local import Prepared, prepare, running_api
from blocks.record import cancel, record_completed
from blocks.settings import Settings, read, using
from cli.output import emit, guarded
from cli.progress import shown
from cli.told import INTERRUPTED, say
from cli.wishes import Wishes, read_plan
from songreel.errors import HardRuleBroken, UserError
from songreel.execution.workers import signal_all

if TYPE_CHECKING:
    from schemas import FilmRequest, FilmResult, Plan

FLOW = "music-video"
FAREWELL = 1.0  # seconds for telling the server of an interruption


def render_film(
    song: Path, wishes: Wishes, *, out: Path, of: Path | None, store: str | None, workers: int | None, keep_server: bool, as_json: bool
) -> int:
    """Render a film and print its result; returns the exit code."""
    settings = read(store=store, workers=workers, server=None if keep_server else "throwaway")
    plan, request, path = _wanted(song, of, wishes, settings)
    writable(out)
    with guarded(as_json), using(settings):
        recalled = _recalled(settings, path, request, out, plan)
        if recalled is None and path is not None:
            _listenable(settings, path, request)
        result, broken = recalled or _made(settings, path, request, out, plan)
    if as_json:
        emit(result)
    else:
        _print(result)
    if broken:
        say(broken)
        return HardRuleBroken.exit_code
    return 0


def _wanted(song: Path, of: Path | None, wishes: Wishes, settings: Settings) -> "tuple[Plan | None, FilmRequest, Path | None]":
    """The plan, if one was given, the request, and the song's file."""
    if song.suffix.lower() != ".json":
        if of is not None:
            raise UserError(f"--song goes with a plan: {song} is taken for the song itself")
        if not song.is_file():
            raise UserError(f"there is no song at {song}" + ("; it is a folder" if song.is_dir() else ""))
        return None, wishes.request(settings.open_store), song
    plan = wishes.over(read_plan(song))
    if of is not None and not of.is_file():
        raise UserError(f"there is no song at {of}")
    return plan, plan.request, of


def writable(out: Path) -> None:
    """Refuse a folder that cannot be written before anything is made for it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f".songreel-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror}; give another folder with --out") from error


def _recalled(settings: Settings, song: Path | None, request: "FilmRequest", out: Path, plan: "Plan | None") -> "tuple[FilmResult, str] | None":
    """The film of an equal run, handed over without starting anything; the server, if it runs, is told."""
    from flows.recall import broken_rules, delivered, remembered, wanted

    store = settings.open_store()
    reel = remembered(wanted(str(song or ""), request, plan, store), store)
    if reel is None:
        return None
    final = delivered(reel, store, out.absolute())
    url = running_api(settings)
    if url and not record_completed(url, FLOW, reel.title, "Cached", f"the film was made before: {final.film.path}", reel.tags):
        say(f"the Prefect server at {url} did not answer: this run is not on its pages")
    return final, broken_rules(reel, final)


def _listenable(settings: Settings, song: Path, request: "FilmRequest") -> None:
    """Refuse a file that is no song before anything is started for it; in a worker, since a damaged file can take its reader with it."""
    from songreel.execution.workers import Workers

    with Workers(1) as workers:
        workers.call("songreel.audio.ingest:take", song.absolute(), settings.open_store(), start=request.start, duration=request.duration)


def _made(settings: Settings, song: Path | None, request: "FilmRequest", out: Path, plan: "Plan | None") -> "tuple[FilmResult, str]":
    with prepare(settings) as prepared, interruptible(prepared):
        announce(prepared)
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from flows.music_video import RuleBroken, music_video

        prepared.ready()
        # Heartbeats tell a server that a far machine is lost; here they would cost a second at the end.
        with shown() as listener, events.listening(both(listener)), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            try:
                return music_video(str(song or ""), request, str(out.absolute()), plan), ""
            except RuleBroken as broken:
                return broken.result, str(broken)


def announce(prepared: Prepared) -> None:
    """Say that a server was started that stays."""
    server = prepared.server
    if server is not None and server.fresh and server.kept:
        print(f"Prefect server started for this run and later ones: {server.ui} (songreel server stop ends it)", file=sys.stderr, flush=True)


_flow_run: list[str] = []  # the running flow's id, told by its first event


def both(listener: "events.Listener") -> "events.Listener":
    """A listener that also keeps the run's id, to tell the server of an interruption."""

    def heard(event: events.Event) -> None:
        if event.stage == "run":
            _flow_run.extend([event.text] if event.kind == "begun" else [])
        else:
            listener(event)

    return heard


@contextmanager
def interruptible(prepared: Prepared) -> Iterator[None]:
    """Ctrl-C and SIGTERM end everything at once: what is done is stored already, workers end with us, the server is told."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal_all(signal.SIGSTOP)  # nothing more of theirs is told, and the farewell has the processor
        if sys.stderr.isatty():
            print("\x1b[?25h", end="", file=sys.stderr)  # the cursor that the live progress hid
        say("interrupted; the same command goes on from what was done")
        _tell_server(prepared.url)
        if prepared.server is not None and not prepared.server.kept:
            os.kill(prepared.server.pid, signal.SIGKILL)
        signal_all(signal.SIGKILL)
        os._exit(INTERRUPTED if number == signal.SIGINT else 128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_server(url: str) -> None:
    """Mark the run as cancelled, within `FAREWELL` seconds or not at all."""
    if _flow_run:
        thread = threading.Thread(target=_cancel, args=(url, _flow_run[-1]), daemon=True)
        thread.start()
        thread.join(FAREWELL)


def _cancel(url: str, run_id: str) -> None:
    try:
        cancel(url, run_id, "interrupted at the terminal")
    except (OSError, ValueError) as error:
        say(f"the Prefect server could not be told: {error}")


def _print(result: "FilmResult") -> None:
    film, cuts = result.film, result.report.cuts
    cached = sum(scene.cached for scene in result.scenes)
    print(film.path)
    shot = f"{len(result.scenes)} scenes" + (f", {cached} of them known" if cached else "")
    lines = [
        f"{film.width}x{film.height}, {film.fps:g} frames a second, {time.strftime('%M:%S', time.gmtime(film.duration))}, {shot}",
        f"cuts at most {cuts.max_error_frames:.2f} frames off the beat, {cuts.on_beat_share:.0%} on it ({cuts.by_chance:.0%} by chance)",
        *([f"charged ${result.dollars:.2f} (songreel costs --reel {Path(film.path).parent})"] if result.dollars else []),
        *(f"note ({note.stage}): {note.took}, because {note.because}" for note in result.degraded),
    ]
    print("\n".join(lines), file=sys.stderr)
