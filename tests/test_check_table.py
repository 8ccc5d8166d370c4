"""Rows and columns of the table, the chain from output to requirement, the chart."""

from __future__ import annotations

from typing import Any

import pytest

from sopparse import check
from sopparse.model import Actor, Duration, DurationPart, Edge, Flow, Node, Procedure, Sop, Step
from tests.factories import sop

ACTIVITIES = ("Menerima surat", "Memeriksa surat", "Mencatat surat", "Menyimpan surat")
# What each step puts out, the next one takes.
CHAIN = ("Surat diterima", "Lembar periksa", "Catatan agenda", "Arsip bundel")


def found(one: Sop) -> dict[str, str]:
    return {issue.code: path.removeprefix("/procedures/0") for path, issue in check.review(one)}


def table(*steps: Step, title: str = "Penyimpanan Surat", **more: Any) -> Sop:
    return sop(title).model_copy(update={"procedures": (Procedure(steps=steps, **more),)})


def step(number: int, activity: str, takes: str, gives: str, minutes: float = 10, **more: Any) -> Step:
    part = DurationPart(min=minutes, max=minutes, unit="minute")
    time = Duration(text=f"{minutes} menit", parts=(part,), minutes=(minutes, minutes))
    values = {"printed_number": str(number), "duration": time, "requirements": (takes,), "outputs": (gives,), **more}
    return Step(number=number, activity=activity, **values)


def chain(**changes: dict[str, Any]) -> tuple[Step, ...]:
    """Four steps that follow from each other; `s2={...}` changes the second."""
    takes = ("Surat masuk", *CHAIN)
    made = [step(n, a, takes[n - 1], CHAIN[n - 1]) for n, a in enumerate(ACTIVITIES, 1)]
    return tuple(one.model_copy(update=changes.get(f"s{one.number}", {})) for one in made)


def chain_of_six(**changes: dict[str, Any]) -> tuple[Step, ...]:
    gives = (*CHAIN, "Salinan rangkap", "Tanda terima")
    takes = ("Surat masuk", *gives)
    acts = (*ACTIVITIES, "Menggandakan surat", "Mengirim surat")
    made = [step(n, a, takes[n - 1], gives[n - 1]) for n, a in enumerate(acts, 1)]
    return tuple(one.model_copy(update=changes.get(f"s{one.number}", {})) for one in made)


def days(count: float) -> Duration:
    part = DurationPart(min=count, max=count, unit="day")
    return Duration(text=f"{count} hari", parts=(part,), minutes=(450 * count, 450 * count))


@pytest.mark.parametrize(
    ("label", "given", "expected"),
    [
        ("sound", table(*chain()), {}),
        ("begins late", table(*chain()[2:]), {"step.numbers-start": "/steps/0/printed_number"}),
        ("minutes as days", table(*chain(s2={"duration": days(30)})), {"step.duration-outlier": "/steps/1/duration"}),
        ("one day among minutes", table(*chain(s2={"duration": days(1)})), {}),
        (
            "no output",
            table(*chain(s4={"outputs": ()})),
            {"step.outputs-missing": "/steps/3/outputs"},
        ),
        (
            "a sentence cut off",
            table(*chain(s2={"activity": "Memeriksa surat yang"})),
            {"step.activity-cut": "/steps/1/activity"},
        ),
        (
            "the beginning of a sentence lost",
            table(*chain(s2={"activity": "dan memeriksa surat"})),
            {"step.activity-cut": "/steps/1/activity"},
        ),
        (
            "a thing in place of a sentence",
            table(*chain(s2={"activity": "Formulir", "requirements": ("Surat diterima",)})),
            {"step.activity-no-verb": "/steps/1/activity"},
        ),
        (
            "a time among the requirements",
            table(*chain_of_six(s2={"requirements": ("Surat diterima", "15 menit")})),
            {"step.time-misplaced": "/steps/1/requirements"},
        ),
        (
            "a sentence among the outputs",
            table(*chain(s4={"outputs": ("Menyimpan surat asli",)})),
            {"step.sentence-misplaced": "/steps/3/outputs"},
        ),
        (
            "the same row twice",
            table(*chain()[:2], chain()[1].model_copy(update={"number": 3, "printed_number": "3"})),
            {"step.repeated": "/steps/2"},
        ),
        (
            "a sum that differs",
            table(*chain(), footnotes=("Jumlah Waktu 50 Menit",)),
            {"procedure.total-differs": "/footnotes/0"},
        ),
        ("a sum that agrees", table(*chain(), footnotes=("Jumlah Waktu 40 Menit",)), {}),
        (
            "the table of another procedure",
            table(*chain(), title="Peminjaman Kendaraan"),
            {"procedure.off-topic": "/steps"},
        ),
        (
            "columns of goods",
            table(*chain(), actors=(Actor(id="a1", label="Harga Satuan"),)),
            {"actor.label-foreign": "/actors/0/label"},
        ),
        (
            "neither times nor outputs",
            table(*(one.model_copy(update={"duration": None, "outputs": ()}) for one in chain())),
            {"procedure.columns-missing": "/steps"},
        ),
        (
            "a break in the chain",
            table(*chain_of_six(s4={"requirements": ("Formulir cuti",)})),
            {"step.chain-broken": "/steps/3/requirements"},
        ),
    ],
)
def test_table(label: str, given: Sop, expected: dict[str, str]) -> None:
    assert found(given) == expected, label


