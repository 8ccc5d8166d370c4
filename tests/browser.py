"""Headless Chromium as an outside reader: a page loads a library from npm, runs a script on our data, and answers JSON.

Nothing is installed here: `make outside` does that. Without it the tests that need it are skipped, except where
OUTSIDE=1 says that they must run.
"""

from __future__ import annotations

import atexit
import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


# What a page opened from disk may ask for: itself, what it holds, what it gives to save.
OWN = ("file:", "data:", "blob:")
# A laptop as offices have them.
LAPTOP = {"width": 1366, "height": 768}


@dataclass(slots=True)
class Watched:
    """A page that is open in Chromium, and what it did: messages and errors, dialogs, requests to the network."""

    tab: Page
    troubles: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def focused(self) -> str | None:
        """The value that has the focus."""
        found: str | None = self.tab.evaluate("document.activeElement.dataset.v ?? null")
        return found

    def edit(self, path: str, text: str) -> None:
        """Types a new value and saves it, as a person does."""
        self.tab.locator(f'.v[data-v="{path}"]').first.click()
        control = self.tab.locator("#input")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
        self.tab.keyboard.press("Control+Enter")

    def decide(self, path: str, key: str) -> None:
        self.tab.locator(f'.v[data-v="{path}"]').first.focus()
        self.tab.keyboard.press(key)

    def saved(self) -> Any:
        """What the page gives to save."""
        with self.tab.expect_download() as download:
            self.tab.locator("#save").click()
        return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


@cache
def _running() -> Browser:
    """Chromium, started once for all pages and closed with the tests."""
    program = chromium()
    require(program is not None, "Chromium")
    from playwright.sync_api import sync_playwright

    flags = [flag for flag in FLAGS if not flag.startswith(("--headless", "--virtual-time"))]
    player = sync_playwright().start()
    running = player.chromium.launch(executable_path=program, args=flags)
    atexit.register(player.stop)
    atexit.register(running.close)
    return running


@contextmanager
def watched(path: Path) -> Iterator[Watched]:
    """The page at that path, opened from disk on a laptop's screen."""
    context = _running().new_context(viewport=LAPTOP, accept_downloads=True)  # type: ignore[arg-type]
    tab = context.new_page()
    page = Watched(tab)
    tab.on("console", lambda message: page.troubles.append(message.text))
    tab.on("pageerror", lambda error: page.troubles.append(str(error)))
    tab.on("request", lambda one: None if one.url.startswith(OWN) else page.requests.append(one.url))

    def dismiss(dialog: Any) -> None:
        page.dialogs.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    tab.goto(path.resolve().as_uri(), wait_until="load")
    try:
        yield page
    finally:
        context.close()
