"""Many results as tables that can be asked: SQLite with full-text search, Parquet. The JSON files stay the truth.

from sopparse.corpus import build, open_index
build(Path("index.sqlite"), ["results/"])
with open_index("index.sqlite") as index:
    index.search("verifikasi berkas")
"""

from sopparse.corpus.building import Built, build
from sopparse.corpus.parquet import write_parquet
from sopparse.corpus.reading import Hit, Index, open_index
from sopparse.corpus.store import is_index

__all__ = ["Built", "Hit", "Index", "build", "is_index", "open_index", "write_parquet"]
