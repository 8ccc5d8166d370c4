"""Many results as tables that can be asked: SQLite with full-text search, Parquet. The JSON files stay the truth."""
