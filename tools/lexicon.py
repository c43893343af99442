"""Computes songreel/planning/data/lexicon.toml again: common words that no world claims, by the world that they lie nearest to in WordNet.

    sudo apt-get install -y wordnet-base
    uv run --with wordfreq python tools/lexicon.py --out songreel/planning/data/lexicon.toml
    uv run --with wordfreq python tools/lexicon.py --check

WordNet's senses are a graph: relations join them, and each sense is joined to the senses of its gloss's words. A walk that starts at the
senses of a world's own words, and goes home every few steps, visits what belongs to that world; what all walks visit alike counts for none.
A word goes to the world whose walk visits its usual senses most above the worlds' mean, when it does so by a margin. `--check` hides a
tenth of the worlds' own words in turn and tells how many come back to a world that claims them.

Source: T. H. Haveliwala, "Topic-Sensitive PageRank", WWW 2002; S. Banerjee and T. Pedersen, "Extended Gloss Overlaps", IJCAI 2003.
"""

import argparse
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from songreel.painter.catalogue import worlds
from songreel.planning.data import lexicon, vocabulary
from songreel.planning.words import ATTRIBUTES, WORD, stem

KINDS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
RELATIONS = {"@": 1.0, "~": 1.0, "@i": 0.5, "~i": 0.5, "&": 1.0, "+": 1.0, "\\": 1.0, ";c": 0.7, "-c": 0.7, "=": 0.7, "*": 0.7, ">": 0.5, "^": 0.5}
"""Weight of a relation; every part and member relation has the first of PART. Opposites and usage join nothing."""
PART = 1.0
GLOSS = 0.8  # weight of all of a gloss's words together
SENSES = (1.0, 0.35, 0.15, 0.07)  # weight of a word's first, second ... sense
HOME = 0.25  # chance of a step to go back to the world's own words
STEPS = 14  # after which what is left of a walk is below 2 %
COMMON = 2.8  # Zipf frequency: more than six times in ten million words
MARGIN = 1.5  # by which the best world must lead the next one
LEAST = 3.0  # times the worlds' mean visits
UNSEEN = 1.7  # times as much of both for words whose usual sense is nothing that can be seen, such as 'notion' or 'utterly'
SEEN = frozenset({5, 6, 8, 11, 12, 13, 15, 17, 18, 19, 20, 27, 38, 43})
"""Of WordNet's lexicographer files: animals, artefacts, body, events, feelings, food, places, objects, people, phenomena, plants,
substances, verbs of motion and of weather."""
SHORTEST = 3  # letters
RUDE = ("ethnic_slur", "obscenity", "disparagement", "dirty_word")
RUDE_GLOSS = re.compile(r"offensive|disparaging|obscene|vulgar|promiscuous|sexual|genital|reproduct|prostitut|slovenly|adulter|\bsex\b")
FOLDS = 10
HEADER = """# Words that no world claims, by the world whose own words they lie nearest to in WordNet (relations and glosses).
# Written by tools/lexicon.py from WordNet 3.0, (c) Princeton University, https://wordnet.princeton.edu/license-and-commercial-use
"""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Net:
    """WordNet as a graph. ``steps[b, a]`` is the chance to go from sense a to sense b."""

    steps: csr_array
    senses: Mapping[str, tuple[int, ...]]
    """Lemma (lower case, spaces) to its senses, the usual ones first."""
    files: tuple[int, ...]
    """Of each sense: the number of the lexicographer file that it is from."""
    rude: frozenset[int]


