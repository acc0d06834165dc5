"""The main path in a second engine, that of iPhones and iPads: unlock, read, open and save, lock, and be remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from dealroom.publish.access import Access
from tests.browser.sight import IN_SIGHT
from tests.browser.webkit import WebKit
from tests.demos import Demo

SLUG = "kaltenbrunn-dispatch"
REPORT = "rosenheim-replay-report.pdf"


@dataclass(frozen=True)
class Reader:
    """Someone with a browser and the ways into the room."""

    browser: WebKit
    access: Access
    files: Path

    @property
    def address(self) -> str:
        """The room's, without a secret."""
        return self.access.link.partition("#")[0]

    def state(self, wanted: str) -> None:
        self.browser.until(
            lambda: self.browser.run("return document.documentElement.dataset.state") == wanted, f"the room is {wanted}"
        )

    def arrive(self, address: str) -> None:
        self.browser.open(address)

    def unlock(self, passphrase: str) -> None:
        self.browser.shown("#passphrase").send_keys(passphrase, Keys.ENTER)

    def text(self, selector: str) -> str:
        return self.browser.shown(selector).text

    def is_forgotten(self) -> bool:
        """Whether nothing of the room is in the page."""
        return self.browser.run("return document.querySelector('#room').childNodes.length") == 0


@pytest.fixture
def reader(demo: Demo, new_webkit: Callable[[], WebKit], serve_folder: Callable[[Path], str]) -> Iterator[Reader]:
    origin = serve_folder(demo.workspace.site)
    browser = new_webkit()
    yield Reader(browser, demo.access(SLUG, origin)["katrin"], demo.workspace.plans / SLUG / "files")
    assert browser.noticed() == []


def test_opens_by_passphrase_after_a_wrong_one(reader: Reader) -> None:
    reader.arrive(reader.address)
    reader.state("locked")
    reader.unlock("correct horse battery staple")
    reader.state("failed")
    assert reader.text("#unlock-message").startswith("Wrong passphrase")
    # What was typed is selected: the next try replaces it.
    reader.unlock(reader.access.passphrase)
    reader.state("open")
    assert "fourteen depots" in reader.text("h1")


def test_opens_by_link_and_shows_the_timeline(reader: Reader) -> None:
    browser = reader.browser
    reader.arrive(reader.access.link)
    reader.state("open")
    assert "k=" not in browser.driver.current_url
    browser.until(lambda: browser.run("return document.querySelector('[data-settled]')"), "the plan is laid out")
    browser.click("[data-group-by=owner]")
    browser.until(lambda: reader.text(".gantt h3") == "Katrin Obermeier", "the plan is in order of owners")
    browser.click("#milestone-legal-review > summary")
    browser.until(lambda: browser.run("return document.querySelector('#milestone-legal-review').open"), "it unfolds")
    browser.shown("body").send_keys(Keys.CONTROL, "k")
    browser.shown("dialog.search input").send_keys("wiesbock")
    browser.until(lambda: "Jonas Wiesböck" in reader.text("dialog.search [role=option]"), "he is found")


def test_a_link_leads_to_a_milestone(reader: Reader) -> None:
    reader.arrive(f"{reader.access.link}&at=milestone-legal-review")
    reader.state("open")
    reader.browser.until(
        lambda: reader.browser.run(f"return {IN_SIGHT}('#milestone-legal-review')"),
        "the milestone is below what stays at the top of the window",
    )


def test_a_document_is_read_and_saved(reader: Reader) -> None:
    browser = reader.browser
    reader.arrive(reader.access.link)
    reader.state("open")
    # Until then the list of files is not drawn, and a press of one of them leads nowhere.
    browser.shown(".room[data-settled]")
    browser.click(".file a[data-object]")
    browser.shown("dialog.viewer[data-state=ready] iframe")
    # The browser's own viewer in the frame, as large as the frame is.
    browser.until(
        lambda: browser.run(
            """const frame = document.querySelector("dialog.viewer iframe");
            return frame.contentDocument?.querySelector("iframe")?.clientWidth === frame.clientWidth"""
        ),
        "the PDF fills the viewer",
    )
    browser.click("dialog.viewer [data-viewer-action=save]")
    saved, source = browser.home / REPORT, reader.files / REPORT
    browser.until(lambda: saved.is_file() and saved.stat().st_size == source.stat().st_size, f"{REPORT} is saved")
    assert saved.read_bytes() == source.read_bytes()


def test_a_kept_room_opens_without_asking_until_it_is_locked(reader: Reader) -> None:
    browser = reader.browser
    reader.arrive(reader.address)
    browser.click("#remember input")
    reader.unlock(reader.access.passphrase)
    reader.state("open")
    browser.until(lambda: browser.run("return document.querySelector('[data-remember] input').checked"), "it is kept")
    reader.arrive(reader.address)
    reader.state("open")
    browser.click("[data-action=lock]")
    reader.state("locked")
    assert reader.is_forgotten()
    reader.arrive(reader.address)
    browser.shown("#remember")
    reader.state("locked")


def test_a_room_fits_the_narrowest_window(reader: Reader) -> None:
    reader.browser.driver.set_window_size(400, 800)
    reader.arrive(reader.access.link)
    reader.state("open")
    reader.browser.shown(".room[data-settled]")
    # This browser's windows are no narrower than 447 pixels.
    fits = "return innerWidth < 450 && document.documentElement.scrollWidth <= innerWidth"
    reader.browser.until(lambda: reader.browser.run(fits), "all of it is as wide as the window")


def test_what_a_page_complains_of_is_seen(reader: Reader) -> None:
    """The other tests would pass on a page full of errors if this one did not."""
    reader.arrive(reader.address)
    reader.browser.run("console.error('out of order'); setTimeout(() => { throw new Error('lost') })")
    complaints = reader.browser.until(
        lambda: reader.browser.run("return noticed.length === 2 && noticed.splice(0)"), "both are noticed"
    )
    assert complaints == ["out of order", "Error: lost"]
