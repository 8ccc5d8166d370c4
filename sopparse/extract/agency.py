"""The letterhead: government, agency, units, region and address with their words."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.extract.parts import Notes, Part, absent, printed
from sopparse.model import Agency, Region
from sopparse.normalize.agencies import LinePart, Located, read_agency
from sopparse.normalize.text import squeeze
from sopparse.page import Sliced, Words, text_of

# What says only which kind of document this is has few words; anything longer is text.
_HEADING_WORDS = 8


def extract_agency(lines: Sequence[Words]) -> Part[Agency]:
    notes = Notes()
    lines = _once(lines, notes)
    texts = [text_of(line) for line in lines]
    sliced = [Sliced(line) for line in lines]
    read = read_agency(texts)

    def words(parts: Sequence[LinePart]) -> Words:
        return tuple(word for part in parts for word in sliced[part.line].between(part.start, part.end))

    def note(pointer: str, located: Located | None) -> str | None:
        if located is None:
            notes.fields[pointer] = absent("no-label", read.parse)
            return None
        notes.fields[pointer] = printed(located.text, words(located.parts), place=0.97, parse=read.parse)
        return located.text

    government, name, address = (
        note("/government", read.government), note("/name", read.name), note("/address", read.address),
    )  # fmt: skip
    printed_name = squeeze(name or "")
    inner = [unit for unit in read.units if squeeze(unit.text) != printed_name]
    notes.labels.extend(word for unit in read.units if unit not in inner for word in words(unit.parts))
    units = tuple(text for i, unit in enumerate(inner) if (text := note(f"/units/{i}", unit)) is not None)
    region = None
    if read.region.value is not None:
        found = read.region.value
        region = Region(level=found.level, name=found.name, code=found.code)
        shown = words(read.region_parts)
        for key in ("level", "name", "code"):
            notes.fields[f"/region/{key}"] = printed(
                getattr(region, key), shown, place=0.98, parse=read.region.parse, fixes=read.region.fixes
            )
    notes.issues.extend(("", one) for one in (*read.issues, *read.region.issues))
    for one in read.noise:
        noise = words((one,))
        known = len(noise) <= _HEADING_WORDS and not any(c.isdigit() for word in noise for c in word.text)
        (notes.labels if known else notes.stray).extend(noise)
    used = {
        (p.line, i)
        for located in (read.government, read.name, read.address, *read.units)
        if located
        for p in located.parts
        for i in range(p.start, p.end)
    }
    used |= {(p.line, i) for p in (*read.region_parts, *read.noise) for i in range(p.start, p.end)}
    notes.stray.extend(_unused(lines, texts, used))
    return notes.part(Agency(government=government, name=name, units=units, region=region, address=address))


def _once(lines: Sequence[Words], notes: Notes) -> list[Words]:
    """The lines without those that repeat another one, as on a cover page or in a page footer."""
    kept: dict[str, Words] = {}
    for line in lines:
        key = squeeze(text_of(line))
        if key in kept:
            notes.labels.extend(line)
        else:
            kept[key] = line
    return list(kept.values())


def _unused(lines: Sequence[Words], texts: Sequence[str], used: set[tuple[int, int]]) -> list:  # type: ignore[type-arg]
    """Words of the letterhead that no value took."""
    left = []
    for k, (line, text) in enumerate(zip(lines, texts, strict=True)):
        position = 0
        for word in line:
            position = text.index(word.text, position)
            if (k, position) not in used:
                left.append(word)
            position += len(word.text)
    return left
