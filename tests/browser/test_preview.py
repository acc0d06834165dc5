"""What a seller sees while editing: the open page follows the plan, in a real browser and from a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.previews import FIRST_VISIT, SLUG, Preview, previewing
from tests.browser.waiting import becomes, settled, state
from tests.demos import Demo

TITLE = "Dock House opens ready to work in"

# In the page: what stands in the window, and how far below its top.
IN_SIGHT = """Object.fromEntries([...document.querySelectorAll("#room [id]")]
  .map(one => [one.id, one.getBoundingClientRect()])
  .filter(([, {top, height}]) => height > 0 && top > 0 && top < innerHeight).map(([id, {top}]) => [id, top]))"""


@pytest.fixture
def preview(demo: Demo, tmp_path: Path, browser: Browser) -> Iterator[Preview]:
    with previewing(demo, tmp_path / "deals", browser) as preview:
        yield preview


@pytest.fixture(scope="module")
def still(demo: Demo, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Preview]:
    """A preview in which no test changes anything."""
    with previewing(demo, tmp_path_factory.mktemp("still") / "deals", browser) as preview:
        yield preview


def entry(page: Page) -> Locator:
    return page.locator(f'[data-room="{SLUG}"]')


def open_room(page: Page, preview: Preview) -> None:
    page.goto(preview.address)
    entry(page).get_by_role("link", name="Aoife Gallagher").click(timeout=FIRST_VISIT)
    state(page, "open")
    expect(page.locator("#room #title")).to_have_text(TITLE)


def test_a_saved_plan_shows_in_the_open_page_where_the_reader_is(page: Page, preview: Preview) -> None:
    open_room(page, preview)
    settled(page)
    page.mouse.wheel(0, 1200)
    # The wheel turns the page little by little.
    page.wait_for_function("() => scrollY === 1200")
    before = page.evaluate(IN_SIGHT)
    assert before

    preview.change(TITLE, "Dock House opens in March")

    expect(page.locator("#room #title")).to_have_text("Dock House opens in March")
    # The new title is a line shorter, so that the page moves on by as much.
    becomes(page, lambda: page.evaluate(IN_SIGHT), pytest.approx(before, abs=1))
    state(page, "open")


def test_a_broken_plan_shows_its_findings_and_recovers(page: Page, preview: Preview) -> None:
    open_room(page, preview)

    preview.change("go_live:", "golive:")
    findings = page.get_by_role("region", name="Findings")
    expect(findings).to_contain_text("did you mean `go_live`?")
    expect(page.get_by_role("alert").filter(has_text="the page shows its last good state")).to_be_visible()
    expect(page.locator("#room #title")).to_have_text(TITLE)

    preview.change("golive:", "go_live:")
    expect(findings).to_be_hidden()


def test_a_reader_who_was_taken_out_of_the_plan_and_put_back_reads_on(page: Page, preview: Preview) -> None:
    open_room(page, preview)
    settled(page)
    page.evaluate("scrollTo({top: 1200, behavior: 'instant'})")

    # As half of a file looks, or the plan on another branch.
    whole = preview.plan.read_text(encoding="utf-8")
    preview.change(whole, "title: Draft\nbuyer: {name: Owenmore}\ngo_live: {date: 2027-03-01}\n")
    state(page, "failed")

    preview.change(preview.plan.read_text(encoding="utf-8"), whole)
    expect(page.locator("#room #title")).to_have_text(TITLE)
    state(page, "open")
    # Once it is shown again; the browser itself makes up for pictures that are put in above.
    page.wait_for_function("() => Math.abs(scrollY - 1200) <= 100")


def test_findings_can_be_put_away(page: Page, preview: Preview) -> None:
    open_room(page, preview)
    preview.change("go_live:", "golive:")

    page.get_by_role("button", name="Hide").click()

    expect(page.get_by_role("region", name="Findings")).to_be_hidden()


def test_a_plan_that_was_broken_from_the_start_opens_once_it_is_put_right(page: Page, preview: Preview) -> None:
    page.goto(preview.address)
    link = entry(page).get_by_role("link", name="Aoife Gallagher").get_attribute("href") or ""
    preview.change("go_live:", "golive:")
    page.goto(preview.address + link.removeprefix("/"))
    expect(page.get_by_role("region", name="Findings")).to_contain_text("go_live")

    preview.change("golive:", "go_live:")

    expect(page.locator("#room #title")).to_have_text(TITLE, timeout=FIRST_VISIT)


def test_the_list_follows_too(page: Page, preview: Preview) -> None:
    page.goto(preview.address)
    expect(entry(page)).to_contain_text(TITLE)
    entry(page).get_by_text("Open as").click()

    preview.change(TITLE, "Dock House opens in March")
    expect(entry(page)).to_contain_text("Dock House opens in March")
    # What was folded stays folded.
    expect(entry(page).get_by_role("link", name="Aoife Gallagher")).to_be_hidden()

    preview.change("go_live:", "golive:")
    expect(entry(page)).to_contain_text("did you mean `go_live`?")
    expect(page.locator("#counts")).to_contain_text("1 broken")


def test_a_room_is_found_by_typing(page: Page, still: Preview) -> None:
    page.goto(still.address)
    expect(page.locator("[data-room]")).to_have_count(2)

    page.get_by_label("Find a room").fill("aoife")

    expect(page.locator("[data-room]:visible")).to_have_count(1)
    expect(entry(page)).to_be_visible()
    page.get_by_label("Find a room").fill("nobody")
    expect(page.get_by_text("No room matches")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_fits_a_phone(new_page: NewPage, still: Preview, scheme: str) -> None:
    page = new_page(viewport=PHONE, color_scheme=scheme)

    page.goto(still.address)

    expect(entry(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_changed_theme_restyles_the_open_page(page: Page, preview: Preview) -> None:
    open_room(page, preview)

    styles = preview.root / "themes" / "marlow-finch" / "styles.css"
    styles.write_text("body { outline: 3px solid rgb(1, 2, 3); }\n", encoding="utf-8")

    expect(page.locator("body")).to_have_css("outline-color", "rgb(1, 2, 3)", timeout=FIRST_VISIT)
    state(page, "open")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)


def test_going_back_leads_to_the_list(page: Page, still: Preview) -> None:
    open_room(page, still)

    page.go_back()

    expect(entry(page)).to_be_visible()
    expect(page).to_have_url(still.address)
