"""Colours: named palettes, palettes taken from cover art, and what a genre and a mood incline to."""

import colorsys

from schemas.look import Colours, PaletteName
from schemas.plan import Genre, Treatment
from songreel.errors import UserError
from songreel.painter.image import opened
from songreel.planning.data import genres, palettes

COVER_SIZE = 96  # px; the cover is shrunk to this before its colours are counted
COVER_COLOURS = 12  # clusters asked of the quantiser
DARKEST, LIGHTEST = 0.09, 0.93  # lightness that the first and last colour are brought to, so that silhouettes and highlights exist


def named_palette(name: str, seed: int) -> Colours:
    """One reading of a named palette, chosen by the seed."""
    readings = palettes()[name]
    return readings[seed % len(readings)]


def readings(treatment: Treatment) -> tuple[Colours, ...]:
    """The film's colours, then the palette's other readings: sections of other letters are lit a little differently."""
    others = palettes().get(treatment.palette, ())
    return (treatment.colours, *(reading for reading in others if reading != treatment.colours))


def usual_palette(genre: Genre, valence: float, arousal: float) -> PaletteName:
    """The palette that suits the music: the genre's, unless the song is plainly sad and slow, or bright and quick."""
    if valence < 0.3 and arousal < 0.35:
        return "cool"
    if valence > 0.7 and arousal > 0.65:
        return "vibrant"
    return genres()[genre].palette


def cover_palette(image: bytes) -> Colours | None:
    """Five colours of a cover picture, dark to light, the most saturated weighty one as the accent; none when it cannot be read.

    Args:
        image: the cover's file content (JPEG, PNG, WebP ...).
    """
    try:
        small = opened(image).resize((COVER_SIZE, COVER_SIZE))
    except UserError:
        return None
    counted = small.quantize(COVER_COLOURS).convert("RGB").getcolors(COVER_SIZE * COVER_SIZE) or []
    weighed = [(count / COVER_SIZE**2, *(channel / 255 for channel in rgb)) for count, rgb in counted if isinstance(rgb, tuple)]
    return _arrange([(weight, (r, g, b)) for weight, r, g, b in weighed])


def _arrange(weighed: list[tuple[float, tuple[float, float, float]]]) -> Colours:
    by_light = sorted(weighed, key=lambda entry: _luma(entry[1]))
    accent = max(weighed, key=lambda entry: _chroma(entry[1]) * (0.15 + entry[0]) * (0.4 + _luma(entry[1])))[1]
    picked = [by_light[round(share * (len(by_light) - 1))][1] for share in (0.0, 0.3, 0.6, 1.0)]
    lifted = [_at_lightness(picked[0], DARKEST), *picked[1:3], accent, _at_lightness(picked[3], LIGHTEST)]
    lifted[1] = _at_lightness(lifted[1], min(max(_luma(lifted[1]), 0.18), 0.35))
    lifted[2] = _at_lightness(lifted[2], min(max(_luma(lifted[2]), 0.35), 0.6))
    lifted[3] = _at_lightness(lifted[3], min(max(_luma(lifted[3]), 0.5), 0.75))
    first, second, third, fourth, fifth = (_hex(colour) for colour in lifted)
    return (first, second, third, fourth, fifth)


def _luma(rgb: tuple[float, float, float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _chroma(rgb: tuple[float, float, float]) -> float:
    return max(rgb) - min(rgb)


def _at_lightness(rgb: tuple[float, float, float], lightness: float) -> tuple[float, float, float]:
    hue, _, saturation = colorsys.rgb_to_hls(*rgb)
    return colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.85))


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in rgb)