def test_two_cells_that_changed_places() -> None:
    third = chain_of_six()[2]
    turned = table(*chain_of_six(s3={"requirements": third.outputs, "outputs": third.requirements}))
    assert found(turned)["step.cells-swapped"] == "/steps/2"


def test_columns_that_changed_places() -> None:
    turned = (one.model_copy(update={"requirements": one.outputs, "outputs": one.requirements}) for one in chain())
    assert found(table(*turned))["procedure.columns-swapped"] == "/steps"


def test_a_second_table_may_go_on_with_the_numbers_of_the_first() -> None:
    first, second = table(*chain()[:2]).procedures[0], table(*chain()[2:]).procedures[0]
    assert found(table().model_copy(update={"procedures": (first, second)})) == {}


# -- the chart ------------------------------------------------------------------------------------------------------


def drawn(nodes: str, edges: str, actors: int = 2) -> Sop:
    """Nodes as `id/step/actor/symbol`, edges as `a>b` or `a>b=yes`."""
    made = [part.split("/") for part in nodes.split()]
    flow = Flow(
        nodes=tuple(Node(id=i, step=int(s), actor=a, symbol=k) for i, s, a, k in made),  # type: ignore[arg-type]
        edges=tuple(
            Edge.model_validate({"from": a, "to": b.partition("=")[0], "condition": b.partition("=")[2] or None})
            for a, b in (edge.split(">") for edge in edges.split())
        ),
    )
    people = tuple(Actor(id=f"a{n}", label=f"Staf {n}") for n in range(1, actors + 1))
    acting = {int(s): a for _, s, a, _ in made}
    steps = (
        one.model_copy(update={"actors": (acting[one.number],)} if one.number in acting else {}) for one in chain()
    )
    return table(*steps, actors=people, flow=flow)


NODES = "n1/1/a1/terminator n2/2/a2/decision n3/3/a1/process n4/4/a2/terminator"


@pytest.mark.parametrize(
    ("label", "given", "expected"),
    [
        ("sound", drawn(NODES, "n1>n2 n2>n3=yes n2>n1=no n3>n4"), {}),
        (
            "a decision with one way out",
            drawn(NODES, "n1>n2 n2>n3 n3>n4"),
            {"flow.decision-exits": "/flow/nodes/1"},
        ),
        (
            "two ways alike",
            drawn(NODES, "n1>n2 n2>n3=yes n2>n1=yes n3>n4"),
            {"flow.decision-same-condition": "/flow/nodes/1"},
        ),
        (
            "two starts",
            drawn(NODES, "n1>n2 n2>n4=yes n2>n2=no n3>n4"),
            {"flow.starts-several": "/flow"},
        ),
        (
            "neither start nor end",
            drawn(NODES.replace("terminator", "process"), "n1>n2 n2>n3=yes n2>n1=no n3>n4 n4>n1"),
            {"flow.start-missing": "/flow", "flow.end-missing": "/flow"},
        ),
        (
            "a performer without a step",
            drawn(NODES, "n1>n2 n2>n3=yes n2>n1=no n3>n4", actors=3),
            {"actor.without-step": "/actors/2"},
        ),
        (
            "a step without a symbol",
            drawn(NODES.replace("n3/3/a1/process ", ""), "n1>n2 n2>n4=yes n2>n1=no"),
            {"step.without-symbol": "/steps/2"},
        ),
    ],
)
def test_chart(label: str, given: Sop, expected: dict[str, str]) -> None:
    assert found(given) == expected, label
