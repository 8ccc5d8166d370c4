"""`sopparse export`"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sopparse.cli.inputs import each_file, name_of
from sopparse.cli.output import write
from sopparse.cli.summary import report_failures
from sopparse.errors import NoProcedure, SopError
from sopparse.export import EXPORTERS, Drawing, Tables
from sopparse.privacy import Disclosure

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}

_Failures = list[tuple[str, SopError]]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(list(EXPORTERS)), required=True, help="What to write.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="The file, or a folder: for bpmn and mermaid one file for each procedure, for csv one for each table.",
)
@click.option(
    "--delimiter",
    type=click.Choice(list(DELIMITERS)),
    default="comma",
    show_default=True,
    help="csv: what stands between the cells; Excel with Indonesian settings expects the semicolon.",
)
@click.option("--bom", is_flag=True, help="csv: begin each file with the mark by which Excel knows UTF-8.")
@click.option("--show-nip", is_flag=True, help="Tables: the numbers of civil servants (NIP) in full; else masked.")
@click.option("--no-names", is_flag=True, help="Tables: leave out the names of persons.")
@click.option("--no-cache", is_flag=True, help="Read scans again, also where they were read before.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def export(
    files: tuple[str, ...],
    form: str,
    output: str | None,
    delimiter: str,
    bom: bool,
    show_nip: bool,
    no_names: bool,
    no_cache: bool,
    lang: str,
) -> int:
    """Write results as diagrams (bpmn, mermaid) or tables (csv, xlsx).

    FILE is a result of `sopparse parse` (or several, one on each line), any source that can be parsed, or `-`:
    standard input.

    \b
    Examples:
      sopparse export sop.json --format bpmn -o sop.bpmn         opens in bpmn.io, Camunda ...
      sopparse export sop.txt --format mermaid                   on the terminal
      sopparse export results/*.json --format bpmn -o charts/    one file for each procedure
      sopparse export results/*.json --format xlsx -o all.xlsx   one workbook of all
      sopparse export results/*.json --format csv -o tables/     one CSV file for each table; all.zip: packed

    Where no arrows were read, a diagram draws the steps one after the other, and marks that as inferred.
    In csv, cells that a spreadsheet would compute (beginning with = + - @) get an apostrophe in front.
    In tables a NIP is masked (19720904******1***), also inside of other texts; the result itself keeps it.
    """
    if files.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    from sopparse.readers.ocr import caching

    exporter = EXPORTERS[form]()
    with caching(not no_cache):
        if isinstance(exporter, Drawing):
            failures, output = _draw(files, exporter, output, lang)
        else:
            options: dict[str, Any] = {"delimiter": DELIMITERS[delimiter], "bom": bom} if form == "csv" else {}
            options["disclosure"] = Disclosure(nip=show_nip, names=not no_names)
            failures = _tabulate(files, exporter, output, options, lang)
    return report_failures(failures, len(files), output, lang)


def _draw(files: Sequence[str], exporter: Drawing, output: str | None, lang: str) -> tuple[_Failures, str | None]:
    """The failures, and where the diagrams are."""
    from sopparse.export import places
    from sopparse.export.chart import Wording

    words, failures, taken = Wording.usual(), _Failures(), {os.path.realpath(file) for file in files if file != "-"}
    shown = None if output is None else str(Path(output).parent) if len(files) == 1 else output
    for file, results in each_file(files, failures, lang):
        found = places(results)
        if not found:
            nothing = NoProcedure("no procedure in it that could be drawn", "Look at its `sops` and `findings`.")
            failures.append((name_of(file), nothing))
            continue
        if output is None and (len(found) > 1 or len(files) > 1):
            raise click.UsageError(f"{name_of(file)} gives {len(found)} diagrams: name a folder with -o")
        for number, (result, place) in enumerate(found, start=1):
            suffix = f"-{number}" if len(found) > 1 else ""
            target = _target(file, output, suffix, exporter.suffix, len(files))
            if target is not None and os.path.realpath(target) in taken:
                raise click.UsageError(f"{target} would be written twice, or over a source; export apart")
            taken.add(os.path.realpath(target) if target is not None else "")
            write(exporter.render(result, place, words), target)
            shown = str(target) if len(files) == len(found) == 1 and target is not None else shown
    return failures, shown


def _target(file: str, output: str | None, number: str, suffix: str, files: int) -> Path | None:
    if output is None:
        return None
    out = Path(output)
    if files > 1 or out.is_dir() or output.endswith(os.sep):
        return out / f"{'stdin' if file == '-' else Path(file).stem}{number}{suffix}"
    return out.with_name(f"{out.stem}{number}{out.suffix}") if number else out


def _tabulate(
    files: Sequence[str], exporter: Tables, output: str | None, options: dict[str, Any], lang: str
) -> _Failures:
    failures = _Failures()
    if output is None and sys.stdout.isatty():
        raise click.UsageError("tables are not for the terminal: name a file with -o")
    if output is not None and os.path.realpath(output) in {os.path.realpath(file) for file in files if file != "-"}:
        raise click.UsageError(f"{output} is one of the sources; choose another place")
    results = [result for _, found in each_file(files, failures, lang) for result in found]
    if not results:
        return failures
    if exporter.files is not None and output is not None and not output.lower().endswith(exporter.suffix):
        for name, content in exporter.files(results, **options).items():
            write(content, Path(output) / name)
    else:
        write(exporter.render(results, **options), None if output is None else Path(output))
    return failures
