"""What type the film gets: a look for its lyrics, with the reason, and cards where there is room for them. Times are of the song."""

from collections.abc import Sequence
from itertools import pairwise

from schemas.base import Note
from schemas.lettering import Card, Lettering
from schemas.lyrics import Line, Lyrics
from schemas.plan import Scene, Treatment
from schemas.request import FilmRequest
from songreel.painter.type.sheets import sheets, suited

LINGER = 0.5  # s that a line stays after its last word, when nothing follows
PART = 0.14  # s between two lines, so that one is gone before the other comes
SHORTEST = 0.3  # s; a line that is there for less is not shown
OPENING, TITLE_STAYS, LEAST_TITLE = 0.4, 4.6, 2.4  # s before a title comes, that it stays, and under which there is no room for one
CORNER_STAYS = 5.0  # s
END_STAYS, LEAST_END, AFTER_WORDS = 4.6, 2.0, 0.3  # s
REACH = 0.6  # s around a scene in which a line may already come in


def lettering(request: FilmRequest, treatment: Treatment, lyrics: Lyrics, scenes: Sequence[Scene], energy: float) -> tuple[Treatment, list[Note]]:
    """The treatment with the film's type.

    Args:
        energy: of the song, in [0, 1].
    """
    fps, frames = request.fps, scenes[-1].end_frame
    suits, because = suited(treatment.genre, treatment.style, energy)
    asked = request.lettering
    notes = []
    if not lyrics.lines and asked not in ("auto", "none"):
        notes.append(Note(stage="plan", took="a film without lyrics in the picture", because=f"{asked} was asked for, but no lyrics are known"))
    look = "none" if not lyrics.lines else suits if asked == "auto" else asked
    reason = because if look == suits and asked == "auto" else "it was asked for" if asked != "auto" else "no lyrics are known"
    lines = shown(lyrics.lines, float(frames / fps)) if look != "none" else ()
    cards = cards_of(treatment, lines, float(scenes[0].end_frame / fps), float(scenes[-1].start_frame / fps), float(frames / fps))
    made = Lettering(
        look=look,
        face=sheets()[suits].card,
        colours=treatment.colours,
        language=lyrics.language,
        lines=lines,
        cards=cards if request.titles else (),
    )
    return treatment.model_copy(update={"lettering": made, "lettering_because": reason}), notes


def shown(lines: Sequence[Line], duration: float) -> tuple[Line, ...]:
    """The lines with the ends of their showing: a moment after the last word, but gone before the next line comes."""
    ends = [after.start - PART for _, after in pairwise(lines)] + [duration]
    kept = []
    for line, limit in zip(lines, ends, strict=True):
        sung = max([line.end, *(word.end for word in line.words)])
        end = round(min(sung + LINGER, limit, duration), 3)
        if end - line.start >= SHORTEST:
            kept.append(line.model_copy(update={"end": end}))
    return tuple(kept)


def cards_of(treatment: Treatment, lines: Sequence[Line], first_ends: float, last_starts: float, duration: float) -> tuple[Card, ...]:
    """Title and end card.

    Args:
        treatment: for the names.
        lines: of lyrics; no card stands over them.
        first_ends, last_starts: when the first scene ends and the last one starts.
        duration: of the film.
    """
    cards = []
    sings = lines[0].start if lines else duration
    end = min(max(first_ends - PART, OPENING + LEAST_TITLE), OPENING + TITLE_STAYS, sings - PART, duration)
    names = {"title": treatment.title, "line": treatment.artist}
    if end - OPENING >= LEAST_TITLE:
        cards.append(Card(kind="title", **names, start=OPENING, end=round(end, 3)))
    elif duration - OPENING >= LEAST_TITLE:
        cards.append(Card(kind="corner", **names, start=OPENING, end=round(min(OPENING + CORNER_STAYS, duration), 3)))
    silent = lines[-1].end + AFTER_WORDS if lines else 0.0
    start = max(last_starts + PART, duration - END_STAYS, silent, cards[-1].end + 1.0 if cards else 0.0)
    if duration - start >= LEAST_END:
        cards.append(Card(kind="end", **names, start=round(start, 3), end=round(duration, 3)))
    return tuple(cards)


def of_span(whole: Lettering | None, start: float, end: float) -> Lettering | None:
    """What of a film's type is seen between two times; none when nothing is."""
    if whole is None:
        return None
    lines = tuple(line for line in whole.lines if line.start - REACH < end and line.end > start) if whole.look != "none" else ()
    cards = tuple(card for card in whole.cards if card.start < end and card.end > start)
    return whole.model_copy(update={"lines": lines, "cards": cards}) if lines or cards else None
