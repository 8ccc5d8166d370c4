"""The page for review in headless Chromium: linking, editing, saving, hostile documents, long ones. `make outside`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sopparse import corrections, model
from tests import factories
from tests.browser import Watched, watched
from tests.review_pages import pages
from tests.test_review import DOUBTFUL, drawn, hostile_result

pytestmark = pytest.mark.browser

STEP = "/sops/0/procedures/0/steps/2"
DURATION = f"{STEP}/duration"


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watched]:
    """The page that the test names, opened from disk; at the end nothing was reported and nothing asked for."""
    html = pages()[request.param]
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    with watched(path) as page:
        yield page
        assert page.troubles == []
        assert page.requests == []


def on(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("opened", [name], indirect=True)


def spot(field: str) -> str:
    return f'#pages .spot[data-f="{field}"]'


def value(path: str) -> str:
    return f'.v[data-v="{path}"]'


def lit(page: Watched, selector: str) -> bool:
    return bool(page.tab.locator(selector).first.evaluate("element => element.classList.contains('lit')"))


def in_view(page: Watched, selector: str, pane: str) -> bool:
    return bool(
        page.tab.evaluate(
            """([selector, pane]) => {
              const inner = document.querySelector(selector).getBoundingClientRect();
              const outer = document.querySelector(pane).getBoundingClientRect();
              return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
            }""",
            [selector, pane],
        )
    )


# -- finding each other ---------------------------------------------------------------------------------------------


@on("drawn")
def test_a_value_lights_its_place(opened: Watched):
    opened.tab.locator(value(f"{DURATION}/text")).hover()
    assert lit(opened, spot(DURATION))
    opened.tab.wait_for_timeout(300)
    assert in_view(opened, spot(DURATION), "#pages")
    opened.tab.locator(value("/sops/0/header/title")).focus()
    assert lit(opened, spot("/sops/0/header/title"))
    assert not lit(opened, spot(DURATION))
    assert in_view(opened, spot("/sops/0/header/title"), "#pages")


@on("drawn")
def test_a_place_lights_its_value(opened: Watched):
    opened.tab.locator(f"{spot('/sops/0/header/title')} rect").first.hover()
    assert lit(opened, value("/sops/0/header/title"))
    opened.tab.locator(spot(DURATION)).focus()
    assert lit(opened, value(f"{DURATION}/text"))
    assert in_view(opened, value(f"{DURATION}/text"), "#scroll")
    opened.tab.keyboard.press("Enter")
    assert opened.focused() == f"{DURATION}/text"


@on("drawn")
def test_the_drawn_symbol_and_the_redrawn_one_light_each_other(opened: Watched):
    node = "/sops/0/procedures/0/flow/nodes/2"
    opened.tab.locator(f'.chart [data-f="{node}"]').hover()
    assert lit(opened, spot(node))
    opened.tab.locator(spot(node)).focus()
    assert lit(opened, f'.chart [data-f="{node}"]')


@on("text")
def test_in_a_text_words_and_values_light_each_other(opened: Watched):
    title = "/sops/0/header/title"
    opened.tab.locator(value(title)).focus()
    words = opened.tab.locator(".source .spot.lit")
    assert words.all_inner_texts() == ["Penerbitan Surat Izin"]
    opened.tab.locator(value("/sops/0/header/number")).focus()
    opened.tab.locator(".source .spot", has_text="Penerbitan Surat Izin").first.hover()
    assert lit(opened, value(title))


@on("drawn")
def test_the_places_are_one_stop_of_the_keyboard(opened: Watched):
    """Arrows move from place to place, the tabulator leaves them: nobody is trapped."""
    first = opened.tab.locator('#pages svg [tabindex="0"]').first
    first.focus()
    seen = set()
    for _ in range(5):
        seen.add(opened.tab.evaluate("document.activeElement.dataset.f"))
        opened.tab.keyboard.press("ArrowDown")
    assert len(seen) == 5
    opened.tab.keyboard.press("Tab")
    opened.tab.keyboard.press("Tab")
    assert not opened.tab.evaluate("document.getElementById('pages').contains(document.activeElement)")


@on("drawn")
def test_the_tabulator_comes_round(opened: Watched):
    """Through the whole page and out of it again, past every control once."""
    stops = opened.tab.evaluate("[...document.querySelectorAll('*')].filter(e => e.tabIndex >= 0).length")
    for _ in range(stops + 3):
        opened.tab.keyboard.press("Tab")
    before = opened.tab.evaluate("document.activeElement.outerHTML")
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.outerHTML") != before


# -- walking and deciding -------------------------------------------------------------------------------------------


@on("drawn")
def test_the_walk_goes_through_the_doubtful_values(opened: Watched):
    wanted = opened.tab.evaluate("JSON.parse(document.getElementById('data').textContent).doubts.map(one => one.path)")
    assert len(wanted) == len(DOUBTFUL)
    walked = []
    for _ in wanted:
        opened.tab.keyboard.press("n")
        walked.append(opened.focused())
    assert walked == wanted
    opened.tab.keyboard.press("p")
    assert opened.focused() == wanted[-2]


@on("drawn")
def test_accepting_goes_on_to_the_next(opened: Watched):
    count = len(DOUBTFUL)
    opened.tab.keyboard.press("n")
    for _ in range(count):
        opened.tab.keyboard.press("a")
    assert opened.tab.locator("#checked").inner_text() == str(count)
    assert opened.tab.locator(".doubts .go.done").count() == count
    assert opened.tab.locator(".v.accepted .state").first.inner_text().strip() == "✓ benar"


@on("drawn")
def test_letters_in_an_input_are_letters(opened: Watched):
    opened.tab.locator(value("/sops/0/header/title")).click()
    opened.tab.keyboard.press("Control+a")
    opened.tab.keyboard.type("naxup")
    assert opened.tab.locator("#input").input_value() == "naxup"
    opened.tab.keyboard.press("Escape")
    assert opened.focused() == "/sops/0/header/title"
    assert opened.tab.locator("#count").inner_text() == "0"


@on("drawn")
def test_letter_keys_can_be_turned_off(opened: Watched):
    opened.tab.locator("#keys").click()
    opened.tab.locator("#letters").uncheck()
    opened.tab.keyboard.press("Escape")
    opened.tab.keyboard.press("n")
    assert opened.focused() is None


@on("drawn")
def test_a_value_of_the_wrong_form_is_not_taken(opened: Watched):
    opened.edit("/sops/0/header/created", "kemarin")
    assert opened.tab.locator("#bad").inner_text() == "Bentuk nilai ini tidak sah."
    assert opened.tab.locator("#count").inner_text() == "0"


@on("drawn")
def test_the_language_can_be_changed(opened: Watched):
    opened.tab.locator(value("/sops/0/header/created")).focus()
    opened.tab.locator("#language").select_option("en")
    assert opened.tab.locator("#doubts-title").inner_text().startswith("To check")
    assert opened.tab.locator(value("/sops/0/header/created")).get_attribute("aria-label").startswith("Created:")
    assert opened.tab.evaluate("document.documentElement.lang") == "en"
    assert not opened.tab.get_by_text("Perlu diperiksa").is_visible()


# -- saving ---------------------------------------------------------------------------------------------------------


@on("drawn")
def test_corrections_are_saved_and_applied(opened: Watched, tmp_path: Path):
    result, _ = drawn()
    opened.edit("/sops/0/header/title", "Rekonsiliasi Kas")
    opened.edit(f"{DURATION}/text", "5 hari")
    opened.edit(f"{STEP}/requirements", "Buku besar\nRekening koran")
    opened.edit("/sops/0/legal_basis/0/text", "Undang-Undang Nomor 17 Tahun 2003 tentang Keuangan Negara")
    opened.edit("/sops/0/legal_basis/0/about", "Keuangan")
    opened.decide("/sops/0/header/number", "a")
    opened.decide("/sops/0/header/effective", "x")
    opened.decide("/sops/0/equipment/0", "x")
    opened.decide("/sops/0/equipment/2", "x")
    opened.tab.locator('[data-add="/sops/0/equipment"]').click()
    opened.tab.locator("#input").fill("Pemindai")
    opened.tab.keyboard.press("Control+Enter")
    opened.tab.locator(value(f"{STEP}/activity")).click()
    opened.tab.get_by_role("button", name="Sisipkan langkah").click()
    opened.tab.locator("#input").fill("Mencatat selisih pada buku bantu")
    opened.tab.keyboard.press("Control+Enter")
    opened.edit("+2/duration", "15 menit")
    opened.tab.locator(value("/sops/0/procedures/0/steps/5/activity")).click()
    opened.tab.get_by_role("button", name="Hapus langkah").click()

    patch = opened.saved()
    assert patch[0] == {"op": "test", "path": "/source/sha256", "value": result.source.sha256}
    (tmp_path / "a.json").write_text(result.model_dump_json(by_alias=True), encoding="utf-8")
    (tmp_path / "p.json").write_text(json.dumps(patch), encoding="utf-8")
    command = [sys.executable, "-m", "sopparse", "correct", "a.json", "p.json", "-o", "b.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    after = model.Result.model_validate_json((tmp_path / "b.json").read_bytes())
    sop, before = after.sops[0], result.sops[0]
    assert sop.header.title == "Rekonsiliasi Kas"
    assert sop.header.number == before.header.number
    assert sop.header.effective is None
    assert sop.equipment == (before.equipment[1], *before.equipment[3:], "Pemindai")
    assert (sop.legal_basis[0].year, sop.legal_basis[0].about) == (2003, "Keuangan")
    steps, old = sop.procedures[0].steps, before.procedures[0].steps
    activities = [one.activity for one in old]
    activities.insert(3, "Mencatat selisih pada buku bantu")
    assert [one.activity for one in steps] == activities[:6] + activities[7:]
    assert steps[2].requirements == ("Buku besar", "Rekening koran")
    assert [one.duration and one.duration.iso8601 for one in steps[2:4]] == ["P5D", "PT15M"]
    certain = {path for path, one in after.report.fields.items() if one.basis == "corrected"}
    assert {"/sops/0/header/title", "/sops/0/header/number", "/sops/0/header/effective", DURATION} <= certain


@on("drawn")
def test_a_symbol_goes_with_its_arrows(opened: Watched):
    result, _ = drawn()
    base = "/sops/0/procedures/0/flow"
    opened.tab.locator("details summary").first.click()
    opened.decide(f"{base}/nodes/2/symbol", "x")
    opened.edit(f"{base}/nodes/1/symbol", "document")
    opened.tab.locator(f'[data-add="{base}/edges"]').click()
    opened.tab.locator("#input").select_option("n2")
    opened.tab.keyboard.press("Control+Enter")
    opened.edit("+1/to", "n4")
    operations = corrections.read_patch(json.dumps(opened.saved()).encode(), "p")
    flow = corrections.correct(result, operations).sops[0].procedures[0].flow
    assert "n3" not in {end for edge in flow.edges for end in (edge.source, edge.target)}
    assert [node.id for node in flow.nodes if node.id in ("n2", "n3")] == ["n2"]
    assert flow.nodes[1].symbol == "document"
    assert (flow.edges[-1].source, flow.edges[-1].target) == ("n2", "n4")


@on("text")
def test_an_official_and_a_region_that_were_not_read(opened: Watched):
    opened.edit("/sops/0/header/approver/name", "Sekar Wulan")
    opened.edit("/sops/0/header/approver/nip", "198501012010012003")
    opened.edit("/sops/0/header/agency/region/name", "Soppeng")
    operations = corrections.read_patch(json.dumps(opened.saved()).encode(), "p")
    header = corrections.correct(factories.parsed(factories.form()), operations).sops[0].header
    assert header.approver == model.Approver(name="Sekar Wulan", nip="198501012010012003")
    assert header.agency.region == model.Region(level="kabupaten", name="Soppeng", code="73.12")


@on("drawn")
def test_what_was_undone_is_not_saved(opened: Watched):
    opened.edit("/sops/0/header/title", "Lain")
    opened.decide("/sops/0/equipment/0", "x")
    opened.decide("/sops/0/header/title", "u")
    opened.decide("/sops/0/equipment/0", "u")
    opened.tab.locator("#save").click()
    assert opened.tab.locator("#told").inner_text() == "Belum ada koreksi."
    assert opened.tab.locator(value("/sops/0/header/title")).inner_text() == drawn()[0].sops[0].header.title


# -- hostile, long, large -------------------------------------------------------------------------------------------


@on("hostile")
def test_hostile_texts_stay_texts(opened: Watched):
    """Also where scripts put them: in the panel, in labels, in both languages, after an edit."""
    title = hostile_result().sops[0].header.title
    assert opened.tab.locator(value("/sops/0/header/title")).inner_text().split() == title.split()
    for path in ("/sops/0/header/title", f"{STEP}/activity", f"{STEP}/actors", "/sops/0/legal_basis/0/text"):
        opened.tab.locator(value(path)).click()
        opened.tab.keyboard.press("Escape")
    opened.edit("/sops/0/header/title", "<img src=x onerror=document.title='alert'>")
    opened.tab.locator("#language").select_option("en")
    opened.tab.locator(".doubts .go").first.click()
    scripts = opened.tab.evaluate("document.scripts.length")
    assert (scripts, opened.tab.locator("img[onerror], [onmouseover], [onfocus]").count()) == (2, 0)
    assert opened.dialogs == []
    assert opened.tab.title() != "alert"
    assert [one["value"] for one in opened.saved()][-1] == "<img src=x onerror=document.title='alert'>"


@on("long")
def test_sixty_steps_are_all_there(opened: Watched):
    assert opened.tab.locator(".steps tbody tr").count() == 60
    assert opened.tab.locator(".chart .shape").count() == 60
    assert opened.tab.locator(".chart .arrow").count() == 67
    last = value("/sops/0/procedures/0/steps/59/activity")
    opened.tab.locator(last).focus()
    assert in_view(opened, last, "#scroll")
