"""Prompts in every family's own words: their form, their length, their camera, and nothing that they would misread."""

import pytest

from schemas import Character, FilmRequest, Slot
from songreel.catalogue.entries import entries
from songreel.painter.catalogue import styles
from songreel.planning import order
from songreel.planning.habits import Habits, fits, habits, plain, tokens
from songreel.planning.wording import Frame, prompt_for, shape_of
from tests.test_planning import made_plan

READING = [name for name, told in habits().items() if told.form != "none"]
THEME = "a lonely astronaut walks through a neon city in the rain"
FULL = Frame(theme=THEME, shape="tall", triggers=("sngrl man",))


@pytest.fixture(scope="module")
def film():
    return made_plan(FilmRequest(prompt=THEME, style="synthwave"))


def scene_with(film, subject: str):
    return next(scene for scene in film.scenes if (scene.look.subject == "none") == (subject == "none"))


def worded(film, scene, family: str, frame: Frame = FULL):
    return prompt_for(scene, film.treatment, film.treatment.style, family, frame)


@pytest.mark.parametrize("family", READING)
@pytest.mark.parametrize("style", [style.id for style in styles()])
def test_every_style_is_said_in_every_family_within_what_it_reads(family, style):
    film = made_plan(FilmRequest(prompt=THEME, style=style))
    told = habits()[family]
    look = next(one for one in styles() if one.id == style)
    for scene in film.scenes[::5]:
        words = worded(film, scene, family)
        assert fits(words.prompt, told)
        assert look.prompt[0] in words.prompt or look.prompt[0] in words.prompt.lower()
        assert scene.script.action.lower() in words.prompt.lower()
        assert "sngrl man" in words.prompt
        assert tokens(words.negative, told.letters) <= told.negative_tokens
        assert not told.negative_tokens or look.negative[0] in words.negative


@pytest.mark.parametrize("family", READING)
def test_a_family_that_reads_enough_is_told_all_of_a_style(family, film):
    if habits()[family].tokens >= 200:
        look = next(one for one in styles() if one.id == "synthwave")
        assert all(words in worded(film, film.scenes[0], family).prompt.lower() for words in look.prompt)


@pytest.mark.parametrize("family", READING)
def test_equal_scenes_are_told_alike(family, film):
    assert worded(film, film.scenes[3], family) == worded(film, film.scenes[3].model_copy(), family)


@pytest.mark.parametrize("family", [name for name in READING if habits()[name].camera and habits()[name].tokens > 100])
def test_the_camera_moves_in_the_models_own_words(family, film):
    for scene in [scene for scene in film.scenes if scene.look.subject != "none"][::4]:
        assert habits()[family].camera[scene.look.camera] in worded(film, scene, family).prompt


@pytest.mark.parametrize("family", READING)
def test_a_form_is_kept(family, film):
    prompt = worded(film, scene_with(film, "some"), family).prompt
    if habits()[family].form == "tags":
        assert ". " not in prompt
    else:
        assert prompt.endswith(".")
        assert prompt.count(". ") >= 3


def test_a_model_that_reads_no_words_is_told_none(film):
    assert worded(film, film.scenes[0], "svd").prompt == worded(film, film.scenes[0], "svd").negative == ""


def test_flux_takes_no_negative_prompt(film):
    assert worded(film, film.scenes[0], "flux").negative == ""


@pytest.mark.parametrize("family", ["", "a_model_of_tomorrow"])
def test_an_unknown_family_is_told_the_plans_own_prompt(family, film):
    scene = film.scenes[0]
    assert worded(film, scene, family).prompt == scene.prompt
    assert worded(film, scene, family).negative == scene.negative_prompt


@pytest.mark.parametrize("family", READING)
def test_a_trigger_is_said_first_as_it_is_even_when_nothing_else_fits(family, film):
    long = film.scenes[0].model_copy(update={"prompt": "a very particular thing " * 200})
    prompt = worded(film, long, family).prompt
    assert prompt.startswith("sngrl man")
    assert "particular" in prompt
    assert fits(prompt, habits()[family])


