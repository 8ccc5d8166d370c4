"""SOPs of invented agencies with exact truth, in every form in which such texts are found.

`make_sop` makes the truth, `render` prints it in one form and says what of the truth a reader of the print can still
know, `document` does both at random. All are functions of their seed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.generator.content import make_sop, with_tables
from tests.generator.damage import encoded
from tests.generator.delimited import pipes, separated
from tests.generator.hostile import hostile
from tests.generator.markup import markup, tags
from tests.generator.scan import scan
from tests.generator.sheet import Needs, Sheet, lay_out
from tests.generator.spaces import spaces
from tests.generator.stacked import cells, scrambled, stacked
from tests.generator.tabs import beside, pages, tabs

__all__ = ["FORMS", "document", "hostile", "make_sop", "render"]

Truth = dict[str, Any]
_MULTI = (tabs, pipes, spaces, markup)
_BARE = Needs(ruled=False, signature=0.1)


def _multi(sheet: Sheet, rng: Random, damage: float) -> str:
    return rng.choice(_MULTI)(sheet, rng, damage)


_FORMS: dict[str, tuple[Callable[[Sheet, Random, float], str], Needs]] = {
    "tabs": (tabs, Needs()),
    "beside": (beside, Needs()),
    "pages": (pages, Needs(signature=0.3)),
    "pipes": (pipes, Needs()),
    "csv": (separated, Needs()),
    "html": (markup, Needs()),
    "tags": (tags, Needs()),
    "stacked": (stacked, Needs(signature=0.3)),
    "scrambled": (scrambled, Needs(odd=0.5, signature=0.5, dropped=0.15)),
    "cells": (cells, _BARE),
    "spaces": (spaces, _BARE),
    "scan": (scan, Needs(ruled=False, odd=0.15, signature=0.1)),
    "multi": (_multi, Needs(captions=True)),
}
FORMS: tuple[str, ...] = tuple(_FORMS)
# Share of documents that hold two SOPs one after the other.
TWO_SOPS = 0.03


def render(
    truth: Truth,
    form: str,
    seed: int,
    damage: float = 0.0,
    plain: bool = False,
    change: Callable[[Sheet], object] | None = None,
) -> tuple[bytes, Truth]:
    """The truth printed in one form, and what of it the print still says. `plain`: UTF-8 whatever the seed.

    `change` alters what is printed after the truth was told; the rest is printed as it would be without it.
    """
    rng = Random(f"{form}-{seed}")
    draw, needs = _FORMS[form]
    sops = (
        [with_tables(sop, rng.choice((2, 2, 3)), seed) for sop in truth["sops"]] if form == "multi" else truth["sops"]
    )
    sheets = [lay_out(sop, rng, damage, needs) for sop in sops]
    for sheet in sheets if change is not None else ():
        change(sheet)
    between = "\n\f\n" if form in ("spaces", "scan", "pages") else "\n\n\n"
    text = between.join(draw(sheet, rng, damage) for sheet in sheets)
    return encoded(rng, text, plain), {"sops": [sheet.truth for sheet in sheets]}


def document(seed: int) -> tuple[str, bytes, Truth]:
    """A document of a random form with its truth: two thirds of them are clean, the others damaged."""
    rng = Random(f"document-{seed}")
    form = rng.choice(FORMS)
    truth = make_sop(seed)
    if rng.random() < TWO_SOPS:
        truth = {"sops": truth["sops"] + make_sop(seed + 500_000)["sops"]}
    damage = rng.choice((0.0, 0.0, 0.3, 0.8)) if form != "scan" else rng.choice((0.2, 0.5, 1.0))
    return (form, *render(truth, form, seed, damage))
