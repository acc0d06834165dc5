"""Answering from the room: what a buyer on a phone and on a laptop marks, proposes, asks, sends and takes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from dealroom.inbox.payload import Payload, read_payload
from dealroom.publish.access import Access
from dealroom.publish.build import build
from dealroom.seal.access import room_id
from dealroom.seal.armor import SealedReply, find_replies
from dealroom.seal.reply import open_reply
from dealroom.workspace import open_workspace
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_accessibility import violations
from tests.browser.waiting import state, until
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY, Demo

SLUG = "kaltenbrunn-dispatch"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROOM = room_id(KEY, SLUG)

# What is over the page, which nobody reaches behind it. The page itself, with what waits in it and with what was sent,
# is looked at as a whole where two taps mark a step and where a reply is saved.
SHEET = "dialog.sheet[open]"


@dataclass(frozen=True)
class Room:
    """The built demo room on a host."""

    demo: Demo
    origin: str

    @property
    def reader(self) -> Access:
        return next(iter(self.demo.access(SLUG, self.origin).values()))


@pytest.fixture(scope="module")
def by_mail(demo: Demo, shared: Callable[[str, Callable[[Path], Demo]], Demo]) -> Demo:
    """The demo room of a workspace that has an address for mail, and no server that takes replies."""
    return shared("replies-by-mail", lambda to: answered_by(demo, to, "email: deals@tessellate.example"))


def answered_by(demo: Demo, to: Path, replies: str) -> Demo:
    """Copy the workspace of a demo, and build its room with these settings of replies."""
    demo.copy_unbuilt(to)
    with (to / "dealroom.yml").open("a") as settings:
        settings.write(f"\nreplies: {{{replies}}}\n")
    workspace = open_workspace(to)
    return Demo(workspace, build(workspace, KEY, [SLUG], today=TODAY))


@pytest.fixture
def room(by_mail: Demo, serve_folder: Callable[[Path], str]) -> Room:
    return Room(by_mail, serve_folder(by_mail.workspace.site))


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a laptop, at a time that is always the same."""
    return new_page(now=NOW)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def each_page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    """The same on a phone, and once more on a laptop."""
    return new_page(viewport=request.param, now=NOW)


def enter(page: Page, room: Room) -> None:
    page.goto(room.reader.link)
    state(page, "open")
    page.locator("#reply").wait_for()


def tray(page: Page) -> Locator:
    return page.locator(".reply-bar")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def milestone(page: Page) -> Locator:
    """The first milestone that is not done, unfolded."""
    found = page.locator("details[data-milestone]:not([data-state=done])").first
    found.locator("summary").first.click()
    return found


def copied_reply(page: Page) -> Payload:
    """Copies what is in the tray, and opens it as the seller does."""
    tray(page).get_by_role("button", name="Review").click()
    dialog(page).get_by_role("button", name="Copy the text").click()
    # The sheet before it has a text field too: that of the note.
    text = dialog(page).locator("textarea[readonly]").input_value()
    dialog(page).get_by_role("button", name="Close").last.click()
    return opened(text)


def opened(text: str) -> Payload:
    (sealed,) = find_replies(text)
    assert isinstance(sealed, SealedReply)
    return read_payload(open_reply(KEY, ROOM, sealed.sealed).payload, ROOM)


def test_two_taps_mark_a_step_done_and_send_it(each_page: Page, room: Room) -> None:
    page = each_page
    enter(page, room)
    page.locator(".task .tick").first.click()
    expect(tray(page)).to_contain_text("1 change to send")
    tray(page).get_by_role("button", name="Send").click()
    # Without a server the second tap leads to the other ways, the mail first.
    expect(dialog(page).get_by_role("button", name="Send by e-mail")).to_be_visible()
    assert violations(page) == []


