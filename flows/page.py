"""The run's page in Prefect: a name that reads well, tags, and artifacts: pictures, clips, choices, report and costs.

The page is a courtesy: a server that does not take it never harms the run.
"""

import base64
import contextvars
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic

from httpx import HTTPError
from prefect import runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import PrefectException

from blocks.artifacts import Kind, Piece
from schemas import Choice, FilmResult, MediaRef, Plan
from schemas.news import News
from songreel.errors import SongreelError
from songreel.execution.reel import Board, Reel
from songreel.storage import Store

LINKED_FOR = 7 * 86_400.0  # seconds that a link to a bucket's content holds; S3 signs for no longer
CLIPS_EVERY = 3.0  # seconds between two changes of the list of clips

RUN_LABEL = "songreel.run"

log = logging.getLogger("songreel.flows")


def title_of(plan: Plan) -> str:
    """``night-drive · synthwave · 3:12``."""
    seconds = round(plan.music.duration)
    return f"{plan.song.name} · {plan.treatment.style} · {seconds // 60}:{seconds % 60:02d}"


def tags_of(plan: Plan) -> tuple[str, ...]:
    """What the run can be found by."""
    return ("songreel", plan.treatment.style, plan.treatment.genre, plan.request.quality)


def rename(title: str, tags: Iterable[str]) -> None:
    """Give the run its readable name and tags, once they are known."""
    run_id = runtime.flow_run.id
    if run_id is None:
        return
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run_id, name=title, tags=sorted({*(runtime.flow_run.tags or ()), *tags}))
    except (PrefectException, HTTPError) as error:
        log.warning("the run keeps its first name: %s", error)


def label(film: str) -> None:
    """Note on the run which film of the store it makes, so that whoever knows the run finds the film."""
    if runtime.flow_run.id is None:
        return
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run_labels(runtime.flow_run.id, {RUN_LABEL: film})
    except (PrefectException, HTTPError) as error:
        log.warning("the run does not say which film it makes: %s", error)


def put(key: str, data: object, description: str, kind: Kind = "markdown", run: str = "") -> None:
    """Put a piece on the run's page, or change it.

    Args:
        key: its name on the page.
        data: Markdown, or rows of a table.
        description: a line under its name.
        kind: what the data is.
        run: the flow run's id; empty: the one that runs here.
    """
    try:
        with get_client(sync_client=True) as client:
            Piece(run or str(runtime.flow_run.id), key, kind).put(client, data, description)
    except (PrefectException, HTTPError) as error:
        log.warning("the run's page shows no %s: %s", key, error)


def picture(name: str, ref: MediaRef, store: Store) -> str:
    """A small picture in Markdown, with its content in it."""
    return f"![{name}](data:{ref.media_type};base64,{base64.b64encode(store.read(ref)).decode()})"


def board(drawn: Board, title: str, store: Store, run: str = "") -> None:
    """Storyboard and timeline before the shoot."""
    pictures = [picture(name, ref, store) for name, ref in drawn.cards.items()]
    put("storyboard", "\n\n".join([f"# {title}", *pictures]), "Storyboard and timeline, painted before the shoot", run=run)


def later(show: Callable[[], None]) -> Callable[[object], None]:
    """A callback for a future's end that shows something then, in this context; what fails there is no news of the run's."""
    context = contextvars.copy_context()

    def shown(_: object) -> None:
        try:
            context.run(show)
        except Exception as error:  # in a thread that nobody listens to
            log.warning("the run's page lacks a piece: %s", error)

    return shown


def choices(offered: Sequence[Choice]) -> None:
    """The ways to make the film, with dollars, minutes and looks."""
    rows = [
        {
            "choice": f"{one.number} {one.name}", "cost": f"${one.dollars:.2f}" if one.dollars else "free",
            "ready in": told_minutes(one.minutes), "looks": f"{one.looks:.0%}",
            "who shoots": ", ".join(f"{name} {count}" for name, count in one.scenes.items()),
            "ready": "yes" if one.ready else "no", "$ a minute": round(one.dollars_per_minute, 2),
            "what is less or missing": "; ".join([*([f"it needs {one.missing}"] if one.missing else []), *one.degraded]),
        }
        for one in offered
    ]  # fmt: skip
    put("choices", rows, "The ways to make this film", "table")


