"""What a person, or a program, sees of a batch while it runs and at its end."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import click

from sopparse import errors
from sopparse.cli.exits import SOME_FAILED
from sopparse.cli.words import say, sentence

if TYPE_CHECKING:
    from sopparse.batch.run import Event
    from sopparse.model import Failure

# As many failures are listed at the end; the manifest has them all.
LISTED = 20
# Between two lines where nobody watches a display (seconds).
LINE_EVERY = 10.0


@dataclass(slots=True)
class Tally:
    """What is finished so far."""

    begin: float = field(default_factory=time.monotonic)
    all: int | None = None
    # When the first file was parsed: what is there already says nothing of the time that the rest will take.
    first_tried: float | None = None
    tried: int = 0
    files: int = 0
    done: int = 0
    fresh: int = 0
    kept: int = 0
    equal: int = 0
    failed: int = 0
    ignored: int = 0
    pages: int = 0
    doubtful: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, Failure]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        line = event.line
        self.files += 1
        done = line.status == "done"
        self.done += done
        self.fresh += done and event.fresh
        self.equal += done and event.duplicate
        self.kept += done and not event.fresh and not event.duplicate
        self.failed += line.status == "failed"
        self.ignored += line.status == "ignored"
        self.pages += line.pages or 0
        self.doubtful += line.doubtful
        if event.fresh:
            self.tried += 1
            self.first_tried = self.first_tried or time.monotonic()
        if line.grade is not None:
            self.grades[line.grade] += 1
        if line.status == "failed" and line.error is not None and len(self.failures) < LISTED:
            self.failures.append((line.name, line.error))

    @property
    def rate(self) -> float | None:
        """Files parsed in a second."""
        if self.first_tried is None or self.tried < 2:
            return None
        return (self.tried - 1) / max(time.monotonic() - self.first_tried, 1e-6)

    def sentence(self, lang: str) -> str:
        rate = self.rate
        total = None if self.all is None else max(self.all, self.files)
        left = clock((total - self.files) / rate) if rate and total is not None else "?"
        return say(
            "batch.progress",
            lang,
            files=self.files,
            all="?" if total is None else total,
            pages=self.pages,
            rate="?" if rate is None else f"{rate:.1f}".replace(".", say("decimal", lang)),
            left=left,
            failed=self.failed,
            doubtful=self.doubtful,
        )


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@contextmanager
def watched(tally: Tally, count: Callable[[], int], lang: str) -> Iterator[Callable[[], None]]:
    """Shows the tally whenever what is given is called: a display on a terminal, else a line now and then."""

    def counted() -> None:
        tally.all = count()

    threading.Thread(target=counted, daemon=True).start()
    if sys.stderr.isatty():
        with _display(tally, lang) as show:
            yield show
    else:
        yield _Lines(tally, lang).show


@contextmanager
def _display(tally: Tally, lang: str) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4) as progress:
        bar = progress.add_task("", total=None)

        def show() -> None:
            progress.update(bar, description=tally.sentence(lang), completed=tally.files, total=tally.all)

        show()
        yield show


class _Lines:
    def __init__(self, tally: Tally, lang: str) -> None:
        self.tally = tally
        self.lang = lang
        self.last = time.monotonic()

    def show(self) -> None:
        if time.monotonic() - self.last >= LINE_EVERY:
            self.last = time.monotonic()
            click.echo(self.tally.sentence(self.lang), err=True)


class Log:
    """The same for a program: one JSON object on each line, flushed at once."""

    def __init__(self, file: IO[str] | None) -> None:
        self.file = file
        self.begin = time.monotonic()

    def write(self, event: str, **details: object) -> None:
        if self.file is not None:
            elapsed = round(time.monotonic() - self.begin, 3)
            try:
                self.file.write(json.dumps({"event": event, "elapsed": elapsed, **details}, ensure_ascii=False) + "\n")
                self.file.flush()
            except BrokenPipeError:
                # Whoever read it has gone; the work goes on.
                self.file = None

    def source(self, event: Event) -> None:
        if self.file is not None:
            line = event.line.model_dump(mode="json", by_alias=True)
            self.write("source", fresh=event.fresh, duplicate=event.duplicate, ends=event.ends, line=line)

    def end(self, tally: Tally, stopped: bool) -> None:
        names = ("files", "done", "fresh", "kept", "equal", "failed", "ignored", "pages", "doubtful")
        self.write("end", stopped=stopped, grades=dict(tally.grades), **{name: getattr(tally, name) for name in names})


def report(tally: Tally, out: str, lang: str) -> int:
    """What came of it, on standard error, and the exit code."""
    figures = {name: getattr(tally, name) for name in ("done", "fresh", "kept", "equal", "pages", "doubtful")}
    spent = clock(time.monotonic() - tally.begin)
    _say("batch.total", lang, all=tally.files - tally.ignored, time=spent, **figures)
    if tally.grades:
        order = ("excellent", "good", "fair", "poor")
        shown = [f"{say(f'grade.{name}', lang)} {tally.grades[name]}" for name in order if tally.grades[name]]
        _say("batch.grades", lang, grades=", ".join(shown))
    if tally.ignored:
        _say("batch.ignored", lang, count=tally.ignored)
    _say("summary.place", lang, place=out)
    if not tally.failed:
        return 0
    _say("summary.failed", lang, failed=tally.failed)
    for name, failure in tally.failures:
        kind = getattr(errors, failure.kind, errors.Unexpected)
        click.echo(sentence(kind(failure.message, failure.next_step), name, lang), err=True)
        click.echo(f"  $ {failure.command}", err=True)
    if tally.failed > len(tally.failures):
        _say("batch.more", lang, count=tally.failed - len(tally.failures), manifest=f"{out.rstrip('/')}/manifest.jsonl")
    _say("batch.retry", lang)
    return SOME_FAILED


def _say(key: str, lang: str, **details: object) -> None:
    click.echo(say(key, lang, **details), err=True)
