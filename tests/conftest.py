"""One local Prefect server for all tests that need it, in a home of its own; it ends with the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from blocks import server
from tests import live
from tests.songs import SongSpec, make_song

HOME = "SONGREEL_HOME"
SECONDS = 8.0  # of the small song: two or three scenes


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests a home; the processes that xdist starts inherit it."""
    if not hasattr(config, "workerinput"):
        os.environ[HOME] = tempfile.mkdtemp(prefix="songreel-tests-")
        for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "SONGREEL_STORE", "SONGREEL_SERVER"):
            os.environ.pop(name, None)
        os.environ["PREFECT_HOME"] = os.environ[HOME] + "/prefect"  # not the profiles of whoever runs the tests


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server and remove the home."""
    if not hasattr(config, "workerinput"):
        home = Path(os.environ[HOME])
        server.stop(home / "prefect")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[str]:
    """Address of the tests' Prefect API; flows called in this process use it."""
    home = Path(os.environ[HOME]) / "prefect"
    running = server.ensure(home)
    server.wait(running, home)
    with live.talking_to(running.url):
        yield running.url


@pytest.fixture(scope="session")
def small_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made song of eight seconds at 120 bpm; its name holds a space and letters beyond ASCII."""
    song = make_song(SongSpec(form=(("intro", 2), ("chorus", 2)), seed=3), seconds=SECONDS)
    path = tmp_path_factory.mktemp("songs") / "Größe Nacht.flac"
    soundfile.write(path, song.samples, song.rate)
    return path
