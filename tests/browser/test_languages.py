"""Rooms in every language that dealroom has, on a phone: whole, accessible, and in the direction it is read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dealroom.publish.build import build
from dealroom.room.locale import load_locale, shipped
from dealroom.workspace import open_workspace
from tests.browser.conftest import PHONE, NewPage
from tests.browser.test_accessibility import violations
from tests.browser.waiting import settled
from tests.demos import KEY, TODAY, Demo, copy_workspace

PLAN = "kaltenbrunn-dispatch"

# What is wider than the page, but for what is cut or scrolls by itself.
WIDER = """() => [...document.querySelectorAll('body *')].filter(one =>
    one.checkVisibility() && !one.closest('svg, .visually-hidden, [class*=scroll], pre, table, nav')
    && (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
).map(one => one.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def demo(shared: Callable[[str, Callable[[Path], Demo]], Demo]) -> Demo:
    return shared("languages", build_languages)


def build_languages(to: Path) -> Demo:
    """The same plan in each language; its own words stay as they are, but for its title."""
    workspace = copy_workspace(to)
    source = workspace.plans / PLAN
    for lang in shipped():
        copy = shutil.copytree(source, workspace.plans / f"{PLAN}-{lang.lower()}")
        plan = re.sub(r"(?m)^(lang|path|label):.*\n", "", (source / "plan.yml").read_text("utf-8"))
        (copy / "plan.yml").write_text(f"lang: {lang}\n{plan}", "utf-8")
        (copy / "access.yml").unlink(missing_ok=True)
    for each in ("kaltenbrunn-dispatch", "owenmore-dock-house"):
        shutil.rmtree(workspace.plans / each)
    workspace = open_workspace(workspace.root)
    return Demo(workspace, build(workspace, KEY, today=TODAY))


@pytest.fixture
def open_room(demo: Demo, new_page: NewPage, serve_folder: Callable[[Path], str]) -> Callable[..., Page]:
    def opened(lang: str, **options: Any) -> Page:
        origin = serve_folder(demo.workspace.site)
        way = next(iter(demo.access(f"{PLAN}-{lang.lower()}", origin).values()))
        page = new_page(viewport=PHONE, reduced_motion="reduce", **options)
        page.goto(way.link)
        settled(page)
        return page

    return opened


# English is opened by every other test.
@pytest.mark.parametrize("lang", [lang for lang in shipped() if lang != "en"])
def test_a_room_in_each_language_fits_a_phone_and_is_accessible(open_room: Callable[..., Page], lang: str) -> None:
    # The browser speaks another language: the room's counts.
    page = open_room(lang, locale="sv-SE")
    locale = load_locale(lang)
    expect(page.locator("#timeline-title")).to_have_text(locale.texts["timeline.title"])
    expect(page.locator(".eyebrow").first).to_contain_text(locale.texts["plan.label"])
    assert page.locator("html").get_attribute("lang") == lang
    page.locator("details[data-milestone]").first.evaluate("one => { one.open = true; }")
    assert page.evaluate(WIDER) == []
    assert violations(page) == []


def test_the_browser_counts_and_dates_in_the_rooms_language(open_room: Callable[..., Page]) -> None:
    page = open_room("de", locale="en-US")
    expect(page.locator("[data-days-left]")).to_have_text(re.compile(r"noch \d+ Tage?"))


def test_arabic_runs_from_the_right_with_the_timeline(open_room: Callable[..., Page]) -> None:
    page = open_room("ar", locale="ar-EG")
    assert page.locator("html").get_attribute("dir") == "rtl"
    expect(page.locator("[data-days-left]")).to_have_text(re.compile(r"^بقي [0-9]+ "))
    page.set_viewport_size({"width": 1280, "height": 800})
    ends = page.locator(".milestone .bar-shape").evaluate_all(
        "all => [all[0], all[all.length - 1]].map(one => one.getBoundingClientRect().left)"
    )
    assert ends[0] > ends[1], "the first milestone stands further right than the last"


def test_a_refusal_is_in_the_rooms_language(demo: Demo, new_page: NewPage, serve_folder: Callable[[Path], str]) -> None:
    (room,) = (room for room in demo.report.rooms if room.slug.endswith("-ja"))
    page = new_page(viewport=PHONE)
    page.goto(f"{serve_folder(demo.workspace.site)}/{room.path}/")
    page.locator("#passphrase").fill("correct horse battery staple")
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("#unlock-message")).to_have_text(load_locale("ja").texts["unlock.wrong_passphrase"])


def test_dates_are_saved_as_a_calendar_file(open_room: Callable[..., Page]) -> None:
    from icalendar import Calendar

    page = open_room("de")
    counts = []
    for which in ("mine", "all"):
        with page.expect_download() as saved:
            page.locator(f"[data-calendar={which}]").click()
        assert saved.value.suggested_filename.endswith(".ics")
        events = Calendar.from_ical(saved.value.path().read_bytes()).walk("VEVENT")
        counts.append(len(events))
        assert str(events[0]["SUMMARY"]).startswith("Go-live: ")
        assert all("k=" not in str(event.get("URL")) for event in events)
    assert 1 < counts[0] < counts[1]
