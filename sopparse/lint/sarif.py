"""What the rules found, in the form that editors and code hosts read: SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from sopparse.lint import Breach, rules

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(found: Iterable[tuple[str, Sequence[Breach]]], version: str, lang: str) -> dict[str, Any]:
    """One run over files with what was found in each; `version` is that of the program."""
    codes = list(rules())
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {"driver": {"name": "sopparse", "version": version, "rules": _rules(lang)}},
                "language": lang,
                "columnKind": "unicodeCodePoints",
                "results": [_result(file, one, codes, lang) for file, breaches in found for one in breaches],
            }
        ],
    }


def _rules(lang: str) -> list[dict[str, Any]]:
    return [
        {
            "id": code,
            "shortDescription": {"text": rule.title_id if lang == "id" else rule.title_en},
            "fullDescription": {"text": rule.reason_id if lang == "id" else rule.reason_en},
            "defaultConfiguration": {"level": rule.severity},
            "properties": {"source": rule.source},
        }
        for code, rule in rules().items()
    ]


def _result(file: str, breach: Breach, codes: list[str], lang: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
    span = next((origin.span for origin in breach.origins if origin.span is not None), None)
    if span is not None:
        place["region"] = {"charOffset": span[0], "charLength": span[1] - span[0]}
    boxes = [origin.box for origin in breach.origins if origin.box is not None and origin.page == breach.page]
    return {
        "ruleId": breach.code,
        "ruleIndex": codes.index(breach.code),
        "level": breach.severity,
        "message": {"text": breach.message if lang == "id" else breach.message_en},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": breach.path}]}],
        # SARIF knows lines and bytes, but neither pages nor boxes.
        "properties": {"page": breach.page, "boxes": boxes},
    }
