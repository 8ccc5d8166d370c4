"""`sopparse evaluate`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopparse.cli.output import write
from sopparse.cli.words import table

if TYPE_CHECKING:
    from sopparse.evaluate import Evaluation


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="GOLD... [RESULTS...]")
@click.option("--results", multiple=True, metavar="PATH", help="Results (files or folders), matched to gold by name.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts and rates as JSON.")
@click.option("--diff", is_flag=True, help="Print what was wrong instead of the table.")
def evaluate(paths: tuple[str, ...], results: tuple[str, ...], as_json: bool, diff: bool) -> None:
    """Score results against gold: counts for each field, precision, recall, F1, and calibration.

    Gold has the form of a result and needs only `sops`; a key that it leaves out is not judged.

    \b
    Examples:
      sopparse evaluate gold/ --results results/    matched by file name
      sopparse evaluate samples/*.truth.json --results out/
      sopparse evaluate a.gold.json a.json          gold first, then as many results
      sopparse evaluate gold/ --results results/ --diff

    The gold of x.json may be called x.json, x.gold.json or x.truth.json. A gold document without a readable result
    counts as wholly missed, and a line says so.
    """
    import json

    from sopparse.evaluate import files, report, total

    parts: list[tuple[Path, Evaluation]] = []
    try:
        pairs = files.pair_files(paths, results)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    for gold, result in pairs:
        part, found = files.compare_files(gold, result)
        parts.append((gold, part))
        if not found:
            click.echo(f"{gold}: no result to compare, everything counts as missed", err=True)
    whole = total(part for _, part in parts)
    if as_json:
        write(json.dumps(report.as_json(whole), ensure_ascii=False, indent=2) + "\n", None)
    elif diff:
        write("".join(f"{gold}  {line}\n" for gold, part in parts for line in report.miss_lines(part)), None)
    else:
        write(_evaluation_text(whole, len(parts)), None)


def _evaluation_text(whole: Evaluation, documents: int) -> str:
    from sopparse.evaluate import calibrate, report

    lines = [f"{documents} documents", table(report.field_rows(whole))]
    calibration = calibrate(whole.samples)
    if calibration is not None:
        lines += ["", table(report.calibration_rows(calibration)), report.calibration_line(calibration)]
    return "\n".join(lines) + "\n"
