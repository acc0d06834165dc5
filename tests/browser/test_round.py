"""The whole round: the champion answers by three ways, the seller takes it in, and the room says what became of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from dealroom.cli.main import cli
from dealroom.publish.build import build
from dealroom.workspace import Workspace, open_workspace
from tests.browser.champions import NO_MAIL, NOW, Champion, ChromiumChampion, WebKitChampion
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.demos import KEY, TODAY, Demo

SLUG = "kaltenbrunn-dispatch"
# Seconds in which a server of this machine has stopped, however slow it is.
PATIENCE = 30


class Seller:
    """The seller at the command line, in a workspace whose rooms and replies `dealroom host` serves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.host = subprocess.Popen(
            [sys.executable, "-m", "dealroom", "-C", str(root), "host", "--port", "0"],
            env={**os.environ, "DEALROOM_KEY": KEY.text()},
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
        typed = ["-C", str(self.root), "--today", TODAY.isoformat(), *arguments]
        done = CliRunner().invoke(cli, typed, given, {"DEALROOM_KEY": KEY.text()}, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("inbox", "list", "--format", "json"))
        return found

    def stop(self) -> None:
        self.host.send_signal(signal.SIGTERM)
        self.host.communicate(timeout=PATIENCE)


@pytest.fixture
def seller(demo: Demo, tmp_path: Path) -> Iterator[Seller]:
    root = demo.copy_unbuilt(tmp_path).root
    (root / "site").mkdir()
    seller = Seller(root)
    with (root / "dealroom.yml").open("a") as settings:
        replies = f"{{endpoint: '{seller.origin}/replies', email: deals@tessellate.example}}"
        settings.write(f"\nbase_url: {seller.origin}\nreplies: {replies}\n")
    yield seller
    seller.stop()


@pytest.fixture(params=["phone", "laptop", "second engine"])
def champion(request: pytest.FixtureRequest) -> Champion:
    """In Chromium on a phone and on a laptop, and in WebKit."""
    if request.param == "second engine":
        return WebKitChampion(request.getfixturevalue("new_webkit")())
    new_page: NewPage = request.getfixturevalue("new_page")
    return ChromiumChampion(new_page(viewport=PHONE if request.param == "phone" else DESKTOP, now=NOW))


BAR, DIALOG, REPLY, TOLD = ".reply-bar", "dialog[open]", "#reply", "[data-reply-told]"


def propose(champion: Champion, milestone: str, day: str) -> None:
    place, button = f"#milestone-{milestone}", f"[data-day='{day}']"
    champion.finds(f"(document.querySelector('{place}').open = true)")
    champion.press("Propose another date", place)
    champion.sees(f"{DIALOG} [role=grid]", "")
    while not champion.finds(f"document.querySelectorAll(`{button}`).length"):
        champion.press("Month after", DIALOG)
    champion.click(button)
    champion.press("Add to your reply", DIALOG)


def open_dated(demo: Demo) -> list[tuple[str, str]]:
    """Two open milestones with a date of their own, each with a day a week after that."""
    (plan,) = (loaded.plan for loaded in demo.plans if loaded.slug == SLUG)
    assert plan is not None
    dated = [each for each in plan.milestones if each.due and not each.done and each.due > TODAY]
    return [(each.id, (each.due + timedelta(days=7)).isoformat()) for each in dated[:2] if each.due]


def send_to_the_server(champion: Champion, seller: Seller) -> None:
    """Two taps, and the seller fetches it."""
    champion.click("[data-next-list=person] .tick")
    champion.press("Send", BAR)
    champion.sees(BAR, "Tessellate has your reply")
    champion.sees(TOLD, "Sent on 23 November 2026, not answered yet")
    seller.run("inbox", "pull")


def send_by_mail(champion: Champion, seller: Seller) -> None:
    """The message arrives quoted."""
    champion.finds(f"({NO_MAIL})")
    champion.press("Review", BAR)
    champion.press("Send by e-mail", DIALOG)
    champion.sees(f"{DIALOG} .sheet-done", "Your e-mail program should have opened")
    (body,) = parse_qs(urlsplit(champion.finds("window.followed")).query)["body"]
    seller.run("inbox", "add", "-", given="\n".join(f"> {line}" for line in body.splitlines()))


def send_as_file(champion: Champion, seller: Seller) -> None:
    champion.press("Review", BAR)
    seller.run("inbox", "add", str(champion.save("Save as a file", DIALOG)))


def can_agree(champion: Champion) -> bool:
    """Whether the button by which the plan is agreed to is there."""
    shown = "[...document.querySelectorAll('[data-reply-plan] > .button')].some((button) => !button.hidden)"
    return bool(champion.finds(shown))


def test_the_champion_answers_and_sees_what_became_of_it(seller: Seller, champion: Champion) -> None:
    demo = seller.publish()
    katrin = demo.access(SLUG, seller.origin)["katrin"]
    (first, first_day), (second, second_day) = open_dated(demo)
    champion.enter(katrin)
    champion.sees(".reply-agree-text", "You agreed to the plan as it stands, on 19 November 2026.")
    assert not can_agree(champion)
    send_to_the_server(champion, seller)
    propose(champion, first, first_day)
    propose(champion, second, second_day)
    send_by_mail(champion, seller)
    done, dates = sorted(seller.waiting(), key=lambda one: int(one["changes"]))
    seller.run("inbox", "accept", done["id"])
    seller.run("inbox", "accept", dates["id"], "--change", "1")
    seller.run("inbox", "decline", dates["id"], "--change", "2", "--words", "Our lab is booked until then")
    seller.publish()

    champion.enter(katrin)
    champion.sees(f"{TOLD} [data-state=accepted]", "Accepted on 23 November 2026", count=2)
    champion.sees(f"{TOLD} [data-state=declined]", "Our lab is booked until then")
    champion.sees(f"#milestone-{first}[data-finish='{first_day}']", "")
    champion.sees(f"#milestone-{second} .badge-reply", "Declined on 23 November 2026")
    assert champion.faults() == []

    # A date has changed, so the plan wants a new agreement; a second one to the same is not asked for.
    champion.sees(
        ".reply-agree-text", "You agreed on 19 November 2026. What has changed since is told beside your name."
    )
    champion.sees("[data-agreement=katrin] [open] li", "working days later")
    champion.press("Agree again, to the plan as it stands now", REPLY)
    champion.sees("[data-reply-plan-marks] [data-state=pending]", "Agreed to the plan as it stands")
    assert not can_agree(champion)
    send_as_file(champion, seller)
    champion.sees("[data-reply-plan-marks] [data-state=sent]", "not answered yet")
    assert not can_agree(champion)
    (agreement,) = seller.waiting()
    seller.run("inbox", "accept", agreement["id"])
    seller.publish()
    champion.enter(katrin)
    agreed = "[data-agreed=katrin]"
    champion.sees(agreed, "Katrin Obermeier, 23 November 2026")
    champion.sees(f"{agreed} .reply-current", "to the plan as it stands")
    champion.sees(".reply-agree-text", "You agreed to the plan as it stands, on 23 November 2026.")
    assert not can_agree(champion)


def test_others_of_the_same_view_read_no_answers(seller: Seller, new_page: NewPage) -> None:
    demo = seller.publish()
    people = demo.access(SLUG, seller.origin)
    page = new_page(now=NOW)
    katrin = ChromiumChampion(page)
    katrin.enter(people["katrin"])
    katrin.press("Ask a question", REPLY)
    page.get_by_label("Your question").fill("May we tell the board about the discount?")
    katrin.press("Add to your reply", DIALOG)
    katrin.press("Send", BAR)
    katrin.sees(BAR, "Tessellate has your reply")
    seller.run("inbox", "pull")
    (question,) = seller.waiting()
    seller.run("inbox", "accept", question["id"], "--words", "Tangerine, please")
    seller.publish()
    katrin.enter(people["katrin"])
    katrin.sees(TOLD, "Tangerine, please")
    other = new_page(now=NOW)
    ChromiumChampion(other).enter(people["matthias"])
    expect(other.locator("[data-reply-told]")).to_be_hidden()
    held = other.content()
    assert "Tangerine" not in held
    assert "discount" not in held
