"""How much good footage of a scene is worth: the hooks, the loud and the sung, by the second that is seen.

Worth has no unit; only its order and its ratios count.
"""

from schemas import BackendProfile, Plan, Quality, Scene, SectionLabel

HOOKS: dict[SectionLabel, float] = {"drop": 1.0, "chorus": 1.0, "bridge": 0.6, "verse": 0.5, "intro": 0.4, "outro": 0.4}
"""What people remember of a song."""

HOOK, ENERGY, SUNG = 0.4, 0.4, 0.2
"""Shares of the section, its energy, and of whether there are words, in a scene's importance."""

ENOUGH: dict[Quality, float] = {"preview": 0.0, "basic": 0.65, "professional": 0.85, "cinematic": 1.0}
"""Looks beyond which a better model is worth no more."""

THRIFT: dict[Quality, float] = {"preview": 0.0, "basic": 0.5, "professional": 0.1, "cinematic": 0.0}
"""Worth of a dollar that is kept."""

WISHED = 0.2
"""Looks that footage of a model gains when a person chose models: it is then preferred to paint that looks as good."""


def importance(scene: Scene) -> float:
    """How much a scene matters, from 0 to 1."""
    return HOOK * HOOKS[scene.label] + ENERGY * scene.energy + SUNG * bool(scene.script.lyric)


def worth(scene: Scene, profile: BackendProfile, plan: Plan, dollars: float, wished: bool) -> float:
    """What a scene's footage by a backend is worth, less what its money is worth.

    Args:
        scene: what is shown.
        profile: who shoots it.
        plan: for the quality and the frame rate.
        dollars: what it costs.
        wished: whether a person chose to have models shoot.
    """
    quality = plan.request.quality
    seen = (scene.end_frame - scene.start_frame) / float(plan.fps)
    looks = min(profile.looks, ENOUGH[quality]) + (WISHED if wished and profile.where != "built_in" else 0.0)
    return importance(scene) * looks * seen - THRIFT[quality] * dollars
