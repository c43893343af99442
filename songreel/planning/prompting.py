"""Scripts and prompts by rules, and looks read back from prompts that a person edited."""

from typing import cast

from schemas.base import Share
from schemas.look import Camera, Hour, Look, Weather
from schemas.plan import Plan, Scene, Script, Treatment
from songreel.painter.catalogue import find_style, worlds
from songreel.planning.data import phrases
from songreel.planning.words import named

LONGEST_THEME = 300  # characters of the user's prompt that go into every scene's prompt


def script(look: Look, mood: str, lyric: str) -> Script:
    """The scene in words, from its look."""
    words = phrases()
    world = next(world for world in worlds() if world.id == look.world)
    actions = words.action.get(look.subject, words.action["default"])
    weather = words.weather[look.weather]
    return Script(
        place=world.variants[look.variant % len(world.variants)],
        subject=words.subject.get(look.subject, f"a {look.subject}"),
        action=actions[_level(look.energy)],
        camera=words.camera[look.camera],
        light=words.light[look.hour] + (f", {weather}" if weather else ""),
        mood=mood,
        lyric=lyric,
    )


def _level(energy: Share) -> int:
    return min(int(energy * 3), 2)


def compose(script_: Script, style: str, theme: str) -> str:
    """The scene's prompt from its script, its style's words and the film's theme (the user's prompt)."""
    look = find_style(style)
    parts = [
        f"{script_.subject}, {script_.action}",
        script_.place,
        script_.light,
        script_.camera,
        theme.strip()[:LONGEST_THEME],
        f"{script_.mood} mood",
        look.title,
        *look.prompt,
    ]
    return ", ".join(part for part in parts if part)


def negative(style: str) -> str:
    """What a generator should leave out in this style."""
    return ", ".join(("text, watermark, logo, still frame", *find_style(style).negative))


def reread(plan: Plan) -> Plan:
    """A hand-edited plan with the looks brought up to its edited prompts.

    A prompt that is no longer the one composed from its script was written by a person: what it names (world, subject, hour,
    weather, camera) is drawn; what it does not name stays as the look says.
    """
    return plan.model_copy(update={"scenes": tuple(_reread(scene, plan.treatment, plan.request.prompt) for scene in plan.scenes)})


def _reread(scene: Scene, treatment: Treatment, theme: str) -> Scene:
    if scene.prompt == compose(scene.script, treatment.style, theme):
        return scene
    # The theme and the style's words stand in every prompt: only what the person added is read.
    added = scene.prompt.replace(theme.strip()[:LONGEST_THEME], " ") if theme.strip() else scene.prompt
    for words in find_style(treatment.style).prompt:
        added = added.replace(words, " ")
    return scene.model_copy(update={"look": look_from(added, scene.look)})


def look_from(text: str, before: Look) -> Look:
    """A look with everything that the text names changed to it."""
    known = {world.id: world for world in worlds() if not world.shows_image or world.id == before.world}
    world = known[next((name for name in named(text, "world") if name in known), before.world)]
    subject = next((name for name in named(text, "subject") if name in world.subjects), before.subject)
    return before.model_copy(
        update={
            "world": world.id,
            "subject": subject if subject in world.subjects else "none",
            "hour": cast(Hour, next(iter(named(text, "hour")), before.hour)),
            "weather": cast(Weather, next(iter(named(text, "weather")), before.weather)),
            "camera": cast(Camera, next(iter(named(text, "camera")), before.camera)),
        }
    )
