"""The whole round: the champion answers by three ways, the seller takes it in, and the room says what became of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from dealroom.publish.build import build
from dealroom.workspace import Workspace, open_workspace
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_accessibility import violations
from tests.demos import KEY, TODAY, Demo, copy_workspace

SLUG = "kaltenbrunn-dispatch"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# Seconds in which a server of this machine has stopped, however slow it is.
PATIENCE = 30


class Seller:
    """The seller at the command line, in a workspace whose rooms and replies `dealroom host` serves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {**os.environ, "DEALROOM_KEY": KEY.text()}
        self.host = subprocess.Popen(
            [sys.executable, "-m", "dealroom", "-C", str(root), "host", "--port", "0"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.host.stdout is not None
        started: dict[str, str] = json.loads(self.host.stdout.readline())
        self.origin = started["address"].rstrip("/")

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def publish(self) -> Demo:
        return Demo(self.workspace, build(self.workspace, KEY, [SLUG], today=TODAY))

    def run(self, *arguments: str, given: str = "") -> str:
        command = [sys.executable, "-m", "dealroom", "-C", str(self.root), "--today", TODAY.isoformat(), *arguments]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("inbox", "list", "--format", "json"))
        return found

    def stop(self) -> None:
        self.host.send_signal(signal.SIGTERM)
        self.host.communicate(timeout=PATIENCE)


@pytest.fixture
def seller(tmp_path: Path) -> Iterator[Seller]:
    root = copy_workspace(tmp_path).root
    (root / "site").mkdir()
    seller = Seller(root)
    with (root / "dealroom.yml").open("a") as settings:
        replies = f"{{endpoint: '{seller.origin}/replies', email: deals@tessellate.example}}"
        settings.write(f"\nbase_url: {seller.origin}\nreplies: {replies}\n")
    yield seller
    seller.stop()


def enter(page: Page, link: str) -> None:
    page.goto("about:blank")
    page.clock.set_fixed_time(NOW)
    page.goto(link)
    expect(page.locator("html[data-state=open]")).to_be_attached()
    expect(page.locator("#reply")).to_be_visible()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def bar(page: Page) -> Locator:
    return page.locator(".reply-bar")


def propose(page: Page, milestone: str, day: str) -> None:
    found = page.locator(f"#milestone-{milestone}")
    found.evaluate("element => { element.open = true; }")
    found.get_by_role("button", name="Propose another date").click()
    while page.locator(f"[data-day='{day}']").count() == 0:
        dialog(page).get_by_label("Month after").click()
    page.locator(f"[data-day='{day}']").click()
    dialog(page).get_by_role("button", name="Add to your reply").click()


def open_dated(demo: Demo) -> list[tuple[str, str]]:
    """Two open milestones with a date of their own, each with a day a week after that."""
    (plan,) = (loaded.plan for loaded in demo.plans if loaded.slug == SLUG)
    assert plan is not None
    dated = [each for each in plan.milestones if each.due and not each.done and each.due > TODAY]
    return [(each.id, (each.due + timedelta(days=7)).isoformat()) for each in dated[:2] if each.due]


def send_to_the_server(page: Page, seller: Seller) -> None:
    """Two taps, and the seller fetches it."""
    page.locator("[data-next-list=person] .tick").first.click()
    bar(page).get_by_role("button", name="Send").click()
    expect(bar(page)).to_contain_text("Tessellate has your reply")
    expect(page.locator("[data-reply-told]")).to_contain_text("Sent on 23 November 2026, not answered yet")
    seller.run("inbox", "pull")


def send_by_mail(page: Page, seller: Seller) -> None:
    """The message arrives quoted."""
    page.evaluate("HTMLAnchorElement.prototype.click = function () { window.followed = this.href; }")
    bar(page).get_by_role("button", name="Review").click()
    dialog(page).get_by_role("button", name="Send by e-mail").click()
    expect(dialog(page)).to_contain_text("Your e-mail program should have opened")
    (body,) = parse_qs(urlsplit(str(page.evaluate("window.followed"))).query)["body"]
    seller.run("inbox", "add", "-", given="\n".join(f"> {line}" for line in body.splitlines()))


def send_as_file(page: Page, seller: Seller) -> None:
    bar(page).get_by_role("button", name="Review").click()
    with page.expect_download() as saving:
        dialog(page).get_by_role("button", name="Save as a file").click()
    seller.run("inbox", "add", str(saving.value.path()))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_champion_answers_and_sees_what_became_of_it(
    seller: Seller, new_page: NewPage, viewport: dict[str, int]
) -> None:
    demo = seller.publish()
    katrin = demo.access(SLUG, seller.origin)["katrin"]
    (first, first_day), (second, second_day) = open_dated(demo)
    page = new_page(viewport=viewport)
    enter(page, katrin.link)
    send_to_the_server(page, seller)
    propose(page, first, first_day)
    propose(page, second, second_day)
    send_by_mail(page, seller)
    done, dates = sorted(seller.waiting(), key=lambda one: int(one["changes"]))
    seller.run("inbox", "accept", done["id"])
    seller.run("inbox", "accept", dates["id"], "--change", "1")
    seller.run("inbox", "decline", dates["id"], "--change", "2", "--words", "Our lab is booked until then")
    seller.publish()

    enter(page, katrin.link)
    told = page.locator("[data-reply-told]")
    expect(told.locator("[data-state=accepted]")).to_have_count(2)
    expect(told.locator("[data-state=declined]")).to_contain_text("Our lab is booked until then")
    expect(page.locator(f"#milestone-{first}")).to_have_attribute("data-finish", first_day)
    expect(page.locator(f"#milestone-{second} .badge-reply")).to_have_text("Declined on 23 November 2026")
    assert violations(page) == []

    # A date has changed, so the plan wants a new agreement.
    page.locator("#reply").get_by_role("button", name="Agree to the plan as it stands").click()
    send_as_file(page, seller)
    (agreement,) = seller.waiting()
    seller.run("inbox", "accept", agreement["id"])
    seller.publish()
    enter(page, katrin.link)
    agreed = page.locator("[data-agreed=katrin]")
    expect(agreed).to_contain_text("Katrin Obermeier, 23 November 2026")
    expect(agreed).to_contain_text("to the plan as it stands")
    expect(page.locator("#reply").get_by_role("button", name="Agree to the plan")).to_have_count(0)


def test_others_of_the_same_view_read_no_answers(seller: Seller, new_page: NewPage) -> None:
    demo = seller.publish()
    people = demo.access(SLUG, seller.origin)
    page = new_page()
    enter(page, people["katrin"].link)
    page.locator("#reply").get_by_role("button", name="Ask a question").click()
    dialog(page).get_by_label("Your question").fill("May we tell the board about the discount?")
    dialog(page).get_by_role("button", name="Add to your reply").click()
    bar(page).get_by_role("button", name="Send").click()
    expect(bar(page)).to_contain_text("Tessellate has your reply")
    seller.run("inbox", "pull")
    (question,) = seller.waiting()
    seller.run("inbox", "accept", question["id"], "--words", "Tangerine, please")
    seller.publish()
    enter(page, people["katrin"].link)
    expect(page.locator("[data-reply-told]")).to_contain_text("Tangerine, please")
    other = new_page()
    enter(other, people["matthias"].link)
    expect(other.locator("[data-reply-told]")).to_be_hidden()
    held = other.content()
    assert "Tangerine" not in held
    assert "discount" not in held
