"""A country's working days, year by year, from the `holidays` package (https://holidays.readthedocs.io).

The package is imported only when a calendar names a country. Public holidays and substitute days count; bank and school
holidays do not. A country's own weekend is the package's too, with its changes over the years (the Emirates moved from
Friday and Saturday to Saturday and Sunday in 2022) and weekend days worked in exchange for a bridge day (China).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dealroom.calendars import country, fault_of
from dealroom.company import Weekday
from dealroom.errors import Problem
from dealroom.fields import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from holidays import HolidayBase

WEEKDAYS = tuple(Weekday)

# Where nothing else is written.
DEFAULT_WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)

# A dozen countries over forty years, each some 20 KB.
KEPT_YEARS = 512


@lru_cache(maxsize=KEPT_YEARS)
def working_days(code: str | None, weekend: tuple[Weekday, ...] | None, year: int) -> tuple[date, ...]:
    """The days of `year`, in order, that are neither weekend nor holiday.

    `code` is a country, with a subdivision if wanted (`DE`, `DE-BY`); `None` has no holidays. `weekend` replaces the
    country's own. Outside the years that a plan can name there are no holidays, only weekends.

    Raises:
        Problem: no holidays are on record for `code`.
    """
    nation = _nation(code, year) if code and FIRST_YEAR <= year <= LAST_YEAR else None
    days = _days(year)
    if weekend is None and nation is not None:
        return tuple(day for day in days if nation.is_working_day(day))
    closed = {WEEKDAYS.index(weekday) for weekday in (DEFAULT_WEEKEND if weekend is None else weekend)}
    return tuple(day for day in days if day.weekday() not in closed and (nation is None or day not in nation))


def holiday_name(code: str, day: date) -> str | None:
    """What the holiday on `day` is called, in English where the package has it; `None` on any other day.

    Raises:
        Problem: no holidays are on record for `code`.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return _nation(code, day.year, named=True).get(day)


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=count) for count in range((date(year, 12, 31) - first).days + 1)]


def _nation(code: str, year: int, named: bool = False) -> HolidayBase:
    """The holidays of `year` and its neighbours, since a New Year may be kept on the last day of the old one.

    With `named`, they have names in English, else in the country's language, whatever the machine's locale.
    """
    if fault := fault_of(code):
        raise Problem(*fault)
    name, _, subdivision = code.partition("-")
    nation = country(name)
    if nation is None:
        raise KeyError(name)
    english = next((language for language in nation.supported_languages if language.startswith("en")), None)
    return nation(
        subdiv=subdivision or None,
        years=range(year - 1, year + 2),
        expand=False,
        language=(english if named else None) or nation.default_language,
    )
