"""A running `dealroom serve` on a copy of the demo workspace."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.demos import KEY, Demo

# The first visit of a room builds it: on a busy machine, longer than Playwright waits.
FIRST_VISIT = 60_000

SLUG = "owenmore-dock-house"


class Preview:
    """The workspace that is previewed, and where."""

    def __init__(self, root: Path, address: str) -> None:
        self.root = root
        self.address = address
        self.plan = root / "plans" / SLUG / "plan.yml"

    def change(self, old: str, new: str) -> None:
        """Save the plan with another text."""
        text = self.plan.read_text(encoding="utf-8")
        assert old in text
        # As most editors save: a new file takes the place of the old one.
        temporary = self.plan.with_name(".plan.yml.new")
        temporary.write_text(text.replace(old, new, 1), encoding="utf-8")
        temporary.replace(self.plan)


@contextmanager
def previewing(demo: Demo, root: Path, browser: Browser) -> Iterator[Preview]:
    """Preview a copy of the demo workspace in `root`. Every page of it is left at the end."""
    workspace = demo.copy_unbuilt(root)
    command = [sys.executable, "-m", "dealroom", "-C", str(workspace.root), "serve", "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DEALROOM_KEY": KEY.text(), "DEALROOM_TODAY": "2026-11-22"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout
        (address,) = re.findall(r"http://\S+/", server.stdout.readline())
        yield Preview(workspace.root, address)
        # Before the server stops: a page that is still open would look for it.
        for page in [page for context in browser.contexts for page in context.pages if page.url.startswith(address)]:
            page.goto("about:blank")
        server.terminate()
