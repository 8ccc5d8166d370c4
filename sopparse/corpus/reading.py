"""Asking an index: any table or view, full text, and the results themselves, one after the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sopparse.corpus import store
from sopparse.errors import SourceUnreadable
from sopparse.rows import Row

if TYPE_CHECKING:
    from sopparse.model import Result

_HITS = """
WITH hits AS (
    SELECT rowid AS sop, NULL AS procedure, NULL AS step, title AS text, rank
    FROM sops_text WHERE sops_text MATCH :words
    UNION ALL
    SELECT sop, procedure, step, steps.activity, rank
    FROM steps_text JOIN steps ON steps.id = steps_text.rowid WHERE steps_text MATCH :words
)
SELECT sop, procedure, step, text, document, title, agency
FROM (SELECT * FROM hits ORDER BY rank, sop, procedure, step LIMIT :limit) AS best JOIN documents USING (sop)
ORDER BY rank, sop, procedure, step
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A title, or the activity of a step, in which the words were found."""

    sop: int
    procedure: int | None
    step: int | None
    text: str
    document: str
    title: str | None
    agency: str | None


class Index:
    """An open index; use it in a `with` block. Nothing is written through it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def tables(self) -> list[str]:
        return store.table_names(self.connection)

    def views(self) -> list[str]:
        found = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY rowid")
        return [name for (name,) in found]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a table or view by its columns, one after the other."""
        if name not in {*self.tables(), *self.views()}:
            raise ValueError(f"the index has no table {name}; it has {', '.join((*self.tables(), *self.views()))}")
        return store.rows(self.connection, f'SELECT * FROM "{name}"')

    def query(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        return store.rows(self.connection, sql, values)

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Titles and activities that hold all the words, the best first. `verif*`: any word that begins so."""
        terms = [
            f'"{term}"' + "*" * word.endswith("*")
            for word in words.split()
            if (term := word.rstrip("*").replace('"', ""))
        ]
        if not terms:
            return []
        found = self.connection.execute(_HITS, {"words": " ".join(terms), "limit": limit})
        return [Hit(*row) for row in found]

    def results(self) -> Iterator[Result]:
        """The results, in the order of their names, without what only the JSON holds: printed texts, places on pages
        (the page stays), repairs, corrections, words without a place. A masked NIP stays masked."""
        from sopparse.corpus.restoring import results

        return results(self.connection)


def open_index(path: str | Path) -> Index:
    """The index in the file, for reading."""
    path = Path(path)
    if not store.is_index(path):
        raise SourceUnreadable(f"there is no index {path}", "Build it: sopparse index RESULTS INDEX.sqlite")
    connection = store.connect(path, read_only=True)
    if store.version_of(connection) != store.SCHEMA:
        connection.close()
        raise SourceUnreadable(
            f"{path} was made by another version", "Build it anew: sopparse index RESULTS " + str(path)
        )
    return Index(connection)
