"""One agency tells a procedure in its own words and order: merged, split, reordered, dropped and added steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tests.families.procedures import Act, Deed, Plan, load

# Shares of agencies that do so, and how often.
DROPS = (0.45, 0.35, 0.2)
MERGES = (0.5, 0.35, 0.15)
ADDS = (0.6, 0.3, 0.1)
SPLITS = 0.5
REORDERS = 0.35
TYPOS = 0.25
SHORTENS = 0.25
UNKNOWN_ACTORS = 0.15
UNKNOWN_STEP_ACTOR = 0.08
NO_OUTPUTS = 0.1
OUTPUT_OF_THE_ACT = 0.3
PLAIN_OUTPUT = 0.12
FEWEST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A step as an agency prints it. `atoms`: what it tells of the procedure."""

    atoms: frozenset[str]
    role: str
    activity: str
    needs: tuple[str, ...]
    outputs: tuple[str, ...]
    time: str
    actor_known: bool = True


@dataclass(frozen=True, slots=True)
class Habits:
    """How one agency writes."""

    styles: tuple[str, ...]
    labels: dict[str, str]
    typos: float
    shortens: bool


def habits(rng: Random) -> Habits:
    styles = rng.choice(
        (("active",), ("active",), ("active", "noun"), ("led",), ("active", "passive"), ("active", "led"))
    )
    labels: dict[str, str] = {}
    for role, names in load("retelling")["roles"].items():
        labels[role] = rng.choice([name for name in names if name not in labels.values()] or names)
    return Habits(styles, labels, 0.06 if rng.random() < TYPOS else 0.0, rng.random() < SHORTENS)


def retell(rng: Random, plan: Plan) -> tuple[str, tuple[Told, ...], dict[str, str]]:
    """The title, the steps, and what each role is called."""
    own = habits(rng)
    deeds = _without(rng, list(plan.deeds), _count(rng, DROPS))
    deeds = [part for deed in deeds for part in _parts(rng, deed)]
    if rng.random() < REORDERS:
        _move(rng, deeds)
    merged = _merged_at(rng, len(deeds), _count(rng, MERGES))
    steps: list[Told] = []
    output = ""
    for index, deed in enumerate(deeds):
        told = _tell(rng, deed, own, output)
        output = told.outputs[-1] if told.outputs else ""
        steps.append(_join(rng, steps.pop(), told) if index in merged else told)
    for _ in range(_count(rng, ADDS)):
        _add(rng, steps, own)
    if rng.random() < UNKNOWN_ACTORS:
        steps = [_without_actor(step) for step in steps]
    title = rng.choice(load("retelling")["telling"]["prefixes"]) + rng.choice(plan.titles)
    return _misprint(rng, title, own.typos), tuple(steps), own.labels


def _count(rng: Random, shares: tuple[float, ...]) -> int:
    return rng.choices(range(len(shares)), shares)[0]


def _without(rng: Random, deeds: list[Deed], count: int) -> list[Deed]:
    for _ in range(count):
        if len(deeds) > FEWEST_STEPS:
            del deeds[rng.randrange(len(deeds))]
    return deeds


def _parts(rng: Random, deed: Deed) -> list[Deed]:
    if len(deed.acts) == 1 or rng.random() >= SPLITS:
        return [deed]
    return [
        Deed(
            deed.role,
            (act,),
            deed.objects,
            deed.tails if act is deed.acts[-1] else ("",),
            deed.needs,
            deed.outputs,
            deed.time,
        )
        for act in deed.acts
    ]


def _move(rng: Random, deeds: list[Deed]) -> None:
    """A step stands one to three places from where it is usual."""
    start = rng.randrange(len(deeds) - 1)
    deeds.insert(min(start + rng.randint(1, 3), len(deeds) - 1), deeds.pop(start))


def _merged_at(rng: Random, size: int, count: int) -> set[int]:
    return set(rng.sample(range(1, size), min(count, size - 1)))