def read_net(folder: Path) -> Net:
    """The graph from WordNet's own files (wndb(5WN))."""
    place: dict[tuple[str, str], int] = {}
    rows: list[tuple[str, list[str], str]] = []
    for name, kind in KINDS.items():
        for line in (folder / f"data.{name}").read_text("latin-1").splitlines():
            if not line.startswith("  "):
                facts, gloss = line.split(" | ", 1)
                fields = facts.split()
                place[kind, fields[0]] = len(rows)
                rows.append((kind, fields, gloss))
    senses = _senses(folder, place)
    names = [_lemmas(fields) for _, fields, _ in rows]
    pairs: dict[tuple[int, int], float] = {}
    rude = set()
    for at, (_, fields, gloss) in enumerate(rows):
        if RUDE_GLOSS.search(gloss):
            rude.add(at)
        for sign, other in _pointers(fields, place):
            weight = RELATIONS.get(sign, PART if sign[0] in "#%" else 0.0)
            pairs[at, other] = pairs[other, at] = max(weight, pairs.get((at, other), 0.0))
            if sign == ";u" and set(names[other]) & set(RUDE):
                rude.add(at)
    _add_glosses(rows, senses, pairs)
    keys = np.array(list(pairs), np.int64)
    steps = csr_array((np.fromiter(pairs.values(), float), (keys[:, 1], keys[:, 0])), shape=(len(rows), len(rows)))
    return Net(steps @ _diagonal(1 / np.maximum(steps.sum(axis=0), 1e-9)), senses, tuple(int(fields[1]) for _, fields, _ in rows), frozenset(rude))


def _diagonal(values: Floats) -> csr_array:
    at = np.arange(len(values))
    return csr_array((values, (at, at)))


def _senses(folder: Path, place: Mapping[tuple[str, str], int]) -> dict[str, tuple[int, ...]]:
    """Lemma to senses: nouns before verbs before the others, each in WordNet's own order of use, those of the tagged texts first."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for turn, (name, kind) in enumerate(KINDS.items()):
        for line in (folder / f"index.{name}").read_text("latin-1").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split()
            count = int(fields[2])
            tagged = int(fields[-count - 1])
            for rank, offset in enumerate(fields[-count:]):
                found[fields[0].replace("_", " ")].append((rank + (rank >= tagged), turn, place[kind, offset]))
    return {lemma: tuple(at for _, _, at in sorted(listed)) for lemma, listed in found.items()}


def _lemmas(fields: Sequence[str]) -> list[str]:
    return [word.lower().split("(")[0] for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]


def _pointers(fields: Sequence[str], place: Mapping[tuple[str, str], int]) -> Iterable[tuple[str, int]]:
    start = 4 + 2 * int(fields[3], 16)
    for n in range(int(fields[start])):
        sign, offset, kind, _ = fields[start + 1 + 4 * n : start + 5 + 4 * n]
        yield sign, place[kind.replace("s", "a"), offset]


def _add_glosses(rows: Sequence[tuple[str, list[str], str]], senses: Mapping[str, tuple[int, ...]], pairs: dict[tuple[int, int], float]) -> None:
    """Join each sense with the first sense of every word of its definition (not its examples), rare words more than common ones."""
    words = [sorted(set(_read(gloss.split('; "')[0], senses))) for _, _, gloss in rows]
    seen = Counter(word for listed in words for word in listed)
    rarity = {word: np.log(len(rows) / count) for word, count in seen.items()}
    for at, listed in enumerate(words):
        whole = sum(rarity[word] for word in listed)
        for word in listed:
            other = senses[word][0]
            weight = GLOSS * 3 * rarity[word] / whole
            if other != at:
                pairs[at, other] = pairs.get((at, other), 0.0) + weight
                pairs[other, at] = pairs.get((other, at), 0.0) + weight


def _read(text: str, senses: Mapping[str, tuple[int, ...]]) -> Iterable[str]:
    for word in re.findall(r"[a-z][a-z-]+", text.lower()):
        found = next((form for form in (word, word.removesuffix("s"), stem(word)) if form in senses and len(form) >= SHORTEST), None)
        if found:
            yield found


def visits(net: Net, words: Mapping[str, Sequence[str]]) -> Floats:
    """How often each world's walk visits each sense, times the worlds' mean; shape (senses, worlds)."""
    home = np.stack([_weights(net, own) for own in words.values()], axis=1)
    walk = home.copy()
    for _ in range(STEPS):
        walk = HOME * home + (1 - HOME) * (net.steps @ walk)
    return walk / np.maximum(walk.mean(axis=1, keepdims=True), 1e-9)


def _weights(net: Net, words: Sequence[str]) -> Floats:
    """Where a walk begins: the senses of some words, each word alike, the usual senses most."""
    found = np.zeros(net.steps.shape[0])
    for word in words:
        listed = net.senses.get(word) or net.senses.get(stem(word), ())
        for at, weight in zip(listed, SENSES, strict=False):
            found[at] += weight / sum(SENSES[: len(listed)])
    return found / max(found.sum(), 1e-9)


def scores(net: Net, seen: Floats, word: str) -> Floats | None:
    """A word's nearness to each world, by its usual senses; none when WordNet does not know it."""
    listed = net.senses.get(word, ())
    if not listed:
        return None
    return np.average(seen[list(listed[: len(SENSES)])], axis=0, weights=SENSES[: len(listed)])


