"""Colours that can be read: contrast after WCAG 2.2, and the tones that the picture behind a text may have.

Colours are ``#rrggbb`` as in a plan; inks are BT.709 limited (y, u, v).
"""

import colorsys
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from songreel.painter.arrays import Bytes

LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
AIM = 5.8  # what the shade behind a text is made for: blending and chroma at half size take some of it
SHADE_KNEE = 0.5  # share of the allowed range up to which the picture behind a text keeps its tones
MOST_CHROMA = 30.0  # of 112, behind a text: a saturated colour is lighter than its luma says
YELLOWS, RUST = (0.085, 0.2), 0.045  # hues in turns
BLACK, WHITE = 16.0, 235.0

Doubles = NDArray[np.float64]


class Ink(NamedTuple):
    y: int
    u: int
    v: int


def ink(colour: str) -> Ink:
    """A colour as the encoder takes it."""
    red, green, blue = _channels(colour)
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return Ink(round(16 + 219 * y), round(128 + 224 * (blue - y) / 1.8556), round(128 + 224 * (red - y) / 1.5748))


def luminance(colour: str) -> float:
    """Relative luminance in [0, 1].

    Source: WCAG 2.2, definition of relative luminance.
    """
    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Contrast ratio of two luminances, at least 1."""
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def linear(channel: float) -> float:
    """A display value in [0, 1] as light."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def lightened(colour: str, least: float) -> str:
    """The colour, its lightness raised as far as its luminance must be; hue and saturation stay."""
    return _moved(colour, lambda now: now < least, 0.02)


def darkened(colour: str, most: float) -> str:
    """The colour, its lightness lowered until its luminance is no more than ``most``; a yellow turns to rust, not to olive."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    if YELLOWS[0] <= hue <= YELLOWS[1] and luminance(colour) > most:
        colour = _hex(colorsys.hls_to_rgb(RUST, lightness, saturation))
    return _moved(colour, lambda now: now > most, -0.02)


def mixed(one: str, other: str, share: float) -> str:
    """Between two colours; ``share`` of the other."""
    return _hex(tuple(a + (b - a) * share for a, b in zip(_channels(one), _channels(other), strict=True)))


@lru_cache(maxsize=64)
def shade_tables(text: float, light_text: bool) -> tuple[Bytes, Bytes]:
    """Tables of 256 that bring a picture's luma and chroma to where a text can be read on it.

    Tones that are far enough from the text's stay as they are; the others are pressed together below a ceiling (above a floor, for a
    dark text), so the picture goes on behind it.

    Args:
        text: luminance of the text's colour.
        light_text: whether the text is the lighter one.
    """
    level = np.arange(256, dtype=np.float64)
    if light_text:
        limit = _luma_of((text + 0.05) / AIM - 0.05)
        luma = _pressed(level - BLACK, limit - BLACK) + BLACK
    else:
        limit = _luma_of((text + 0.05) * AIM - 0.05)
        luma = WHITE - _pressed(WHITE - level, WHITE - limit)
    chroma = 128 + MOST_CHROMA * np.tanh((level - 128) / MOST_CHROMA)
    return np.clip(np.rint(luma), 0, 255).astype(np.uint8), np.rint(chroma).astype(np.uint8)


def _pressed(level: Doubles, limit: float) -> Doubles:
    room = max(limit, 1.0)
    knee = SHADE_KNEE * room
    over = np.maximum(level - knee, 0)
    return np.where(level <= knee, level, knee + (room - knee) * (1 - np.exp(-over / (room - knee))))


def _luma_of(light: float) -> float:
    """Limited luma of a grey of that luminance."""
    light = min(max(light, 0.0), 1.0)
    channel = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return 16 + 219 * channel


def _moved(colour: str, short: Callable[[float], bool], step: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    now = colour
    while short(luminance(now)) and 0 < lightness + step < 1:
        lightness += step
        now = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return now


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * min(max(channel, 0.0), 1.0)):02x}" for channel in channels)
