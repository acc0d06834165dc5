"""What an open page of the preview asks the server for when its plan was saved."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.previews import FIRST_VISIT, SLUG, previewing
from tests.demos import Demo

TITLE = "Dock House opens ready to work in"


def test_a_saved_plan_costs_an_open_page_one_request(page: Page, demo: Demo, tmp_path: Path, browser: Browser) -> None:
    with previewing(demo, tmp_path / "deals", browser) as preview:
        page.goto(preview.address)
        page.locator(f'[data-room="{SLUG}"]').get_by_role("link", name="Aoife Gallagher").click(timeout=FIRST_VISIT)
        expect(page.locator("#room #title")).to_have_text(TITLE, timeout=FIRST_VISIT)
        page.wait_for_load_state("load")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        preview.change(TITLE, "Dock House opens in March")

        expect(page.locator("#room #title")).to_have_text("Dock House opens in March")
        # The page came with the news of it. What it refers to has a name of its own, and the sealed view is new.
        room = page.url.partition("#")[0]
        assert room not in asked
        assert len([url for url in asked if url.startswith(f"{room}o/")]) == 1