@pytest.mark.parametrize("family", READING)
def test_weights_are_no_words(family, film):
    scene = film.scenes[0].model_copy(update={"prompt": "(a red fox:1.4) in ((snow)), <lora:fox:0.8> [blurry::0.5] dawn++ at 6:30, 35mm film"})
    prompt = worded(film, scene, family).prompt.lower()
    assert not set(prompt) & set("()[]<>+")
    assert "red fox in snow" in prompt
    assert "lora" not in prompt
    assert "6:30" in prompt


@pytest.mark.parametrize(
    ("weighed", "said"),
    [
        ("(neon:1.3) city", "neon city"), ("((glow))", "glow"), ("rain++ on glass--", "rain on glass"), ("<lora:x_v2:0.75>a cat", "a cat"),
        ("[soft|hard] light", "softhard light"), ("{fire}", "fire"), ("well-known film, 16:9, 3:30", "well-known film, 16:9, 3:30"),
        ("rock'n'roll; 50% grey", "rock'n'roll; 50% grey"), ("(a, b:0.5)", "a, b"),
    ],
)  # fmt: skip
def test_what_programs_weigh_words_by_is_left_out(weighed, said):
    assert plain(weighed) == said


def test_a_scene_without_anyone_says_so_by_saying_nothing(film):
    empty = scene_with(film, "none")
    prompt = worded(film, empty, "wan").prompt.lower()
    assert "no one" not in prompt
    assert "astronaut" not in prompt


def test_a_character_looks_alike_in_every_scene(film):
    described = film.treatment.model_copy(update={"characters": (Character(name="Ada", description="an astronaut in a cracked gold visor"),)})
    scene = next(scene for scene in film.scenes if scene.look.subject == "astronaut")
    assert "an astronaut in a cracked gold visor" in prompt_for(scene, described, "synthwave", "wan", FULL).prompt.lower()


def test_a_persons_own_words_are_told_in_place_of_ours(film):
    scene = film.scenes[0].model_copy(update={"prompt": "a red fox in the snow, neon", "negative_prompt": "people, (cars:1.2)"})
    words = worded(film, scene, "wan", Frame(theme=THEME))
    assert words.prompt.startswith("A red fox in the snow, neon.")
    assert "1980s retro futurism" in words.prompt
    assert scene.script.action not in words.prompt
    assert words.negative == "people, cars"


def test_a_style_never_leaves_out_what_it_asks_for():
    film = made_plan(FilmRequest(style="film_grain_16mm"))
    assert "film grain" not in worded(film, film.scenes[0], "wan").negative


@pytest.mark.parametrize(("size", "shape"), [((1920, 1080), "wide"), ((1080, 1920), "tall"), ((1080, 1080), "square"), ((1000, 1080), "square")])
def test_a_picture_has_a_shape(size, shape):
    assert shape_of(*size) == shape


def test_every_family_of_the_catalogue_has_habits():
    families = {entry.family for kind in ("video", "image") for entry in entries(kind) if entry.family}
    assert families <= set(habits())


def test_habits_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="different parts"):
        Habits(form="tags", order=("subject",), keep=("place",))
    with pytest.raises(ValueError, match="the camera has words for drift"):
        Habits(form="tags", camera={"drift": "slowly"})


def test_an_order_is_worded_for_its_backends_family(film):
    scene = film.scenes[1]
    slot = Slot(scene=1, start_frame=scene.start_frame, end_frame=scene.end_frame)
    assert order(film, scene, slot, "painter").prompt == scene.prompt
    worded_ = order(film, scene, slot, "wan22_ti2v_5b", family="wan")
    assert worded_.prompt == prompt_for(scene, film.treatment, "synthwave", "wan", Frame(theme=THEME)).prompt != scene.prompt
    assert "worst quality" in worded_.negative_prompt
