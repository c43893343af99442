"""The six looks: how the words of an act come in, stand and go, as functions of time.

Each draws one act onto a frame's planes: first what keeps the picture behind the words calm, then the words. Nothing pops or flickers:
what comes and goes takes several frames.
"""

from collections.abc import Callable

import numpy as np

from schemas.lettering import LetteringLook
from songreel.painter.planes import Planes
from songreel.painter.type.acts import Act, Lettered
from songreel.painter.type.blend import put_ink, put_shade, stamp
from songreel.painter.type.colour import Ink
from songreel.painter.type.inks import Inks
from songreel.painter.type.motion import arriving, eased, leaving, part, swept
from songreel.painter.type.raster import filled
from songreel.painter.type.text import clusters

FADE, GONE = 0.22, 0.2  # s in which a word comes, and in which an act goes
RISE = 0.2  # em that a word rises as it comes
BAR_WIDTH, BAR_GAP = 0.11, 0.5  # em
SWEEP_SOFT = 0.12  # em over which a sweep goes from one colour to the other
UNSUNG = 0.96  # cover of words that are still to be sung
BIG_FADE, BIG_FROM = 0.2, 1.14  # s; size from which a big word settles to its own
KEY = 0.06  # s from one letter of a typewriter to the next
STRIP_COVER, STRIP_PAD, STRIP_UP, STRIP_DOWN = 0.95, 0.42, 0.94, 0.44  # cover; em around the letters of a row
CURSOR_PERIOD = 1.0  # s of a cursor's blink: far below what flashes
LIGHTING = 0.26  # s in which a tube comes to its light
UNLIT = 0.5  # cover of tubes that are not lit
SHINE = 0.5  # of a tube's own level that falls on the picture: its colour does more, and the letters stay clear of it
HALO, NEAR = (1.3, 0.34), (0.34, 0.44)  # blur in em and strength of a tube's light far and near
WRITING = 0.11  # s a letter takes to be written, at most


