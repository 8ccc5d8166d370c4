"""What scanning, typing and saving do to a text: letters, labels, encodings."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from tests.generator.words import load

Truth = dict[str, Any]
# Words shorter than this cannot be recovered once a letter is wrong.
SHORTEST_WORD = 6
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_WORD},}}")
_LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")


def blurred(rng: Random, text: str, rate: float) -> str:
    """`text` with one letter in some long words misread; the share of words is `rate`."""
    if rate <= 0:
        return text
    pairs = [pair.split() for pair in load("printing")["confusions"]["letters"]]

    def misread(match: re.Match[str]) -> str:
        word = match.group()
        if rng.random() >= rate:
            return word
        seen, taken = rng.choice(pairs)
        at = word.find(seen, 1)
        return word if at < 1 else word[:at] + taken + word[at + len(seen) :]

    return _WORD.sub(misread, text)


def blur(rng: Random, sop: Truth, rate: float) -> None:
    """Misreads in the running text of the SOP: what is printed is the truth then. Numbers and dates stay."""
    for name in _LISTS:
        sop[name] = [blurred(rng, item, rate) for item in sop[name]]
    for cited in sop["legal_basis"]:
        about = blurred(rng, cited["about"], rate)
        cited["text"] = cited["text"].replace(cited["about"], about)
        cited["about"] = about
    for table in sop["procedures"]:
        for step in table["steps"]:
            step["activity"] = blurred(rng, step["activity"], rate)
            step["requirements"] = [blurred(rng, item, rate) for item in step["requirements"]]
            step["outputs"] = [blurred(rng, item, rate) for item in step["outputs"]]


def encoded(rng: Random, text: str, plain: bool = False) -> bytes:
    """The text as bytes of one of the encodings in which such files are found."""
    if plain:
        return text.encode("utf-8")
    if rng.random() < 0.15:
        text = text.replace("\n", "\r\n")
    name = rng.choices(("utf-8", "utf-8-sig", "utf-16", "cp1252"), (80, 8, 5, 7))[0]
    try:
        return text.encode(name)
    except UnicodeEncodeError:
        return text.encode("utf-8")
