"""Which worlds the words of a prompt that names none are nearest to, by a model of this machine; no Prefect here."""

from schemas import FilmRequest, Note
from songreel import planning
from songreel.access import Access
from songreel.audio.ways import ready
from songreel.errors import SongreelError
from songreel.planning.words import Meant
from tasks.hearing import MODEL
from tasks.studio import Studio, Work

STAGE = "plan"


def model_of(request: FilmRequest, access: Access) -> str:
    """The model of meaning that is here; empty: none is."""
    return next((one.name for one in ready("meaning", access, request.commercial)), "")


def meant(request: FilmRequest, model: str, studio: Studio) -> Meant | None:
    """Nearest worlds by meaning; none where there is no model, or nothing to find: the lexicon is asked then."""
    words = planning.unplaced(request) if model else ()
    if not words:
        return None
    work = Work(STAGE, "songreel.planning.meaning:nearest", reports=True, limits=MODEL, model=model)
    try:
        return Meant(model, studio.run(work, words, model, studio.access))
    except SongreelError as error:
        return Meant("", (), (Note(stage=STAGE, took="the lexicon instead of a model of meaning", because=str(error)),))
