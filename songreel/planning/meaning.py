"""Finds the world that a word is nearest to in meaning, by a sentence-transformers model whose weights are on this machine.

A word is as near to a world as to the nearest three of the world's own words, so that one odd neighbour does not decide.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from songreel import catalogue
from songreel.access import Access
from songreel.models import loading
from songreel.models.heard import Heard, classified
from songreel.models.listing import files_of
from songreel.models.weights import located
from songreel.planning.words import world_words

NEAR = 0.5  # mean cosine with a world's nearest words, at least
NEIGHBOURS = 3


def nearest(words: Sequence[str], name: str, access: Access, progress: Callable[[float], None]) -> tuple[tuple[str, str], ...]:
    """(word, world) for the words that lie near a world, in their order.

    Args:
        words: single words.
        name: the model's in the catalogue.
        access: where weights are.
        progress: told the share done.

    Raises:
        SongreelError: the model failed, or its weights are not here.
    """
    profile = catalogue.find("meaning", name, access)
    told = Heard(progress, 1)
    with classified(profile.title, told):
        folder = located(profile.model, access, files_of(profile))
        model = loading.kept(("meaning", profile.model), lambda: _load(folder))
        worlds = world_words()
        phrases = [phrase for own in worlds.values() for phrase in own]
        vectors = _vectors(model, [*words, *phrases])
        told.tell(1.0)
    return placed(words, vectors[: len(words)] @ vectors[len(words) :].T, [(world, len(own)) for world, own in worlds.items()])


def placed(words: Sequence[str], cosines: NDArray[np.float32], sizes: Sequence[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    """The nearest world of each word that is near enough to one.

    Args:
        words: the words.
        cosines: shape (words, phrases), the phrases world by world.
        sizes: each world with the number of its phrases.
    """
    edges = np.cumsum([0, *(size for _, size in sizes)])
    found = []
    for word, row in zip(words, cosines, strict=True):
        near = [float(np.sort(row[a:b])[-NEIGHBOURS:].mean()) for a, b in pairwise(edges)]
        best = int(np.argmax(near))
        if near[best] >= NEAR:
            found.append((word, sizes[best][0]))
    return tuple(found)


def _vectors(model: Any, texts: Sequence[str]) -> NDArray[np.float32]:
    return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), np.float32)


def _load(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device=loading.place().device, local_files_only=True, model_kwargs={"use_safetensors": True})
