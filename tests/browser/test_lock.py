"""The lock under less friendly conditions: tampered pages, lost connections, hasty readers, curious neighbours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from dealroom.publish.access import Access
from dealroom.publish.build import build
from tests.browser.waiting import complete, settled, state
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY, Demo

SLUG = "kaltenbrunn-dispatch"
OBJECT = re.compile(r"/o/[0-9a-f]{32}$")


# Where a secret could stay: the address, the history and its title, storage, caches, timings, the page itself. The
# timing of the navigation keeps the whole address it began with, but only in this page's memory, where the key is too.
TRACES = """async () => JSON.stringify([
    location.href, document.title, document.cookie, document.referrer, window.name, history.state,
    {...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys(),
    window.navigation?.entries().map((entry) => entry.url),
    performance.getEntriesByType("resource").map((entry) => entry.name),
    document.documentElement.outerHTML,
])"""


@dataclass(frozen=True)
class Room:
    """One published room, and the ways that someone opens it."""

    demo: Demo
    url: str
    access: Access

    @property
    def page(self) -> Path:
        """The lock page on the host."""
        return next(self.demo.workspace.site.glob(f"{self.url.rstrip('/').rpartition('/')[2]}/index.html"))


@pytest.fixture
def room(demo: Demo, serve_folder: Callable[[Path], str]) -> Room:
    return room_of(demo, serve_folder(demo.workspace.site))


def room_of(demo: Demo, origin: str) -> Room:
    (path,) = (room.path for room in demo.report.rooms if room.slug == SLUG)
    access = next(iter(demo.access(SLUG, origin).values()))
    return Room(demo, f"{origin}/{path}/", access)


def unlock(page: Page, passphrase: str) -> None:
    page.locator("#passphrase").fill(passphrase)
    page.locator("#passphrase").press("Enter")


def serve_descriptor(page: Page, room: Room, change: Callable[[dict[str, Any]], None]) -> None:
    """Have the host serve the room's page with a changed descriptor."""
    before, descriptor, after = re.split(r'(?<=id="dealroom-room">)([^<]*)', room.page.read_text(), maxsplit=1)
    value = json.loads(descriptor)
    change(value)

    def answer(route: Route) -> None:
        route.fulfill(body=f"{before}{json.dumps(value)}{after}", content_type="text/html")

    page.route(room.url, answer)


def test_the_secret_of_a_link_stays_nowhere(own_page: Page, room: Room) -> None:
    secret = room.access.link.partition("#k=")[2]
    asked: list[str] = []
    own_page.on("request", lambda request: asked.append(f"{request.url} {request.all_headers()}"))
    own_page.on("console", lambda message: asked.append(message.text))
    own_page.goto(room.access.link)
    state(own_page, "open")
    kept = own_page.evaluate(TRACES)
    assert secret not in kept
    assert asked
    assert secret not in "".join(asked)
    own_page.goto("about:blank")
    own_page.go_back()
    state(own_page, "locked")


def test_locking_forgets_everything(page: Page, room: Room) -> None:
    page.goto(room.access.link)
    state(page, "open")
    title = page.title()
    page.locator("[data-action=lock]").first.click()
    state(page, "locked")
    assert page.locator("#room").inner_html() == ""
    assert page.title() != title
    expect(page.locator("#passphrase")).to_be_focused()
    unlock(page, room.access.passphrase)
    state(page, "open")
    assert page.title() == title


def test_ten_wrong_passphrases_change_nothing(page: Page, room: Room) -> None:
    page.goto(room.url)
    for number in range(10):
        unlock(page, f"wrong passphrase number {number}")
        expect(page.locator("#unlock-message")).to_have_text(re.compile("^Wrong passphrase"))
        assert page.locator("#passphrase").evaluate("input => input.selectionEnd - input.selectionStart") > 0
    unlock(page, room.access.passphrase)
    state(page, "open")


def test_a_passphrase_of_a_megabyte_is_wrong_at_once(page: Page, room: Room) -> None:
    page.goto(room.url)
    page.locator("#passphrase").evaluate("input => { input.value = 'x'.repeat(1_000_000); }")
    page.locator("#passphrase").press("Enter")
    expect(page.locator("#unlock-message")).to_have_text(re.compile("^Wrong passphrase"))


def test_an_empty_passphrase_is_asked_for(page: Page, room: Room) -> None:
    page.goto(room.url)
    unlock(page, "   ")
    expect(page.locator("#unlock-message")).to_have_text(re.compile("^Type the passphrase"))


# Letters as East Asian keyboards type them: half a space wider.
FULL_WIDTH = {letter: letter + 0xFEE0 for letter in range(ord("a"), ord("z") + 1)}
WAYS = {
    "capitals": str.title,
    "dashes": lambda text: text.replace(" ", "–"),
    "invisible characters": lambda text: f"\u200b{text}\t",
    "spaces around": lambda text: f"  {text.replace(' ', '   ')} \u00a0 ",
    "full width": lambda text: text.translate(FULL_WIDTH).replace(" ", "\u3000"),
}


@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
def test_a_passphrase_opens_as_phones_and_mails_write_it(page: Page, room: Room, write: Callable[[str], str]) -> None:
    page.goto(room.url)
    unlock(page, write(room.access.passphrase))
    state(page, "open")


def test_letters_of_another_script_stay_wrong(page: Page, room: Room) -> None:
    page.goto(room.url)
    letter, look_alike = next(pair for pair in ("aа", "eе", "oо", "cс", "pр") if pair[0] in room.access.passphrase)
    unlock(page, room.access.passphrase.replace(letter, look_alike))
    expect(page.locator("#unlock-message")).to_have_text(re.compile("^Wrong passphrase"))


def test_a_password_manager_knows_what_to_keep(page: Page, room: Room) -> None:
    page.goto(room.url)
    form = page.evaluate(
        """() => {
            const form = document.querySelector('#unlock');
            const fields = [...new FormData(form).keys()];
            const fill = (name) => form.querySelector(`[autocomplete=${name}]`);
            return {
                fields, method: form.method, username: fill('username').value, type: fill('current-password').type,
            };
        }"""
    )
    assert form["fields"][:2] == ["username", "passphrase"]
    # Should the script not run, the passphrase is at least never a part of an address.
    assert form["method"] == "post"
    assert form["type"] == "password"
    others = [one.path for one in room.demo.report.rooms if one.slug != SLUG]
    for path in others:
        page.goto(f"{room.url.rstrip('/').rpartition('/')[0]}/{path}/")
        assert page.locator("[autocomplete=username]").input_value() != form["username"]


def test_a_passphrase_leaves_no_trace(own_page: Page, room: Room) -> None:
    said: list[str] = []
    own_page.on("console", lambda message: said.append(message.text))
    own_page.on("request", lambda request: said.append(f"{request.url} {request.post_data} {request.all_headers()}"))
    own_page.goto(room.url)
    unlock(own_page, room.access.passphrase)
    state(own_page, "open")
    traces = [*said, own_page.evaluate(TRACES), own_page.locator("html").evaluate("html => html.outerHTML")]
    for word in room.access.passphrase.split():
        assert not [trace for trace in said if word in trace]
    assert not [trace for trace in traces if room.access.passphrase in trace]
    assert own_page.locator("#passphrase").input_value() == ""


def test_showing_the_passphrase_and_hiding_it(page: Page, room: Room) -> None:
    page.goto(room.url)
    for pressed, kind in (("true", "text"), ("false", "password")):
        page.locator("#reveal").click()
        expect(page.locator("#reveal")).to_have_attribute("aria-pressed", pressed)
        expect(page.locator("#passphrase")).to_have_attribute("type", kind)
        expect(page.locator("#passphrase")).to_be_focused()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("format", "dealroom/2", "newer format"),
        ("format", "another", "damaged"),
        ("slots", {}, "damaged"),
        ("kdf", {"name": "argon2id", "salt": "A" * 22, "memory": 8, "iterations": 1, "parallelism": 1}, "unsafe"),
        ("kdf", {"name": "argon2id", "salt": "A" * 22, "memory": 2**22, "iterations": 2, "parallelism": 1}, "unsafe"),
    ],
    ids=["newer", "unknown", "broken", "too weak", "too heavy"],
)
@pytest.mark.parametrize("way", ["link", "passphrase"])
def test_a_tampered_page_opens_nothing(
    page: Page, room: Room, way: str, name: str, value: object, message: str
) -> None:
    serve_descriptor(page, room, lambda descriptor: descriptor.update({name: value}))
    page.goto(room.access.link if way == "link" else room.url)
    if way == "passphrase":
        unlock(page, room.access.passphrase)
    expect(page.locator("#unlock-message")).to_contain_text(message)
    state(page, "failed")
    assert page.locator("#room").inner_html() == ""


