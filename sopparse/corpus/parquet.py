"""The tables of an index as Parquet files, one each: for pandas, DuckDB, Spark, R."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sopparse.corpus import store
from sopparse.corpus.reading import open_index
from sopparse.errors import EngineMissing

if TYPE_CHECKING:
    from sopparse.corpus.reading import Index

# Rows of one row group: what is in memory at a time.
TOGETHER = 50_000


def ready() -> None:
    """Raises EngineMissing where Parquet cannot be written."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise EngineMissing(
            "Parquet is written with pyarrow, which is not installed", "pip install 'sopparse[parquet]'"
        ) from None


def write_parquet(index: Path, folder: Path) -> list[Path]:
    """Every table of the index as `folder/<table>.parquet`; files of earlier times are replaced one by one."""
    ready()
    folder.mkdir(parents=True, exist_ok=True)
    with open_index(index) as opened:
        return [_write(opened, name, folder / f"{name}.parquet") for name in opened.tables() if name != "meta"]


def _write(index: Index, table: str, target: Path) -> Path:
    import pyarrow
    import pyarrow.parquet

    kinds = {
        "TEXT": pyarrow.string(),
        "INTEGER": pyarrow.int64(),
        "REAL": pyarrow.float64(),
        "NUMERIC": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
    }
    declared = store.columns_of(index.connection, table)
    schema = pyarrow.schema([(column, kinds[kind]) for column, kind in declared.items()])
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    rows = iter(index.connection.execute(f'SELECT * FROM "{table}"'))
    try:
        with pyarrow.parquet.ParquetWriter(temporary, schema, compression="zstd") as writer:
            while True:
                some = list(islice(rows, TOGETHER))
                writer.write_table(_table(some, schema))
                if len(some) < TOGETHER:
                    break
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _table(rows: list[tuple[Any, ...]], schema: Any) -> Any:
    import pyarrow

    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [
        pyarrow.array([_cell(value, kind.type) for value in column], kind.type)
        for column, kind in zip(columns, schema, strict=True)
    ]
    return pyarrow.table(arrays, schema=schema)


def _cell(value: Any, kind: Any) -> Any:
    return bool(value) if value is not None and str(kind) == "bool" else value
