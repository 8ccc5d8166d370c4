"""The questions, by the letters under which auditors know them, and the rows that answer each.

Rows are tidy: one for each thing asked about, with the SOP, its agency, the page and the JSON Pointer first, so that
every figure made of them leads back to its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sopparse.compare.alignment import align
from sopparse.compare.entries import Entry, Names, Row, Terms, entries_of
from sopparse.compare.forms import age, completeness, service_proxy, size
from sopparse.compare.grouping import group
from sopparse.compare.legal import citation_errors, citations
from sopparse.compare.related import named, resolved
from sopparse.compare.rules import chain_breaks, violations
from sopparse.compare.subjects import Step, Subject, subjects
from sopparse.compare.table import Alignment
from sopparse.compare.times import actor_names, hand_offs, step_times, total_time
from sopparse.model import Result
from sopparse.privacy import names_of

# What is asked of all together, or answered of a result as a whole: the same procedure in several agencies, the SOPs
# that name each other, the drafting rules.
ALIGNED, RELATED, RULES = "A9", "A12", "A13"
# What is asked of each SOP by itself.
ASKED: dict[str, Callable[[Entry, Terms], Iterator[Row]]] = {
    "A1": completeness,
    "A2": age,
    "A3": total_time,
    "A4": step_times,
    "A5": size,
    "A6": hand_offs,
    "A7": citations,
    "A8": citation_errors,
    "A10": chain_breaks,
    "A11": actor_names,
    RELATED: named,
    "A14": service_proxy,
}
ORDER = sorted((*ASKED, ALIGNED, RULES), key=lambda code: int(code[1:]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """`documents`: the SOPs that all figures rest on; `foreign`: how many are in other forms and were left out."""

    terms: Terms
    documents: tuple[Row, ...]
    answers: dict[str, tuple[Row, ...]]
    groups: tuple[Alignment, ...]
    foreign: int
    names: frozenset[str]  # of persons that were read, for those who want them left out


def compare(results: Iterable[Result], terms: Terms) -> Comparison:
    """Results are taken one after the other; what stays in memory are the rows and the light subjects."""
    answers: dict[str, list[Row]] = {code: [] for code in ORDER}
    documents: list[Row] = []
    known: list[Subject] = []
    keys, persons = Names(), set[str]()
    foreign = 0
    for result in results:
        found = entries_of(result, keys.key(result), terms.least)
        foreign += len(result.sops) - len(found)
        known.extend(subjects(result, terms.least))
        persons.update(names_of((result,)))
        for entry in found:
            documents.append(_document(entry))
            for code, ask in ASKED.items():
                answers[code].extend(ask(entry, terms))
        answers[RULES].extend(violations(result, found))
    answers[RELATED] = resolved(answers[RELATED], documents)
    groups = tuple(align(each) for each in group(known) if len(each.members) > 1)
    answers[ALIGNED].extend(_cells(groups))
    return Comparison(
        terms, tuple(documents), {code: tuple(rows) for code, rows in answers.items()}, groups, foreign,
        frozenset(persons),
    )  # fmt: skip


def _document(entry: Entry) -> Row:
    result, sop = entry.result, entry.sop
    return {
        **entry.row(),
        "document": result.source.name,
        "sha256": result.source.sha256,
        "number": sop.header.number,
        "title": sop.header.title,
        "pages": ", ".join(map(str, sop.pages)),
        "steps": sum(len(procedure.steps) for procedure in sop.procedures),
        "status": result.status,
        "grade": result.report.grade,
        "confidence": result.report.confidence,
    }


def _cells(groups: Iterable[Alignment]) -> Iterator[Row]:
    """A9. One row for each step of each agency, with the row of the group's table in which it stands."""
    for number, table in enumerate(groups, start=1):
        for line, row in enumerate(table.rows, start=1):
            for member, cell in zip(table.members, row.cells, strict=True):
                for step in cell.steps if cell is not None else ():
                    yield {
                        "group": number,
                        "procedure": table.label,
                        "row": line,
                        "common_step": row.label,
                        "kind": row.kind,
                        **_placed(member, step),
                        "similarity": round(cell.similarity, 3)
                        if cell is not None and cell.similarity is not None
                        else None,
                        "moved": cell is not None and cell.moved,
                        "shared": cell is not None and cell.shared,
                    }


def _placed(member: Subject, step: Step) -> Row:
    return {
        "document": step.place.document,
        "agency": member.agency,
        "page": step.place.page,
        "pointer": step.place.pointer,
        "step": step.number,
        "activity": step.activity,
        "actors": "; ".join(one.label for one in step.performers if one.label) or None,
        "duration": step.duration,
        "doubtful": ", ".join(sorted(step.doubtful)) or None,
    }
