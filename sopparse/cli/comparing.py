"""`sopparse compare`"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import SOME_FAILED
from sopparse.cli.inputs import many_results
from sopparse.cli.output import write
from sopparse.cli.words import say, sentence, table
from sopparse.errors import NoProcedure, SopError

if TYPE_CHECKING:
    from sopparse.compare.questions import Comparison
    from sopparse.compare.report import Wording
    from sopparse.model import Result
    from sopparse.privacy import Disclosure

# Between two signs of life on a terminal.
RESULTS_PER_SIGN = 25
FORMS = (".html", ".xlsx", ".json")
# Lines of the overview on the terminal.
MOST_LINES = 40
COLUMNS = ("agency", "documents", "completeness", "years", "steps", "actors", "hand_offs", "minutes_high", "violations")


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o", "--output", multiple=True, metavar="FILE", help="Report to write: .html, .xlsx or .json; may be repeated."
)
@click.option(
    "--as-of",
    "today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which age and regulations are judged (2031-12-31); by default today.",
)
@click.option(
    "--min-confidence",
    "least",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Values below are shown, marked, and count in no figure.",
)
@click.option("--show-nip", is_flag=True, help="Show the numbers of civil servants (NIP) in full; else masked.")
@click.option("--no-names", is_flag=True, help="Leave out the names of persons.")
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the report."
)
def compare(
    sources: tuple[str, ...],
    output: tuple[str, ...],
    today: datetime | None,
    least: float,
    show_nip: bool,
    no_names: bool,
    lang: str,
) -> int:
    """Compare how agencies do the same thing, and answer what auditors ask.

    SOURCE is a result of `sopparse parse`, a folder of results (also that of `sopparse batch`), an index of
    `sopparse index`, or a document, which is parsed first. Without -o an overview is printed.

    \b
    Examples:
      sopparse compare results/*.json                                overview by agency, on the terminal
      sopparse compare archive-out/ -o report.html -o report.xlsx    for reading, and for sorting
      sopparse compare archive.sqlite -o report.json --as-of 2031-12-31
      sopparse compare a.pdf b.pdf -o report.html --lang en          two documents side by side

    SOPs about the same thing are grouped, their steps aligned. Every row of a table names the SOP, the page and the
    JSON Pointer that it comes from. Whether a regulation is in force is told as far as sopparse's data goes.
    """
    for file in output:
        if Path(file).suffix.lower() not in FORMS:
            raise click.UsageError(f"{file}: a report is written as {', '.join(FORMS)}")
    from sopparse.compare.entries import Terms
    from sopparse.compare.questions import compare as asked
    from sopparse.compare.report import Wording
    from sopparse.privacy import Disclosure

    failures: list[tuple[str, SopError]] = []
    terms = Terms(date.today() if today is None else today.date(), least)
    comparison = asked(_each(sources, failures, lang), terms)
    wording = Wording.of(lang)
    if comparison.documents:
        disclosure = Disclosure(nip=show_nip, names=not no_names)
        for file in output:
            write(_rendered(file, comparison, disclosure, wording), Path(file))
        if not output:
            _overview(comparison, wording)
    elif not failures:
        raise NoProcedure("there is no SOP to compare in these sources", "Parse the documents first: sopparse parse")
    return _end(comparison, failures, output, lang)


def _each(sources: Sequence[str], failures: list[tuple[str, SopError]], lang: str) -> Iterator[Result]:
    shown, count = sys.stderr.isatty(), 0
    for source in sources:
        for result in many_results(source, failures):
            count += 1
            if shown and count % RESULTS_PER_SIGN == 1:
                click.echo("\r\x1b[K" + say("compare.progress", lang, count=count), nl=False, err=True)
            yield result
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)


def _rendered(file: str, comparison: Comparison, disclosure: Disclosure, wording: Wording) -> str | bytes:
    from sopparse.compare import report

    suffix = Path(file).suffix.lower()
    if suffix == ".json":
        return report.as_json(comparison, disclosure)
    if suffix == ".xlsx":
        return report.as_xlsx(comparison, disclosure, wording)
    return report.as_html(comparison, disclosure, wording, sopparse.__version__)


def _overview(comparison: Comparison, wording: Wording) -> None:
    from sopparse.compare.figures import figures

    rows = next(figure.rows for figure in figures(comparison) if figure.name == "overview")
    lines = [[wording.cell(column, row[column]) for column in COLUMNS] for row in rows[:MOST_LINES]]
    click.echo(table([[wording.say(f"column.{column}") for column in COLUMNS], *lines]))
    if len(rows) > MOST_LINES:
        click.echo(wording.say("more_agencies", count=len(rows) - MOST_LINES))


def _end(comparison: Comparison, failures: Sequence[tuple[str, SopError]], output: Sequence[str], lang: str) -> int:
    words = {"sops": len(comparison.documents), "groups": len(comparison.groups), "foreign": comparison.foreign}
    click.echo(say("compare.done", lang, **words), err=True)
    for file in output if comparison.documents else ():
        click.echo(say("summary.place", lang, place=file), err=True)
    if failures:
        click.echo(say("summary.failed", lang, failed=len(failures)), err=True)
    for name, failure in failures:
        click.echo(sentence(failure, name, lang), err=True)
    return SOME_FAILED if failures else 0
