"""Type over the picture: whatever a film's lettering shows at a frame, drawn onto the frame's planes.

Which words stand where depends on the lettering, the picture's size and rate and the frame's number alone, so a transition shows the
same words on both of its sides, and any backend's footage gets the same type as the painter's. Whether they are light or dark is
decided when they are first seen, by the picture behind them.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from schemas.base import Note
from schemas.lettering import Lettering
from schemas.lyrics import Line
from songreel.painter.planes import Planes
from songreel.painter.type.acts import Act, Row, acts_of
from songreel.painter.type.cards import CardAct, card_of
from songreel.painter.type.fonts import FontBook
from songreel.painter.type.inks import Inks, inks_of
from songreel.painter.type.looks import LOOKS
from songreel.painter.type.setting import safe_area
from songreel.painter.type.sheets import sheets

LIGHT_ABOVE, DARK_BELOW = 95.0, 140.0  # luma above which light letters need a shade, and below which dark ones do
LIGHT_FAVOUR = 50.0  # levels of shading by which light letters, which are usual, are preferred


class Overlay:
    """The type of one film, or of a part of it, for pictures of one size.

    Args:
        lettering: what is shown, and when.
        width, height: of the picture in pixels, even.
        fps: frames a second.
    """

    def __init__(self, lettering: Lettering, width: int, height: int, fps: Fraction) -> None:
        self.lettering, self.width, self.height, self.fps = lettering, width, height, fps
        self._book = FontBook(lettering.language)
        self._inks = {light: inks_of(lettering.colours, light) for light in (True, False)}
        self._light: dict[str, bool] = {}
        self._area = safe_area(width, height)
        self.acts: list[Act] = self._set()
        made = (card_of(card, lettering, self._area, height, self._book) for card in lettering.cards)
        self.cards: list[CardAct] = [card for card in made if card is not None]

    def over(self, planes: Planes, frame: int) -> None:
        """Draw what is shown at a frame of the film onto its planes, in place."""
        now = float(frame / self.fps)
        for act in self.acts:
            if act.start <= now < act.end:
                LOOKS[self._look](planes, act, now, self._inks_on(planes, "lyrics", act.rows))
        for card in self.cards:
            if card.start <= now < card.end:
                card.draw(planes, now, self._inks_on(planes, card.card.kind, card.rows))

    def _inks_on(self, planes: Planes, kind: str, rows: Sequence[Row]) -> Inks:
        """The inks for what is shown: those that were taken when the first of its kind was seen."""
        if kind not in self._light:
            tone = self.lettering.tone
            self._light[kind] = tone == "light" or (tone == "auto" and _suits_light(planes, rows))
        return self._inks[self._light[kind]]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What could not be shown as it was asked."""
        cut = sum(act.page.cut for act in self.acts)
        told = (
            (Note(stage="shoot", took="lyrics cut to what can be read", because=f"{cut} lines have more words than time to read them"),)
            if cut
            else ()
        )
        return (*self._book.notes(), *told)

    def _set(self) -> list[Act]:
        if self.lettering.look == "none":
            return []
        self._look = self.lettering.look
        sheet = sheets()[self._look]
        size = (self.width, self.height)
        return [act for line in self.lettering.lines for act in acts_of(self._on_frames(line), self.lettering, sheet, self._area, size, self._book)]

    def _on_frames(self, line: Line) -> Line:
        """The line with every word's start on a frame."""
        words = tuple(word.model_copy(update={"start": self._frame_time(word.start)}) for word in line.words)
        return line.model_copy(update={"start": self._frame_time(line.start), "words": words})

    def _frame_time(self, seconds: float) -> float:
        return float(round(seconds * self.fps) / self.fps)


def _suits_light(planes: Planes, rows: Sequence[Row]) -> bool:
    """Whether the picture behind some rows needs less shading for light letters than for dark ones."""
    boxes = [row.shape.bounds for row in rows]
    left, top = max(min(box[0] for box in boxes), 0), max(min(box[1] for box in boxes), 0)
    behind = planes.y[top : max(box[3] for box in boxes), left : max(box[2] for box in boxes)].astype(np.float32)
    if not behind.size:
        return True
    return float(np.maximum(behind - LIGHT_ABOVE, 0).mean()) <= float(np.maximum(DARK_BELOW - behind, 0).mean()) + LIGHT_FAVOUR
