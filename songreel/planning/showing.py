"""Where the film shows the cover art or a given image: a few scenes of the world that paints it anew, never the image itself.

The opening, the last chorus, the end, then other choruses: at most one scene in `ONE_IN`, no two beside each other.
"""

from collections.abc import Sequence

from schemas.look import Look
from schemas.media import MediaRef
from schemas.plan import Scene
from schemas.request import FilmRequest
from schemas.song import Song
from songreel.errors import UserError
from songreel.painter.catalogue import World, find_world, worlds
from songreel.painter.image import opened
from songreel.planning.casting import PEAKS, VARIANTS, Cast

ONE_IN = 5
FEWEST = 3  # scenes of a film that shows it at all
PAINTS = ("auto", "painter")  # backends that can be asked for a world


def image_of(song: Song, request: FilmRequest) -> MediaRef | None:
    """The image that a film is made with: the given one, else the cover art."""
    return request.image or song.cover


def whose(request: FilmRequest) -> str:
    """What the image is called where a person reads of it."""
    return "the given image" if request.image else "the cover art"


def unreadable(image: bytes) -> str:
    """Why a picture cannot be shown; empty when it can."""
    try:
        opened(image)
    except UserError as error:
        return str(error)
    return ""


def kept_out(request: FilmRequest) -> str:
    """Why an image that could be shown is not; empty when it is."""
    if not request.picture:
        return "it was asked not to appear"
    if request.own.world or request.world != "auto":
        return "the film stays in the world that was asked for"
    return "" if request.backend in PAINTS else f"the backend {request.backend} draws no worlds"


def showing(labels: Sequence[str], sections: Sequence[int]) -> tuple[int, ...]:
    """The scenes that show the image, in order.

    Args:
        labels: of each scene's section.
        sections: each scene's section.
    """
    count = len(labels)
    if count < FEWEST:
        return ()
    firsts = [at for at in range(count) if labels[at] in PEAKS and (at == 0 or sections[at - 1] != sections[at])]
    taken: list[int] = []
    for at in dict.fromkeys((0, *firsts[-1:], count - 1, *firsts)):
        if len(taken) < max(count // ONE_IN, 1) and all(abs(at - other) > 1 for other in taken):
            taken.append(at)
    return tuple(sorted(taken))


def shown(looks: Sequence[Look], at: Sequence[int], cast: Cast) -> tuple[Look, ...]:
    """The looks with the image's world at some scenes, each time another of its compositions."""
    world = next(world for world in worlds() if world.shows_image)
    made = list(looks)
    for turn, scene in enumerate(at):
        made[scene] = _shown(looks[scene], world, (cast.seed + turn) % VARIANTS, cast)
    return tuple(made)


def _shown(look: Look, world: World, variant: int, cast: Cast) -> Look:
    hero = look.subject if look.subject in cast.heroes and look.subject in world.subjects else "none"
    weather = look.weather if cast.weathers else "clear"
    return look.model_copy(update={"world": world.id, "variant": variant, "subject": hero, "weather": weather, "colours": cast.colours[0]})


def told(scenes: Sequence[Scene], request: FilmRequest) -> str:
    """Where the image is seen, or why it is not."""
    seen = [scene.index for scene in scenes if find_world(scene.look.world).shows_image]
    if not seen:
        return f"{whose(request)} is not seen: {kept_out(request) or 'the film is too short'}"
    numbers = " and ".join([", ".join(str(index) for index in seen[:-1])] * (len(seen) > 1) + [str(seen[-1])])
    return f"{whose(request)} is painted anew in scene{'s' * (len(seen) > 1)} {numbers}"
