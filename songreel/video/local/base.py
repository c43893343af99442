"""What all local video models share: what is missing, how a scene is cut into pieces, how the pieces become footage.

Footage keeps the model's own rate and size; conform brings it to the timeline.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import BackendProfile, BackendStatus, Encoding, Footage, Note, ShotOrder
from songreel.access import Access
from songreel.catalogue import find, made
from songreel.models import loading
from songreel.models.asking import Ask, ask
from songreel.models.heard import Heard, classified
from songreel.models.joining import Frames, joined
from songreel.models.weights import Missing, extra_missing, located, weights_missing
from songreel.storage import Store
from songreel.video.base import Progress

NEARLY_LOSSLESS = 8  # crf of footage: it is encoded once more when it is conformed
NEXT_SEED = 7919  # a prime, added for each piece of a scene
SEED_SPAN = 2**32


@dataclass(frozen=True)
class Take:
    """One scene in the making."""

    order: ShotOrder
    asked: Ask
    store: Store
    heard: Heard

    def generator(self, piece: int = 0) -> Any:
        """The scene's random numbers for one of its pieces."""
        return loading.generator((self.order.seed + piece * NEXT_SEED) % SEED_SPAN)

    @property
    def told(self) -> dict[str, Any]:
        """What every text-led pipeline is told of the order."""
        return {"prompt": self.order.prompt, "height": self.asked.height, "width": self.asked.width, "callback_on_step_end": self.heard.step}


class LocalVideo(ABC):
    """A diffusers pipeline behind the contract of video backends."""

    shared = 1
    """Frames that a piece has in common with the one before it."""
    own_length = False
    """True for a model that makes scenes of any length in one go."""

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile, self.access = profile, access

    def status(self) -> BackendStatus:
        """What is missing: the extra, else weights."""
        gone = self.missing()
        return BackendStatus.of(self.profile, gone.what, gone.mend) if gone else BackendStatus.of(self.profile)

    def missing(self) -> Missing | None:
        """The first thing that is not here."""
        if gone := extra_missing():
            return gone
        variant = str(self.option("variant", ""))
        found = (weights_missing(repo, self.access, files, variant) for repo, files in self.repositories())
        return next((gone for gone in found if gone), None)

    def repositories(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All repositories that it needs, with the files of each; none: all that the repository's index names."""
        return ((self.profile.model, ()),)

    def shoot(self, order: ShotOrder, store: Store, progress: Progress, share: float = 1.0) -> Footage:
        """Footage at the model's own rate and size.

        Args:
            order: what to show.
            store: where the footage is put.
            progress: told the share done.
            share: of the usual area and longest piece; below 1 after memory ran out.

        Raises:
            OutOfMemory: there is too little memory for this size.
            SongreelError: it cannot be made here.
        """
        began = time.monotonic()
        asked = ask(order, self.profile, share, self.shared)
        heard = Heard(progress, self.steps(asked))
        with classified(self.profile.title, heard), store.workspace() as folder:
            pipe = self.loaded()
            path = folder / "footage.mp4"
            made = islice(self.frames(pipe, Take(order, asked, store, heard)), asked.frames)
            self._write(path, made, asked, order)
            media = store.put_file(path)
            heard.tell(1.0)
        return Footage(
            media=media, frames=asked.frames, width=asked.width, height=asked.height, fps=asked.fps, backend=self.profile.name,
            model=self.profile.model, seed=order.seed, seconds=time.monotonic() - began, notes=_smaller(share, asked),
        )  # fmt: skip

    def steps(self, asked: Ask) -> int:
        """How many steps a scene takes."""
        return int(self.option("steps", 30)) * asked.pieces.count

    def frames(self, pipe: Any, take: Take) -> Iterator[NDArray[np.uint8]]:
        """The scene's pictures in order, (h, w, 3) uint8."""
        yield from joined(self._pieces(pipe, take), take.asked.pieces.shared)

    @abstractmethod
    def load(self, folder: Path) -> Any:
        """The pipeline from its folder, on its device."""

    @abstractmethod
    def piece(self, pipe: Any, take: Take, number: int, before: Frames | None) -> Frames:
        """One piece of a scene, (n, h, w, 3) uint8; ``before`` is the piece that it goes on from."""

    def loaded(self) -> Any:
        """The pipeline, kept from the last scene if that was made with the same model."""
        return loading.kept(self.key, lambda: self.load(self.folder()))

    @property
    def key(self) -> str:
        """What must be equal for a loaded model to be used again."""
        return self.profile.model_dump_json(include={"engine", "model", "options"})

    def folder(self) -> Path:
        """Where the weights are.

        Raises:
            MissingDependency: not all of them are here.
        """
        return located(*self.repositories()[0][:1], self.access, self.repositories()[0][1])

    def option(self, name: str, usual: Any) -> Any:
        """An option of the catalogue's entry."""
        return self.profile.options.get(name, usual)

    def _pieces(self, pipe: Any, take: Take) -> Iterator[Frames]:
        before: Frames | None = None
        for number in range(take.asked.pieces.count):
            before = self.piece(pipe, take, number, before)
            yield before

    def _write(self, path: Path, frames: Iterator[NDArray[np.uint8]], asked: Ask, order: ShotOrder) -> None:
        from songreel.media.video import ClipWriter

        encoding = Encoding(crf=NEARLY_LOSSLESS, threads=order.encoding.threads)
        with ClipWriter(path, width=asked.width, height=asked.height, fps=asked.fps, encoding=encoding) as writer:
            for frame in frames:
                writer.write_rgb(frame)


def shoot(order: ShotOrder, store: Store, access: Access, progress: Progress, share: float = 1.0) -> Footage:
    """Footage by the local model that the order names; for the process that has it loaded.

    Raises:
        OutOfMemory: there is too little memory for this size.
        SongreelError: it cannot be made here.
    """
    backend: LocalVideo = made(find("video", order.backend, access), access)
    return backend.shoot(order, store, progress, share)


def eight_bit(video: Any) -> Frames:
    """A pipeline's pictures, floats in [0, 1] of shape (1, n, h, w, 3) or (n, h, w, 3), as (n, h, w, 3) uint8; what is no number is black."""
    array = np.nan_to_num(np.asarray(video, np.float32))
    array = array[0] if array.ndim == 5 else array
    return np.asarray(np.clip(np.rint(array * 255), 0, 255).astype(np.uint8))


def _smaller(share: float, asked: Ask) -> tuple[Note, ...]:
    if share >= 1:
        return ()
    took = f"pictures of {asked.width}x{asked.height} in pieces of {asked.pieces.frames} frames"
    return (Note(stage="shoot", took=took, because="the usual size did not fit into memory"),)
