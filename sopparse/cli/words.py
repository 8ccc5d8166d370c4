"""Sentences for people, in the language they chose, and tables of plain text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from sopparse.errors import SopError


def say(key: str, lang: str, **details: object) -> str:
    from sopparse import vocab

    entry: Any = vocab.load("messages")
    for part in key.split("."):
        entry = entry[part]
    return str(entry[lang]).format(**details)


def sentence(failure: SopError, name: str, lang: str) -> str:
    kind = say(f"failure.{type(failure).__name__}", lang)
    detail = failure.message.removeprefix(f"{name}: ").removeprefix(f"{os.path.basename(name)}: ")
    return f"{name}: {kind} ({detail})\n  -> {failure.next_step}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """The rows in columns, each as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
