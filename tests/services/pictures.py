"""What the loopback services deliver: small real films and pictures, another for every input, the same for the same."""

import hashlib
import io
import json
import tempfile
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from schemas import Encoding
from songreel.media.video import ClipWriter


def number_of(what) -> int:
    """A number that follows from an input."""
    return int(hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:8], 16)


@lru_cache(maxsize=256)
def film(number: int, frames: int, width: int = 160, height: int = 96, fps: int = 16, first: bytes = b"") -> bytes:
    """Waves that wander, as MP4; ``first`` is a picture that the film begins with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with ClipWriter(path, width=width, height=height, fps=Fraction(fps), encoding=Encoding(preset="ultrafast", crf=24, threads=1)) as writer:
            start = np.asarray(Image.open(io.BytesIO(first)).convert("RGB").resize((width, height)), np.float32) if first else None
            for frame in range(frames):
                picture = waves(number, frame / fps, width, height)
                if start is not None:
                    share = min(frame / (fps * 0.8), 1.0)
                    picture = (start * (1 - share) + picture * share).astype(np.uint8)
                writer.write_rgb(picture)
        return path.read_bytes()


def waves(number: int, seconds: float, width: int, height: int) -> np.ndarray:
    """Slow waves of three colours that cross each other: nothing that a pan or a zoom of a still could be."""
    chance = np.random.default_rng(number)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    planes = []
    for _ in range(3):
        total = np.zeros_like(x)
        for _ in range(4):
            angle, pitch, speed, phase = chance.uniform(0, 6.3), chance.uniform(6, 22), chance.uniform(-5, 5), chance.uniform(0, 6.3)
            total += np.sin((x * np.cos(angle) + y * np.sin(angle)) * pitch + seconds * speed + phase)
        planes.append(110 + 22 * total)
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def picture(number: int, width: int, height: int, seed_image: bytes = b"", strength: float = 1.0) -> bytes:
    """A picture as PNG; with a seed image, that image changed."""
    drawn = waves(number, 0.0, width, height).astype(np.float32)
    if seed_image:
        given = np.asarray(Image.open(io.BytesIO(seed_image)).convert("RGB").resize((width, height)), np.float32)
        drawn = given * (1 - strength) + drawn * strength
    file = io.BytesIO()
    Image.fromarray(drawn.astype(np.uint8)).save(file, "png")
    return file.getvalue()


def marked(film_: bytes, mark: str) -> bytes:
    """The film with a box that players pass over: the same pictures, other bytes."""
    content = mark.encode()
    return film_ + (8 + len(content)).to_bytes(4, "big") + b"free" + content
