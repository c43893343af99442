"""Made media of known truth: sound with a sharp pattern in time, clips whose every frame says its number."""

import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas import Clip, Encoding, Slot
from songreel.media.sound import Sound, write_wav
from songreel.media.tool import ffmpeg_path
from songreel.media.video import ClipWriter
from songreel.storage.store import Store

RATE = 44100
WIDTH, HEIGHT = 320, 180
FPS = Fraction(30)
ENCODING = Encoding(preset="ultrafast", crf=18)
BITS, BIT_WIDTH = 12, 20  # bits of the frame number, and pixels of each
PARAMETERS: dict[str, list[str]] = {
    "mp3": ["-b:a", "160k"], "m4a": ["-b:a", "160k"], "flac": [], "ogg": ["-c:a", "libvorbis", "-q:a", "6"], "opus": ["-b:a", "128k"],
    "wav": ["-c:a", "pcm_s16le"], "aac": ["-b:a", "160k"], "mkv": ["-c:a", "libvorbis"], "webm": ["-c:a", "libopus"],
}  # fmt: skip


def music(seconds: float, rate: int = RATE, channels: int = 2) -> NDArray[np.float32]:
    """A chord under clicks at irregular times, so that a shift of a single sample shows; shape (n, channels)."""
    random = np.random.default_rng(7)
    time = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * pitch * time + random.uniform(0, 6)) for pitch in (220.0, 277.2, 329.6)) * 0.1
    for start in np.cumsum(random.uniform(0.11, 0.31, int(seconds * 5))):
        at = round(start * rate)
        click = (random.standard_normal(800) * np.exp(-np.arange(800) / 90) * 0.5)[: max(len(tone) - at, 0)]
        tone[at : at + len(click)] += click
    return np.repeat(np.clip(tone, -0.95, 0.95)[:, None], channels, axis=1).astype(np.float32)


def song_file(folder: Path, kind: str, seconds: float = 3.0, extra: tuple[str, ...] = ()) -> Path:
    """The music as a file of a kind, encoded by ffmpeg."""
    source, path = folder / "source.f32.wav", folder / f"song.{kind}"
    write_wav(Sound(music(seconds), RATE), source)
    command = [ffmpeg_path(), "-y", "-v", "error", "-i", str(source), *PARAMETERS[kind], *extra, str(path)]
    subprocess.run(command, check=True)
    return path


def lag(heard: NDArray[np.float32], truth: NDArray[np.float32]) -> int:
    """Samples by which one channel comes after another, by cross-correlation."""
    size = 1 << (len(heard) + len(truth)).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(truth, size)))
    found = int(np.argmax(correlation))
    return found - size if found > size // 2 else found


def numbered(scene: int, number: int, width: int = WIDTH, height: int = HEIGHT) -> tuple[NDArray[np.uint8], ...]:
    """Planes of a moving picture that says a frame number along its top, in a colour of its scene."""
    cells = np.random.default_rng(scene).integers(60, 180, (height // 20, width // 20), dtype=np.uint8)
    y = np.roll(np.kron(cells, np.ones((20, 20), np.uint8)), number, axis=1)
    y = np.pad(y, ((0, height - y.shape[0]), (0, width - y.shape[1])), mode="edge")
    for bit in range(BITS):
        y[:20, bit * BIT_WIDTH : (bit + 1) * BIT_WIDTH] = 220 if number >> bit & 1 else 30
    u = np.full((height // 2, width // 2), 90 + 9 * scene, np.uint8)
    return y, u, np.full_like(u, 170 - 9 * scene)


def number_of(luma: NDArray[np.uint8]) -> int:
    """The number that a frame says."""
    return sum(1 << bit for bit in range(BITS) if luma[4:16, bit * BIT_WIDTH + 4 : (bit + 1) * BIT_WIDTH - 4].mean() > 125)


def write_numbered(path: Path, scene: int, first: int, count: int, keyframes: tuple[int, ...] = (0,), encoding: Encoding = ENCODING) -> Path:
    """A clip of numbered frames."""
    with ClipWriter(path, width=WIDTH, height=HEIGHT, fps=FPS, encoding=encoding, keyframes=keyframes) as writer:
        for number in range(first, first + count):
            writer.write_yuv(*numbered(scene, number))
    return path


def clip(store: Store, slot: Slot, keyframes: tuple[int, ...] | None = None, encoding: Encoding = ENCODING) -> Clip:
    """A conformed clip whose frames say where on the film's grid they lie."""
    with store.workspace() as folder:
        path = write_numbered(
            folder / "clip.mp4", slot.scene, slot.first_frame, slot.frames, slot.keyframes if keyframes is None else keyframes, encoding
        )
        return Clip(slot=slot, media=store.put_file(path), width=WIDTH, height=HEIGHT, fps=FPS, encoding=ENCODING)
