"""Drafting rules: each says what its examples say, and is silent about what is unknown or unsure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from click.testing import CliRunner

from sopparse import cli, model, vocab
from sopparse.errors import SopError
from sopparse.lint import LEAST, RULES, lint, rules
from sopparse.lint.sarif import sarif
from sopparse.lint.subject import Subject
from sopparse.rows import Part
from tests import charts, factories
from tests.reference import finding_codes

ENTRIES = {code: vocab.load("lint")[code] for code in RULES}
EXAMPLES = [(code, n, example) for code in RULES for n, example in enumerate(ENTRIES[code]["example"])]
NIP = "197209041992031001"


def built(example: dict[str, Any], confidence: float = 1.0) -> model.Result:
    """The parts of a document that an example names, all of them read with the same confidence."""
    performers = example.get("performers", [])
    steps = tuple(charts.step(n, None, *acting) for n, acting in enumerate(performers, 1)) or (
        charts.step(1, example.get("activity", "Mencatat peminjaman")),
    )
    steps += (charts.step(9, duration=charts.duration("5 menit")),) * example.get("timed", 0)
    labels = example.get("actors", [f"Petugas {n}" for n in range(1, 4)])
    flow = charts.flow(example.get("nodes", ""), example.get("edges", ""))
    procedure = model.Procedure(actors=charts.actors(*labels), steps=steps, flow=flow)
    header = model.Header(
        title=example.get("title", "Peminjaman Alat"),
        effective=example.get("effective"),
        agency=model.Agency(name=example.get("agency")),
    )
    legal = tuple(_citation(id_) for id_ in example.get("legal", []))
    sop = model.Sop(pages=(2,), layout="sop-ap", header=header, legal_basis=legal, procedures=(procedure,))
    at = f"/sops/0{example.get('at', '/procedures/0/flow')}"
    findings = (factories.finding(example["finding"]).model_copy(update={"path": at}),) if "finding" in example else ()
    return factories.result(sop, fields=_fields(sop, example, confidence), findings=findings)


def _citation(id_: str) -> model.Citation:
    kind, *_, year, number = id_.split("/")
    status = model.RegulationStatus(state="unknown", as_of="2026-11-20")
    text = f"{kind} {number}/{year}"
    return model.Citation(
        text=text, type=kind.split("-")[0], number=number, year=int(year), id=id_, status=status  # type: ignore[arg-type]
    )  # fmt: skip


def _fields(sop: model.Sop, example: dict[str, Any], confidence: float) -> dict[str, model.FieldReport]:
    report = model.FieldReport(
        confidence=confidence,
        signals=model.Signals(read=confidence, place=1, parse=1),
        raw=example.get("raw"),
        origins=(model.Origin(page=3, box=(1, 2, 3, 4)),),
        basis=example.get("basis", "symbol"),
        absence=example.get("absence"),
    )
    return dict.fromkeys((f"/sops/0{path}" for path in _paths(sop)), report)


def _paths(sop: model.Sop) -> Iterator[str]:
    yield from (f"/header/{name}" for name in ("title", "effective", "approved", "created"))
    yield from (f"/legal_basis/{n}" for n in range(len(sop.legal_basis)))
    for p, procedure in enumerate(sop.procedures):
        for s in range(len(procedure.steps)):
            yield from (
                f"/procedures/{p}/steps/{s}/{name}" for name in ("activity", "actors", "duration", "requirements")
            )
        yield from (f"/procedures/{p}/flow/nodes/{n}" for n in range(len(procedure.flow.nodes)))
        yield from (f"/procedures/{p}/flow/edges/{n}" for n in range(len(procedure.flow.edges)))


def said(code: str, result: model.Result, least: float = LEAST) -> list[str]:
    subject = Subject(Part(0, result, result.sops[0], "/sops/0"), least)
    return [each.says for each in RULES[code](subject)]


@pytest.mark.parametrize(("code", "number", "example"), EXAMPLES, ids=[f"{c}-{n}-{e['says']}" for c, n, e in EXAMPLES])
def test_every_example_gets_what_it_deserves(code: str, number: int, example: dict[str, Any]) -> None:
    assert said(code, built(example)) == ([example["says"]] if example["says"] else [])


@pytest.mark.parametrize("code", RULES)
def test_no_rule_accuses_on_what_is_unsure(code: str) -> None:
    for example in ENTRIES[code]["example"]:
        assert said(code, built(example, confidence=LEAST - 0.01)) == []


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_complete(code: str) -> None:
    entry = ENTRIES[code]
    assert entry["severity"] in ("note", "warning", "error")
    assert all(entry[key] for key in ("id", "en", "why_id", "why_en", "source", "silent"))
    verdicts = [example["says"] for example in entry["example"]]
    assert "" in verdicts
    assert set(verdicts) - {""}
    # Every sentence has an example that gets it.
    assert set(entry["says"]) <= set(verdicts)
    for says in entry["says"].values():
        assert _slots(says["id"]) == _slots(says["en"])
    assert set(entry.get("findings", ())) <= {known for known, _ in finding_codes()}


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_doubts_are_known_findings() -> None:
    assert set(vocab.load("lint")["doubts"]["chart"]) <= {code for code, _ in finding_codes()}


def test_a_doubtful_chart_is_not_judged() -> None:
    example = ENTRIES["R01"]["example"][0]
    result = built(example)
    doubt = factories.finding("flow.line-dangling").model_copy(update={"path": "/sops/0/procedures/0/flow/nodes/1"})
    report = result.report.model_copy(update={"findings": (doubt,)})
    assert said("R01", result) == ["ends"]
    assert said("R01", result.model_copy(update={"report": report})) == []


def test_a_blank_cell_of_a_scan_may_only_look_blank() -> None:
    example = {"timed": 3, "finding": "step.duration-missing", "at": "/procedures/0/steps/0/duration"}
    result = built(example)
    dash = built({**example, "absence": "stated-none"})
    assert said("R06", result) == ["finding"]
    assert said("R06", _scanned(result)) == []
    assert said("R06", _scanned(dash)) == ["finding"]


def _scanned(result: model.Result) -> model.Result:
    return result.model_copy(update={"source": result.source.model_copy(update={"reading": "ocr"})})


def test_what_speaks_against_a_value_does_not_excuse_it() -> None:
    """A doubtful value that certainly stands on the page has a low confidence because of the very finding."""
    result = built(ENTRIES["R14"]["example"][0])
    path = "/sops/0/procedures/0/steps/0/duration"
    report = result.report.fields[path].model_copy(
        update={"confidence": 0.4, "signals": model.Signals(read=1, place=1, parse=1)}
    )
    fields = {**result.report.fields, path: report}
    doubted = result.model_copy(update={"report": result.report.model_copy(update={"fields": fields})})
    assert said("R14", doubted) == ["finding"]


def test_arrowheads_of_a_scan_look_like_ticks() -> None:
    result = built({"performers": [["a1"], ["a2"]], "basis": "mark", "raw": "v"})
    assert said("R08", result) == ["ticks"]
    assert said("R08", _scanned(result)) == []


@pytest.mark.parametrize(("code", "number"), [("R01", 0), ("R09", 0)])
def test_of_a_scan_nobody_knows_the_arrows(code: str, number: int) -> None:
    result = built(ENTRIES[code]["example"][number])
    assert len(said(code, result)) == 1
    assert said(code, _scanned(result)) == []


def test_marks_of_a_scan_are_no_performers() -> None:
    both = {"performers": [["a1", "a2"], ["a2"]]}
    assert said("R03", _scanned(built(both))) == ["several"]
    assert said("R03", _scanned(built({**both, "basis": "mark"}))) == []
    assert said("R03", built({**both, "basis": "mark"})) == ["several"]


def test_a_column_that_is_mostly_empty_is_no_gap() -> None:
    example = {"finding": "step.duration-missing", "at": "/procedures/0/steps/0/duration"}
    assert said("R06", built({**example, "timed": 0})) == []


def test_another_form_is_not_judged() -> None:
    result = built({"activity": "Dicatat dalam buku"})
    other = result.sops[0].model_copy(update={"layout": "spo-rs"})
    assert [one.code for one in lint(result)] == ["R02"]
    assert list(lint(result.model_copy(update={"sops": (other,)}))) == []


def test_a_message_has_its_place_and_both_languages() -> None:
    (breach,) = lint(built({"activity": "Dicatat dalam buku"}))
    assert (breach.code, breach.severity, breach.page) == ("R02", "note", 3)
    assert breach.path == "/sops/0/procedures/0/steps/0/activity"
    assert breach.origins[0].box == (1, 2, 3, 4)
    assert '"Dicatat"' in breach.message
    assert '"Dicatat"' in breach.message_en


def test_a_step_is_called_as_it_is_printed() -> None:
    result = built({"activity": "Dicatat dalam buku"})
    step = result.sops[0].procedures[0].steps[0].model_copy(update={"printed_number": "7."})
    procedure = result.sops[0].procedures[0].model_copy(update={"steps": (step,)})
    sop = result.sops[0].model_copy(update={"procedures": (procedure,)})
    (breach,) = lint(result.model_copy(update={"sops": (sop,)}))
    assert "langkah 7 " in breach.message


def test_the_severity_is_that_of_the_sentence() -> None:
    cited = {"legal": ["pp/2007/41"], "effective": "2017-01-09"}
    assert [one.severity for one in lint(built(cited))] == ["warning"]
    assert [one.severity for one in lint(built({**cited, "effective": "2015"}))] == ["note"]


def test_messages_hold_no_number_of_a_person() -> None:
    (breach,) = lint(built({"title": f"Surat NIP {NIP}"}))
    assert breach.code == "R11"
    assert "19720904******1***" in breach.message
    assert NIP not in breach.message_en


def test_select_and_ignore() -> None:
    both = {"activity": "Dicatat dan diparaf oleh Kepala Seksi"}
    assert [one.code for one in lint(built(both))] == ["R02", "R04"]
    assert [one.code for one in lint(built(both), select=("R04",))] == ["R04"]
    assert [one.code for one in lint(built(both), ignore=("R04",))] == ["R02"]


# ---- the command ----


@pytest.fixture
def passive(tmp_path: Path) -> Path:
    path = tmp_path / "alat.json"
    path.write_text(built({"activity": "Dicatat dalam buku"}).model_dump_json(by_alias=True), encoding="utf-8")
    return path


@pytest.fixture
def outdated(tmp_path: Path) -> Path:
    path = tmp_path / "lama.json"
    result = built({"legal": ["pp/2007/41"], "effective": "2017-01-09"})
    path.write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    return path


def run(*arguments: object, source: bytes | None = None) -> tuple[int, str, str]:
    outcome = CliRunner().invoke(cli.commands, ["lint", *map(str, arguments)], input=source, standalone_mode=False)
    if isinstance(outcome.exception, SopError):
        return outcome.exception.exit_code, outcome.stdout, outcome.stderr
    if outcome.exception is not None:
        return 2, outcome.stdout, str(getattr(outcome.exception, "message", outcome.exception))
    return outcome.return_value or 0, outcome.stdout, outcome.stderr


def test_one_line_for_each_message(passive: Path) -> None:
    code, out, err = run(passive)
    assert code == 0
    assert re.fullmatch(rf"{re.escape(str(passive))}:3: R02 \S.*\n", out)
    assert "1 catatan" in err
    assert "1 notes" in run(passive, "--lang", "en")[2]


@pytest.mark.parametrize(
    ("options", "code"),
    [([], 22), (["--fail-on", "note"], 22), (["--fail-on", "error"], 0), (["--ignore", "r12"], 0)],
)
def test_the_exit_code_tells_the_gravest(outdated: Path, options: list[str], code: int) -> None:
    assert run(outdated, *options)[0] == code


def test_notes_can_count(passive: Path, outdated: Path) -> None:
    assert run(passive, "--fail-on", "note")[0] == 21
    assert run(passive, outdated, "--fail-on", "note")[0] == 22


def test_sources_are_parsed_and_standard_input_is_read() -> None:
    text = factories.form(rows="1\tDicatat dalam buku tamu\t\t\tBuku\t5 menit\tCatatan")
    code, out, _ = run("-", source=text.encode())
    assert code == 0
    assert out.startswith("stdin:1: R02 ")


def test_several_results_in_one_file_go_by_their_source(tmp_path: Path) -> None:
    path = tmp_path / "semua.jsonl"
    lines = [built({"activity": "Dicatat dalam buku"}).model_dump_json(by_alias=True)] * 2
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [line.split(":")[0] for line in run(path)[1].splitlines()] == ["alat.txt", "alat.txt"]


def test_a_failure_does_not_stop_the_others(passive: Path) -> None:
    code, out, err = run("tidak-ada.pdf", passive)
    assert code == 1
    assert "R02" in out
    assert "tidak-ada.pdf" in err


def test_unknown_rules_are_refused(passive: Path) -> None:
    code, _, message = run(passive, "--select", "R10")
    assert code == 2
    assert "R10" in message


def test_json(passive: Path, tmp_path: Path) -> None:
    target = tmp_path / "hasil.json"
    run(passive, "--format", "json", "-o", target)
    (row,) = json.loads(target.read_text(encoding="utf-8"))
    assert row["code"] == "R02"
    assert row["file"] == str(passive)
    assert row["origins"] == [{"page": 3, "box": [1.0, 2.0, 3.0, 4.0]}]


def test_nothing_found_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "baik.json"
    path.write_text(built({}).model_dump_json(by_alias=True), encoding="utf-8")
    assert run(path)[:2] == (0, "")
    assert json.loads(run(path, "--format", "json")[1]) == []
    assert json.loads(run(path, "--format", "sarif")[1])["runs"][0]["results"] == []


# ---- SARIF ----

# What the JSON Schema of SARIF 2.1.0 requires and closes, of the objects that are written here.
REQUIRED = {
    "log": {"version", "runs"},
    "run": {"tool"},
    "driver": {"name"},
    "rule": {"id"},
    "result": {"message"},
}
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "language", "columnKind", "results"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "defaultConfiguration", "properties"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "properties"},
    "location": {"physicalLocation", "logicalLocations"},
    "physical": {"artifactLocation", "region"},
}


def test_sarif_is_well_formed(outdated: Path, passive: Path) -> None:
    log = json.loads(run(outdated, passive, "--format", "sarif")[1])
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    objects = [("log", log), ("run", one), ("driver", driver)]
    objects += [("rule", rule) for rule in driver["rules"]] + [("result", result) for result in one["results"]]
    for kind, entry in objects:
        assert REQUIRED[kind] <= entry.keys() <= ALLOWED[kind], kind
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in driver["rules"]] == list(rules())
    for result in one["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location.keys() <= ALLOWED["location"]
        assert location["physicalLocation"].keys() <= ALLOWED["physical"]
        assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("/sops/0/")
    assert [result["properties"]["page"] for result in one["results"]] == [3, 3]


def test_sarif_places_texts_by_their_characters() -> None:
    text = factories.form(rows="1\tDicatat dalam buku tamu\t\t\tBuku\t5 menit\tCatatan")
    breaches = list(lint(factories.parsed(text)))
    log = sarif([("daftar alat.txt", breaches)], "1.0", "en")
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    start, length = place["region"]["charOffset"], place["region"]["charLength"]
    assert text[start : start + length].startswith("Dicatat dalam buku")
    assert place["artifactLocation"]["uri"] == "daftar%20alat.txt"
