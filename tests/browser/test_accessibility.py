"""axe-core finds nothing in any state of the demo rooms: locked, refused, opened, and on a page, in both schemes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.demos import REPOSITORY, Demo

AXE = REPOSITORY / "dealroom" / "client" / "node_modules" / "axe-core" / "axe.min.js"

# WCAG 2.2 AA, and what axe's authors hold to be good practice beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def violations(page: Page) -> list[str]:
    """What axe has to say of the page as it is now, a line a rule."""
    if page.locator("html[data-state=open]").count():
        page.locator(".room[data-settled]").wait_for()
    # Half a megabyte of script, which a document that has it already need not read again.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


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
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], f"{state}, {scheme}"

    page.goto(f"{origin}/{room.path}/")
    assert_accessible("locked")
    page.locator("#passphrase").fill("correct horse battery staple")
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("html[data-state=failed]")).to_be_attached()
    assert_accessible("refused")
    page.locator("#passphrase").fill(way.passphrase)
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("html[data-state=open]")).to_be_attached()
    assert_accessible("opened")
    page.locator("details[data-milestone]").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert_accessible("opened, with all milestones unfolded")
    (plan,) = (loaded.plan for loaded in demo.plans if loaded.slug == room.slug)
    assert plan is not None
    name = f"page-{Path(plan.pages[0].file).stem}"
    page.locator(f".reading a[href='#{name}']").first.click()
    expect(page.locator(f"#{name}")).to_be_visible()
    assert_accessible("on a page")
