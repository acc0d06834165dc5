"""The page's policy, and the digests of what it loads: a file that was changed on the way does not run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from dealroom.publish.client import load_client
from dealroom.room.render import integrity
from tests.browser.waiting import state
from tests.browser.watch import Watch
from tests.demos import Demo
from tests.unit.room.rooms import Elements

SLUG = "kaltenbrunn-dispatch"
REFUSED = "Failed to find a valid digest"


def change(page: Page, name: str) -> None:
    """Have the host serve a file of the shared assets with a line more than it has.

    The browser may remember it for as long as the page is there: no other test is to have that page.
    """

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=f"{response.text()}\n/* and more */")

    page.route(re.compile(re.escape(name)), answer)


def test_everything_that_a_page_loads_has_its_digest(demo: Demo) -> None:
    site = demo.workspace.site
    for file in (site / "index.html", *site.glob("*/index.html")):
        elements = Elements(file.read_text("utf-8")).found
        loaded = [found for tag, found in elements if tag == "script" and found.get("src")]
        loaded += [found for tag, found in elements if found.get("rel") in {"stylesheet", "modulepreload"}]
        assert loaded
        for found in loaded:
            path = file.parent / (found.get("src") or found.get("href") or "")
            assert found["integrity"] == integrity(path.read_bytes())


def test_every_script_of_the_bundle_is_named_in_the_page(demo: Demo) -> None:
    client = load_client()
    page = next(demo.workspace.site.glob("*/index.html")).read_text("utf-8")
    for name in (client.entry, *client.modules, *client.lazy):
        assert f'/{name}" integrity="sha384-' in page


@pytest.mark.parametrize("which", ["entry", "modules"])
def test_a_changed_script_does_not_run(
    which: str, demo: Demo, own_page: Page, watch: Watch, serve_folder: Callable[[Path], str]
) -> None:
    client = load_client()
    access = next(iter(demo.access(SLUG, serve_folder(demo.workspace.site)).values()))
    change(own_page, client.entry if which == "entry" else client.modules[0])
    watch.expect(REFUSED)
    own_page.goto(access.link)
    own_page.wait_for_load_state("networkidle")
    state(own_page, "locked")
    assert own_page.locator("#room").inner_html() == ""


def test_a_changed_chunk_is_refused_when_it_is_needed(
    demo: Demo, own_page: Page, watch: Watch, serve_folder: Callable[[Path], str]
) -> None:
    access = next(iter(demo.access(SLUG, serve_folder(demo.workspace.site)).values()))
    for name in load_client().lazy:
        change(own_page, name)
    watch.expect(REFUSED)
    watch.expect("Failed to fetch dynamically imported module|Failed to find a valid digest")
    own_page.goto(access.link.partition("#")[0])
    own_page.locator("#passphrase").fill(access.passphrase)
    own_page.locator("#passphrase").press("Enter")
    state(own_page, "failed")
    assert own_page.locator("#room").inner_html() == ""


def test_a_changed_stylesheet_is_not_applied(
    demo: Demo, own_page: Page, watch: Watch, serve_folder: Callable[[Path], str]
) -> None:
    access = next(iter(demo.access(SLUG, serve_folder(demo.workspace.site)).values()))
    change(own_page, "room-")
    watch.expect(REFUSED)
    own_page.goto(access.link.partition("#")[0])
    assert own_page.evaluate("document.styleSheets.length") == 0
