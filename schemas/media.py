"""Content by name: what flows between stages instead of paths."""

from typing import Annotated

from pydantic import Field

from schemas.base import Model


class MediaRef(Model):
    """Names content, not place; the store finds it at ``media/<aa>/<sha256><suffix>``."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the content, lower-case hex")]
    suffix: Annotated[str, Field(pattern=r"^(\.[a-z0-9]{1,8})?$", description="File suffix with its dot, '.mp4'")]
    media_type: Annotated[str, Field(description="IANA media type, 'video/mp4'")]
    bytes: Annotated[int, Field(ge=0, description="Size of the content")]