def test_a_date_says_what_it_does_to_go_live(each_page: Page, room: Room) -> None:
    page = each_page
    enter(page, room)
    first = milestone(page)
    first.get_by_role("button", name="Propose another date").click()
    expect(dialog(page).get_by_role("grid")).to_be_visible()
    assert violations(page, SHEET) == []
    effect = dialog(page).locator(".effect")
    expect(effect).to_contain_text("Choose a day")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    expect(dialog(page).locator(".effect.is-missing")).to_be_visible()
    for _ in range(9):
        dialog(page).get_by_label("Month after").click()
    day = dialog(page).locator(".picker-day.is-marked").first
    expect(day).to_have_attribute("aria-label", re.compile("Moves go-live"))
    day.click()
    expect(effect).to_contain_text(re.compile(r"Go-live moves \d+ working days? later, to \d+ \w+ 2027"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog(page).get_by_label("Why? (optional)").fill("The works council meets later")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    expect(first.locator(".mark")).to_contain_text("New date")
    expect(first.locator("summary .badge-reply")).to_have_text("Not sent yet")
    change = copied_reply(page).changes[0]
    assert (change.kind, change.target) == ("date", f"milestone:{first.get_attribute('data-milestone')}")
    assert str(getattr(change, "was", None)) == first.get_attribute("data-finish")


def test_what_is_not_sent_survives_a_reload_and_can_be_changed_and_withdrawn(page: Page, room: Room) -> None:
    enter(page, room)
    page.locator(".task .tick").first.click()
    one = len(until(page, lambda: kept_drafts(page), "the first is kept"))
    page.locator("#reply").get_by_role("button", name="Ask a question").click()
    dialog(page).get_by_role("button", name="Add to your reply").click()
    expect(dialog(page).get_by_role("alert").first).to_have_text("Please fill this in.")
    dialog(page).get_by_label("Your question").fill("Who signs?")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    expect(tray(page)).to_contain_text("2 changes to send")
    until(page, lambda: len(kept_drafts(page)) > one, "both are kept")
    page.goto("about:blank")
    enter(page, room)
    expect(tray(page)).to_contain_text("2 changes to send")
    tray(page).get_by_role("button", name="Review").click()
    assert violations(page, SHEET) == []
    dialog(page).get_by_role("button", name="Edit: The plan").click()
    dialog(page).get_by_label("Your question").fill("Who signs, and when?")
    dialog(page).get_by_role("button", name="Keep the change").click()
    expect(dialog(page)).to_contain_text("Who signs, and when?")
    dialog(page).get_by_role("button", name="Remove").first.click()
    expect(dialog(page).locator(".sheet-changes li")).to_have_count(1)
    dialog(page).get_by_label("A note with it (optional)").fill("Thank you")
    dialog(page).get_by_role("button", name="Close").click()
    reply = copied_reply(page)
    assert (reply.note, [one.kind for one in reply.changes]) == ("Thank you", ["question"])


def kept_drafts(page: Page) -> str:
    """All that the device keeps of what is not sent yet."""
    return str(
        page.evaluate(
            """async () => {
                const open = indexedDB.open("dealroom-replies");
                await new Promise(done => { open.onsuccess = done; });
                const all = open.result.transaction("drafts").objectStore("drafts").getAll();
                await new Promise(done => { all.onsuccess = done; });
                open.result.close();
                return all.result.map(({id, sealed}) => id + new TextDecoder("latin1").decode(sealed)).join();
            }"""
        )
    )


def test_drafts_lie_encrypted_on_the_device(page: Page, room: Room) -> None:
    enter(page, room)
    page.locator("#reply").get_by_role("button", name="Comment").click()
    dialog(page).get_by_label("Your comment").fill("tangerine")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    expect(tray(page)).to_contain_text("1 change to send")
    kept = until(page, lambda: kept_drafts(page), "they are kept")
    assert "tangerine" not in kept
    assert "katrin" not in kept.lower()


def test_every_kind_of_change_is_one_that_the_seller_can_read(page: Page, room: Room) -> None:
    enter(page, room)
    first = milestone(page)
    first.get_by_role("button", name=re.compile("^Mark as done$")).click()

    def answer(kind: str, fill: Callable[[], None]) -> None:
        first.locator(".reply-actions").get_by_role("button", name="Answer").click()
        dialog(page).get_by_role("button", name=kind).click()
        fill()
        dialog(page).get_by_role("button", name="Add to your reply").click()
        expect(dialog(page)).to_have_count(0)

    answer("Say that it is blocked", lambda: page.get_by_label("What does it wait for?").fill("The works council"))
    answer("Suggest a step", lambda: page.get_by_label("What has to be done?").fill("Invite the works council"))
    answer("Comment", lambda: page.get_by_label("Your comment").fill("Nearly <b>there</b>"))

    def new_owner() -> None:
        dialog(page).get_by_role("button", name="Add a person").click()
        page.get_by_label("Name", exact=True).fill("Łucja Öz")
        page.get_by_label("E-mail (optional)").fill("not an address")
        dialog(page).get_by_role("button", name="Add to your reply").click()
        expect(dialog(page).locator("[aria-invalid=true]")).to_have_count(1)
        page.get_by_label("E-mail (optional)").fill("lucja@kaltenbrunn.example")
        dialog(page).get_by_role("button", name="Add to your reply").click()
        page.get_by_label("Who should own it?").select_option(label="Łucja Öz")

    answer("Change the owner", new_owner)
    criterion = page.locator("[data-criterion]").first
    criterion.get_by_role("button", name="Answer").click()
    dialog(page).get_by_role("button", name="Say where it stands").click()
    page.get_by_label("Where does it stand now?").fill("3.1 %")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    for place in ("#people .person", "#documents .file"):
        page.locator(place).first.get_by_role("button", name="Answer").click()
        dialog(page).get_by_role("button", name="Ask a question").click()
        page.get_by_label("Your question").fill("Is this current?")
        dialog(page).get_by_role("button", name="Add to your reply").click()
    page.locator("#reply").get_by_role("button", name="Propose another go-live").click()
    expect(dialog(page).locator(".effect")).to_be_visible()
    dialog(page).get_by_label("Month after").click()
    dialog(page).locator(".picker-day:not(.is-off)").first.click()
    expect(dialog(page).locator(".effect")).to_contain_text("all of it can be done by")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    kinds = [change.kind for change in copied_reply(page).changes]
    expected = ["done", "blocked", "step", "comment", "person", "owner", "current", "question", "question", "date"]
    assert kinds == expected


def test_a_reply_goes_by_mail_and_can_be_put_back(each_page: Page, room: Room) -> None:
    page = each_page
    enter(page, room)
    page.evaluate(
        """() => {
            HTMLAnchorElement.prototype.click = function () { window.followed = this.href; };
        }"""
    )
    page.locator(".task .tick").first.click()
    tray(page).get_by_role("button", name="Send").click()
    dialog(page).get_by_role("button", name="Send by e-mail").click()
    expect(dialog(page)).to_contain_text("Send the message from there")
    assert violations(page, SHEET) == []
    address = urlsplit(str(page.evaluate("window.followed")))
    assert (address.scheme, address.path) == ("mailto", "deals@tessellate.example")
    (body,) = parse_qs(address.query)["body"]
    assert [change.kind for change in opened(body).changes] == ["done"]
    assert "Kaltenbrunn" not in address.query
    dialog(page).get_by_role("button", name="I did not send it: put it back").click()
    expect(tray(page)).to_contain_text("1 change to send")


def test_a_reply_too_long_for_a_mail_address_is_pasted(new_page: NewPage, room: Room) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"], now=NOW)
    enter(page, room)
    page.evaluate("HTMLAnchorElement.prototype.click = function () { window.followed = this.href; }")
    page.locator("#reply").get_by_role("button", name="Comment").click()
    dialog(page).get_by_label("Your comment").fill("word " * 390)
    dialog(page).get_by_role("button", name="Add to your reply").click()
    tray(page).get_by_role("button", name="Send").click()
    dialog(page).get_by_role("button", name="Send by e-mail").click()
    expect(dialog(page)).to_contain_text("Paste it into the message")
    assert len(str(page.evaluate("window.followed"))) < 300
    assert opened(str(page.evaluate("navigator.clipboard.readText()"))).changes[0].kind == "comment"


def test_a_reply_is_saved_offline_and_told_as_sent(each_page: Page, room: Room) -> None:
    page = each_page
    enter(page, room)
    page.context.set_offline(True)
    page.locator(".task .tick").first.click()
    tray(page).get_by_role("button", name="Send").click()
    with page.expect_download() as saving:
        dialog(page).get_by_role("button", name="Save as a file").click()
    assert saving.value.suggested_filename.startswith("dealroom-reply-")
    assert opened(Path(saving.value.path()).read_text("utf-8")).person == room.reader.person
    expect(dialog(page)).to_contain_text("Send this file to Tessellate")
    dialog(page).get_by_role("button", name="Close").last.click()
    expect(page.locator("[data-reply-told]")).to_contain_text("Sent on 23 November 2026, not answered yet")
    expect(tray(page)).to_be_hidden()
    assert violations(page) == []


def test_nothing_is_lost_when_the_server_is_down(
    demo: Demo, new_page: NewPage, tmp_path: Path, serve_folder: Callable[[Path], str], watch: Watch
) -> None:
    watch.expect("net::ERR_CONNECTION_REFUSED|net::ERR_UNSAFE_PORT")
    watch.expect("request to another origin: http://127.0.0.1:9/")
    # Port 9 is that of the discard protocol: nobody listens.
    demo = answered_by(demo, tmp_path, "endpoint: 'http://127.0.0.1:9/replies'")
    page = new_page(now=NOW)
    enter(page, Room(demo, serve_folder(demo.workspace.site)))
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "connect-src 'self' http://127.0.0.1:9;" in policy
    page.locator(".task .tick").first.click()
    tray(page).get_by_role("button", name="Send").click()
    expect(dialog(page).get_by_role("alert").filter(has_text="Nothing is lost")).to_be_visible()
    expect(dialog(page).get_by_role("button", name="Save as a file")).to_be_visible()
    assert violations(page, SHEET) == []
    expect(tray(page)).to_contain_text("1 change to send")
