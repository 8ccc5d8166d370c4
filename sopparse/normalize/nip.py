"""The number of a civil servant (NIP): 18 digits that hold a birth date, the first month of service and the sex."""

from __future__ import annotations

import datetime
import re
from functools import cache

from sopparse import vocab
from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.digits import scanned

NOTHING: Reading[str] = Reading(None)
LENGTH = 18

# Birth (yyyymmdd), first month of service (yyyymm; from month 21 on: contract staff), sex, serial number.
YOUNGEST, OLDEST = 15, 60  # years at the start of service
PPPK_FROM_MONTH = 21

PARSE_REPAIRED = 0.85
PARSE_STRUCTURE_WRONG = 0.5

_SLOT = r"[0-9](?:[\s.\-–]{0,2}[0-9OolI|]){7,26}(?![^\W_])"
_SEPARATORS = re.compile(r"[\s.,:;\-–—_/()]+")
# Without a label only the usual grouping is believed.
_GROUPED = re.compile(r"(?<!\w)[0-9]{8}[ .\-]?[0-9]{6}[ .\-]?[0-9][ .\-]?[0-9]{3}(?!\w)")


@cache
def _label() -> str:
    forms = sorted(vocab.load("ranks")["labels"]["nip"], key=len, reverse=True)
    return rf"(?i:(?<!\w)(?:{'|'.join(re.escape(form) for form in forms)})(?![^\W\d]))[\s.:;\-–—_]{{0,8}}"


@cache
def _labelled() -> re.Pattern[str]:
    return re.compile(rf"{_label()}(?P<slot>{_SLOT})?")


def find_nip(text: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None, Reading[str]]:
    """The span with the label, the span of the digits, and their reading."""
    found = _labelled().search(text)
    if found is None:
        grouped = _GROUPED.search(text)
        return (
            (grouped.span(), grouped.span(), read_nip(grouped.group()))
            if grouped is not None
            else (None, None, NOTHING)
        )
    if found["slot"] is None:
        return found.span(), None, NOTHING
    reading = read_nip(found["slot"])
    return found.span(), found.span("slot"), reading


def read_nip(text: str) -> Reading[str]:
    """18 digits; None for another count. Digits that fit no person are kept, with an issue."""
    slot = re.sub(rf"^\s*{_label()}", "", text[:200])
    joined = _SEPARATORS.sub("", slot)
    if not joined:
        return NOTHING
    digits = joined.translate(scanned())
    if not (digits.isascii() and digits.isdigit()) or len(digits) != LENGTH:
        return Reading(
            None,
            0.0,
            (),
            (issue("header.approver.nip-invalid", reason="length", count=sum(c.isdigit() for c in digits)),),
        )
    fixes = ("ocr-digits",) * (digits != joined)
    wrong = _structure(digits)
    parse = PARSE_STRUCTURE_WRONG if wrong else PARSE_REPAIRED if fixes else 1.0
    return Reading(digits, parse, fixes, wrong)


def _structure(digits: str) -> tuple[Issue, ...]:
    reasons = []
    born = int(digits[:4])
    try:
        datetime.date(born, int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        reasons.append("birth")
    year, month = int(digits[8:12]), int(digits[12:14])
    if not 1 <= month <= 12 and month < PPPK_FROM_MONTH:
        reasons.append("service")
    elif not YOUNGEST <= year - born <= OLDEST:
        reasons.append("age")
    if digits[14] not in "12":
        reasons.append("sex")
    if digits[15:] == "000":
        reasons.append("serial")
    return tuple(issue("header.approver.nip-invalid", reason=reason, count=LENGTH) for reason in reasons)
