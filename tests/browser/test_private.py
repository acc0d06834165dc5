"""Browsers that refuse: no cookies of third parties, or nothing kept on the device at all, as their users set it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.conftest import arguments
from tests.browser.waiting import settled, state
from tests.browser.watch import Watch
from tests.demos import Demo

SLUG = "kaltenbrunn-dispatch"

# Chromium's own settings, by what its settings page calls them. The second refuses storage of every kind.
REFUSALS = {
    "third-party cookies blocked": {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}},
    "no data on the device": {"profile": {"default_content_setting_values": {"cookies": 2}}},
}
KEEPS = {"third-party cookies blocked": True, "no data on the device": False}

STORES = """() => {
    try { localStorage.setItem("probe", "1"); localStorage.removeItem("probe"); return true; } catch { return false; }
}"""


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_room_opens_whatever_is_refused(
    refusal: str,
    demo: Demo,
    watch: Watch,
    tmp_path: Path,
    serve_folder: Callable[[Path], str],
    playwright: Playwright,
    chromium_program: Path,
) -> None:
    access = demo.access(SLUG, serve_folder(demo.workspace.site))["katrin"]
    settings = tmp_path / "profile" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(REFUSALS[refusal]))
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_program, args=arguments()
    )
    watch.attach(context)
    page = context.new_page()
    page.goto(access.link.partition("#")[0])
    assert page.evaluate(STORES) is KEEPS[refusal]
    # What a browser cannot keep, it does not offer to.
    expect(page.locator("#remember")).to_be_visible(visible=KEEPS[refusal])
    page.locator("#passphrase").fill(access.passphrase)
    page.locator("#passphrase").press("Enter")
    settled(page)
    page.locator(".file a[data-object]").first.click()
    expect(page.locator("dialog.viewer[data-state=ready]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("[data-action=lock]").first.click()
    state(page, "locked")
    page.goto("about:blank")
    page.goto(access.link)
    state(page, "open")
    context.close()
