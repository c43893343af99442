"""The song's words: which way they are come by, what that cost, and what is done when the way fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from prefect.futures import PrefectFuture

from flows.clock import state_of
from schemas import Cost, FilmRequest, Hearing, Lyrics, Song
from songreel.access import Access
from songreel.audio.ways import price, way_of
from songreel.catalogue import find
from songreel.errors import SongreelError
from songreel.execution.means import choice_of
from tasks.hearing import STAGE, without_sound

CACHED = "Cached"
AT_SERVICES = ("cloud", "mixed")

log = logging.getLogger("songreel.flows")


@dataclass(frozen=True)
class Words:
    """The lyrics and what they cost."""

    lyrics: Lyrics
    costs: tuple[Cost, ...] = ()
    failed: bool = False
    """Whether the way to hear them failed, so that another run may find it well again."""


def way(song: Song, request: FilmRequest, access: Access) -> Hearing:
    """The best way that is open here; services only where the film may be made with them, and has money."""
    money = request.budget if choice_of(request) in AT_SERVICES else 0.0
    return way_of(song, request.lyrics, access, money, request.commercial)


def words(hearing: Hearing, song: Song, access: Access, ask: Callable[[Hearing], PrefectFuture[Lyrics]]) -> Words:
    """The words by that way, else as they are given.

    Args:
        hearing: the way.
        song: whose words.
        access: for the way's price.
        ask: submits the task.
    """
    try:
        future = ask(hearing)
        lyrics = future.result()
    except SongreelError as error:
        if hearing.way == "text":
            raise
        log.warning("the words could not be heard: %s", error)
        return Words(without_sound(ask(Hearing()).result(), str(error)), failed=True)
    if hearing.way != "bought" or not lyrics.dollars:
        return Words(lyrics)
    known = state_of(future).name == CACHED
    cost = Cost(
        stage=STAGE, provider=hearing.model, estimated=price(find("words", hearing.model, access), song.duration), cached=known,
        charged=0.0 if known else lyrics.dollars, earlier=lyrics.dollars if known else 0.0,
    )  # fmt: skip
    return Words(lyrics, (cost,))
