"""The colours of one film's type, from its palette, each readable on what its shade leaves of the picture."""

from dataclasses import dataclass

from schemas.look import Colours
from songreel.painter.arrays import Bytes
from songreel.painter.type.colour import Ink, darkened, ink, lightened, luminance, mixed, shade_tables

TEXT_LIGHT, ACCENT_LIGHT = 0.8, 0.5  # least luminance of light letters and of accents among them
SIGN_LIGHT = 0.42  # luminance for which the picture behind a sign is shaded: its light comes on top
TUBE_LIGHT = 0.32  # of tubes: more colour, for their inside is lighter
TEXT_DARK, ACCENT_DARK = 0.025, 0.09  # most of dark ones
PAPER_LIGHT = 0.78  # least luminance of strips of paper


@dataclass(frozen=True)
class Inks:
    """Inks and the tables of the shades they need."""

    text: Ink
    accent: Ink
    paper: Ink
    typed: Ink
    """Dark letters on paper."""
    stamped: Ink
    """The accent on paper."""
    glass: Ink
    """Tubes that are not lit."""
    hot: Ink
    """The inside of tubes that are."""
    tubes: tuple[Ink, Ink]
    """The light of tubes on the first and on the second row."""
    shade: tuple[Bytes, Bytes]
    """Behind text."""
    deep: tuple[Bytes, Bytes]
    """Behind text in which accents stand."""
    night: tuple[Bytes, Bytes]
    """Behind tubes."""


def inks_of(colours: Colours, light: bool) -> Inks:
    """The inks of a palette, for light letters or for dark ones."""
    darkest, _, middle, accent, lightest = colours
    pale = lightened(mixed(lightest, "#ffffff", 0.5), TEXT_LIGHT)
    bright = lightened(accent, ACCENT_LIGHT)
    inked, deep_accent = darkened(mixed(darkest, "#000000", 0.2), TEXT_DARK), darkened(accent, ACCENT_DARK)
    text, marked = (pale, bright) if light else (inked, deep_accent)
    return Inks(
        text=ink(text),
        accent=ink(marked),
        paper=ink(lightened(mixed(lightest, "#f6efe0", 0.6), PAPER_LIGHT)),
        typed=ink(inked),
        stamped=ink(deep_accent),
        glass=ink(mixed(bright, "#8a8a94", 0.75)),
        hot=ink(mixed(bright, "#ffffff", 0.76)),
        tubes=(ink(lightened(accent, TUBE_LIGHT)), ink(lightened(mixed(middle, accent, 0.15), TUBE_LIGHT))),
        shade=shade_tables(luminance(text), light),
        deep=shade_tables(luminance(marked), light),
        night=shade_tables(SIGN_LIGHT, True),
    )
