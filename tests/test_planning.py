"""Planning by rules, on made analyses of known form."""

import io
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from schemas import Analysis, FilmRequest, Instrument, Line, Lyrics, MediaRef, Plan, Section, Song, TempoCandidate
from songreel.errors import UserError
from songreel.painter.catalogue import styles, worlds
from songreel.planning import ENCODINGS, order, picture, plan, reread, sketches
from songreel.planning.colour import cover_palette
from songreel.planning.cutting import cut_frames
from songreel.planning.data import genres, kin, palettes
from songreel.planning.planner import begun_in
from songreel.planning.words import characters, named

REF = MediaRef(sha256="ab" * 32, suffix=".flac", media_type="audio/flac", bytes=10)
FORM = (
    ("intro", 8, 0.2, "A"),
    ("verse", 16, 0.45, "B"),
    ("chorus", 16, 0.85, "C"),
    ("verse", 16, 0.5, "B"),
    ("chorus", 16, 0.9, "C"),
    ("bridge", 8, 0.3, "D"),
    ("drop", 8, 1.0, "E"),
    ("outro", 8, 0.2, "F"),
)


def made_song(duration: float, **facts) -> Song:
    return Song(
        master=REF,
        source=REF,
        name="night_drive",
        duration=duration,
        samples=int(duration * 44100),
        sample_rate=44100,
        channels=2,
        container="flac",
        codec="flac",
        **facts,
    )


def made_analysis(tempo: float = 120.0, metre: int = 4, form=FORM, **facts) -> Analysis:
    bar = metre * 60 / tempo
    sections, at = [], 0.0
    for label, bars, energy, group in form:
        sections.append(Section(label=label, start=at, end=at + bars * bar, energy=energy, group=group))
        at += bars * bar
    beats = tuple(np.arange(0, at - 1e-6, 60 / tempo).tolist())
    values = {
        "duration": at,
        "tempo": tempo,
        "tempo_candidates": (TempoCandidate(bpm=tempo, confidence=1),),
        "beats": beats,
        "downbeats": beats[::metre],
        "metre": metre,
        "grid": "steady",
        "grid_confidence": 1,
        "key": "A",
        "mode": "minor",
        "key_confidence": 1,
        "sections": tuple(sections),
        "energy": 0.6,
        "brightness": 0.5,
        "valence": 0.4,
        "arousal": 0.6,
        "loudness": -14.0,
        "instruments": (Instrument(name="drums", share=0.9),),
        "curves": REF,
        "fps": Fraction(30),
    }
    return Analysis(**{**values, **facts})


def made_plan(
    request: FilmRequest | None = None, lyrics: Lyrics | None = None, analysis: Analysis | None = None, cover: bytes | None = None, **song
) -> Plan:
    analysis = analysis or made_analysis()
    return plan(made_song(analysis.duration, **song), analysis, lyrics or Lyrics(), request or FilmRequest(), cover)


@pytest.mark.parametrize("tempo", [62, 90, 120, 174, 200])
@pytest.mark.parametrize("metre", [3, 4])
@pytest.mark.parametrize("fps", ["30", "24000/1001"])
def test_every_cut_lies_on_the_nearest_frame_to_a_downbeat(tempo, metre, fps):
    analysis = made_analysis(tempo, metre)
    rate = Fraction(fps)
    starts = cut_frames(analysis, rate, round(analysis.duration * rate))
    on_grid = {round(time * rate) for time in analysis.downbeats}
    assert set(starts[1:]) <= on_grid
    assert starts[0] == 0


@pytest.mark.parametrize(
    ("seconds", "first", "wished"),
    [(2.0, 0.0, (15, 45)), (2.0, 0.2, (21, 36)), (1.0, 0.25, (8, 22)), (1.0, 0.5, (15,)), (1.0, 1.5, (10, 20))],
)
def test_a_film_too_short_to_choose_for_is_cut_on_the_beats_that_it_has(seconds, first, wished):
    beats = tuple(first + 0.5 * number for number in range(8) if first + 0.5 * number < seconds)
    whole = Section(start=0.0, end=seconds, label="verse", energy=0.5, group="A")
    analysis = made_analysis(duration=seconds, beats=beats, downbeats=beats[:1], sections=(whole,))
    assert cut_frames(analysis, Fraction(30), round(seconds * 30)) == (0, *wished)


def test_every_section_starts_with_a_cut():
    analysis = made_analysis()
    starts = set(cut_frames(analysis, Fraction(30), round(analysis.duration * 30)))
    assert {round(section.start * 30) for section in analysis.sections} <= starts


