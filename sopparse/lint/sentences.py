"""Rules about wording: the activity as a plain instruction, the performer in its column, the title."""

from __future__ import annotations

from sopparse.lint.subject import Offence, Offences, Subject, called, offence
from sopparse.lint.words import is_active, is_noun, is_passive, known, names_activity, performer_at, words_of
from sopparse.model import Procedure, Step

# So many words may stand before the verb of a sentence in the passive ("daftar alat diperiksa").
_BEFORE_PASSIVE = 3
# So many words before the agent may make the phrase part of a description ("yang telah diisi oleh").
_DESCRIBING = 5
# A longer title swallowed something else.
_LONGEST_TITLE = 20
_SHORTEST_UNIT = 2


def activities(subject: Subject) -> Offences:
    """R02"""
    for path, procedure in subject.procedures():
        for i, step in enumerate(procedure.steps):
            place = f"{path}/steps/{i}/activity"
            if step.activity is not None and subject.sure(place):
                found = _voice(place, step, procedure)
                if found is not None:
                    yield found


def _voice(place: str, step: Step, procedure: Procedure) -> Offence | None:
    words = words_of(step.activity or "")
    if not words or words[0] in known("openers") or is_active(words[0]):
        return None
    if count := performer_at(words, (actor.label for actor in procedure.actors)):
        if any(is_active(word) or is_passive(word) for word in words[count:]):
            return offence(place, "subject", step=called(step), words=_printed(step, words[:count]))
        return None
    if any(map(is_active, words)):
        return None
    for index, word in enumerate(words[: _BEFORE_PASSIVE + 1]):
        if is_passive(word):
            return offence(place, "passive", step=called(step), words=_printed(step, (word,)))
        if word in known("relative") or (index == 0 and is_noun(word)):
            break
    if is_noun(words[0]):
        return offence(place, "noun", step=called(step), words=_printed(step, words[:1]))
    return None


def _printed(step: Step, words: tuple[str, ...]) -> str:
    """The words as they stand in the activity."""
    text = step.activity or ""
    folded = text.casefold()
    start = folded.find(words[0])
    end = folded.find(words[-1], start) + len(words[-1])
    return text[start:end] if len(folded) == len(text) and 0 <= start < end else " ".join(words)


def agents(subject: Subject) -> Offences:
    """R04"""
    for path, procedure in subject.procedures():
        labels = [actor.label for actor in procedure.actors]
        for i, step in enumerate(procedure.steps):
            place = f"{path}/steps/{i}/activity"
            words = words_of(step.activity or "")
            if known("agent") not in words or not subject.sure(place):
                continue
            at = words.index(known("agent"))
            if any(word in known("conditions") for word in words[:at]) or not _is_told(words[:at]):
                continue
            start = at + 1
            while start < len(words) and words[start] in known("fillers"):
                start += 1
            if count := performer_at(words[start:], labels):
                named = _printed(step, words[at : start + count])
                yield offence(place, "agent", step=called(step), words=named)


def _is_told(words: tuple[str, ...]) -> bool:
    """Whether these words before an agent tell what it does, and do not only describe something."""
    if any(word in known("relative") for word in words[-_DESCRIBING:]):
        return False
    nearest = next((word for word in reversed(words) if is_active(word) or is_passive(word) or is_noun(word)), "")
    return is_active(nearest) or is_passive(nearest)


def title(subject: Subject) -> Offences:
    """R11"""
    header = subject.sop.header
    words = words_of(header.title or "")
    if header.title is None or not words or len(words) > _LONGEST_TITLE or not subject.sure("/header/title"):
        return
    start = next((n for n, word in enumerate(words) if word not in known("title_labels")), len(words))
    if not names_activity(words):
        yield offence("/header/title", "no-activity", title=header.title)
    for unit in (header.agency.name, *header.agency.units):
        told = words_of(unit or "")
        if len(told) >= _SHORTEST_UNIT and words[start : start + len(told)] == told:
            yield offence("/header/title", "unit", unit=unit)
            return
