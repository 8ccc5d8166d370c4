"""What a page for review may weigh, how fast it opens, who can read it, how it prints. `make outside`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sopparse.review import review
from tests.browser import watched
from tests.review_pages import pages, scan
from tests.test_review import drawn

pytestmark = pytest.mark.browser

MOST_BYTES = 3_000_000
MOST_SECONDS = 1.0


@pytest.mark.parametrize("name", ["scan", "long", "drawn"])
def test_a_page_is_small_and_opens_at_once(name: str, tmp_path: Path):
    html = pages()[name] if name != "scan" else review(drawn()[0], scan(drawn()[1]))
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    assert path.stat().st_size <= MOST_BYTES
    with watched(path) as page:
        seconds = page.tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
        assert page.tab.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
        assert page.troubles == []
        assert page.requests == []
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("name", ["drawn", "text", "long"])
def test_every_control_has_a_name_and_every_text_enough_contrast(name: str, tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(pages()[name], encoding="utf-8")
    with watched(path) as page:
        page.tab.keyboard.press("n")
        page.tab.keyboard.press("a")
        unnamed = page.tab.evaluate(UNNAMED)
        pale = page.tab.evaluate(PALE)
    assert unnamed == []
    assert pale == []


UNNAMED = """[...document.querySelectorAll('button, select, input, textarea, [role="button"], [role="group"]')]
  .filter(e => e.getClientRects().length && !(e.getAttribute('aria-label') || e.innerText || e.textContent || '').trim()
    && !(e.labels && e.labels.length))
  .map(e => e.outerHTML.slice(0, 120))"""

# The contrast of every visible text with what lies behind it (WCAG 2, 1.4.3).
PALE = r"""(() => {
  const parse = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')].filter(e => !(e instanceof SVGElement) && e.getClientRects().length
      && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => { const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 120)]; })
    .filter(([ratio]) => ratio < 4.5);
})()"""


def test_the_page_prints_on_a4(tmp_path: Path):
    import pypdfium2

    path = tmp_path / "page.html"
    path.write_text(pages()["drawn"], encoding="utf-8")
    with watched(path) as page:
        content = page.tab.pdf(prefer_css_page_size=True)
    with pypdfium2.PdfDocument(content) as file:
        sizes = {tuple(map(round, file[index].get_size())) for index in range(len(file))}
        words = " ".join(file[index].get_textpage().get_text_bounded() for index in range(len(file)))
    assert sizes == {(595, 842)}
    for step in drawn()[0].sops[0].procedures[0].steps:
        assert re.sub(r"\s+", "", step.activity or "") in re.sub(r"\s+", "", words)
    assert "Simpankoreksi" not in re.sub(r"\s+", "", words)
