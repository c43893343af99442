"""Cards over the picture: the song's name at the start, the artist's at the end, and a corner where the song begins at once."""

from dataclasses import dataclass
from functools import cached_property

from schemas.lettering import Card, Face, Lettering
from songreel.painter.planes import Planes
from songreel.painter.type.acts import DESCENT, Lettered, Row, rows_of
from songreel.painter.type.blend import put_ink, stamp
from songreel.painter.type.fonts import FontBook
from songreel.painter.type.inks import Inks
from songreel.painter.type.motion import arriving, eased, leaving, part
from songreel.painter.type.raster import Mark, Voice, filled
from songreel.painter.type.setting import Area, Page, Setter, Wish
from songreel.painter.type.text import Unit, capitals, clean, is_rtl, parted

TITLE_SIZE, END_SIZE, CORNER_SIZE = 0.125, 0.1, 0.052  # of the picture's shorter side
LINE_SIZE, CORNER_LINE = 0.034, 0.028
SMALLER: dict[Face, float] = {"display": 1.35, "hand": 1.15, "typewriter": 0.72, "neon": 0.92, "serif": 1.08}
"""How large a face is set beside the sans."""
TITLE_TRACKING: dict[Face, float] = {"serif": 0.015, "sans": -0.012, "bold": -0.02, "display": 0.012, "neon": 0.03}
LINE_TRACKING = 0.26  # em: small capitals are set wide
CAPITALS = frozenset({"display"})
TITLE_WIDTH = 0.9  # of the safe width
MIDDLE = {"wide": 0.5, "square": 0.5, "tall": 0.45}  # of the picture's height
TITLE_MIDDLE = {"wide": 0.34, "square": 0.34, "tall": 0.30}  # above the heads of those who stand in the film's first picture
LEADING = 1.12
RULE_WIDTH, RULE_THICK = 1.6, 0.05  # em of the small line
COMING, GOING = 0.9, 0.6  # s
STAGGER = 0.14  # s from the title's words to the rule and to the line
RISE = 0.16  # em
SHORT_FILLS, SHORT_GROWS = 0.55, 1.5  # share of the safe width that a short title grows to, and how many times its size at most
SMALL = (0.72, 0.62, 0.54, 0.46)  # of a card's sizes, for long names
LONGEST = 80  # characters of a title that are read


@dataclass(eq=False)
class CardAct:
    """A card as it is drawn."""

    card: Card
    words: list[Lettered]
    small: list[Lettered]
    rule: tuple[int, int, int, int] | None
    """Left, top, width, height."""
    centred: bool

    @property
    def start(self) -> float:
        return self.card.start

    @property
    def end(self) -> float:
        return self.card.end

    @cached_property
    def rows(self) -> list[Row]:
        """Rows of the title, then the small line."""
        return [*rows_of(self.words), *rows_of(self.small)]

    @cached_property
    def _rule(self) -> Mark:
        assert self.rule
        return filled(self.rule[2], self.rule[3])

    def draw(self, planes: Planes, now: float, inks: Inks) -> None:
        """The card as it is at a time."""
        out = leaving(now, self.end, GOING if self.card.kind != "end" else 0.0)
        delays = _delays(self.words)
        late = max(delays.values(), default=0.0)
        there = {word: self._come(now, delays[word.spot.unit.text, word.x]) for word in self.words}
        there |= dict.fromkeys(self.small, self._come(now, late + 2 * STAGGER))
        for row in self.rows:
            row.put_shade(planes, inks.shade, there, out)
        for word in self.words:
            share = part(now, self.start + delays[word.spot.unit.text, word.x], COMING)
            word.put(planes, inks.text, out * eased(min(1.6 * share, 1.0)), rise=round((1 - arriving(share)) * RISE * word.size))
        self._draw_rule(planes, now - late - STAGGER, out, inks)
        for word in self.small:
            word.put(planes, inks.text, out * self._come(now, late + 2 * STAGGER))

    def _come(self, now: float, delay: float) -> float:
        return eased(part(now, self.start + delay, 0.6 * COMING))

    def _draw_rule(self, planes: Planes, now: float, out: float, inks: Inks) -> None:
        if self.rule is None:
            return
        left, top, width, _ = self.rule
        grown = 2 * round(width * arriving(part(now, self.start, COMING)) / 2)
        if grown > 1:
            x = left + (width - grown) // 2 if self.centred else left
            put_ink(planes, stamp(self._rule.stamp.cover[:, :grown]), x, top, inks.accent, out)


