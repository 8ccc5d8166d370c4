"""The invented procedures, read from their files: what is done, in which wordings, about which things."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HALVES = {"develop": ("develop_a", "develop_b"), "held": ("held_a", "held_b")}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done. `atom` names it within its procedure: steps that share an atom are the same step."""

    atom: str
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """A step of the procedure before anyone retells it; two acts make a step that an agency may split."""

    role: str
    acts: tuple[Act, ...]
    objects: tuple[str, ...]
    tails: tuple[str, ...]
    needs: tuple[str, ...]
    outputs: tuple[str, ...]
    time: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One subject: a procedure about one thing."""

    id: str
    titles: tuple[str, ...]
    deeds: tuple[Deed, ...]


@cache
def load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def plans(half: str) -> tuple[Plan, ...]:
    """All subjects of one half; a procedure about several things gives one subject for each."""
    entries = [entry for name in HALVES[half] for entry in load(name)["procedure"]]
    return tuple(_plan(entry, thing) for entry in entries for thing in entry.get("things", ("",)))


def _plan(entry: dict[str, Any], thing: str) -> Plan:
    def filled(text: str) -> str:
        return text.replace("{thing}", thing)

    deeds = tuple(_deed(filled(line), str(number)) for number, line in enumerate(entry["steps"], 1))
    name = f"{entry['id']}/{thing}" if thing else entry["id"]
    return Plan(name, tuple(map(filled, entry["titles"])), deeds)


def _deed(line: str, number: str) -> Deed:
    role, verbs, objects, tails, needs, outputs, time = (part.strip() for part in line.split("|"))
    parts = [tuple(verb.strip() for verb in part.split("~")) for part in verbs.split("+")]
    acts = tuple(Act(number + "abc"[i] if len(parts) > 1 else number, part) for i, part in enumerate(parts))
    items = tuple(item.strip() for item in needs.split(";") if item.strip())
    return Deed(role, acts, _choices(objects), _choices(tails), items, _choices(outputs), time)


def _choices(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("~"))
