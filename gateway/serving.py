"""A file of a reel as a response: whole or a range of it, from a folder or a bucket."""

import hashlib
from collections.abc import Iterator

from fastapi import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse

from gateway.problems import Refused
from gateway.reels import Place, Reels

SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}


def served(request: Request, reels: Reels, place: Place, name: str, redirect: bool = False) -> Response:
    """The response with a file.

    Args:
        request: with its Range and If-Range.
        reels: where it lies.
        place: the file.
        name: what it shall be called by who saves it.
        redirect: send the caller to the bucket instead.

    Raises:
        Refused: 416, the range lies outside.
    """
    if place.path is not None:
        return FileResponse(place.path, media_type=place.media_type, filename=name, content_disposition_type="inline", headers=SAFE)
    if redirect:
        return RedirectResponse(reels.address(place), 307, {"Cache-Control": "no-store"})
    tag = f'"{hashlib.sha256(place.mark.encode()).hexdigest()[:32]}"'
    headers = {**SAFE, "Accept-Ranges": "bytes", "ETag": tag, "Content-Disposition": f'inline; filename="{_ascii(name)}"'}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range", "") if request.headers.get("if-range", tag) == tag else ""
    part = span_of(asked, place.size)
    start, end = part or (0, place.size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{place.size}"
    content: Iterator[bytes] = iter(()) if request.method == "HEAD" else reels.blocks(place, start, end)
    return StreamingResponse(content, 206 if part else 200, headers, place.media_type)


def span_of(asked: str, size: int) -> tuple[int, int] | None:
    """The bytes that a Range header asks for, end exclusive; none for what is no single range of bytes, which asks for nothing.

    Raises:
        Refused: 416, it lies outside.
    """
    unit, _, text = asked.partition("=")
    first, dash, last = (part.strip() for part in text.partition("-"))
    if unit.strip() != "bytes" or "," in text or not dash or not (first or last) or not (first + last).isdecimal() or not asked.isascii():
        return None
    start, end = (int(first), int(last) + 1 if last else size) if first else (max(size - int(last), 0), size)
    if start >= size or end <= start:
        raise Refused(416, f"the file has {size} bytes: {asked[:80]} lies outside", {"Content-Range": f"bytes */{size}"})
    return start, min(end, size)


def _ascii(name: str) -> str:
    return "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "-_." else "-" for letter in name)
