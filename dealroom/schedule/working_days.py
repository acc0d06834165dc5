"""A country's working days, year by year, from the `holidays` package (https://holidays.readthedocs.io).

The package is imported only when a calendar names a country. Public holidays and substitute days count; bank and school
holidays do not. A country's own weekend is the package's too, with its changes over the years (the Emirates moved from
Friday and Saturday to Saturday and Sunday in 2022) and weekend days worked in exchange for a bridge day (China).
"""

from __future__ import annotations

import warnings
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

# Years of holidays that are made at a time: most plans lie within one block, and each block costs two years more.
BLOCK = 5


@lru_cache(maxsize=KEPT_YEARS)
def working_days(code: str | None, weekend: tuple[Weekday, ...] | None, year: int) -> tuple[date, ...]:
    """The days of `year`, in order, that are neither weekend nor holiday.

    `code` is a country, with a subdivision if wanted (`DE`, `DE-BY`); `None` has no holidays. `weekend` replaces the
    country's own. Outside the years that a plan can name there are no holidays, only weekends.

    Raises:
        Problem: no holidays are on record for `code`.
    """
    nation = _nation(code, year - year % BLOCK) if code and FIRST_YEAR <= year <= LAST_YEAR else None
    holidays: frozenset[date] = frozenset(nation or ())
    if weekend is None and nation is not None:
        closed = _weekend(nation, year)
        if closed is None:
            return tuple(day for day in _days(year) if nation.is_working_day(day))
        swapped = nation.weekend_workdays
    else:
        closed = {WEEKDAYS.index(weekday) for weekday in (DEFAULT_WEEKEND if weekend is None else weekend)}
        swapped = set()
    return tuple(day for day in _days(year) if (day in swapped if day.weekday() in closed else day not in holidays))


def _weekend(nation: HolidayBase, year: int) -> set[int] | None:
    """The weekend of `year`, as numbers of weekdays from Monday on; `None` when it changes within the year."""
    days = _days(year)
    weeks = [days[start : start + 7] for start in (0, 90, 181, 273, len(days) - 7)]
    found = [{day.weekday() for day in week if nation.is_weekend(day)} for week in weeks]
    return found[0] if all(weekend == found[0] for weekend in found) else None


def holiday_name(code: str, day: date) -> str | None:
    """What the holiday on `day` is called, in English where the package has it; `None` on any other day.

    Raises:
        Problem: no holidays are on record for `code`.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return _nation(code, day.year - day.year % BLOCK, named=True).get(day)


@lru_cache(maxsize=KEPT_YEARS)
def _days(year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    return tuple(first + timedelta(days=count) for count in range((date(year, 12, 31) - first).days + 1))


@lru_cache
def _nation(code: str, first_year: int, named: bool = False) -> HolidayBase:
    """The holidays of a block of years and its neighbours, since a New Year may be kept on the last day of the old one.

    With `named`, they have names in English, else in the country's language, whatever the machine's locale.
    """
    if fault := fault_of(code):
        raise Problem(*fault)
    name, _, subdivision = code.partition("-")
    nation = country(name)
    if nation is None:
        raise KeyError(name)
    english = next((language for language in nation.supported_languages if language.startswith("en")), None)
    with warnings.catch_warnings():
        # The package warns of years for which it knows only some holidays; a seller can do nothing about that.
        warnings.simplefilter("ignore")
        return nation(
            subdiv=subdivision or None,
            years=range(first_year - 1, first_year + BLOCK + 1),
            expand=False,
            language=(english if named else None) or nation.default_language,
        )
