"""The command line: the only module that prints, draws progress or exits."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

import sopparse
from sopparse.cli.batching import batch
from sopparse.cli.comparing import compare
from sopparse.cli.correcting import correct
from sopparse.cli.exits import STOPPED
from sopparse.cli.exporting import export
from sopparse.cli.indexing import index
from sopparse.cli.linting import lint
from sopparse.cli.output import write
from sopparse.cli.parsing import parse
from sopparse.cli.reviewing import review
from sopparse.cli.scoring import evaluate
from sopparse.cli.showing import show
from sopparse.errors import SopError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    # Whoever reads our output may stop reading (`| head`): then end quietly, as other programs do.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        sys.exit(commands.main(arguments, prog_name="sopparse", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(STOPPED)
    except SopError as error:
        click.echo(f"sopparse: {error.message}\n  -> {error.next_step}", err=True)
        sys.exit(error.exit_code)


@click.group(epilog="Start with:  sopparse parse FILE  and  sopparse parse --help")
@click.version_option(sopparse.__version__, prog_name="sopparse")
def commands() -> None:
    """Turn Indonesian government SOPs (SOP AP) into checked, normalized JSON."""


@commands.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of a result."""
    import json

    from sopparse.model import result_schema

    write(json.dumps(result_schema(), ensure_ascii=False, indent=2) + "\n", None)


commands.add_command(parse)
commands.add_command(batch)
commands.add_command(evaluate)
commands.add_command(export)
commands.add_command(index)
commands.add_command(show)
commands.add_command(compare)
commands.add_command(lint)
commands.add_command(review)
commands.add_command(correct)
