"""Styles are recommended by what their own files say, with reasons, and a wish always wins."""

import pytest

from songreel.errors import UserError
from songreel.painter.catalogue import find_style, styles
from songreel.planning.recommending import recommend


def test_every_style_is_judged_and_the_best_comes_first():
    best = recommend("electronic", "nostalgic", 0.7)
    assert {one.style for one in best} == {style.id for style in styles()}
    assert [one.suits for one in best] == sorted((one.suits for one in best), reverse=True)
    assert best[0].suits > best[-1].suits


@pytest.mark.parametrize("style", styles(), ids=lambda style: style.id)
def test_a_style_suits_the_music_it_says_it_is_for_better_than_any_other_music(style):
    def suits(genre, mood, energy):
        return next(one for one in recommend(genre, mood, energy) if one.style == style.id)

    low, high = style.energy
    at_home = suits(style.genres[0], style.moods[0], (low + high) / 2)
    assert at_home.suits == pytest.approx(1.0)
    assert len(at_home.reasons) == 3
    strange = suits("no such genre", "no such mood", 1.0 if high < 0.8 else (0.0 if low > 0.2 else 0.5))
    assert strange.suits < at_home.suits / 2


@pytest.mark.parametrize("name", ["cinematic", "woodblock", "Ukiyo E", "8bit", "retrowave", "manga"])
def test_a_style_answers_to_other_names(name):
    assert find_style(name).id in {style.id for style in styles()}


def test_an_unknown_style_names_the_known_ones():
    with pytest.raises(UserError, match="watercolor"):
        find_style("quantum")
