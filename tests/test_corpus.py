"""The index: what is in it, that it mirrors the result files, and that nothing breaks it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sopparse
from sopparse import model
from sopparse.corpus import build, is_index, open_index, store
from sopparse.errors import SourceUnreadable
from tests import charts, factories
from tests.test_tables import rich

ROOT = Path(__file__).parent.parent
SAMPLES = ("tabs.txt", "multi.txt", "scan.txt", "chart-pages.pdf")
NIP = "197209041992031001"


def save(folder: Path, name: str, result: model.Result) -> Path:
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    return path


def complete() -> model.Result:
    """A result with something in every table."""
    result = rich()
    sop = result.sops[0]
    procedure = sop.procedures[0].model_copy(update={"footnotes": ("Ket: *) hari kerja", "**) bila perlu")})
    return result.model_copy(update={"sops": (sop.model_copy(update={"procedures": (procedure,)}),)})


@pytest.fixture(scope="session")
def parsed() -> dict[str, model.Result]:
    return {name: sopparse.parse(ROOT / "samples" / name) for name in SAMPLES}


@pytest.fixture
def folder(tmp_path: Path, parsed: dict[str, model.Result]) -> Path:
    for name, result in parsed.items():
        save(tmp_path / "results", name, result)
    save(tmp_path / "results" / "more", "rich", complete())
    return tmp_path / "results"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


def content(target: Path) -> dict[str, Any]:
    """All that an index says, without the keys that it gave."""
    with open_index(target) as index:
        return {
            "results": [result.model_dump(mode="json") for result in index.results()],
            "sources": sorted(map(str, index.query("SELECT name, sha256, status, error FROM sources"))),
            "words": sorted(str(hit.text) for hit in index.search("a* ") + index.search("m*", 500)),
        }


def leftovers(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir() if path.name not in (target.name, "results")]


# What is in it


def thin(result: model.Result) -> model.Result:
    """Without what only the JSON holds."""
    fields = {
        path: field.model_copy(update={"raw": None, "fixes": (), "origins": pages(field.origins[:1])})
        for path, field in result.report.fields.items()
    }
    findings = tuple(one.model_copy(update={"origins": pages(one.origins)}) for one in result.report.findings)
    coverage = result.report.coverage.model_copy(update={"unplaced": ()})
    report = result.report.model_copy(update={"fields": fields, "findings": findings, "coverage": coverage})
    return result.model_copy(update={"report": report})


def pages(origins: tuple[model.Origin, ...]) -> tuple[model.Origin, ...]:
    return tuple(model.Origin(page=page) for page in sorted({origin.page for origin in origins}))


def test_results_come_back_as_they_were(folder: Path, target: Path, parsed: dict[str, model.Result]):
    build(target, [str(folder)], show_nip=True)
    with open_index(target) as index:
        found = {result.source.name: result for result in index.results()}
    assert set(found) == {"alat.txt", *SAMPLES}
    for name, result in parsed.items():
        assert found[name] == thin(result), name
    assert found["alat.txt"].sops == complete().sops


def test_what_has_no_drawing_and_what_has_everything(target: Path, tmp_path: Path):
    ocr = model.Ocr(engine="tesseract", version="5.3.0", languages=("ind", "eng"), dpi=300)
    bare = factories.result(factories.sop(None, activities=()))
    scanned = bare.model_copy(update={"source": bare.source.model_copy(update={"ocr": ocr, "reading": "ocr"})})
    save(tmp_path, "bare", scanned)
    build(target, [str(tmp_path / "bare.json")])
    with open_index(target) as index:
        assert list(index.results()) == [scanned]


def test_every_row_refers_to_what_is_there(folder: Path, target: Path):
    build(target, [str(folder)])
    with open_index(target) as index:
        assert index.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert list(index.query("PRAGMA foreign_key_check")) == []
        for table in index.tables():
            assert any(row["pk"] for row in index.query(f'PRAGMA table_info("{table}")')), table
            assert any(True for _ in index.rows(table)), f"{table} is empty, so nothing here tests it"
        children = set(index.tables()) - {"meta", "results"}
        assert all(any(index.query(f'PRAGMA foreign_key_list("{table}")')) for table in children)


def test_a_result_goes_with_all_its_rows(folder: Path, target: Path):
    build(target, [str(folder)])
    for path in folder.rglob("*.json"):
        path.unlink()
    built = build(target, [str(folder)])
    assert (built.removed, built.kept, built.sops) == (5, 0, 0)
    with open_index(target) as index:
        assert all(list(index.rows(table)) == [] for table in set(index.tables()) - {"meta"})
        assert index.search("m*") == []


def test_names_are_names_and_no_patterns(target: Path, tmp_path: Path):
    names = ("sop [1]", "sop *", "sop?", "a#b%20c", "Pelayanan é")
    for name in names:
        save(tmp_path / "results [2031]", name, complete())
    os.rename(tmp_path / "results [2031]" / "a#b%20c.json", os.fsencode(tmp_path / "results [2031]") + b"/\xff.json")
    built = build(target, [str(tmp_path / "results [2031]")])
    assert (built.added, built.skipped) == (len(names), ())
    assert build(target, [str(tmp_path / "results [2031]")]).kept == len(names)


def test_the_json_of_an_older_reader_is_still_json(folder: Path, target: Path):
    """A byte order mark and indentation change nothing."""
    path = folder / "tabs.txt.json"
    path.write_text("\ufeff" + json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2), encoding="utf-8")
    assert build(target, [str(folder)]).skipped == ()


# It mirrors the files


def test_changed_new_and_vanished_results(folder: Path, target: Path):
    build(target, [str(folder)])
    save(folder, "tabs.txt", factories.result(factories.sop("Penyusunan Arsip Baru"), name="baru.txt"))
    save(folder, "another", factories.result(name="lain.txt"))
    (folder / "multi.txt.json").unlink()
    built = build(target, [str(folder)])
    assert (built.added, built.replaced, built.removed, built.kept, built.anew) == (1, 1, 1, 3, False)
    fresh = target.with_name("fresh.sqlite")
    assert build(fresh, [str(folder)]).anew
    assert content(target) == content(fresh)
    with open_index(target) as index:
        assert [hit.document for hit in index.search("arsip baru")] == ["baru.txt"]
        connection = sqlite3.connect(target)
        for text in ("steps_text", "sops_text"):
            connection.execute(f"INSERT INTO {text} ({text}) VALUES ('integrity-check')")


def test_what_did_not_change_is_not_read(folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch):
    build(target, [str(folder)])
    monkeypatch.setattr(model.Result, "model_validate_json", lambda *_: pytest.fail("read again"))
    assert build(target, [str(folder)]).kept == 5
    with pytest.raises(pytest.fail.Exception):
        build(target, [str(folder)], rebuild=True)


@pytest.mark.parametrize(
    "broken", [b"", b'{"a": 1}', b"[1, 2", b"\xff\xfe\x00", b'{"schema_version": "1.0", "source": {']
)
def test_what_is_no_result_is_named_and_left_out(folder: Path, target: Path, broken: bytes):
    build(target, [str(folder)])
    (folder / "tabs.txt.json").write_bytes(broken)
    (folder / ".hidden.json").write_bytes(broken)
    (folder / "notes.txt").write_bytes(broken)
    for rebuild in (False, False, True):
        built = build(target, [str(folder)], rebuild=rebuild)
        assert [name for name, _ in built.skipped] == ["tabs.txt.json"]
        assert built.added + built.replaced + built.kept == 4
        with open_index(target) as index:
            assert len(list(index.results())) == 4


def test_a_result_whose_parts_do_not_fit_is_left_out_whole(folder: Path, target: Path):
    nobody = charts.result(model.Procedure(actors=charts.actors("Staf"), steps=(charts.step(1, None, "a7"),)))
    twice = charts.result(model.Procedure(steps=(charts.step(1), charts.step(1))))
    save(folder, "nobody", nobody)
    save(folder, "twice", twice)
    built = build(target, [str(folder)])
    assert sorted(name for name, _ in built.skipped) == ["nobody.json", "twice.json"]
    assert all("do not fit together" in failure.message for _, failure in built.skipped)
    with open_index(target) as index:
        assert {row["file"] for row in index.rows("results")}.isdisjoint({"nobody.json", "twice.json"})
        assert list(index.query("PRAGMA foreign_key_check")) == []
        assert index.search("menangani berkas 1") == []


def test_files_by_name_folders_and_urls(folder: Path, target: Path, parsed: dict[str, model.Result]):
    import fsspec

    store_ = fsspec.filesystem("memory")
    store_.pipe("/arsip/satu.json", parsed["tabs.txt"].model_dump_json(by_alias=True).encode())
    try:
        single = folder / "more" / "rich.json"
        built = build(target, ["memory://arsip", str(single)])
        assert (built.added, built.sops) == (2, 2)
        assert build(target, ["memory://arsip", str(single)]).kept == 2
        store_.pipe("/arsip/satu.json", parsed["scan.txt"].model_dump_json(by_alias=True).encode())
        assert build(target, ["memory://arsip", str(single)]).replaced == 1
    finally:
        store_.rm("/arsip", recursive=True)


def test_of_an_archive_what_its_manifest_names(folder: Path, target: Path, parsed: dict[str, model.Result]):
    from sopparse import manifest

    def line(name: str, **more: Any) -> str:
        return manifest.dump(manifest.Line.model_validate({"name": name, "sha256": factories.SHA, **more}))

    failure = {"class": "NoProcedure", "message": "bukan SOP", "next_step": "-", "command": "sopparse parse x"}
    lines = (
        line("a.txt", status="done", result="results/tabs.txt.json", seconds=0.5),
        line("b/copy.txt", status="done", result="results/tabs.txt.json", duplicate_of="a.txt"),
        line("c.txt", status="done", result="results/gone.json"),
        line("d.txt", status="failed", error=failure),
    )
    (folder.parent / manifest.MANIFEST).write_text("".join(lines), encoding="utf-8")
    built = build(target, [str(folder.parent)])
    assert [name for name, _ in built.skipped] == ["results/gone.json"]
    assert (built.added, built.sops) == (1, 1)
    with open_index(target) as index:
        found = index.query(
            "SELECT s.name, s.status, error, message, file FROM sources s LEFT JOIN results USING (result)"
        )
        assert [tuple(row.values()) for row in found] == [
            ("a.txt", "done", None, None, "results/tabs.txt.json"),
            ("b/copy.txt", "done", None, None, "results/tabs.txt.json"),
            ("c.txt", "done", None, None, None),
            ("d.txt", "failed", "NoProcedure", "bukan SOP", None),
        ]


# Nothing breaks it


def test_a_failure_leaves_the_index_as_it_was(folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch):
    build(target, [str(folder)])
    before, add = content(target), store.add
    for path in folder.rglob("*.json"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    def full(tables: store.Tables, file: str, *rest: Any) -> int:
        if file == "scan.txt.json":
            raise sqlite3.OperationalError("database or disk is full")
        return add(tables, file, *rest)

    monkeypatch.setattr(store, "add", full)
    for rebuild in (False, True):
        with pytest.raises(sqlite3.OperationalError):
            build(target, [str(folder)], rebuild=rebuild)
        assert content(target) == before
        assert leftovers(target) == []


def test_other_files_are_never_overwritten(folder: Path, tmp_path: Path):
    text, foreign = tmp_path / "penting.txt", tmp_path / "lain.sqlite"
    text.write_text("bukan indeks")
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE penting (x)")
    for path in (text, foreign):
        before = path.read_bytes()
        with pytest.raises(SourceUnreadable, match="no index"):
            build(path, [str(folder)], rebuild=True)
        with pytest.raises(SourceUnreadable):
            open_index(path)
        assert path.read_bytes() == before


def test_an_empty_file_is_a_place_for_an_index(folder: Path, target: Path):
    target.touch()
    assert not is_index(target)
    assert build(target, [str(folder)]).added == 5
    assert is_index(target)


def test_an_index_of_another_version_is_built_anew(folder: Path, target: Path):
    build(target, [str(folder)])
    with sqlite3.connect(target) as connection:
        connection.execute(f"PRAGMA user_version = {store.SCHEMA + 1}")
    with pytest.raises(SourceUnreadable, match="version"):
        open_index(target)
    assert build(target, [str(folder)]).anew


def test_no_place_no_index(tmp_path: Path, target: Path):
    for place in (str(tmp_path / "none"), "nonsense://x"):
        with pytest.raises(SourceUnreadable):
            build(target, [place])
    assert not target.exists()
    with pytest.raises(SourceUnreadable, match="there is no index"):
        open_index(target)


# Persons


def texts(target: Path) -> Iterator[str]:
    with open_index(target) as index:
        for table in set(index.tables()) - {"meta"}:
            for row in index.rows(table):
                yield from (value for value in row.values() if isinstance(value, str))


def test_the_nip_is_masked_everywhere_unless_asked_for(target: Path, tmp_path: Path):
    header = model.Header(approver=model.Approver(name=f"Contoh NIP. {NIP}", nip=NIP))
    sop = factories.sop(activities=(f"Menghadap 19720904 199203 1 001 ({NIP})",)).model_copy(
        update={"header": header, "records": (f"Buku {NIP}",)}
    )
    finding = factories.finding().model_copy(update={"message": f"NIP {NIP}", "message_en": f"NIP {NIP}"})
    save(tmp_path / "results", "satu", factories.result(sop, name=f"{NIP}.txt", findings=(finding,)))
    build(target, [str(tmp_path / "results")])
    assert not [text for text in texts(target) if NIP in text or "199203" in text]
    assert sum("19720904******1***" in text for text in texts(target)) == 8
    with open_index(target) as index:
        approver = next(index.results()).sops[0].header.approver
        assert approver is not None
        assert approver.nip == "19720904******1***"
    assert build(target, [str(tmp_path / "results")]).kept == 1
    assert build(target, [str(tmp_path / "results")], show_nip=True).anew
    assert sum(NIP in text for text in texts(target)) == 8
