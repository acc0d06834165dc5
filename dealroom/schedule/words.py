"""Dates and working days in the words of the command line. The same in every locale, so that output can be compared."""

from __future__ import annotations

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_date(day: date) -> str:
    """`5 Mar`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """`5 Mar 2027`."""
    return f"{short_date(day)} {day.year}"


def short_range(first: date, last: date, dash: str) -> str:
    """`5 Mar`, or `5 Mar – 9 Apr`."""
    return short_date(last) if first == last else f"{short_date(first)} {dash} {short_date(last)}"


def working_days(days: int) -> str:
    """`1 working day`, `3 working days`; the sign is not said."""
    return f"{abs(days)} working {'day' if abs(days) == 1 else 'days'}"
