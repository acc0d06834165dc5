"""A page that changes while it is read: what differs is drawn, and what its reader is at stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.previews import Preview, previewing
from tests.browser.test_preview import TITLE, open_room
from tests.browser.waiting import becomes, state
from tests.demos import Demo

NEW_TITLE = "Dock House opens in March"
STEP = "      - {id: register, title: Enter the service in the DORA register, owner: tomasz, due: 2026-12-01}\n"
MILESTONE = """  - id: desk-plan
    phase: Agree
    title: Desks numbered on the plan
    owners: {buyer: rory, seller: bea}
    takes: 1w
    after: [goals]

  - id: security-review
"""

# In the page: marks every element, so that one which takes its place is told from it.
MARK = "document.querySelectorAll('#room *').forEach(one => { one.wasThere = true; })"

# In the page: what is new in the list of milestones, but for the buttons of answering.
NEW = """[...document.querySelectorAll(".gantt *")]
  .filter(one => !one.wasThere && !one.closest("[data-placed], [data-tick]")).map(one => one.outerHTML)"""

# In the page: all of it, but for who is where in it, and the space that nobody sees.
WRITTEN = """() => {
  const copy = document.querySelector("#room").cloneNode(true);
  for (const one of [copy, ...copy.querySelectorAll("*")]) {
    for (const name of ["tabindex", "aria-current", "src"]) one.removeAttribute(name);
    one.className = typeof one.className === "string" ? one.className.split(" ").sort().join(" ") : "";
  }
  return copy.outerHTML.replace(/\\s+/g, " ").replace(/ ?(<[^>]+>) ?/g, "\\n$1").split("\\n");
}"""


@pytest.fixture
def preview(demo: Demo, tmp_path: Path, browser: Browser) -> Iterator[Preview]:
    with previewing(demo, tmp_path / "deals", browser) as preview:
        yield preview


def read(page: Page, preview: Preview) -> None:
    """Open the room, with all that its reader can answer by."""
    open_room(page, preview)
    page.locator(".room[data-settled] #reply:not([hidden])").wait_for()


def milestone(page: Page, name: str) -> Locator:
    return page.locator(f"#milestone-{name}")


def test_a_changed_title_redraws_no_other_row(page: Page, preview: Preview) -> None:
    read(page, preview)
    page.evaluate(MARK)

    preview.change("title: Security review passed", "title: Security review signed")

    expect(milestone(page, "security-review").locator("[data-title]")).to_have_text("Security review signed")
    assert page.evaluate(NEW) == []


def test_who_writes_goes_on_writing(page: Page, preview: Preview) -> None:
    read(page, preview)
    row = milestone(page, "security-review")
    row.locator("summary").click()
    row.get_by_role("button", name="Answer").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Comment").click()
    field = page.get_by_role("dialog").get_by_role("textbox")
    field.fill("We have the letter")

    preview.change(TITLE, NEW_TITLE)

    expect(page.locator("#title")).to_have_text(NEW_TITLE)
    expect(field).to_have_value("We have the letter")
    expect(field).to_be_focused()
    field.press_sequentially(" of September")
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(row.locator(".marks")).to_contain_text("We have the letter of September")
    expect(row).to_have_attribute("open", "")
    expect(page.locator(".reply-bar")).to_contain_text("1")
    expect(page.locator(".reply-bar")).to_have_count(1)


def test_focus_and_folds_stay(page: Page, preview: Preview) -> None:
    read(page, preview)
    row = milestone(page, "security-review")
    row.locator("summary").click()
    row.get_by_role("button", name="Answer").first.focus()

    # A note of a blocker is another shape of the row: it is drawn anew as a whole.
    preview.change("  - id: security-review\n", "  - id: security-review\n    blocked: {by: Waiting for Ross}\n")

    expect(row).to_contain_text("Waiting for Ross")
    expect(row).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(row.locator(":focus")).to_be_attached()


def test_the_reader_s_own_arrangement_stays(page: Page, preview: Preview) -> None:
    read(page, preview)
    page.get_by_role("button", name="Owner", exact=True).click()
    group = page.locator(".phase[data-made]", has_text="Rory Tuohy").first

    preview.change("  - id: security-review\n", MILESTONE)

    expect(group.locator("#milestone-desk-plan")).to_be_visible()
    page.get_by_role("button", name="Phase", exact=True).click()
    expect(page.locator(".phase[data-made]")).to_have_count(0)
    names = (
        page.locator(".phase").first.locator(".milestone").evaluate_all("all => all.map(one => one.dataset.milestone)")
    )
    assert names[:4] == ["goals", "trial", "desk-plan", "security-review"]


def test_a_page_that_changed_is_as_one_that_is_opened(page: Page, new_page: NewPage, preview: Preview) -> None:
    """Whatever is changed, and in whatever order."""
    read(page, preview)
    link = page.url
    for old, new in [
        (TITLE, NEW_TITLE),
        ("  - id: security-review\n", MILESTONE),
        ("due: 2026-12-02", "due: 2026-12-04"),
        (STEP, STEP.replace("register", "annex") + STEP),
        ("owner: tomasz, due: 2026-11-27}", "owner: tomasz, due: 2026-11-27, done: 2026-11-21}"),
        ("name: Rory Tuohy", "name: Rory Tuohey"),
        (MILESTONE, "  - id: security-review\n"),
        ("    title: Security review passed\n", "    title: Security review passed\n    blocked: {by: A test}\n"),
        (STEP, ""),
    ]:
        # Saved faster than it is fetched, a version may be gone before it is.
        with page.expect_response(lambda response: "/o/" in response.url):
            preview.change(old, new)
    memo = preview.plan.with_name("decision-memo.md")
    memo.write_text(memo.read_text("utf-8") + "\n## Since then\n\nMore to read.\n", "utf-8")

    expect(page.locator("#room")).to_contain_text("More to read.")
    fresh = new_page()
    open_room_again(fresh, preview, link)
    for each in (page, fresh):
        expect(each.locator(".room[data-settled] #reply:not([hidden])")).to_be_attached()
        # Answering is put in place a moment after the rest.
        expect(each.locator("#people [data-placed]").first).to_be_attached()
    becomes(page, lambda: page.evaluate(WRITTEN), fresh.evaluate(WRITTEN))


def open_room_again(page: Page, preview: Preview, link: str) -> None:
    page.goto(preview.address)
    path = link.removeprefix(preview.address).partition("#")[0]
    page.locator(f'a[href^="/{path}#"]', has_text="Aoife Gallagher").first.click()
    state(page, "open")
