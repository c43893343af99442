"""What is still to be told to whom: a small database in the home folder, written before anything is sent.

A piece of news is a row for each target. Its id comes from Prefect's own id of the state, so that whoever makes it again makes the same.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS targets (url TEXT PRIMARY KEY, mark TEXT NOT NULL, since REAL NOT NULL, gone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS notify (run TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (run, url));
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, state TEXT NOT NULL, seen TEXT NOT NULL, kind TEXT NOT NULL, told INTEGER NOT NULL, ended INTEGER NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS news (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, url TEXT NOT NULL, run TEXT NOT NULL, body BLOB NOT NULL,
    first REAL NOT NULL DEFAULT 0, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    error TEXT NOT NULL DEFAULT '', UNIQUE (id, url)
);
CREATE INDEX IF NOT EXISTS waiting ON news (url, run, number) WHERE done = 0;
"""
WAITING, TOLD, GIVEN_UP = 0, 1, 2
KEPT = 7 * 86_400.0  # seconds for which news that was told is kept
KNOWN = 90 * 86_400.0  # seconds for which a run that ended is known
CURSOR = "cursor"


@dataclass(frozen=True)
class Piece:
    """News that is to be sent to one target."""

    number: int
    id: str
    url: str
    run: str
    body: bytes
    first: float
    tries: int


@dataclass(frozen=True)
class Fresh:
    """News that nobody was told yet."""

    id: str
    moment: float
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """How far a run's states are told."""

    state: str = ""
    seen: tuple[str, ...] = ()
    kind: str = ""
    told: int = 0


@dataclass(frozen=True)
class Standing:
    """How much news is there: on its way, the age of its oldest in seconds, and given up in the last days."""

    waiting: int = 0
    oldest: float = 0.0
    given_up: int = 0


