"""What someone who lost access sees, and that nobody else notices; and a room past its date."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from dealroom.publish.build import build
from dealroom.publish.grants import Grants
from tests.browser.conftest import PHONE, NewPage
from tests.browser.waiting import state
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY, Demo

SLUG = "owenmore-dock-house"


def unlock(page: Page, passphrase: str) -> None:
    page.locator("#passphrase").fill(passphrase)
    page.locator("#unlock button[type=submit]").click()


def test_revoked_with_a_saved_page(
    demo: Demo, new_page: NewPage, watch: Watch, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    demo = demo.copy(tmp_path)
    site = demo.workspace.site
    (folder,) = (site / room.path for room in demo.report.rooms if room.slug == SLUG)
    origin = serve_folder(site)
    before = demo.access(SLUG, origin)
    gone, stays, *_ = before.values()
    saved = shutil.copy(folder / "index.html", tmp_path / "saved.html")

    Grants(demo.workspace, KEY, SLUG, TODAY, origin).revoke(gone.person)
    build(demo.workspace, KEY, today=TODAY)

    link = new_page()
    link.goto(gone.link)
    state(link, "failed")
    words = new_page(viewport=PHONE)
    words.goto(gone.link.partition("#")[0])
    unlock(words, gone.passphrase)
    state(words, "failed")
    expect(words.locator("#unlock-message")).to_contain_text("passphrase")
    assert demo.access(SLUG, origin)[stays.person] == stays
    other = new_page()
    other.goto(stays.link)
    state(other, "open")

    # The page as it was, over what the host has now: it names objects that are gone, and no other one fits.
    shutil.copy(saved, folder / "index.html")
    watch.expect("404")
    old = new_page()
    old.goto(gone.link)
    state(old, "failed")
    expect(old.locator("#room")).to_be_empty()


def test_a_room_past_its_date(demo: Demo, each_page: Page, tmp_path: Path, serve_folder: Callable[[Path], str]) -> None:
    demo = demo.copy(tmp_path)
    plan = demo.workspace.plans / SLUG / "plan.yml"
    text = plan.read_text("utf-8")
    plan.write_text(f"{text}\naccess: {{expires: 2027-01-31}}\n", "utf-8")
    link = next(iter(demo.access(SLUG, serve_folder(demo.workspace.site)).values())).link
    build(demo.workspace, KEY, today=date(2027, 1, 31))
    each_page.goto(link)
    expect(each_page.get_by_role("heading", name="This room has closed")).to_be_visible()
    overflow = each_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    (loaded,) = (loaded for loaded in demo.plans if loaded.slug == SLUG)
    assert loaded.plan is not None
    assert loaded.plan.buyer.name not in each_page.content()
