"""What refers to what inside a procedure: numbers of steps, ids of actors and nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sopparse.corrections.patch import resolve

_NODE = re.compile(r"(/sops/\d+/procedures/\d+/flow)/nodes/(\d+)$")
_STEPS = re.compile(r"(/sops/\d+/procedures/\d+)/steps/(\d+)$")


def renumber(document: Any, pointer: str, by: int) -> list[str]:
    """After a step was put in (`by` 1) or taken out (-1): steps count from 1 again, and their symbols follow them.

    Returns the pointers of the nodes whose step is gone.
    """
    found = _STEPS.match(pointer)
    if found is None:
        return []
    procedure, index = resolve(document, found.group(1)), int(found.group(2))
    for number, step in enumerate(procedure["steps"], start=1):
        if isinstance(step, dict):
            step["number"] = number
    left = []
    for n, node in enumerate(procedure["flow"]["nodes"]):
        at = node.get("step")
        if by < 0 and at == index + 1:
            node["step"] = None
            left.append(f"{found.group(1)}/flow/nodes/{n}")
        elif isinstance(at, int) and at > index:
            node["step"] = at + by
    return left


def broken(document: Any) -> Iterator[tuple[str, str]]:
    """Where something is named that is not there, or two things have one name: pointer and the name."""
    for s, sop in enumerate(document["sops"]):
        for p, procedure in enumerate(sop["procedures"]):
            base = f"/sops/{s}/procedures/{p}"
            actors = [actor["id"] for actor in procedure["actors"]]
            nodes = [node["id"] for node in procedure["flow"]["nodes"]]
            steps = {step["number"] for step in procedure["steps"]}
            for kind, names in (("actors", actors), ("flow/nodes", nodes)):
                yield from ((f"{base}/{kind}", name) for name in sorted(set(names)) if names.count(name) > 1)
            for i, step in enumerate(procedure["steps"]):
                yield from ((f"{base}/steps/{i}/actors", a) for a in step["actors"] if a not in actors)
            for i, node in enumerate(procedure["flow"]["nodes"]):
                if node["actor"] is not None and node["actor"] not in actors:
                    yield f"{base}/flow/nodes/{i}", node["actor"]
                if node["step"] is not None and node["step"] not in steps:
                    yield f"{base}/flow/nodes/{i}", str(node["step"])
            for i, edge in enumerate(procedure["flow"]["edges"]):
                yield from ((f"{base}/flow/edges/{i}", end) for end in (edge["from"], edge["to"]) if end not in nodes)


def resolved_by_flow(document: Any, code: str, pointer: str) -> bool:
    """Whether a finding about the ways to a node no longer holds, now that the edges are these."""
    found = _NODE.match(pointer)
    if found is None or code not in ("flow.node-isolated", "flow.node-unreachable"):
        return False
    flow = resolve(document, found.group(1))
    node = flow["nodes"][int(found.group(2))]["id"]
    if code == "flow.node-isolated":
        return any(node in (edge["from"], edge["to"]) for edge in flow["edges"])
    return node in _reached(flow)


def _reached(flow: Any) -> set[str]:
    """The nodes that a way leads to from the first one, or from one that nothing leads to."""
    targets = {edge["to"] for edge in flow["edges"]}
    waiting = [node["id"] for n, node in enumerate(flow["nodes"]) if n == 0 or node["id"] not in targets]
    reached: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += [edge["to"] for edge in flow["edges"] if edge["from"] == node]
    return reached
