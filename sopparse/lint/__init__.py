"""The drafting rules of PermenPAN-RB 35/2012, checked against what was read.

A rule accuses only of what is known: values that are missing, inferred or not sure enough are passed over in silence.
The rules and their sentences are in `vocab/lint.toml`. R10 does not exist, and R13 (paper) is never checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sopparse import vocab
from sopparse.evidence import Severity
from sopparse.lint import chart, legal, measures, sentences
from sopparse.lint.subject import LEAST, Offence, Offences, Subject
from sopparse.privacy import mask_nip
from sopparse.rows import Part

if TYPE_CHECKING:
    from sopparse.model import Origin, Result

__all__ = ["LEAST", "RULES", "Breach", "Rule", "lint", "rules"]

RULES: dict[str, Callable[[Subject], Offences]] = {
    "R01": chart.ends,
    "R02": sentences.activities,
    "R03": chart.performers,
    "R04": sentences.agents,
    "R05": chart.columns,
    "R06": measures.filled,
    "R07": measures.chained,
    "R08": chart.ticks,
    "R09": chart.decisions,
    "R11": sentences.title,
    "R12": legal.basis,
    "R14": measures.plausible,
}


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    severity: Severity
    title_id: str
    title_en: str
    reason_id: str
    reason_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Breach:
    """`path` points into the result; `message` is Indonesian, `message_en` the same in English."""

    code: str
    severity: Severity
    path: str
    page: int
    message: str
    message_en: str
    origins: tuple[Origin, ...] = ()


@cache
def rules() -> dict[str, Rule]:
    entries = vocab.load("lint")
    return {code: _rule(code, entries[code]) for code in RULES}


def _rule(code: str, entry: dict[str, Any]) -> Rule:
    return Rule(code, entry["severity"], entry["id"], entry["en"], entry["why_id"], entry["why_en"], entry["source"])


def lint(
    result: Result, *, least: float = LEAST, select: Collection[str] = (), ignore: Collection[str] = ()
) -> Iterator[Breach]:
    """What speaks against the SOPs of a result, in the order of the document; rules hold for SOP AP only."""
    from sopparse.model import SOP_AP

    wanted = [code for code in RULES if (not select or code in select) and code not in ignore]
    for s, sop in enumerate(result.sops):
        if sop.layout == SOP_AP:
            subject = Subject(Part(s, result, sop, f"/sops/{s}"), least)
            found = [_breach(subject, code, each) for code in wanted for each in RULES[code](subject)]
            yield from sorted(found, key=lambda breach: (breach.page, _steps(breach.path), breach.code))


def _breach(subject: Subject, code: str, offence: Offence) -> Breach:
    path = subject.part.pointer + offence.path
    origins = _origins(subject.part.result, path)
    entry = vocab.load("lint")[code]
    if offence.finding is not None:
        texts = offence.finding.message, offence.finding.message_en
        severity: Severity = entry["severity"]
        origins = offence.finding.origins or origins
    else:
        says, details = entry["says"][offence.says], dict(offence.details)
        texts = says["id"].format(**details), says["en"].format(**details)
        severity = says.get("severity", entry["severity"])
    page = min((origin.page for origin in origins), default=min(subject.sop.pages, default=1))
    return Breach(code, severity, path, page, mask_nip(texts[0]), mask_nip(texts[1]), origins)


def _origins(result: Result, path: str) -> tuple[Origin, ...]:
    """Where the value stands; of what has no place of its own, that of the nearest thing around it or inside it."""
    fields = result.report.fields
    while path.count("/") > 2:
        if (report := fields.get(path)) is not None and report.origins:
            return report.origins
        inside = next((r.origins for key, r in fields.items() if key.startswith(f"{path}/") and r.origins), ())
        if inside:
            return inside
        path = path.rsplit("/", 1)[0]
    return ()


def _steps(path: str) -> tuple[tuple[int, str], ...]:
    """The parts of a pointer, numbers as numbers."""
    return tuple((int(part), "") if re.fullmatch(r"\d+", part) else (-1, part) for part in path.split("/"))
