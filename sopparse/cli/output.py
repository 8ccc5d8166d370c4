"""Results to their place: a file, a folder, standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sopparse.cli.exits import OutputUnwritable


def targets_of(files: Sequence[str], output: str | None) -> list[Path | None]:
    """Where each result goes; None is standard output. Refuses to write two results, or a source, over one another."""
    if files.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    if output is None:
        return [None] * len(files)
    out = Path(output)
    if len(files) == 1 and not out.is_dir() and not output.endswith(os.sep):
        targets = [out]
    else:
        targets = [out / f"{'stdin' if file == '-' else Path(file).stem}.json" for file in files]
    taken: dict[Path, str] = {}
    for file, target in zip(files, targets, strict=True):
        if target in taken:
            raise click.UsageError(f"{taken[target]} and {file} would both be written to {target}; parse them apart")
        taken[target] = file
    sources = {os.path.realpath(file) for file in files if file != "-"}
    for target in targets:
        if os.path.realpath(target) in sources:
            raise click.UsageError(f"{target} is one of the sources; choose another place for the results")
    return list(targets)


def write(text: str | bytes, target: Path | None) -> None:
    """Write all or nothing: under a temporary name beside the target, then renamed."""
    content = text.encode() if isinstance(text, str) else text
    place = "standard output" if target is None else str(target)
    try:
        if target is None:
            click.echo(content, nl=False)
        elif target.exists() and not target.is_file():
            target.write_bytes(content)  # a pipe or a device must not be replaced by a file
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
            try:
                temporary.write_bytes(content)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        if target is None:
            # Nothing more can be written there: keep the interpreter from trying again when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputUnwritable(f"{place}: {error.strerror}", "Choose another place with -o, or make room.") from None
