"""A song heard by the worker of a pool that has the models, for a film on a machine that has none."""

import time
from dataclasses import dataclass
from fractions import Fraction

import pytest

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from blocks.settings import read, using
from flows.survey import RECORDS, name_of
from schemas import FilmRequest, Note
from schemas.fleet import Ears, Survey
from songreel.storage import Store
from songreel.storage.records import Records
from tests import live
from tests.models import tiny_speech, tiny_stems

REQUEST = FilmRequest(height=144, fps=Fraction(12), quality="preview", seed=7, lyrics="night over the city\nwe go on")


@dataclass
class Heard:
    method: str
    ways: Ears
    notes: tuple[Note, ...]
    lasting: bool
    words: int


def listened(song, settings, api):
    """What a film's own run knows of the song once it was listened to."""
    from prefect import flow
    from prefect.task_runners import ThreadPoolTaskRunner

    from flows.clock import Clock
    from flows.line import Line
    from flows.songs import source_of
    from songreel.execution.machine import look
    from songreel.execution.workers import Workers
    from tasks.results import working_here
    from tasks.studio import Studio

    @flow(name="a-film-that-listens")
    def a_film_that_listens():
        store = settings.open_store()
        runner = ThreadPoolTaskRunner(max_workers=3)
        with runner, working_here(store, runner), Workers(2) as workers:
            line = Line(Studio(store, workers, settings.access), look(2, settings.home), Clock())
            heard = line.listen(source_of(str(song), None, store), REQUEST)
            return Heard(heard.stems.result().method, heard.ways, heard.there.notes, heard.lasting, len(heard.lyrics.lines))

    with live.talking_to(api), using(settings):
        return a_film_that_listens()


def test_the_pool_hears_with_its_models_and_the_film_finds_it(prefect_api, small_song, tmp_path):
    live.register(prefect_api, only=["shoot-scenes/gpu", "hear-song/gpu"])
    weights, store = tmp_path / "weights", str(tmp_path / "store")
    weights.mkdir()
    tiny_stems.htdemucs(weights)
    tiny_speech.aligner(weights / "facebook--wav2vec2-base-960h")
    environment = {"SONGREEL_HOME": str(tmp_path / "there"), "SONGREEL_STORE": store, "SONGREEL_WEIGHTS": str(weights), "SONGREEL_WORKERS": "2"}
    settings = read(home=tmp_path / "here", store=store, workers=2, weights=tmp_path / "none", gpu_pool="gpu")
    with live.worker("gpu", prefect_api, environment):
        first = listened(small_song, settings, prefect_api)
        began = time.monotonic()
        again = listened(small_song, settings, prefect_api)
        took = time.monotonic() - began
    assert (first.method, first.ways.separation, first.ways.hearing.way) == ("demucs", "demucs", "placed")
    assert (first.notes, first.lasting, first.words) == ((), True, 2)
    assert again == first
    assert took < 15  # a new run on the pool would load the models again
    found = live.call(prefect_api, "/flow_runs/filter", {"flows": {"name": {"any_": ["hear-song"]}}})
    assert [(run["state"]["type"], run["name"]) for run in found] == [("COMPLETED", "hear Größe Nacht")]


def test_without_a_worker_this_machine_hears_the_song_and_says_so(prefect_api, small_song, tmp_path):
    store = str(tmp_path / "store")
    Records(Store(store), RECORDS).replace(name_of("nobody"), Survey(at=time.time(), ears=("htdemucs",)).model_dump_json().encode())
    settings = read(home=tmp_path / "here", store=store, workers=2, weights=tmp_path / "none", gpu_pool="nobody")
    heard = listened(small_song, settings, prefect_api)
    assert (heard.method, heard.lasting) == ("dsp", False)
    assert [(note.took, note.because) for note in heard.notes] == [("this machine instead of the pool 'nobody'", "no worker of it lives")]
