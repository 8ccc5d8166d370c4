"""What each kind of mark looks like. Keys are those of the legend's texts in `vocab/show.toml`."""

from __future__ import annotations

from typing import Any, get_args

from sopparse.export.overlay import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, YELLOW, Entry, Style
from sopparse.page import SymbolKind

LAYERS = ("words", "rules", "cells", "symbols", "edges", "fields")

# By layer, the lowest first; what the legend lists goes from the top of the page's parts to the chart.
STYLES: dict[str, Style] = {
    "fields.header": Style(BLUE, 0.5, tint=0.16),
    "fields.legal_basis": Style(ORANGE, 0.5, tint=0.22),
    "fields.lists": Style(GREEN, 0.5, tint=0.16),
    "fields.actors": Style(PURPLE, 0.5, tint=0.24),
    "fields.steps": Style(SKY, 0.5, tint=0.20),
    "fields.table": Style(YELLOW, 0.5, tint=0.32),
    "words.placed": Style(GREY, 0.35),
    "words.heading": Style(BLACK, 0.5, "dotted"),
    "words.unplaced": Style(VERMILION, 1.0, hatched=True),
    "rules.line": Style(SKY, 1.4),
    "cells.cell": Style(GREEN, 0.7, "dotted", inset=1.6),
    "cells.merged": Style(GREEN, 0.9, "dashed", inset=1.6),
    "cells.row": Style(GREEN, 1.2),
    "symbols.terminator": Style(GREEN, 1.5),
    "symbols.process": Style(BLUE, 1.5),
    "symbols.decision": Style(ORANGE, 1.5),
    "symbols.document": Style(PURPLE, 1.5),
    "symbols.off-page": Style(VERMILION, 1.5),
    "symbols.on-page": Style(SKY, 1.5),
    "symbols.other": Style(BLACK, 1.5),
    "symbols.outside": Style(GREY, 1.5, "dashed", hatched=True),
    "edges.plain": Style(PURPLE, 1.5),
    "edges.yes": Style(GREEN, 1.5),
    "edges.no": Style(VERMILION, 1.5),
    "edges.inferred": Style(ORANGE, 1.3, "dotted"),
    "edges.loose": Style(YELLOW, 1.5, "dashed"),
    "edges.label": Style(ORANGE, 0.6, "dashed"),
}

SYMBOLS = {kind: f"symbols.{kind}" for kind in get_args(SymbolKind)}


def legend(texts: dict[str, Any], lang: str) -> list[Entry]:
    """The legend in a language, from the vocabulary's tables of layers and kinds."""
    out = []
    for key, style in STYLES.items():
        layer, kind = key.split(".")
        entry = texts["legend"][layer][kind]
        out.append(Entry(key, style, f"{entry['letter']}: {entry[lang]}" if "letter" in entry else entry[lang]))
    return out


def letters(texts: dict[str, Any]) -> dict[str, str]:
    """Beside the colour, a letter says which kind of symbol was recognised."""
    symbols: dict[str, dict[str, str]] = texts["legend"]["symbols"]
    return {kind: entry["letter"] for kind, entry in symbols.items() if "letter" in entry}
