"""The opened room: right on any day, found by searching, arranged by its reader, new where it is new, and quick."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from dealroom.publish.access import access_of
from dealroom.publish.build import build
from dealroom.workspace import open_workspace
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_accessibility import SCHEMES
from tests.browser.waiting import becomes, complete, settled
from tests.demos import KEY, TODAY, Demo
from tests.extremes import PLANS

SLUG = "kaltenbrunn-dispatch"
NOW = "2026-11-23T09:00:00"

# What a page of A4 and of Letter paper hold differs by a few lines; both have to do.
PAGES = range(3, 7)


@pytest.fixture
def link(demo: Demo, serve_folder: Callable[[Path], str]) -> str:
    origin = serve_folder(demo.workspace.site)
    return demo.access(SLUG, origin)["katrin"].link


def open_room(page: Page, link: str) -> None:
    page.goto("about:blank")
    page.goto(link)
    settled(page)


# Go-live is on 15 June 2027. The device's own calendar decides which day it is.
DAYS = [
    ("2027-06-14T23:59:00", "UTC", "1 day left"),
    ("2027-06-15T00:01:00", "UTC", "Today"),
    ("2027-06-15T23:59:00", "UTC", "Today"),
    ("2027-06-16T00:01:00", "UTC", "1 day ago"),
    # Where summer time begins on 28 March 2027, that day has 23 hours.
    ("2027-03-27T22:30:00Z", "Europe/Berlin", "80 days left"),
    ("2027-03-28T21:30:00Z", "Europe/Berlin", "79 days left"),
    ("2027-03-28T22:30:00Z", "Europe/Berlin", "78 days left"),
    # One moment, on both sides of the date line.
    ("2027-06-14T10:30:00Z", "Pacific/Kiritimati", "Today"),
    ("2027-06-14T10:30:00Z", "Pacific/Pago_Pago", "2 days left"),
]


@pytest.mark.parametrize(("moment", "zone", "said"), DAYS, ids=[f"{moment}-{zone}" for moment, zone, _ in DAYS])
def test_the_days_left_are_the_readers_own(new_page: NewPage, link: str, moment: str, zone: str, said: str) -> None:
    page = new_page(timezone_id=zone, now=moment)
    open_room(page, link)
    expect(page.locator("[data-days-left]")).to_have_text(said)


def test_a_page_left_open_knows_when_midnight_has_passed(own_page: Page, link: str) -> None:
    own_page.clock.install(time="2027-06-14T23:58:00")
    open_room(own_page, link)
    expect(own_page.locator("[data-days-left]")).to_have_text("1 day left")
    own_page.clock.run_for("05:00")
    expect(own_page.locator("[data-days-left]")).to_have_text("Today")


def test_what_is_late_says_so_in_words(new_page: NewPage, link: str) -> None:
    page = new_page(now="2027-03-05T09:00:00")
    open_room(page, link)
    expect(page.locator("[data-verdict-word]")).to_have_text("Late")
    expect(page.locator("[data-verdict-why]")).to_contain_text("go-live slips by")
    expect(page.locator("[data-next-list=person] .task-due").first).to_have_text(re.compile("Overdue since"))
    expect(page.locator("#milestone-cfo-approval [data-overdue]")).to_have_text("2 days overdue")
    expect(page.locator("#milestone-legal-review [data-at-risk]")).to_be_visible()
    expect(page.locator("#milestone-legal-review [data-slack]")).to_contain_text("\u2212")


def test_the_timeline_by_owner_by_side_and_only_mine(new_page: NewPage, link: str) -> None:
    page = new_page(now=NOW)
    open_room(page, link)
    headings = page.locator(".gantt h3:visible")
    expect(headings.first).to_have_text("Understand")
    page.get_by_role("button", name="Owner", exact=True).click()
    expect(headings.first).to_have_text("Katrin Obermeier")
    page.get_by_role("button", name="Side", exact=True).click()
    expect(headings).to_have_text(["Kaltenbrunn Frischelogistik SE", "Tessellate", "Both sides"])
    page.get_by_role("button", name="Only mine").click()
    expect(page.locator("#milestone-legal-review")).to_be_hidden()
    expect(page.locator("#milestone-signature")).to_be_visible()
    page.locator("#milestone-signature > summary").click()
    page.locator("#milestone-signature").get_by_role("link", name="Board approval (CEO presents)").click()
    expect(page.locator("#milestone-board-approval")).to_be_in_viewport()
    page.get_by_role("button", name="Phase", exact=True).click()
    expect(headings.first).to_have_text("Understand")


def test_the_search_needs_no_mouse(page: Page, link: str) -> None:
    open_room(page, link)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("wiesbock")
    expect(page.get_by_role("option").first).to_contain_text("Jonas Wiesböck")
    page.get_by_role("combobox").fill("exit clause")
    option = page.get_by_role("option").first
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_contain_text("Legal reviews contract")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.search")).to_be_hidden()
    expect(page.locator("#milestone-legal-review > summary")).to_be_focused()
    expect(page.locator("#milestone-legal-review")).to_have_attribute("open", "")
    page.keyboard.press("Control+k")
    page.keyboard.type("nothing has this")
    expect(page.get_by_role("status").filter(has_text="Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()


def test_the_bar_of_a_milestone_tells_what_it_is_about(new_page: NewPage, link: str) -> None:
    page = new_page(now=NOW)
    open_room(page, link)
    tip = page.locator("[data-tip]")
    page.locator("#milestone-architecture-review > summary").hover()
    expect(tip).to_contain_text("Stefan Lechner, Leah Sandoval")
    expect(tip).to_contain_text("On the critical path")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_what_is_new_since_the_last_visit_is_marked(
    demo: Demo, new_page: NewPage, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    demo = demo.copy(tmp_path)
    link = demo.access(SLUG, serve_folder(demo.workspace.site))["katrin"].link
    page = new_page(now=NOW)
    open_room(page, link)
    expect(page.locator("[data-news]")).to_be_hidden()
    kept: dict[str, str] = page.evaluate("({...localStorage})")
    assert [re.sub(r"[0-9a-z]+$", "", key) for key in kept] == ["dealroom.seen."], "a name that says nothing"
    assert not re.search("(?i)kaltenbrunn|katrin|dispatch|page|review", str(kept)), "and nothing of what was read"
    complete(page)
    plan = demo.workspace.plans / SLUG / "plan.yml"
    before = plan.read_text("utf-8")
    plan.write_text(before.replace("due: 2027-02-17", "due: 2027-02-19", 1), "utf-8")
    build(demo.workspace, KEY, [SLUG], today=TODAY)
    page.clock.set_fixed_time("2026-11-24T09:00:00")
    # A plain host says nothing of caching; another query is another page.
    open_room(page, link.replace("/#", "/?later#"))
    expect(page.locator("[data-news]")).to_have_text("1 change since your last visit")
    expect(page.locator(".entry.is-new")).to_contain_text("Security questionnaire completed: moved from 17 February")
    page.locator("[data-action=lock]").click()
    # Locking forgets.
    becomes(page, lambda: page.evaluate("localStorage.length"), 0)


def test_a_plan_fits_a_few_sheets_of_paper(page: Page, link: str) -> None:
    open_room(page, link)
    for paper in ("A4", "Letter"):
        pdf = page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) in PAGES, paper


def test_a_link_to_a_step_is_copied_and_leads_to_it(new_page: NewPage, link: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    open_room(page, link)
    page.locator("#milestone-works-council > summary").click()
    page.get_by_role("button", name="Copy link to “First draft of the agreement”").click()
    expect(page.locator("[data-toast]")).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("#step-works-council--first-draft")
    assert "k=" not in copied


# What moves in the opened room, as the browser reports it, from the page's first script on.
OBSERVED = """
window.moved = [];
new PerformanceObserver(list => list.getEntries().forEach(({sources}) => {
  moved.push(...sources.filter(({node}) => (node?.parentElement ?? node)?.closest("#room")).map(String));
})).observe({type: "layout-shift", buffered: true});
"""


def test_nothing_moves_once_the_room_is_open(
    new_page: NewPage, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    """With sixty milestones on a processor of a quarter of the speed: no layout shift."""
    root = tmp_path / "workspace"
    (root / "plans" / "sixty").mkdir(parents=True)
    (root / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    (root / "plans" / "sixty" / "plan.yml").write_text(yaml.safe_dump(PLANS["sixty-milestones"]), "utf-8")
    workspace = open_workspace(root)
    build(workspace, KEY, today=TODAY)
    link = access_of(workspace, KEY, "sixty", serve_folder(workspace.site), today=TODAY)[0].link
    for viewport in (PHONE, DESKTOP):
        page = new_page(viewport=viewport, reduced_motion="reduce", own=True)
        page.add_init_script(OBSERVED)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(link)
        # As long as it takes a slow processor that others use, too.
        page.locator(".room[data-settled]").wait_for(timeout=60_000)
        page.wait_for_function("() => document.fonts.status === 'loaded'")
        page.evaluate("new Promise(done => setTimeout(done, 500))")
        assert page.evaluate("moved") == []


def test_the_room_is_light(demo: Demo) -> None:
    """All scripts but the key derivation, and all styles of the heaviest theme, as a host sends them compressed."""
    assets = list((demo.workspace.site / "assets").iterdir())
    # Only the key derivation is made of WebAssembly.
    scripts = {
        path.name: compressed(path)
        for path in assets
        if path.suffix == ".js" and b"WebAssembly" not in path.read_bytes()
    }
    styles = {path.name: compressed(path) for path in assets if path.suffix == ".css"}
    assert sum(scripts.values()) <= 60_000, scripts
    assert max(styles.values()) <= 25_000, styles


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def test_the_buyers_side_wears_the_buyers_colour_and_nobody_else_learns_it(
    demo: Demo, new_page: NewPage, link: str
) -> None:
    colours = {}
    page = new_page()
    open_room(page, link)
    sealed = page.locator(".room").get_attribute("data-buyer-colours") or ""
    page.locator(".team-buyer .avatar-buyer").first.wait_for()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        drawn = page.locator(".avatar-buyer").first.evaluate("one => getComputedStyle(one).backgroundColor")
        colours[scheme] = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", drawn)[:3])
        assert colours[scheme] in sealed.split()
    assert colours["light"] != colours["dark"]
    public = b"".join(path.read_bytes() for path in demo.workspace.site.rglob("*") if path.suffix in {".html", ".css"})
    assert not any(colour.encode() in public for colour in colours.values())
