"""Corrections that outlive a new parsing of their source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.words import say

if TYPE_CHECKING:
    from sopparse.model import Correction, Result


def operations_in(path: str) -> Sequence[Correction]:
    """The operations of a patch file."""
    from sopparse import corrections

    content, _ = sopparse.content_of(path)
    return corrections.read_patch(content, sopparse.printable(path))


def kept(result: Result, target: Path | None, patches: Sequence[str], minutes_per_day: float, lang: str) -> Result:
    """The new result with the corrections of the result that it will overwrite, if both are of one source, and of the
    patches that were named."""
    from sopparse import corrections

    name = str(target) if target is not None else result.source.name
    sha256, operations = _earlier(target)
    if sha256 is not None and sha256 != result.source.sha256:
        click.echo(say("corrections.other", lang, name=name), err=True)
        operations = ()
    every = [operations, *map(operations_in, patches)]
    applied = lost = 0
    for these in filter(None, every):
        done = corrections.reapply(result, these, minutes_per_day)
        result, applied, lost = done.result, applied + done.applied, lost + done.lost
    if applied or lost:
        click.echo(say("corrections.kept", lang, name=name, count=applied, lost=lost), err=True)
    return result


def _earlier(target: Path | None) -> tuple[str | None, Sequence[Correction]]:
    """The corrections in the result at that place, and the digest of its source."""
    from sopparse.corrections.earlier import corrections_in

    try:
        content = target.read_bytes() if target is not None and target.is_file() else b""
    except OSError:
        return None, ()  # writing says what is wrong with it
    return corrections_in(content, str(target))
