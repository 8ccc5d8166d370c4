"""The invented wording, and choosing from it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@cache
def load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def procedures() -> tuple[dict[str, Any], ...]:
    return (*load("procedures_a")["procedure"], *load("procedures_b")["procedure"])


def worded(rng: Random, pattern: str, **names: object) -> str:
    """`pattern` with one of each `[a~b]` chosen and each `{name}` filled."""
    text = _CHOICE.sub(lambda m: rng.choice(m.group(1).split("~")), pattern)
    for name, value in names.items():
        text = text.replace("{" + name + "}", str(value))
    return " ".join(text.split())


def piece(rng: Random, name: str, **names: object) -> str:
    """A wording of `[pieces]`."""
    found = load("printing")["pieces"][name]
    return worded(rng, found if isinstance(found, str) else rng.choice(found), **names)


def fields(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    return text[:1].lower() + text[1:]
