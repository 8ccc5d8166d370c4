"""Random durations in every common form, with their parts."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.generator.words import load, worded

Truth = dict[str, Any]


def part(low: float | None, high: float | None, unit: str, working: bool = False, approximate: bool = False) -> Truth:
    return {"min": low, "max": high, "unit": unit, "working": working, "approximate": approximate, "scope": None}


def duration(rng: Random, time_class: str) -> Truth | None:
    """A duration of a time class of the procedure files; None for a step without one."""
    if time_class == "-":
        return None
    forms = [form for form in load("lists")["duration"] if time_class in form["classes"]]
    form = rng.choices(forms, [form["weight"] for form in forms])[0]
    values: dict[str, Any] = {"one": 1, "-": None}
    if "n" in form:
        values["n"] = rng.choice(form["n"])
        values["words"] = load("lists")["numerals"].get(str(values["n"]), "")
    if "pairs" in form:
        values["a"], values["b"] = rng.choice(form["pairs"])
    shown = {name: value for name, value in values.items() if value is not None}
    text = worded(rng, form["text"], **shown)
    working = form.get("working", False) or ("hari kerja" in text and bool(form["parts"]))
    parts = [
        part(values[low], values[high], unit, working, form.get("approximate", False))
        for low, high, unit in form["parts"]
    ]
    return {"text": text, "parts": parts}


def bare_minutes(rng: Random) -> Truth:
    """A number alone, under a heading that names the unit."""
    n = rng.choice((5, 10, 15, 30, 45, 60, 120))
    return {"text": str(n), "parts": [part(n, n, "minute")]}
