"""Keeping a room open on a device: by choice, for a time, for one room, and never longer than the seller allows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dealroom.publish.access import Access
from dealroom.publish.build import build
from dealroom.publish.grants import Grants
from dealroom.workspace import Workspace, open_workspace
from tests.browser.conftest import NewPage
from tests.browser.waiting import complete, state
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY, Demo

SLUG, OTHER = "kaltenbrunn-dispatch", "owenmore-dock-house"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Host:
    """The demo on a host, with the people of two rooms."""

    demo: Demo
    origin: str

    @property
    def workspace(self) -> Workspace:
        return self.demo.workspace

    def access(self, slug: str = SLUG, number: int = 0) -> Access:
        return list(self.demo.access(slug, self.origin).values())[number]

    def change(self, before: str, after: str, slug: str = SLUG) -> None:
        """Change a plan by a regular expression, and publish it."""
        plan = self.workspace.plans / slug / "plan.yml"
        text, count = re.subn(before, after, plan.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1
        plan.write_text(text, "utf-8")
        self.publish()

    def publish(self) -> None:
        build(open_workspace(self.workspace.root), KEY, [SLUG], today=TODAY)


@pytest.fixture
def host(demo: Demo, serve_folder: Callable[[Path], str]) -> Host:
    """A host whose rooms stay as they are."""
    return Host(demo, serve_folder(demo.workspace.site))


@pytest.fixture
def own_host(demo: Demo, tmp_path: Path, serve_folder: Callable[[Path], str]) -> Host:
    """A host whose rooms the test changes."""
    own = demo.copy(tmp_path)
    return Host(own, serve_folder(own.workspace.site))


def address(access: Access) -> str:
    """The room's address without its secret."""
    return access.link.partition("#")[0]


def opens(page: Page, access: Access) -> None:
    """Opening the page anew opens the room without asking."""
    page.goto("about:blank")
    page.goto(address(access))
    complete(page)


def asks(page: Page, access: Access, message: str = "") -> None:
    """Opening the page anew asks for the passphrase."""
    page.goto("about:blank")
    page.goto(address(access))
    expect(page.locator("#passphrase")).to_be_focused()
    expect(page.locator("#remember")).to_be_visible()
    expect(page.locator("#unlock-message")).to_contain_text(message)
    assert page.locator("#room").inner_html() == ""


def unlock(page: Page, access: Access, *, remember: bool) -> None:
    page.goto(address(access))
    box = page.get_by_label("Keep this room open on this device for 30 days")
    expect(box).not_to_be_checked()
    if remember:
        box.check()
    page.locator("#passphrase").fill(access.passphrase)
    page.locator("#passphrase").press("Enter")
    complete(page)


def menu(page: Page) -> None:
    page.locator("[data-reader-menu] summary").click()


def kept(page: Page) -> list[str]:
    """The rooms that the origin's store holds, by id."""
    return list(
        page.evaluate(
            """() => new Promise((resolve) => {
                const opening = indexedDB.open('dealroom');
                opening.onsuccess = () => {
                    const all = opening.result.transaction('rooms').objectStore('rooms').getAllKeys();
                    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
                };
            })"""
        )
    )


def test_nothing_is_kept_that_nobody_chose(page: Page, host: Host) -> None:
    access = host.access()
    unlock(page, access, remember=False)
    asks(page, access)
    page.goto(access.link)
    state(page, "open")
    asks(page, access)
    assert kept(page) == []


def test_a_kept_room_opens_without_asking_until_it_is_locked(page: Page, host: Host) -> None:
    access = host.access()
    unlock(page, access, remember=True)
    opens(page, access)
    title = page.title()
    opens(page, access)
    assert page.title() == title
    page.locator("[data-action=lock]").first.click()
    state(page, "locked")
    asks(page, access)
    assert kept(page) == []


def test_whoever_came_by_a_link_chooses_in_the_room(new_page: NewPage, host: Host) -> None:
    page = new_page(now=NOW)
    access = host.access()
    page.goto(access.link)
    state(page, "open")
    menu(page)
    box = page.locator("[data-remember] input")
    expect(box).not_to_be_checked()
    box.check()
    expect(page.locator("[data-remember-until]")).to_have_text("until 23 December 2026")
    opens(page, access)
    menu(page)
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.locator("[data-remember-until]")).to_have_text("")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    asks(page, access)


