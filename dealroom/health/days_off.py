"""Why nobody works on a day: in the words of the person who has to move a date away from it."""

from __future__ import annotations

from datetime import date

from dealroom.company import CalendarSettings
from dealroom.health.facts import Facts
from dealroom.plan.model import Side
from dealroom.schedule.working_days import holiday_name

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_off(facts: Facts, side: Side, day: date) -> str | None:
    """Why `side` does not work on `day`, as what the day is: "a Saturday"; `None` when it does."""
    calendar = facts.calendars.buyer if side is Side.BUYER else facts.calendars.seller
    if calendar.is_working_day(day):
        return None
    settings = facts.working_time[side]
    for blackout in (*facts.plan.blackouts, *settings.blackouts):
        if (blackout.from_ or day) <= day <= (blackout.to or day):
            return f"in a blackout ({blackout.why})" if blackout.why else "in a blackout"
    return _holiday(settings, side, day) or f"a {WEEKDAYS[day.weekday()]}, when the {side} does not work"


def _holiday(settings: CalendarSettings, side: Side, day: date) -> str | None:
    name = holiday_name(settings.holidays, day) if settings.holidays else None
    return f"a holiday of the {side} ({name}, {settings.holidays})" if name else None
