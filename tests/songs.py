"""Made songs of known truth: four stems, beats, downbeats, metre, key and sections, the same bytes for the same spec.

A `SongSpec` says what to play; `make_song` plays it. Times are seconds, positions
beats; the first downbeat lies at ``lead_in`` seconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.instruments import drum, tone

Floats = NDArray[np.float32]
PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
STEMS = ("vocals", "drums", "bass", "other")
POP_FORM = (("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8), ("bridge", 4), ("chorus", 8), ("outro", 4))
PROGRESSIONS = {
    "major": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 0, 4), (5, 3, 0, 4), (0, 2, 3, 4)),
    "minor": ((0, 5, 2, 6), (0, 3, 6, 2), (0, 6, 5, 6), (0, 3, 0, 4), (0, 5, 3, 4)),
}  # degrees, one chord each; the tonic begins most phrases
FULLNESS = {"intro": 0.45, "verse": 0.7, "chorus": 1.0, "bridge": 0.5, "drop": 1.0, "outro": 0.45}

# A drum pattern has one character per sixteenth: X loud, x middling, o soft; it repeats when it is over.
DRUMS: dict[str, dict[str, str]] = {
    "none": {},
    "rock": {"k": "X.......X.x.....", "s": "....X.......X...", "h": "x.o.x.o.x.o.x.o."},
    "pop": {"k": "X.....x.X.......", "s": "....X.......X...", "h": "x.x.x.x.x.x.x.x."},
    "four": {"k": "X...X...X...X...", "s": "....x.......x...", "o": "..X...X...X...X."},
    "techno": {"k": "X...X...X...X...", "h": "oooooooooooooooo", "o": "..o...o...o...o."},
    "offhat": {"k": "X.......X.......", "s": "....x.......x...", "o": "..X...X...X...X."},
    "halftime": {"k": "X..x..........x.", "s": "........X.......", "h": "x.x.x.x.x.x.x.x."},
    "trap": {"k": "X.....x...x.....", "s": "........X.......", "h": "xoxoxoxoxoxoxoxo"},
    "ballad": {"k": "X.......x.......", "s": "....x.......x...", "h": "xoxoxoxoxoxoxoxo"},
    "breakbeat": {"k": "X.........X.....", "s": "....X..o.o..X...", "h": "x.x.x.x.x.x.x.x."},
    "funk": {"k": "X..x......X.....", "s": "....X..o....X...", "h": "xoxoxoxoxoxoxoxo"},
    "shuffle": {"k": "X.......X.......", "s": "....X.......X...", "h": "x.x.x.x.x.x.x.x."},
    "jazz": {"k": "o.......o.......", "h": "....x.......x...", "r": "x...X.x.x...X.x."},
    "onedrop": {"k": "........X.......", "s": "........x.......", "h": "x.x.x.x.x.x.x.x."},
    "train": {"k": "X...x...", "s": "oooxooXo"},
    "tom": {"t": "X...x...x...x.o."},
    "shaker": {"k": "x...............", "h": "xoooxoooxoooxooo"},
    "soft": {"t": "o.......o.......", "h": "o.o.o.o.o.o.o.o."},
    "waltz": {"k": "X...........", "s": "....x...x...", "h": "o...o...o..."},
    "slow_waltz": {"k": "X...........", "s": "........X...", "h": "x.x.x.x.x.x."},
    "jazz_waltz": {"k": "x...........", "h": "....x.......", "r": "X...x.o.x..."},
}
"""k kick, s snare, h closed hat, o open hat, r ride, t tom."""
LOUDNESS = {"X": 1.0, "x": 0.7, "o": 0.35}
DRUM_LEVELS = {"k": 0.9, "s": 0.55, "h": 0.3, "o": 0.3, "r": 0.3, "t": 0.6, "c": 0.5}

# What pitched instruments play in a bar of 4 (bars of 3 drop what lies past their end): (position, length, loudness), in beats.
BASS = {
    "none": (),
    "whole": ((0, 4, 1),),
    "halves": ((0, 2, 1), (2, 2, 0.9)),
    "quarters": tuple((i, 0.9, 1 if i == 0 else 0.85) for i in range(4)),
    "eighths": tuple((i / 2, 0.45, 1 if i % 2 == 0 else 0.85) for i in range(8)),
    "offbeat": tuple((i + 0.5, 0.4, 0.9) for i in range(4)),
    "tresillo": ((0, 1.4, 1), (1.5, 1.4, 0.9), (3, 0.9, 0.9)),
    "syncopated": ((0, 0.7, 1), (0.75, 0.4, 0.7), (1.5, 0.9, 0.9), (2.75, 0.5, 0.8), (3.5, 0.5, 0.9)),
}
CHORDS = {
    "none": (),
    "pad": ((0, 4, 0.8),),
    "organ": ((0, 4, 0.8),),
    "piano": ((0, 2, 1), (2, 1, 0.7), (3, 1, 0.7)),
    "quarters": tuple((i, 0.9, 0.8) for i in range(4)),
    "strum": ((0, 0.9, 1), (1, 0.45, 0.7), (1.5, 0.45, 0.6), (2.5, 0.45, 0.6), (3, 0.45, 0.8), (3.5, 0.45, 0.6)),
    "eighths": tuple((i / 2, 0.45, 0.8 if i % 2 == 0 else 0.6) for i in range(8)),
    "stabs": tuple((i + 0.5, 0.25, 0.9) for i in range(4)),
    "push": ((0, 1.4, 0.9), (1.5, 0.9, 0.8), (3.5, 0.5, 0.9)),
    "oompah": ((1, 0.4, 0.8), (2, 0.4, 0.8)),
    "arpeggio": tuple((i / 2, 0.6, 0.8) for i in range(8)),
    "sixteenths": tuple((i / 4, 0.3, 0.8 if i % 4 == 0 else 0.6) for i in range(16)),
    "triplets": tuple((i / 3, 0.4, 0.8 if i % 3 == 0 else 0.6) for i in range(12)),
}
BROKEN = ("arpeggio", "sixteenths", "triplets")
"""Chords played a note at a time."""


@dataclass(frozen=True)
class SongSpec:
    """What a made song plays."""

    name: str = "song"
    tempo: float = 120.0
    """Beats a minute at the start."""
    tempo_end: float | None = None
    """Tempo after `tempo_change` (a share of the song): a step, or over the whole song when `ramp`."""
    tempo_change: float = 0.5
    ramp: bool = False
    drift: float = 0.0
    """Standard deviation of the tempo's slow random walk, as a share: 0.02 is a loose live take."""
    metre: int = 4
    drums: str = "rock"
    bass: str = "halves"
    chords: str = "strum"
    lead: bool = True
    timbre: str = "plucked"
    """plucked, struck, soft (slow attack)."""
    bars_per_chord: float = 1.0
    swing: float = 0.5
    """Where the second eighth lies in its beat: 0.5 straight, 0.67 triplet swing."""
    jitter: float = 0.004
    """Standard deviation of the players' timing in seconds."""
    key: str = "C"
    mode: str = "major"
    form: tuple[tuple[str, int], ...] = POP_FORM
    """(label, bars) of the sections, repeated or cut to fill the length."""
    lead_in: float = 0.3
    """Seconds of near silence before the first downbeat."""
    noise: float = 0.001
    seed: int = 0


