"""Which days are worked, and counting along them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.company import CalendarSettings, Weekday
from dealroom.errors import Problem
from dealroom.plan.model import Milestone, Plan
from dealroom.schedule import Calendar, Calendars, calendars_for
from dealroom.schedule.calendar import EARLIEST, LATEST

ONE_DAY = timedelta(days=1)


def calendars(
    buyer: object = None,
    seller: object = None,
    blackouts: Sequence[object] = (),
    settings: CalendarSettings | None = None,
) -> Calendars:
    plan = Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour Foods", "calendar": buyer},
            "seller": {"name": "Northwind", "calendar": seller},
            "go_live": {"date": "2027-03-01"},
            "blackouts": blackouts,
        }
    )
    return calendars_for(plan, settings)


def days_off(calendar: Calendar, first: str, last: str) -> list[str]:
    """The days off from `first` to `last`, as `MM-DD`."""
    day, until = date.fromisoformat(first), date.fromisoformat(last)
    days = [day + timedelta(days=number) for number in range((until - day).days + 1)]
    return [f"{day:%m-%d}" for day in days if not calendar.is_working_day(day)]


def test_without_settings_both_sides_work_monday_to_friday() -> None:
    of_plan = calendars()
    assert days_off(of_plan.buyer, "2026-12-21", "2026-12-31") == ["12-26", "12-27"]
    assert of_plan.buyer is of_plan.seller is of_plan.both


def test_a_subdivision_adds_its_own_holidays() -> None:
    # Epiphany is a holiday in Bavaria and not in Berlin.
    assert days_off(calendars("DE-BY").buyer, "2027-01-04", "2027-01-08") == ["01-06"]
    assert days_off(calendars("DE-BE").buyer, "2027-01-04", "2027-01-08") == []


def test_a_substitute_day_is_a_holiday() -> None:
    # New Year's Day 2028 is a Saturday: federal offices close on Friday 31 December 2027.
    assert days_off(calendars("US").buyer, "2027-12-29", "2028-01-03") == ["12-31", "01-01", "01-02"]


@pytest.mark.parametrize(
    ("country", "week_of", "expected"),
    [
        ("IL", "2026-11-16", ["11-20", "11-21"]),
        ("SA", "2026-11-16", ["11-20", "11-21"]),
        ("EG", "2026-11-16", ["11-20", "11-21"]),
        ("AE", "2021-11-15", ["11-19", "11-20"]),
        ("AE", "2026-11-16", ["11-21", "11-22"]),
        ("DE", "2026-11-16", ["11-21", "11-22"]),
    ],
)
def test_a_country_keeps_its_own_weekend(country: str, week_of: str, expected: list[str]) -> None:
    monday = date.fromisoformat(week_of)
    assert days_off(calendars(country).buyer, week_of, str(monday + 6 * ONE_DAY)) == expected


def test_a_weekend_day_worked_for_a_bridge_day_is_a_working_day() -> None:
    # China works on Sunday 4 January 2026 for the Friday before.
    assert days_off(calendars("CN").buyer, "2026-01-01", "2026-01-04") == ["01-01", "01-02", "01-03"]


def test_a_written_weekend_replaces_the_country_s_and_keeps_its_holidays() -> None:
    buyer = {"holidays": "DE-BY", "weekend": ["friday", "saturday"]}
    assert days_off(calendars(buyer).buyer, "2027-01-04", "2027-01-10") == ["01-06", "01-08", "01-09"]


def test_a_company_may_have_no_weekend() -> None:
    assert days_off(calendars({"weekend": []}).buyer, "2026-11-16", "2026-11-22") == []


def test_a_blackout_runs_across_new_year_first_and_last_day_included() -> None:
    buyer = {"blackouts": [{"from": "2026-12-24", "to": "2027-01-04", "why": "Plant shutdown"}]}
    assert days_off(calendars(buyer).buyer, "2026-12-22", "2027-01-06") == [
        *["12-24", "12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31"],
        *["01-01", "01-02", "01-03", "01-04"],
    ]


def test_a_blackout_may_be_open_at_either_end() -> None:
    buyer = {"blackouts": [{"to": "2026-11-17"}, {"from": "2026-11-19"}]}
    assert days_off(calendars(buyer).buyer, "2026-11-16", "2026-11-20") == ["11-16", "11-17", "11-19", "11-20"]


def test_a_blackout_of_the_plan_holds_for_both_sides_and_one_of_a_company_for_it_alone() -> None:
    of_plan = calendars(
        buyer={"blackouts": [{"from": "2026-11-16", "to": "2026-11-16"}]},
        seller={"blackouts": [{"from": "2026-11-17", "to": "2026-11-17"}]},
        blackouts=[{"from": "2026-11-18", "to": "2026-11-18"}],
    )
    assert days_off(of_plan.buyer, "2026-11-16", "2026-11-20") == ["11-16", "11-18"]
    assert days_off(of_plan.seller, "2026-11-16", "2026-11-20") == ["11-17", "11-18"]
    assert days_off(of_plan.both, "2026-11-16", "2026-11-20") == ["11-16", "11-17", "11-18"]


def test_the_seller_s_calendar_is_the_plan_s_else_the_settings_and_never_the_buyer_s() -> None:
    friday, saturday, sunday = "11-20", "11-21", "11-22"
    week = ("2026-11-16", "2026-11-22")
    israel = CalendarSettings(holidays="IL")
    assert days_off(calendars(settings=israel).seller, *week) == [friday, saturday]
    assert days_off(calendars(settings=israel).buyer, *week) == [saturday, sunday]
    assert days_off(calendars(seller="DE", settings=israel).seller, *week) == [saturday, sunday]


@pytest.mark.parametrize(
    ("owners", "side"),
    [
        ({"buyer": "dana"}, "buyer"),
        ({"seller": "tom"}, "seller"),
        ({"buyer": "dana", "seller": "tom"}, "both"),
        ({}, "both"),
    ],
)
def test_a_milestone_works_on_its_leading_side_s_days(owners: dict[str, str], side: str) -> None:
    of_plan = calendars(buyer="DE", seller="IL")
    milestone = Milestone.model_validate({"id": "kick-off", "title": "Kick-off", "owners": owners})
    assert of_plan.of(milestone) is getattr(of_plan, side)


def test_equal_settings_share_a_calendar_between_plans() -> None:
    assert calendars("DE-BY").buyer is calendars("DE-BY").buyer


@pytest.mark.parametrize("code", ["XX", "DE-XX", "Germany", "date", "-"])
def test_an_unknown_country_is_a_problem_a_person_can_put_right(code: str) -> None:
    with pytest.raises(Problem, match="on record") as problem:
        calendars(code)
    assert problem.value.hint


def test_years_that_the_holidays_are_only_partly_known_for_are_no_reason_to_warn() -> None:
    # The package says of India in 2050, on standard error, that it knows only fixed holidays.
    assert days_off(calendars("IN").buyer, "2050-08-15", "2050-08-16") == ["08-15"]


def test_leap_days_and_far_years_are_days_like_others() -> None:
    calendar = calendars("US").buyer
    assert calendar.start(date(2028, 3, 1), 2) == date(2028, 2, 29)
    assert calendar.finish(date(2096, 2, 28), 3) == date(2096, 3, 1)
    assert calendar.finish(date(2199, 12, 30), 3) == date(2200, 1, 1)
    assert calendar.start(date(2000, 1, 3), 2) == date(1999, 12, 31)


@pytest.mark.parametrize(
    "settings", [{"blackouts": [{"from": "2000-01-01"}, {"to": "2000-01-01"}]}, {"weekend": list(Weekday)}]
)
def test_where_no_working_day_is_left_the_answer_is_a_bound(settings: object) -> None:
    calendar = calendars(settings).buyer
    day = date(2027, 3, 1)
    assert calendar.before(day) == calendar.start(day, 5) == EARLIEST
    assert calendar.after(day) == calendar.finish(day, 5) == calendar.on_or_after(day) == LATEST
    assert calendar.working_days_between(EARLIEST, LATEST) == 0


def test_the_bounds_themselves_can_be_asked_about() -> None:
    calendar = calendars().buyer
    assert calendar.before(EARLIEST) == EARLIEST
    assert calendar.after(LATEST) == LATEST


DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@st.composite
def random_settings(draw: st.DrawFn) -> dict[str, object]:
    weekend = draw(st.none() | st.lists(st.sampled_from(list(Weekday)), unique=True, max_size=6))
    ranges = draw(st.lists(st.tuples(DAYS, DAYS), max_size=4))
    blackouts = [{"from": str(min(ends)), "to": str(max(ends))} for ends in ranges if abs(ends[0] - ends[1]).days < 400]
    return {"weekend": weekend, "blackouts": blackouts}


def workday_test(settings: dict[str, object]) -> Callable[[date], bool]:
    """The settings read off directly, one day at a time."""
    wanted = CalendarSettings.model_validate(settings)
    weekend = ("saturday", "sunday") if wanted.weekend is None else wanted.weekend
    closed = [(blackout.from_ or date.min, blackout.to or date.max) for blackout in wanted.blackouts]
    return lambda day: f"{day:%A}".lower() not in weekend and not any(first <= day <= last for first, last in closed)


@given(random_settings(), DAYS, st.integers(1, 30))
def test_counting_agrees_with_walking_day_by_day(settings: dict[str, object], day: date, takes: int) -> None:
    calendar, works = calendars(settings).buyer, workday_test(settings)

    def walk(first: date, step: int) -> date:
        found = 0
        for number in count():
            here = first + number * step * ONE_DAY
            found += works(here)
            if found == takes:
                return here
        raise AssertionError

    assert calendar.is_working_day(day) == works(day)
    assert calendar.finish(day, takes) == walk(day, +1)
    assert calendar.start(day, takes) == walk(day, -1)
    assert calendar.after(day, takes) == walk(day + ONE_DAY, +1)
    assert calendar.before(day, takes) == walk(day - ONE_DAY, -1)


@given(random_settings(), DAYS, DAYS)
def test_working_days_between_counts_the_later_end_and_not_the_earlier(
    settings: dict[str, object], one: date, other: date
) -> None:
    calendar, works = calendars(settings).buyer, workday_test(settings)
    earlier, later = sorted([one, other])
    expected = sum(works(earlier + number * ONE_DAY) for number in range(1, (later - earlier).days + 1))
    assert calendar.working_days_between(earlier, later) == expected
    assert calendar.working_days_between(later, earlier) == -expected
