"""A company in a deal and the calendar it works by: the same words in the settings and in a plan."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from dealroom.fields import Day, OrText, Text, Website, Written


class Weekday(StrEnum):
    """A day of the week, as written in `weekend:`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Blackout(Written):
    """Days on which no work is planned, first and last included. A missing end is open: for ever before, or after."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    """The first day without work."""
    to: Day | None = None
    """The last day without work."""
    why: Text | None = None
    """What is on in these days, as both sides read it."""

    @model_validator(mode="after")
    def _in_order(self) -> Blackout:
        if self.from_ is None and self.to is None:
            hint = "write {from: 2026-12-21, to: 2027-01-03}"
            raise PydanticCustomError("missing-field", "a blackout needs `from` or `to`", {"hint": hint})
        if self.from_ and self.to and self.from_ > self.to:
            hint = "swap `from` and `to`"
            raise PydanticCustomError("impossible-date", "this blackout ends before it starts", {"hint": hint})
        return self


def _calendar(value: Any) -> Any:
    return {"holidays": value} if isinstance(value, str) else value


class CalendarSettings(Written):
    """The days a company works. `calendar: DE-BY` is short for `calendar: {holidays: DE-BY}`.

    `holidays` is an ISO 3166 country, with a subdivision if wanted (`DE`, `DE-BY`, `US-CA`, `GB-ENG`), as the
    `holidays` package knows them. `weekend` replaces the country's own; without both it is Saturday and Sunday.
    """

    holidays: Text | None = None
    """Whose public holidays count: a country, or a country and its subdivision, like `DE` or `DE-BY`."""
    weekend: tuple[Weekday, ...] | None = None
    """The days of the week without work, where they are not the country's own."""
    blackouts: tuple[Blackout, ...] = ()
    """Other days without work, like a year-end freeze."""


Calendar = Annotated[CalendarSettings, BeforeValidator(_calendar), OrText()]


class Company(Written):
    """The buyer or the seller."""

    name: Text
    """The company as people call it."""
    website: Website | None = None
    """Its address on the web."""
    logo: Text | None = None
    """An image file, by its path from the folder of this file."""
    calendar: Calendar | None = None
    """The days it works: `DE-BY`, or keys and values."""
