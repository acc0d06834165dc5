"""The whole round on one computer: a buyer's room sends to the preview, and the seller answers with a click."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dealroom.inbox.store import Inbox
from dealroom.plan.history import read_history
from dealroom.seal.access import Person, room_id
from dealroom.workspace import open_workspace
from tests.browser.conftest import PHONE, NewPage
from tests.browser.previews import FIRST_VISIT, SLUG, Preview, previewing
from tests.browser.test_accessibility import SCHEMES, violations_in_each_scheme
from tests.browser.waiting import state
from tests.demos import Demo
from tests.replies import KEY, reply_payload, reply_text, sealed_reply

AOIFE = Person("aoife", "Aoife Gallagher", "buyer")
LATER = {
    "kind": "date",
    "target": "milestone:security-review",
    "date": "2026-12-18",
    "was": "2026-12-02",
    "reason": "The auditor is away",
}
QUESTION = {"kind": "question", "target": "milestone:contract", "text": "Who signs while Harriet is away?"}


@pytest.fixture
def preview(demo: Demo, tmp_path: Path, browser: Browser) -> Iterator[Preview]:
    with previewing(demo, tmp_path / "deals", browser) as preview:
        yield preview


def send(preview: Preview, *changes: dict[str, str]) -> None:
    """What a room does with a reply that is ready."""
    text = reply_text(*changes, person=AOIFE, slug=SLUG)
    address = f"{preview.address}replies/{room_id(KEY, SLUG)}"
    with urllib.request.urlopen(urllib.request.Request(address, text.encode(), method="POST")) as answer:
        assert answer.status == 202


def add(preview: Preview, *changes: dict[str, str]) -> None:
    """What `dealroom inbox add` does with a saved e-mail, in another terminal."""
    sealed = sealed_reply(reply_payload(*changes, person=AOIFE, slug=SLUG), person=AOIFE, slug=SLUG)
    assert Inbox(open_workspace(preview.root)).add(sealed, date(2026, 11, 22), "mail.eml")


def change(page: Page, text: str) -> Locator:
    return page.locator("#inbox .change").filter(has_text=text)


def answers(preview: Preview) -> list[tuple[str, str | None]]:
    lines = read_history(preview.root / "plans" / SLUG, preview.root).answered
    return [(one.answer, one.words) for line in lines for one in line.answers]


def test_what_a_buyer_ticks_in_the_room_is_accepted_with_a_click(
    page: Page, new_page: NewPage, preview: Preview
) -> None:
    page.goto(preview.address)
    expect(page.locator(f'[data-room="{SLUG}"] .person').first).to_be_attached(timeout=FIRST_VISIT)
    expect(page.locator("#inbox")).to_be_hidden()
    link = page.get_by_role("link", name="Aoife Gallagher", include_hidden=True).get_attribute("href") or ""

    room = new_page()
    room.goto(preview.address + link.removeprefix("/"))
    state(room, "open")
    room.locator(".task .tick").first.click()
    room.locator(".reply-bar").get_by_role("button", name="Send").click()

    # The list was open all the time.
    expect(page.locator("#inbox")).to_contain_text("1 reply waits")
    page.locator("#inbox").get_by_role("button", name="Accept").first.click()
    expect(page.locator("#said")).to_contain_text(f"Written to plans/{SLUG}/plan.yml")
    expect(page.locator("#inbox")).to_contain_text("nothing waits")
    assert answers(preview) == [("accepted", None)]
    # And the room, too, has the answer without a publish.
    expect(room.locator("#reply:visible .reply-replies")).to_contain_text("Accepted", timeout=FIRST_VISIT)


def test_a_reply_is_edited_and_another_declined(page: Page, preview: Preview) -> None:
    page.goto(preview.address)
    expect(page.locator("#inbox")).to_be_hidden()
    add(preview, LATER, QUESTION)
    later = change(page, "18 Dec 2026 instead of 2 Dec 2026")
    expect(later).to_contain_text("slack 6 → −6")

    later.get_by_text("Edit …").click()
    later.get_by_label("Instead of what was asked for").fill("2026-12-11")
    later.get_by_label("Words with it, if you like").fill("The committee meets on the 17th")
    # Somebody saves the plan meanwhile: what was typed stays.
    preview.change("Dock House opens ready to work in", "Dock House opens in March")
    expect(page.locator("#inbox .reply header")).to_contain_text("Dock House opens in March")
    later.get_by_role("button", name="Accept so").click()
    expect(later).to_contain_text("Changed as 2026-12-11: The committee meets on the 17th")
    assert "due: 2026-12-11" in preview.plan.read_text(encoding="utf-8")

    question = change(page, "Who signs while Harriet is away?")
    question.get_by_text("Decline …").click()
    question.get_by_role("button", name="Decline", exact=True).click()
    expect(question.get_by_label("Why not?")).to_be_focused()
    question.get_by_label("Why not?").fill("Nobody does; she is back on the 5th")
    question.get_by_role("button", name="Decline", exact=True).click()
    expect(page.locator("#inbox")).to_contain_text("nothing waits")
    assert answers(preview) == [
        ("changed", "The committee meets on the 17th"),
        ("declined", "Nobody does; she is back on the 5th"),
    ]


def test_the_inbox_fits_a_phone_and_can_be_read_by_all(new_page: NewPage, preview: Preview) -> None:
    page = new_page(viewport=PHONE, reduced_motion="reduce")
    send(preview, LATER, QUESTION)
    page.goto(preview.address)
    question = change(page, "Who signs while Harriet is away?")
    question.get_by_text("Answer …").click()

    expect(question.get_by_label("Your answer")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations_in_each_scheme(page) == []
