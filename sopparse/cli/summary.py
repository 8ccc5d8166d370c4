"""What a person is told beside the JSON, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import SOME_FAILED
from sopparse.cli.words import say, sentence, table
from sopparse.errors import SopError

if TYPE_CHECKING:
    from sopparse.model import Result

# More files than fit on a screen: the table is left out, the totals and the failures stay.
TABLE_ROWS = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """What a summary says of a result."""

    grade: str
    confidence: float
    status: str
    sops: int
    steps: int
    errors: int
    warnings: int
    notes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file after its turn: the figures of its result, and why it failed. A foreign form has both."""

    name: str
    figures: Figures | None = None
    failure: SopError | None = None


def figures_of(result: Result) -> Figures:
    severities = [finding.severity for finding in result.report.findings]
    return Figures(
        grade=result.report.grade,
        confidence=result.report.confidence,
        status=result.status,
        sops=len(result.sops),
        steps=sum(len(procedure.steps) for sop in result.sops for procedure in sop.procedures),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        notes=severities.count("note"),
    )


@contextmanager
def progress(number: int, count: int, file: str, lang: str) -> Iterator[None]:
    """One line on a terminal that is gone when the file is done; Ctrl-C leaves the finished results in place."""
    shown = count > 1 and sys.stderr.isatty()
    if shown:
        name = sopparse.printable(file)
        click.echo("\r\x1b[K" + say("progress.file", lang, number=number, all=count, name=name), nl=False, err=True)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("\n" + say("progress.stopped", lang), err=True)
        raise
    finally:
        if shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def report_one(outcome: Outcome, lang: str, *, summary: bool) -> int:
    if outcome.figures is not None and summary:
        words = {**asdict(outcome.figures), **_worded(outcome.figures, lang)}
        click.echo(say("summary.file", lang, name=outcome.name, **words), err=True)
    if outcome.failure is None:
        return 0
    click.echo(sentence(outcome.failure, outcome.name, lang), err=True)
    return outcome.failure.exit_code


def _worded(figures: Figures, lang: str) -> dict[str, str]:
    return {
        "grade": say(f"grade.{figures.grade}", lang),
        "confidence": f"{figures.confidence:.2f}".replace(".", say("decimal", lang)),
        "status": say(f"status.{figures.status}", lang),
    }


def report_many(outcomes: Sequence[Outcome], output: str | None, lang: str) -> int:
    rows = [_row(o.name, o.figures, lang) for o in outcomes if o.figures is not None]
    if rows and len(rows) <= TABLE_ROWS:
        heads = ("file", "grade", "confidence", "status", "steps", "findings")
        click.echo(table([[say(f"column.{head}", lang) for head in heads], *rows]), err=True)
    failures = [(o.name, o.failure) for o in outcomes if o.failure is not None]
    click.echo(say("summary.total", lang, done=len(outcomes) - len(failures), all=len(outcomes)), err=True)
    if output is not None and rows:
        click.echo(say("summary.place", lang, place=output), err=True)
    return _listed(failures, lang)


def report_failures(failures: Sequence[tuple[str, SopError]], count: int, output: str | None, lang: str) -> int:
    """What did not work of so many files, and where the rest is."""
    if count == 1 and failures:
        name, failure = failures[0]
        click.echo(sentence(failure, name, lang), err=True)
        return failure.exit_code
    if count > 1:
        click.echo(say("summary.total", lang, done=count - len(failures), all=count), err=True)
    if output is not None and len(failures) < count:
        click.echo(say("summary.place", lang, place=output), err=True)
    return _listed(failures, lang)


def _listed(failures: Sequence[tuple[str, SopError]], lang: str) -> int:
    if failures:
        click.echo(say("summary.failed", lang, failed=len(failures)), err=True)
    for name, failure in failures:
        click.echo(sentence(failure, name, lang), err=True)
    return SOME_FAILED if failures else 0


def _row(name: str, figures: Figures, lang: str) -> list[str]:
    findings = f"{figures.errors}/{figures.warnings}/{figures.notes}"
    return [name, *_worded(figures, lang).values(), str(figures.steps), findings]
