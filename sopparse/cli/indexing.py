"""`sopparse index`"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import click

from sopparse.cli.exits import SOME_FAILED, OutputUnwritable
from sopparse.cli.words import say, sentence

# Between two signs of life on a terminal.
FILES_PER_SIGN = 50


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="OUT...")
@click.argument("index", type=click.Path(path_type=Path, dir_okay=False), metavar="DB.sqlite")
@click.option(
    "--parquet", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Also DIR/TABLE.parquet."
)
@click.option("--rebuild", is_flag=True, help="Read every result again, also those that did not change.")
@click.option("--show-nip", is_flag=True, help="Store the numbers of civil servants (NIP) in full; else masked.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def index(places: tuple[str, ...], index: Path, parquet: Path | None, rebuild: bool, show_nip: bool, lang: str) -> int:
    """Make one database of many results, or bring it up to date.

    OUT is the folder of a `sopparse batch` run (what its manifest names is indexed), any folder with results of
    `sopparse parse`, or result files. The index mirrors OUT: changed results are read again, results that are gone are
    removed, and a failure leaves the index as it was.

    \b
    Examples:
      sopparse index archive-out/ archive.sqlite                     after `sopparse batch`
      sopparse index results/ all.sqlite --parquet tables/           for pandas, DuckDB, R
      sopparse index results/*.json all.sqlite --rebuild
      sqlite3 all.sqlite 'SELECT * FROM times ORDER BY minutes_high DESC'
      sqlite3 all.sqlite "SELECT * FROM steps_text WHERE activity MATCH 'verif*'"

    All tables and views are listed in docs/index.md. Files that hold no result are named and left out (exit code 1).
    """
    from sopparse.corpus import build, write_parquet
    from sopparse.corpus.parquet import ready

    if parquet is not None:
        ready()
    shown = sys.stderr.isatty()

    def progress(done: int, count: int) -> None:
        if shown and (done % FILES_PER_SIGN == 0 or done == count):
            ending = "\r\x1b[K" if done == count else ""
            click.echo("\r\x1b[K" + say("index.progress", lang, done=done, all=count) + ending, nl=False, err=True)

    try:
        built = build(index, places, rebuild=rebuild, show_nip=show_nip, progress=progress)
        written = [] if parquet is None else write_parquet(index, parquet)
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputUnwritable(f"{index}: {reason}", "Choose another place, make room, or wait for others.") from None
    except sqlite3.DatabaseError as error:
        raise OutputUnwritable(f"{index} is damaged: {error}", "Build it anew: add --rebuild.") from None
    figures = {name: getattr(built, name) for name in ("added", "replaced", "removed", "kept", "sops")}
    click.echo(say("index.done", lang, place=index, **figures), err=True)
    if parquet is not None:
        click.echo(say("index.parquet", lang, place=parquet, count=len(written)), err=True)
    if not built.skipped:
        return 0
    click.echo(say("summary.failed", lang, failed=len(built.skipped)), err=True)
    for name, failure in built.skipped:
        click.echo(sentence(failure, name, lang), err=True)
    return SOME_FAILED
