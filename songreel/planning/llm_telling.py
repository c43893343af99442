"""What a language model is told: instructions from files, and the song as data that cannot pass for an instruction.

All text of strangers stands inside one JSON object, with '<' and '>' written as escapes, between two marker lines whose name is a hash of
the object: no lyric can hold its own hash, so nothing inside can close the block.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache

from schemas.writing import Brief, Draft, SceneBrief, WorldBrief
from songreel.planning.data import FOLDER
from songreel.planning.llm_answers import ScenesAnswer, TreatmentAnswer

SHOWN = 12  # hexadecimal digits of a marker and of a version


@cache
def instructions(step: str) -> str:
    """The instructions of 'treatment' or 'scenes'."""
    return (FOLDER / "llm" / f"{step}.md").read_text("utf-8").strip()


@cache
def prompts_version() -> str:
    """What the instructions and the forms of the answers are: another version may give another film."""
    forms = [json.dumps(form.model_json_schema(), sort_keys=True) for form in (TreatmentAnswer, ScenesAnswer)]
    return hashlib.sha256("\n".join((instructions("treatment"), instructions("scenes"), *forms)).encode()).hexdigest()[:SHOWN]


def of_treatment(brief: Brief) -> str:
    """The message that asks for a treatment."""
    return fenced(
        {
            "song": {"title": brief.title, "artist": brief.artist, "genre": brief.genre, "mood": brief.mood, "bpm": round(brief.tempo, 1),
                     "key": brief.key, "seconds": round(brief.seconds, 1), "language": brief.language},
            "wish": brief.wish,
            "lyrics": brief.lyrics,
            "sections": [section.model_dump() for section in brief.sections],
            "draft_by_rules": {"style": brief.draft.style, "palette": brief.draft.palette, "logline": brief.draft.logline},
            "styles": {style.id: style.description for style in brief.styles},
            "palettes": list(brief.palettes),
            "worlds": {world.id: {"compositions": list(world.variants), "subjects": list(world.subjects)} for world in brief.worlds},
        }
    )  # fmt: skip


def of_scenes(brief: Brief, draft: Draft, worlds: Sequence[WorldBrief], scenes: Sequence[SceneBrief], before: str) -> str:
    """The message that asks for some scenes.

    Args:
        draft: the treatment.
        worlds: those that it plays in.
        scenes: the ones asked for.
        before: what the scene before them shows; empty at the film's start.
    """
    labels = {section.index: section.label for section in brief.sections}
    return fenced(
        {
            "treatment": draft.model_dump(include={"logline", "style", "characters", "places", "objects", "story"}),
            "mood": brief.mood,
            "worlds": {world.id: {"compositions": list(world.variants), "subjects": list(world.subjects)} for world in worlds},
            "scene_before": before,
            "scenes": [
                {"index": one.draft.index, "section": one.section, "label": labels.get(one.section, ""), "seconds": round(one.seconds, 2),
                 "energy": round(one.draft.energy, 2), "sung": one.draft.script.lyric}
                for one in scenes
            ],
        }
    )  # fmt: skip


def fenced(data: dict[str, object]) -> str:
    """Data as a block that nothing inside can end."""
    text = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c").replace(">", "\\u003e")
    marker = f"data-{hashlib.sha256(text.encode()).hexdigest()[:SHOWN]}"
    return f"<{marker}>\n{text}\n</{marker}>"