def test_a_host_that_cannot_be_reached_is_no_damage(page: Page, room: Room, watch: Watch) -> None:
    watch.expect("net::ERR_FAILED")
    page.route(OBJECT, lambda route: route.abort())
    page.goto(room.access.link)
    expect(page.locator("#unlock-message")).to_contain_text("cannot be reached")
    page.unroute(OBJECT)
    unlock(page, room.access.passphrase)
    state(page, "open")


def test_an_object_that_is_missing_is_damage(page: Page, room: Room, watch: Watch) -> None:
    watch.expect("404")
    page.route(OBJECT, lambda route: route.fulfill(status=404))
    page.goto(room.access.link)
    expect(page.locator("#unlock-message")).to_contain_text("damaged")


def test_a_document_that_fails_says_so_and_can_be_tried_again(page: Page, room: Room, watch: Watch) -> None:
    watch.expect("net::ERR_FAILED")
    page.goto(room.access.link)
    settled(page)
    viewer = page.locator("dialog.viewer")
    page.route(OBJECT, lambda route: route.abort())
    page.locator(".file a[data-object]").first.click()
    expect(viewer).to_have_attribute("data-state", "failed")
    expect(viewer).to_contain_text("cannot be reached")
    page.unroute(OBJECT)
    viewer.get_by_role("button", name="Try again").click()
    expect(viewer).to_have_attribute("data-state", "ready")


