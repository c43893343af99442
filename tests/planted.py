"""Small films with known contents and, where asked, a planted fault: the truth that the inspection is tried on.

Everything is drawn at 320 x 180, 30 frames a second, to a song of 120 beats a minute: a beat every 15 frames.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, zoom

from schemas import Encoding
from songreel.media.video import ClipWriter

WIDTH, HEIGHT, FPS = 320, 180, Fraction(30)
RATE = 44_100
BEAT = 15  # frames
Draw = Callable[[int], np.ndarray]
"""Frame number within the clip -> RGB picture, (HEIGHT, WIDTH, 3) uint8."""

_Y, _X = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)


def beats(seconds: float) -> tuple[float, ...]:
    return tuple(np.arange(0, seconds, BEAT / float(FPS)).tolist())


def song(seconds: float, seed: int = 1) -> np.ndarray:
    """A melody over clicks and hiss, (n, 2) float32; nothing in it repeats."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    notes = rng.choice([220, 247, 262, 294, 330, 392, 440], size=int(seconds * 4) + 1)[(t * 4).astype(int)]
    tone = np.sin(2 * np.pi * np.cumsum(notes) / RATE) * np.exp(-3 * ((t * 4) % 1))
    click = rng.standard_normal(count) * np.exp(-40 * (t % (BEAT / float(FPS))))
    left = 0.3 * tone + 0.3 * click + 0.01 * rng.standard_normal(count)
    right = 0.25 * tone + 0.32 * click + 0.01 * rng.standard_normal(count)
    return np.stack([left, right], 1).astype(np.float32)


def texture(seed: int, rows: int = HEIGHT, columns: int = WIDTH, fine: float = 1.5) -> np.ndarray:
    """Photo-like noise: power falls with frequency as in pictures; (rows, columns) float32 in 0..255."""
    rng = np.random.default_rng(seed)
    picture = sum(weight * _unit(_smooth(rng, rows, columns, fine * size)) for size, weight in ((1, 9), (3, 14), (9, 22), (27, 30)))
    return np.clip(128 + picture, 0, 255).astype(np.float32)


