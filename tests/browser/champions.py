"""The buyer of the whole round, in one browser or another: the same steps, taken by either driver.

What is pressed goes by the name that a reader sees or hears; what is read, by where it stands on the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page, expect

from dealroom.publish.access import Access
from tests.browser.test_accessibility import violations
from tests.browser.waiting import state
from tests.browser.webkit import WebKit

# What the clock of every champion says.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

# A clock that stands still, for a driver that has none; milliseconds since 1970.
CLOCK = f"""
const Moving = Date;
window.Date = class extends Moving {{
    constructor(...given) {{ given.length ? super(...given) : super(Date.now()); }}
    static now() {{ return {NOW.timestamp() * 1000:.0f}; }}
}};
"""
# No mail program opens; the address that it would be given is kept.
NO_MAIL = "HTMLAnchorElement.prototype.click = function () { window.followed = this.href; }"

# The first button in a part of the page that is seen and whose name has a text in it.
BUTTON = """[...document.querySelectorAll(%s)].flatMap((part) => [...part.querySelectorAll("button")]).find(
    (button) => button.checkVisibility({visibilityProperty: true})
        && (button.getAttribute("aria-label") ?? button.textContent).includes(%s))"""


class Champion(Protocol):
    """Someone in front of a room. Everything waits until it can be done, and fails when that takes too long."""

    def enter(self, access: Access) -> None:
        """Open the room anew and unlock it, up to where it can be answered."""

    def press(self, name: str, within: str) -> None:
        """Press the first button of that name in a part of the page."""

    def click(self, selector: str) -> None:
        """Click on the first such element."""

    def sees(self, selector: str, text: str, count: int = 1) -> None:
        """Wait until there are so many such elements, and the first of them has the text."""

    def finds(self, script: str) -> Any:
        """The value of a JavaScript expression."""

    def save(self, name: str, within: str) -> Path:
        """Press a button that saves a file, and give the file."""

    def faults(self) -> list[Any]:
        """What is wrong with the page as it is, as far as this browser can tell."""


@dataclass(frozen=True)
class ChromiumChampion:
    """Through Playwright, on a page whose clock says NOW."""

    page: Page

    def enter(self, access: Access) -> None:
        self.page.goto("about:blank")
        self.page.goto(access.link)
        state(self.page, "open")
        self.page.locator("#reply").wait_for()

    def press(self, name: str, within: str) -> None:
        self.page.locator(within).get_by_role("button", name=name).first.click()

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def sees(self, selector: str, text: str, count: int = 1) -> None:
        found = self.page.locator(selector)
        expect(found).to_have_count(count)
        expect(found.first).to_contain_text(text)

    def finds(self, script: str) -> Any:
        return self.page.evaluate(script)

    def save(self, name: str, within: str) -> Path:
        with self.page.expect_download() as saving:
            self.press(name, within)
        return Path(saving.value.path())

    def faults(self) -> list[Any]:
        return violations(self.page)


@dataclass(frozen=True)
class WebKitChampion:
    """Through WebKitGTK's driver. The room is opened with the passphrase: the clock has to stop before it opens."""

    browser: WebKit

    def enter(self, access: Access) -> None:
        self.browser.open(access.link.partition("#")[0])
        self.browser.run(CLOCK)
        self.browser.shown("#passphrase").send_keys(access.passphrase)
        self.browser.click("#unlock [type=submit]")
        self._until("document.documentElement.dataset.state === 'open'")
        self.browser.shown("#reply")

    def press(self, name: str, within: str) -> None:
        button = BUTTON % (json.dumps(within), json.dumps(name))
        self.browser.click_on(lambda: self.browser.run(f"return {button}"), f"the button “{name}” in {within}")

    def click(self, selector: str) -> None:
        self.browser.click(selector)

    def sees(self, selector: str, text: str, count: int = 1) -> None:
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        has_text = f"(all[0]?.textContent ?? '').replace(/\\s+/g, ' ').includes({json.dumps(text)})"
        self._until(f"((all) => all.length === {count} && {has_text})({found})")

    def finds(self, script: str) -> Any:
        return self.browser.run(f"return {script}")

    def save(self, name: str, within: str) -> Path:
        before = set(self.browser.home.iterdir())
        self.press(name, within)

        def saved() -> Path | None:
            new = [file for file in self.browser.home.iterdir() if file not in before and file.suffix == ".txt"]
            return next((file for file in new if file.read_text("utf-8").endswith("-----\n")), None)

        found = self.browser.until(saved, "the file is saved")
        assert found is not None
        return found

    def faults(self) -> list[Any]:
        return [*self.browser.noticed()]

    def _until(self, expression: str) -> None:
        self.browser.until(lambda: self.browser.run(f"return {expression}"), expression)
