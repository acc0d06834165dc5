"""`python -m tests.browser.screenshots`: pictures of the demo rooms, to look at and for the user guide.

Every demo room, locked and open, on a phone and on a laptop, light and dark, goes to build/screenshots; the one that
the README and the user guide show goes to docs/images.
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import threading
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE
from tests.demos import REPOSITORY, Demo, build_demo

ALL = REPOSITORY / "build" / "screenshots"
GUIDE = REPOSITORY / "docs" / "images"

# The pages show dates relative to this one: a few weeks into the demo plans.
TODAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCREENS = {"phone": PHONE, "laptop": DESKTOP}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def take_all(browser: Browser, demo: Demo, origin: str) -> None:
    """Write the pictures of every room of `demo`, which is served at `origin`."""
    for room in demo.report.rooms:
        link = next(iter(demo.access(room.slug, origin).values())).link
        for (screen, viewport), scheme in product(SCREENS.items(), SCHEMES):
            context = browser.new_context(
                viewport=viewport,
                device_scale_factor=2 if screen == "phone" else 1,
                color_scheme=scheme,
                timezone_id="UTC",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.clock.set_fixed_time(TODAY)
            name = f"{room.slug}-{screen}-{scheme}"
            page.goto(link.partition("#")[0])
            _save(page, "locked", ALL / f"{name}-locked.png")
            page.goto("about:blank")
            page.goto(link)
            _save(page, "open", ALL / f"{name}.png")
            context.close()


def take_for_the_guide(browser: Browser, demo: Demo, origin: str) -> None:
    """Write the picture that the README and the user guide show: what fits a laptop's screen, of the first room."""
    link = next(iter(demo.access(demo.report.rooms[0].slug, origin).values())).link
    # Twice the pixels, for the screens on which a README is read.
    context = browser.new_context(viewport=DESKTOP, device_scale_factor=2, timezone_id="UTC")
    page = context.new_page()
    page.clock.set_fixed_time(TODAY)
    page.goto(link)
    _save(page, "open", GUIDE / "room.png", whole_page=False)
    context.close()


def _save(page: Page, state: str, to: Path, *, whole_page: bool = True) -> None:
    expect(page.locator(f"html[data-state={state}]")).to_be_attached()
    page.evaluate("document.fonts.ready")
    page.screenshot(path=to, full_page=whole_page, animations="disabled", caret="hide")
    print(to.relative_to(REPOSITORY))


def main() -> None:
    """Build the demo rooms in a folder of their own, serve them, and take the pictures."""
    program = chromium.find(os.environ)
    if program is None:
        sys.exit("error: the screenshots need Chromium\nhint: run `make chromium`, which installs it")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = build_demo(Path(folder) / "demo")
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(demo.workspace.site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *sandbox])
        take_all(browser, demo, origin)
        take_for_the_guide(browser, demo, origin)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
