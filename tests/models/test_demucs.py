"""Stems by a tiny HTDemucs in the layout of the real weights: the master's length, rate and channels, and an exact sum."""

import numpy as np
import pytest
import soundfile

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from songreel.access import Access
from songreel.audio import demucs
from songreel.audio.ingest import take
from songreel.errors import MissingDependency
from songreel.storage import Store
from tests.models import tiny_stems


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    weights = tmp_path_factory.mktemp("weights")
    tiny_stems.htdemucs(weights)
    return Access(weights=weights)


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1)])
def test_the_stems_sum_to_the_mix_at_the_masters_rate(access, tmp_path, rate, channels):
    store = Store(str(tmp_path / "store"))
    time = np.arange(3 * rate) / rate
    mix = np.stack([0.3 * np.sin(2 * np.pi * 220 * (1 + channel) * time) for channel in range(channels)], 1).astype(np.float32)
    soundfile.write(tmp_path / "song.flac", mix, rate, subtype="PCM_24")
    song = take(tmp_path / "song.flac", store)
    heard = []
    stems = demucs.separate(song, store, access, heard.append)
    tracks = {name: soundfile.read(store.get(getattr(stems, name)), dtype="float64", always_2d=True)[0] for name in demucs.NAMES}
    assert all(track.shape == mix.shape for track in tracks.values())
    assert np.abs(sum(tracks.values()) - soundfile.read(tmp_path / "song.flac", always_2d=True)[0]).max() < 1e-6
    assert np.abs(tracks["drums"]).max() > 0
    assert (stems.method, stems.notes) == ("demucs", ())
    assert heard[-1] == 1.0
    assert demucs.separate(song, store, access, heard.append) == stems


def test_missing_weights_are_told_with_the_command(tmp_path):
    gone = demucs.missing(Access(weights=tmp_path))
    assert gone.mend.startswith("hf download adefossez/HTDemucs")
    with pytest.raises(MissingDependency, match="hf download adefossez/HTDemucs"):
        demucs._load(Access(weights=tmp_path))
