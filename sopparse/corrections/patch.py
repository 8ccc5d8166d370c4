"""JSON Patch (RFC 6902) and JSON Pointer (RFC 6901) on plain JSON: `add`, `replace`, `remove`, `test`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from sopparse.errors import CorrectionRefused
from sopparse.model import Correction

# Patches of a page for review have a few hundred operations at most.
MOST_OPERATIONS = 20_000
_KNOWN = ("add", "remove", "replace", "test")
_FORM = "A patch is a JSON list of operations (RFC 6902), as `sopparse review` saves it."


def read_patch(content: bytes, name: str) -> tuple[Correction, ...]:
    """The operations in a file. Raises CorrectionRefused where it holds none."""
    try:
        entries = json.loads(content, parse_constant=_refuse)
        json.dumps(entries, ensure_ascii=False).encode()  # half a surrogate pair cannot be written
    except (ValueError, RecursionError):
        raise CorrectionRefused(f"{name} is not JSON", _FORM) from None
    return operations_of(entries, name)


def operations_of(entries: Any, name: str) -> tuple[Correction, ...]:
    """The operations in a list that was read from JSON."""
    if not isinstance(entries, list) or len(entries) > MOST_OPERATIONS:
        raise CorrectionRefused(f"{name} is no list of operations", _FORM)
    return tuple(_operation(entry, number, name) for number, entry in enumerate(entries, start=1))


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _operation(entry: Any, number: int, name: str) -> Correction:
    if not isinstance(entry, dict) or entry.get("op") not in _KNOWN:
        shown = entry.get("op") if isinstance(entry, dict) else type(entry).__name__
        raise CorrectionRefused(f"{name}: operation {number} ({shown}) is none of {', '.join(_KNOWN)}", _FORM)
    if entry["op"] != "remove" and "value" not in entry:
        raise CorrectionRefused(f"{name}: operation {number} has no value", _FORM)
    try:
        # Members that the standard does not know are to be ignored.
        return Correction.model_validate({key: entry[key] for key in ("op", "path", "value") if key in entry})
    except ValidationError:
        raise CorrectionRefused(f"{name}: operation {number} has no path, or no JSON value", _FORM) from None


def tokens_of(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise CorrectionRefused(f"{pointer!r} is no JSON Pointer", "A pointer begins with a slash.")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def resolve(document: Any, pointer: str) -> Any:
    """The value at a pointer. Raises CorrectionRefused where there is none."""
    value = document
    for token in tokens_of(pointer):
        value = _child(value, token, pointer)
    return value


def exists(document: Any, pointer: str) -> bool:
    try:
        resolve(document, pointer)
    except CorrectionRefused:
        return False
    return True


def _child(value: Any, token: str, pointer: str) -> Any:
    if isinstance(value, dict) and token in value:
        return value[token]
    if isinstance(value, list):
        return value[index_of(token, len(value) - 1, pointer)]
    raise _missing(pointer)


def index_of(token: str, last: int, pointer: str) -> int:
    """The position that a token of a pointer names, 0 to `last`."""
    if not (token.isascii() and token.isdigit()) or (len(token) > 1 and token[0] == "0") or int(token) > last:
        raise _missing(pointer)
    return int(token)


def _missing(pointer: str) -> CorrectionRefused:
    return CorrectionRefused(f"there is nothing at {pointer}", "The patch was made for another result; make it anew.")


def apply(document: Any, one: Correction) -> str:
    """Changes the document by one operation; returns the pointer to the place, with `-` as the position it meant."""
    tokens = tokens_of(one.path)
    if one.op == "test":
        if not same(resolve(document, one.path), one.value):
            raise CorrectionRefused(
                f"{one.path} is no longer what was corrected", "The patch was made for another result; make it anew."
            )
        return one.path
    if not tokens:
        raise CorrectionRefused("a patch may not replace the whole result", _FORM)
    parent = resolve(document, one.path[: one.path.rindex("/")])
    key = tokens[-1]
    if isinstance(parent, list):
        end = len(parent) if one.op == "add" else len(parent) - 1
        at = end if key == "-" and one.op == "add" else index_of(key, end, one.path)
        _change_list(parent, at, one)
        return f"{one.path[: one.path.rindex('/')]}/{at}"
    if not isinstance(parent, dict) or (one.op != "add" and key not in parent):
        raise _missing(one.path)
    if one.op == "remove":
        del parent[key]
    else:
        parent[key] = _copied(one.value)
    return one.path


def _change_list(items: list[Any], at: int, one: Correction) -> None:
    if one.op == "add":
        items.insert(at, _copied(one.value))
    elif one.op == "remove":
        del items[at]
    else:
        items[at] = _copied(one.value)


def _copied(value: Any) -> Any:
    return json.loads(json.dumps(value))


def same(one: Any, other: Any) -> bool:
    """Equality of JSON values: true is not 1, but 1.0 is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def shifted(pointer: str, items: str, index: int, by: int) -> str | None:
    """The pointer after an item was put into the list `items` at `index` (`by` 1) or taken out (-1); None: gone."""
    if not pointer.startswith(items + "/"):
        return pointer
    head, slash, rest = pointer[len(items) + 1 :].partition("/")
    if not head.isdigit() or int(head) < index:
        return pointer
    if by < 0 and int(head) == index:
        return None
    return f"{items}/{int(head) + by}{slash}{rest}"


def groups(operations: Iterable[Correction]) -> Iterator[Sequence[Correction]]:
    """Each change with the tests before it: what fits or does not fit together."""
    waiting: list[Correction] = []
    for one in operations:
        waiting.append(one)
        if one.op != "test":
            yield waiting
            waiting = []
    if waiting:
        yield waiting
