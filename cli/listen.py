"""``songreel analyse`` and ``songreel plan``: the first stages alone, without Prefect."""

import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks.settings import Settings, read
from cli.choices import choices_of, show_choices
from cli.output import emit, guarded, table
from cli.wishes import Wishes
from schemas import Analysis, FilmRequest, Lyrics, Plan, Song
from songreel.access import Access
from songreel.errors import SongreelError, UserError
from songreel.storage import Store

if TYPE_CHECKING:
    from tasks.studio import Studio


def print_analysis(path: Path, wishes: Wishes, *, store: str | None, as_json: bool) -> int:
    """Print what is heard in a song."""
    with guarded(as_json):
        _, analysis = _heard(path, wishes.request(), read(store=store).open_store())
    if as_json:
        emit(contract(analysis))
    else:
        _print_analysis(path, analysis)
    return 0


def contract(analysis: Analysis) -> dict[str, Any]:
    """The analysis as other programs read it."""
    whole = analysis.model_dump(mode="json")
    names = ("tempo", "tempo_candidates", "beats", "downbeats", "metre", "key", "mode")
    return {
        **{name: whole[name] for name in names},
        "sections": [{name: section[name] for name in ("label", "start", "end")} for section in whole["sections"]],
        **{name: whole[name] for name in ("energy", "valence", "arousal")},
    }


def write_plan(path: Path, wishes: Wishes, *, out: Path | None, settings: Settings, with_choices: bool, as_json: bool) -> int:
    """Write a song's plan, and print it or where it is; or the ways to make it."""
    target = out or Path(f"{re.sub(r'[/]', '-', path.stem)}.plan.json")
    with guarded(as_json):
        kept = settings.open_store()
        plan = _planned(path, wishes.request(lambda: kept), kept, settings.access)
        _write(target, plan.model_dump_json(indent=2))
        offered = choices_of(plan, settings) if with_choices else []
    if with_choices:
        show_choices(plan, target, offered, as_json)
    elif as_json:
        emit(plan)
    else:
        _print_plan(plan)
        print(target)
    return 0


def _heard(path: Path, request: FilmRequest, store: Store) -> tuple[Song, Analysis]:
    from songreel.audio.analyse import analyse
    from songreel.audio.ingest import take

    if not path.is_file():
        raise UserError(f"there is no song at {path}")
    song = take(path, store, start=request.start, duration=request.duration)
    return song, analyse(song, store, fps=Fraction(request.fps), grid=request.grid)


def _planned(path: Path, request: FilmRequest, store: Store, access: Access) -> Plan:
    from flows.writing import told
    from songreel.execution.workers import Workers
    from songreel.planning import image_of, plan
    from songreel.planning.writers import writer_of
    from tasks.meaning import meant, model_of
    from tasks.studio import Studio

    song, analysis = _heard(path, request, store)
    image = image_of(song, request)
    with Workers(1) as workers:  # none is started unless a model works
        studio = Studio(store, workers, access)
        lyrics = _words(song, analysis, request, studio)
        near = meant(request, model_of(request, access), studio)
    drafted = plan(song, analysis, lyrics, request, store.read(image) if image else None, near)
    return told(drafted, lyrics, store, access, lambda brief, _, cap: writer_of(request.writer, access, cap, store).write(brief)).plan


def _words(song: Song, analysis: Analysis, request: FilmRequest, studio: "Studio") -> Lyrics:
    """The words as a film would have them, but none that are bought: a plan costs nothing."""
    from songreel.audio.lyrics import transcribe
    from songreel.audio.ways import way_of
    from tasks.hearing import separation, stems, without_sound, words

    way = way_of(song, request.lyrics, studio.access, commercial=request.commercial)
    because = ""
    if way.way != "text":
        try:
            made = stems(song, separation(studio.access), studio)
            return words(song, request.lyrics, request.start, analysis, made, way, studio)
        except SongreelError as error:
            because = str(error)
    lyrics = transcribe(song, studio.store, given=request.lyrics, analysis=analysis, start=request.start)
    return without_sound(lyrics, because) if because else lyrics


def _write(target: Path, text: str) -> None:
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text)
        part.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}; give another file with --out") from error


def _print_analysis(path: Path, analysis: Analysis) -> None:
    others = ", ".join(f"{one.bpm:.1f} ({one.confidence:.0%})" for one in analysis.tempo_candidates[1:])
    print(f"{path.name}: {analysis.tempo:.2f} bpm{f' (or {others})' if others else ''}, {analysis.metre} beats a bar, {analysis.key} {analysis.mode}")
    mood = f"energy {analysis.energy:.2f}, valence {analysis.valence:.2f}, arousal {analysis.arousal:.2f}"
    print(f"{len(analysis.beats)} beats, {len(analysis.downbeats)} bars; {mood}")
    table(("section", "from", "to"), [(one.label, _clock(one.start), _clock(one.end)) for one in analysis.sections])
    for note in analysis.notes:
        print(f"note: {note.took}, because {note.because}", file=sys.stderr)


def _print_plan(plan: Plan) -> None:
    rows = [
        (str(scene.index), _clock(scene.start_frame / float(plan.fps)), scene.label, scene.transition.kind, scene.look.world, scene.script.action)
        for scene in plan.scenes
    ]
    table(("scene", "at", "section", "comes in by", "world", "what happens"), rows, f"{plan.treatment.title}: {plan.treatment.logline}")
    if plan.treatment.image:
        print(plan.treatment.image)
    for note in plan.notes:
        print(f"note: {note.took}, because {note.because}", file=sys.stderr)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"
