"""What became of each source: read from the manifest and the journal, written to the journal while a run goes on and
to the manifest at its end."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sopparse.batch.store import Store
from sopparse.errors import OutputUnwritable
from sopparse.manifest import MANIFEST, Line, dump, lines

JOURNAL = ".journal"
# A killed run forgets what it noted in the last of its time (seconds, or this share of the run, so that a long run
# writes no more than some hundred pages) or in so many lines: no results, only failures and times.
NOTED_SECONDS = 2.0
NOTED_SHARE = 0.01
NOTED_LINES = 1000


@contextmanager
def _room() -> Iterator[None]:
    """The temporary database may find the disk full."""
    try:
        yield
    except sqlite3.Error as error:
        place = tempfile.gettempdir()
        raise OutputUnwritable(f"{place}: {error}", "Make room there, or set TMPDIR to another folder.") from None


class Ledger:
    """The lines, in a temporary database: as many as there are, in as little memory as there is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pages = store.names(JOURNAL)
        self._lines = sqlite3.connect("")
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute(
            "CREATE TABLE line (name TEXT PRIMARY KEY, key TEXT, status TEXT, seconds REAL, text TEXT, sha256 TEXT) "
            "WITHOUT ROWID"
        )
        self._lines.execute("CREATE INDEX by_key ON line (key, name)")
        self._lines.execute("CREATE INDEX by_content ON line (sha256, status)")
        self._lines.execute("CREATE TABLE met (name TEXT PRIMARY KEY) WITHOUT ROWID")
        for path in (MANIFEST, *(f"{JOURNAL}/{page}" for page in self._pages)):
            for line in lines(store.lines(path)):
                self._keep(line)
        last = self._pages[-1].partition(".")[0] if self._pages else ""
        self._next = int(last) + 1 if last.isdigit() else 1
        self._noted: list[str] = []
        self._begun = self._since = time.monotonic()

    def _keep(self, line: Line) -> None:
        text = dump(line.model_copy(update={"duplicate_of": None}))
        row = (line.name, line.key, line.status, line.seconds, text, line.sha256)
        with _room():
            self._lines.execute("INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?, ?, ?)", row)

    def meets(self, name: str) -> bool:
        """Whether this run did not have the name before."""
        with _room():
            return self._lines.execute("INSERT OR IGNORE INTO met VALUES (?)", (name,)).rowcount == 1

    def failed(self, key: str) -> Line | None:
        """The line of an earlier failure on the same content, read in the same way, if it never succeeded since."""
        row = self._lines.execute(
            "SELECT text, status FROM line WHERE key = ? ORDER BY status = 'failed', name", (key,)
        ).fetchone()
        return None if row is None or row[1] != "failed" else Line.model_validate_json(row[0])

    def earlier(self, sha256: str, key: str) -> str | None:
        """The key of another result of the same content: of an earlier version, or with other options."""
        row = self._lines.execute(
            "SELECT key FROM line WHERE sha256 = ? AND status = 'done' AND key != ? ORDER BY name", (sha256, key)
        ).fetchone()
        return None if row is None else str(row[0])

    def seconds(self, key: str) -> float | None:
        """How long the content took when it was parsed."""
        row = self._lines.execute(
            "SELECT seconds FROM line WHERE key = ? AND seconds IS NOT NULL ORDER BY name", (key,)
        ).fetchone()
        return None if row is None else float(row[0])

    def note(self, line: Line) -> None:
        self._keep(line)
        self._noted.append(dump(line))
        now = time.monotonic()
        patience = max(NOTED_SECONDS, NOTED_SHARE * (now - self._begun))
        if len(self._noted) >= NOTED_LINES or now - self._since >= patience:
            self._write_page()

    def _write_page(self) -> None:
        if self._noted:
            page = f"{self._next:08d}.jsonl"
            self._store.write(f"{JOURNAL}/{page}", [text.encode() for text in self._noted])
            self._pages.append(page)
            self._next += 1
            self._noted.clear()
        self._since = time.monotonic()

    def close(self) -> None:
        """Writes the manifest, and only then takes the journal away."""
        try:
            self._write_page()
            self._store.write(MANIFEST, self._manifest())
            for page in self._pages:
                self._store.remove(f"{JOURNAL}/{page}")
        finally:
            self._lines.close()

    def _manifest(self) -> Iterator[bytes]:
        """In the order of the names; lines with a key that an earlier line has name that line."""
        rows = self._lines.execute(
            "SELECT name, text, (SELECT min(name) FROM line same WHERE same.key = line.key) FROM line ORDER BY name"
        )
        for name, text, first in rows:
            if first is None or first == name:
                yield str(text).encode()
            else:
                yield dump(Line.model_validate_json(text).model_copy(update={"duplicate_of": first})).encode()
