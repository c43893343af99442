"""A song's stems and words, whichever way they are come by; no Prefect here, so that a terminal can ask without it."""

from schemas import Analysis, Hearing, Lyrics, MediaRef, Note, Song, Stems
from songreel.access import Access
from songreel.audio import demucs
from songreel.audio.bought import bought
from songreel.errors import SongreelError
from songreel.execution.workers import Limits
from tasks.studio import Studio, Work

MODEL = Limits(600.0)
"""Of a model on the GPU, which tells nothing while its weights come from disk."""
STAGE = "transcribe"


def separation(access: Access) -> str:
    """How stems are made here: 'demucs' where its weights are, else 'dsp'."""
    return "dsp" if demucs.missing(access) else "demucs"


def stems(song: Song, method: str, studio: Studio) -> Stems:
    """Four stems that sum to the mix, by 'demucs' or 'dsp'; what a model cannot separate is separated without one."""
    made: Stems
    if method == "demucs":
        try:
            work = Work("separate", "songreel.audio.demucs:separate", reports=True, limits=MODEL, model="htdemucs")
            made = studio.run(work, song, studio.store, studio.access)
        except SongreelError as error:
            made = studio.run(Work("separate", "songreel.audio.stems:separate"), song, studio.store)
            return made.model_copy(update={"notes": (Note(stage="separate", took="signal-processing stems", because=str(error)),)})
        return made
    made = studio.run(Work("separate", "songreel.audio.stems:separate"), song, studio.store)
    return made


def words(song: Song, given: str, start: float, analysis: Analysis, sound: Stems | None, hearing: Hearing, studio: Studio) -> Lyrics:
    """The words and when they are sung; what a model cannot place is spread as always, and told.

    Raises:
        SongreelError: the model, or the service, failed.
    """
    if hearing.way == "text" or sound is None:
        return _written(song, given, start, analysis, studio)
    if hearing.way == "bought":
        return _bought(song, sound, analysis, hearing, studio)
    if hearing.way == "heard":
        return _by_model("hear", hearing.model, (song, sound, analysis, hearing), studio)
    placed = _by_model("place_given", hearing.aligners[0], (song, sound, analysis, given, hearing), studio)
    if placed.lines:
        return placed
    spread = _written(song, given, start, analysis, studio)
    return spread.model_copy(update={"notes": (*placed.notes, *spread.notes)})


def without_sound(lyrics: Lyrics, because: str) -> Lyrics:
    """Words as they are given, where the way to hear them failed."""
    return lyrics.model_copy(update={"notes": (Note(stage=STAGE, took="the words as they are given, if any", because=because), *lyrics.notes)})


def _written(song: Song, given: str, start: float, analysis: Analysis, studio: Studio) -> Lyrics:
    named = {"given": given, "analysis": analysis, "start": start}
    lyrics: Lyrics = studio.run(Work(STAGE, "songreel.audio.lyrics:transcribe"), song, studio.store, **named)
    return lyrics


def _by_model(function: str, model: str, told: tuple[object, ...], studio: Studio) -> Lyrics:
    work = Work(STAGE, f"songreel.audio.listening:{function}", reports=True, limits=MODEL, model=model)
    lyrics: Lyrics = studio.run(work, *told, studio.store, studio.access)
    return lyrics


def _bought(song: Song, vocals: Stems, analysis: Analysis, hearing: Hearing, studio: Studio) -> Lyrics:
    """Heard by a service: the sound is made, and its answer judged, in a worker; the wait for it is here."""
    sound: MediaRef | Lyrics = studio.run(Work(STAGE, "songreel.audio.answers:sound_of"), song, vocals, analysis, studio.store)
    if isinstance(sound, Lyrics):
        return sound
    answer, dollars = studio.wait(Work(STAGE, ""), bought, hearing.model, sound, song, studio.store, studio.access)
    lyrics: Lyrics
    try:
        lyrics = studio.run(Work(STAGE, "songreel.audio.answers:judged"), answer, dollars, hearing.model, sound, song, analysis, studio.store)
    except SongreelError as error:
        return without_sound(Lyrics(by=hearing.model, dollars=dollars), str(error))
    return lyrics
