"""An image that a person gives for a film."""

from pathlib import Path

from schemas.media import MediaRef
from songreel.errors import UserError
from songreel.painter.image import LARGEST_FILE, opened
from songreel.storage import Store

KINDS = {"JPEG": (b"\xff\xd8\xff", ".jpg"), "PNG": (b"\x89PNG", ".png"), "WEBP": (b"RIFF", ".webp")}
"""Format -> how its files begin, and their suffix."""


def take(path: Path, store: Store) -> MediaRef:
    """Put an image into the store once it is known to be one.

    Raises:
        UserError: there is no such file, or it is too large, no JPEG, PNG or WebP, or damaged.
    """
    if not path.is_file():
        raise UserError(f"there is no image at {path}" + ("; it is a folder" if path.is_dir() else ""))
    try:
        opened(content := _read(path), tuple(KINDS))
    except UserError as error:
        raise UserError(f"the image {path.name} cannot be used: {error}") from error
    return store.put_bytes(content, next(suffix for start, suffix in KINDS.values() if content.startswith(start)))


def _read(path: Path) -> bytes:
    """The file's content, as far as the size that is refused anyway."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror})") from error