@dataclass(frozen=True, eq=False)
class MadeSong:
    """A made song and the truth about it; stems sum to ``samples``."""

    spec: SongSpec
    rate: int
    samples: Floats
    stems: dict[str, Floats]
    beats: NDArray[np.float64]
    downbeats: NDArray[np.float64]
    metre: int
    key: str
    mode: str
    sections: tuple[tuple[str, float, float], ...]
    """(label, start, end) in seconds."""
    chords: tuple[tuple[float, int, str], ...] = field(default=())
    """(start, root as pitch class, 'major', 'minor' or 'dim')."""

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate


def make_song(spec: SongSpec, seconds: float = 30.0, rate: int = 22050) -> MadeSong:
    """Play a spec for the given length."""
    rng = np.random.default_rng(spec.seed)
    beats = _beat_times(spec, seconds, rng)
    sections = _sections(spec, len(beats))
    band = _Band(spec, rate, round(seconds * rate), beats, rng)
    chords = [chord for label, first, last in sections for chord in band.play_section(label, first, last)]
    stems = band.stems | {"other": band.stems["other"] + (rng.standard_normal(round(seconds * rate)) * spec.noise).astype(np.float32)}
    level = 0.9 / max(1e-9, float(np.abs(sum(stems.values())).max()))
    stems = {name: (track * level).astype(np.float32) for name, track in stems.items()}
    inside = beats[beats < seconds]
    return MadeSong(
        spec, rate, np.sum(list(stems.values()), axis=0, dtype=np.float32), stems, inside, inside[:: spec.metre], spec.metre, spec.key, spec.mode,
        tuple(_timed(sections, beats, seconds)), tuple((float(beats[int(at)]), root, kind) for at, root, kind in chords if beats[int(at)] < seconds),
    )  # fmt: skip


