"""axe-core finds nothing in any state of the demo rooms: locked, refused, opened, and on a page, in both schemes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.waiting import settled, state
from tests.demos import REPOSITORY, Demo

AXE = REPOSITORY / "dealroom" / "client" / "node_modules" / "axe-core" / "axe.min.js"

# WCAG 2.2 AA, and what axe's authors hold to be good practice beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Those of them to which colours matter. All else that axe looks at is the tree, and where things are and how large.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


# In the page: every element that is seen, with its place, its size, and what else of its looks is no colour.
LAID_OUT = """() => [...document.querySelectorAll("*")]
  .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .map(one => {
    const {x, y, width, height} = one.getBoundingClientRect();
    const {fontSize, fontWeight, textDecorationLine, pointerEvents, overflow} = getComputedStyle(one);
    return [one.tagName, x, y, width, height, fontSize, fontWeight, textDecorationLine, pointerEvents, overflow].join();
  }).join("\\n")"""


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe has to say of the page as it is now, a line a rule; or of the one element `within`."""
    return _found(page, {"type": "tag", "values": RULES}, within)


def violations_in_each_scheme(page: Page) -> list[str]:
    """The same of the page in light and in dark colours.

    Where both are laid out alike, all rules but those of colours say of the second what they have said of the first:
    asking them again would take as long as the first time.
    """
    found: list[str] = []
    laid_out = ""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        _prepare(page)
        before, laid_out = laid_out, str(page.evaluate(LAID_OUT))
        rules = {"type": "rule", "values": COLOUR_RULES} if laid_out == before else {"type": "tag", "values": RULES}
        found += [f"{scheme}: {violation}" for violation in _found(page, rules)]
    return found


def _found(page: Page, rules: dict[str, Any], within: str | None = None) -> list[str]:
    _prepare(page)
    found: dict[str, Any] = page.evaluate(
        "([within, runOnly]) => axe.run(within ?? document, {runOnly, resultTypes: ['violations']})", [within, rules]
    )
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


def _prepare(page: Page) -> None:
    """Wait until a room is drawn, and have axe in the page."""
    if page.locator("html[data-state=open]").count():
        settled(page)
    # Half a megabyte of script, which a document that has it already need not read again.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("number", [0, 1])
def test_every_state_is_accessible(
    demo: Demo, new_page: NewPage, serve_folder: Callable[[Path], str], number: int, viewport: dict[str, int]
) -> None:
    room = demo.report.rooms[number]
    origin = serve_folder(demo.workspace.site)
    way = next(iter(demo.access(room.slug, origin).values()))
    # All in one document: the browser runs the same half a megabyte of script the quicker the longer it knows it.
    page = new_page(viewport=viewport, reduced_motion="reduce")

    def assert_accessible(state: str) -> None:
        assert violations_in_each_scheme(page) == [], state

    page.goto(f"{origin}/{room.path}/")
    assert_accessible("locked")
    page.locator("#passphrase").fill("correct horse battery staple")
    page.locator("#unlock button[type=submit]").click()
    state(page, "failed")
    assert_accessible("refused")
    page.locator("#passphrase").fill(way.passphrase)
    page.locator("#unlock button[type=submit]").click()
    settled(page)
    assert_accessible("opened")
    page.locator("details[data-milestone]").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert_accessible("opened, with all milestones unfolded")
    (plan,) = (loaded.plan for loaded in demo.plans if loaded.slug == room.slug)
    assert plan is not None
    name = f"page-{Path(plan.pages[0].file).stem}"
    page.locator(f".reading a[href='#{name}']").first.click()
    expect(page.locator(f"#{name}")).to_be_visible()
    assert_accessible("on a page")
