from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dealroom.room.locale import load_locale
from dealroom.room.timeline import Scale, axis_of, bar_of, percent, scale_of
from dealroom.schedule.calendar import calendars_for
from tests.unit.room.rooms import plan

ENGLISH = load_locale("en-GB")
CALENDARS = calendars_for(plan())
DAYS = st.dates(date(2020, 1, 1), date(2150, 1, 1))


def test_the_scale_is_in_whole_months() -> None:
    scale = scale_of([date(2027, 2, 10), date(2026, 12, 24)])
    assert scale == Scale(date(2026, 12, 1), date(2027, 2, 28))


def test_days_of_one_month_have_the_month_before_to_lead_there() -> None:
    assert scale_of([date(2027, 3, 1)]) == Scale(date(2027, 2, 1), date(2027, 3, 31))


def test_no_days_have_no_scale() -> None:
    assert scale_of([]) is None


def test_a_bar_runs_from_the_morning_of_its_first_day_to_the_evening_of_its_last() -> None:
    april = Scale(date(2027, 4, 1), date(2027, 4, 30))
    bar = bar_of(april, date(2027, 4, 4), date(2027, 4, 6))
    assert (bar.left, bar.width, bar.right) == ("10%", "10%", "20%")


def test_the_axis_names_months_and_the_years_they_begin() -> None:
    axis = axis_of(Scale(date(2026, 11, 1), date(2027, 2, 28)), date(2027, 2, 28), ENGLISH, CALENDARS)
    assert [(tick.label, tick.year if tick.is_year else "") for tick in axis.ticks] == [
        ("Nov", "2026"),
        ("Dec", ""),
        ("Jan", "2027"),
        ("Feb", ""),
    ]
    assert axis.go_live == "100%"


@given(st.lists(DAYS, min_size=1, max_size=8), DAYS)
def test_an_axis_is_never_crowded_and_nothing_leaves_it(days: list[date], go_live: date) -> None:
    scale = scale_of([*days, go_live])
    assert scale is not None
    axis = axis_of(scale, go_live, ENGLISH, CALENDARS)
    assert 1 <= len(axis.ticks) <= 14
    for day in days:
        bar = bar_of(scale, day, day + timedelta(days=3))
        assert 0 <= float(bar.left.rstrip("%")) <= float(bar.right.rstrip("%")) <= 100


def test_a_percentage_is_the_same_text_everywhere() -> None:
    assert [percent(value) for value in (0, 100, 33.333, 1e-9)] == ["0%", "100%", "33.33%", "0%"]


def test_the_axis_tells_the_days_on_which_each_side_works() -> None:
    calendars = calendars_for(plan(blackouts=[{"from": "2027-02-03", "to": "2027-02-04"}]))
    axis = axis_of(Scale(date(2027, 2, 1), date(2027, 2, 10)), date(2027, 2, 8), ENGLISH, calendars)
    assert axis.buyer_days == axis.seller_days == "1100100111"


def test_days_that_nobody_could_see_are_left_out() -> None:
    axis = axis_of(Scale(date(2027, 1, 1), date(2040, 12, 31)), date(2039, 2, 8), ENGLISH, CALENDARS)
    assert axis.buyer_days == ""
