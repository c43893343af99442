"""The plan by rules: from what is known of the song and what was asked, the treatment and the scenes on the frame grid."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from schemas.analysis import Analysis
from schemas.base import Note
from schemas.look import Colours, Look, PaletteName
from schemas.lyrics import Lyrics
from schemas.plan import Character, Genre, MusicSummary, Plan, Scene, StoryBeat, Transition, Treatment
from schemas.request import FilmRequest
from schemas.song import Song
from songreel.errors import UserError
from songreel.painter.catalogue import find_style, find_world
from songreel.planning.casting import Cast, cast_film, distinct, look
from songreel.planning.colour import cover_palette, named_palette, readings, usual_palette
from songreel.planning.cutting import cut_frames
from songreel.planning.data import phrases
from songreel.planning.genre import genre_of, mood_of
from songreel.planning.joining import transition
from songreel.planning.lettering import lettering
from songreel.planning.picture import picture
from songreel.planning.prompting import compose, negative, script
from songreel.planning.recommending import recommend
from songreel.planning.showing import kept_out, showing, shown, told, unreadable, whose
from songreel.planning.words import Meant, characters, named
from songreel.planning.words import unplaced as unplaced_words

SEED_SPAN = 2**32
ALIKE = 0.06  # styles whose scores differ by less suit alike: the seed chooses
SHOWN = 4  # recommended styles that the plan names
SCENE_STRIDE = 7919  # a prime: neighbouring scenes and neighbouring film seeds do not share scene seeds
SAME_SCENE = " / "  # between the lines of one scene
LINE_IN_SCENE = 0.3  # share of a lyric line that must be sung in a scene for it to be the scene's


def plan(song: Song, analysis: Analysis, lyrics: Lyrics, request: FilmRequest, cover: bytes | None = None, meant: Meant | None = None) -> Plan:
    """The whole plan by rules.

    Args:
        song, analysis, lyrics: what the earlier stages found.
        request: what was asked.
        cover: the given image's file content, else the cover art's, when there is one.
        meant: the worlds that the prompt's words are nearest to, where a model of meaning was asked.

    Raises:
        UserError: a style or genre that does not exist, or a song too short for one frame.
    """
    wished = picture(request)
    frames = round(song.duration * request.fps)
    if frames < 1:
        raise UserError(f"{song.name} lasts {song.duration:.3f} s, less than one frame at {request.fps} frames a second")
    treatment, notes = _treatment(song, analysis, lyrics, request, cover)
    words = " ".join(line.text for line in lyrics.lines)
    hidden = _hidden(request, cover)
    cast = cast_film(
        request.prompt, words, treatment.genre, treatment.mood, treatment.style, readings(treatment), analysis, treatment.seed, request.world, meant
    )
    scenes = _scenes(cast, analysis, lyrics, request, treatment, frames, bool(cover) and not hidden and not kept_out(request))
    treatment, unlettered = lettering(request, treatment, lyrics, scenes, analysis.energy)
    return Plan(
        song=song,
        request=request,
        fps=request.fps,
        width=wished.width,
        height=wished.height,
        frames=frames,
        music=MusicSummary(**{name: getattr(analysis, name) for name in MusicSummary.model_fields}),
        treatment=treatment.model_copy(update={"story": _story(scenes), "image": told(scenes, request) if cover and not hidden else ""}),
        scenes=scenes,
        notes=(*notes, *hidden, *unlettered, *(meant.notes if meant else ()), *_unread(request, cast, meant)),
    )


def _treatment(song: Song, analysis: Analysis, lyrics: Lyrics, request: FilmRequest, cover: bytes | None) -> tuple[Treatment, list[Note]]:
    seed = int(song.master.sha256[:8], 16) if request.seed is None else request.seed
    genre = genre_of(request.genre, song, analysis)
    mood = mood_of(request.mood, request.prompt, analysis)
    style, because = _style(request, genre, mood, analysis.energy, seed)
    palette, colours, notes = _colours(request, usual_palette(genre, analysis.valence, analysis.arousal), cover, seed)
    title = song.title or song.name.replace("_", " ").replace("-", " ").strip() or "Untitled"
    theme = request.prompt.strip() or f"a {mood} {genre} film"
    return (
        Treatment(
            title=title,
            artist=song.artist,
            logline=f"{title}: {theme}",
            style=style,
            style_because=because,
            genre=genre,
            mood=mood,
            palette=palette,
            colours=colours,
            characters=tuple(Character(name=text.split()[-1], description=text) for text in characters(request.prompt)[:3]),
            places=named(f"{request.prompt} {' '.join(line.text for line in lyrics.lines)}", "world"),
            objects=tuple(s for s in named(request.prompt, "subject") if s in ("car", "boat", "ship", "train", "balloon", "tree", "house")),
            seed=seed,
        ),
        notes,
    )


def _style(request: FilmRequest, genre: Genre, mood: str, energy: float, seed: int) -> tuple[str, str]:
    """The style and why: the wished one, else one of those that suit the music best, by the seed."""
    if request.style != "auto":
        return find_style(request.style).id, "it was asked for"
    best = recommend(genre, mood, energy)
    equals = [one for one in best if one.suits >= best[0].suits - ALIKE]
    taken = equals[seed % len(equals)]
    others = ", ".join(one.title for one in best[:SHOWN] if one is not taken)
    return taken.style, f"{'; '.join(taken.reasons) or 'nothing suits better'} (also: {others})"


def _colours(request: FilmRequest, usual: PaletteName, cover: bytes | None, seed: int) -> tuple[PaletteName, Colours, list[Note]]:
    wish: str = request.palette
    if wish == "auto":
        wish = next(iter(named(request.prompt, "palette")), "cover" if request.image else usual)
    if wish != "cover":
        return wish, named_palette(wish, seed), []  # type: ignore[return-value]
    taken = cover_palette(cover) if cover else None
    if taken:
        return "cover", taken, []
    because = f"{whose(request)} cannot be read as a picture" if cover else "the song has no cover art"
    return usual, named_palette(usual, seed), [Note(stage="plan", took=f"the {usual} palette", because=because)]


def _scenes(
    cast: Cast, analysis: Analysis, lyrics: Lyrics, request: FilmRequest, treatment: Treatment, frames: int, image: bool
) -> tuple[Scene, ...]:
    fps = request.fps
    starts = cut_frames(analysis, fps, frames)
    ends = (*starts[1:], frames)
    opens = [section.start for section in analysis.sections]
    owners = [max(bisect_right(opens, (start + 1) / fps) - 1, 0) for start in starts]
    sung = [sung_in(lyrics, float(start / fps), float(end / fps)) for start, end in zip(starts, ends, strict=True)]
    letters = [analysis.sections[owner].group for owner in owners]
    seen = [
        look(cast, analysis.sections, owner, position, start / frames, line, begun)
        for owner, position, start, line, begun in zip(owners, positions(letters), starts, sung, begun_in(sung), strict=True)
    ]
    labels = [analysis.sections[owner].label for owner in owners]
    looks = distinct(seen, labels)
    if image:
        looks = shown(looks, showing(labels, owners), cast)
    joints = [Transition()] + [
        transition(analysis.sections[owners[at - 1]], analysis.sections[owners[at]], min(starts[at] - starts[at - 1], ends[at] - starts[at]), fps)
        for at in range(1, len(starts))
    ]
    return tuple(
        _scene(at, (starts[at], ends[at]), owners[at], analysis, joints[at], looks[at], sung[at], treatment, request) for at in range(len(starts))
    )


def positions(groups: Sequence[str]) -> list[int]:
    """Which scene of its section each is, from 0; sections of one letter that follow each other count as one."""
    return [at for _, run in groupby(groups) for at, _ in enumerate(run)]


def _scene(
    index: int,
    span: tuple[int, int],
    section: int,
    analysis: Analysis,
    joint: Transition,
    seen: Look,
    lyric: str,
    treatment: Treatment,
    request: FilmRequest,
) -> Scene:
    text = script(seen, treatment.mood, lyric)
    return Scene(
        index=index,
        start_frame=span[0],
        end_frame=span[1],
        section=section,
        label=analysis.sections[section].label,
        energy=analysis.sections[section].energy,
        transition=joint,
        script=text,
        look=seen,
        prompt=compose(text, treatment.style, request.prompt),
        negative_prompt=negative(treatment.style),
        seed=(treatment.seed + SCENE_STRIDE * (index + 1)) % SEED_SPAN,
        backend="painter" if find_world(seen.world).shows_image else request.backend,
    )


def sung_in(lyrics: Lyrics, start: float, end: float) -> str:
    """The lines of which a good part is sung between two times, joined; '' when there is none."""
    lines = [line.text for line in lyrics.lines if min(end, line.end) - max(start, line.start) >= LINE_IN_SCENE * max(line.end - line.start, 0.1)]
    return SAME_SCENE.join(lines)


def begun_in(sung: Sequence[str]) -> list[str]:
    """Of what is sung in each scene, the lines that the scene before has not sung already."""
    lines = [line.split(SAME_SCENE) for line in sung]
    return [SAME_SCENE.join(line for line in here if line not in before) for before, here in zip([[], *lines], lines, strict=False)]


def _story(scenes: Sequence[Scene]) -> tuple[StoryBeat, ...]:
    """One sentence a section, from its first scene."""
    firsts = {scene.section: scene for scene in reversed(scenes)}
    return tuple(
        StoryBeat(section=section, text=phrases().story[scene.label].format(**scene.script.model_dump())) for section, scene in sorted(firsts.items())
    )


def _hidden(request: FilmRequest, cover: bytes | None) -> list[Note]:
    """Told only where the image was to appear."""
    because = unreadable(cover) if cover and not kept_out(request) else ""
    return [Note(stage="plan", took=f"no scenes of {whose(request)}", because=because)] if because else []


def unplaced(request: FilmRequest) -> tuple[str, ...]:
    """The prompt's words that may be asked a model of meaning for; none where the prompt, or the person, names a world."""
    return unplaced_words(request.prompt) if request.world == "auto" else ()


def _unread(request: FilmRequest, cast: Cast, meant: Meant | None) -> list[Note]:
    if cast.guessed:
        told = ", ".join(f"{find_world(world).title} for '{word}'" for word, world in cast.guessed)
        by = f"by meaning ({meant.by})" if meant and meant.by else "by the lexicon"
        return [
            Note(stage="plan", took=f"the nearest worlds: {told}", because=f"no word of the prompt names a world that the painter knows; found {by}")
        ]
    if not request.prompt.strip() or cast.asked or cast.heroes:
        return []
    chosen = ", ".join(world.title for world in cast.pool)
    return [Note(stage="plan", took=f"the worlds {chosen}", because="no word of the prompt names a world or a subject that the painter knows")]