def test_scenes_are_three_to_seven_seconds_and_faster_where_energy_is_high():
    scenes = made_plan().scenes
    seconds = {scene.index: (scene.end_frame - scene.start_frame) / 30 for scene in scenes}
    assert np.mean([2.0 <= s <= 8.1 for s in seconds.values()]) > 0.9
    loud = [seconds[s.index] for s in scenes if s.energy > 0.8]
    quiet = [seconds[s.index] for s in scenes if s.energy < 0.5]
    assert np.mean(loud) < 0.8 * np.mean(quiet)


@pytest.mark.parametrize(("seconds", "fewest"), [(0.4, 3), (1.0, 2), (2.0, 3), (3.0, 3), (7.0, 3), (20.0, 3)])
def test_a_short_song_still_has_three_scenes_or_as_many_as_its_beats_allow(seconds, fewest):
    bars = max(seconds / 2, 0.01)
    short = made_analysis(form=(("verse", bars, 0.5, "A"),))
    scenes = made_plan(analysis=short).scenes
    assert len(scenes) >= fewest
    assert scenes[-1].end_frame == round(short.duration * 30)


def test_a_ten_minute_song_without_beats_is_planned_on_even_parts():
    still = made_analysis(form=(("verse", 300, 0.2, "A"),)).model_copy(update={"beats": (), "downbeats": ()})
    assert len(made_plan(analysis=still).scenes) >= 3


def test_a_chorus_comes_back_as_the_same_place():
    scenes = made_plan().scenes
    choruses = [[s for s in scenes if s.section == section] for section in (2, 4)]
    for first, again in zip(*choruses, strict=False):
        assert (first.look.world, first.look.variant, first.look.camera) == (again.look.world, again.look.variant, again.look.camera)
    assert {s.look.world for s in choruses[0]} != {s.look.world for s in scenes if s.section == 1}


def test_sections_of_other_letters_are_lit_by_other_readings_of_one_palette():
    made = made_plan(FilmRequest(palette="cool"))
    lights = {scene.section: scene.look.colours for scene in made.scenes}
    assert lights[0] == made.treatment.colours
    assert lights[1] == lights[3] != lights[0]
    assert set(lights.values()) <= set(palettes()["cool"])


def test_neighbouring_scenes_never_look_the_same():
    for before, after in pairwise(made_plan(FilmRequest(prompt="the city")).scenes):
        assert (before.look.world, before.look.variant) != (after.look.world, after.look.variant)


@pytest.mark.parametrize("world", [w.id for w in worlds() if not w.shows_image])
def test_a_prompt_that_names_one_world_gets_that_world(world):
    words = {
        "city": "the skyline of Tokyo",
        "ocean": "waves on the beach",
        "mountains": "snowy peaks and ridges",
        "forest": "deep in the woods",
        "road": "an endless desert highway",
        "space": "lost among the galaxies",
        "street": "a puddle on the pavement",
        "underwater": "coral reefs of the deep sea",
        "garden": "cherry blossom petals",
        "temple": "an ancient cathedral",
        "tunnel": "through the subway tunnel",
        "clouds": "flying above the clouds",
        "fire": "flames and embers",
        "stage": "the crowd at the festival concert",
        "room": "my bedroom window",
        "flow": "liquid silk",
        "geometry": "a mandala of crystals",
    }
    seen = [scene.look.world for scene in made_plan(FilmRequest(prompt=words[world])).scenes]
    assert seen[0] == world
    assert set(seen) <= {world, *kin()[world]}
    assert seen.count(world) == max(seen.count(other) for other in set(seen))


def test_a_short_film_stays_in_the_one_world_that_its_prompt_names_and_a_wished_world_stays_alone():
    short = made_analysis(form=(("verse", 8, 0.5, "A"), ("chorus", 8, 0.9, "B")))
    assert {scene.look.world for scene in made_plan(FilmRequest(prompt="waves on the beach"), analysis=short).scenes} == {"ocean"}
    assert {scene.look.world for scene in made_plan(FilmRequest(prompt="waves on the beach", world="Space")).scenes} == {"space"}


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a wolf in the forest under the moon", {"forest"}),
        ("the moon and the stars", {"space"}),
        ("a boat", {"ocean"}),
        ("rain on Tokyo", {"city"}),
        ("a pirate ship in the storm", {"ocean"}),
    ],
)
def test_a_word_for_hour_weather_or_subject_names_a_world_only_when_nothing_else_does(prompt, found):
    assert made_plan(FilmRequest(prompt=prompt)).scenes[0].look.world in found


