"""`sopparse show`"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import Unexpected, exit_code_table
from sopparse.cli.output import write
from sopparse.cli.words import sentence
from sopparse.errors import SopError

if TYPE_CHECKING:
    from sopparse.pipeline import Stages

LAYERS = ("words", "rules", "cells", "symbols", "edges", "fields")
SUFFIX = ".png"
# From a thumbnail to the largest that still shows more.
DPI = (36, 600)


def _layers(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in LAYERS]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or 'nothing'}: known are {','.join(LAYERS)}")
    return tuple(dict.fromkeys(names))


@click.command(epilog=exit_code_table())
@click.argument("file", metavar="FILE")
@click.option("--page", type=click.IntRange(1), metavar="N", help="Only this page; a text is shown on sheets.")
@click.option("-o", "--output", metavar="OUT", help="The picture (PNG); several pages: OUT-1.png, OUT-2.png ...")
@click.option("--dpi", type=click.IntRange(*DPI), default=150, show_default=True, help="Pixels per inch of the page.")
@click.option(
    "--layers",
    default=",".join(LAYERS),
    show_default=True,
    callback=_layers,
    metavar="NAMES",
    help="What to draw, with commas between.",
)
@click.option("--no-cache", is_flag=True, help="Read scans again, also where they were read before.")
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the legend."
)
def show(
    file: str, page: int | None, output: str | None, dpi: int, layers: tuple[str, ...], no_cache: bool, lang: str
) -> int:
    """Draw what was recognised over the pages of FILE (`-`: standard input), with a legend, as PNG pictures.

    Words, ruling lines, cells, symbols with their node, arrows from node to node, and the boxes of the fields, each
    with the end of its JSON Pointer. What is doubtful has a dashed frame. The names of the pictures are printed.

    \b
    Examples:
      sopparse show sop.pdf                           sop.page-1.png, sop.page-2.png ... in this folder
      sopparse show sop.pdf --page 2 -o wrong.png
      sopparse show sop.pdf --layers symbols,edges    the flow chart only
      sopparse show sop.txt                           the text itself, with its fields in colour

    Where nothing looks like an SOP, the pictures show words, lines and cells all the same, and the exit code is 8.
    """
    from sopparse.readers.ocr import caching

    name = "stdin" if file == "-" else sopparse.printable(file)
    try:
        with caching(not no_cache):
            return _show(file, name, page, output, dpi, layers, lang)
    except SopError as failure:
        click.echo(sentence(failure, name, lang), err=True)
        return failure.exit_code


def _show(
    file: str, name: str, page: int | None, output: str | None, dpi: int, layers: Sequence[str], lang: str
) -> int:
    from sopparse import pipeline
    from sopparse.show import page_numbers, pictures

    if output is not None and not os.path.isdir(output) and not output.endswith((SUFFIX, os.sep)):
        raise click.UsageError(f"{output}: the pictures are PNG files; name one that ends in {SUFFIX}")
    source, _ = sopparse.content_of(sys.stdin.buffer if file == "-" else file)
    stages = _stages(source, os.path.basename(name))
    every = page_numbers(stages)
    if page is not None and page not in every:
        raise click.UsageError(f"there is no page {page}; the document has {len(every)}")
    numbers = every if page is None else [page]
    for picture in pictures(stages, source, numbers, dpi=dpi, layers=layers, lang=lang):
        target = _target(file, output, picture.number, several=len(numbers) > 1)
        content = io.BytesIO()
        picture.image.save(content, "PNG")
        write(content.getvalue(), target)
        click.echo(str(target))
    if not stages.parts:
        raise pipeline.no_procedure(name)
    return 0


def _stages(source: bytes, name: str) -> Stages:
    from sopparse import pipeline

    try:
        return pipeline.stages(source, name)
    except SopError:
        raise
    except Exception as error:
        raise Unexpected.of(error) from error


def _target(file: str, output: str | None, number: int, several: bool) -> Path:
    out = Path(output) if output is not None else Path()
    if output is None or out.is_dir() or output.endswith(os.sep):
        return out / f"{'stdin' if file == '-' else Path(file).stem}.page-{number}{SUFFIX}"
    return out.with_name(f"{out.stem}-{number}{out.suffix}") if several else out
