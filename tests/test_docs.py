"""The documents tell the truth: everything is mentioned, generated pages are up to date, the README's examples run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import sopparse
from sopparse import cli
from sopparse.cli import exits
from tests.reference import PAGES, ROOT, finding_codes, stale

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = README + "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def commands() -> Iterator[tuple[str, click.Command]]:
    yield "sopparse", cli.commands
    for name, command in cli.commands.commands.items():
        yield f"sopparse {name}", command


def test_generated_pages_are_up_to_date():
    assert stale() == [], "run `make docs`"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_every_command_and_option_is_documented(name: str, command: click.Command):
    assert name in README
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert all(option in DOCS for option in parameter.opts), parameter.name


@pytest.mark.parametrize("name", [name for name, command in commands() if not isinstance(command, click.Group)])
def test_every_command_explains_itself(name: str):
    command = cli.commands.commands[name.split()[1]]
    assert command.help
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))


def test_every_exit_code_is_documented():
    table = dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, flags=re.MULTILINE))
    assert sorted(map(int, table)) == sorted(code for code, _ in exits.EXIT_CODES)


def test_every_finding_code_is_documented():
    page = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    codes = dict(finding_codes())
    assert codes
    for code, entry in codes.items():
        assert f"| `{code}` | {entry['severity']} |" in page


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    assert set(PAGES) <= set(re.findall(r"\]\(([^)]+)\)", README))


def test_every_make_target_is_in_the_readme():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert targets is not None
    for target in set(targets.group(1).split()) - {"help", "setup"}:
        assert f"make {target}" in README, target


def test_the_version_is_in_the_changelog():
    assert f"## [{sopparse.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_examples_run(tmp_path: Path):
    """In order and in one folder, since they build on one another."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    blocks = re.findall(r"^```(bash|python)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert {language for language, _ in blocks} == {"bash", "python"}
    for language, block in blocks:
        command = ["bash", "-euo", "pipefail", "-c", block] if language == "bash" else [sys.executable, "-c", block]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    assert "Peminjaman Alat Peraga 2031-02-03" in done_output(tmp_path)


def done_output(folder: Path) -> str:
    """The title and date as the README's first example wrote them."""
    result = sopparse.Result.model_validate_json((folder / "pinjam.json").read_bytes())
    return f"{result.sops[0].header.title} {result.sops[0].header.created}"
