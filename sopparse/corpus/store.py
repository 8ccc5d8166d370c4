"""The database file: its schema, how it is known as ours, how a result gets into it and out of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sopparse.corpus import flattening
from sopparse.errors import SourceUnreadable
from sopparse.privacy import mask_nip
from sopparse.rows import Part, Row

if TYPE_CHECKING:
    from sopparse.model import Result

# "SOPi": written into the file's head, so that no other database is ever taken for an index, or overwritten.
APPLICATION = 0x534F5069
# Another number: tables or views changed, and an index of before is built anew.
SCHEMA = 1
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_AT = 68
# Seconds to wait for another process that writes the same index.
PATIENCE = 10.0
# A number that must be masked has more digits than these.
_DIGITS = re.compile(r"(?:\D*\d){4}")


@dataclass(frozen=True, slots=True)
class Tables:
    """An open index for writing; `show_nip`: the numbers of civil servants are stored in full."""

    connection: sqlite3.Connection
    inserts: dict[str, str]
    show_nip: bool


def is_index(path: Path) -> bool:
    """Whether the file is an index of ours; False where there is none yet. Refuses any other file."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return False
    if head and not (head.startswith(_MAGIC) and int.from_bytes(head[_APPLICATION_AT:][:4], "big") == APPLICATION):
        raise SourceUnreadable(f"{path} is no index of sopparse", "Name another file for the index.")
    return bool(head)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -65536")  # kibibytes
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Tables and views, in a file that nobody else knows yet."""
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    for name in ("tables", "views"):
        connection.executescript((files(__package__) / f"{name}.sql").read_text(encoding="utf-8"))


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def table_names(connection: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of results, in an order in which what is referred to comes first."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_text%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite%' ORDER BY rowid"
    )
    return [name for (name,) in found]


def columns_of(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """The declared type of each column."""
    return {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def tables(connection: sqlite3.Connection, show_nip: bool) -> Tables:
    inserts = {}
    for name in table_names(connection):
        # The keys of results, sources, SOPs and steps are given by the database.
        columns = [c for c in columns_of(connection, name) if (name, c) not in _GIVEN]
        quoted, bound = ", ".join(f'"{c}"' for c in columns), ", ".join(f":{c}" for c in columns)
        inserts[name] = f'INSERT INTO "{name}" ({quoted}) VALUES ({bound})'
    return Tables(connection, inserts, show_nip)


_GIVEN = {("results", "result"), ("sources", "source"), ("sops", "sop"), ("steps", "id")}


def add(tables: Tables, file: str, stamp: str, result: Result) -> int:
    """All rows of a result; the key of the result."""
    row = {"file": file, "stamp": stamp, **_shown(tables, flattening.of_result(result))}
    key = tables.connection.execute(tables.inserts["results"], row).lastrowid
    assert key is not None
    keys: dict[int, int] = {}
    for number, sop in enumerate(result.sops, start=1):
        part = Part("", result, sop, f"/sops/{number - 1}")
        row = {**_shown(tables, flattening.of_sop(part)), "result": key, "part": number}
        sop_key = tables.connection.execute(tables.inserts["sops"], row).lastrowid
        assert sop_key is not None
        keys[number] = sop_key
        part = part._replace(key=sop_key)
        for name, rows in flattening.PARTS.items():
            insert(tables, name, rows(part))
    insert(tables, "findings", ({"result": key, **row} for row in flattening.of_findings(result, keys)))
    return key


def insert(tables: Tables, name: str, rows: Iterable[Row]) -> None:
    shown = rows if name == "fields" else (_shown(tables, row) for row in rows)
    tables.connection.executemany(tables.inserts[name], shown)


def _shown(tables: Tables, row: Row) -> Row:
    if tables.show_nip:
        return row
    masked = {key: mask_nip(value) for key, value in row.items() if isinstance(value, str) and _DIGITS.match(value)}
    return {**row, **masked} if masked else row


def remove(tables: Tables, results: Iterable[int]) -> None:
    tables.connection.executemany("DELETE FROM results WHERE result = ?", ((key,) for key in results))


def known(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """Key and stamp of each result by its file."""
    return {file: (key, stamp) for file, key, stamp in connection.execute("SELECT file, result, stamp FROM results")}


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM meta"))


def note(connection: sqlite3.Connection, **values: str) -> None:
    connection.executemany("REPLACE INTO meta (key, value) VALUES (?, ?)", values.items())


def rows(connection: sqlite3.Connection, query: str, values: Iterable[object] = ()) -> Iterator[Row]:
    """The rows of a query by the names of their columns."""
    cursor = connection.execute(query, tuple(values))
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
