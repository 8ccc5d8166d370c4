"""Dates, number, official and region of the header, and the citations, against each other."""

from __future__ import annotations

from typing import Any

import pytest

from sopparse import check
from sopparse.model import Agency, Approver, Citation, Header, Region, RegulationStatus, Sop
from tests.factories import sop

UNKNOWN = RegulationStatus(state="unknown", as_of="2026-11-20")
# Born 1980, in service since 2005.
NIP = "198001012005011001"


def found(one: Sop) -> dict[str, str]:
    return {issue.code: path for path, issue in check.review(one)}


def with_header(**values: Any) -> Sop:
    return sop().model_copy(update={"header": Header(title="Pencatatan Daftar Alat", **values)})


def in_region(level: str, name: str, code: str | None = None, **values: Any) -> Sop:
    region = Region(level=level, name=name, code=code)  # type: ignore[arg-type]
    return with_header(agency=Agency(name="Dinas Arsip", region=region), **values)


def citing(*citations: Citation, **header: Any) -> Sop:
    return with_header(**header).model_copy(update={"legal_basis": citations})


def cited(text: str, kind: str = "uu", number: str | None = "3", year: int | None = 2011, **more: Any) -> Citation:
    id_ = f"{kind}/{year}/{number}"
    return Citation(text=text, type=kind, number=number, year=year, status=UNKNOWN, **{"id": id_, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "given", "expected"),
    [
        (
            "approved before it was made",
            with_header(created="2031-05-02", approved="2031-04-30"),
            {"header.approved-before-created": "/header/approved"},
        ),
        (
            "two years between",
            with_header(created="2031-05-02", effective="2033-05-03"),
            {"header.dates-far-apart": "/header/effective"},
        ),
        ("a review still planned", with_header(created="2031-05-02", effective="2031-05-03", revised="2033-05-02"), {}),
        ("years alone", with_header(created="2031", effective="2033"), {}),
        (
            "another month in the number, and the dates agree",
            with_header(number="12/ARSIP/VII/2031", created="2031-05-02", effective="2031-05-09"),
            {"header.number-month-differs": "/header/number"},
        ),
        (
            "another month in the number, and the dates differ",
            with_header(number="12/ARSIP/VII/2031", created="2031-05-02", effective="2031-06-09"),
            {"header.number-month-differs": "/header/created"},
        ),
        (
            "the month of one of the dates",
            with_header(number="12/ARSIP/VI/2031", created="2031-05-02", effective="2031-06-09"),
            {},
        ),
        ("a roman figure without a year", with_header(number="12/V/ARSIP", created="2031-07-02"), {}),
        ("not known when it was made", with_header(number="12/ARSIP/VII/2031", effective="2031-05-09"), {}),
        (
            "another year in the number",
            with_header(number="12/ARSIP/2030", created="2031-05-02"),
            {"header.number-year-differs": "/header/created"},
        ),
        ("no year in the number", with_header(number="07", created="2031-05-02"), {}),
        (
            "an official of twelve years",
            with_header(approver=Approver(nip="199801012010011001"), effective="2031-05-02"),
            {"header.approver.nip-unlikely": "/header/approver/nip"},
        ),
        (
            "signed at ninety",
            with_header(approver=Approver(nip=NIP), effective="2071-05-02"),
            {"header.approver.nip-unlikely": "/header/approver/nip"},
        ),
        (
            "signed before the service began",
            with_header(approver=Approver(nip=NIP), effective="2003-05-02"),
            {"header.approver.nip-unlikely": "/header/approver/nip"},
        ),
        ("a likely official", with_header(approver=Approver(nip=NIP), effective="2031-05-02"), {}),
        (
            "the official of another region",
            in_region(
                "kabupaten", "Tirtamukti", approver=Approver(position="Kepala Dinas Arsip Kabupaten Lembah Sunyi")
            ),
            {"header.region-differs": "/header/agency/region"},
        ),
        (
            "the province of the region",
            in_region("kabupaten", "Sambas", "61.01", approver=Approver(position="Gubernur Kalimantan Barat")),
            {},
        ),
        (
            "the same region",
            in_region("kota", "Tirtamukti", approver=Approver(position="Sekretaris Daerah Kota Tirtamukti")),
            {},
        ),
        (
            "regulations of another region only",
            in_region("kota", "Tirtamukti").model_copy(
                update={"legal_basis": (cited("Perwali", "perwali", "5", 2020, region="Lembah Sunyi"),)}
            ),
            {"header.region-differs": "/header/agency/region"},
        ),
    ],
)
def test_header(label: str, given: Sop, expected: dict[str, str]) -> None:
    assert found(given) == expected, label


GAZETTE = "(Lembaran Negara Republik Indonesia Tahun 2011 Nomor 4)"


@pytest.mark.parametrize(
    ("label", "given", "expected"),
    [
        (
            "cited before it exists",
            citing(cited("UU Nomor 3 Tahun 2032 tentang Arsip Desa", year=2032, about="Arsip Desa"), created="2031"),
            {"legal.year-after-document": "/legal_basis/0"},
        ),
        (
            "another year in the gazette",
            citing(cited(f"UU Nomor 3 Tahun 2017 tentang Arsip Desa {GAZETTE}", year=2017, about="Arsip Desa")),
            {"legal.gazette-year-differs": "/legal_basis/0"},
        ),
        (
            "the same year in the gazette",
            citing(cited(f"UU Nomor 3 Tahun 2011 tentang Arsip Desa {GAZETTE}", about="Arsip Desa")),
            {},
        ),
        (
            "carries out a later one",
            citing(
                cited(
                    "PP Nomor 3 Tahun 2011 tentang Pelaksanaan Undang-Undang Nomor 4 Tahun 2019 tentang Arsip Desa",
                    about="Pelaksanaan Undang-Undang Nomor 4 Tahun 2019 tentang Arsip Desa",
                )
            ),
            {"legal.year-before-subject": "/legal_basis/0"},
        ),
        (
            "a known title with another year",
            citing(cited("UU Nomor 25 Tahun 2007", number="25", year=2007, about="Pelayanan Publik")),
            {"legal.number-contradicts-title": "/legal_basis/0"},
        ),
        (
            "a known title with another number",
            citing(cited("UU Nomor 26 Tahun 2009", number="26", year=2009, about="Pelayanan Publik")),
            {"legal.number-contradicts-title": "/legal_basis/0"},
        ),
        ("its own title", citing(cited("UU", number="25", year=2009, about="Pelayanan Publik")), {}),
        ("an unknown title", citing(cited("UU", number="25", year=2007, about="Pelayanan Arsip Desa")), {}),
        (
            "number and year of another regulation altogether",
            citing(cited("UU", number="9", year=2019, about="Pelayanan Publik")),
            {},
        ),
        (
            "twice",
            citing(cited("UU A", about="Arsip Desa"), cited("UU B", about="Arsip Desa")),
            {"legal.cited-twice": "/legal_basis/1"},
        ),
        (
            "a title cut off",
            citing(cited("UU Nomor 25 Tahun 2009 tentang", number="25", year=2009)),
            {"list.item-cut": "/legal_basis/0"},
        ),
        (
            "a known title cut off",
            citing(cited("PP Nomor 60 Tahun 2008 tentang Sistem", "pp", "60", 2008, about="Sistem")),
            {"list.item-cut": "/legal_basis/0"},
        ),
    ],
)
def test_citations(label: str, given: Sop, expected: dict[str, str]) -> None:
    assert found(given) == expected, label
