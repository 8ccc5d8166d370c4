"""The page on which a person checks a result: complete, harmless, the doubtful first."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sopparse import cli, model, vocab
from sopparse.export.chart import Place
from sopparse.geometry import Box
from sopparse.review import entry_of, index_page, review
from sopparse.review.flowchart import Figure, figure_of
from sopparse.review.pages import Sheet, pieces_of, sheets_of, spots_on
from sopparse.review.values import judged
from tests import charts, factories

ROOT = Path(__file__).parent.parent
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}{% raw %}${7*7}#{7*7}",
    "<!--<script>\u2028\u2029&lt;b&gt;&amp;",
    "]]>\\u003c/script\\u003e`${alert(1)}`",
)


def hostile(value: Any, key: str = "") -> Any:
    """The result with hostile texts wherever the model takes any text."""
    if isinstance(value, dict):
        if "iso8601" in value:
            return {**value, "text": " ".join(HOSTILE)}
        return {name: hostile(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part, key) for part in value]
    free = (
        "name",
        "title",
        "label",
        "group",
        "role",
        "unit",
        "raw",
        "text",
        "message",
        "message_en",
        "activity",
        "note",
    )
    lists = ("equipment", "warnings", "records", "qualifications", "requirements", "outputs", "units", "fixes", "about")
    return " ".join(HOSTILE) if isinstance(value, str) and key in (*free, *lists, "code", "layout", "number") else value


# How sure these are; all others are certain, whatever is measured today.
DOUBTFUL = {
    "/sops/0/header/number": 0.62,
    "/sops/0/legal_basis/2": 0.71,
    "/sops/0/procedures/0/steps/2/duration": 0.35,
    "/sops/0/procedures/0/steps/5/actors": 0.8,
    "/sops/0/procedures/0/flow/edges/3": 0.89,
}


@cache
def drawn() -> tuple[model.Result, bytes]:
    """A document with a flow chart, of which five values are doubtful."""
    from sopparse import pipeline

    source = (ROOT / "samples/chart.pdf").read_bytes()
    result = pipeline.parse(source, "chart.pdf")
    fields = {
        path: one.model_copy(update={"confidence": DOUBTFUL.get(path, 0.99)})
        for path, one in result.report.fields.items()
    }
    assert set(DOUBTFUL) <= set(fields)
    report = result.report.model_copy(update={"fields": fields, "findings": ()})
    return result.model_copy(update={"report": report}), source


@cache
def page() -> str:
    return review(*drawn())


def data_of(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, flags=re.DOTALL)
    assert found is not None
    return json.loads(found[1])


# -- harmless -------------------------------------------------------------------------------------------------------


def hostile_result() -> model.Result:
    return model.Result.model_validate(hostile(drawn()[0].model_dump(mode="json", by_alias=True)))


def test_no_text_of_a_document_becomes_markup():
    """What the browser sees as elements is the same, whatever the texts are."""
    tags = re.compile(r"<[a-zA-Z/!][^>]*>")
    html = review(hostile_result(), drawn()[1])
    seen = [tag for tag in tags.findall(html) if "alert" in tag or "onerror" in tag]
    assert seen == []
    assert "49" not in re.sub(r"\d{3,}|\d+\.\d+|[\w+/=]{40,}", "", "".join(re.findall(r"7\*7[^{]{0,9}", html)))
    assert html.count("<script") == page().count("<script") == 2
    assert html.lower().count("</script") == 2


def test_the_data_come_back_as_they_were():
    result = hostile_result()
    data = data_of(review(result, drawn()[1]))
    assert data["sops"] == [sop.model_dump(mode="json", by_alias=True) for sop in result.sops]
    assert re.fullmatch(r"[\w.-]{1,60}\.patch\.json", data["patch"])


def test_the_policy_names_exactly_the_scripts_and_styles():
    html = page()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    allowed = dict(part.strip().split(" ", 1) for part in policy[1].replace("&#39;", "'").split(";"))
    assert allowed["default-src"] == "'none'"
    assert allowed["img-src"] == "data:"
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert len(found) == 1
        assert f"'sha256-{digest}'" in allowed[kind]
    assert "unsafe" not in policy[1]


def test_nothing_comes_from_the_network_and_nothing_is_inline():
    for html in (page(), index_page([entry_of(drawn()[0], "a.html")], [("b.pdf", "rusak")], "1")):
        shown = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
        assert not re.findall(r"\s(?:src|href|action)=\"(?!data:|#|a\.html)", shown)
        assert not re.findall(r"<[^>]+\s(?:on\w+|style)=", shown)
        assert "http:" not in shown
        assert "https:" not in shown
        assert "url(" not in "".join(re.findall(r"<style>.*?</style>", html, flags=re.DOTALL))


# -- complete -------------------------------------------------------------------------------------------------------


def test_every_value_of_the_model_is_on_the_page():
    result, html = drawn()[0], page()
    shown = set(re.findall(r'data-v="(/[^"]+)"', html))
    fields = set(re.findall(r'data-f="([^"]+)"', html))
    missing = [path for path in result.report.fields if path not in fields and not path.endswith("/approver")]
    assert missing == []
    assert set(data_of(html)["values"]) == shown


def test_doubtful_values_come_first_least_sure_first():
    result = drawn()[0]
    values, doubts = judged(result)
    assert [doubt.value.field for doubt in doubts] == sorted(DOUBTFUL, key=DOUBTFUL.__getitem__)
    assert {value.field: value.number for value in values if value.number} == {
        doubt.value.field: number for number, doubt in enumerate(doubts, start=1)
    }
    html = page()
    assert html.index('id="doubts"') < html.index('id="findings-title"') < html.index('id="values"')


def test_a_warning_makes_its_value_doubtful_and_a_correction_ends_that():
    path = "/sops/0/header/title"
    signals = model.Signals(read=1, place=1, parse=1)
    found = factories.finding().model_copy(update={"path": path})

    def numbers(**more: Any) -> list[str]:
        fields = {path: model.FieldReport(confidence=0.99, signals=signals, **more)}
        return [doubt.value.field for doubt in judged(factories.result(fields=fields, findings=(found,)))[1]]

    assert numbers() == [path]
    assert numbers(basis="corrected") == []


def test_both_languages_are_on_the_page_and_indonesian_is_shown():
    html = page()
    assert '<html lang="id" data-lang="id">' in html
    for lang, word in (("id", "Perlu diperiksa"), ("en", "To check")):
        assert f'<span lang="{lang}">{word}</span>' in html
    assert '<html lang="en" data-lang="en">' in review(drawn()[0], lang="en")


def test_a_text_is_shown_whole_with_its_values():
    text = factories.form()
    result = factories.parsed(text)
    pieces = pieces_of(text, result.report.fields)
    assert "".join(piece.text for piece in pieces) == text
    titled = [piece.text for piece in pieces if "/sops/0/header/title" in piece.fields]
    assert titled == ["Penerbitan Surat Izin"]
    assert "Penerbitan Surat Izin</span>" in review(result, text.encode())


def test_without_the_document_the_values_remain():
    html = review(drawn()[0])
    assert "--source" in html
    assert "<img" not in html
    assert set(re.findall(r'data-v="([^"]+)"', html)) == set(re.findall(r'data-v="([^"]+)"', page()))


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(0, (10, 20, 30, 40)), (90, (60, 10, 80, 30)), (180, (170, 60, 190, 80)), (270, (20, 170, 40, 190))],
)
def test_boxes_turn_with_their_page(degrees: int, expected: tuple[float, ...]):
    width, height = (200, 100) if degrees in (0, 180) else (100, 200)
    sheet = Sheet(1, width, height, "", degrees)
    origin = model.Origin(page=1, box=(10, 20, 30, 40))
    signals = model.Signals(read=1, place=1, parse=1)
    fields = {"/sops/0/header/title": model.FieldReport(confidence=1, signals=signals, origins=(origin,))}
    assert [tuple(box) for spot in spots_on(sheet, fields, {}) for box in spot.boxes] == [expected]


def test_values_in_one_place_share_their_label():
    signals = model.Signals(read=1, place=1, parse=0.5)
    origin = model.Origin(page=1, box=(10, 20, 30, 40))
    fields = {f"/a/{n}": model.FieldReport(confidence=0.5, signals=signals, origins=(origin,)) for n in range(3)}
    sheet = next(sheets_of(drawn()[1], "chart.pdf", {}))
    spots = spots_on(sheet, fields, {"/a/0": 2, "/a/1": 1})
    assert [(spot.field, spot.label) for spot in spots] == [("/a/2", ""), ("/a/1", ""), ("/a/0", "1, 2")]


# -- the chart ------------------------------------------------------------------------------------------------------


def figure(procedure: model.Procedure) -> Figure:
    found = figure_of(charts.result(procedure), Place(0, 0), charts.WORDS)
    assert found is not None
    return found


@pytest.mark.parametrize("name", charts.PROCEDURES)
def test_no_arrow_crosses_a_symbol_and_no_symbols_overlap(name: str):
    found = figure(charts.PROCEDURES[name]())
    boxes = [shape.box for shape in found.shapes]
    assert all(not _overlap(one, other) for n, one in enumerate(boxes) for other in boxes[:n])
    for arrow in found.arrows:
        for (x, y), (u, v) in zip(arrow.points, arrow.points[1:], strict=False):
            assert x == pytest.approx(u) or y == pytest.approx(v)
            line = Box(min(x, u), min(y, v), max(x, u), max(y, v))
            assert not any(_overlap(line, box, inside=0.5) for box in boxes), (name, arrow)
    assert all(b.x0 >= 0 and b.top >= 0 and b.x1 <= found.width and b.bottom <= found.height for b in boxes)


def _overlap(one: Box, other: Box, inside: float = 0.0) -> bool:
    return (
        one.x0 < other.x1 - inside
        and other.x0 + inside < one.x1 + (inside and 1e-9)
        and one.top < other.bottom - inside
        and other.top + inside < one.bottom + (inside and 1e-9)
    )


def test_the_chart_points_at_nodes_and_edges_of_the_model():
    found = figure(charts.loops())
    assert {shape.pointer for shape in found.shapes} == {f"/sops/0/procedures/0/flow/nodes/{n}" for n in range(6)}
    assert {arrow.pointer for arrow in found.arrows} == {f"/sops/0/procedures/0/flow/edges/{n}" for n in range(7)}
    assert sorted(arrow.condition or "" for arrow in found.arrows) == ["", "", "", "no", "no", "yes", "yes"]


# -- the index ------------------------------------------------------------------------------------------------------


def test_the_index_begins_with_the_most_doubtful_document():
    signals = model.Signals(read=1, place=1, parse=1)

    def one(name: str, confidence: float, errors: int = 0) -> Any:
        fields = {"/sops/0/header/title": model.FieldReport(confidence=confidence, signals=signals)}
        findings = (factories.finding(severity="error"),) * errors
        return entry_of(factories.result(name=name, fields=fields, findings=findings), f"{name}.html")

    html = index_page([one("sure", 0.99), one("wrong", 0.9, errors=1), one("doubtful", 0.3)], [], "1")
    assert [html.index(f"{name}.html") for name in ("wrong", "doubtful", "sure")] == sorted(
        html.index(f"{name}.html") for name in ("wrong", "doubtful", "sure")
    )


def test_hostile_names_stay_text_in_the_index():
    entry = entry_of(hostile_result(), "a b&<\"'>.html")
    html = index_page([entry], [(HOSTILE[1], HOSTILE[0])], "1")
    assert not re.findall(r"<(?:img|script>alert)", html)
    assert 'href="a%20b%26%3C%22%27%3E.html"' in html


# -- the words ------------------------------------------------------------------------------------------------------

WORDS = vocab.load("review")


@pytest.mark.parametrize("key", WORDS)
def test_every_sentence_can_be_filled(key: str):
    entry = WORDS[key]
    for example in entry["examples"]:
        for lang in ("id", "en"):
            filled = entry[lang].format(**example)
            assert filled
            assert "{" not in filled
    assert entry["examples"]


def test_every_word_is_used():
    room = ROOT / "sopparse/review"
    code = "".join(p.read_text(encoding="utf-8") for p in [*room.glob("*.py"), *room.glob("templates/*")])
    begun = set(re.findall(r"[\"'`]([a-z_.]+\.)(?:\"|'|\$\{)", code))
    unused = [key for key in WORDS if not re.search(rf"[\"'`]{re.escape(key)}[\"'`]", code)]
    assert [key for key in unused if not key.startswith(tuple(begun)) and f'"{key.split(".")[-1]}"' not in code] == []


# -- the command ----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Any:
    done = CliRunner().invoke(cli.commands, ["review", *arguments], standalone_mode=False)
    assert done.exception is None, done.output
    return done


def test_a_document_and_a_result_give_the_same_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uji.txt").write_text(factories.form(), encoding="utf-8")
    result = factories.parsed(factories.form())
    (tmp_path / "hasil.json").write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    assert run("uji.txt").return_value == 0
    assert run("hasil.json", "-o", "b.html").return_value == 0
    assert (tmp_path / "uji.review.html").read_text() == (tmp_path / "b.html").read_text()


def test_a_folder_gives_pages_and_an_index(tmp_path: Path):
    results = tmp_path / "results"
    results.mkdir()
    for name in ("a", "b"):
        result = factories.parsed(factories.form(), name=f"{name}.txt")
        (results / f"{name}.json").write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    (results / "c.json").write_text('{"no": "result"}', encoding="utf-8")
    out = tmp_path / "out"
    done = run(str(results), "-o", str(out))
    assert done.return_value == 1
    assert sorted(path.name for path in out.iterdir()) == ["a.html", "b.html", "index.html"]
    index = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="a.html"' in index
    assert "c.json" in index
    assert 'href="index.html"' in (out / "a.html").read_text(encoding="utf-8")


def test_a_source_that_is_not_the_document_is_refused(tmp_path: Path):
    (tmp_path / "other.txt").write_text("lain", encoding="utf-8")
    result = factories.parsed(factories.form())
    (tmp_path / "a.json").write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    done = run(str(tmp_path / "a.json"), "--source", str(tmp_path / "other.txt"), "-o", str(tmp_path / "a.html"))
    assert done.return_value == 3
    assert not (tmp_path / "a.html").exists()