class Ledger:
    """The database; its methods may be called from any thread. Times are Unix seconds."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._guard = threading.Lock()
        self._base = sqlite3.connect(path, check_same_thread=False, timeout=30.0)
        path.chmod(0o600)
        with self._guard, self._base as base:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=FULL")
            base.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._base.close()

    def cursor(self) -> float:
        """Up to when everything that ended is known; 0: it was never looked."""
        with self._guard:
            row = self._base.execute("SELECT value FROM facts WHERE name = ?", (CURSOR,)).fetchone()
        return float(row[0]) if row else 0.0

    def advance(self, moment: float) -> None:
        """Set the cursor, and forget what is old."""
        with self._guard, self._base as base:
            base.execute("INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (CURSOR, moment))
            base.execute("DELETE FROM news WHERE done > 0 AND at < ?", (moment - KEPT,))
            base.execute("DELETE FROM notify WHERE run IN (SELECT run FROM runs WHERE ended = 1 AND at < ?)", (moment - KNOWN,))
            base.execute("DELETE FROM runs WHERE ended = 1 AND at < ?", (moment - KNOWN,))

    def set_targets(self, marks: Mapping[str, str], now: float) -> None:
        """Take the targets of the settings: a new one is told from now on, one with another secret is tried again, others get no more."""
        with self._guard, self._base as base:
            known = {row[0]: row[1] for row in base.execute("SELECT url, mark FROM targets WHERE mark != ''")}
            for url, mark in marks.items():
                if url not in known:
                    base.execute("INSERT OR REPLACE INTO targets (url, mark, since) VALUES (?, ?, ?)", (url, mark, now))
                elif known[url] != mark:
                    base.execute("UPDATE targets SET mark = ?, gone = 0 WHERE url = ?", (mark, url))
            for url in set(known) - set(marks):
                base.execute("DELETE FROM targets WHERE url = ?", (url,))
                base.execute("UPDATE news SET done = ? WHERE url = ? AND done = 0", (GIVEN_UP, url))

    def notify(self, run: str, url: str) -> None:
        """Tell this address of one run too."""
        with self._guard, self._base as base:
            base.execute("INSERT OR IGNORE INTO notify VALUES (?, ?)", (run, url))
            base.execute("INSERT OR IGNORE INTO targets (url, mark, since) VALUES (?, '', 0)", (url,))

    def known(self, run: str) -> Known:
        """What is known of a run."""
        with self._guard:
            row = self._base.execute("SELECT state, seen, kind, told FROM runs WHERE run = ?", (run,)).fetchone()
        return Known(row[0], tuple(json.loads(row[1])), row[2], row[3]) if row else Known()

    def unfinished(self) -> list[str]:
        """Runs whose end was not seen."""
        with self._guard:
            return [row[0] for row in self._base.execute("SELECT run FROM runs WHERE ended = 0")]

    def end(self, runs: Iterable[str], now: float) -> None:
        """Runs that Prefect knows no more."""
        with self._guard, self._base as base:
            base.executemany("UPDATE runs SET ended = 1, at = ? WHERE run = ?", [(now, run) for run in runs])

    def take(
        self, run: str, known: Known, news: Iterable["Fresh"], wants: Callable[[str, str], bool], now: float, *, ended: bool
    ) -> int:  # fmt: skip
        """Write down a run's news for all who want it, and how far the run is known, in one go.

        Args:
            run: its id.
            known: of the run, after this news.
            news: in order.
            wants: whether a target wants news of a kind.
            now: the moment.
            ended: whether the run has.

        Returns:
            how many rows were written.
        """
        rows = 0
        with self._guard, self._base as base:
            targets = base.execute(
                "SELECT url, since, 0 FROM targets WHERE mark != '' AND gone = 0 UNION SELECT url, 0, 1 FROM notify WHERE run = ?", (run,)
            ).fetchall()
            for one in news:
                content = json.dumps(one.body, ensure_ascii=False, separators=(",", ":")).encode()
                for url in {url for url, since, own in targets if one.moment >= since and (own or wants(url, one.kind))}:
                    rows += base.execute(
                        "INSERT OR IGNORE INTO news (id, url, run, body, due, at) VALUES (?, ?, ?, ?, ?, ?)", (one.id, url, run, content, now, now)
                    ).rowcount
            base.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)",
                (run, known.state, json.dumps(known.seen), known.kind, known.told, int(ended), now),
            )
        return rows

    def due(self, now: float, busy: Iterable[int], most: int) -> list[Piece]:
        """The news that may be sent now: of each run to each target the oldest, so that none overtakes another."""
        with self._guard:
            rows = self._base.execute(
                "SELECT number, id, url, run, body, first, tries FROM news WHERE due <= ? AND number IN "
                "(SELECT MIN(number) FROM news WHERE done = 0 GROUP BY url, run) ORDER BY due, number",
                (now,),
            ).fetchall()
        taken = set(busy)
        return [Piece(*row) for row in rows if row[0] not in taken][:most]

    def next_due(self, busy: Iterable[int] = ()) -> float | None:
        """When the next piece that is not on its way may be sent; none: there is none."""
        with self._guard:
            rows = self._base.execute("SELECT number, due FROM news WHERE number IN (SELECT MIN(number) FROM news WHERE done = 0 GROUP BY url, run)")
            taken = set(busy)
            return min((due for number, due in rows if number not in taken), default=None)

    def standing(self, now: float) -> Standing:
        """What waits and what was given up."""
        with self._guard:
            waiting, oldest = self._base.execute(
                "SELECT COUNT(*), MIN(CASE WHEN first > 0 THEN first ELSE at END) FROM news WHERE done = ?", (WAITING,)
            ).fetchone()
            (given_up,) = self._base.execute("SELECT COUNT(*) FROM news WHERE done = ?", (GIVEN_UP,)).fetchone()
        return Standing(waiting, max(0.0, now - oldest) if oldest is not None else 0.0, given_up)

    def told(self, piece: Piece, now: float) -> None:
        """It was sent and taken."""
        with self._guard, self._base as base:
            base.execute("UPDATE news SET done = ?, at = ?, tries = tries + 1, error = '' WHERE number = ?", (TOLD, now, piece.number))

    def again(self, piece: Piece, now: float, due: float, error: str) -> None:
        """It was not taken, and is sent again later."""
        with self._guard, self._base as base:
            base.execute(
                "UPDATE news SET tries = tries + 1, first = ?, due = ?, at = ?, error = ? WHERE number = ?",
                (piece.first or now, due, now, error, piece.number),
            )

    def hold(self, url: str, until: float) -> None:
        """Send a target nothing before that moment."""
        with self._guard, self._base as base:
            base.execute("UPDATE news SET due = MAX(due, ?) WHERE url = ? AND done = 0", (until, url))

    def give_up(self, piece: Piece, now: float, error: str) -> None:
        """It was not taken for too long."""
        with self._guard, self._base as base:
            base.execute("UPDATE news SET done = ?, at = ?, error = ? WHERE number = ?", (GIVEN_UP, now, error, piece.number))

    def gone(self, url: str, now: float) -> None:
        """The target wants no more, ever."""
        with self._guard, self._base as base:
            base.execute("UPDATE targets SET gone = 1 WHERE url = ?", (url,))
            base.execute("DELETE FROM notify WHERE url = ?", (url,))
            base.execute("UPDATE news SET done = ?, at = ? WHERE url = ? AND done = 0", (GIVEN_UP, now, url))
