"""Whole films by local models, through the flow: each scene in the process that has the model, measured like every film."""

from fractions import Fraction

import pytest

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from blocks.settings import read, using
from schemas import FilmRequest

REQUEST = FilmRequest(
    prompt="a city at night", style="cinematic", height=144, fps=Fraction(12), quality="basic", seed=7, lettering="none", titles=False
)


@pytest.mark.parametrize("backend", ["wan21_t2v_1_3b", "animatediff_lightning", "sdxl_controlnet", "svd_xt"])
def test_a_film_of_a_local_model_passes_its_inspection(backend, access, small_song, tmp_path, prefect_api):
    from flows.music_video import music_video

    settings = read(store=str(tmp_path / "store"), workers=2, catalogue=access.catalogues[0], home=tmp_path / "home")
    with using(settings):
        film = music_video(str(small_song), REQUEST.model_copy(update={"backend": backend}), str(tmp_path / "out"))
    assert {scene.backend for scene in film.scenes} == {backend}
    assert (film.report.still_clips, film.report.ken_burns_clips, film.report.length_error_frames) == (0, 0, 0)
    assert film.dollars == 0
    assert not [note for note in film.degraded if note.stage == "shoot"]