def lower_third(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """Words rise in beside a bar."""
    out = leaving(now, act.end, GONE)
    there = {word: eased(part(now, word.start - act.sheet.lead, FADE)) for word in act.words}
    for row in act.rows:
        row.put_shade(planes, inks.shade, there, out)
    _bar(planes, act, arriving(part(now, act.start, 0.4)), out, inks)
    for word in act.words:
        come = arriving(part(now, word.start - act.sheet.lead, 1.6 * FADE))
        word.put(planes, inks.text, there[word] * out, rise=round((1 - come) * RISE * act.size))


def _bar(planes: Planes, act: Act, grown: float, out: float, inks: Inks) -> None:
    size = act.size
    top, bottom = round(act.baselines[0] - 0.86 * size), round(act.baselines[-1] + 0.24 * size)
    height, width = bottom - top, max(2 * round(BAR_WIDTH * size / 2), 2)
    mark = act.kept.setdefault("bar", filled(width, height))
    gap = round(BAR_GAP * size)
    x = round(max(left + wide for left, wide in zip(act.lefts, act.page.widths, strict=True))) + gap - width if act.page.rtl else min(act.lefts) - gap
    shown = round(height * grown)
    if shown > 1:
        put_ink(planes, stamp(mark.stamp.cover[-shown:]), x, bottom - shown, inks.accent, out)


def karaoke(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """The accent sweeps through the line."""
    shown = eased(part(now, act.start, 0.25)) * leaving(now, act.end, GONE)
    for row in act.rows:
        row.put_shade(planes, inks.deep, dict.fromkeys(act.words, 1.0), shown)
    for word in act.words:
        sung = part(now, word.start, max(word.end - word.start, 0.08))
        if sung < 1:
            word.put(planes, inks.text, shown * UNSUNG)
        if sung > 0:
            soft = SWEEP_SOFT * word.size
            word.put(planes, inks.accent, shown, edge=sung * (word.spot.width + soft) - soft / 2 if sung < 1 else None, soft=soft)


def kinetic(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """Big words settle into place, the weightiest in the accent colour."""
    out = leaving(now, act.end, GONE)
    weighty = max(act.words, key=lambda word: (len(word.spot.unit.text), word.start)) if len(act.words) > 1 else None
    shares = [part(now, word.start - act.sheet.lead, BIG_FADE) for word in act.words]
    there = {word: eased(share) for word, share in zip(act.words, shares, strict=True)}
    for row in act.rows:
        row.put_shade(planes, inks.deep, there, out)
    for word, share in zip(act.words, shares, strict=True):
        colour = inks.accent if word is weighty else inks.text
        if 0 < share < 1:
            _swollen(planes, word, colour, eased(share) * out, 1 + (BIG_FROM - 1) * (1 - arriving(share)))
        elif share == 1:
            word.put(planes, colour, out)


def _swollen(planes: Planes, word: Lettered, colour: Ink, alpha: float, size: float) -> None:
    """A word larger than it is, around its middle."""
    from PIL import Image

    left, top, right, bottom = word.word.bounds
    for mark in word.word.marks:
        tall, wide = mark.stamp.cover.shape
        grown = Image.fromarray(mark.stamp.cover).resize((round(wide * size), round(tall * size)), Image.Resampling.BILINEAR)
        x = word.x + (left + right) / 2 + (mark.left - (left + right) / 2) * size
        y = word.y + (top + bottom) / 2 + (mark.top - (top + bottom) / 2) * size
        put_ink(planes, stamp(np.asarray(grown, np.uint8)), round(x), round(y), colour, alpha)


def typewriter(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """Letters on a strip of paper that grows with them."""
    out = leaving(now, act.end, GONE)
    for row in range(len(act.baselines)):
        _typed_row(planes, act, row, now, out, inks)


def _typed_row(planes: Planes, act: Act, row: int, now: float, out: float, inks: Inks) -> None:
    words = sorted((word for word in act.words if word.spot.row == row), key=lambda word: word.start)
    typed = [(word, _typed(word, now + act.sheet.lead)) for word in words]
    shown = [(word, share) for word, share in typed if share > 0]
    if not shown:
        return
    size, base, rtl = act.page.sizes[row], act.baselines[row], act.page.rtl
    last, share = shown[-1]
    edge = last.x + (last.spot.width * (1 - share) if rtl else last.spot.width * share)
    begin = act.lefts[row] + (act.page.widths[row] if rtl else 0)
    pad = STRIP_PAD * size
    length = abs(edge - begin) + 2 * pad
    whole = round(act.page.widths[row] + 2 * pad)
    top, height = round(base - STRIP_UP * size), round((STRIP_UP + STRIP_DOWN) * size)
    strip = act.kept.setdefault(f"strip {row}", filled(whole, height))
    shadow = act.kept.setdefault(f"shadow {row}", filled(whole, height, 0.16 * size))
    x = round(act.lefts[row] - pad)
    fresh = eased(part(now, words[0].start - act.sheet.lead, 0.12)) * out
    ramp = swept(whole, length, 2, from_right=rtl)
    under = swept(shadow.stamp.cover.shape[1], length - shadow.left, 0.3 * size, from_right=rtl)
    put_shade(planes, shadow.stamp, x + shadow.left, top + shadow.top + round(0.07 * size), inks.night, 0.55 * fresh, under)
    put_ink(planes, strip.stamp, x, top, inks.paper, STRIP_COVER * fresh, ramp)
    for word, part_typed in shown:
        word.put(planes, inks.typed, fresh, edge=word.spot.width * part_typed if part_typed < 1 else None, soft=1.0)
    waiting = word_after(act, last)
    if share < 1 or (waiting and waiting.spot.row == row):
        _cursor(planes, act, edge, base, size, now, fresh, inks)


def word_after(act: Act, word: Lettered) -> Lettered | None:
    """The word that is sung next."""
    return min((one for one in act.words if one.start > word.start), key=lambda one: one.start, default=None)


def _typed(word: Lettered, now: float) -> float:
    """Share of a word that is typed, whole letters."""
    count = len(clusters(word.spot.unit.text))
    seconds = min(KEY * count, max(word.end - word.start, KEY))
    return int(part(now, word.start, seconds) * count + 1e-6) / count if now < word.start + seconds else 1.0


def _cursor(planes: Planes, act: Act, edge: float, base: int, size: float, now: float, alpha: float, inks: Inks) -> None:
    blink = 1 - eased(part(abs((now / CURSOR_PERIOD) % 1 - 0.5), 0.28, 0.08))
    mark = act.kept.setdefault("cursor", filled(max(2 * round(0.05 * size), 2), round(0.9 * size)))
    x = edge - mark.stamp.cover.shape[1] - 0.06 * size if act.page.rtl else edge + 0.06 * size
    put_ink(planes, mark.stamp, round(x), round(base - 0.7 * size), inks.stamped, alpha * blink)


def neon(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """Tubes that come to their light, row by row in two colours."""
    there = eased(part(now, act.start, 0.25)) * leaving(now, act.end, 1.4 * GONE)
    lit = {word: eased(part(now, word.start - act.sheet.lead, LIGHTING)) for word in act.words}
    for row in act.rows:
        row.put_shade(planes, inks.night, dict.fromkeys(act.words, 1.0), there)
    for row, tube in zip(act.rows, inks.tubes, strict=False):
        for blur, strength in (HALO, NEAR):
            row.put_light(planes, blur, tube._replace(y=round(16 + SHINE * (tube.y - 16))), lit, strength * there)
    for word, share in lit.items():
        if share < 1:
            word.put(planes, inks.glass, UNLIT * there)
        if share > 0:
            word.put(planes, inks.tubes[word.spot.row], share * there)
            core = word.word.core
            if core:
                put_ink(planes, core.stamp, word.x + core.left, word.y + core.top, inks.hot, 0.9 * share * there)


def handwritten(planes: Planes, act: Act, now: float, inks: Inks) -> None:
    """Words written one after the other."""
    out = leaving(now, act.end, 1.2 * GONE)
    written = {word: _written(word, now + act.sheet.lead) for word in act.words}
    for row in act.rows:
        row.put_shade(planes, inks.shade, {word: arriving(share) for word, share in written.items()}, out)
    for word, share in written.items():
        if share > 0:
            soft = 0.22 * word.size
            word.put(planes, inks.text, out, edge=share * (word.spot.width + soft) - soft / 2 if share < 1 else None, soft=soft)


def _written(word: Lettered, now: float) -> float:
    seconds = min(WRITING * len(word.spot.unit.text), max(word.end - word.start, 0.2))
    return part(now, word.start, seconds)


Draw = Callable[[Planes, Act, float, Inks], None]

LOOKS: dict[LetteringLook, Draw] = {
    "lower_third": lower_third,
    "karaoke": karaoke,
    "kinetic": kinetic,
    "typewriter": typewriter,
    "neon": neon,
    "handwritten": handwritten,
}