def test_access_that_was_taken_away_locks_the_open_page(page: Page, room: Room) -> None:
    page.goto(room.access.link)
    state(page, "open")

    def revoke(descriptor: dict[str, Any]) -> None:
        descriptor.update(slots=[], nonce="A" * 22)

    serve_descriptor(page, room, revoke)
    page.evaluate("document.dispatchEvent(new CustomEvent('dealroom:reload'))")
    state(page, "failed")
    expect(page.locator("#unlock-message")).to_contain_text("access to this room has changed")
    assert page.locator("#room").inner_html() == ""


def test_a_published_change_comes_into_the_open_page(
    page: Page, demo: Demo, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    demo = demo.copy(tmp_path)
    room = room_of(demo, serve_folder(demo.workspace.site))
    page.goto(room.access.link)
    # Until then, what lies above a reader may still change its height.
    complete(page)
    page.evaluate("scrollTo({top: 400, behavior: 'instant'})")
    plan = demo.workspace.plans / SLUG / "plan.yml"
    plan.write_text(re.sub(r"^title: .*", "title: Another title", plan.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    build(demo.workspace, KEY, today=TODAY)
    page.evaluate("document.dispatchEvent(new CustomEvent('dealroom:reload'))")
    expect(page).to_have_title(re.compile("Another title"))
    settled(page)
    page.wait_for_function("() => scrollY === 400")
