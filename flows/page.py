"""The run's page in Prefect: a name that reads well, tags, and artifacts: pictures, report and costs."""

import base64
import logging
from collections.abc import Iterable

from httpx import HTTPError
from prefect import runtime
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectException

from schemas import FilmResult, Plan
from songreel.execution.reel import Reel
from songreel.storage import Store

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
    except (PrefectException, HTTPError) as error:  # the name is a courtesy; the run goes on
        log.warning("the run keeps its first name: %s", error)


def show(result: FilmResult, reel: Reel, store: Store) -> None:
    """Put storyboard, timeline, report and costs on the run's page."""
    lines = [f"# {result.run}", f"Film: `{result.film.path}`", "", _report(result), "", _degraded(result)]
    pictures = [f"![{name}](data:{ref.media_type};base64,{base64.b64encode(store.read(ref)).decode()})" for name, ref in reel.cards.items()]
    try:
        _put(result, reel, lines, pictures)
    except (PrefectException, HTTPError) as error:  # the film is there; its page is a courtesy
        log.warning("the run's page shows no artifacts: %s", error)


def _put(result: FilmResult, reel: Reel, lines: list[str], pictures: list[str]) -> None:
    create_markdown_artifact("\n\n".join([*lines[:2], *pictures, *lines[3:]]), key="film", description="The film, its storyboard and its report")
    rows = [
        {
            "stage": c.stage, "scene": c.scene, "provider": c.provider, "estimated $": c.estimated, "charged $": c.charged, "wasted $": c.wasted,
            "paid earlier $": c.earlier,
        }
        for c in reel.costs.entries
    ]  # fmt: skip
    create_table_artifact(rows, key="costs", description=f"${result.dollars:.2f} of a cap of ${reel.costs.cap:.2f}")


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
    return "\n".join(["| measured | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def _degraded(result: FilmResult) -> str:
    if not result.degraded:
        return "Nothing was degraded."
    return "\n".join(["Fallbacks taken:", "", *(f"* {note.stage}: {note.took}, because {note.because}" for note in result.degraded)])
