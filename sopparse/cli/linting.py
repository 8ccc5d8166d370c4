"""`sopparse lint`"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sopparse
from sopparse.cli.exits import LINTED
from sopparse.cli.inputs import each_file, name_of
from sopparse.cli.output import write
from sopparse.cli.summary import report_failures
from sopparse.cli.words import say
from sopparse.errors import SopError
from sopparse.evidence import Severity

if TYPE_CHECKING:
    from sopparse.lint import Breach
    from sopparse.model import Result

SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
# What a message is held to be true of: `sopparse.lint.LEAST`, not imported to keep `--help` quick.
LEAST = 0.8

_Found = list[tuple[str, list["Breach"]]]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="text: file:page: CODE message; json: one list; sarif: SARIF 2.1.0, for editors and code hosts.",
)
@click.option("-o", "--output", metavar="OUT", help="Write to the file OUT.")
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules, separated by commas: R02,R12.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="From which severity on the exit code tells of the messages.",
)
@click.option(
    "--min-confidence",
    "least",
    type=click.FloatRange(0, 1),
    default=LEAST,
    show_default=True,
    help="Values below are held against no document.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of messages.")
def lint(
    files: tuple[str, ...],
    form: str,
    output: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: Severity,
    least: float,
    lang: str,
) -> int:
    """Hold SOPs against the drafting rules of PermenPAN-RB 35/2012 (docs/rules.md).

    FILE is a result of `sopparse parse` (or several, one on each line), any source that can be parsed, or `-`:
    standard input. Rules keep silent about what was not read, or not surely.

    \b
    Examples:
      sopparse lint sop.pdf                              sop.pdf:2: R03 Langkah 4 dikerjakan oleh 2 pelaksana ...
      sopparse lint results/*.json --fail-on note        also notes end with an exit code
      sopparse lint sop.txt --select R12 --lang en       the legal basis only
      sopparse lint archive/*.pdf --format sarif -o lint.sarif

    \b
    Exit codes: 0 nothing from --fail-on on; else by the gravest message: 21 note, 22 warning, 23 error.
    Where files fail: as for `sopparse parse`.
    """
    if files.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    failures: list[tuple[str, SopError]] = []
    terms = {"least": least, "select": _codes(select), "ignore": _codes(ignore)}
    read = each_file(files, failures, lang)
    found = [pair for file, results in read for pair in _checked(file, results, terms, lang)]
    text = _rendered(found, form, lang)
    if text or output is not None:
        write(text, None if output is None else Path(output))
    counts = Counter(one.severity for _, breaches in found for one in breaches)
    click.echo(say("lint.done", lang, files=len(found), **{name: counts[name] for name in SEVERITIES}), err=True)
    code = report_failures(failures, len(files), output, lang) if failures else 0
    return code or next((LINTED[name] for name in _from(fail_on) if counts[name]), 0)


def _from(severity: Severity) -> list[Severity]:
    """This severity and all above, the gravest first."""
    return list(reversed(SEVERITIES[SEVERITIES.index(severity) :]))


def _codes(named: Iterable[str]) -> frozenset[str]:
    from sopparse.lint import RULES

    codes = frozenset(code.strip().upper() for codes in named for code in codes.split(",") if code.strip())
    if unknown := sorted(codes - RULES.keys()):
        raise click.UsageError(f"there is no rule {', '.join(unknown)}; the rules are {', '.join(RULES)}")
    return codes


def _checked(file: str, results: Sequence[Result], terms: dict[str, Any], lang: str) -> _Found:
    """What is said of each result. Of several results in one file each goes by the name of its source."""
    from sopparse.lint import lint
    from sopparse.model import SOP_AP

    found: _Found = []
    for result in results:
        name = name_of(file) if len(results) == 1 else result.source.name
        if all(sop.layout != SOP_AP for sop in result.sops):
            click.echo(say("lint.foreign", lang, name=name), err=True)
        found.append((name, list(lint(result, **terms))))
    return found


def _rendered(found: _Found, form: str, lang: str) -> str:
    if form == "sarif":
        from sopparse.lint.sarif import sarif

        return json.dumps(sarif(found, sopparse.__version__, lang), ensure_ascii=False, indent=2) + "\n"
    if form == "json":
        rows = [_row(name, one) for name, breaches in found for one in breaches]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    lines = (
        f"{name}:{one.page}: {one.code} {one.message if lang == 'id' else one.message_en}\n"
        for name, breaches in found
        for one in breaches
    )
    return "".join(lines)


def _row(name: str, breach: Breach) -> dict[str, Any]:
    from sopparse.lint import rules

    return {
        "file": name,
        "page": breach.page,
        "code": breach.code,
        "severity": breach.severity,
        "path": breach.path,
        "message": breach.message,
        "message_en": breach.message_en,
        "source": rules()[breach.code].source,
        "origins": [origin.model_dump(exclude_none=True) for origin in breach.origins],
    }