def test_a_long_section_goes_on_in_another_world_after_its_four_compositions():
    form = (("chorus", 48, 0.9, "A"),)
    seen = [(s.look.world, s.look.variant) for s in made_plan(FilmRequest(genre="pop"), analysis=made_analysis(form=form)).scenes]
    assert len(set(seen[:12])) == 12


def test_the_choruses_show_the_last_named_world_that_holds_the_hero():
    scenes = made_plan(FilmRequest(prompt="a car drives down a road along the ocean to the city")).scenes
    assert {scene.look.world for scene in scenes if scene.label in ("chorus", "drop")} >= {"city"}
    assert scenes[0].look.world == "road"
    firsts = {scene.section: scene.look.world for scene in reversed(scenes)}
    assert {firsts[section] for section in (2, 4, 6)} == {"city"}


def test_prompt_words_choose_subject_hour_and_weather():
    scenes = made_plan(FilmRequest(prompt="a lonely walker in the rainy city at midnight")).scenes
    assert {scene.look.hour for scene in scenes} == {"night"}
    assert {scene.look.weather for scene in scenes} == {"rain"}
    assert sum(scene.look.subject == "walker" for scene in scenes) >= len(scenes) / 3


def test_a_prompt_of_unknown_words_is_told_and_a_known_one_is_not():
    assert "no word of the prompt" in made_plan(FilmRequest(prompt="xyzzy quux")).notes[0].because
    assert not made_plan(FilmRequest(prompt="the sea")).notes


def test_a_sung_line_stands_in_its_scene_and_leads_its_world():
    lyrics = Lyrics(lines=(Line(text="we sailed the deep blue ocean waves", start=20.0, end=23.0),), source="given")
    scenes = made_plan(FilmRequest(genre="hip-hop"), lyrics).scenes
    sung = [scene for scene in scenes if scene.script.lyric]
    assert sung
    assert {scene.look.world for scene in sung} == {"ocean"}
    assert all(scene.start_frame / 30 < 23 and scene.end_frame / 30 > 20 for scene in sung)


def test_every_prompt_names_its_style_and_the_users_theme():
    for scene in made_plan(FilmRequest(prompt="a wolf in the forest", style="Ink Wash")).scenes:
        assert "Ink Wash" in scene.prompt
        assert "a wolf in the forest" in scene.prompt
        assert scene.negative_prompt


def test_the_same_request_gives_the_same_plan_and_another_seed_another():
    assert made_plan() == made_plan()
    assert made_plan(FilmRequest(seed=1)) != made_plan(FilmRequest(seed=2))


@pytest.mark.parametrize("wish", ["pop", "rock", "hip-hop", "electronic", "country", "jazz", "classical", "christian", "blues", "folk"])
def test_every_genre_of_the_list_is_planned(wish):
    treatment = made_plan(FilmRequest(genre=wish)).treatment
    assert treatment.genre == wish
    assert treatment.style in {style.id for style in styles()}


def test_tags_name_the_genre():
    assert made_plan(genre="Indie Rock").treatment.genre == "rock"
    assert made_plan(genre="Synthwave").treatment.genre == "electronic"


@pytest.mark.parametrize(("request_", "known"), [({"style": "sepia dreams"}, "watercolor|Watercolor"), ({"genre": "polka"}, "folk")])
def test_an_unknown_name_lists_the_known_ones(request_, known):
    with pytest.raises(UserError, match=known):
        made_plan(FilmRequest(**request_))


