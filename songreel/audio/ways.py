"""How a song's words are come by here: as given, given and found in the sound, heard by a model here, or by one at a service.

Looks at what is on disk and imports no model.
"""

import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from schemas import BackendProfile, Hearing, Song
from schemas.backend import Kind
from songreel import catalogue
from songreel.access import Access
from songreel.audio.lyric_formats import Sheet, read
from songreel.errors import UserError
from songreel.models.listing import missing

MOST_OF_BUDGET = 0.25  # share of a film's money that its words may cost
LEAST_TELLING = 3  # small words by which a language is told
ANY = "*"
FILE = Path(__file__).with_name("languages.toml")
TAGS = {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "HEBREW": "he", "GREEK": "el", "THAI": "th", "CJK": "zh", "CYRILLIC": "ru"}
"""Scripts whose letter models are sought under these tags; kana before the signs that Chinese shares."""


def way_of(song: Song, given: str, access: Access, money: float = 0.0, commercial: bool = False) -> Hearing:
    """The best way that is open here.

    Args:
        song: whose tags may hold lyrics.
        given: lyrics that a person gave; they count before the tags'.
        access: weights and accounts.
        money: dollars of the film's budget that may be spent; 0: nothing is bought.
        commercial: whether models whose licence forbids earning money are left out.
    """
    aligners = tuple(one.name for one in ready("alignment", access, commercial))
    text = given if given.strip() else song.lyrics
    if text.strip() or song.timed_lyrics:
        return _with_text(text, bool(song.timed_lyrics and not given.strip()), aligners, access)
    here = ready("words", access, commercial)
    if here:
        return Hearing(way="heard", model=here[0].name, aligners=aligners)
    bought = [one for one in _offered(access, commercial) if price(one, song.duration) <= MOST_OF_BUDGET * money]
    return Hearing(way="bought", model=bought[0].name) if money > 0 and bought else Hearing()


def ready(kind: Kind, access: Access, commercial: bool = False) -> list[BackendProfile]:
    """Models of this machine whose weights are here, the best first."""
    local = [one for one in catalogue.entries(kind, access) if one.where != "cloud" and (one.commercial or not commercial)]
    return sorted((one for one in local if missing(one, access) is None), key=lambda one: -one.looks)


def ears_of(access: Access) -> tuple[str, ...]:
    """Models of stems and words that are ready here."""
    kinds: tuple[Kind, ...] = ("stems", "words", "alignment")
    return tuple(sorted(one.name for kind in kinds for one in ready(kind, access)))


def names_of(access: Access, priced: bool) -> tuple[str, ...]:
    """Everything that may listen here, for what names a film."""
    here = [*ears_of(access), *(one.name for one in ready("meaning", access))]
    return tuple(sorted((*here, *(one.name for one in _offered(access, False)))) if priced else sorted(here))


def price(profile: BackendProfile, seconds: float) -> float:
    """Dollars for hearing so much sound."""
    return profile.dollars_per_second * seconds


def language_of(sheet: Sheet) -> str:
    """The language of a text by its script, else by its small words; empty when neither tells."""
    letters = [char for line in sheet.lines for char in line.text if char.isalpha()][:2000]
    scripts = Counter(unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in letters)
    told = next((tag for script, tag in TAGS.items() if scripts[script] > len(letters) / 4), "")
    if told:
        return told
    count = Counter(word for line in sheet.lines for word in line.text.lower().replace("’", "'").split())
    best, second = (*sorted(((sum(count[w] for w in words), tag) for tag, words in _small_words().items()), reverse=True)[:2],)
    return best[1] if best[0] >= LEAST_TELLING and best[0] > second[0] else ""


def matching(language: str, aligners: tuple[str, ...], access: Access) -> str:
    """Which of these models finds words of a language; empty: none does. A text of an unknown language may be any."""
    spoken = {str(catalogue.find("alignment", name, access).options.get("language", "")): name for name in reversed(aligners)}
    own = spoken.get(language.split("-", maxsplit=1)[0]) if language else spoken.get("en") if ANY not in spoken else None
    return own or spoken.get(ANY, "")


def _with_text(text: str, timed: bool, aligners: tuple[str, ...], access: Access) -> Hearing:
    """Text with times stays as it is, and so does one that no model knows the language of."""
    if timed or not aligners:
        return Hearing()
    try:
        sheet = read(text)
    except UserError:  # told where it is read for good
        return Hearing()
    if any(line.start is not None for line in sheet.lines) or not any(line.text for line in sheet.lines):
        return Hearing()
    name = matching(sheet.language or language_of(sheet), aligners, access)
    return Hearing(way="placed", aligners=(name,)) if name else Hearing()


def _offered(access: Access, commercial: bool) -> list[BackendProfile]:
    """Services that hear words for whom there is an account, the best first."""
    entries = [one for one in catalogue.entries("words", access) if one.where == "cloud" and one.service in access.accounts]
    return sorted((one for one in entries if one.commercial or not commercial), key=lambda one: -one.looks)


@cache
def _small_words() -> dict[str, tuple[str, ...]]:
    return {tag: tuple(words.split()) for tag, words in tomllib.loads(FILE.read_text("utf-8")).items()}
