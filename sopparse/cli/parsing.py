"""`sopparse parse`"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import ForeignForm, Unexpected, exit_code_table
from sopparse.cli.keeping import kept
from sopparse.cli.output import targets_of, write
from sopparse.cli.summary import Outcome, figures_of, progress, report_many, report_one
from sopparse.errors import SopError

if TYPE_CHECKING:
    from sopparse.model import Result

# A person works at most this long a day; the convention behind `minutes` is 7.5.
DAY_HOURS = 24.0


@click.command(epilog=exit_code_table())
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="Write to the file OUT; with several files, or where OUT is a folder, to OUT/<name>.json.",
)
@click.option("--compact", is_flag=True, help="JSON on one line. Several files without -o: always one line each.")
@click.option(
    "--hours-per-day",
    type=click.FloatRange(0, DAY_HOURS, min_open=True),
    default=7.5,
    show_default=True,
    help="Working hours of a day: the convention by which `minutes` are computed from days.",
)
@click.option(
    "--corrections",
    "patches",
    multiple=True,
    metavar="PATCH",
    help="Apply a patch of `sopparse review` to the new result, as far as it fits. May be repeated.",
)
@click.option("--no-cache", is_flag=True, help="Read scans again, also where they were read before.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def parse(
    files: tuple[str, ...],
    output: str | None,
    compact: bool,
    hours_per_day: float,
    patches: tuple[str, ...],
    no_cache: bool,
    lang: str,
) -> int:
    """Parse each FILE (`-`: standard input) and print the result as JSON.

    \b
    Examples:
      sopparse parse sop.txt                      result on the terminal
      sopparse parse sop.pdf -o sop.json          into a file
      sopparse parse archive/*.txt -o results/    many files: goes on after a failure
      cat sop.pdf | sopparse parse -
      sopparse parse sop.txt | jq .report.findings

    Where OUT is a corrected result of the same document, its corrections are applied again; those that no longer fit
    become findings.

    Messages and a one-line summary go to standard error, never into the JSON.
    """
    if hours_per_day != hours_per_day:
        raise click.BadParameter("not a number", param_hint="--hours-per-day")
    if patches and len(files) > 1:
        raise click.UsageError("--corrections belong to one document: parse it alone")
    targets = targets_of(files, output)
    compact = compact or (len(files) > 1 and output is None)
    outcomes: list[Outcome] = []
    for number, (file, target) in enumerate(zip(files, targets, strict=True), start=1):
        with progress(number, len(files), file, lang):
            outcomes.append(_parse_one(file, target, compact, hours_per_day * 60, patches, not no_cache, lang))
    if len(files) == 1:
        return report_one(outcomes[0], lang, summary=output is not None or not sys.stdout.isatty())
    return report_many(outcomes, output, lang)


def _parse_one(
    file: str,
    target: Path | None,
    compact: bool,
    minutes_per_day: float,
    patches: Sequence[str],
    cached: bool,
    lang: str,
) -> Outcome:
    from sopparse.model import SOP_AP

    name = "stdin" if file == "-" else sopparse.printable(file)
    try:
        result = kept(result_of(file, minutes_per_day, cached), target, patches, minutes_per_day, lang)
        write(result.model_dump_json(by_alias=True, indent=None if compact else 2) + "\n", target)
    except SopError as failure:
        return Outcome(name, failure=failure)
    foreign = None
    if all(sop.layout != SOP_AP for sop in result.sops):
        forms = ", ".join(sorted({sop.layout for sop in result.sops}))
        foreign = ForeignForm(
            f"this is a document of the form {forms}; only its header was read",
            "Nothing to repair: documents of this form hold no SOP AP procedure.",
        )
    return Outcome(name, figures_of(result), foreign)


def result_of(file: str | bytes, minutes_per_day: float, cached: bool = True) -> Result:
    """The result for a path, for `-`, or for what standard input held; a fault of the program stays with the file."""
    try:
        if isinstance(file, bytes):
            return sopparse.parse(file, name="stdin", minutes_per_day=minutes_per_day, cached=cached)
        if file == "-":
            return sopparse.parse(sys.stdin.buffer, name="stdin", minutes_per_day=minutes_per_day, cached=cached)
        return sopparse.parse(file, minutes_per_day=minutes_per_day, cached=cached)
    except SopError:
        raise
    except Exception as error:
        raise Unexpected.of(error) from error
