"""A country's working days, year by year, from the `holidays` package (https://holidays.readthedocs.io).

The package is imported only when a calendar names a country. Public holidays and substitute days count; bank and school
holidays do not. A country's own weekend is the package's too, with its changes over the years (the Emirates moved from
Friday and Saturday to Saturday and Sunday in 2022) and weekend days worked in exchange for a bridge day (China).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

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
    country, _, subdivision = code.partition("-")
    holidays_of = _country(country)
    if holidays_of is None or (subdivision and subdivision not in _subdivisions(holidays_of)):
        raise Problem(
            f"no holidays are on record for `{code}`",
            "write a country, with a subdivision if wanted, like `DE`, `DE-BY` or `US-CA`",
        )
    language = (
        next((each for each in holidays_of.supported_languages if each.startswith("en")), None) if named else None
    )
    return holidays_of(
        subdiv=subdivision or None,
        years=range(year - 1, year + 2),
        expand=False,
        language=language or (holidays_of.default_language if named else None),
    )


def _subdivisions(country: type[HolidayBase]) -> set[str]:
    return {*country.subdivisions, *country.subdivisions_aliases}


@lru_cache
def _country(code: str) -> type[HolidayBase] | None:
    """The package's class for a country, from its own module alone.

    The package's own way to a country imports all 250 of them, at 0.2 s rather than 0.01: longer than a room takes.
    """
    import holidays
    from holidays.registry import COUNTRIES

    module_name, class_name = next(
        ((module, names[0]) for module, names in COUNTRIES.items() if code in names[1:]), (None, None)
    )
    if module_name is None or class_name is None:
        return None
    spec = PathFinder.find_spec(module_name, [f"{folder}/countries" for folder in holidays.__path__])
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[HolidayBase] = getattr(module, class_name)
    return found
