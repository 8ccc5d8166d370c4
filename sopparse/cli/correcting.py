"""`sopparse correct`"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import exit_code_table
from sopparse.cli.inputs import is_result, name_of, validated
from sopparse.cli.keeping import operations_in
from sopparse.cli.output import write
from sopparse.cli.summary import figures_of
from sopparse.cli.words import say, sentence
from sopparse.errors import SopError, SourceUnreadable

if TYPE_CHECKING:
    from sopparse.model import Result


@click.command(epilog=exit_code_table())
@click.argument("result", metavar="RESULT")
@click.argument("patches", nargs=-1, required=True, metavar="PATCH...")
@click.option("-o", "--output", metavar="OUT", help="Where to write the corrected result; RESULT itself is allowed.")
@click.option("--compact", is_flag=True, help="JSON on one line.")
@click.option(
    "--hours-per-day",
    type=click.FloatRange(0, 24, min_open=True),
    default=7.5,
    show_default=True,
    help="Working hours of a day, for the `minutes` of corrected durations; as when the result was parsed.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def correct(
    result: str, patches: tuple[str, ...], output: str | None, compact: bool, hours_per_day: float, lang: str
) -> int:
    """Apply corrections to a RESULT: each PATCH is a JSON Patch (RFC 6902) that a page of `sopparse review` saved.

    A patch that was made for another result, or would make this one invalid, is refused (exit code 12) and nothing is
    written. Corrected values get `basis: "corrected"` and confidence 1; findings, status and grade follow. The result
    keeps the patches, so that `sopparse parse` can apply them again when it writes over the result.

    \b
    Examples:
      sopparse correct sop.json sop.pdf.patch.json -o sop.json
      sopparse correct sop.json sop.pdf.patch.json | jq .report.grade
    """
    from sopparse import corrections

    try:
        content, _ = sopparse.content_of(sys.stdin.buffer if result == "-" else result)
        known = _one_result(content, name_of(result))
        count = 0
        for patch in patches:
            operations = operations_in(patch)
            known = corrections.correct(known, operations, hours_per_day * 60)
            count += sum(1 for one in operations if one.op != "test")
        target = None if output is None else Path(output)
        write(known.model_dump_json(by_alias=True, indent=None if compact else 2) + "\n", target)
    except SopError as failure:
        click.echo(sentence(failure, name_of(result), lang), err=True)
        return failure.exit_code
    figures = figures_of(known)
    told = {"grade": say(f"grade.{figures.grade}", lang), "errors": figures.errors, "warnings": figures.warnings}
    click.echo(say("corrections.applied", lang, name=name_of(result), count=count, **told), err=True)
    return 0


def _one_result(content: bytes, name: str) -> Result:
    found = validated(content, name) if is_result(content) else []
    if len(found) != 1:
        raise SourceUnreadable(
            f"{name} holds {len(found)} results, not one", "Name a result that `sopparse parse SOURCE -o FILE` wrote."
        )
    return found[0]
