"""The published schema is the model's own, valid, and strict enough to refuse what the contract refuses."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import sopparse
from tests.factories import result
from tests.reference import ROOT, schema_text

SCHEMA = json.loads(schema_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_file_is_up_to_date() -> None:
    assert (ROOT / "schemas/result.schema.json").read_text(encoding="utf-8") == schema_text(), "run `make schema`"


def test_the_schema_is_valid() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"].endswith("result.schema.json")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_result_is_valid() -> None:
    VALIDATOR.validate(json.loads(result().model_dump_json(by_alias=True)))


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.txt")), ids=lambda path: path.name)
def test_the_result_of_each_sample_is_valid(path: Path) -> None:
    VALIDATOR.validate(json.loads(sopparse.parse(path).model_dump_json(by_alias=True)))


@pytest.mark.parametrize(
    ("label", "path", "value"),
    [
        ("empty text", ("sops", 0, "header", "title"), ""),
        ("a date in words", ("sops", 0, "header", "created"), "9 Januari 2017"),
        (
            "a short NIP",
            ("sops", 0, "header", "approver"),
            {"position": None, "name": None, "rank": None, "nip": "1971"},
        ),
        ("a number for text", ("sops", 0, "header", "number"), 7),
        ("confidence above 1", ("report", "confidence"), 1.2),
        ("an unknown grade", ("report", "grade"), "superb"),
        ("an unknown status", ("status",), "done"),
        ("an unknown key", ("surprise",), 1),
    ],
)
def test_what_the_contract_refuses(label: str, path: tuple[str | int, ...], value: object) -> None:
    document = json.loads(result().model_dump_json(by_alias=True))
    target = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    assert not VALIDATOR.is_valid(document), label
