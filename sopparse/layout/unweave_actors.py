"""The names of the actors among the headings of a table without borders."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.layout.unweave_evidence import trait
from sopparse.layout.unweave_lines import column_label
from sopparse.page import Words, text_of

# No name of an actor has more words; no table more actors.
_LONGEST_NAME, _MOST_ACTORS = 12, 15


def stacked_actors(heading: Sequence[Words]) -> list[Words]:
    """Each name is a line, or goes on on the next in small letters or behind a word that cannot end it."""
    names: list[Words] = []
    known: set[str] = set()
    for words in heading:
        label = column_label(text_of(words))
        # below its heading, "Pelaksana" is a name
        if label is not None and not (label == "actors" and label in known):
            known.add(label)
            continue
        if "actors" not in known:
            continue
        first = trait(words[0].text)
        last = trait(names[-1][-1].text) if names else None
        if last is not None and (first.small or first.follower or last.joiner or last.comma):
            names[-1] += words
        else:
            names.append(words)
    if len(names) > _MOST_ACTORS or any(len(name) > _LONGEST_NAME for name in names):
        return []
    return names
