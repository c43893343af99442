"""Reads pictures out of words: which world, subject, hour ... a prompt or a line of lyrics names.

Matching is by the vocabulary file, and each world's own words, on word stems, longest phrase first; no model is needed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from schemas.base import Note
from songreel.painter.catalogue import worlds
from songreel.planning.data import Topic, lexicon, vocabulary

LONGEST_PHRASE = 3  # words in the vocabulary's longest entry
LONGEST_PERSON = 5  # words after the article that may describe a character
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# English endings that a plural or a verb form adds; enough to find 'waves', 'driving' and 'lonelier' is left alone on purpose.
ENDINGS = (("ies", "y"), ("ves", "f"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
SHORTEST_STEM = 3
ATTRIBUTES: tuple[Topic, ...] = ("subject", "hour", "weather", "camera", "palette", "mood")


def stem(word: str) -> str:
    """The word without a plural or verb ending, so that 'Waves' and 'wave' meet."""
    word = word.lower()
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST_STEM else word


@cache
def _entries(topic: Topic) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Stemmed phrase to everything it stands for.

    A word that tells who acts, the hour, the weather, the mood ... names no world by itself: in 'a city under the moon' nobody asks for space.
    Such words are the topic 'hint', for texts that name no world otherwise.
    """
    if topic not in ("world", "hint"):
        return _read(vocabulary()[topic])
    drawn = {w.id for w in worlds()}
    decided = _read({world: words for world, words in vocabulary()["world"].items() if world in drawn})
    places = _read({w.id: w.words for w in worlds()}) | decided  # where worlds claim the same word, the vocabulary decides
    hints = {phrase for other in ATTRIBUTES for phrase in _entries(other)}
    return {phrase: ids for phrase, ids in places.items() if (phrase in hints) == (topic == "hint")}


def _read(listed: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for meaning, words in listed.items():
        for phrase in words:
            key = tuple(stem(word) for word in WORD.findall(phrase))
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), meaning)))
    return found


def mentions(text: str, topic: Topic) -> Iterator[tuple[int, str]]:
    """(position in words, meaning) of everything in the text that the topic knows, in reading order."""
    entries = _entries(topic)
    stems = [stem(word) for word in WORD.findall(text)]
    at = 0
    while at < len(stems):
        size = next((n for n in range(LONGEST_PHRASE, 0, -1) if tuple(stems[at : at + n]) in entries), 0)
        for meaning in entries.get(tuple(stems[at : at + size]), ()):
            yield at, meaning
        at += size or 1


def named(text: str, topic: Topic) -> tuple[str, ...]:
    """What the text names of a topic, most often named first, then earliest."""
    count: dict[str, int] = {}
    for _, meaning in mentions(text, topic):
        count[meaning] = count.get(meaning, 0) + 1
    return tuple(sorted(count, key=lambda meaning: -count[meaning]))


def hinted(text: str) -> tuple[str, ...]:
    """The worlds that most of a text's other words belong to: 'a ship in the storm' is at sea."""
    count = Counter(meaning for _, meaning in mentions(text, "hint"))
    most = max(count.values(), default=0)
    return tuple(world for world, times in count.items() if times == most)


def nearest(text: str) -> tuple[tuple[str, str], ...]:
    """(word, world) of the words that no world claims but the lexicon places, in reading order; 'an old abbey' is nearest to the temple."""
    drawn = {world.id for world in worlds()}
    found = ((word.lower(), lexicon().get(word.lower()) or lexicon().get(stem(word), "")) for word in WORD.findall(text))
    return tuple(dict.fromkeys((word, world) for word, world in found if world in drawn))


@dataclass(frozen=True)
class Meant:
    """What a model of meaning found: (word, world) for a prompt's words that no world claims."""

    by: str
    """The model; empty: it failed, and the lexicon counts."""
    pairs: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...] = ()


def unplaced(text: str) -> tuple[str, ...]:
    """The words of a text that names no world, which may lie near one: neither small words nor those that tell of anything else."""
    if named(text, "world") or hinted(text):
        return ()
    known = {word for topic in ATTRIBUTES for (word, *more) in _entries(topic) if not more}
    words = dict.fromkeys(word.lower() for word in WORD.findall(text))
    return tuple(word for word in words if len(word) >= SHORTEST_STEM and word not in STOP_WORDS | SMALL_WORDS and stem(word) not in known)


def world_words() -> dict[str, tuple[str, ...]]:
    """The words and phrases that name each world."""
    listed = vocabulary()["world"]
    return {world.id: tuple(dict.fromkeys((*listed.get(world.id, ()), *world.words))) for world in worlds() if not world.shows_image}


def characters(text: str) -> tuple[str, ...]:
    """Who and what acts in a prompt, each with the words that go with it: 'a lonely astronaut'."""
    words = WORD.findall(text)
    found: list[str] = []
    for at, word in enumerate(words):
        if word.lower() not in ARTICLES:
            continue
        after = list(takewhile(lambda w: w.lower() not in STOP_WORDS, words[at + 1 : at + 1 + LONGEST_PERSON]))
        last = max((n for n, w in enumerate(after) if (stem(w),) in _entries("subject")), default=-1)
        phrase = " ".join([word, *after[: last + 1]]).lower()
        if last >= 0 and phrase not in found:
            found.append(phrase)
    return tuple(found)


ARTICLES = frozenset({"a", "an", "the", "two", "three", "my", "our", "her", "his"})
STOP_WORDS = ARTICLES | frozenset(
    "and or but of in on at by to from with under over through into above below near beside behind where while as is are was who that which "
    "it its he she they we i you then walk walks run runs drive drives ride rides fly flies sail sails dance dances sing sings cross crosses "
    "look looks stand stands love loves kiss kisses".split()
)
SMALL_WORDS = frozenset(
    "not for his him their them your all any some one more most very just like about after before again also only own same too can will should "
    "this these those has have had does did been being make made film video song music scene style full lot many few out off down around "
    "big small old new long short good bad great little young first last next other each every both when how why what there here than then once "
    "something someone everything nothing everyone thing things way".split()
)
"""Words that have a place in every text and in no world."""