def _smooth(rng: np.random.Generator, rows: int, columns: int, sigma: float) -> np.ndarray:
    """Noise smoothed by ``sigma`` pixels, drawn coarsely where that is enough."""
    step = max(int(sigma / 3), 1)
    coarse = gaussian_filter(rng.standard_normal((rows // step + 3, columns // step + 3)), sigma / step)
    return (zoom(coarse, step, order=1) if step > 1 else coarse)[:rows, :columns]


def _unit(picture: np.ndarray) -> np.ndarray:
    return (picture - picture.mean()) / picture.std()


def tinted(gray: np.ndarray, seed: int) -> np.ndarray:
    """Give a gray picture a colour cast."""
    tint = np.random.default_rng(seed + 1000).uniform(0.7, 1.0, 3)
    return np.clip(gray[..., None] * tint, 0, 255).astype(np.uint8)


def warped(gray: np.ndarray, a: float, b: float, c: float, d: float, dx: float, dy: float) -> np.ndarray:
    """A HEIGHT x WIDTH view into a larger picture: the matrix ((a, b), (c, d)) about the centre, then a shift."""
    x, y = _X - WIDTH / 2, _Y - HEIGHT / 2
    to_x = a * x + b * y + dx + gray.shape[1] / 2
    to_y = c * x + d * y + dy + gray.shape[0] / 2
    return map_coordinates(gray, (to_y, to_x), order=1, mode="reflect")


def grain(picture: np.ndarray, seed: int, amount: float) -> np.ndarray:
    """Film grain: new noise on every frame."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape[:2])[..., None] * amount
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def still(seed: int, noise: float = 0.0) -> Draw:
    picture = tinted(texture(seed), seed)
    return lambda frame: grain(picture, seed * 1000 + frame, noise) if noise else picture


def ken_burns(seed: int, *, pan: float = 0.0, grow: float = 0.0, turn: float = 0.0, noise: float = 0.0) -> Draw:
    """A still under a pan (pixels a frame), a zoom (share a frame) and a turn (radians a frame)."""
    large = texture(seed, HEIGHT * 2, WIDTH * 2)

    def draw(frame: int) -> np.ndarray:
        size = (1 + grow) ** -frame
        cosine, sine = np.cos(turn * frame) * size, np.sin(turn * frame) * size
        picture = tinted(warped(large, cosine, -sine, sine, cosine, pan * frame, 0.4 * pan * frame), seed)
        return grain(picture, seed * 1000 + frame, noise) if noise else picture

    return draw


def parallax(seed: int, speed: float = 1.0, pulse: float = 0.0) -> Draw:
    """Three layers that slide at different speeds, as a camera past hills; a glow of ``pulse`` on the beat moves the nearest."""
    layers = [texture(seed + k, HEIGHT * 2, WIDTH * 3) for k in range(3)]
    masks = [gaussian_filter(texture(seed + 10 + k, HEIGHT * 2, WIDTH * 3, 6), 3) > 128 + 12 * k for k in range(3)]

    def draw(frame: int) -> np.ndarray:
        shake = pulse * 6 * np.exp(-((frame % BEAT) / 2.0))
        picture = np.zeros((HEIGHT, WIDTH), np.float32)
        for k in range(3):
            shift = speed * frame * (0.3 + 0.6 * k) + shake * k
            layer = _slid(layers[k], shift)
            picture = layer if k == 0 else np.where(_slid(masks[k], shift), layer, picture)
        return tinted(picture, seed)

    return draw


def _slid(large: np.ndarray, shift: float) -> np.ndarray:
    """A window of a large picture, moved by whole and part pixels."""
    whole, part = int(np.floor(shift)) % (large.shape[1] - WIDTH - 1), shift - np.floor(shift)
    a, b = large[:HEIGHT, whole : whole + WIDTH], large[:HEIGHT, whole + 1 : whole + 1 + WIDTH]
    return a if large.dtype == bool else a * (1 - part) + b * part


def water(seed: int, speed: float = 1.0) -> Draw:
    """A still shore in the upper half, waves in the lower."""
    picture = texture(seed)

    def draw(frame: int) -> np.ndarray:
        wave = sum(np.sin(_X * a + _Y * b + speed * frame * c) for a, b, c in ((0.11, 0.3, 0.20), (-0.07, 0.5, 0.27), (0.21, 0.13, 0.33)))
        return tinted(np.where(_Y > HEIGHT / 2, picture + 16 * wave, picture), seed)

    return draw


def particles(seed: int, count: int = 120, pan: float = 0.5) -> Draw:
    """Bright specks drifting their own ways over a slowly panned still."""
    rng = np.random.default_rng(seed)
    large = texture(seed, HEIGHT * 2, WIDTH * 2)
    place, way = rng.uniform(0, 1, (count, 2)) * (HEIGHT, WIDTH), rng.normal(0, 1.2, (count, 2))

    def draw(frame: int) -> np.ndarray:
        picture = warped(large, 1, 0, 0, 1, pan * frame, 0)
        dots = np.zeros((HEIGHT, WIDTH), np.float32)
        at = ((place + way * frame) % (HEIGHT, WIDTH)).astype(int)
        dots[at[:, 0], at[:, 1]] = 1
        return tinted(picture + 2200 * gaussian_filter(dots, 1.6), seed)

    return draw


def clouds(seed: int, speed: float = 0.4) -> Draw:
    """Slow soft shapes that change as they drift over still hills."""
    one, other = texture(seed, HEIGHT, WIDTH * 3, 8), texture(seed + 5, HEIGHT, WIDTH * 3, 8)
    hills = texture(seed + 7)
    land = HEIGHT * 0.7 + 12 * np.sin(_X / 40) < _Y

    def draw(frame: int) -> np.ndarray:
        sky = (_slid(one, speed * frame) + _slid(other, 2.1 * speed * frame)) / 2
        return tinted(np.where(land, hills, sky), seed)

    return draw


def sequence(*clips: tuple[Draw, int]) -> list[np.ndarray]:
    """Frames of clips laid end to end, each (draw, frames)."""
    return [draw(frame) for draw, count in clips for frame in range(count)]


def joined(before: Sequence[np.ndarray], after: Sequence[np.ndarray], kind: str, length: int) -> list[np.ndarray]:
    """``length`` frames of a transition between equal numbers of frames."""
    frames = []
    for k in range(length):
        share = (k + 0.5) / length
        a, b = before[k].astype(np.float32), after[k].astype(np.float32)
        frames.append(np.clip(_blend(a, b, kind, share), 0, 255).astype(np.uint8))
    return frames


def _blend(a: np.ndarray, b: np.ndarray, kind: str, share: float) -> np.ndarray:
    if kind == "crossfade":
        return a * (1 - share) + b * share
    if kind in {"fade_black", "fade_white"}:
        level = 0.0 if kind == "fade_black" else 255.0
        picture, keep = (a, 1 - 2 * share) if share < 0.5 else (b, 2 * share - 1)
        return picture * keep + level * (1 - keep)
    if kind == "wipe":
        return np.where((share * WIDTH > _X)[..., None], b, a)
    order = zoom(np.random.default_rng(3).random((HEIGHT // 4, WIDTH // 4)), 4, order=0)
    return np.where((order < share)[..., None], b, a)


def film(path: Path, frames: Sequence[np.ndarray], sound: np.ndarray | None, *, crf: int = 23, keyframes: Sequence[int] = (0,)) -> Path:
    """Encode a film; ``sound`` is (n, 2) float32 at RATE, none for a silent container."""
    picture = path.with_name(f"{path.stem}-picture.mp4")
    with ClipWriter(picture, width=WIDTH, height=HEIGHT, fps=FPS, encoding=Encoding(crf=crf), keyframes=keyframes) as writer:
        for frame in frames:
            writer.write_rgb(frame)
    if sound is None:
        return picture.replace(path)
    _mux(path, picture, sound)
    picture.unlink()
    return path


def _mux(path: Path, picture: Path, sound: np.ndarray) -> None:
    with av.open(str(picture)) as source, av.open(str(path), "w") as target:
        video = target.add_stream_from_template(source.streams.video[0])
        audio = target.add_stream("aac", rate=RATE)
        audio.bit_rate = 192_000
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        for start in range(0, len(sound), 1024):
            block = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[start : start + 1024].T), "fltp", "stereo")
            block.sample_rate, block.pts = RATE, start
            target.mux(audio.encode(block))
        target.mux(audio.encode(None))