def claimed() -> dict[str, list[str]]:
    """World to its own words: those of its sheet and of the vocabulary. What shows a given picture is no place."""
    listed = vocabulary()["world"]
    return {world.id: list(dict.fromkeys((*listed.get(world.id, ()), *world.words))) for world in worlds() if not world.shows_image}


def compute(net: Net) -> dict[str, list[str]]:
    """World to the words that lie nearest to it."""
    from wordfreq import top_n_list, zipf_frequency

    own = claimed()
    known = {stem(word) for listed in own.values() for word in listed if " " not in word}
    known |= {stem(word) for topic in ATTRIBUTES for listed in vocabulary()[topic].values() for word in listed}
    seen = visits(net, own)
    names = list(own)
    found: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for word in top_n_list("en", 60_000, ascii_only=True):
        if len(word) < SHORTEST or not WORD.fullmatch(word) or stem(word) in known or zipf_frequency(word, "en") < COMMON:
            continue
        if word.endswith("s") and not word.endswith("ss") and word.removesuffix("s") in net.senses:
            continue  # a plural is found through its stem
        near = scores(net, seen, word)
        if near is None or set(net.senses[word][:3]) & net.rude:
            continue
        best, second = np.sort(near)[::-1][:2]
        strict = 1.0 if net.files[net.senses[word][0]] in SEEN else UNSEEN
        if best >= LEAST * strict and best >= (1 + (MARGIN - 1) * strict) * second:
            found[names[int(near.argmax())]].append(word)
    return {world: sorted(set(listed)) for world, listed in found.items()}


def check(net: Net) -> float:
    """Share of the worlds' own words that come back to a world which claims them when they are hidden."""
    own = claimed()
    owners: dict[str, set[str]] = defaultdict(set)
    for world, listed in own.items():
        for word in listed:
            if word in net.senses:
                owners[word].add(world)
    words, names, right = sorted(owners), list(own), 0
    for fold in range(FOLDS):
        hidden = set(words[fold::FOLDS])
        stems = {stem(word) for word in hidden}
        seen = visits(net, {world: [word for word in listed if stem(word) not in stems] for world, listed in own.items()})
        right += sum(names[int(near.argmax())] in owners[word] for word in hidden if (near := scores(net, seen, word)) is not None)
    return right / len(words)


def written(found: Mapping[str, Sequence[str]]) -> str:
    """The file's text."""
    return HEADER + "".join(f'{world} = """\n{textwrap.fill(" ".join(words), 150, break_on_hyphens=False)}\n"""\n' for world, words in found.items())


def main() -> None:
    parser = argparse.ArgumentParser(description="Compute the lexicon again.")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="folder of WordNet's files")
    parser.add_argument("--out", type=Path, help="the file to write; none: compare with the present one")
    parser.add_argument("--check", action="store_true", help="hide the worlds' own words and tell how many come back")
    asked = parser.parse_args()
    net = read_net(asked.wordnet)
    if asked.check:
        print(f"{check(net):.1%} of the worlds' own words come back when they are hidden; by chance {1 / len(claimed()):.1%}")
        return
    found = compute(net)
    now = {word: world for world, words in found.items() for word in words}
    both = now.keys() & lexicon().keys()
    same = sum(now[word] == lexicon()[word] for word in both)
    print(f"{len(now)} words; the present file has {len(lexicon())}, {len(both)} of them the same, {same} of those in the same world")
    if asked.out:
        asked.out.write_text(written(found), "utf-8")


if __name__ == "__main__":
    main()
