"""Whatever the bytes: a result that keeps the contract, or an error that says what to do now."""

from __future__ import annotations

import json
import time

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse import model, pipeline
from sopparse.errors import NoProcedure, SopError
from sopparse.layout.blocks import lay_out
from sopparse.readers import read
from tests.conservation import breaches
from tests.mutations import lines, mutated
from tests.reference import schema_text

VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema_text()))
# Seconds for one small document, far above the usual 20 ms: the machine may be busy.
PATIENCE = 5.0


def hold(source: bytes) -> model.Result | None:
    """The result, if there is one, after all laws were checked."""
    started = time.process_time()
    try:
        laid = lay_out(read(source, "any"))
        parts = pipeline.extract(laid, pipeline.Options())
        if not parts:
            raise NoProcedure("any", "any")
        result = pipeline.publish(laid.document, parts, laid.furniture)
    except SopError as error:
        return _explained(error)
    assert time.process_time() - started < PATIENCE
    assert list(breaches(laid.document, parts, result)) == []
    VALIDATOR.validate(json.loads(result.model_dump_json(by_alias=True)))
    return result


def _explained(error: SopError) -> None:
    assert error.message
    assert error.next_step
    assert error.exit_code > 1


@settings(max_examples=1700)
@given(st.binary(max_size=400))
def test_any_bytes(source: bytes) -> None:
    hold(source)


@settings(max_examples=1400)
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    hold(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=2000)
@given(lines())
def test_any_lines_of_labels_cells_and_marks(source: bytes) -> None:
    hold(source)


@settings(max_examples=250)
@given(mutated())
def test_any_damaged_document(source: bytes) -> None:
    hold(source)


@settings(max_examples=30)
@given(mutated())
def test_the_same_bytes_give_the_same_result(source: bytes) -> None:
    def dump() -> str:
        try:
            return pipeline.parse(source, "any").model_dump_json(by_alias=True)
        except SopError as error:
            return repr(error)

    assert dump() == dump()
