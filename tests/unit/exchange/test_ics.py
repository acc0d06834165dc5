"""Calendar files, read back by a library that others read calendars with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from dealroom.exchange.ics import CalendarFacts, Entry, entries, escape_text, fold, write_calendar
from dealroom.plan.model import Plan
from dealroom.room.locale import load_locale
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for

MONDAY = datetime(2026, 11, 23, 9, 30, 15, tzinfo=UTC)
FACTS = CalendarFacts("r1", "Order platform", MONDAY, "https://rooms.example/a/")

PLAN = Plan.model_validate(
    {
        "title": "Order platform",
        "buyer": {"name": "Harbour Foods"},
        "go_live": {"date": "2027-03-01", "milestone": "live"},
        "stakeholders": [
            {"id": "dana", "name": "Dana Whitfield", "side": "buyer"},
            {"id": "tom", "name": "Tom Okafor", "side": "seller"},
        ],
        "milestones": [
            {"id": "review", "title": "Review *passed*", "owners": {"buyer": "dana", "seller": "tom"},
             "due": "2026-12-18", "steps": [{"id": "send", "title": "Send", "owner": "tom", "due": "2026-12-04"}]},
            {"id": "pilot", "title": "Pilot", "owners": {"buyer": "dana"}, "due": "2027-01-29",
             "steps": [{"id": "train", "title": "Train", "owner": "tom"}]},
            {"id": "extra", "title": "Extra", "status": "dropped", "due": "2027-02-01"},
            {"id": "live", "title": "Live", "due": "2027-03-01"},
        ],
    }
)  # fmt: skip


def found(person: str | None = None) -> tuple[Entry, ...]:
    return entries(PLAN, plan_dates(PLAN, calendars_for(PLAN)), load_locale("en"), person)


def read_back(entry: Entry, facts: CalendarFacts = FACTS) -> Event:
    (event,) = Calendar.from_ical(write_calendar([entry], facts)).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_all_dates_are_go_live_milestones_and_steps_with_a_day() -> None:
    assert [(entry.title, entry.day.isoformat(), entry.cancelled) for entry in found()] == [
        ("Go-live: Order platform", "2027-03-01", False),
        ("Review passed", "2026-12-18", False),
        ("Send", "2026-12-04", False),
        ("Pilot", "2027-01-29", False),
        ("Extra", "2027-02-01", True),
    ]


def test_a_persons_dates_are_what_they_answer_for() -> None:
    assert [entry.title for entry in found("tom")] == ["Go-live: Order platform", "Review passed", "Send", "Train"]


def test_an_event_is_a_whole_day_that_a_later_file_replaces() -> None:
    event = read_back(found()[1])
    assert (event["SUMMARY"], event["UID"], event["STATUS"]) == ("Review passed", "milestone-review@r1", "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 18), date(2026, 12, 19))
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == MONDAY
    assert event["DESCRIPTION"] == (
        "Order platform\nOwners: Dana Whitfield, Tom Okafor\nhttps://rooms.example/a/#milestone-review"
    )
    later = read_back(found()[1], CalendarFacts("r1", "", datetime(2026, 11, 23, 9, 31, 15, tzinfo=UTC)))
    assert (later["UID"], later.sequence - event.sequence) == (event["UID"], 1)
    assert "URL" not in later


def test_the_browser_writes_the_same_numbers() -> None:
    # client/src/room/calendar.test.ts expects them for this day, too.
    stamp = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
    assert read_back(found()[1], CalendarFacts("r1", "", stamp)).sequence == 3625050


def test_what_was_dropped_is_taken_back() -> None:
    assert read_back(found()[-1])["STATUS"] == "CANCELLED"


# Of a text, what may be in a calendar: no control characters but line ends, which plain() has made spaces.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300)


@given(TEXTS)
def test_any_text_comes_back_and_no_line_is_too_long(title: str) -> None:
    content = write_calendar([Entry("milestone-x", date(2027, 1, 1), f"x{title}x")], FACTS)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == f"x{title}x"


def test_folding_cuts_no_character_and_escaping_no_line() -> None:
    folded = fold("語" * 100).split("\r\n ")
    assert all(first.encode().decode() and len(first.encode()) <= 75 for first, _ in pairwise(folded))
    assert escape_text("a;b,c\\d\r\ne\a") == "a\\;b\\,c\\\\d\\ne"