def test_the_cover_gives_the_palette():
    picture_ = Image.new("RGB", (64, 64), (20, 30, 60))
    picture_.paste((240, 120, 20), (32, 20, 60, 50))
    data = io.BytesIO()
    picture_.save(data, "png")
    colours = made_plan(FilmRequest(palette="cover"), cover=data.getvalue()).treatment.colours
    red, green, blue = (int(colours[3][i : i + 2], 16) for i in (1, 3, 5))
    assert red > green > blue  # the orange is the accent
    lightness = [sum(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (colours[0], colours[4])]
    assert lightness[0] < 200
    assert lightness[1] > 550


def test_a_missing_or_broken_cover_is_told():
    assert "no cover art" in made_plan(FilmRequest(palette="cover")).notes[0].because
    assert "cannot be read" in made_plan(FilmRequest(palette="cover"), cover=b"not a picture").notes[0].because
    assert cover_palette(b"") is None


def test_transitions_follow_the_music():
    scenes = made_plan().scenes
    into = {(scenes[s.index - 1].label, s.label): s.transition.kind for s in scenes[1:] if s.section != scenes[s.index - 1].section}
    assert into["verse", "chorus"] == "cut"
    assert into["bridge", "drop"] == "fade_white"
    assert into["drop", "outro"] == "fade_black"
    assert all(s.transition.kind == "cut" for s in scenes[1:] if s.section == scenes[s.index - 1].section and s.energy > 0.4)


@pytest.mark.parametrize(
    ("request_", "size"),
    [
        ({}, (1920, 1080)),
        ({"aspect": "9:16"}, (1080, 1920)),
        ({"aspect": "1:1"}, (1080, 1080)),
        ({"quality": "preview"}, (960, 540)),
        ({"quality": "basic", "aspect": "9:16"}, (720, 1280)),
        ({"height": 2160}, (3840, 2160)),
        ({"height": 540, "aspect": "9:16"}, (304, 540)),
    ],
)
def test_aspect_quality_and_height_give_the_size(request_, size):
    shape = picture(FilmRequest(**request_))
    assert (shape.width, shape.height) == size


def test_a_plan_survives_its_file_and_an_edit_that_leaves_a_gap_is_refused():
    made = made_plan()
    assert Plan.model_validate_json(made.model_dump_json(indent=2)) == made
    broken = made.model_dump(mode="json")
    broken["scenes"][1]["start_frame"] += 3
    with pytest.raises(ValidationError, match="follow each other without a gap"):
        Plan.model_validate(broken)


def test_an_edited_prompt_changes_that_scenes_look_only():
    made = made_plan(FilmRequest(prompt="the city at night"))
    edited = made.model_copy(
        update={"scenes": tuple(s.model_copy(update={"prompt": "a whale in the ocean at dawn"}) if s.index == 2 else s for s in made.scenes)}
    )
    read = reread(edited)
    assert (read.scenes[2].look.world, read.scenes[2].look.subject, read.scenes[2].look.hour) == ("ocean", "whale", "dawn")
    assert [s for s in read.scenes if s.index != 2] == [s for s in made.scenes if s.index != 2]
    assert reread(made) == made


def test_an_order_holds_what_shapes_the_footage_and_nothing_else():
    from schemas import Slot

    made = made_plan()
    scene = made.scenes[1]
    slot = Slot(scene=1, start_frame=scene.start_frame, end_frame=scene.end_frame)
    first = order(made, scene, slot, "painter", curves=REF)
    other_film = made.model_copy(update={"treatment": made.treatment.model_copy(update={"logline": "another"})})
    assert order(other_film, scene, slot, "painter", curves=REF) == first
    assert order(made, scene.model_copy(update={"prompt": "else"}), slot, "painter", curves=REF) != first
    assert first.encoding == ENCODINGS["professional"]


def test_there_is_one_style_frame_and_one_sketch_for_each_character():
    made = made_plan(FilmRequest(prompt="a lonely astronaut and an old wolf cross the mountains"))
    wanted = sketches(made)
    assert [sketch.kind for sketch in wanted] == ["style", "character", "character"]
    assert wanted[1].description == "a lonely astronaut"
    assert wanted[1].look.subject == "astronaut"


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("Waves crash on the shores", "world", ("ocean",)),
        ("driving home", "subject", ("car", "house")),
        ("first light over the hills", "hour", ("dawn",)),
        ("nothing here", "weather", ()),
        ("", "world", ()),
    ],
)
def test_words_are_found_in_every_form(text, topic, found):
    assert named(text, topic) == found


def test_characters_are_read_with_their_words():
    assert characters("A lonely young wolf walks while two lovers dance") == ("a lonely young wolf", "two lovers")
    assert characters("") == ()


@pytest.mark.parametrize(
    ("prompt", "world"), [("an old abbey", "temple"), ("the blacksmith", "fire"), ("juniper", "garden"), ("a supersonic glider", "clouds")]
)
def test_words_that_name_no_world_go_to_the_nearest_one_and_the_plan_says_so(prompt, world):
    plan = made_plan(FilmRequest(prompt=prompt))
    assert plan.scenes[0].look.world == world
    (note,) = [note for note in plan.notes if "nearest" in note.took]
    assert "for '" in note.took


def test_a_prompt_of_words_that_mean_nothing_gets_the_genres_worlds_and_says_so():
    plan = made_plan(FilmRequest(prompt="xqzzt blorf", genre="rock"))
    assert plan.scenes[0].look.world in genres()["rock"].worlds
    assert any("no word of the prompt" in note.because for note in plan.notes)


def test_a_line_that_runs_over_two_scenes_names_its_subject_in_the_first_one():
    assert begun_in(["", "we break the door", "we break the door / hold the line", "hold the line", "", "we break the door"]) == [
        "", "we break the door", "hold the line", "", "", "we break the door",
    ]  # fmt: skip
