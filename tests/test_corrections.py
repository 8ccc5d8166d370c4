"""Corrections of a person: applied all or none, reported as certain, kept when the source is parsed anew."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import corrections, model
from sopparse.corrections.patch import resolve, shifted
from sopparse.errors import CorrectionRefused
from tests import charts, factories

DURATION = "/sops/0/procedures/0/steps/1/duration"
HEADER = (
    "PEMERINTAH KABUPATEN TIRTAMUKTI\tNOMOR SOP\t12/ARSIP/2031\n\tTGL PEMBUATAN\t3 Maret 2031\n"
    "\tTGL EFEKTIF\t3 Januari 2031\n\tNAMA SOP\tPenerbitan Surat Izin"
)


@cache
def parsed() -> model.Result:
    """With a finding that a correction of either date resolves."""
    return factories.parsed(factories.form(HEADER))


def drawn() -> model.Result:
    """With a flow: six symbols, two decisions."""
    fields = {
        f"/sops/0/procedures/0/flow/{kind}/{n}": report(raw=f"{kind}-{n}")
        for kind, count in (("nodes", 6), ("edges", 7))
        for n in range(count)
    }
    steps = {f"/sops/0/procedures/0/steps/{n}/activity": report(raw=f"step-{n}") for n in range(6)}
    return charts.result(charts.loops(), fields={**fields, **steps})


def report(**more: Any) -> model.FieldReport:
    signals = model.Signals(read=0.9, place=0.9, parse=0.5)
    return model.FieldReport(confidence=0.4, signals=signals, **more)


def op(kind: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": kind, "path": path, **({"value": value[0]} if value else {})}


def corrected(result: model.Result, *operations: dict[str, Any]) -> model.Result:
    return corrections.correct(result, corrections.read_patch(json.dumps(operations).encode(), "uji.patch.json"))


def dumped(result: model.Result) -> dict[str, Any]:
    return json.loads(result.model_dump_json(by_alias=True))


# -- one value ------------------------------------------------------------------------------------------------------


def test_a_corrected_value_is_certain_and_keeps_what_was_printed():
    before = parsed()
    after = corrected(before, op("replace", "/sops/0/header/title", "Penerbitan Surat Izin Usaha"))
    assert after.sops[0].header.title == "Penerbitan Surat Izin Usaha"
    known, now = before.report.fields["/sops/0/header/title"], after.report.fields["/sops/0/header/title"]
    assert (now.basis, now.confidence, now.signals.parse) == ("corrected", 1.0, 1.0)
    assert (now.raw, now.origins) == (known.raw, known.origins)
    assert before.sops[0].header.title == "Penerbitan Surat Izin"


def test_what_follows_from_a_text_follows_from_the_corrected_one():
    after = corrected(
        parsed(),
        op("replace", f"{DURATION}/text", "2 hari"),
        op(
            "replace", "/sops/0/legal_basis/0/text", "Peraturan Pemerintah Nomor 41 Tahun 2007 tentang Perangkat Daerah"
        ),
        op("replace", "/sops/0/procedures/0/actors/0/label", "Kepala Dinas Arsip"),
    )
    duration = after.sops[0].procedures[0].steps[1].duration
    assert duration is not None
    assert (duration.minutes, duration.iso8601) == ((900, 900), "P2D")
    citation = after.sops[0].legal_basis[0]
    assert (citation.type, citation.number, citation.year, citation.id) == ("pp", "41", 2007, "pp/2007/41")
    assert after.sops[0].procedures[0].actors[0].role == "kepala-dinas"
    assert after.report.fields[DURATION].basis == "corrected"


def test_a_corrected_part_of_a_citation_gives_its_new_key():
    after = corrected(parsed(), op("replace", "/sops/0/legal_basis/0/year", 2030))
    assert after.sops[0].legal_basis[0].id == "uu/2030/3"
    assert after.report.fields["/sops/0/legal_basis/0"].basis == "corrected"


def test_a_whole_citation_takes_what_is_given_over_what_is_read():
    value = {"text": "Undang-Undang Nomor 3 Tahun 2O31 tentang Arsip", "year": 2031, "number": "3"}
    after = corrected(parsed(), op("replace", "/sops/0/legal_basis/0", value))
    assert after.sops[0].legal_basis[0].id == "uu/2031/3"


def test_confirming_a_value_leaves_what_was_corrected_before():
    once = corrected(parsed(), op("replace", "/sops/0/legal_basis/0/year", 2030))
    text = once.sops[0].legal_basis[0].text
    assert corrected(once, op("replace", "/sops/0/legal_basis/0/text", text)).sops[0].legal_basis[0].year == 2030


def test_the_code_follows_the_region():
    value = {"level": "kabupaten", "name": "Soppeng"}
    after = corrected(parsed(), op("replace", "/sops/0/header/agency/region", value))
    assert after.sops[0].header.agency.region == model.Region(level="kabupaten", name="Soppeng", code="73.12")
    renamed = corrected(after, op("replace", "/sops/0/header/agency/region/name", "Wajo"))
    assert renamed.sops[0].header.agency.region == model.Region(level="kabupaten", name="Wajo", code="73.13")


def test_a_value_that_the_document_does_not_have():
    after = corrected(parsed(), op("replace", "/sops/0/header/number", None), op("replace", DURATION, None))
    assert after.sops[0].header.number is None
    assert after.sops[0].procedures[0].steps[1].duration is None
    assert {after.report.fields[path].absence for path in ("/sops/0/header/number", DURATION)} == {"blank"}


def test_an_official_who_was_not_read():
    value = {"position": "Kepala Dinas", "name": "Sekar Wulan", "rank": None, "nip": "198501012010012003"}
    after = corrected(parsed(), op("replace", "/sops/0/header/approver", value))
    assert after.sops[0].header.approver == model.Approver(**value)
    assert "/sops/0/header/approver" not in after.report.fields
    assert after.report.fields["/sops/0/header/approver/name"].basis == "corrected"


# -- lists ----------------------------------------------------------------------------------------------------------


def test_reports_and_findings_follow_the_items_of_a_list():
    fields = {f"/sops/0/equipment/{n}": report(raw=name) for n, name in enumerate("abc")}
    found = model.Finding(
        code="list.item-long", severity="note", path="/sops/0/equipment/2", message="Uji.", message_en="Test."
    )
    sop = factories.sop().model_copy(update={"equipment": ("a", "b", "c")})
    after = corrected(
        factories.result(sop, fields=fields, findings=(found,)),
        op("remove", "/sops/0/equipment/0"),
        op("add", "/sops/0/equipment/0", "x"),
        op("add", "/sops/0/equipment/-", "y"),
    )
    assert after.sops[0].equipment == ("x", "b", "c", "y")
    raws = {path: one.raw for path, one in after.report.fields.items() if "/equipment/" in path}
    assert raws == {f"/sops/0/equipment/{n}": raw for n, raw in enumerate((None, "b", "c", None))}
    assert [one.path for one in after.report.findings if one.code == "list.item-long"] == ["/sops/0/equipment/2"]


def test_an_emptied_list_is_reported_as_a_whole_and_a_filled_one_is_not():
    path = "/sops/0/records"
    empty = corrected(parsed(), op("remove", f"{path}/0"))
    assert empty.sops[0].records == ()
    assert empty.report.fields[path].absence == "blank"
    assert f"{path}/0" not in empty.report.fields
    filled = corrected(empty, op("add", f"{path}/-", "Buku agenda"))
    assert path not in filled.report.fields
    assert filled.report.fields[f"{path}/0"].basis == "corrected"


def test_symbols_follow_their_steps_when_one_is_removed():
    after = corrected(drawn(), op("remove", "/sops/0/procedures/0/steps/2"))
    procedure = after.sops[0].procedures[0]
    assert [step.number for step in procedure.steps] == [1, 2, 3, 4, 5]
    assert [node.step for node in procedure.flow.nodes] == [1, 2, None, 3, 4, 5]
    left = next(one for one in after.report.findings if one.code == "correction.node-left")
    assert left.path == "/sops/0/procedures/0/flow/nodes/2"
    raws = [after.report.fields[f"/sops/0/procedures/0/steps/{n}/activity"].raw for n in range(5)]
    assert raws == ["step-0", "step-1", "step-3", "step-4", "step-5"]


def test_symbols_follow_their_steps_when_one_is_put_between():
    value = {"activity": "Mencatat", "duration": {"text": "1 jam"}, "actors": ["a2"]}
    after = corrected(drawn(), op("add", "/sops/0/procedures/0/steps/1", value))
    procedure = after.sops[0].procedures[0]
    assert [node.step for node in procedure.flow.nodes] == [1, 3, 4, 5, 6, 7]
    assert procedure.steps[1].number == 2
    assert procedure.steps[1].duration == model.Duration(
        text="1 jam", parts=(model.DurationPart(min=1, max=1, unit="hour"),), minutes=(60, 60), iso8601="PT1H"
    )
    new = {path for path, one in after.report.fields.items() if "/steps/1/" in path and one.basis == "corrected"}
    assert new == {f"/sops/0/procedures/0/steps/1/{name}" for name in ("activity", "duration", "actors")}


def test_edges_can_be_removed_and_added():
    base = "/sops/0/procedures/0/flow/edges"
    after = corrected(
        drawn(), op("remove", f"{base}/0"), op("add", f"{base}/-", {"from": "n1", "to": "n3", "condition": None})
    )
    flow = after.sops[0].procedures[0].flow
    assert (flow.edges[-1].source, flow.edges[-1].target, len(flow.edges)) == ("n1", "n3", 7)
    assert after.report.fields[f"{base}/0"].raw == "edges-1"
    assert after.report.fields[f"{base}/6"].basis == "corrected"


def test_a_new_arrow_ends_what_was_said_about_its_symbols():
    apart = model.Finding(
        code="flow.node-isolated", severity="warning", path="/sops/0/procedures/0/flow/nodes/1", message="Uji.",
        message_en="Test.",
    )  # fmt: skip
    steps = tuple(charts.step(n) for n in (1, 2))
    procedure = model.Procedure(actors=charts.actors("Staf"), steps=steps, flow=charts.flow("n1/1/a1 n2/2/a1"))
    before = charts.result(procedure, findings=(apart,))
    edge = {"from": "n1", "to": "n2"}
    after = corrected(before, op("add", "/sops/0/procedures/0/flow/edges/-", edge))
    assert "flow.node-isolated" not in factories.codes(after)


LISTS = ("equipment", "qualifications", "records")


@given(st.lists(st.tuples(st.sampled_from(LISTS), st.booleans(), st.integers(0, 4)), max_size=12))
def test_every_report_stays_with_its_item(changes: list[tuple[str, bool, int]]):
    """However items come and go, what was printed for an item is reported where the item now stands."""
    sop = factories.sop().model_copy(update={name: tuple(f"{name}-{n}" for n in range(4)) for name in LISTS})
    fields = {f"/sops/0/{name}/{n}": report(raw=f"{name}-{n}") for name in LISTS for n in range(4)}
    result = factories.result(sop, fields=fields)
    lengths = dict.fromkeys(LISTS, 4)
    operations = []
    for name, adds, wanted in changes:
        if adds:
            operations.append(op("add", f"/sops/0/{name}/{min(wanted, lengths[name])}", "baru"))
        elif lengths[name]:
            operations.append(op("remove", f"/sops/0/{name}/{min(wanted, lengths[name] - 1)}"))
        else:
            continue
        lengths[name] += 1 if adds else -1
    after = corrected(result, *operations)
    document = dumped(after)
    for path, one in after.report.fields.items():
        value = resolve(document, path)
        assert value == (one.raw if one.raw is not None else [] if path.count("/") == 3 else "baru")
    for name in LISTS:
        items = [f"/sops/0/{name}/{n}" for n in range(lengths[name])] or [f"/sops/0/{name}"]
        assert [path for path in sorted(after.report.fields) if f"/{name}" in path] == sorted(items)


@pytest.mark.parametrize(
    ("pointer", "by", "expected"),
    [
        ("/a/2/b", -1, "/a/1/b"),
        ("/a/1", -1, None),
        ("/a/1/b", 1, "/a/2/b"),
        ("/a/0", -1, "/a/0"),
        ("/a", -1, "/a"),
        ("/ab/2", -1, "/ab/2"),
        ("/a/10", 1, "/a/11"),
    ],
)
def test_pointers_behind_an_item(pointer: str, by: int, expected: str | None):
    assert shifted(pointer, "/a", 1, by) == expected


# -- findings, status, grade ----------------------------------------------------------------------------------------


def test_a_contradiction_ends_with_the_correction_of_either_side():
    assert "header.effective-before-created" in factories.codes(parsed())
    after = corrected(parsed(), op("replace", "/sops/0/header/created", "2031-01-02"))
    assert "header.effective-before-created" not in factories.codes(after)


def test_a_contradiction_that_a_correction_makes_is_found():
    after = corrected(parsed(), op("replace", "/sops/0/header/title", None))
    assert "header.title-missing" in factories.codes(after)
    assert after.status == "partial"
    assert after.report.grade in ("fair", "poor")


def test_what_was_doubtful_about_a_text_ends_with_its_correction():
    rows = factories.ROWS.replace("10 menit", "xyz abc")
    before = factories.parsed(factories.form(rows=rows))
    assert "step.duration.unparsed" in factories.codes(before)
    value = {"text": "10 menit"}
    assert "step.duration.unparsed" not in factories.codes(corrected(before, op("replace", DURATION, value)))
    still = corrected(before, op("replace", DURATION, {"text": "xyz"}))
    assert "step.duration.unparsed" in factories.codes(still)


# -- refused --------------------------------------------------------------------------------------------------------

STEPS = "/sops/0/procedures/0/steps"
REFUSED = {
    "other source": op("test", "/source/sha256", "f" * 64),
    "other value": op("test", "/sops/0/header/title", "Lain"),
    "true is not 1": op("test", f"{STEPS}/0/number", True),
    "no date": op("replace", "/sops/0/header/created", "kemarin"),
    "short NIP": op("replace", "/sops/0/header/approver", {"nip": "123"}),
    "empty text": op("replace", "/sops/0/header/title", ""),
    "number for a text": op("replace", "/sops/0/header/title", 7),
    "unknown key": op("add", "/sops/0/header/colour", "merah"),
    "a place that is not there": op("replace", "/sops/0/equipment/9", "x"),
    "a place behind the end": op("add", "/sops/0/equipment/9", "x"),
    "a number that is none": op("replace", "/sops/0/equipment/00", "x"),
    "the report": op("replace", "/report/confidence", 1),
    "the source": op("replace", "/source/sha256", "f" * 64),
    "a whole document": op("remove", "/sops/0"),
    "everything": op("replace", "", {}),
    "no pointer": op("replace", "sops", {}),
    "the number of a step": op("replace", f"{STEPS}/0/number", 9),
    "an unknown performer": op("replace", f"{STEPS}/0/actors", ["a9"]),
    "an arrow to nowhere": op("add", "/sops/0/procedures/0/flow/edges/-", {"from": "n1", "to": "n2"}),
    "a performer that steps name": op("remove", "/sops/0/procedures/0/actors/0"),
    "a citation without text": op("add", "/sops/0/legal_basis/-", {"type": "uu"}),
}


@pytest.mark.parametrize("operation", REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(operation: dict[str, Any]):
    before = parsed()
    known = before.model_dump_json()
    with pytest.raises(CorrectionRefused) as refused:
        corrected(before, op("replace", "/sops/0/header/number", "1"), operation)
    assert refused.value.next_step
    assert refused.value.exit_code == 12
    assert before.model_dump_json() == known


def pointers(value: Any, base: str = "") -> list[str]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [base, *(pointer for key, part in inside for pointer in pointers(part, f"{base}/{key}"))]


EVERYWHERE = [
    tail
    for result in (charts.result(charts.loops()), parsed())
    for pointer in pointers(dumped(result)["sops"], "/sops")
    for tail in (pointer, f"{pointer}/-", f"{pointer}/0", f"{pointer}/x~1y", pointer + "~")
]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a1", "n2", "2031-02"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "name", "level", "label", "id", "step", "from", "activity"]), inner)
    ),
    max_leaves=5,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "remove", "replace"]), st.sampled_from(EVERYWHERE), ANYTHING), max_size=4
    )
)
def test_any_patch_gives_a_result_or_is_refused(changes: list[tuple[str, str, Any]]):
    try:
        after = corrected(drawn(), *(op(kind, path, value) for kind, path, value in changes))
    except CorrectionRefused:
        return
    assert model.Result.model_validate_json(after.model_dump_json(by_alias=True)) == after
    document = dumped(after)
    assert all(resolve(document, path) is not ... for path in after.report.fields)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[1]", b'[{"op": "move", "from": "/a", "path": "/b"}]', b'[{"op": "add", "path": "/a"}]',
        b'[{"op": "remove"}]', b'[{"op": "test", "path": "/a", "value": NaN}]', b"[" * 100_000,
        b'[{"op": "add", "path": "/sops/0/equipment/-", "value": "\\ud800"}]', b"\xff\xfe[]",
    ],
)  # fmt: skip
def test_what_is_no_patch_is_refused(content: bytes):
    with pytest.raises(CorrectionRefused):
        corrections.read_patch(content, "uji.patch.json")


def test_members_that_the_standard_does_not_know_are_ignored():
    read = corrections.read_patch(b'[{"op": "remove", "path": "/a", "who": "Sekar"}]', "uji")
    assert read == (model.Correction(op="remove", path="/a"),)
