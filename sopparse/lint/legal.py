"""The rule about the legal basis: in force, rightly cited, in the order of the hierarchy."""

from __future__ import annotations

from functools import cache

from sopparse import vocab
from sopparse.lint.subject import Offence, Offences, Subject, offence
from sopparse.model import Citation
from sopparse.standing import signed_on, standing_of

# How much of a citation a message shows.
_SHOWN = 70


def basis(subject: Subject) -> Offences:
    """R12"""
    misquoted = {each.path: each for each in subject.findings("R12") if subject.seen(each.path)}
    yield from misquoted.values()
    for index, citation in enumerate(subject.sop.legal_basis):
        path = f"/legal_basis/{index}"
        # Of a citation whose number and title differ nobody knows which regulation is meant.
        if path not in misquoted and subject.sure(path):
            found = _standing(subject, path, citation)
            if found is not None:
                yield found
    yield from _order(subject)


def _standing(subject: Subject, path: str, citation: Citation) -> Offence | None:
    signed = signed_on(subject.sop.header)
    date = signed[0] if signed is not None and subject.sure(f"/header/{signed[1]}") else None
    then = None if date is None else standing_of(citation.id, date)
    now = standing_of(citation.id)
    replaced = then if then is not None and then.state == "replaced" else now
    if replaced.state != "replaced" or replaced.confidence != "high":
        return None
    by = " → ".join((", ".join(replaced.by), *replaced.through))
    details = {"cited": _shown(citation), "by": by, "as_of": replaced.as_of, "source": replaced.source}
    if replaced is then:
        return offence(path, "replaced", **details, date=date)
    return offence(path, "replaced-since", **details)


def _shown(citation: Citation) -> str:
    text = citation.text
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rsplit(" ", 1)[0] + " …"


def _order(subject: Subject) -> Offences:
    """The first citation that ranks above one before it."""
    ranks = vocab.load("lint")["hierarchy"]["ranks"]
    ranked = [
        (index, citation)
        for index, citation in enumerate(subject.sop.legal_basis)
        if citation.type in ranks and subject.sure(f"/legal_basis/{index}")
    ]
    for place, (index, citation) in enumerate(ranked):
        for _, other in ranked[:place]:
            if ranks[citation.type] < ranks[other.type] and frozenset((citation.type, other.type)) not in _open():
                yield offence(f"/legal_basis/{index}", "order", cited=_shown(citation), other=_shown(other))
                return


@cache
def _open() -> frozenset[frozenset[str]]:
    """Pairs of types whose order is not settled."""
    return frozenset(map(frozenset, vocab.load("lint")["hierarchy"]["open"]))
