"""What follows from a corrected text, computed as the parser computes it: minutes, citation keys, roles, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sopparse.corrections.patch import exists, resolve
from sopparse.evidence import Issue
from sopparse.normalize.citation_types import Kind, level_of
from sopparse.normalize.citations import home_of, identify, read_citation
from sopparse.normalize.durations import read_duration
from sopparse.normalize.regions import Region, region_named
from sopparse.normalize.regulations import status_of
from sopparse.normalize.titles import read_title

_DURATION = re.compile(r"(/sops/\d+/procedures/\d+/steps/\d+/duration)(/text)?$")
_STEP = re.compile(r"(/sops/\d+/procedures/\d+/steps/\d+)$")
_CITATION = re.compile(r"(/sops/\d+/legal_basis/\d+)(?:/(\w+))?$")
_ACTOR = re.compile(r"(/sops/\d+/procedures/\d+/actors/\d+)(?:/label)?$")
_REGION = re.compile(r"(/sops/\d+/header/agency/region)(/level|/name)?$")
_KEY_PARTS = ("type", "issuer", "region", "number", "year")


def derive(document: Any, pointer: str, minutes_per_day: float) -> tuple[str, Sequence[Issue]]:
    """Completes the document after the value at `pointer` was set.

    Returns what must be reported as touched, and what the normalizers noticed about the new text.
    """
    if (found := _DURATION.match(pointer)) or (found := _STEP.match(pointer)):
        at = found.group(1) if pointer.endswith(("/duration", "/text")) else f"{pointer}/duration"
        duration = resolve(document, at) if exists(document, at) else None
        if isinstance(duration, dict) and (pointer.endswith("/text") or "parts" not in duration):
            return pointer, _duration(duration, minutes_per_day)
    elif found := _CITATION.match(pointer):
        citation = resolve(document, found.group(1))
        if isinstance(citation, dict):
            home = _home(document, found.group(1))
            if found.group(2) == "text":
                return pointer, _citation(citation, home)
            if found.group(2) is None and "status" not in citation:
                given = dict(citation)
                issues = _citation(citation, home)
                citation.update(given)
                if any(key in given for key in _KEY_PARTS):
                    _identify(citation, home)
                return pointer, issues
            if found.group(2) in _KEY_PARTS:
                _identify(citation, home)
    elif found := _ACTOR.match(pointer):
        actor = resolve(document, found.group(1))
        if isinstance(actor, dict) and (pointer.endswith("/label") or "role" not in actor):
            title = read_title(actor.get("label") or "").value
            actor["role"], actor["unit"] = (title.role, title.unit) if title else (None, None)
            return found.group(1), ()
    elif found := _REGION.match(pointer):
        region = resolve(document, found.group(1))
        if isinstance(region, dict) and (found.group(2) or "code" not in region):
            name, level = region.get("name"), region.get("level")
            known = region_named(name, level).value if isinstance(name, str) and isinstance(level, str) else None
            region["code"] = known.code if known is not None else None
        return found.group(1), ()
    return pointer, ()


def _duration(duration: dict[str, Any], minutes_per_day: float) -> Sequence[Issue]:
    text = duration.get("text")
    if not isinstance(text, str):
        return ()  # the model refuses it
    reading = read_duration(text, minutes_per_day)
    value = reading.value
    minutes = list(value.minutes) if value is not None and value.minutes is not None else None
    duration["parts"] = [asdict(part) for part in value.parts] if value is not None else []
    duration["minutes"], duration["iso8601"] = minutes, value.iso8601 if value is not None else None
    return reading.issues


def _home(document: Any, pointer: str) -> Region | None:
    region = resolve(document, "/".join(pointer.split("/")[:3]) + "/header/agency").get("region")
    return Region(region["level"], region["name"], region["code"]) if region else None


def _citation(citation: dict[str, Any], home: Region | None) -> Sequence[Issue]:
    text = citation.get("text")
    if not isinstance(text, str):
        return ()
    reading = read_citation(text, home)
    if reading.value is not None:
        told = asdict(reading.value)
        citation["status"] = {name: told.pop(f"status_{name}") for name in ("state", "by", "as_of")}
        citation.update(told)
    return reading.issues


def _identify(citation: dict[str, Any], home: Region | None) -> None:
    type_, region = citation.get("type"), citation.get("region")
    number, year = citation.get("number"), citation.get("year")
    if not isinstance(type_, str) or not isinstance(number, str | None) or not isinstance(year, int | None):
        return
    level = level_of(type_)
    place = None
    if level is not None:
        named = region_named(region, None if level == "any" else level).value if isinstance(region, str) else None
        place = named if region is not None else home_of(level, home)
    citation["id"] = identify(Kind(type_, citation.get("issuer"), level), citation.get("issuer"), place, number, year)
    status = status_of(citation["id"])
    citation["status"] = {"state": status.state, "by": list(status.by), "as_of": status.as_of}
