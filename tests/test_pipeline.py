"""From bytes to a result: every finding is known, rendered in both languages, and every word is accounted for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from sopparse import pipeline, vocab
from sopparse.errors import NoProcedure
from sopparse.evidence import Field, Issue, Origin, Piece, issue
from sopparse.extract.parts import Part
from sopparse.model import Procedure, Result, Sop
from sopparse.page import Document, Page, Row, Word
from tests.factories import form, parsed, sop
from tests.reference import ROOT

FINDINGS = vocab.load("findings")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "sopparse").rglob("*.py")):
        yield str(path), ast.parse(path.read_text(encoding="utf-8"))


def issued() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `issue(...)` or `Issue(...)` with its file."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("issue", "Issue"):
                yield path, node


def strings() -> set[str]:
    return {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_is_in_the_vocabulary() -> None:
    for path, call in issued():
        code = call.args[0]
        if isinstance(code, ast.Constant):
            assert code.value in FINDINGS, path


def test_every_code_of_the_vocabulary_is_used() -> None:
    used = strings()
    assert [code for code in FINDINGS if code not in used] == []


def test_what_a_finding_names_is_what_its_sentences_ask_for() -> None:
    for path, call in issued():
        code = call.args[0]
        if not isinstance(code, ast.Constant) or any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords}
        for language in ("id", "en"):
            wanted = set(_PLACEHOLDER.findall(FINDINGS[code.value][language]))
            assert wanted <= given or len(call.args) > 1, f"{path}: {code.value} needs {wanted - given}"


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_each_finding_can_be_said_in_both_languages(code: str) -> None:
    entry = FINDINGS[code]
    assert entry["severity"] in ("note", "warning", "error")
    names = {name for language in ("id", "en") for name in _PLACEHOLDER.findall(entry[language])}
    result = published(issue(code, **dict.fromkeys(names, "VALUE")))
    found = next(one for one in result.report.findings if one.code == code)
    assert found.message != found.message_en
    assert "{" not in found.message + found.message_en


def test_a_missing_detail_breaks_nothing() -> None:
    code = next(code for code, entry in FINDINGS.items() if "{" in entry["id"])
    assert any("{" in one.message for one in published(Issue(code)).report.findings if one.code == code)


def published(*issues: Issue) -> Result:
    part = Part(sop(), {}, tuple(("/header", one) for one in issues))
    return pipeline.publish(document("Nomor SOP"), [part])


def document(*texts: str) -> Document:
    words = tuple(Word(text, i, span=(10 * i, 10 * i + len(text))) for i, text in enumerate(texts))
    return Document("uji.txt", "0" * 64, "text/plain", "text", (Page(1, (), free=words),) if words else (Page(1, ()),))


@pytest.mark.parametrize(
    ("label", "pieces", "placed"),
    [
        ("whole", [(0, 10)], True),
        ("in two parts", [(0, 4), (4, 10)], True),
        ("parts that overlap and leave the end", [(0, 6), (2, 7)], False),
        ("the same part twice", [(0, 5), (0, 5)], False),
        ("parts that overlap and cover all", [(0, 6), (2, 10)], True),
        ("nothing", [], False),
    ],
)
def test_a_word_is_placed_when_all_its_characters_are(label: str, pieces: list[tuple[int, int]], placed: bool) -> None:
    origins = tuple(Origin(1, None, None, (Piece(0, low, high),)) for low, high in pieces)
    part = Part(sop(), {f"/warnings/{i}": Field("x", "x", (origin,)) for i, origin in enumerate(origins)})
    coverage = pipeline.publish(document("Peringatan"), [part]).report.coverage
    assert (coverage.placed, len(coverage.unplaced)) == ((1, 0) if placed else (0, 1)), label


def test_words_of_no_field_are_listed() -> None:
    result = parsed(form() + "\nqwrt zxcv\n")
    assert result.report.coverage.words == result.report.coverage.placed + len(result.report.coverage.unplaced)
    assert "document.unplaced" in {one.code for one in result.report.findings} or not result.report.coverage.unplaced


def test_findings_point_at_values_of_the_result() -> None:
    result = parsed(form(rows="1\tMenerima surat\t\t\tSurat\tbesok\tSurat"))
    found = {one.code: one for one in result.report.findings}
    assert found["step.duration.unparsed"].path == "/sops/0/procedures/0/steps/0/duration"
    assert found["step.duration.unparsed"].origins


def test_a_form_without_table_is_no_success() -> None:
    result = parsed(form(rows=""))
    assert result.status == "partial"
    assert result.report.grade not in ("excellent", "good")
    assert "procedure.missing" in {one.code for one in result.report.findings}


def test_minutes_follow_the_length_of_a_working_day() -> None:
    text = form(rows="1\tMenerima surat\t\t\tSurat\t1 hari kerja\tSurat")
    usual = pipeline.parse(text.encode(), "x").sops[0].procedures[0].steps[0].duration
    long = pipeline.parse(text.encode(), "x", pipeline.Options(480)).sops[0].procedures[0].steps[0].duration
    assert usual is not None
    assert long is not None
    assert (usual.minutes, long.minutes) == ((450, 450), (480, 480))


def test_no_procedure_says_what_to_do() -> None:
    with pytest.raises(NoProcedure, match=r"cerita\.txt") as raised:
        pipeline.parse(b"Pada suatu hari angin bertiup dari laut.", "cerita.txt")
    assert raised.value.next_step
    assert raised.value.exit_code == 8


def test_an_empty_sop_has_failed() -> None:
    part = Part(Sop(pages=(1,), layout="sop-ap", header=sop(None).header, procedures=(Procedure(),)), {})
    empty = Part(part.value.model_copy(update={"procedures": ()}), {})
    assert pipeline.publish(document("x"), [empty]).status == "failed"


def test_rows_and_words_agree() -> None:
    row = Row((), False)
    assert row.words == ()
    assert row.text == ""
