"""A room as one file: opened from the disk, without a network, by the links and passphrases of the room online."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dealroom.exchange.html import write_html
from dealroom.exchange.room_copy import take_room
from dealroom.publish.access import Access, access_of, read_one
from dealroom.publish.client import load_standalone
from dealroom.workspace import Workspace, open_workspace
from tests.browser.conftest import ELSEWHERE, NewPage
from tests.browser.waiting import settled, state
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY, Demo

SLUG = "kaltenbrunn-dispatch"
ONLINE = "https://rooms.tessellate.example"


@dataclass(frozen=True)
class Exported:
    """A room in a file, and the people who open it."""

    workspace: Workspace
    file: Path

    @property
    def address(self) -> str:
        return self.file.as_uri()

    def access(self, number: int = 0) -> Access:
        return access_of(self.workspace, KEY, SLUG, ONLINE, today=TODAY)[number]

    def link(self) -> str:
        return f"{self.address}#{self.access().link.partition('#')[2]}"


def export(workspace: Workspace, to: Path, largest: int = 10_000_000) -> Exported:
    room, _ = take_room(workspace, KEY, SLUG, TODAY, largest)
    file = to / "room of Kaltenbrunn.html"
    file.write_text(write_html(room, load_standalone()), "utf-8")
    return Exported(workspace, file)


@pytest.fixture(scope="module")
def workspace(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    copied = demo.copy_unbuilt(tmp_path_factory.mktemp("demo"))
    settings = copied.root / "dealroom.yml"
    text = re.sub(r"^base_url:.*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    settings.write_text(f"{text}base_url: {ONLINE}\n", "utf-8")
    return open_workspace(copied.root)


@pytest.fixture(scope="module")
def exported(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(workspace, tmp_path_factory.mktemp("mailed"))


@pytest.fixture
def offline(new_page: NewPage) -> Page:
    """A page without a network. `file:` addresses are the disk's."""
    return new_page(offline=True)


def unlock(page: Page, passphrase: str) -> None:
    page.locator("#passphrase").fill(passphrase)
    page.locator("#passphrase").press("Enter")


def test_a_passphrase_opens_the_file(offline: Page, exported: Exported) -> None:
    offline.goto(exported.address)
    expect(offline.locator("#remember")).to_have_count(0)
    unlock(offline, "not these six words at all")
    expect(offline.locator("#unlock-message")).to_have_text(re.compile("^Wrong passphrase"))
    unlock(offline, exported.access().passphrase)
    state(offline, "open")
    offline.locator("[data-action=lock]").first.click()
    state(offline, "locked")


def test_a_link_opens_it_and_leaves_the_address_bar(offline: Page, exported: Exported) -> None:
    offline.goto(exported.link())
    state(offline, "open")
    expect(offline).to_have_url(exported.address)
    offline.wait_for_function("() => [...document.fonts].some((one) => one.status === 'loaded')")
    # The seller's brand is there as online, and so is every image of the buyer's.
    offline.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert offline.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
    expect(offline.locator("[data-reader-name]")).to_have_text(exported.access().name)


def test_nothing_is_asked_for_outside_of_the_file(own_page: Page, exported: Exported) -> None:
    asked: list[str] = []
    own_page.on("request", lambda request: asked.append(request.url))
    own_page.goto(exported.link())
    state(own_page, "open")
    own_page.wait_for_load_state("networkidle")
    assert {url.partition("#")[0] for url in asked if not url.startswith(("blob:", "data:"))} == {exported.address}


def test_nothing_of_the_deal_can_be_read_in_it(exported: Exported) -> None:
    text = exported.file.read_text("utf-8")
    _, plan = read_one(exported.workspace, SLUG)
    people = [person.name for person in plan.stakeholders]
    for secret in (plan.title, plan.buyer.name, plan.buyer.name.split()[0], *people, exported.access().passphrase):
        assert secret not in text


def test_a_document_opens_and_is_saved_byte_for_byte(offline: Page, exported: Exported) -> None:
    offline.goto(exported.link())
    settled(offline)
    offline.locator(".files a[data-object]").first.click()
    viewer = offline.locator("dialog[data-viewer]")
    expect(viewer).to_have_attribute("data-state", "ready")
    with offline.expect_download() as saving:
        viewer.locator("[data-viewer-action=save]:visible").first.click()
    saved = saving.value
    files = exported.workspace.plans / SLUG
    originals = [path.read_bytes() for path in files.rglob(saved.suggested_filename)]
    assert Path(saved.path()).read_bytes() in originals


def test_what_is_too_large_leads_to_the_room_online(offline: Page, workspace: Workspace, tmp_path: Path) -> None:
    small = export(workspace, tmp_path, largest=1)
    offline.goto(small.link())
    state(offline, "open")
    document = offline.locator(".files a").filter(has_text="Only in the room online").first
    expect(document).to_be_visible()
    assert (document.get_attribute("href") or "").startswith(f"{ONLINE}/")
    assert document.get_attribute("data-object") is None


def test_everybody_opens_the_same_file(offline: Page, exported: Exported) -> None:
    person = exported.access(1)
    offline.goto(exported.address)
    unlock(offline, person.passphrase)
    state(offline, "open")
    expect(offline.locator("[data-reader-name]")).to_have_text(person.name)


def test_a_browser_without_cryptography_says_what_to_do(new_page: NewPage, exported: Exported) -> None:
    offline = new_page(offline=True, own=True)
    offline.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    offline.goto(exported.link())
    expect(offline.locator("#unlock-message")).to_contain_text("does not open a sealed room from a file")
    assert offline.locator("#room").inner_html() == ""


def test_on_a_host_without_https_it_says_so(
    page: Page, exported: Exported, serve_folder: Callable[[Path], str]
) -> None:
    origin = serve_folder(exported.file.parent).replace("127.0.0.1", ELSEWHERE)
    page.goto(f"{origin}/{exported.file.name}")
    expect(page.locator("#unlock-message")).to_contain_text("needs https")


def test_a_changed_script_does_not_run(page: Page, watch: Watch, exported: Exported, tmp_path: Path) -> None:
    changed = tmp_path / "changed.html"
    text = exported.file.read_text("utf-8")
    changed.write_text(text.replace('<script type="module">', '<script type="module">/* more */', 1), "utf-8")
    watch.expect("Content Security Policy")
    page.goto(f"{changed.as_uri()}#{exported.access().link.partition('#')[2]}")
    state(page, "locked")
