"""The colours of one film's type, from its palette, each readable on what its shade leaves of the picture."""

from dataclasses import dataclass

from schemas.lettering import Lettering
from songreel.painter.arrays import Bytes
from songreel.painter.type.colour import Ink, darkened, ink, lightened, luminance, mixed, shade_tables

TEXT_LIGHT, ACCENT_LIGHT = 0.8, 0.5  # least luminance of light letters and of accents among them
TEXT_DARK, ACCENT_DARK = 0.025, 0.09  # most of dark ones
PAPER_LIGHT = 0.78  # least luminance of strips of paper


@dataclass(frozen=True)
class Inks:
    """Inks and the tables of the shades they need."""

    text: Ink
    accent: Ink
    pale: Ink
    """Light letters, whatever the film's tone."""
    bright: Ink
    """The light accent."""
    second: Ink
    """Another light accent."""
    paper: Ink
    typed: Ink
    """Dark letters on paper."""
    stamped: Ink
    """The accent on paper."""
    glass: Ink
    """Tubes that are not lit."""
    hot: Ink
    """The inside of tubes that are."""
    shade: tuple[Bytes, Bytes]
    """Behind text."""
    deep: tuple[Bytes, Bytes]
    """Behind text in which accents stand."""
    night: tuple[Bytes, Bytes]
    """Behind light letters, whatever the film's tone."""


def inks_of(lettering: Lettering) -> Inks:
    """The inks of a film's palette."""
    darkest, _, middle, accent, lightest = lettering.colours
    pale = lightened(mixed(lightest, "#ffffff", 0.5), TEXT_LIGHT)
    bright, other = lightened(accent, ACCENT_LIGHT), lightened(mixed(middle, accent, 0.15), ACCENT_LIGHT)
    inked, deep_accent = darkened(mixed(darkest, "#000000", 0.2), TEXT_DARK), darkened(accent, ACCENT_DARK)
    light = lettering.tone == "light"
    text, marked = (pale, bright) if light else (inked, deep_accent)
    return Inks(
        text=ink(text),
        accent=ink(marked),
        pale=ink(pale),
        bright=ink(bright),
        second=ink(other),
        paper=ink(lightened(mixed(lightest, "#f6efe0", 0.6), PAPER_LIGHT)),
        typed=ink(inked),
        stamped=ink(deep_accent),
        glass=ink(mixed(bright, "#8a8a94", 0.75)),
        hot=ink(mixed(bright, "#ffffff", 0.82)),
        shade=shade_tables(luminance(text), light),
        deep=shade_tables(luminance(marked), light),
        night=shade_tables(luminance(bright), True),
    )
