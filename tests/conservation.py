"""The laws that hold between a source and what was made of it, whatever the source: each breach as a sentence."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex

from sopparse import model
from sopparse.evidence import Field
from sopparse.extract.parts import Part
from sopparse.page import Document

_MARKUP = regex.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", regex.DOTALL)
_NO_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
# Several values are read out of the same words: a region out of the letterhead, a role out of the label of an actor,
# performers out of the marks and sentences of a step.
_DERIVED = regex.compile(r"/region/\w+$|/actors/\d+/(role|group)$|/steps/\d+/actors$")


def breaches(document: Document, parts: Sequence[Part[model.Sop]], result: model.Result) -> Iterator[str]:
    fields = {f"/sops/{i}{path}": field for i, part in enumerate(parts) for path, field in part.fields.items()}
    yield from _counted(document, result)
    yield from _pointers(result)
    repeated = _repeated(document)
    yield from _claims(document, fields, repeated)
    yield from _labels(parts, repeated)
    if document.text is not None:
        yield from _quotations(document.text, fields)


def _counted(document: Document, result: model.Result) -> Iterator[str]:
    coverage = result.report.coverage
    if coverage.words != len(document.words) or coverage.words != coverage.placed + len(coverage.unplaced):
        yield f"{coverage.placed} placed, {len(coverage.unplaced)} not, of {coverage.words} ({len(document.words)})"
    indexes = [word.index for word in document.words]
    if indexes and sorted(set(indexes)) != list(range(len(set(indexes)))):
        yield "words are not numbered one after the other"


def _pointers(result: model.Result) -> Iterator[str]:
    """Every field report stands at a value of the model."""
    tree = result.model_dump(by_alias=True)
    for path in result.report.fields:
        node: Any = tree
        for key in path.split("/")[1:]:
            node = node[int(key)] if isinstance(node, (list, tuple)) and int(key) < len(node) else node
            if isinstance(node, Mapping):
                if key not in node and not key.isdigit():
                    yield f"{path} points to nothing"
                    break
                node = node.get(key)
            if node is None:
                break


def _repeated(document: Document) -> frozenset[int]:
    """Words of cells that are merged over several rows: they stand in each of them."""
    rows = Counter(index for page in document.pages for row in page.rows for index in {w.index for w in row.words})
    return frozenset(index for index, times in rows.items() if times > 1)


def _claims(document: Document, fields: Mapping[str, Field[Any]], repeated: frozenset[int]) -> Iterator[str]:
    """No character belongs to two values, but for cells merged over rows and values derived from the same words."""
    sizes = {word.index: len(word.text) for word in document.words}
    owners: dict[tuple[int, int], str] = {}
    for path, field in fields.items():
        derived = field.basis == "inferred" or _DERIVED.search(path) is not None
        for origin in field.origins:
            for piece in origin.pieces:
                if not 0 <= piece.start < piece.end <= sizes.get(piece.word, 0):
                    yield f"{path}: characters {piece.start}:{piece.end} of word {piece.word} do not exist"
                for at in range(piece.start, piece.end) if not derived and piece.word not in repeated else ():
                    other = owners.setdefault((piece.word, at), path)
                    if other != path:
                        yield f"{path} and {other} both hold {field.raw!r}"
                        return


def _labels(parts: Sequence[Part[model.Sop]], repeated: frozenset[int]) -> Iterator[str]:
    """A label is no value, except where one word is cut into both."""
    for part in parts:
        valued: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for path, field in part.fields.items():
            if field.basis != "inferred" and not _DERIVED.search(path):
                for origin in field.origins:
                    for piece in origin.pieces:
                        valued[piece.word].append((piece.start, piece.end))
        for word in part.labels:
            if word.index not in repeated and any(
                low < word.end and word.start < high for low, high in valued[word.index]
            ):
                yield f"{word.text!r} is both a label and a value"
                return


def _quotations(text: str, fields: Mapping[str, Field[Any]]) -> Iterator[str]:
    """The raw text of a value is the text at its origins, but for markup and space."""
    for path, field in fields.items():
        spans = [origin.span for origin in field.origins if origin.span is not None]
        if not spans or field.raw is None or path.endswith("/actors"):
            continue
        if any(not 0 <= low < high <= len(text) for low, high in spans):
            yield f"{path}: {spans} does not lie in the text"
            continue
        printed = " ".join(text[low:high] for low, high in spans)
        raw = _letters(field.raw)
        if not _within(raw, _letters(printed)) or not _within(_letters(_MARKUP.sub("", printed)), raw):
            yield f"{path}: {field.raw!r} is not {printed!r}"


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", html.unescape(text))


def _within(short: str, long: str) -> bool:
    """Whether the characters of one text stand in the other in the same order."""
    rest = iter(long)
    return all(character in rest for character in short)
