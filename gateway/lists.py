"""Doors that need no job: is it there, is it ready, what can it do."""

from fastapi import APIRouter

from gateway.models import Health

router = APIRouter(prefix="/api", tags=["gateway"])


@router.get("/health")
async def health() -> Health:
    """The gateway answers; needs no key."""
    return Health()
