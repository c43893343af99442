"""What runs in a worker and joins more than one part of songreel; no Prefect here, so that a worker need not load it."""

from pathlib import Path

from schemas import Analysis, Clip, Film, MediaRef, Plan, ShotOrder, Song, Timeline
from songreel.composition import storyboard, subtitles
from songreel.execution.reel import Board, Inspected, Materials, Reel
from songreel.storage import Store

STILL = 480  # px, the longer side of a picture on the storyboard that is drawn before the shoot


def board(orders: tuple[ShotOrder, ...], plan: Plan, analysis: Analysis, timeline: Timeline, store: Store) -> Board:
    """Storyboard and timeline of a film that is not shot yet: one still a scene, by the painter."""
    from PIL import Image

    from songreel.painter.planes import rgb
    from songreel.video.painter import moments

    share = min(STILL / max(plan.width, plan.height), 1.0)
    width, height = (max(2, round(side * share / 2) * 2) for side in (plan.width, plan.height))
    stills = []
    for order in orders:
        slot = order.slot
        at = slot.start_frame + storyboard.still_moment(slot.end_frame - slot.start_frame, float(order.fps))
        stills += [Image.fromarray(rgb(planes)) for planes in moments(order, store, width, height, [at])]
    return Board(cards=storyboard.cards(plan, analysis, timeline, stills, store))


def inspect(film: Film, timeline: Timeline, song: Song, store: Store) -> Inspected:
    """Measure the delivered film and write the page of what was measured."""
    from songreel.inspection.check import examine
    from songreel.inspection.page import html_page

    transitions = [(one.slot.start_frame, one.transition.frames) for one in timeline.placements if one.transition.frames]
    found = examine(
        Path(store.get(film.media)), Path(store.get(song.master)),
        beats=timeline.beats or None, cuts=timeline.cuts, transitions=transitions, notes=film.notes,
    )  # fmt: skip
    return Inspected(report=found.report, page=store.put_bytes(html_page(found.report, found.evidence).encode(), ".html", "text/html"))


def examine(film: Path, song: Song, store: Store, analysis: Analysis, plan: Plan | None) -> Inspected:
    """Measure any film against its song; with a plan, its cuts and transitions are judged too."""
    from songreel.inspection.check import examine as measure
    from songreel.inspection.page import html_page

    scenes = plan.scenes if plan else ()
    cuts = [scene.start_frame for scene in scenes[1:]] if plan else None
    transitions = [(scene.start_frame, scene.transition.frames) for scene in scenes if scene.transition.frames]
    found = measure(film, Path(store.get(song.master)), beats=analysis.beats, cuts=cuts, transitions=transitions)
    return Inspected(report=found.report, page=store.put_bytes(html_page(found.report, found.evidence).encode(), ".html", "text/html"))


def gather(materials: Materials, store: Store) -> Reel:
    """Every file of the reel as content."""
    plan, report = materials.plan, materials.report
    pictures = storyboard.pictures(plan, materials.analysis, materials.timeline, materials.clips, store)
    files = {
        materials.result.film.path: materials.film.media,
        "plan.json": store.put_bytes(plan.model_dump_json(indent=2).encode(), ".json"),
        "report.json": store.put_bytes(report.model_dump_json(indent=2).encode(), ".json"),
        "costs.json": store.put_bytes(materials.costs.model_dump_json(indent=2).encode(), ".json"),
        **{name: ref for name, ref in pictures.items() if name.endswith(".png")},
        **_clips(materials.clips),
        **_lyrics(materials, store),
    }
    if materials.report_page:
        files["report.html"] = materials.report_page
    return Reel(
        result=materials.result,
        title=materials.title,
        tags=materials.tags,
        files=files,
        cards={name: ref for name, ref in pictures.items() if not name.endswith(".png")},
        costs=materials.costs,
        broken=tuple(violation.sentence for violation in report.violations),
    )


def _clips(clips: tuple[Clip, ...]) -> dict[str, MediaRef]:
    return {f"clips/{clip.slot.scene:03d}{clip.media.suffix}": clip.media for clip in clips}


def _lyrics(materials: Materials, store: Store) -> dict[str, MediaRef]:
    if not materials.lyrics.lines:
        return {}
    song = materials.plan.song
    lrc = subtitles.lrc(materials.lyrics, song.title or song.name, song.artist)
    return {
        "lyrics.srt": store.put_bytes(subtitles.srt(materials.lyrics).encode(), ".srt"),
        "lyrics.vtt": store.put_bytes(subtitles.vtt(materials.lyrics).encode(), ".vtt"),
        "lyrics.lrc": store.put_bytes(lrc.encode(), ".lrc"),
    }