def _delays(words: list[Lettered]) -> dict[tuple[str, int], float]:
    """When each word of a title comes, from the first one on: in the order they are read, all within a third of a second."""
    step = min(0.09, 0.35 / max(len(words), 1))
    reading = sorted(words, key=lambda word: word.spot.unit.start)
    return {(word.spot.unit.text, word.x): step * at for at, word in enumerate(reading)}


def card_of(card: Card, lettering: Lettering, area: Area, height: int, book: FontBook) -> CardAct | None:
    """A card, set; none when it says nothing that can be drawn."""
    corner = card.kind == "corner"
    face = lettering.face
    size = {"title": TITLE_SIZE, "end": END_SIZE, "corner": CORNER_SIZE}[card.kind] * area.short * SMALLER.get(face, 1.0)
    title, line = clean(card.title, LONGEST), clean(card.line, LONGEST)
    rows, grows = (1, 1.0) if corner else (2, SHORT_GROWS)
    big = _set(title, Voice(book, face, TITLE_TRACKING.get(face, 0.0)), size, area, rows, face in CAPITALS, grows)
    small_size = (CORNER_LINE if corner else LINE_SIZE) * area.short * (1.15 if area.shape == "tall" else 1.0)
    small = _set(line, Voice(book, "sans", LINE_TRACKING), small_size, area, 1, True)
    if big is None:
        return None
    gap = small_size * (2.6 if not corner else 1.75)
    leading = LEADING * big.page.sizes[0]
    tall = leading * (len(big.page.sizes) - 1)
    place = TITLE_MIDDLE if card.kind == "title" else MIDDLE
    middle = place[area.shape] * height + 0.3 * big.page.sizes[0] - tall / 2 - (gap / 2 if small else 0)
    first = area.top + 0.8 * size if corner else middle
    words = big.at(first, leading, area, centred=not corner)
    below = first + tall + DESCENT * big.page.sizes[0]
    rule = None
    if small and not corner:
        width = 2 * round(RULE_WIDTH * small_size)
        rule = (round(area.middle - width / 2), round(below + 0.55 * small_size), width, max(2 * round(RULE_THICK * small_size), 2))
    lower = small.at(below + (gap if not corner else small_size * 1.25), 0, area, centred=not corner) if small else []
    return CardAct(card, words, lower, rule, not corner)


@dataclass(frozen=True)
class _Text:
    page: Page
    voice: Voice

    def at(self, first: float, leading: float, area: Area, centred: bool) -> list[Lettered]:
        out = []
        for spot in self.page.spots:
            width = self.page.widths[spot.row]
            left = area.middle - width / 2 if centred else area.right - width if self.page.rtl else area.left
            x, y = round(left + spot.x), round(first + leading * spot.row)
            out.append(Lettered(spot, self.voice, self.page.sizes[spot.row], self.page.rtl, x, y))
        return out


def _set(text: str, voice: Voice, size: float, area: Area, rows: int, in_capitals: bool, most: float = 1.0) -> _Text | None:
    if not text:
        return None
    shown = capitals(text) if in_capitals else text
    units = [piece for at, word in enumerate(shown.split()) for piece in parted(Unit(word, float(at), at + 1.0))]
    setter = Setter(voice, is_rtl(shown))
    room = SHORT_FILLS * area.width / max(setter.length(units, size), 1.0)
    size *= min(max(room, 1.0), most)
    pages = setter.pages(units, Wish(size, TITLE_WIDTH * area.width, rows, tight=SMALL), 0.0, 1.0)
    return _Text(pages[0], voice) if pages else None
