"""`sopparse batch`"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from sopparse.cli.batch_progress import Log, Tally, report, watched
from sopparse.cli.exits import OutputUnwritable, exit_code_table
from sopparse.cli.parsing import DAY_HOURS
from sopparse.cli.words import say
from sopparse.errors import SourceUnreadable
from sopparse.export import EXPORTERS

if TYPE_CHECKING:
    from sopparse.batch.crew import Crew
    from sopparse.batch.processes import Limits
    from sopparse.batch.run import Settings
    from sopparse.manifest import Line

# Less than this the parser itself does not fit in (it has 150 MB with all its libraries).
LEAST_MEMORY_MB = 256


@click.command(epilog=exit_code_table())
@click.argument("places", nargs=-1, required=True, metavar="SOURCE... OUT")
@click.option("--from-file", "lists", multiple=True, metavar="LIST", help="More sources, one a line (`-`: stdin).")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes that parse.  [default: the cores]")
@click.option(
    "--cluster", "address", metavar="ADDRESS", help="Let the workers of a Dask scheduler parse: tcp://HOST:8786."
)
@click.option("--include", multiple=True, metavar="PATTERN", help="Take only files like this: '*.pdf', '2031/*'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out files and folders like this.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(EXPORTERS)),
    multiple=True,
    help="Also write each result in this format, beside its JSON; may be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done, file by file.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed in an earlier run.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Time limit for each file.  [default: 300, and 150 more for each MB]",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(LEAST_MEMORY_MB),
    default=2048,
    show_default=True,
    metavar="MB",
    help="Memory limit for each process.",
)
@click.option("--json-log", metavar="FILE", help="What happens, as JSON lines (`-`: standard output).")
@click.option(
    "--hours-per-day",
    type=click.FloatRange(0, DAY_HOURS, min_open=True),
    default=7.5,
    show_default=True,
    help="Working hours of a day: the convention by which `minutes` are computed from days.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def batch(
    places: tuple[str, ...],
    lists: tuple[str, ...],
    workers: int | None,
    address: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    formats: tuple[str, ...],
    dry_run: bool,
    retry_failed: bool,
    timeout: float | None,
    memory_limit: int,
    json_log: str | None,
    hours_per_day: float,
    lang: str,
) -> int:
    """Parse every document in the SOURCEs into the folder OUT, in parallel; go on where an earlier run stopped.

    A SOURCE is a file, a folder with all below it, a pattern, a ZIP archive (or `archive.zip!/inner/a.pdf` in it), an
    fsspec URL such as s3://bucket/sop/. Files are known by their content: what is met in a folder and is no document
    is passed over. OUT is a folder or such a URL.

    \b
    Examples:
      sopparse batch archive/ out/                          everything below archive/
      sopparse batch archive/ old.zip out/ --exclude '*.tmp' --format bpmn
      sopparse batch archive/ out/ --dry-run                what would be done
      sopparse batch archive/ out/ --retry-failed --timeout 3600
      find . -newer last | sopparse batch --from-file - out/
      sopparse batch /nfs/archive s3://bucket/out --cluster tcp://boss:8786      on many machines (docs/cluster.md)
      jq -r 'select(.grade == "poor").name' out/manifest.jsonl

    out/manifest.jsonl has a line for each source: its name, what became of it, and where its result is. Results are
    named by their content; equal contents are parsed once. A file that hangs, crashes or takes too much memory is tried
    twice and then noted with its error. Stop a run when you like, with Ctrl-C or by force: the same command goes on.
    """
    if hours_per_day != hours_per_day:
        raise click.BadParameter("not a number", param_hint="--hours-per-day")
    *sources, out = places
    sources += [name for each in lists for name in _listed(each)]
    if not sources:
        raise click.UsageError("name at least one SOURCE, and then the folder OUT")
    if os.path.isfile(out):
        raise click.UsageError(f"{out} is a file; the last of the names is the folder of the results")
    if address and workers:
        raise click.UsageError("--workers are processes of this machine; those of a cluster are started beside it")
    if address and out.startswith("memory:"):
        raise click.UsageError("what is in the memory of this process, a cluster cannot see")
    from sopparse.batch.listing import Choice
    from sopparse.batch.processes import Limits
    from sopparse.batch.run import Settings
    from sopparse.pipeline import Options

    options = Options(minutes_per_day=hours_per_day * 60)
    settings = Settings(out, options, Choice(include, exclude), tuple(dict.fromkeys(formats)), retry_failed)
    if dry_run:
        return _plan(sources, settings, lang)
    # A worker that dies while it is spoken to must not end this process.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with _log(json_log) as log:
        limits = Limits(timeout, memory_limit << 20)
        with _far(address, settings, limits) if address else nullcontext(_near(settings, workers, limits)) as crew:
            return _run(sources, settings, crew, log, lang)


def _near(settings: Settings, workers: int | None, limits: Limits) -> Crew[Line]:
    from concurrent.futures import ThreadPoolExecutor

    from sopparse.batch.crew import Futures
    from sopparse.batch.processes import Processes, cores
    from sopparse.batch.work import work

    if settings.out.startswith("memory:"):
        # What another process writes there, this one would never see.
        return Futures(work, ThreadPoolExecutor(1), in_flight=2, here=True)
    return Processes(work, workers or cores(), limits)


def _far(address: str, settings: Settings, limits: Limits) -> AbstractContextManager[Crew[Line]]:
    import logging

    from sopparse.batch.cluster import cluster
    from sopparse.batch.work import work

    # What it has to say comes as an error with a next step.
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    return cluster(address, work, settings.out, limits)


def _run(sources: Sequence[str], settings: Settings, crew: Crew[Line], log: Log, lang: str) -> int:
    from sopparse.batch.listing import count
    from sopparse.batch.run import run

    tally = Tally()
    log.write("start", sources=list(sources), out=settings.out)
    try:
        with (
            watched(tally, lambda: count(sources, settings.out, settings.choice), lang) as show,
            closing(run(sources, settings, crew)) as events,
        ):
            for event in events:
                tally.add(event)
                log.source(event)
                show()
    except KeyboardInterrupt:
        log.end(tally, stopped=True)
        click.echo("\n" + say("batch.stopped", lang), err=True)
        raise
    log.end(tally, stopped=False)
    return report(tally, settings.out, lang)


def _plan(sources: Sequence[str], settings: Settings, lang: str) -> int:
    from sopparse.batch.run import plan

    states: Counter[str] = Counter()
    for name, state in plan(sources, settings):
        states[state] += 1
        click.echo(f"{state}\t{name}")
    figures = {state: states[state] for state in ("new", "done", "duplicate", "failed", "ignored")}
    click.echo(say("batch.plan", lang, all=states.total(), **figures), err=True)
    return 0


def _listed(place: str) -> Iterator[str]:
    """The names in a list: one a line, in whatever bytes the file system has."""
    try:
        with ExitStack() as stack:
            file = sys.stdin.buffer if place == "-" else stack.enter_context(open(place, "rb"))
            for line in file:
                if name := os.fsdecode(line.rstrip(b"\r\n")):
                    yield name
    except OSError as error:
        raise SourceUnreadable(f"{place} cannot be opened: {error.strerror}", "Check the path of the list.") from None


@contextmanager
def _log(place: str | None) -> Iterator[Log]:
    if place is None or place == "-":
        yield Log(None if place is None else sys.stdout)
        return
    try:
        file = open(place, "a", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise OutputUnwritable(f"{place}: {error.strerror}", "Choose another place for the log.") from None
    with file:
        yield Log(file)
