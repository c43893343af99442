"""Lettering from the plan to the film: which look and cards, which words belong to a scene, footage lettered on its way, and the sidecars."""

import pytest

from schemas import Encoding, FilmRequest, Footage, Line, Look, Lyrics, Plan, ShotOrder, Slot
from songreel.audio.lyric_formats import read
from songreel.composition.conform import conform
from songreel.composition.subtitles import lrc, srt, vtt
from songreel.media.video import ClipWriter, read_frames
from songreel.painter.catalogue import styles
from songreel.painter.type.sheets import sheets, suited
from songreel.planning import order
from songreel.storage import Store
from tests.test_planning import made_plan
from tests.test_type import COLOURS, FPS, ground, lettering, line

SUNG = Lyrics(lines=(line("First line of the song", 5.0), line("Second line", 12.0), line("Last one", 100.0)), language="en", source="given")


def test_a_film_with_lyrics_gets_a_look_with_a_reason_and_cards_beside_the_words():
    treatment = made_plan(lyrics=SUNG).treatment
    assert treatment.lettering.look == suited(treatment.genre, treatment.style, made_plan().music.energy)[0]
    assert treatment.lettering_because
    assert [card.kind for card in treatment.lettering.cards] == ["title", "end"]
    assert treatment.lettering.cards[0].end < 5.0


def test_a_song_that_begins_at_once_has_its_name_in_a_corner():
    sung = Lyrics(lines=(line("At once", 0.2),), source="given")
    assert made_plan(lyrics=sung).treatment.lettering.cards[0].kind == "corner"


def test_without_lyrics_there_are_only_cards_and_without_titles_not_even_those():
    assert made_plan().treatment.lettering.look == "none"
    assert made_plan().treatment.lettering.cards
    silent = made_plan(FilmRequest(titles=False))
    assert all(order(silent, scene, slot_of(scene), "painter").lettering is None for scene in silent.scenes)


def test_a_wished_look_that_has_no_words_is_told():
    assert "no lyrics are known" in made_plan(FilmRequest(lettering="neon")).notes[0].because


def slot_of(scene, handle: int = 0) -> Slot:
    return Slot(
        scene=scene.index, start_frame=scene.start_frame, end_frame=scene.end_frame, handle_in=min(handle, scene.start_frame), handle_out=handle
    )


def test_a_scene_gets_the_lines_that_are_seen_in_it_handles_included():
    made = made_plan(FilmRequest(lettering="karaoke"), SUNG)
    orders = [order(made, scene, slot_of(scene, 15), "painter") for scene in made.scenes]
    for one in orders:
        seen = {shown.text for shown in one.lettering.lines} if one.lettering else set()
        first, last = one.slot.first_frame / made.fps, (one.slot.first_frame + one.slot.frames) / made.fps
        assert {shown.text for shown in made.treatment.lettering.lines if shown.start < last and shown.end > first} <= seen
    assert any(one.lettering is None for one in orders)


def test_a_line_is_gone_before_the_next_one_comes():
    lines = (line("one two three", 2.0, stay=0.0), line("four five six", 3.2, stay=0.0))
    shown = made_plan(lyrics=Lyrics(lines=lines, source="given")).treatment.lettering.lines
    assert shown[0].end < shown[1].start


def test_an_edited_plan_keeps_its_lettering():
    made = made_plan(FilmRequest(lettering="typewriter"), SUNG)
    assert Plan.model_validate_json(made.model_dump_json()).treatment.lettering == made.treatment.lettering


RUDE = "R&B <b>x</b> {\\an8} [00:10.00] a --> b\n\n2\n00:00:01"


def test_sidecars_hold_one_cue_a_line_whatever_it_says():
    sung = Lyrics(lines=(line(RUDE, 1.0), line("Second", 9.0)))
    assert srt(sung).count(" --> ") == 2
    assert vtt(sung).count(" --> ") == 2
    assert len(lrc(sung).splitlines()) == 2
    assert [len(cue.splitlines()) for cue in srt(sung).split("\n\n")] == [3, 3]
    assert "<b>" not in srt(sung) + vtt(sung) + lrc(sung)
    assert "{\\an8" not in srt(sung)
    assert "R&amp;B" in vtt(sung)
    assert "R&B" in srt(sung)


def test_sidecars_are_read_back_as_they_were_written():
    sung = Lyrics(lines=(line("First line", 1.0), line("Überall שלום 夏", 9.5)))
    for text in (srt(sung), vtt(sung), lrc(sung)):
        lines = [one for one in read(text).lines if one.text]
        assert [one.text for one in lines] == ["First line", "Überall שלום 夏"]
        assert [one.start for one in lines] == [1.0, 9.5]


def test_webvtt_has_the_words_times():
    assert vtt(Lyrics(lines=(line("one two", 1.0, each=0.5),))) == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\none <00:00:01.500>two\n"


def test_footage_of_a_backend_that_does_not_letter_is_lettered_on_its_way_to_the_timeline(tmp_path):
    store = Store(str(tmp_path / "store"))
    path = tmp_path / "footage.mp4"
    slot = Slot(scene=0, start_frame=60, end_frame=90)
    encoding = Encoding(threads=1)
    with ClipWriter(path, width=320, height=180, fps=FPS, encoding=encoding, keyframes=slot.keyframes) as writer:
        for _ in range(slot.frames):
            writer.write_yuv(*ground((320, 180), 40))
    words = lettering("karaoke", Line(text="Hello", start=2.5, end=4.0))
    wanted = ShotOrder(
        backend="other", slot=slot, width=320, height=180, fps=FPS, encoding=encoding, quality="preview", prompt="", seed=1,
        look=Look(world="city", style="cinematic", colours=COLOURS), lettering=words,
    )  # fmt: skip
    facts = {"frames": 30, "width": 320, "height": 180, "fps": FPS, "backend": "other", "seed": 1, "conformed": True}
    given = Footage(media=store.put_file(path), **facts)
    made = conform(given, wanted, store)
    bright = [picture.max() > 150 for picture in read_frames(store.get(made.media), pixel_format="gray")]
    assert made.notes == ()
    assert not any(bright[:4])
    assert all(bright[-8:])
    assert conform(given.model_copy(update={"lettered": True}), wanted, store).media == given.media


def test_every_style_has_a_look_that_suits_it():
    known = {style.id for style in styles()}
    named = {name for sheet in sheets().values() for name in sheet.styles}
    assert named == known


@pytest.mark.parametrize(
    ("genre", "style", "look"), [("electronic", "synthwave", "neon"), ("folk", "watercolor", "handwritten"), ("hip-hop", "graffiti", "kinetic")]
)
def test_the_look_suits_style_and_genre(genre, style, look):
    assert suited(genre, style, 0.5)[0] == look
