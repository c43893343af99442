"""The models that flow between stages: frozen, strict, and told in sentences."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

import schemas
from schemas import FilmRequest, FramesRule, GridEdit, MediaRef, Section, Slot, Transition

MODELS = [value for value in vars(schemas).values() if isinstance(value, type) and issubclass(value, schemas.Model)]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_is_frozen_and_refuses_unknown_fields(model):
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"


@pytest.mark.parametrize("name", list(FilmRequest.model_fields))
def test_every_field_of_the_form_is_described(name):
    assert len(FilmRequest.model_json_schema()["properties"][name].get("description", "")) > 15


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("30", Fraction(30)),
        (25, Fraction(25)),
        ("30000/1001", Fraction(30000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_a_frame_rate_is_a_fraction_however_it_is_written(given, meant):
    assert FilmRequest(fps=given).fps == meant
    assert FilmRequest.model_validate_json(FilmRequest(fps=given).model_dump_json()).fps == meant


@pytest.mark.parametrize("fps", ["0", "7", "1000", "fast", "1/0"])
def test_an_unwatchable_frame_rate_is_refused_with_a_sentence(fps):
    with pytest.raises(ValidationError, match=r"frames a second|no frame rate"):
        FilmRequest(fps=fps)


def test_a_slot_names_the_frames_that_must_be_keyframes():
    assert Slot(scene=1, start_frame=100, end_frame=200, handle_in=6, handle_out=8).keyframes == (0, 12, 98)
    assert Slot(scene=0, start_frame=0, end_frame=50).keyframes == (0,)
    assert Slot(scene=1, start_frame=100, end_frame=200, handle_in=6, handle_out=8).frames == 114


@pytest.mark.parametrize(("kind", "frames"), [("cut", 4), ("crossfade", 0), ("wipe", 3)])
def test_a_transition_whose_length_does_not_fit_its_kind_is_refused(kind, frames):
    with pytest.raises(ValidationError):
        Transition(kind=kind, frames=frames)


@pytest.mark.parametrize(("wanted", "legal"), [(1, 5), (5, 5), (6, 9), (81, 81), (82, 85), (500, 121)])
def test_a_frames_rule_finds_the_next_legal_count(wanted, legal):
    assert FramesRule(multiple=4, remainder=1, least=5, most=121).at_least(wanted) == legal


def test_beats_that_do_not_increase_are_refused_with_both_times():
    with pytest.raises(ValidationError, match=r"beat at 0\.400 s follows one at 0\.500 s"):
        GridEdit(beats=(0.5, 0.4))


def test_two_grids_at_once_are_refused():
    with pytest.raises(ValidationError, match="not taps and beats"):
        GridEdit(taps=(0.5, 1.0), beats=(0.5, 1.0))


def test_a_section_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValidationError, match="not after its start"):
        Section(label="verse", start=5, end=4, energy=0.5, group="A")


def test_a_media_ref_refuses_what_is_no_hash():
    with pytest.raises(ValidationError):
        MediaRef(sha256="../../etc/passwd", suffix=".mp4", media_type="video/mp4", bytes=1)


def test_a_form_offers_every_style_world_and_genre_there_is_and_takes_other_names():
    from songreel.painter.catalogue import styles, worlds
    from songreel.planning.data import GENRES

    offered = {name: facts["anyOf"] for name, facts in FilmRequest.model_json_schema()["properties"].items() if name in ("style", "world", "genre")}
    known = {"style": [one.id for one in styles()], "world": [one.id for one in worlds()], "genre": list(GENRES)}
    assert {name: sorted(ways[0]["enum"]) for name, ways in offered.items()} == {name: sorted(["auto", *names]) for name, names in known.items()}
    assert all(ways[1] == {"type": "string", "title": "another"} for ways in offered.values())
    assert FilmRequest(style="woodblock").style == "woodblock"
