"""The header against itself: dates in their order, the number against the dates, the official, the region."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from sopparse import vocab
from sopparse.check.wording import fold
from sopparse.evidence import Issue, issue
from sopparse.model import Header, Region, Sop

_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A document is in force at the latest so many days after it was made: of 9 real ones the longest waited five months.
_LONGEST_WAIT = 366
# An official who signs: in service from 18 to 50 at the latest (PP 48/2005 took teachers on up to 46), signs up to 65.
_YOUNGEST, _LATEST_START, _OLDEST = 18, 50, 65


def title(sop: Sop) -> Iterator[tuple[str, Issue]]:
    if sop.header.title is None:
        yield "/header/title", issue("header.title-missing")


def dates(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Made, then revised, then in force; a revision after that is a review still planned, and right."""
    header = sop.header
    created, effective = header.created, header.effective
    if created and effective and _before(effective, created):
        yield "/header/effective", issue("header.effective-before-created", effective=effective, created=created)
    if created and header.revised and _before(header.revised, created):
        yield "/header/revised", issue("header.revised-before-created", revised=header.revised, created=created)
    if created and header.approved and _before(header.approved, created):
        yield "/header/approved", issue("header.approved-before-created", approved=header.approved, created=created)
    for name, later in (("effective", effective), ("approved", header.approved)):
        if created and later and (days := _days(created, later)) is not None and days > _LONGEST_WAIT:
            yield f"/header/{name}", issue("header.dates-far-apart", created=created, later=later)


def _before(left: str, right: str) -> bool:
    """Whether a date of reduced precision certainly lies before another."""
    size = min(len(left), len(right))
    return left[:size] < right[:size]


def _days(left: str, right: str) -> int | None:
    """Days between two dates, unknown parts taken as their first day; None where the years alone are known."""
    if len(left) == 4 or len(right) == 4:
        return None
    try:
        first, second = (datetime.date(*map(int, (one + "-01")[:10].split("-"))) for one in (left, right))
    except ValueError:
        return None
    return (second - first).days


def number(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """A roman month and a year in the number, against the dates: one of them must agree."""
    header = sop.header
    # Made in another month than in force: so the day on which it was made must be known.
    known = [date for date in (header.created, header.effective, header.approved, header.revised) if date]
    if not header.number or not known or not header.created:
        return
    tokens = re.split(r"[^\w]+", header.number)
    years = [token for token in tokens if _YEAR.fullmatch(token)]
    romans = [token for token in tokens if token in _MONTHS]
    if len(years) == 1 and not any(date.startswith(years[0]) for date in known):
        yield _suspect(header), issue("header.number-year-differs", number=header.number, year=known[0][:4])
    elif years and len(romans) == 1:
        month = f"{_MONTHS.index(romans[0]) + 1:02}"
        months = {date[5:7] for date in known if len(date) > 4}
        if months and month not in months:
            yield _suspect(header), issue("header.number-month-differs", number=header.number, roman=romans[0])


def _suspect(header: Header) -> str:
    """The number, where the dates agree with each other; else the first date."""
    made = [date for date in (header.created, header.effective, header.approved) if date]
    if len(made) == 1 or len({date[:7] for date in made}) > 1:
        name = next((n for n in ("created", "effective", "approved") if getattr(header, n)), "number")
        return f"/header/{name}"
    return "/header/number"


def nip(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """The birth and the service of the official, against the day of the signature."""
    approver, header = sop.header.approver, sop.header
    if approver is None or approver.nip is None:
        return
    signed = header.effective or header.approved or header.created
    born, joined = int(approver.nip[:4]), int(approver.nip[8:12])
    start = joined - born
    reason = None
    if not _YOUNGEST <= start <= _LATEST_START:
        reason = ("start", start)
    elif signed is not None and not _YOUNGEST <= int(signed[:4]) - born <= _OLDEST:
        reason = ("age", int(signed[:4]) - born)
    elif signed is not None and int(signed[:4]) < joined:
        reason = ("service", joined)
    if reason is not None:
        yield "/header/approver/nip", issue("header.approver.nip-unlikely", reason=reason[0], value=reason[1])


def regions(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """The region of the letterhead against the regions that title, official and regional regulations name."""
    own = sop.header.agency.region
    if own is None or own.level == "nasional":
        return
    position = sop.header.approver.position if sop.header.approver else None
    told = [("/header/title", sop.header.title), ("/header/approver/position", position)]
    told.append(("/header/agency/government", sop.header.agency.government))
    for path, text in told:
        other = _named(text)
        if other is not None and not _agree(own, *other):
            yield "/header/agency/region", issue("header.region-differs", own=own.name, other=other[1], place=path)
            return
    cited = {c.region for c in sop.legal_basis if c.region}
    if cited and not any(_agree(own, own.level, name) for name in cited):
        other_name = sorted(cited)[0]
        yield (
            "/header/agency/region",
            issue("header.region-differs", own=own.name, other=other_name, place="/legal_basis"),
        )


def _named(text: str | None) -> tuple[str, str] | None:
    """Level and name of a region that ends a text: "Kepala Dinas X Kabupaten Y"."""
    told = fold(text)
    levels = vocab.load("checks")["region"]["levels"]
    found = [
        (match.start(), level, match[1])
        for level, forms in levels.items()
        for form in forms
        if (match := re.search(rf"\b{form} (\w[\w ]{{2,30}})$", told))
    ]
    return max(found)[1:] if found else None


def _agree(own: Region, level: str, name: str) -> bool:
    """The same region, or the province that it lies in."""
    mine, theirs = fold(own.name), fold(name)
    if theirs.startswith(mine) or mine.startswith(theirs):
        return True
    province = _province(own.code)
    return province is not None and theirs.startswith(province)


def _province(code: str | None) -> str | None:
    if not code:
        return None
    return next((fold(row["nama"]) for row in vocab.rows("regions") if row["kode"] == code[:2]), None)
