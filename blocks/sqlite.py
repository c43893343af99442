"""Prefect's database of one file, written by one transaction after the other.

Prefect begins most of its transactions as readers, and SQLite refuses to let a reader write once another has written: with many runs queued
("database is locked") runs are not created, marked or told about, and every refusal costs a long traceback. Begun as writers they wait for
each other instead.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from prefect.server.database import dependencies
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


class OneWriter(AioSqliteConfiguration):
    """SQLite whose transactions take the right to write when they begin."""

    @asynccontextmanager
    async def begin_transaction(self, session: AsyncSession, with_for_update: bool = True) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """A transaction that waits until no other writes."""
        async with super().begin_transaction(session, with_for_update=True) as transaction:
            yield transaction


def install() -> None:
    """Let the Prefect server of this process use it."""
    dependencies.MODELS_DEPENDENCIES["database_config"] = OneWriter(connection_url=PREFECT_API_DATABASE_CONNECTION_URL.value())
