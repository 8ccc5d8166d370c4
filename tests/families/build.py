"""Results of parsing for retold procedures, with the truth, made without printing and parsing a document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from random import Random

from sopparse import model
from sopparse.normalize.durations import read_duration
from sopparse.normalize.titles import read_title
from tests.families.procedures import Plan, load, plans
from tests.families.retelling import Told, retell
from tests.generator import make_sop, render


@dataclass(frozen=True, slots=True)
class Telling:
    """One agency's SOP: its result, and the atoms of each of its steps."""

    subject: str
    result: model.Result
    atoms: tuple[frozenset[str], ...]


def family(plan: Plan, agencies: int, seed: int) -> tuple[Telling, ...]:
    """One procedure retold by so many agencies; the same for the same seed."""
    return tuple(telling(plan, f"{plan.id}-{seed}-{number}") for number in range(agencies))


def families(half: str, rounds: int, seed: int = 0) -> tuple[tuple[Telling, ...], ...]:
    """`rounds` families of five to seven agencies for each subject of that half."""
    made: list[tuple[Telling, ...]] = []
    for turn in range(rounds):
        agencies = {plan: 5 + Random(f"{plan.id}-{turn}").randrange(3) for plan in plans(half)}
        made.extend(family(plan, count, seed * 1000 + turn) for plan, count in agencies.items())
    return tuple(made)


def telling(plan: Plan, seed: str) -> Telling:
    rng = Random(f"telling-{seed}")
    title, steps, labels = retell(rng, plan)
    agencies = load("retelling")["agencies"]
    procedure = _procedure(steps, labels)
    agency = model.Agency(government=f"Pemerintah {rng.choice(agencies['places'])}", name=rng.choice(agencies["names"]))
    header = model.Header(title=title, effective=f"20{rng.randrange(14, 25)}-0{rng.randrange(1, 10)}-15", agency=agency)
    sop = model.Sop(pages=(1,), layout="sop-ap", header=header, procedures=(procedure,))
    return Telling(plan.id, _result(sop, seed), tuple(step.atoms for step in steps))


def _procedure(steps: tuple[Told, ...], labels: dict[str, str]) -> model.Procedure:
    roles = list(dict.fromkeys(step.role for step in steps))
    ids = {role: f"a{number}" for number, role in enumerate(roles, 1)}
    actors = tuple(model.Actor(id=ids[role], label=labels[role], role=_role(labels[role])) for role in roles)
    return model.Procedure(
        actors=actors,
        steps=tuple(
            model.Step(
                number=number,
                activity=step.activity,
                actors=(ids[step.role],) if step.actor_known else (),
                requirements=step.needs,
                duration=_duration(step.time),
                outputs=step.outputs,
            )
            for number, step in enumerate(steps, 1)
        ),
    )


@cache
def _role(label: str) -> str | None:
    title = read_title(label).value
    return title.role if title else None


@cache
def _duration(text: str) -> model.Duration:
    value = read_duration(text).value
    assert value is not None
    return model.Duration(text=text, minutes=value.minutes)


def _result(sop: model.Sop, seed: str) -> model.Result:
    digest = hashlib.sha256(seed.encode()).hexdigest()
    name = seed.replace("/", "-").replace(" ", "-").lower()
    return model.Result(
        source=model.Source(name=f"{name}.txt", sha256=digest, media_type="text/plain", pages=1, reading="text"),
        status="complete",
        sops=(sop,),
        report=model.Report(
            confidence=0.95, grade="excellent", fields={}, findings=(), coverage=model.Coverage(words=10, placed=10)
        ),
    )


def printed(told: Telling, form: str, seed: int) -> bytes:
    """The telling as a document of that form (tests.generator), with the header and lists of an invented agency."""
    truth = make_sop(seed)
    sop = told.result.sops[0]
    table = sop.procedures[0]
    steps = [
        {
            "number": step.number,
            "printed_number": None,
            "activity": step.activity,
            "actors": list(step.actors),
            "requirements": list(step.requirements),
            "duration": {"text": step.duration.text, "parts": []} if step.duration else None,
            "outputs": list(step.outputs),
            "note": None,
        }
        for step in table.steps
    ]
    actors = [{"id": actor.id, "label": actor.label} for actor in table.actors]
    own = {**truth["sops"][0], "procedures": [{"title": sop.header.title, "actors": actors, "steps": steps}]}
    own["header"] = {**own["header"], "title": sop.header.title}
    return render({"sops": [own]}, form, seed, plain=True)[0]
