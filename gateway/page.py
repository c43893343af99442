"""The page for a person: one file, nothing from elsewhere."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
FILE = Path(__file__).parent / "page.html"
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@router.get("/", response_class=HTMLResponse)
async def page() -> HTMLResponse:
    """Upload, progress, storyboard, film, the list of jobs."""
    return HTMLResponse(FILE.read_text(), headers=HEADERS)
