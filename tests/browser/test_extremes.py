"""Rooms with next to nothing, with far too much, with names from everywhere and with ill will: opened in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Dialog, Page

from dealroom.publish.access import access_of
from dealroom.publish.build import build
from dealroom.workspace import Workspace, open_workspace
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_accessibility import violations
from tests.browser.waiting import settled
from tests.demos import KEY, TODAY, Demo
from tests.extremes import ATTACKS, PLANS, hostile


@pytest.fixture(scope="module")
def workspace(shared: Callable[[str, Callable[[Path], Demo]], Demo]) -> Workspace:
    return shared("extremes", build_extremes).workspace


def build_extremes(root: Path) -> Demo:
    """All the plans, built. Where a page that holds an attack is refused, it makes way for one that does not."""
    root.mkdir()
    (root / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    for slug, plan in {
        **PLANS,
        **{f"attack-{number}": hostile(attack) for number, attack in enumerate(ATTACKS)},
    }.items():
        (root / "plans" / slug).mkdir(parents=True)
        (root / "plans" / slug / "plan.yml").write_text(yaml.safe_dump(plan, allow_unicode=True), "utf-8")
    for number, attack in enumerate(ATTACKS):
        page = f"# {attack}\n\n{attack}\n\n## {attack}\n\n| a |\n|---|\n| {attack} |\n"
        (root / "plans" / f"attack-{number}" / "page.md").write_text(page, "utf-8")
    workspace = open_workspace(root)
    for room in build(workspace, KEY, today=TODAY).rooms:
        if room.failed:
            (root / "plans" / room.slug / "page.md").write_text("# Page\n")
    report = build(workspace, KEY, today=TODAY)
    assert not report.has_failures
    return Demo(workspace, report)


@pytest.fixture
def link(workspace: Workspace, serve_folder: Callable[[Path], str]) -> Callable[[str], str]:
    """The link of the first person of a room."""
    origin = serve_folder(workspace.site)
    return lambda slug: access_of(workspace, KEY, slug, origin, today=TODAY)[0].link


def open_room(page: Page, link: str) -> None:
    page.goto("about:blank")
    page.goto(link)
    settled(page)


def overflow(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize("slug", [slug for slug in PLANS if "shared" not in str(PLANS[slug].get("access"))])
def test_a_room_of_any_size_is_readable(new_page: NewPage, link: Callable[[str], str], slug: str) -> None:
    page = new_page(viewport=PHONE, now="2026-11-23T09:00:00")
    open_room(page, link(slug))
    assert overflow(page) <= 0
    assert violations(page) == []
    page.locator("details.milestone").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert overflow(page) <= 0, "with all milestones open"
    page.set_viewport_size(DESKTOP)
    assert overflow(page) <= 0, "on a laptop"


def test_text_that_acts_is_only_text(new_page: NewPage, link: Callable[[str], str]) -> None:
    """No dialog, no request, no breach of the policy: whatever is typed into whichever field."""
    page = new_page(own=True)
    dialogs: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    for number in range(len(ATTACKS)):
        open_room(page, link(f"attack-{number}"))
        page.locator("[data-action=open-all]").click()
        page.locator("[data-group-by=owner]").click()
        page.keyboard.press("Control+k")
        page.get_by_role("combobox").press_sequentially("a")
        page.keyboard.press("Escape")
        page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
        found = page.locator("#room").evaluate(
            """room => [...room.querySelectorAll('script, style, link, iframe, object, embed, base, form, math')].length
            + [...room.querySelectorAll('*')].filter(one => [...one.attributes].some(({name, value}) =>
                /^on/i.test(name) || /^\\s*(javascript|data|vbscript):/i.test(value))).length"""
        )
        assert found == 0, ATTACKS[number]
    assert dialogs == []
