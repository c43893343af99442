"""Small frames on disk instead of in memory, so that a ten-minute film weighs no more than a short one.

The file has no name and vanishes with the process, however that ends.
"""

import tempfile
from types import TracebackType
from typing import Self

import numpy as np

from songreel.inspection.kinds import Bytes


class FrameFile:
    """Equal-sized uint8 frames, appended in order and read back by index.

    Args:
        shape: of one frame.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.count = 0
        self._bytes = int(np.prod(shape))
        self._file = tempfile.TemporaryFile(prefix="songreel-")  # noqa: SIM115 - closed by close()

    def append(self, frame: Bytes) -> None:
        """Add one frame, shape ``shape``, uint8."""
        self._file.write(np.ascontiguousarray(frame, dtype=np.uint8).data)
        self.count += 1

    def read(self, start: int, stop: int) -> Bytes:
        """Frames ``start`` to ``stop`` (exclusive), clipped to what is there; shape (n, *shape), uint8."""
        start, stop = max(start, 0), min(stop, self.count)
        count = max(stop - start, 0)
        self._file.seek(start * self._bytes)
        data = self._file.read(count * self._bytes)
        self._file.seek(0, 2)
        return np.frombuffer(data, np.uint8).reshape(count, *self.shape)

    def one(self, index: int) -> Bytes:
        """One frame, shape ``shape``, uint8."""
        frame: Bytes = self.read(index, index + 1)[0]
        return frame

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
