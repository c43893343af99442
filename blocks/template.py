"""Makes the database template of the installed Prefect version; run after changing the version: ``python -m blocks.template``."""

import gzip
import importlib.metadata
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from blocks import server


def main() -> int:
    """Let a server migrate an empty database, and pack that."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        running = server.ensure(home, 0)
        server.wait(running, home)
        server.stop(home)
        with closing(sqlite3.connect(home / "prefect.db")) as database:
            database.execute("pragma wal_checkpoint(truncate)")
            database.execute("vacuum")
        packed = server.TEMPLATES / f"prefect-{importlib.metadata.version('prefect')}.db.gz"
        packed.write_bytes(gzip.compress((home / "prefect.db").read_bytes(), 9, mtime=0))
    print(packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
