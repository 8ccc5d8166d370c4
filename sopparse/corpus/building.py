"""An index made from result files, or brought up to date with them. All or nothing: a failure leaves the old one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sopparse.corpus import store
from sopparse.corpus.gathering import Holding, Stored, contents, gather, names_of
from sopparse.errors import SopError, SourceUnreadable
from sopparse.rows import Row

if TYPE_CHECKING:
    from sopparse.manifest import Line

# Is told how many files are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the result files; `skipped`: those that hold no result, and why. `anew`: nothing was kept."""

    added: int
    replaced: int
    removed: int
    kept: int
    sops: int
    anew: bool
    skipped: tuple[tuple[str, SopError], ...]


def build(
    target: Path,
    places: Sequence[str],
    *,
    rebuild: bool = False,
    show_nip: bool = False,
    progress: Progress = lambda done, all: None,
) -> Built:
    """The index of all results in `places`: what changed is read, what is gone is removed.

    It is built anew where it was made by another version or with another `show_nip`. Raises OSError or sqlite3.Error
    where it cannot be written."""
    holdings = gather(places)
    fresh = not store.is_index(target) or rebuild or _outdated(target, show_nip)
    with _place(target, fresh) as path, closing(store.connect(path)) as connection:
        if fresh:
            store.create(connection)
        connection.execute("BEGIN IMMEDIATE")
        built = _update(store.tables(connection, show_nip), holdings, fresh, progress)
        store.note(connection, show_nip=str(int(show_nip)))
        connection.execute("COMMIT")
        if fresh:
            # One segment instead of many: a search reads less.
            for name in ("sops_text", "steps_text"):
                connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
            connection.execute("ANALYZE")
    return built


@contextmanager
def _place(target: Path, fresh: bool) -> Iterator[Path]:
    """Where to write: the index itself, in one transaction, or a new file that takes its place at the end."""
    if not fresh:
        yield target
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        # The journal of an update that was cut off belongs to the file that goes.
        target.with_name(f"{target.name}-journal").unlink(missing_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _outdated(target: Path, show_nip: bool) -> bool:
    with closing(store.connect(target)) as connection:
        try:
            if store.version_of(connection) != store.SCHEMA:
                return True
            return store.meta(connection).get("show_nip") != str(int(show_nip))
        except sqlite3.DatabaseError:
            raise SourceUnreadable(f"{target} is damaged", "Build it anew: add --rebuild.") from None


def _update(tables: store.Tables, holdings: Sequence[Holding], fresh: bool, progress: Progress) -> Built:
    known = store.known(tables.connection)
    changed = [
        [one for one in holding.files if one.name not in known or known[one.name][1] != one.stamp]
        for holding in holdings
    ]
    again = {one.name for files in changed for one in files} & set(known)
    gone = set(known) - names_of(holdings)
    store.remove(tables, (known[name][0] for name in sorted(again | gone)))
    skipped = [(name, _unfit("the manifest names it, but it is not there")) for one in holdings for name in one.missing]
    written = 0
    for holding, files in zip(holdings, changed, strict=True):
        for one, content in contents(holding.system, files):
            failure = _add(tables, one, content)
            if failure is not None:
                skipped.append((one.name, failure))
            written += failure is None
            progress(written + len(skipped), sum(map(len, changed)))
    _write_sources(tables, holdings)
    replaced = len(again - {name for name, _ in skipped})
    return Built(
        added=written - replaced,
        replaced=replaced,
        removed=len(gone),
        kept=len(known) - len(again) - len(gone),
        sops=int(tables.connection.execute("SELECT count(*) FROM sops").fetchone()[0]),
        anew=fresh,
        skipped=tuple(skipped),
    )


def _add(tables: store.Tables, one: Stored, content: bytes | Exception) -> SopError | None:
    """Stores a result, or says why the file holds none."""
    from sopparse.model import Result

    if isinstance(content, Exception):
        return SourceUnreadable(f"it cannot be read: {content}", "Check the file, and index again.")
    try:
        result = Result.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        return _unfit(f"no result of this version: {_first_of(error)}")
    tables.connection.execute("SAVEPOINT one")
    try:
        store.add(tables, one.name, one.stamp, result)
    except sqlite3.IntegrityError as error:
        tables.connection.execute("ROLLBACK TO one")
        return _unfit(f"its parts do not fit together: {error}")
    finally:
        tables.connection.execute("RELEASE one")
    return None


def _unfit(reason: str) -> SopError:
    return SourceUnreadable(reason, "Parse its source anew, or leave the file out.")


def _first_of(error: ValueError) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'/'.join(map(str, first['loc'])) or 'syntax'}: {first['msg']}"


def _write_sources(tables: store.Tables, holdings: Sequence[Holding]) -> None:
    """What was handed in: as the manifest says, or else one source for each result."""
    tables.connection.execute("DELETE FROM sources")
    stored = store.known(tables.connection)
    for holding in holdings:
        if holding.lines is None:
            names = [one.name for one in holding.files if one.name in stored]
            tables.connection.executemany(
                "INSERT INTO sources (name, sha256, status, result) SELECT name, sha256, 'done', result FROM results"
                " WHERE result = ?",
                [(stored[name][0],) for name in names],
            )
        else:
            store.insert(tables, "sources", (_source(line, holding.prefix, stored) for line in holding.lines))


def _source(line: Line, prefix: str, stored: dict[str, tuple[int, str]]) -> Row:
    result = None if line.result is None else stored.get(prefix + line.result)
    return {
        **line.model_dump(include={"name", "sha256", "status", "seconds"}),
        "error": line.error and line.error.kind,
        "message": line.error and line.error.message,
        "result": result and result[0],
    }
