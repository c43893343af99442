"""Writes the sample song of ``make demo``: 'Night Drive', 56 s of synthwave made from sines, saws and noise.

Everything is computed here from a fixed seed, so the song is as free as the code. Usage: ``python examples/sample_song.py OUT.flac``.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from mutagen.flac import FLAC
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

RATE = 44100  # Hz
BPM = 112.0
BEAT = 60 / BPM  # s
BAR = 4 * BEAT
CHORDS = ((45, 0, 3, 7), (41, 0, 4, 7), (48, 0, 4, 7), (43, 0, 4, 7))  # A minor, F, C, G: root (MIDI), then intervals
FORM = (("intro", 4), ("verse", 4), ("chorus", 8), ("bridge", 4), ("drop", 4), ("outro", 2))  # sections in bars
LEAD = (76, 0, 72, 74, 76, 79, 0, 74, 72, 0, 69, 72, 74, 0, 71, 67)  # MIDI, eighth notes; 0 rests

Sound = NDArray[np.float64]
generator = np.random.default_rng(1984)


def pitch(note: float) -> float:
    """Hz of a MIDI note."""
    return float(440 * 2 ** ((note - 69) / 12))


def times(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


@cache
def saw(note: float, seconds: float, detune: float = 0.0) -> Sound:
    """A band-limited saw: harmonics up to 6 kHz."""
    t, base = times(seconds), pitch(note + detune)
    count = max(1, int(6000 / base))
    return np.asarray(sum(np.sin(2 * np.pi * base * k * t + k) / k for k in range(1, count + 1)) * 0.6)


def low_pass(sound: Sound, hz: float) -> Sound:
    return np.asarray(sosfilt(butter(2, hz, fs=RATE, output="sos"), sound))


def high_pass(sound: Sound, hz: float) -> Sound:
    return np.asarray(sosfilt(butter(2, hz, "high", fs=RATE, output="sos"), sound))


def kick() -> Sound:
    t = times(0.35)
    return np.sin(2 * np.pi * (45 * t + 12 * (1 - np.exp(-t * 28)))) * np.exp(-t * 9) + 0.3 * np.exp(-t * 300)


def snare() -> Sound:
    t = times(0.3)
    noise = high_pass(generator.standard_normal(len(t)), 900)
    return 0.5 * noise * np.exp(-t * 16) + 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 22)


def hat(length: float) -> Sound:
    t = times(0.12)
    return 0.4 * high_pass(generator.standard_normal(len(t)), 7000) * np.exp(-t / length)


@cache
def pluck(note: float, seconds: float) -> Sound:
    t = times(seconds)
    return low_pass(saw(note, seconds), 2400) * np.exp(-t * 7) * np.minimum(1, t * 400)


@cache
def pad(note: float, seconds: float) -> Sound:
    t = times(seconds)
    voices = sum(saw(note, seconds, detune) for detune in (-0.08, 0.0, 0.07))
    return low_pass(np.asarray(voices), 1400) * np.minimum(1, t / 0.6) * np.minimum(1, (seconds - t) / 0.5)


@cache
def bass_note(note: int) -> Sound:
    t = times(BEAT / 2)
    return low_pass(saw(note, BEAT / 2), 420) * np.exp(-t * 3) * np.minimum(1, t * 300)


@cache
def lead(note: float, seconds: float) -> Sound:
    t = times(seconds)
    vibrato = 0.12 * np.sin(2 * np.pi * 5.5 * t) * np.minimum(1, t / 0.3)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((note + vibrato - 69) / 12)) / RATE
    tone = np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase)
    return tone * np.minimum(1, t * 60) * np.minimum(1, (seconds - t) * 20)


def add(track: Sound, sound: Sound, at: float, gain: float) -> None:
    start = round(at * RATE)
    end = min(start + len(sound), len(track))
    track[start:end] += gain * sound[: end - start]


def drums(track: Sound, bar: int, label: str) -> None:
    if label in ("intro", "bridge", "outro"):
        for beat in range(0 if label != "intro" or bar >= 2 else 4, 4):
            add(track, hat(0.03), bar * BAR + beat * BEAT, 0.35)
        return
    for beat in range(4):
        at = bar * BAR + beat * BEAT
        if label != "verse" or beat % 2 == 0:
            add(track, kick(), at, 0.95)
        if beat % 2:
            add(track, snare(), at, 0.75)
        add(track, hat(0.08), at + BEAT / 2, 0.5)
        add(track, hat(0.02), at, 0.25)


def bass(track: Sound, bar: int, root: int, gain: float) -> None:
    for eighth in range(8):
        add(track, bass_note(root - 12), bar * BAR + eighth * BEAT / 2, gain)


def arpeggio(track: Sound, bar: int, chord: tuple[int, ...], gain: float) -> None:
    notes = [chord[0] + 24 + step for step in (*chord[1:], 12)]
    for sixteenth in range(16):
        add(track, pluck(notes[(sixteenth * 3) % 4], BEAT / 2), bar * BAR + sixteenth * BEAT / 4, gain)


def melody(track: Sound, bar: int, gain: float) -> None:
    for eighth, note in enumerate(LEAD[(bar % 2) * 8 : (bar % 2) * 8 + 8]):
        if note:
            add(track, lead(note, BEAT * 0.48), bar * BAR + eighth * BEAT / 2, gain)


def compose() -> Sound:
    """The mix, shape (n, 2), peak at -1 dBFS."""
    bars = [label for label, count in FORM for _ in range(count)]
    length = round((len(bars) * BAR + 1.5) * RATE)
    rhythm, low, keys, high = (np.zeros(length) for _ in range(4))
    for bar, label in enumerate(bars):
        chord = CHORDS[bar % 4]
        drums(rhythm, bar, label)
        if label != "intro":
            bass(low, bar, chord[0], {"verse": 0.5, "chorus": 0.6, "drop": 0.7}.get(label, 0.3))
        for step in chord[1:]:
            add(keys, pad(chord[0] + 12 + step, BAR), bar * BAR, 0.10 if label in ("chorus", "drop") else 0.07)
        if label != "outro":
            arpeggio(keys, bar, chord, {"intro": 0.16, "verse": 0.14, "bridge": 0.2}.get(label, 0.22))
        if label in ("chorus", "drop"):
            melody(high, bar, 0.17 if label == "chorus" else 0.2)
    return mix_down(rhythm, low, keys, high)


def mix_down(rhythm: Sound, low: Sound, keys: Sound, high: Sound) -> Sound:
    """Pump the keys under the kick, add a hall, widen, limit and fade the end."""
    pump = 1 - 0.55 * np.exp(-((np.arange(len(keys)) / RATE) % BEAT) / 0.12) * (np.abs(rhythm).max() > 0)
    t = times(1.8)
    halls = [generator.standard_normal(len(t)) * np.exp(-t * 3.2) * 0.02 for _ in range(2)]
    wet = keys * pump + high
    sides = [rhythm + low + wet + low_pass(fftconvolve(wet + 0.15 * rhythm, hall)[: len(wet)], 6000) for hall in halls]
    mix = np.tanh(np.stack(sides, axis=1) * 1.1)
    fade = np.minimum(1, (len(mix) - np.arange(len(mix))) / (1.4 * RATE))[:, None]
    return np.asarray(mix * fade * (10 ** (-1 / 20) / np.abs(mix).max()))


def main() -> None:
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, compose(), RATE, subtype="PCM_16")
    tags = FLAC(path)
    tags.update({"title": "Night Drive", "artist": "Songreel", "album": "Samples", "genre": "Synthwave"})
    tags.save()


if __name__ == "__main__":
    main()
