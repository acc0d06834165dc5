"""`python -m tests.browser.brands`: the same plan in three themes, as docs/themes.md shows it."""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from dealroom.publish.build import build
from dealroom.workspace import open_workspace
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, DESKTOP
from tests.browser.screenshots import GUIDE
from tests.browser.screenshots import TODAY as NOW
from tests.demos import KEY, REPOSITORY, TODAY, Demo, copy_workspace

PLAN = "kaltenbrunn-dispatch"
THEMES = ("tessellate", "marlow-finch", "halyard")


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def build_brands(to: Path) -> Demo:
    """The demo plan once in each theme."""
    workspace = copy_workspace(to)
    for theme in THEMES:
        copy = shutil.copytree(workspace.plans / PLAN, workspace.plans / f"{PLAN}-{theme}")
        plan = re.sub(r"(?m)^(theme|path):.*\n", "", (copy / "plan.yml").read_text("utf-8"))
        (copy / "plan.yml").write_text(f"theme: {theme}\n{plan}", "utf-8")
        (copy / "access.yml").unlink(missing_ok=True)
    workspace = open_workspace(workspace.root)
    return Demo(workspace, build(workspace, KEY, [f"{PLAN}-{theme}" for theme in THEMES], today=TODAY))


def main() -> None:
    """Build the rooms in a folder of their own, serve them, and take the pictures."""
    program = chromium.find(os.environ)
    if program is None:
        sys.exit("error: the pictures need Chromium\nhint: run `make chromium`, which installs it")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = build_brands(Path(folder) / "demo")
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(demo.workspace.site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *sandbox])
        for theme in THEMES:
            way = next(iter(demo.access(f"{PLAN}-{theme}", f"http://127.0.0.1:{server.server_port}").values()))
            page = browser.new_page(viewport=DESKTOP, timezone_id="UTC", reduced_motion="reduce")
            page.clock.set_fixed_time(NOW)
            page.goto(way.link)
            expect(page.locator("html[data-state=open]")).to_be_attached()
            page.locator(".room[data-settled]").wait_for()
            page.evaluate("document.fonts.ready")
            to = GUIDE / f"brand-{theme}.png"
            page.screenshot(path=to, animations="disabled", caret="hide")
            print(to.relative_to(REPOSITORY))
            page.close()
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