def click_track(tempo: float, seconds: float, rate: int = 22050, metre: int = 4) -> MadeSong:
    """Kick on every beat, snare on the back-beats, nothing else."""
    spec = SongSpec(
        name="clicks", tempo=tempo, metre=metre, drums="rock" if metre == 4 else "waltz", bass="none", chords="none", lead=False, jitter=0.0
    )
    return make_song(spec, seconds, rate)


def _beat_times(spec: SongSpec, seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Beats from the first downbeat to two bars past the end."""
    count = int(seconds * max(spec.tempo, spec.tempo_end or 0) * (1 + 4 * spec.drift) / 60) + 4 * spec.metre + 8
    walk = np.cumsum(rng.standard_normal(count)) * spec.drift / 4
    walk -= np.linspace(0, walk[-1], count)  # comes back to where it began
    times, now = [spec.lead_in], spec.lead_in
    for index in range(count):
        now += 60 / (_tempo_at(spec, now / seconds) * (1 + float(np.clip(walk[index], -3 * spec.drift, 3 * spec.drift))))
        times.append(now)
    return np.array(times)


def _tempo_at(spec: SongSpec, share: float) -> float:
    if spec.tempo_end is None:
        return spec.tempo
    if spec.ramp:
        return spec.tempo + (spec.tempo_end - spec.tempo) * float(np.clip(share, 0, 1))
    return spec.tempo if share < spec.tempo_change else spec.tempo_end


def _sections(spec: SongSpec, beats: int) -> list[tuple[str, int, int]]:
    """(label, first beat, past the last beat), all of the form again and again until the beats are used."""
    out: list[tuple[str, int, int]] = []
    at = 0
    while at < beats:
        for label, bars in spec.form:
            if at < beats:
                out.append((label, at, min(at + bars * spec.metre, beats)))
                at += bars * spec.metre
    return out


def _timed(sections: list[tuple[str, int, int]], beats: NDArray[np.float64], seconds: float) -> Iterator[tuple[str, float, float]]:
    for index, (label, first, last) in enumerate(sections):
        start = 0.0 if index == 0 else float(beats[first])
        end = float(beats[last]) if last < len(beats) else seconds
        if start < seconds:
            yield label, start, min(end, seconds)


def pick(rng: np.random.Generator, options: Sequence[Any]) -> Any:
    """One of the options, thrown."""
    return options[int(rng.integers(len(options)))]


class _Band:
    """Plays sections into four tracks."""

    def __init__(self, spec: SongSpec, rate: int, samples: int, beats: NDArray[np.float64], rng: np.random.Generator) -> None:
        self.spec, self.rate, self.beats, self.rng = spec, rate, beats, rng
        self.stems = {name: np.zeros(samples, np.float32) for name in STEMS}
        scale = MAJOR if spec.mode == "major" else MINOR
        self.tonic = PITCHES.index(spec.key)
        self.scale = scale
        songbook = PROGRESSIONS[spec.mode]
        first = int(rng.integers(len(songbook)))
        self.progressions = {label: songbook[(first + i) % len(songbook)] for i, label in enumerate(("verse", "chorus", "bridge"))}
        self.tunes = {label: self._tune() for label in ("verse", "chorus", "bridge")}

    def play_section(self, label: str, first: int, last: int) -> Iterator[tuple[float, int, str]]:
        """Play beats ``first`` to ``last``; yields the chords as (beat, root, kind)."""
        home = {"intro": "verse", "outro": "verse", "drop": "chorus"}.get(label, label)
        fullness = FULLNESS[label]
        self._drums(label, first, last, fullness)
        step = self.spec.metre * self.spec.bars_per_chord
        for index, at in enumerate(np.arange(first, last, step)):
            degree = self.progressions[home][index % 4]
            self._chord(float(at), min(step, last - float(at)), degree, label, fullness)
            if float(at).is_integer():
                yield float(at), (self.tonic + self.scale[degree]) % 12, self._kind(degree)
        if self.spec.lead and label in ("verse", "chorus", "drop"):
            self._sing(home, first, last, fullness)

    def _time(self, position: float) -> float:
        """Seconds of a position in beats, with swing and the player's timing."""
        beat, within = int(position // 1), position % 1
        swung = within * 2 * self.spec.swing if within <= 0.5 else self.spec.swing + (within - 0.5) * 2 * (1 - self.spec.swing)
        beat = min(beat, len(self.beats) - 2)
        return float(self.beats[beat] + swung * (self.beats[beat + 1] - self.beats[beat]) + self.rng.standard_normal() * self.spec.jitter)

    def _add(self, stem: str, position: float, sound: Floats, level: float) -> None:
        track, start = self.stems[stem], int(self._time(position) * self.rate)
        if 0 <= start < len(track):
            part = track[start : start + len(sound)]
            part += sound[: len(part)] * np.float32(level * self.rng.uniform(0.9, 1.1))

    def _drums(self, label: str, first: int, last: int, fullness: float) -> None:
        sounding = {"intro": "hort", "bridge": "ho", "outro": "khort"}.get(label, "kshort")
        for instrument, pattern in DRUMS[self.spec.drums].items():
            if instrument in sounding:
                for sixteenth in range(4 * (last - first)):
                    loudness = LOUDNESS.get(pattern[sixteenth % len(pattern)], 0.0) * (0.6 + 0.4 * fullness)
                    self._hit(instrument, first + sixteenth / 4, loudness)
        if self.spec.drums not in ("none", "soft", "jazz"):
            self._fill_and_crash(label, first, last)

    def _fill_and_crash(self, label: str, first: int, last: int) -> None:
        if label in ("verse", "chorus"):
            for sixteenth in range(4):
                self._hit("s", last - 1 + sixteenth / 4, 0.5 + 0.15 * sixteenth)
        if label in ("chorus", "drop"):
            self._hit("c", first, 0.9)

    def _hit(self, instrument: str, position: float, loudness: float) -> None:
        if loudness:
            self._add("drums", position, drum(instrument, self.rate), DRUM_LEVELS[instrument] * loudness)

    def _chord(self, at: float, beats: float, degree: int, label: str, fullness: float) -> None:
        notes = [self._pitch(degree + third, 52) for third in (0, 2, 4)]
        end = at + beats
        for offset in np.arange(0, beats, self.spec.metre):
            bar_beats = min(self.spec.metre, beats - float(offset))
            for index, (position, length, loudness) in enumerate(CHORDS[self.spec.chords]):
                if position < bar_beats:
                    played = [notes[index % 3]] if self.spec.chords in BROKEN else notes
                    self._strike(
                        at + float(offset) + position, min(length, end - at - float(offset) - position), played, loudness * (0.5 + 0.5 * fullness)
                    )
            if label not in ("intro", "bridge"):
                self._bass(at + float(offset), bar_beats, degree, fullness)

    def _strike(self, position: float, beats: float, notes: list[int], loudness: float) -> None:
        timbre = "soft" if self.spec.chords == "pad" else "organ" if self.spec.chords == "organ" else self.spec.timbre
        for index, note in enumerate(notes):
            self._add("other", position + 0.01 * index, tone(note, self._ticks(beats), timbre, self.rate), 0.18 * loudness)

    def _bass(self, at: float, beats: float, degree: int, fullness: float) -> None:
        for index, (position, length, loudness) in enumerate(BASS[self.spec.bass]):
            if position < beats:
                note = self._pitch(degree + (4 if index % 4 == 2 and self.spec.bass == "quarters" else 0), 31)
                self._add(
                    "bass",
                    at + position,
                    tone(note, self._ticks(min(length, beats - position)), "bass", self.rate),
                    0.4 * loudness * (0.7 + 0.3 * fullness),
                )

    def _sing(self, home: str, first: int, last: int, fullness: float) -> None:
        tune = self.tunes[home]
        for start in range(first, last, 2 * self.spec.metre):
            for position, length, step in tune:
                if start + position + length < last:
                    note = self._pitch(step, 62 if home == "verse" else 66)
                    self._add("vocals", start + position, tone(note, self._ticks(length), "voice", self.rate), 0.17 * (0.7 + 0.3 * fullness))

    def _tune(self) -> list[tuple[float, float, int]]:
        """A two-bar phrase in eighths: (position, length in beats, scale step)."""
        out, position, step = [], float(pick(self.rng, (0.0, 0.0, 0.5, 1.0))), int(self.rng.integers(0, 5))
        while position < 2 * self.spec.metre - 1:
            length = float(pick(self.rng, (0.5, 0.5, 1.0, 1.0, 1.5, 2.0)))
            out.append((position, length * 0.92, step))
            position += length + (0.5 if self.rng.random() < 0.2 else 0.0)
            step = int(np.clip(step + self.rng.integers(-2, 3), -2, 8))
        return out

    def _ticks(self, beats: float) -> int:
        """Length in hundredths of a second, so that equal notes are rendered once."""
        return max(5, int(100 * beats * 60 / self.spec.tempo))

    def _pitch(self, step: int, lowest: int) -> int:
        """MIDI note of a scale step, the tonic at or just above ``lowest``."""
        tonic = lowest + (self.tonic - lowest) % 12
        return tonic + 12 * (step // 7) + self.scale[step % 7]

    def _kind(self, degree: int) -> str:
        root, third, fifth = (self._pitch(degree + i, 48) for i in (0, 2, 4))
        return "dim" if fifth - root == 6 else "minor" if third - root == 3 else "major"
