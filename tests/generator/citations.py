"""Random references to regulations, with what they say."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.generator.words import fields, load, piece, worded

Truth = dict[str, Any]


def citation(text: str, kind: str, number: str, year: int, about: str, issuer: str | None, region: str | None) -> Truth:
    return {
        "text": text,
        "type": kind,
        "issuer": issuer,
        "region": region,
        "number": number,
        "year": year,
        "about": about,
    }


def legal_basis(rng: Random, topics: list[str], agency: Truth, count: int) -> list[Truth]:
    """`count` references: national ones that fit the topics, then regional ones of the agency's region."""
    lines = [fields(line) for line in load("regulations")["national"]]
    fitting = [line for line in lines if "*" in line[5] or set(topics) & set(line[5].split())]
    regional = min(rng.choice((0, 1, 1, 2)), count - 1) if count > 1 else 0
    chosen = rng.sample(fitting, min(count - regional, len(fitting)))
    order = {"uu": 0, "pp": 1, "perpres": 2, "keppres": 3, "inpres": 4}
    chosen.sort(key=lambda line: (order.get(line[0], 9), int(line[3])))
    found = [_national(rng, line) for line in chosen]
    titles = rng.sample(load("regulations")["regional_titles"], regional)
    return found + [_regional(rng, title, agency) for title in titles]


def _national(rng: Random, line: list[str]) -> Truth:
    kind, issuer, number, year, about = line[:5]
    printed = line[6] if len(line) > 6 else f"{number} {piece(rng, 'year')} {year}"
    form = rng.choice(load("regulations")["forms"][f"{kind}-{issuer}" if issuer else kind])
    text = f"{worded(rng, form, no=piece(rng, 'no'), n=printed)} {piece(rng, 'about')} {about}"
    chance = rng.random()
    if kind in ("uu", "pp") and chance < 0.12:
        gazette = rng.choice(load("regulations")["gazettes"])
        text += " " + worded(rng, gazette, y=year, g=rng.randrange(20, 290), h=rng.randrange(4200, 6700))
    elif kind == "uu" and number == "23" and year == "2014" and chance < 0.5:
        text += " " + worded(rng, load("regulations")["amended"])
    return citation(text, kind, number, int(year), about, issuer or None, None)


def _regional(rng: Random, title: str, agency: Truth) -> Truth:
    region = agency["region"]
    level = load("printing")["words"]["level"][region["level"]]
    full = f"{level} {region['name']}"
    kind = rng.choice(load("printing")["words"]["chief"][region["level"]])
    number, year = str(rng.randrange(2, 120)), rng.randrange(2009, 2024)
    printed = f"{number} {piece(rng, 'year')} {year}"
    about = worded(rng, title, agency=agency["name"], Region=full)
    form = rng.choice(load("regulations")["forms"][kind])
    place = worded(rng, form, region=region["name"], Region=full, no=piece(rng, "no"), n=printed)
    return citation(f"{place} {piece(rng, 'about')} {about}", kind, number, year, about, None, region["name"])