def told_minutes(minutes: float) -> str:
    """``40 s``, ``12 min`` or ``3.5 h``."""
    if minutes < 1.5:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


class Clips:
    """The list of clips, which grows as they are finished.

    Args:
        run: the flow run's id.
        store: that holds them.
    """

    def __init__(self, run: str, store: Store) -> None:
        self._piece = Piece(run, "clips")
        self._store = store
        self._clips: dict[int, MediaRef] = {}
        self._shown: dict[int, MediaRef] = {}
        self._next = 0.0

    def show(self, client: SyncPrefectClient, batch: Sequence[News]) -> None:
        """Take in finished clips; list them every few seconds, and at the end."""
        self._clips |= {news.scene: news.clip for news in batch if news.clip is not None and news.scene is not None}
        due = monotonic() >= self._next or any(news.stage != "shoot" for news in batch)
        if self._clips != self._shown and due:
            self._piece.put(client, self._list(), f"{len(self._clips)} clips, as they are finished")
            self._shown, self._next = dict(self._clips), monotonic() + CLIPS_EVERY

    def _list(self) -> str:
        rows = [f"| {scene} | {linked(f'{scene:03d}{ref.suffix}', ref, self._store)} |" for scene, ref in sorted(self._clips.items())]
        return "\n".join(["| scene | clip |", "|---|---|", *rows])


def linked(name: str, ref: MediaRef, store: Store) -> str:
    """Content in Markdown: a link that a browser can follow, or else the file's path on the machine that holds it."""
    try:
        link = store.link(ref, LINKED_FOR)
        return f"[{name}]({link})" if link else f"`{store.get(ref)}`"
    except SongreelError as error:
        return f"{name}: {error}"


def show(result: FilmResult, reel: Reel, store: Store) -> None:
    """Put film, storyboard, timeline, report and costs on the run's page."""
    film = linked(reel.result.film.path, reel.files[reel.result.film.path], store)
    lines = [f"# {reel.title}", f"{film} at `{result.film.path}`" if film.startswith("[") else f"`{result.film.path}`"]
    pictures = [picture(name, ref, store) for name, ref in reel.cards.items()]
    put("film", "\n\n".join([*lines, *pictures, _report(result), _degraded(result)]), "The film, its storyboard and its report")
    rows = [
        {
            "stage": c.stage, "scene": c.scene, "provider": c.provider, "estimated $": c.estimated, "charged $": c.charged, "wasted $": c.wasted,
            "paid earlier $": c.earlier,
        }
        for c in reel.costs.entries
    ]  # fmt: skip
    put("costs", rows, f"${result.dollars:.2f} of a cap of ${reel.costs.cap:.2f}", "table")


def table(rows: Mapping[str, str]) -> str:
    """Two columns in Markdown."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def _report(result: FilmResult) -> str:
    report = result.report
    rows = {
        "cuts": f"{report.cuts.count}, at most {report.cuts.max_error_frames:.2f} frames off, {report.cuts.on_beat_share:.0%} on the beat "
        f"({report.cuts.by_chance:.0%} by chance)",
        "length": f"{result.film.frames} frames, {report.length_error_frames:+.2f} frames from the song",
        "sound": f"{report.audio_offset_ms:+.1f} ms",
        "still and Ken Burns clips": f"{report.still_clips} and {report.ken_burns_clips}",
        "black frames": str(report.black_frames),
        "flashes": f"at most {report.flashes_per_second_max:.1f} a second",
        "motion on beats": f"{report.beat_alignment:.2f} of chance",
    }
    return table(rows)


def _degraded(result: FilmResult) -> str:
    if not result.degraded:
        return "Nothing was degraded."
    return "\n".join(["Fallbacks taken:", "", *(f"* {note.stage}: {note.took}, because {note.because}" for note in result.degraded)])
