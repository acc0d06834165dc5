"""What a buyer does: open the link or type the passphrase, on a phone and on a laptop, and read the plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dealroom.plan.model import Plan, Status
from tests.browser.conftest import ELSEWHERE, NewPage
from tests.browser.waiting import settled, state
from tests.demos import Demo

SLUGS = ("kaltenbrunn-dispatch", "owenmore-dock-house")


@dataclass(frozen=True)
class Hosted:
    """The compiled demo rooms on a plain static host."""

    demo: Demo
    origin: str

    def plan(self, slug: str) -> Plan:
        (plan,) = (loaded.plan for loaded in self.demo.plans if loaded.slug == slug)
        assert plan is not None
        return plan

    def url(self, slug: str) -> str:
        (path,) = (room.path for room in self.demo.report.rooms if room.slug == slug)
        return f"{self.origin}/{path}/"


@pytest.fixture
def hosted(demo: Demo, serve_folder: Callable[[Path], str]) -> Hosted:
    return Hosted(demo, serve_folder(demo.workspace.site))


def unlock(page: Page, passphrase: str) -> None:
    page.locator("#passphrase").fill(passphrase)
    page.locator("#unlock button[type=submit]").click()


def assert_shows(page: Page, plan: Plan) -> None:
    """The opened room holds every milestone, and fits the screen's width."""
    settled(page)
    expect(page.locator("#lock")).to_be_hidden()
    for milestone in plan.milestones:
        if milestone.state is not Status.DROPPED and milestone.audience is None:
            expect(page.locator(f'[data-milestone="{milestone.id}"]').first).to_be_attached()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow} px wider than the screen"


@pytest.mark.parametrize("slug", SLUGS)
def test_opens_by_passphrase(each_page: Page, hosted: Hosted, slug: str) -> None:
    way = next(iter(hosted.demo.access(slug, hosted.origin).values()))
    each_page.goto(hosted.url(slug))
    state(each_page, "locked")
    unlock(each_page, way.passphrase)
    state(each_page, "open")
    assert_shows(each_page, hosted.plan(slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_opens_by_link(each_page: Page, hosted: Hosted, slug: str) -> None:
    way = next(iter(hosted.demo.access(slug, hosted.origin).values()))
    each_page.goto(way.link)
    state(each_page, "open")
    assert_shows(each_page, hosted.plan(slug))
    # The secret has left the address bar.
    expect(each_page).not_to_have_url(re.compile("k="))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_lock_page_says_whose_it_is_and_nothing_of_the_deal(page: Page, hosted: Hosted, slug: str) -> None:
    plan = hosted.plan(slug)
    page.goto(hosted.url(slug))
    text = page.content()
    seller = plan.seller.name if plan.seller else hosted.demo.workspace.settings.seller.name
    assert seller.split(" ", maxsplit=1)[0] in text
    assert plan.buyer.name not in text
    assert plan.title not in text


def test_a_wrong_passphrase_says_so_and_the_right_one_still_opens(page: Page, hosted: Hosted) -> None:
    slug = SLUGS[0]
    way = next(iter(hosted.demo.access(slug, hosted.origin).values()))
    page.goto(hosted.url(slug))
    unlock(page, "correct horse battery staple")
    state(page, "failed")
    expect(page.locator("#unlock-message")).to_contain_text("passphrase")
    expect(page.locator("#passphrase")).to_be_focused()
    unlock(page, f"  {way.passphrase.upper()} ")
    state(page, "open")


def test_a_link_of_another_room_does_not_open_this_one(page: Page, hosted: Hosted) -> None:
    other = next(iter(hosted.demo.access(SLUGS[1], hosted.origin).values()))
    secret = other.link.partition("#")[2]
    page.goto(f"{hosted.url(SLUGS[0])}#{secret}")
    state(page, "failed")


def test_a_damaged_object_is_named_as_such(
    page: Page, demo: Demo, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    demo = demo.copy(tmp_path)
    room = demo.report.rooms[0]
    for sealed in (demo.workspace.site / room.path / "o").iterdir():
        content = bytearray(sealed.read_bytes())
        content[len(content) // 2] ^= 1
        sealed.write_bytes(content)
    origin = serve_folder(demo.workspace.site)
    page.goto(next(iter(demo.access(room.slug, origin).values())).link)
    state(page, "failed")
    expect(page.locator("#unlock-message")).to_contain_text("damaged")


def test_without_https_it_says_what_is_missing(page: Page, hosted: Hosted) -> None:
    """A host name that is not this machine's own is no secure context over http."""
    page.goto(hosted.url(SLUGS[0]).replace("127.0.0.1", ELSEWHERE))
    state(page, "failed")
    expect(page.locator("#unlock-message")).to_contain_text("https")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_document_arrives_as_it_was(page: Page, hosted: Hosted, slug: str, tmp_path: Path) -> None:
    plan = hosted.plan(slug)
    document = next(one for one in plan.documents if one.file and one.file.endswith(".pdf") and not one.audience)
    way = next(iter(hosted.demo.access(slug, hosted.origin).values()))
    page.goto(way.link)
    settled(page)
    assert document.file
    name = Path(document.file).name
    page.locator("a[data-object]", has_text=document.title).first.click()
    viewer = page.locator("dialog[data-state=ready]")
    with page.expect_download() as download:
        viewer.get_by_role("button", name="Save", exact=True).first.click()
    download.value.save_as(tmp_path / name)
    assert download.value.suggested_filename == name
    source = hosted.demo.workspace.plans / slug / document.file
    assert (tmp_path / name).read_bytes() == source.read_bytes()


def test_a_link_may_point_at_a_milestone(page: Page, hosted: Hosted) -> None:
    slug = SLUGS[0]
    milestone = hosted.plan(slug).milestones[-1]
    way = next(iter(hosted.demo.access(slug, hosted.origin).values()))
    page.goto(f"{way.link}&at=milestone-{milestone.id}")
    state(page, "open")
    expect(page.locator(f"#milestone-{milestone.id}")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(f"#milestone-{milestone.id}$"))


def test_reads_without_scripts_why_it_stays_shut(new_page: NewPage, hosted: Hosted) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(hosted.url(SLUGS[0]))
    expect(page.locator("noscript")).to_be_visible()