def test_the_key_cannot_be_read_out(page: Page, host: Host) -> None:
    access = host.access()
    unlock(page, access, remember=True)
    found = page.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open('dealroom');
            opening.onsuccess = () => {
                const all = opening.result.transaction('rooms').objectStore('rooms').getAll();
                all.onsuccess = async () => {
                    const { secret, ...rest } = all.result[0];
                    const exported = await crypto.subtle.exportKey('raw', secret.key).catch((error) => error.name);
                    resolve({ rest, way: secret.way, extractable: secret.key.extractable, exported });
                };
            };
        })"""
    )
    assert found["extractable"] is False
    assert found["exported"] in {"InvalidAccessError", "NotSupportedError"}
    assert found["rest"]["person"] == access.person
    assert set(found["rest"]) == {"room", "path", "person", "derivation", "since", "days"}


def test_it_is_over_after_thirty_days(new_page: NewPage, host: Host) -> None:
    page = new_page(now=NOW)
    access = host.access()
    unlock(page, access, remember=True)
    page.clock.set_fixed_time(NOW + timedelta(days=29, hours=23))
    opens(page, access)
    page.clock.set_fixed_time(NOW + timedelta(days=30))
    asks(page, access, "open the room once more")
    assert kept(page) == []
    asks(page, access)


def test_a_clock_that_was_set_back_gains_no_time(new_page: NewPage, host: Host) -> None:
    page = new_page(now=NOW)
    access = host.access()
    unlock(page, access, remember=True)
    page.clock.set_fixed_time(NOW - timedelta(days=2))
    asks(page, access, "open the room once more")


def test_two_rooms_of_one_origin_do_not_disturb_each_other(page: Page, host: Host) -> None:
    one, other = host.access(SLUG), host.access(OTHER)
    unlock(page, one, remember=True)
    unlock(page, other, remember=True)
    opens(page, one)
    opens(page, other)
    page.locator("[data-action=lock]").first.click()
    state(page, "locked")
    asks(page, other)
    opens(page, one)
    assert len(kept(page)) == 1


def second(context: BrowserContext, access: Access) -> Page:
    page = context.new_page()
    page.goto(address(access))
    state(page, "open")
    return page


def test_locking_locks_every_tab_of_the_room_and_of_no_other(page: Page, host: Host) -> None:
    one, other = host.access(SLUG), host.access(OTHER)
    unlock(page, other, remember=True)
    unlock(page, one, remember=True)
    same, neighbour = second(page.context, one), second(page.context, other)
    page.locator("[data-action=lock]").first.click()
    state(same, "locked")
    assert same.locator("#room").inner_html() == ""
    state(neighbour, "open")


def test_a_rebuild_logs_nobody_out(page: Page, own_host: Host) -> None:
    stays, gone = own_host.access(number=0), own_host.access(number=1)
    unlock(page, stays, remember=True)
    own_host.change("^title: .*", "title: Another title")
    opens(page, stays)
    expect(page).to_have_title(re.compile("Another title"))
    Grants(own_host.workspace, KEY, SLUG, TODAY, own_host.origin).revoke(gone.person)
    own_host.publish()
    opens(page, stays)


@pytest.mark.parametrize("change", ["revoke", "rotate"])
def test_access_that_changed_is_told_kindly_and_forgotten(page: Page, own_host: Host, change: str) -> None:
    access = own_host.access()
    unlock(page, access, remember=True)
    grants = Grants(own_host.workspace, KEY, SLUG, TODAY, own_host.origin)
    if change == "revoke":
        grants.revoke(access.person)
    else:
        grants.rotate(access.person)
    own_host.publish()
    asks(page, access, "Your access to this room has changed")
    assert kept(page) == []
    asks(page, access)


def test_an_open_page_that_loses_access_forgets_too(page: Page, own_host: Host) -> None:
    access = own_host.access()
    unlock(page, access, remember=True)
    Grants(own_host.workspace, KEY, SLUG, TODAY, own_host.origin).revoke(access.person)
    own_host.publish()
    page.evaluate("document.dispatchEvent(new CustomEvent('dealroom:reload'))")
    state(page, "failed")
    assert kept(page) == []


def test_what_the_seller_forbids_is_not_offered_and_what_was_kept_is_forgotten(page: Page, own_host: Host) -> None:
    access = own_host.access()
    unlock(page, access, remember=True)
    lock_page = own_host.workspace.site / address(access).removeprefix(f"{own_host.origin}/") / "index.html"
    before = lock_page.read_text("utf-8")
    own_host.change(r"\Z", "\naccess: {remember: never}\n")
    after = lock_page.read_text("utf-8")
    assert 'id="remember"' not in after
    page.goto(address(access))
    expect(page.locator("#unlock-message")).to_contain_text("open the room once more")
    assert kept(page) == []

    # A host that offers the choice all the same changes nothing: what counts is sealed.
    offer = re.search(r'<label id="remember".*?</label>', before)
    assert offer
    lock_page.write_text(after.replace('<p id="unlock-message"', f'{offer[0]}<p id="unlock-message"'), "utf-8")
    # Hosts tell a page's age in whole seconds; this one is no younger than what the browser has.
    os.utime(lock_page, (NOW.timestamp(), NOW.timestamp()))
    unlock(page, access, remember=True)
    menu(page)
    expect(page.locator("[data-remember]")).to_be_hidden()
    assert kept(page) == []


def test_a_shorter_time_counts_for_what_was_kept_before(new_page: NewPage, own_host: Host) -> None:
    page = new_page(now=NOW)
    access = own_host.access()
    unlock(page, access, remember=True)
    own_host.change(r"\Z", "\naccess: {remember: 1w}\n")
    page.clock.set_fixed_time(NOW + timedelta(days=6))
    opens(page, access)
    page.clock.set_fixed_time(NOW + timedelta(days=7))
    page.goto("about:blank")
    page.goto(address(access))
    expect(page.locator("#unlock-message")).to_contain_text("open the room once more")
    expect(page.get_by_label("for 7 days")).to_be_visible()


def test_a_host_that_cannot_be_reached_costs_nothing(page: Page, host: Host, watch: Watch) -> None:
    access = host.access()
    unlock(page, access, remember=True)
    watch.expect("net::ERR_FAILED")
    page.route(re.compile("/o/"), lambda route: route.abort())
    page.goto("about:blank")
    page.goto(address(access))
    expect(page.locator("#unlock-message")).to_contain_text("cannot be reached")
    page.unroute(re.compile("/o/"))
    opens(page, access)


@pytest.mark.parametrize(
    "refusal",
    [
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined})",
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }",
        "IDBFactory.prototype.open = () => ({})",
    ],
    ids=["missing", "refuses", "never answers"],
)
def test_a_browser_that_keeps_nothing_opens_rooms_all_the_same(own_page: Page, host: Host, refusal: str) -> None:
    own_page.add_init_script(refusal)
    access = host.access()
    own_page.goto(address(access))
    own_page.locator("#passphrase").fill(access.passphrase)
    expect(own_page.locator("#remember")).to_be_hidden()
    own_page.locator("#passphrase").press("Enter")
    state(own_page, "open")
    menu(own_page)
    expect(own_page.locator("[data-remember]")).to_be_hidden()


def test_a_browser_that_takes_no_key_says_so(own_page: Page, host: Host) -> None:
    own_page.add_init_script("IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'DataCloneError') }")
    unlock(own_page, host.access(), remember=True)
    expect(own_page.locator("[data-toast]")).to_contain_text("does not keep rooms open")


def test_the_choice_is_for_one_person(new_page: NewPage, host: Host) -> None:
    page = new_page()
    mine, theirs = host.access(number=0), host.access(number=1)
    unlock(page, mine, remember=True)
    page.goto("about:blank")
    page.goto(theirs.link)
    state(page, "open")
    menu(page)
    expect(page.locator("[data-remember]")).to_be_visible()
    expect(page.locator("[data-remember] input")).not_to_be_checked()
    opens(page, mine)
    expect(page.locator("[data-reader-name]")).to_have_text(mine.name)
