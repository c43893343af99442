"""The analyse stage on made songs: everything found in one pass, the same every time, for any length."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from schemas import CURVES, Analysis, GridEdit, MediaRef, Song, Stems
from songreel.audio.analyse import analyse
from songreel.audio.pictures import sound_rows
from songreel.audio.spectra import FAST_HOP, FAST_SIZE, RATE, listen
from songreel.errors import UserError
from songreel.storage.store import Store
from tests.songs import SongSpec, make_song

FPS = Fraction(30)
SECONDS = 40.0
SPEC = SongSpec(tempo=126.0, drums="rock", key="A", form=(("verse", 8), ("chorus", 8)))


def stored(samples: np.ndarray, store: Store, rate: int = RATE) -> Song:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="FLAC")
    ref = store.put_bytes(file.getvalue(), ".flac")
    return Song(
        master=ref, source=ref, name="song", duration=len(samples) / rate, samples=len(samples), sample_rate=rate, channels=1, container="flac",
        codec="flac",
    )  # fmt: skip


def curves_of(analysis: Analysis, store: Store) -> dict[str, np.ndarray]:
    with np.load(store.get(analysis.curves)) as file:
        return dict(file)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def found(store: Store) -> Analysis:
    return analyse(stored(make_song(SPEC, SECONDS).samples, store), store, fps=FPS)


def test_a_song_is_analysed_as_it_was_made(found: Analysis) -> None:
    assert found.tempo == pytest.approx(126.0, abs=0.05)
    assert found.metre == 4
    assert (found.key, found.mode) in {("A", "major"), ("F#", "minor")}  # the same seven notes
    assert found.grid == "steady"
    assert found.duration == SECONDS
    assert found.notes == ()


def test_sections_tile_the_song_and_begin_on_downbeats(found: Analysis) -> None:
    assert found.sections[0].start == 0
    assert found.sections[-1].end == pytest.approx(SECONDS)
    for before, after in zip(found.sections, found.sections[1:], strict=False):
        assert before.end == after.start
        assert min(abs(after.start - downbeat) for downbeat in found.downbeats) < 1e-3


def test_every_downbeat_is_a_beat_and_both_rise_within_the_song(found: Analysis) -> None:
    assert set(found.downbeats) <= set(found.beats)
    assert np.all(np.diff(found.beats) > 0)
    assert 0 <= found.beats[0] < found.beats[-1] < SECONDS


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(30000, 1001)])
def test_curves_have_one_value_for_each_frame_of_the_film(store: Store, fps: Fraction) -> None:
    analysis = analyse(stored(make_song(SPEC, 7.3).samples, store), store, fps=fps)
    curves = curves_of(analysis, store)
    assert tuple(curves) == (*CURVES, "spectrum", "wave")
    assert {len(curves.pop(rows)) for rows in ("spectrum", "wave")} == {round(7.3 * fps)}
    for curve in curves.values():
        assert curve.dtype == np.float32
        assert curve.shape == (round(7.3 * fps),)
        assert 0 <= curve.min() <= curve.max() <= 1
    assert analysis.fps == fps


def test_the_kick_curve_rises_where_the_kick_is(found: Analysis, store: Store) -> None:
    song = make_song(SPEC, SECONDS)
    kick = curves_of(found, store)["kick"]
    downbeats = np.round(song.downbeats[song.downbeats < SECONDS - 1] * float(FPS)).astype(int)
    on = np.maximum(kick[downbeats], kick[downbeats + 1])
    assert on.mean() > 2 * kick.mean()


def test_the_same_song_gives_the_same_bytes(store: Store) -> None:
    song = stored(make_song(SPEC, 10).samples, store)
    assert analyse(song, store, fps=FPS) == analyse(song, store, fps=FPS)


def test_a_persons_grid_is_kept_when_the_song_is_analysed_again(store: Store) -> None:
    song = stored(make_song(SPEC, 12).samples, store)
    edit = GridEdit(tempo_map=((0.25, 100.0),), metre=3)
    for _ in range(2):
        analysis = analyse(song, store, fps=FPS, grid=edit)
        assert analysis.grid == "user"
        assert analysis.metre == 3
        assert np.allclose(analysis.beats, np.arange(0.25, 12, 0.6), atol=1e-5)


def test_a_grid_that_does_not_fit_is_refused(store: Store) -> None:
    song = stored(make_song(SPEC, 5).samples, store)
    with pytest.raises(UserError, match="the song ends at"):
        analyse(song, store, fps=FPS, grid=GridEdit(beats=(1.0, 2.0, 30.0)))


@pytest.mark.parametrize("seconds", [0.05, 1.0, 3.0])
def test_very_short_songs_are_analysed(store: Store, seconds: float) -> None:
    analysis = analyse(stored(make_song(SPEC, seconds).samples, store), store, fps=FPS)
    assert analysis.grid == "even"
    assert analysis.notes[0].took.startswith("an even grid")
    assert analysis.sections[-1].end == pytest.approx(seconds, abs=1e-4)


@pytest.mark.parametrize("kind", ["noise", "drone", "near silence"])
def test_what_is_no_music_is_analysed_and_the_even_grid_noted(store: Store, kind: str) -> None:
    n = 12 * RATE
    noise = np.random.default_rng(0).standard_normal(n)
    samples = {"noise": 0.1 * noise, "drone": 0.3 * np.sin(np.arange(n) * 0.05), "near silence": 1e-4 * noise}[kind]
    analysis = analyse(stored(samples.astype(np.float32), store), store, fps=FPS)
    assert analysis.grid == "even"
    assert "even grid" in analysis.notes[0].took


def test_a_separated_voice_tells_where_someone_sings(store: Store) -> None:
    samples = make_song(SPEC, 20).samples
    voice = np.where(np.arange(len(samples)) > 10 * RATE, samples, 0)
    song, silence = stored(samples, store), stored(np.zeros_like(samples), store).master
    stems = Stems(vocals=stored(voice, store).master, drums=silence, bass=silence, other=silence, sample_rate=RATE, method="demucs", residual_db=-90)
    sung = curves_of(analyse(song, store, fps=FPS, stems=stems), store)["vocals"]
    assert sung[: 9 * 30].max() < 0.05
    assert sung[11 * 30 :].mean() > 0.4


def test_a_missing_master_is_named(tmp_path: Path) -> None:
    song = stored(make_song(SPEC, 1).samples, Store(str(tmp_path / "one")))
    with pytest.raises(Exception, match=song.master.sha256):
        analyse(song, Store(str(tmp_path / "other")), fps=FPS)


def test_spectra_read_a_sine_at_its_amplitude_and_place() -> None:
    spectra = listen((0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)).astype(np.float32))
    for part, axis in ((spectra.fast, spectra.frequencies), (spectra.long, spectra.long_frequencies)):
        middle = part[len(part) // 2]
        assert axis[middle.argmax()] == pytest.approx(1000, abs=float(axis[1]))
        assert middle.max() == pytest.approx(0.5, abs=0.08)


def test_spectra_made_in_blocks_are_those_made_at_once() -> None:
    samples = np.random.default_rng(0).standard_normal(5 * RATE).astype(np.float32)
    spectra = listen(samples)
    at = 300
    window = np.hanning(FAST_SIZE + 1)[:-1] * 4 / FAST_SIZE
    alone = np.abs(np.fft.rfft(samples[at * FAST_HOP - FAST_SIZE // 2 :][:FAST_SIZE] * window))
    assert np.allclose(spectra.fast[at], alone, atol=1e-5)
    assert len(spectra.fast) == 1 + len(samples) // FAST_HOP


def test_a_long_songs_spectra_lie_on_disk_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = make_song(SPEC, 5).samples
    short = listen(samples)
    monkeypatch.setattr("songreel.audio.spectra.DISK_SAMPLES", RATE)
    long = listen(samples)
    assert isinstance(long.fast, np.memmap)
    assert np.array_equal(long.fast, short.fast)
    assert np.array_equal(long.long, short.long)


def test_the_curves_are_stored_as_a_media_reference(found: Analysis, store: Store) -> None:
    assert isinstance(found.curves, MediaRef)
    assert found.curves.suffix == ".npz"
    assert store.has(found.curves)


def test_each_frame_has_a_row_of_spectrum_and_a_row_of_samples() -> None:
    at = np.arange(2 * RATE) / RATE
    tone = (0.8 * np.sin(2 * np.pi * 1000 * at) * (at > 1)).astype(np.float32)  # a second of silence, a second of 1 kHz
    rows = sound_rows(listen(tone), Fraction(30), 60)
    assert (rows["spectrum"].shape, rows["wave"].shape) == ((60, 64), (60, 128))
    bands = np.geomspace(40, 10_000, 65)
    loudest = int(rows["spectrum"][45].argmax())
    assert bands[loudest] / 1.1 < 1000 < bands[loudest + 1] * 1.1
    assert rows["spectrum"][45].max() > 240
    assert rows["spectrum"][10].max() == 0
    assert rows["wave"][10] == pytest.approx(127)
    assert rows["wave"][45].max() > 220
