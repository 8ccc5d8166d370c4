"""The generator: what it states as truth can be read in what it prints, and nothing is left to chance."""

from __future__ import annotations

import html
import json
import re
import time
from pathlib import Path
from typing import Any, get_args

import pytest

from sopparse import model
from tests.generator import FORMS, document, hostile, make_sop, render
from tests.generator.__main__ import samples
from tests.generator.sheet import LISTS
from tests.generator.words import fields, load, procedures

SAMPLES = Path(__file__).parent.parent / "samples"
SEEDS = range(300)
# Forms in which the lines of neighbouring cells stand side by side: single words are looked for there.
WOVEN = ("spaces", "scan", "multi")
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", html.unescape(_TAG.sub(" ", text)).casefold())


def shown(value: str, page: str, printed: str, woven: bool) -> bool:
    """Whether the text stands on the page, at once or (where lines are woven) word by word."""
    if letters(value) in printed:
        return True
    return woven and all(letters(word) in printed for word in value.split())


def texts(sop: dict[str, Any]) -> list[str]:
    """Every text that the truth states."""
    header = sop["header"]
    found = [header["title"], header["number"], *(header["approver"] or {}).values()]
    found += [header["agency"].get("government"), header["agency"].get("name"), header["agency"].get("address")]
    found += header["agency"].get("units", [])
    found += [item for name in LISTS[1:] for item in sop[name]]
    found += [cited[key] for cited in sop["legal_basis"] for key in ("text", "number", "about")]
    for table in sop["procedures"]:
        found += [table["title"], *(actor["label"] for actor in table["actors"])]
        for step in table["steps"]:
            found += [step["activity"], step["note"], step["printed_number"], *step["requirements"], *step["outputs"]]
            found.append(step["duration"]["text"] if step["duration"] else None)
    return [text for text in found if text]


@pytest.fixture(scope="module")
def documents() -> list[tuple[str, bytes, dict[str, Any]]]:
    return [document(seed) for seed in SEEDS]


def test_the_same_seed_gives_the_same_document() -> None:
    assert document(7) == document(7)
    assert make_sop(7) == make_sop(7)
    assert len({document(seed)[1] for seed in range(50)}) == 50


def test_all_forms_appear(documents: list[tuple[str, bytes, dict[str, Any]]]) -> None:
    assert {form for form, _, _ in documents} == set(FORMS)
    assert len(FORMS) >= 12


def test_what_is_stated_can_be_read(documents: list[tuple[str, bytes, dict[str, Any]]]) -> None:
    missing = []
    for seed, (form, content, truth) in zip(SEEDS, documents, strict=True):
        page = decoded(content)
        printed = letters(page)
        # The heads of a scan are misread on purpose: the steps repeat the names, or a reader repairs them.
        known = {
            letters(actor["label"]) for sop in truth["sops"] for table in sop["procedures"] for actor in table["actors"]
        }
        for text in [text for sop in truth["sops"] for text in texts(sop)]:
            if form == "scan" and letters(text) in known:
                continue
            if not shown(text, page, printed, form in WOVEN):
                missing.append((seed, form, text))
    assert missing == []


def test_values_have_the_form_of_the_model(documents: list[tuple[str, bytes, dict[str, Any]]]) -> None:
    for _, _, truth in documents:
        for sop in truth["sops"]:
            header = sop["header"]
            for name in ("created", "revised", "effective", "approved"):
                assert header[name] is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", header[name])
            model.Approver(**(header["approver"] or {}))
            model.Agency(**header["agency"])
            for cited in sop["legal_basis"]:
                assert cited["type"] in get_args(model.RegulationType)
            for table in sop["procedures"]:
                ids = {actor["id"] for actor in table["actors"]}
                for number, step in enumerate(table["steps"], 1):
                    assert step["number"] == number
                    assert set(step.get("actors", ids)) <= ids
                    if step["duration"]:
                        model.Duration(**step["duration"])


def test_actors_are_stated_only_where_the_text_says_them() -> None:
    """Plain text without marks: the name opens the sentence or closes it."""
    for seed in range(60):
        _, truth = render(make_sop(seed), "cells", seed)
        for table in truth["sops"][0]["procedures"]:
            labels = {actor["id"]: actor["label"] for actor in table["actors"]}
            for step in table["steps"]:
                if "actors" in step:
                    label = labels[step["actors"][0]]
                    assert step["activity"].startswith(label) or step["activity"].endswith(f"oleh {label}")


def test_the_sizes_of_procedures_vary() -> None:
    tables = [table for seed in SEEDS for table in make_sop(seed)["sops"][0]["procedures"]]
    assert {len(table["steps"]) for table in tables} >= set(range(5, 14))
    assert {len(table["actors"]) for table in tables} >= set(range(2, 8))


@pytest.mark.parametrize("form", FORMS)
def test_damage_changes_the_print_and_not_the_number_of_values(form: str) -> None:
    truth = make_sop(12)
    clean, damaged = render(truth, form, 12, plain=True), render(truth, form, 12, 1.0, plain=True)
    assert clean[0] != damaged[0]
    for left, right in zip(clean[1]["sops"], damaged[1]["sops"], strict=True):
        assert len(left["legal_basis"]) == len(right["legal_basis"])
        assert [len(t["steps"]) for t in left["procedures"]] == [len(t["steps"]) for t in right["procedures"]]


def test_wording_is_well_formed() -> None:
    assert len(procedures()) >= 25
    roles = load("agencies")["roles"]
    for plan in procedures():
        for line in plan["steps"]:
            role, *_, time_class = fields(line)
            assert len(fields(line)) == 5, line
            assert role in roles, line
            assert time_class in "mMhdwc-", line
            assert line.count("[") == line.count("]"), line


def test_two_hundred_documents_take_less_than_ten_seconds() -> None:
    start = time.process_time()
    for seed in range(200):
        document(seed)
    assert time.process_time() - start < 10


def test_committed_samples_are_current() -> None:
    for name, (content, truth) in samples().items():
        assert (SAMPLES / f"{name}.txt").read_bytes() == content, "run: python -m tests.generator samples"
        assert json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8")) == truth


def test_hostile_inputs_are_many_and_fixed() -> None:
    found = hostile()
    assert len({name for name, _ in found}) == len(found) >= 30
    assert found == hostile()
