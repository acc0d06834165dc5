"""A link to a place in the room leads there, and nothing that stays at the top of the window covers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import IN_SIGHT
from tests.browser.waiting import settled, until
from tests.demos import Demo

SLUG = "kaltenbrunn-dispatch"


@pytest.mark.parametrize("place", ["milestone-legal-review", "milestone-go-live", "criterion-temperature", "timeline"])
def test_a_link_leads_to_its_place(
    demo: Demo, each_page: Page, serve_folder: Callable[[Path], str], place: str
) -> None:
    link = demo.access(SLUG, serve_folder(demo.workspace.site))["katrin"].link
    each_page.goto(f"{link}&at={place}")
    settled(each_page)
    seen = f"document.fonts.status === 'loaded' && {IN_SIGHT}('#{place}')"
    until(each_page, lambda: each_page.evaluate(seen), f"{place} is where a reader looks")


def test_the_menu_begins_with_the_plan(demo: Demo, each_page: Page, serve_folder: Callable[[Path], str]) -> None:
    """What is drawn after the first screen is nowhere until then, and so not where its reader is."""
    each_page.goto(demo.access(SLUG, serve_folder(demo.workspace.site))["katrin"].link)
    settled(each_page)
    expect(each_page.locator(".menu [aria-current]")).to_have_text(["Plan"])
