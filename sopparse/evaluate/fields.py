"""Which fields of a document are judged, and how each finds its partner."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from sopparse.evaluate.counts import Judgement
from sopparse.evaluate.values import (
    align,
    judge_bag,
    judge_code,
    judge_presence,
    judge_same,
    judge_set,
    judge_text,
    squeeze,
)

Json = Mapping[str, Any]

LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")


def judge_sops(want: Sequence[Json], got: Sequence[Json]) -> Iterator[Judgement]:
    yield from judge_presence("sops", len(want), len(got))
    for k, sop in enumerate(want):
        yield from _sop(sop, got[k] if k < len(got) else {}, f"/sops/{k}")


def _sop(want: Json, got: Json, base: str) -> Iterator[Judgement]:
    yield from _header(want.get("header") or {}, got.get("header") or {}, f"{base}/header")
    if "legal_basis" in want:
        yield from _legal(want["legal_basis"] or [], got.get("legal_basis") or [], f"{base}/legal_basis")
    for name in LISTS:
        if name in want:
            yield from judge_bag(name, want[name] or [], got.get(name) or [], f"{base}/{name}")
    wanted, given = want.get("procedures") or [], got.get("procedures") or []
    yield from judge_presence("procedures", len(wanted), len(given))
    for k in range(max(len(wanted), len(given))):
        yield from _procedure(
            wanted[k] if k < len(wanted) else {}, given[k] if k < len(given) else {}, f"{base}/procedures/{k}"
        )


def _header(want: Json, got: Json, base: str) -> Iterator[Judgement]:
    if "title" in want:
        yield from judge_text("header.title", want["title"], got.get("title"), f"{base}/title")
    for name in ("number", "created", "revised", "effective", "approved"):
        if name in want:
            yield from judge_code(f"header.{name}", want[name], got.get(name), f"{base}/{name}")
    if "approver" in want:
        wanted, given = want["approver"] or {}, got.get("approver") or {}
        for name in ("position", "name", "rank", "nip"):
            # A gold without any approver judges each part: whatever was found is wrong.
            if name in wanted or not wanted:
                kind = judge_code if name == "nip" else judge_text
                yield from kind(f"header.approver.{name}", wanted.get(name), given.get(name), f"{base}/approver/{name}")
    if "agency" in want:
        yield from _agency(want["agency"] or {}, got.get("agency") or {}, f"{base}/agency")


def _agency(want: Json, got: Json, base: str) -> Iterator[Judgement]:
    for name in ("government", "name", "address"):
        if name in want:
            yield from judge_text(f"header.agency.{name}", want[name], got.get(name), f"{base}/{name}")
    if "units" in want:
        yield from judge_bag("header.agency.units", want["units"] or [], got.get("units") or [], f"{base}/units")
    if "region" in want:
        wanted, given = want["region"] or {}, got.get("region") or {}
        for name in ("level", "name", "code"):
            if name in wanted:
                yield from judge_code(
                    f"header.agency.region.{name}", wanted[name], given.get(name), f"{base}/region/{name}"
                )


def _legal(want: Sequence[Json], got: Sequence[Json], path: str) -> Iterator[Judgement]:
    def key(citation: Json) -> tuple[Hashable, ...]:
        return (citation.get("type"), squeeze(citation.get("number") or "").lstrip("0"), citation.get("year"))

    def issuers(citations: Sequence[Json]) -> list[Hashable]:
        return [(*key(c), c["issuer"]) for c in citations if c.get("issuer")]

    def subjects(citations: Sequence[Json]) -> list[str]:
        return [c["about"] for c in citations if c.get("about")]

    yield from judge_bag("legal.text", [c["text"] for c in want], [c.get("text") or "" for c in got], path)
    places = [f"{path}/{i}" for i in range(len(got))]
    yield from judge_set("legal.citation", map(key, want), map(key, got), path, places)
    yield from judge_set("legal.issuer", issuers(want), issuers(got), path)
    yield from judge_bag("legal.about", subjects(want), subjects(got), path)


def _procedure(want: Json, got: Json, base: str) -> Iterator[Judgement]:
    if "title" in want:
        yield from judge_text("procedure.title", want["title"], got.get("title"), f"{base}/title")
    actor: dict[str, str] = {}
    wanted, given = want.get("actors") or [], got.get("actors") or []
    for i, j in _actor_pairs(wanted, given):
        label = wanted[i].get("label") if i is not None else None
        path = f"{base}/actors/{j}/label" if j is not None else None
        yield from judge_text("actor.label", label, given[j].get("label") if j is not None else None, path)
        if i is not None and j is not None:
            actor[given[j]["id"]] = wanted[i]["id"]
    number: dict[Any, Any] = {}
    steps, found = want.get("steps") or [], got.get("steps") or []
    for i, j in align([s.get("activity") or "" for s in steps], [s.get("activity") or "" for s in found]):
        step, other = steps[i] if i is not None else {}, found[j] if j is not None else {}
        path = f"{base}/steps/{j}"
        yield from judge_text("step.activity", step.get("activity"), other.get("activity"), f"{path}/activity")
        if i is not None and j is not None:
            number[other.get("number")] = step.get("number")
            yield from _step(step, other, path, actor)
    if want.get("flow") is not None:
        yield from _flow(want["flow"], got.get("flow") or {"nodes": [], "edges": []}, f"{base}/flow", number, actor)


def _actor_pairs(want: Sequence[Json], got: Sequence[Json]) -> list[tuple[int | None, int | None]]:
    """By label; by position where both sides have the same number of columns, however badly a label was read."""
    if len(want) == len(got):
        return [(i, i) for i in range(len(want))]
    return align([a.get("label") or "" for a in want], [a.get("label") or "" for a in got])


def _step(want: Json, got: Json, path: str, actor: Mapping[str, str]) -> Iterator[Judgement]:
    for name in ("requirements", "outputs", "note"):
        if name in want:
            yield from judge_text(f"step.{name}", _joined(want[name]), _joined(got.get(name)), f"{path}/{name}")
    if "printed_number" in want:
        yield from judge_code(
            "step.printed_number", want["printed_number"], got.get("printed_number"), f"{path}/printed_number"
        )
    if "duration" in want:
        wanted, given = want["duration"] or {}, got.get("duration") or {}
        yield from judge_text("step.duration.text", wanted.get("text"), given.get("text"), f"{path}/duration")
        yield from judge_same("step.duration.parts", _parts(wanted), _parts(given), f"{path}/duration")
    if "actors" in want:
        translated = {actor.get(a, f"?{a}") for a in got.get("actors") or []}
        yield from judge_same("step.actors", sorted(set(want["actors"])), sorted(translated), f"{path}/actors")


def _joined(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _parts(duration: Json) -> list[tuple[Any, ...]]:
    return [(p.get("min"), p.get("max"), p.get("unit"), bool(p.get("working"))) for p in duration.get("parts") or []]


def _flow(want: Json, got: Json, path: str, number: Mapping[Any, Any], actor: Mapping[str, str]) -> Iterator[Judgement]:
    wanted: dict[str, tuple[Any, ...]] = {
        n["id"]: (n.get("step"), n.get("actor"), n.get("symbol")) for n in want["nodes"]
    }
    given: dict[str, tuple[Any, ...]] = {
        n["id"]: (
            number.get(n.get("step"), f"?{n.get('step')}"),
            actor.get(n.get("actor"), f"?{n.get('actor')}"),
            n.get("symbol"),
        )
        for n in got["nodes"]
    }

    def places(nodes: Mapping[str, tuple[Any, ...]]) -> list[Hashable]:
        return [key[:2] for key in nodes.values() if key[2] not in ("off-page", "on-page")]

    def edges(flow: Json, nodes: Mapping[str, tuple[Any, ...]]) -> list[Hashable]:
        return [(nodes.get(e["from"]), nodes.get(e["to"])) for e in flow["edges"]]

    def conditions(flow: Json, nodes: Mapping[str, tuple[Any, ...]]) -> list[Hashable]:
        return [(nodes.get(e["from"]), nodes.get(e["to"]), e["condition"]) for e in flow["edges"] if e.get("condition")]

    at_nodes = [f"{path}/nodes/{i}" for i in range(len(given))]
    at_edges = [f"{path}/edges/{i}" for i in range(len(got["edges"]))]
    yield from judge_set("flow.nodes", wanted.values(), given.values(), f"{path}/nodes", at_nodes)
    yield from judge_set("flow.node_places", places(wanted), places(given), f"{path}/nodes")
    yield from judge_set("flow.edges", edges(want, wanted), edges(got, given), f"{path}/edges", at_edges)
    yield from judge_set("flow.conditions", conditions(want, wanted), conditions(got, given), f"{path}/edges")
