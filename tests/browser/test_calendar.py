"""The calendar files that the room makes, as Google, Outlook and Apple have to find them: read by another's parser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Component
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.waiting import settled
from tests.demos import Demo

SLUG = "kaltenbrunn-dispatch"

# RFC 5545, section 3.1: no line is longer, in octets without its end.
LONGEST = 75


def saved(page: Page, which: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"[data-calendar={which}]").click()
    return download.value.path().read_bytes()


def events_of(written: bytes) -> dict[str, Component]:
    """The events of a file by their names, each of which there is once."""
    events = Calendar.from_ical(written).walk("VEVENT")
    named = {str(event["UID"]): event for event in events}
    assert len(named) == len(events)
    return named


def test_a_saved_calendar_is_one_that_every_program_takes(
    demo: Demo, new_page: NewPage, serve_folder: Callable[[Path], str]
) -> None:
    page = new_page(now="2026-11-23T09:00:00Z")
    page.goto(demo.access(SLUG, serve_folder(demo.workspace.site))["katrin"].link)
    settled(page)
    written = saved(page, "all")
    *lines, end = written.split(b"\r\n")
    assert end == b""
    assert not any(b"\n" in line for line in lines), "each line ends with CR and LF"
    assert max(len(line) for line in lines) <= LONGEST
    calendar = Calendar.from_ical(written)
    assert (str(calendar["VERSION"]), str(calendar["METHOD"])) == ("2.0", "PUBLISH")
    assert str(calendar["PRODID"]).startswith("-//")
    assert "fourteen depots" in str(calendar["X-WR-CALNAME"])
    events = events_of(written)
    for event in events.values():
        # By their own type: a moment is a date as well.
        assert [type(event.decoded(name)) for name in ("DTSTART", "DTEND")] == [date, date]
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(days=1), "it ends before the next day"
        assert event.decoded("DTSTAMP") == datetime(2026, 11, 23, 9, tzinfo=UTC)
        assert str(event["SUMMARY"])
        assert str(event["URL"]).startswith("http")
        assert "k=" not in str(event["URL"])
    assert events_of(saved(page, "mine")).keys() < events.keys(), "taken in as well, it adds nothing twice"
    page.clock.set_fixed_time("2026-11-24T09:00:00Z")
    later = events_of(saved(page, "all"))
    assert later.keys() == events.keys()
    replaces = [later[uid].decoded("SEQUENCE") > event.decoded("SEQUENCE") for uid, event in events.items()]
    assert all(replaces)