def _tell(rng: Random, deed: Deed, own: Habits, before: str) -> Told:
    actor = own.labels[deed.role]
    chosen = rng.choice(deed.objects)
    tail = rng.choice(deed.tails)
    style = rng.choice(own.styles)
    activity = _sentence(rng, deed.acts, chosen, tail, actor, style)
    if own.shortens:
        activity = _shortened(activity)
    needs = tuple(item for item in (before if rng.random() < 0.7 else "", *deed.needs) if item)
    output = _output(rng, deed, chosen)
    outputs = (_misprint(rng, output, own.typos),) if output else ()
    atoms = frozenset(act.atom for act in deed.acts)
    time = rng.choice(load("retelling")["times"][deed.time])
    known = rng.random() >= UNKNOWN_STEP_ACTOR
    return Told(atoms, deed.role, _misprint(rng, activity, own.typos), needs, outputs, time, known)


def _output(rng: Random, deed: Deed, chosen: str) -> str | None:
    """What the step gives: in words of the procedure, in those of the sentence, in words that say nothing, or not."""
    words = load("retelling")["telling"]
    draw = rng.random()
    if draw < NO_OUTPUTS:
        return None
    if draw < NO_OUTPUTS + PLAIN_OUTPUT:
        return str(rng.choice(words["plain_outputs"]))
    verb = rng.choice(deed.acts[-1].verbs)
    if draw < NO_OUTPUTS + PLAIN_OUTPUT + OUTPUT_OF_THE_ACT and " " not in verb:
        made = rng.choice(words["act_outputs"]).format(o=chosen, d=_passive(verb))
        return made[:1].upper() + made[1:]
    return rng.choice(deed.outputs)


def _sentence(rng: Random, acts: tuple[Act, ...], chosen: str, tail: str, actor: str, style: str) -> str:
    words = load("retelling")
    verbs = [rng.choice(act.verbs) for act in acts]
    nouns = [words["noun"].get(verb) for verb in verbs]
    passives = [_passive(verb) for verb in verbs]
    if (style == "noun" and None in nouns) or (style == "passive" and any(" " in verb for verb in verbs)):
        style = "active"
    text = rng.choice(words["telling"][style]).format(
        v=" dan ".join(verbs), n=" dan ".join(map(str, nouns)), d=" dan ".join(passives), o=chosen, t=tail, a=actor
    )
    text = re.sub(r" +", " ", text).strip()
    return text[:1].upper() + text[1:]


def _passive(verb: str) -> str:
    bare = load("retelling")["bare"].get(verb)
    if bare is None:
        bare = re.sub(r"^(meng(?=[aeiougkh])|mem(?=[bpf])|men(?=[cdjts])|menge|me)", "", verb)
    return f"di{bare}"


def _join(rng: Random, first: Told, second: Told) -> Told:
    joiner = rng.choice(load("retelling")["telling"]["joiners"])
    activity = first.activity + joiner + second.activity[:1].lower() + second.activity[1:]
    needs = tuple(dict.fromkeys(first.needs + tuple(item for item in second.needs if item not in first.outputs)))
    outputs = second.outputs or first.outputs
    if rng.random() < 0.5:
        outputs = tuple(dict.fromkeys(first.outputs + second.outputs))
    return Told(first.atoms | second.atoms, first.role, activity, needs, outputs, second.time, first.actor_known)


def _add(rng: Random, steps: list[Told], own: Habits) -> None:
    lines = load("retelling")["more"]["steps"]
    number = rng.randrange(len(lines))
    atom = frozenset({f"more-{number}"})
    if any(step.atoms == atom for step in steps):
        return
    role, activity, output, time = (part.strip() for part in lines[number].split("|"))
    said = rng.choice(load("retelling")["times"][time])
    steps.insert(rng.randint(0, len(steps)), Told(atom, role, _misprint(rng, activity, own.typos), (), (output,), said))


def _without_actor(step: Told) -> Told:
    return Told(step.atoms, step.role, step.activity, step.needs, step.outputs, step.time, False)


def _shortened(text: str) -> str:
    for long, short in load("retelling")["short"].items():
        text = re.sub(rf"\b{long}\b", short, text)
    return text


def _misprint(rng: Random, text: str, rate: float) -> str:
    """Some words with a letter lost, doubled, exchanged or swapped with its neighbour."""
    if not rate:
        return text
    return " ".join(_garbled(rng, word) if len(word) > 4 and rng.random() < rate else word for word in text.split(" "))


def _garbled(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeinrst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
