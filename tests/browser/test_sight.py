"""Readers who need larger letters or colours of their own: 200 % and 400 % zoom, and forced colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import SCHEMES, violations, violations_in_each_scheme
from tests.browser.waiting import settled
from tests.demos import Demo

SLUG = "owenmore-dock-house"
NOW = "2026-11-23T09:00:00"

# A window of 1280 by 1024 pixels holds so much less when it is zoomed (WCAG 2.2, success criteria 1.4.4 and 1.4.10).
WINDOW = (1280, 1024)

# In the page: how far anything that is no table, code or menu, which scroll by themselves, leaves the window.
BEYOND = """() => Math.max(0, ...[...document.querySelectorAll("#room *")]
  .filter(one => one.checkVisibility() && !one.closest(".menu ul, .prose table, .prose pre, svg, .visually-hidden"))
  .map(one => one.getBoundingClientRect())
  .map(({left, right}) => Math.max(right - document.documentElement.clientWidth, -left)))"""

# In the page: the colours that are drawn with, by what they are of.
DRAWN = """() => {
  const of = (selector, property, pseudo) => getComputedStyle(document.querySelector(selector), pseudo)[property];
  const probe = document.body.appendChild(document.createElement("i"));
  const system = name => { probe.style.color = name; return getComputedStyle(probe).color; };
  return {
    text: system("CanvasText"), chosen: system("Highlight"),
    bar: of(".milestone[data-state=in-progress] .bar-shape", "stroke"), done: of(".progress-done", "fill"),
    here: of(".menu [aria-current]", "backgroundColor", "::after"),
    pressed: of(".switch [aria-pressed=true]", "outlineColor"),
    verdict: of(".verdict", "borderTopStyle"), date: of(".go-live", "borderTopStyle"),
  };
}"""


@pytest.fixture
def link(demo: Demo, serve_folder: Callable[[Path], str]) -> str:
    return next(iter(demo.access(SLUG, serve_folder(demo.workspace.site)).values())).link


def open_room(page: Page, link: str) -> None:
    page.goto(link)
    settled(page)


@pytest.mark.parametrize("zoom", [2, 4])
def test_a_zoomed_room_needs_no_scrolling_to_the_side(new_page: NewPage, link: str, zoom: int) -> None:
    width, height = WINDOW
    page = new_page(viewport={"width": width // zoom, "height": height // zoom}, device_scale_factor=zoom, now=NOW)
    open_room(page, link)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = !one.matches('.reader-menu'); })")
    assert page.evaluate(BEYOND) <= 1
    assert violations(page) == []
    page.locator(".reading a[href^='#']").first.click()
    assert page.evaluate(BEYOND) <= 1, "on a page"


def test_forced_colours_draw_everything(new_page: NewPage, link: str) -> None:
    page = new_page(forced_colors="active", reduced_motion="reduce", now=NOW)
    open_room(page, link)
    texts = set()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        drawn = page.evaluate(DRAWN)
        assert (drawn["bar"], drawn["done"]) == (drawn["text"], drawn["chosen"])
        assert (drawn["here"], drawn["pressed"]) == (drawn["chosen"], drawn["chosen"])
        assert (drawn["verdict"], drawn["date"]) == ("solid", "solid"), "a ground that is not drawn has an edge instead"
        texts.add(drawn["text"])
    assert len(texts) == len(SCHEMES), "each scheme has a text colour of its own"
    assert violations_in_each_scheme(page) == []
