"""A random SOP of an invented agency, as the whole truth: also what a printed form may leave out.

Every step names its performer; a renderer drops that where its text does not say it.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.generator import durations
from tests.generator.citations import legal_basis
from tests.generator.words import fields, first_lower, first_upper, load, piece, procedures, worded

Truth = dict[str, Any]
MOST_ACTORS = 7
MOST_STEPS = 14
LONGEST_NAME = 45  # characters of an output that a further step may still name


def make_sop(seed: int, tables: int | None = None) -> Truth:
    rng = Random(f"sop-{seed}")
    plan = rng.choice(procedures())
    office = _office(rng)
    title = worded(rng, rng.choice(plan["titles"]))
    if tables is None:
        tables = 2 if rng.random() < 0.06 else 1
    made = [procedure(rng, plan if i == 0 else rng.choice(procedures()), title, office) for i in range(tables)]
    sop = {
        "header": _header(rng, title, office),
        "legal_basis": legal_basis(rng, plan["topics"], office, rng.choice((1, 2, 3, 3, 4, 5, 6))),
        **_lists(rng, title),
        "procedures": made,
    }
    _date_after(sop["header"], max((cited["year"] for cited in sop["legal_basis"]), default=0))
    return {"sops": [sop]}


def _date_after(header: Truth, cited: int) -> None:
    """No document cites what came later: its years are moved on, all alike."""
    known = [header[name] for name in ("created", "effective", "approved") if header[name]]
    later = cited - min((int(date[:4]) for date in known), default=cited)
    if later <= 0:
        return
    if header["number"]:
        header["number"] = header["number"].replace(known[0][:4], str(int(known[0][:4]) + later))
    for name in ("created", "revised", "effective", "approved"):
        if header[name]:
            header[name] = f"{int(header[name][:4]) + later}{header[name][4:]}"


def _office(rng: Random) -> Truth:
    """The agency with what the rest of the document takes from it."""
    words, agencies = load("printing")["words"], load("agencies")
    level, region, code = fields(rng.choice(agencies["regions"]))
    name, abbreviation, head, fields_of = fields(rng.choice(agencies["agencies"]))
    bid = rng.choice(fields_of.split("; "))
    sub = rng.choice(agencies["subsections"])
    units = [
        worded(rng, unit, bid=bid, sub=sub)
        for unit in rng.choice(([], [], words["units"][:1], words["units"][1:2], words["units"][0:3:2]))
    ]
    full = f"{words['level'][level]} {region}"
    address = None
    if rng.random() < 0.25:
        address = _address(rng, region)
    return {
        "government": first_upper(f"{piece(rng, 'government', region=full).title()}"),
        "name": name,
        "units": units,
        "region": {"level": level, "name": region, "code": code or None},
        "address": address,
        "abbreviation": abbreviation,
        "head": head,
        "bid": bid,
        "sub": sub,
        "full": full,
    }


def _address(rng: Random, town: str) -> str:
    street, area = rng.choice(load("agencies")["streets"]), f"0{rng.randrange(211, 979)}"
    phone, code = rng.randrange(200000, 790000), rng.randrange(20110, 97990)
    return piece(rng, "address", street=street, n=rng.randrange(2, 190), area=area, phone=phone, town=town, zip=code)


def _nip(rng: Random) -> str:
    """18 digits: born, joined, sex, serial."""
    born = rng.randrange(1962, 1985)
    birth = f"{born}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    joined = f"{born + rng.randrange(22, 32)}{rng.randrange(1, 13):02}"
    return f"{birth}{joined}{rng.choice('12')}{rng.randrange(1, 20):03}"


def _day(rng: Random, year: int) -> str:
    return f"{year}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def _header(rng: Random, title: str, office: Truth) -> Truth:
    year = rng.randrange(2013, 2025)
    created = _day(rng, year)
    effective = created if rng.random() < 0.4 else min(_day(rng, year), f"{year}-12-28")
    effective = max(created, effective)
    if rng.random() < 0.12:
        created, effective = created[:7], effective[:7]
    month = int(created[5:7])
    number = piece(
        rng,
        "numbers",
        i=f"{rng.randrange(1, 80):02}",
        abbr=office["abbreviation"],
        year=year,
        roman=load("printing")["words"]["roman"][month - 1],
    )
    approved = rng.random() < 0.15
    shown = {key: office[key] for key in ("government", "name", "units", "region", "address")}
    return {
        "number": number if rng.random() < 0.85 else None,
        "title": first_upper(piece(rng, "prefixes") + " " + title).strip(),
        "created": created if rng.random() < 0.9 else None,
        "revised": _day(rng, year + 1) if rng.random() < 0.2 else None,
        "effective": effective if not approved and rng.random() < 0.85 else None,
        "approved": effective if approved else None,
        "revision": f"{rng.randrange(0, 5):02}" if rng.random() < 0.06 else None,
        "approver": _approver(rng, office) if rng.random() < 0.8 else None,
        "agency": shown,
    }


def _approver(rng: Random, office: Truth) -> Truth:
    agencies = load("agencies")
    name = bare = f"{rng.choice(agencies['given'])} {rng.choice(agencies['family'])}"
    if rng.random() < 0.3:
        name = f"{rng.choice(agencies['before'])} {name}"
    if rng.random() < 0.85:
        name = f"{name}, {rng.choice(agencies['after'])}"
    position = office["head"]
    if rng.random() < 0.5 and " " in position and office["name"].startswith(position.split()[-1]):
        position = f"{position.split()[0]} {office['name']}"
        if rng.random() < 0.5:
            position = f"{position} {office['full']}"
    return {
        "position": position,
        "name": name.replace(bare, bare.upper()) if rng.random() < 0.4 else name,
        "rank": rng.choice(agencies["ranks"]) if rng.random() < 0.5 else None,
        "nip": _nip(rng) if rng.random() < 0.9 else None,
    }


def _lists(rng: Random, title: str) -> Truth:
    lists = load("lists")
    others = [worded(rng, t) for plan in rng.sample(procedures(), 6) for t in rng.sample(plan["titles"], 1)]
    sizes = {
        "qualifications": (1, 4),
        "related_sops": (0, 4),
        "equipment": (1, 5),
        "warnings": (0, 2),
        "records": (0, 2),
    }
    keys = {"related_sops": "related"}
    made: Truth = {}
    for name, (low, high) in sizes.items():
        patterns = lists[keys.get(name, name)]
        items: list[str] = []
        for pattern in rng.sample(patterns, min(rng.randint(low, high), len(patterns))):
            item = worded(rng, pattern, topic=first_lower(title), other=rng.choice(others))
            if item.casefold() not in [known.casefold() for known in items]:
                items.append(item)
        made[name] = items
    return made


def procedure(rng: Random, plan: Truth, title: str, office: Truth) -> Truth:
    """One table: the steps of the plan, reworded, some left out, sometimes with a closing step more."""
    labels: dict[str, str] = {}
    subjects = rng.choices((0.0, 0.3, 1.0), (70, 15, 15))[0]
    noted = rng.choices((0.0, 0.15, 0.6), (45, 35, 20))[0]
    lines = [fields(line) for line in plan["steps"]]
    if len(lines) > 5 and rng.random() < 0.35:
        del lines[rng.randrange(1, len(lines) - 1)]
    roles = list(dict.fromkeys(line[0] for line in lines))[:MOST_ACTORS]
    for role in roles:
        labels[role] = _label(rng, role, office, set(labels.values()))
    bare, long = rng.random() < 0.04, rng.random() < 0.15
    steps: list[Truth] = []
    output = ""
    for line in lines[:MOST_STEPS]:
        role = line[0] if line[0] in labels else roles[-1]
        step = _step(rng, line, output, office, labels)
        output = step["outputs"][-1]
        if rng.random() < subjects:
            step["activity"] = f"{labels[role]} {first_lower(step['activity'])}"
        elif rng.random() < 0.05 and not {",", ";"} & set(step["activity"]):
            step["activity"] = worded(rng, load("lists")["passive"], activity=step["activity"], actor=labels[role])
        if rng.random() < noted:
            step["note"] = worded(
                rng,
                rng.choice(load("lists")["notes"]),
                other=worded(rng, rng.choice(rng.choice(procedures())["titles"])),
            )
        steps.append({**step, "number": len(steps) + 1, "performer": role})
        if long and 1 < len(steps) < MOST_STEPS - 3 and rng.random() < 0.5 and len(output) < LONGEST_NAME:
            steps.append(_insert(rng, output, len(steps) + 1, rng.choice(roles)))
            output = steps[-1]["outputs"][0]
    if len(steps) < MOST_STEPS and rng.random() < 0.25:
        steps.append(_closing(rng, title, output, len(steps) + 1, roles[-1]))
    for step in steps:
        if bare and step["duration"]:
            step["duration"] = durations.bare_minutes(rng)
    return _table(labels, steps, title)


def _table(labels: dict[str, str], steps: list[Truth], title: str) -> Truth:
    ids = {role: f"a{i}" for i, role in enumerate(labels, 1)}
    for step in steps:
        step["actors"] = [ids[step.pop("performer")]]
    return {
        "title": title,
        "actors": [{"id": ids[role], "label": label} for role, label in labels.items()],
        "steps": steps,
    }


def _label(rng: Random, role: str, office: Truth, taken: set[str]) -> str:
    patterns = load("agencies")["roles"][role]
    kind = office["name"].partition(" ")[0]
    names = {"head": office["head"], "bid": office["bid"], "sub": office["sub"]}
    # "Sekretaris Dinas" is said, "Sekretaris Sekretariat" is not.
    names["kind"] = "" if office["name"].startswith("Sekretariat") else kind
    for _ in range(8):
        label = worded(rng, rng.choice(patterns), **names)
        if label not in taken:
            break
    return label


def _step(rng: Random, line: list[str], before: str, office: Truth, labels: dict[str, str]) -> Truth:
    _, activity, requirements, outputs, time_class = line
    text = worded(rng, activity)
    for role in load("agencies")["roles"]:
        if f"@{role} " in text + " " or f"@{role}," in text or f"@{role};" in text:
            text = text.replace(f"@{role}", labels.get(role) or _label(rng, role, office, set()))
    needs = [before if item == "^" and before else item for item in worded(rng, requirements).split("; ")]
    if rng.random() < 0.12:
        needs.append(rng.choice(load("lists")["supplies"]))
    needs = [item for i, item in enumerate(needs) if item != "^" and item not in needs[:i]]
    if rng.random() < 0.04:
        needs = []
    return {
        "printed_number": None,
        "activity": text,
        "requirements": needs,
        "duration": durations.duration(rng, time_class) if rng.random() > 0.03 else None,
        "outputs": [worded(rng, outputs)],
        "note": None,
    }


def _insert(rng: Random, before: str, number: int, role: str) -> Truth:
    activity, output, time_class = fields(rng.choice(load("lists")["inserts"]))
    named = worded(rng, activity, before=first_lower(before))
    made = worded(rng, output, before=before)
    return _plain_step(rng, named, before, first_upper(made), time_class, number, role)


def _closing(rng: Random, title: str, before: str, number: int, role: str) -> Truth:
    lists = load("lists")
    activity = worded(rng, rng.choice(lists["closings"]), topic=first_lower(title))
    output = worded(rng, rng.choice(lists["closing_outputs"]), topic=first_lower(title))
    return _plain_step(rng, activity, before, output, "m", number, role)


def _plain_step(rng: Random, activity: str, before: str, output: str, time_class: str, number: int, role: str) -> Truth:
    return {
        "printed_number": None,
        "activity": activity,
        "requirements": [before],
        "duration": durations.duration(rng, time_class),
        "outputs": [output],
        "note": None,
        "number": number,
        "performer": role,
    }


def with_tables(sop: Truth, count: int, seed: int) -> Truth:
    """The SOP with `count` tables: further ones of other procedures, carried out by the same agency."""
    rng = Random(f"tables-{seed}")
    made = list(sop["procedures"])
    while len(made) < count:
        plan = rng.choice(procedures())
        agency = sop["header"]["agency"]
        office = {**agency, "head": load("agencies")["roles"]["sekda"][1], "bid": "Program", "sub": "Program"}
        made.append(procedure(rng, plan, worded(rng, rng.choice(plan["titles"])), office))
    return {**sop, "procedures": made[:count]}
