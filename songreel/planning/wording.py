"""A scene in the words of the model that will show it: its parts in the model's order, no longer than it reads, weight signs left out.

Pure: the same scene gives the same words. What a person wrote into a plan goes before what was composed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from schemas.plan import Scene, Treatment
from songreel.painter.catalogue import find_style
from songreel.planning.data import phrases
from songreel.planning.habits import Habits, Part, Shape, fits, habits, plain, tokens
from songreel.planning.prompting import LONGEST_THEME, compose, negative
from songreel.planning.words import named, stem

SEEN: tuple[Part, ...] = ("place", "light", "camera")
"""Parts that are worth more than a style's later words."""
STYLE_WORDS = 3  # of a style, which those parts leave it
SQUARE = (Fraction(9, 10), Fraction(10, 9))  # width over height that counts as square


@dataclass(frozen=True)
class Wording:
    """What a model is told to show and to leave out."""

    prompt: str
    negative: str = ""


@dataclass(frozen=True)
class Frame:
    """What the whole film says to every scene."""

    theme: str = ""
    """The person's prompt."""
    shape: Shape = "wide"
    triggers: tuple[str, ...] = ()
    """Words that wake a LoRA, which stand first and are never dropped."""


def shape_of(width: int, height: int) -> Shape:
    """Whether a picture is wide, square or tall."""
    ratio = Fraction(width, height)
    return "wide" if ratio > SQUARE[1] else "tall" if ratio < SQUARE[0] else "square"


def prompt_for(scene: Scene, treatment: Treatment, style: str, family: str, frame: Frame = Frame()) -> Wording:
    """The scene in a family's words.

    Args:
        scene: what it shows.
        treatment: for its characters.
        style: the film's style.
        family: whose habits count; one that is not known, or '', is told the plan's own prompt.
        frame: what the whole film adds.
    """
    told = habits().get(family)
    if told is None:
        return Wording(scene.prompt, scene.negative_prompt)
    if told.form == "none":
        return Wording("")
    edited = scene.prompt != compose(scene.script, treatment.style, frame.theme)
    parts = _edited(scene, style, told, frame) if edited else _composed(scene, treatment, style, told, frame)
    return Wording(_told(parts, told), _left_out(scene, treatment, style, told))


def _composed(scene: Scene, treatment: Treatment, style: str, told: Habits, frame: Frame) -> dict[Part, list[str]]:
    script = scene.script
    return {
        "trigger": list(frame.triggers),
        "subject": [f"{_who(scene, treatment)}, {script.action}" if _someone(scene) else script.action],
        "place": [script.place],
        "light": [script.light],
        "camera": [_of_whom(told.camera.get(scene.look.camera) or script.camera, scene)],
        "mood": [f"{script.mood} mood"],
        "theme": [frame.theme.strip()[:LONGEST_THEME]] if _someone(scene) or not treatment.characters else [],
        "style": _style(style),
        "aspect": [_of_whom(told.aspect.get(frame.shape, ""), scene)],
        "quality": [told.quality],
    }


def _edited(scene: Scene, style: str, told: Habits, frame: Frame) -> dict[Part, list[str]]:
    """A person's own prompt, with what it lacks of the style's words."""
    known = scene.prompt.lower()
    return {
        "trigger": list(frame.triggers),
        "subject": [scene.prompt],
        "style": [words for words in _style(style) if words.lower() not in known],
        "aspect": [told.aspect.get(frame.shape, "")],
        "quality": [told.quality],
    }


def _style(style: str) -> list[str]:
    look = find_style(style)
    named_ = any(look.title.lower() in words.lower() for words in look.prompt)
    return [*look.prompt] if named_ else [f"{look.title} style", *look.prompt]


def _someone(scene: Scene) -> bool:
    """Whether the scene has a subject. 'No one' draws someone: models do not read a no."""
    return scene.look.subject != "none" or scene.script.subject != phrases().subject["none"]


def _of_whom(text: str, scene: Scene) -> str:
    return text if _someone(scene) else text.replace("the subject", "the scene")


def _who(scene: Scene, treatment: Treatment) -> str:
    """Who acts: the film's character of that kind in the treatment's own words, so that it looks alike in every scene."""
    subject = scene.script.subject
    for one in treatment.characters:
        if one.description.lower() in subject.lower():
            return subject
        if scene.look.subject != "none" and scene.look.subject in named(one.description, "subject"):
            return one.description
    return subject


def _told(parts: dict[Part, list[str]], told: Habits) -> str:
    """The parts in the family's order and form, the least important left out until the rest fits; what is left is cut at a word."""
    clean = {name: [text for text in (plain(one).strip(" ,.;") for one in parts.get(name, [])) if text] for name in told.order}
    kept = [name for name in told.keep if clean[name]]
    while kept:
        text = _joined({name: clean[name] for name in told.order if name in kept}, told)
        if fits(text, told):
            return text
        last = kept[-1]
        if "style" in kept and len(clean["style"]) > (1 if last == "style" else STYLE_WORDS if last in SEEN else len(clean["style"])):
            clean["style"].pop()  # its later words say least
        elif len(kept) == 1 or (last == "subject" and kept[:-1] == ["trigger"]):
            return _cut(text, told)
        else:
            kept.pop()
    return ""


def _joined(parts: dict[Part, list[str]], told: Habits) -> str:
    if told.form == "tags":
        return ", ".join(text for texts in parts.values() for text in texts)
    sentences = (_sentence(name, texts) for name, texts in parts.items())
    return " ".join(sentences)


def _sentence(name: Part, texts: Sequence[str]) -> str:
    text = ", ".join(texts)
    return f"{text}." if name == "trigger" else f"{text[0].upper()}{text[1:]}."


def _cut(text: str, told: Habits) -> str:
    """The beginning of a text that fits, ending with a whole word."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return next((text[:end].rstrip(" ,.;:") for end in reversed(ends) if fits(text[:end], told)), "")


def _left_out(scene: Scene, treatment: Treatment, style: str, told: Habits) -> str:
    """What the model shall leave out: the style's words first, then the family's, none of which the style itself asks for."""
    if not told.negative_tokens:
        return ""
    if scene.negative_prompt != negative(treatment.style):
        given = [one.strip() for one in scene.negative_prompt.split(",")]
        return _within([plain(one) for one in given if one], told)
    wanted = {stem(word) for phrase in find_style(style).prompt for word in phrase.split()}
    own = [phrase for phrase in told.negative if not {stem(word) for word in phrase.split()} <= wanted]
    return _within(list(dict.fromkeys((*find_style(style).negative, *own))), told)


def _within(phrases: Sequence[str], told: Habits) -> str:
    """As many of the phrases as are read."""
    kept: list[str] = []
    for phrase in phrases:
        if tokens(", ".join((*kept, phrase)), told.letters) > told.negative_tokens:
            break
        kept.append(phrase)
    return ", ".join(kept)
