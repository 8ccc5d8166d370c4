"""Counts, rates and calibration on invented documents; where the shared scorer is at hand, both must agree."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse.cli import commands
from sopparse.evaluate import Counts, Evaluation, Sample, calibrate, compare, files, scores, total
from sopparse.evaluate.report import as_json
from sopparse.evaluate.values import align
from tests.reference import ROOT
from tests.test_cli import run

SCORER = ROOT.parent / "shared/eval/score.py"


def document(**header: Any) -> dict[str, Any]:
    """An invented gold document that uses every judged field."""
    step = {
        "number": 1,
        "printed_number": "1.",
        "activity": "Menerima daftar alat peraga dari petugas gudang",
        "actors": ["a1"],
        "requirements": ["Daftar alat", "Buku catatan"],
        "duration": {"text": "15 menit", "parts": [{"min": 15, "max": 15, "unit": "minute", "working": False}]},
        "outputs": ["Daftar alat diterima"],
        "note": None,
    }
    second = {
        **step,
        "number": 2,
        "printed_number": "2.",
        "activity": "Mencatat peminjaman pada buku",
        "actors": ["a2"],
    }
    third = {
        **second,
        "number": 3,
        "printed_number": None,
        "activity": "Menyerahkan alat kepada peminjam",
        "note": "Lihat SOP",
    }
    nodes = [
        {"id": "n1", "step": 1, "actor": "a1", "symbol": "terminator"},
        {"id": "n2", "step": 2, "actor": "a2", "symbol": "decision"},
        {"id": "n3", "step": 3, "actor": "a2", "symbol": "off-page"},
    ]
    edges = [{"from": "n1", "to": "n2", "condition": None}, {"from": "n2", "to": "n3", "condition": "yes"}]
    agency = {
        "government": "Pemerintah Kabupaten Lembah Sunyi",
        "name": "Dinas Perpustakaan",
        "units": ["Bidang Layanan"],
        "region": {"level": "kabupaten", "name": "Lembah Sunyi", "code": "99.01"},
        "address": None,
    }
    law = {"text": "Peraturan Bupati Nomor 7 Tahun 2031 tentang Alat", "type": "perbup", "issuer": None}
    law |= {"number": "7", "year": 2031, "about": "Alat"}
    ministry = {**law, "text": "Peraturan Menteri Contoh Nomor 09 Tahun 2030 tentang Buku", "type": "permen"}
    ministry |= {"issuer": "contoh", "number": "09", "about": "Buku"}
    return {
        "sops": [
            {
                "header": {
                    "number": "07/LS/2031",
                    "title": "Peminjaman Alat Peraga",
                    "created": "2031-02-03",
                    "revised": None,
                    "effective": "2031-03",
                    "approver": {"position": "Kepala Dinas", "name": "Tirta Wening", "rank": None, "nip": None},
                    "agency": agency,
                    **header,
                },
                "legal_basis": [law, ministry],
                "qualifications": ["Memahami katalog", "Teliti"],
                "related_sops": [],
                "equipment": ["Komputer"],
                "warnings": ["Alat hilang bila tidak dicatat"],
                "records": [],
                "procedures": [
                    {
                        "title": None,
                        "actors": [{"id": "a1", "label": "Petugas Gudang"}, {"id": "a2", "label": "Pustakawan"}],
                        "steps": [step, second, third],
                        "flow": {"nodes": nodes, "edges": edges},
                    }
                ],
            }
        ]
    }


def counts(field: str, gold: dict[str, Any], result: dict[str, Any]) -> Counts:
    return compare(gold, result).counts.get(field, Counts())


def test_the_same_document_is_wholly_right():
    evaluation = compare(document(), document())
    assert evaluation.misses == ()
    for field, c in evaluation.counts.items():
        assert c.expected == c.found == c.exact == c.soft, field
    assert evaluation.all.f1_exact == 1.0


def test_no_result_is_wholly_missed():
    evaluation = compare(document(), {})
    assert evaluation.all.found == evaluation.all.soft == 0
    assert evaluation.all.expected > 30
    assert evaluation.all.f1_soft == evaluation.all.precision == 0.0


TITLES = [
    ("equal", "Peminjaman Alat Peraga", "peminjaman  alat-peraga", Counts(1, 1, 1, 1)),
    ("one letter", "Peminjaman Alat Peraga", "Peminjaman Alat Peragi", Counts(1, 1, 0, 1)),
    ("another", "Peminjaman Alat Peraga", "Pengembalian Buku", Counts(1, 1, 0, 0)),
    ("missed", "Peminjaman Alat Peraga", None, Counts(1, 0, 0, 0)),
    ("invented", None, "Peminjaman Alat Peraga", Counts(0, 1, 0, 0)),
    ("rightly absent", None, None, Counts()),
]


@pytest.mark.parametrize(("label", "gold", "found", "expected"), TITLES, ids=[t[0] for t in TITLES])
def test_text(label, gold, found, expected):
    assert counts("header.title", document(title=gold), document(title=found)) == expected


def test_codes_are_only_ever_exact():
    assert counts("header.number", document(), document(number="07 LS 2031")) == Counts(1, 1, 1, 1)
    assert counts("header.number", document(), document(number="07/LS/2032")) == Counts(1, 1, 0, 0)


def test_what_gold_leaves_out_is_not_judged():
    gold = document()
    del gold["sops"][0]["header"]["title"], gold["sops"][0]["warnings"], gold["sops"][0]["procedures"][0]["flow"]
    judged = compare(gold, document()).counts
    assert not {"header.title", "warnings", "flow.nodes"} & set(judged)


def test_a_gold_without_approver_judges_what_was_found():
    assert counts("header.approver.name", document(approver=None), document()) == Counts(0, 1, 0, 0)


def test_steps_keep_their_partners_when_one_is_missing():
    result = document()
    del result["sops"][0]["procedures"][0]["steps"][1]
    assert counts("step.activity", document(), result) == Counts(3, 2, 2, 2)
    assert counts("step.duration.parts", document(), result) == Counts(2, 2, 2, 2)


def test_actors_correspond_by_column_whatever_their_ids():
    result = document()
    procedure = result["sops"][0]["procedures"][0]
    names = {"a1": "x", "a2": "y"}
    for actor in procedure["actors"]:
        actor["id"] = names[actor["id"]]
    for step in procedure["steps"]:
        step["actors"] = [names[a] for a in step["actors"]]
    assert counts("step.actors", document(), result) == Counts(3, 3, 3, 3)
    del procedure["actors"][0]
    assert counts("step.actors", document(), result) == Counts(3, 3, 2, 2)


def test_a_duration_is_right_as_a_whole():
    result = copy.deepcopy(document())
    result["sops"][0]["procedures"][0]["steps"][0]["duration"] = {
        "text": "15 menit",
        "parts": [{"min": 15, "max": 20, "unit": "minute", "working": False}],
    }
    assert counts("step.duration.parts", document(), result) == Counts(3, 3, 2, 2)
    assert counts("step.duration.text", document(), result) == Counts(3, 3, 3, 3)


def test_groups_and_whole_are_sums():
    table = scores(total([compare(document(), document()), compare(document(), {})]))
    assert table["header.title"] == Counts(2, 1, 1, 1)
    assert table["header.title"].f1_soft == pytest.approx(2 / 3)
    assert table["[header]"] == sum((c for f, c in table.items() if f.startswith("header.")), Counts())
    assert table["[all]"] == sum((c for f, c in table.items() if not f.startswith("[")), Counts())


def test_calibration_of_a_table():
    found = calibrate([Sample(0.95, True), Sample(0.95, True), Sample(1.0, False), Sample(0.25, False)])
    assert found is not None
    assert [(b.low, b.values, round(b.right, 3)) for b in found.bins] == [(0.2, 1, 0.0), (0.9, 3, 0.667)]
    assert found.ece == pytest.approx((abs(2.9 / 3 - 2 / 3) * 3 + 0.25) / 4)
    assert found.brier == pytest.approx((2 * 0.05**2 + 1 + 0.25**2) / 4)
    assert (found.high_share, found.high_right) == (0.75, pytest.approx(2 / 3))
    assert calibrate([]) is None


def test_confidence_is_found_beside_its_value():
    result = document(title="Lain Sekali")
    report = {"/sops/0/header/title": {"confidence": 0.3}, "/sops/0/qualifications/1": {"confidence": 0.8}}
    report["/sops/0/qualifications"] = {"confidence": 0.6}
    result["report"] = {"fields": report}
    samples = compare(document(), result).samples
    assert sorted(samples) == [Sample(0.3, False), Sample(0.6, True), Sample(0.8, True)]


@given(st.lists(st.text(max_size=8), max_size=6), st.lists(st.text(max_size=8), max_size=6))
def test_alignment_uses_each_index_once_and_in_order(left, right):
    pairs = align(left, right)
    assert [i for i, _ in pairs if i is not None] == list(range(len(left)))
    assert [j for _, j in pairs if j is not None] == list(range(len(right)))


# Files and the command


def save(path: Path, content: object) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
    return str(path)


def test_pairs_by_name_and_by_position(tmp_path):
    a, b = save(tmp_path / "gold/a.json", document()), save(tmp_path / "gold/b.truth.json", document())
    found = save(tmp_path / "found/a.json", document())
    gold, results = str(tmp_path / "gold"), str(tmp_path / "found")
    by_name = [(Path(a), Path(found)), (Path(b), None)]
    assert files.pair_files([gold], [results]) == by_name
    assert files.pair_files([a, b], [results]) == by_name
    assert files.pair_files([gold, results], []) == by_name
    assert files.pair_files([b, found], []) == [(Path(b), Path(found))]
    with pytest.raises(ValueError, match="as many"):
        files.pair_files([a], [])


def test_the_command_prints_a_table_json_and_differences(tmp_path):
    gold, result = save(tmp_path / "a.json", document()), save(tmp_path / "b.json", document(title="Lain Sekali"))
    code, printed = run("evaluate", gold, result)
    assert code == 0
    assert "header.title" in printed.stdout
    assert "[all]" in printed.stdout
    _, printed = run("evaluate", gold, result, "--json")
    assert json.loads(printed.stdout)["fields"]["header.title"]["soft"] == 0
    _, printed = run("evaluate", gold, result, "--diff")
    assert printed.stdout.count("gold  ") == 1
    assert "'Lain Sekali'" in printed.stdout


def test_a_missing_result_is_said_and_counted(tmp_path):
    gold = save(tmp_path / "gold/a.json", document())
    (tmp_path / "found").mkdir()
    code, printed = run("evaluate", gold, "--results", str(tmp_path / "found"), "--json")
    assert code == 0
    assert "counts as missed" in printed.stderr
    assert json.loads(printed.stdout)["fields"]["[all]"]["found"] == 0


@pytest.mark.parametrize(
    ("label", "content", "code"),
    [
        ("no JSON", "not json", 6),
        ("no object", "[1]", 6),
        ("no sops", "{}", 6),
        ("sops of another shape", '{"sops": [7]}', 6),
        ("steps of another shape", '{"sops": [{"procedures": [{"steps": ["x"]}]}]}', 6),
    ],
)
def test_gold_of_another_form_is_refused(tmp_path, label, content, code):
    gold = tmp_path / "gold.json"
    gold.write_text(content)
    found, _ = run("evaluate", str(gold), save(tmp_path / "result.json", document()))
    assert found == code, label


def test_the_command_is_listed():
    assert "evaluate" in commands.commands


# Agreement with the shared scorer


def damaged(value: Any, chance: random.Random, key: str = "") -> Any:
    """The document with letters lost, values gone and items dropped or doubled; its structure stays."""
    if isinstance(value, dict):
        return {
            k: None if k in ("note", "title", "created") and chance.random() < 0.3 else damaged(v, chance, k)
            for k, v in value.items()
        }
    if isinstance(value, list):
        kept = [damaged(item, chance) for item in value if chance.random() > 0.1]
        return [*kept, *copy.deepcopy(kept[:1])] if chance.random() < 0.2 else kept
    if isinstance(value, str) and key not in ("id", "from", "to", "symbol") and chance.random() < 0.3:
        at = chance.randrange(len(value))
        return value[:at] + value[at + chance.randrange(1, 4) :] or None
    return value


def pointers(value: Any, path: str = "") -> Iterator[str]:
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from pointers(item, f"{path}/{key}")


@pytest.mark.skipif(not SCORER.is_file(), reason="the shared scorer is not here")
def test_agrees_with_the_shared_scorer(tmp_path):
    chance = random.Random(20261121)
    gold = save(tmp_path / "gold.json", document())
    arguments: list[str] = []
    parts: list[Evaluation] = []
    for n in range(40):
        result = damaged(document(), chance)
        for citation in result["sops"][0]["legal_basis"] if result["sops"] else []:
            citation["text"] = citation["text"] or "x"
        places = [p for p in pointers(result) if chance.random() < 0.5]
        result["report"] = {"fields": {p: {"confidence": round(chance.uniform(0.01, 1), 3)} for p in places}}
        arguments += [gold, save(tmp_path / f"{n}.json", result)]
        parts.append(compare(document(), result))
    done = subprocess.run(
        [sys.executable, str(SCORER), "--json", *arguments], capture_output=True, text=True, check=True
    )
    theirs, ours = json.loads(done.stdout), as_json(total(parts))
    assert set(ours["fields"]) == set(theirs["fields"])
    for field, expected in theirs["fields"].items():
        assert {key: ours["fields"][field][key] for key in expected} == pytest.approx(expected, abs=1e-4), field
    assert ours["calibration"]["count"] == theirs["calibration"]["n"]
    for rate in ("ece", "brier"):
        assert ours["calibration"][rate] == pytest.approx(theirs["calibration"][rate], abs=1e-4)
    assert ours["calibration"]["high_right"] == pytest.approx(theirs["calibration"]["high"]["right"], abs=1e-4)
