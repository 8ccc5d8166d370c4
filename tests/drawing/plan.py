"""What a page shall say: actors, steps, the symbols of each step and the arrows between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

ACTORS = (
    "Kepala Dinas", "Sekretaris", "Kasubag Umum", "Kabid Arsip", "Staf Pelaksana", "Bendahara", "Tim Verifikasi",
    "Pemohon", "Operator", "Petugas Loket", "Arsiparis", "Pejabat Penguji",
)  # fmt: skip
ACTIVITIES = (
    "Menerima berkas permohonan", "Memeriksa kelengkapan berkas", "Menyusun konsep surat", "Memverifikasi konsep",
    "Memberikan paraf", "Menandatangani surat", "Mencatat ke buku agenda", "Mengirim surat", "Mengarsipkan dokumen",
    "Mendisposisikan berkas", "Membuat laporan singkat", "Menyampaikan hasil",
)  # fmt: skip
YES = ("Ya", "Y", "Setuju", "Lengkap", "Sesuai")
NO = ("Tidak", "T", "Tolak", "Tidak lengkap", "Belum sesuai")


@dataclass(slots=True)
class Node:
    step: int
    lane: int
    kind: str
    text: str | None = None
    shape: str = ""  # as drawn; differs from the kind where one shape draws everything


@dataclass(slots=True)
class Edge:
    source: int
    target: int
    condition: str | None = None
    label: str | None = None
    optional: bool = False
    page_break: str | None = None  # "line": the line is simply cut by the page
    twin: Edge | None = None  # the way back on the same line, which then has two heads
    drawn_by_twin: bool = False


@dataclass(slots=True)
class Plan:
    actors: list[str]
    groups: list[str | None]
    activities: list[str]
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    heads: bool = True
    one_shape: str | None = None


def make_plan(rng: Random, messy: bool) -> Plan:
    count = rng.randint(2, 8)
    steps = rng.randint(3, 25) if rng.random() < 0.4 else rng.randint(3, 12)
    plan = Plan(
        rng.sample(ACTORS, count),
        _groups(rng, count),
        [rng.choice(ACTIVITIES) for _ in range(steps)],
        heads=rng.random() > 0.08,
    )
    if rng.random() < 0.12:
        plan.one_shape = rng.choice(["process", "terminator", "ellipse", "rounded"])
    mains: list[int] = []  # the node of each step from which the flow goes on
    entries: list[int] = []
    lane = rng.randrange(count)
    for step in range(steps):
        first, last = step == 0, step == steps - 1
        kind = "terminator" if first or last else "process"
        if not (first or last) and plan.heads and plan.one_shape is None and rng.random() < (0.32 if messy else 0.22):
            kind = "decision"
        elif not (first or last) and rng.random() < 0.05 and plan.one_shape is None:
            kind = "document"
        text = rng.choice(["Mulai", "MULAI", None]) if first else rng.choice(["Selesai", None]) if last else None
        if kind != "terminator" and rng.random() < 0.2:
            text = str(step + 1)
        plan.nodes.append(Node(step, lane, kind, text))
        entries.append(len(plan.nodes) - 1)
        if not first and not last and kind == "process" and count > 2 and rng.random() < (0.2 if messy else 0.08):
            other = rng.choice([k for k in range(count) if k != lane])
            plan.nodes.append(Node(step, other, "process"))
            there = Edge(entries[-1], len(plan.nodes) - 1)
            plan.edges.append(there)
            if plan.heads and rng.random() < 0.15:
                there.twin = Edge(there.target, there.source, drawn_by_twin=True)
                plan.edges.append(there.twin)
            lane = other
        mains.append(len(plan.nodes) - 1)
        if rng.random() < 0.75:
            lane = rng.choice([k for k in range(count) if k != lane])
    _edges(rng, plan, entries, mains)
    _shapes(plan, rng)
    return plan


def _groups(rng: Random, count: int) -> list[str | None]:
    groups: list[str | None] = [None] * count
    if count >= 4 and rng.random() < 0.3:
        start = rng.randrange(count - 1)
        for k in range(start, min(count, start + 2)):
            groups[k] = "Bidang Teknis"
    return groups


def _edges(rng: Random, plan: Plan, entries: list[int], mains: list[int]) -> None:
    steps = len(entries)
    for step in range(steps - 1):
        source = mains[step]
        if plan.nodes[source].kind != "decision":
            plan.edges.append(Edge(source, entries[step + 1]))
            continue
        labelled = rng.random() < 0.85
        yes, no = rng.choice(YES), rng.choice(NO)
        condition: tuple[str | None, str | None] = ("yes", "no") if labelled else (None, None)
        show = rng.choice(["both", "both", "both", "yes", "no"])
        forward = Edge(source, entries[step + 1], condition[0], yes if labelled and show != "no" else None)
        back_to = [entries[k] for k in range(step) if plan.nodes[entries[k]].kind != "decision"]
        if step + 2 < steps and rng.random() < 0.25:
            other = entries[step + 2]
        else:
            again = [e.target for e in plan.edges if e.optional and plan.nodes[e.target].step <= step]
            other = rng.choice(again) if again and rng.random() < 0.6 else rng.choice(back_to[-4:])
        backward = Edge(source, other, condition[1], no if labelled and show != "yes" else None, optional=True)
        plan.edges += [forward, backward]


def _shapes(plan: Plan, rng: Random) -> None:
    rounded = rng.choice(["capsule", "capsule", "ellipse", "rounded"])
    for node in plan.nodes:
        node.shape = {"terminator": rounded}.get(node.kind, node.kind)
        if plan.one_shape is not None:
            node.shape = {"terminator": rounded}.get(plan.one_shape, plan.one_shape)


def settle(plan: Plan) -> None:
    """The kinds as the contract defines them, after edges that could not be drawn were dropped."""
    if plan.one_shape is not None:
        into = {e.target for e in plan.edges}
        out = {e.source for e in plan.edges}
        for n, node in enumerate(plan.nodes):
            said = (node.text or "").casefold() in ("mulai", "selesai")
            # A plain box says that it is a process, also where all symbols are plain boxes.
            ends = plan.one_shape != "process" and (n not in into or n not in out)
            node.kind = "terminator" if said or ends else "process"
    for n, node in enumerate(plan.nodes):
        ways = [e for e in plan.edges if e.source == n]
        if node.kind == "decision" and len(ways) == 2 and not any(e.label for e in ways):
            ways[0].condition = ways[1].condition = None
        for e in ways:
            if len(ways) == 1 and not e.label:
                e.condition = None
