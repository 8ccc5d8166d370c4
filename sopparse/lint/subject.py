"""What a rule looks at, and what it says: one SOP of a result with its report, and an offence against the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sopparse import vocab

if TYPE_CHECKING:
    from sopparse.model import Finding, Procedure, Sop, Step
    from sopparse.rows import Part

# Values below this confidence are not held against a document. On 23 real documents 103 of 104 messages about values
# at or above it were true, by hand count; symbols, arrows and printed values of PDFs mostly have 0.95 and more.
LEAST = 0.8
# Readings of pictures: what is not seen in them need not be absent.
SCANNED = ("ocr", "mixed")


@dataclass(frozen=True, slots=True)
class Offence:
    """`path` is inside of the SOP. `says` is a sentence of the rule, filled with the details; or a finding speaks."""

    path: str
    says: str
    details: tuple[tuple[str, str], ...] = ()
    finding: Finding | None = None


def offence(path: str, says: str, **details: object) -> Offence:
    return Offence(path, says, tuple((key, str(value)) for key, value in details.items()))


def called(step: Step) -> str:
    """The number that readers see beside a step; else its place in the table."""
    return (step.printed_number or "").strip(" .()") or str(step.number)


@dataclass(frozen=True, slots=True)
class Subject:
    part: Part
    least: float = LEAST

    @property
    def sop(self) -> Sop:
        return self.part.sop

    def sure(self, path: str) -> bool:
        """Whether the value was read, and surely enough."""
        confidence = self.part.confidence(path)
        return confidence is not None and confidence >= self.least

    def seen(self, path: str) -> bool:
        """Whether the value stands on the page, however odd: what speaks against a value lowers its confidence."""
        report = self.part.report(path)
        return report is not None and report.signals.read * report.signals.place >= self.least

    def procedures(self) -> Iterator[tuple[str, Procedure]]:
        for p, procedure in enumerate(self.sop.procedures):
            yield f"/procedures/{p}", procedure

    def findings(self, rule: str) -> Iterator[Offence]:
        """What the report says already against the rule, once for each place."""
        codes = frozenset(vocab.load("lint")[rule].get("findings", ()))
        told: set[str] = set()
        for finding in self.part.result.report.findings:
            if finding.code in codes and f"{finding.path}/".startswith(f"{self.part.pointer}/"):
                path = finding.path.removeprefix(self.part.pointer)
                if path not in told:
                    told.add(path)
                    yield Offence(path, "finding", finding=finding)

    def found(self, codes: frozenset[str], path: str) -> bool:
        """Whether the report holds one of these findings at the path or below it."""
        place = f"{self.part.pointer}{path}/"
        return any(one.code in codes and f"{one.path}/".startswith(place) for one in self.part.result.report.findings)


Offences = Iterator[Offence]
