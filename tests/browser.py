"""Headless Chromium as an outside reader: a page loads a library from npm, runs a script on our data, and answers JSON.

Nothing is installed here: `make outside` does that. Without it the tests that need it are skipped, except where
OUTSIDE=1 says that they must run.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

MODULES = Path(__file__).parent.parent / ".venv/npm/node_modules"
# As root there is no sandbox; without the others Chromium talks to the network at every start.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--virtual-time-budget=60000",
)  # fmt: skip
SECONDS = 120

PAGE = """<!doctype html><meta charset="utf-8">
<style>body {{ margin: 0 }} .canvas {{ width: 1600px; height: 900px }}</style>
<pre id="answer"></pre><script src="{library}"></script><script>
const data = {data};
const answer = value => document.getElementById('answer').textContent = 'ANSWER' + JSON.stringify(value) + 'END';
(async () => {{ {script} }})().then(answer, error => answer({{error: String(error)}}));
</script>"""


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def require(condition: bool, what: str) -> None:
    if not condition and os.environ.get("OUTSIDE") == "1":
        pytest.fail(f"{what} is not installed")
    if not condition:
        pytest.skip(f"{what} is not installed: make outside")


def answer_of(library: str, script: str, data: Any, folder: Path) -> Any:
    """What the async function with that body returns in a page where `library` (a path in node_modules) is loaded."""
    program, source = chromium(), MODULES / library
    require(program is not None, "Chromium")
    require(source.is_file(), library)
    page = folder / "page.html"
    # The data may hold what ends a script element.
    text = json.dumps(data).replace("<", "\\u003c")
    page.write_text(PAGE.format(library=source.resolve().as_uri(), data=text, script=script), encoding="utf-8")
    command = [str(program), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.resolve().as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    found = re.search(r"ANSWER(.*)END</pre>", done.stdout, flags=re.DOTALL)
    assert found is not None, f"no answer from the page\n{done.stderr[-2000:]}"
    return json.loads(html.unescape(found[1]))
