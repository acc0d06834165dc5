"""Working days: which days a side works, and counting along them.

A calendar is made from a company's settings (national holidays, weekend, blackouts) and shared by every plan with the
same settings. It learns a year when it is first asked about it, and answers by binary search after that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dealroom.company import Blackout, CalendarSettings
from dealroom.fields import FIRST_YEAR, LAST_YEAR
from dealroom.plan.model import Milestone, Plan
from dealroom.schedule.working_days import working_days

# A century on either side of the years a plan can name: farther than any believable chain of milestones reaches, near
# enough to stop at once when no working day is left, as under a blackout without an end.
EARLIEST, LATEST = date(FIRST_YEAR - 100, 1, 1), date(LAST_YEAR + 100, 12, 31)

# Calendars kept at the same time: far more than one company's deals have, and some 30 KB each.
KEPT_CALENDARS = 512


@dataclass(frozen=True, slots=True)
class _Span:
    """The working days of whole years, first to last, in order."""

    first: date
    last: date
    days: Sequence[date]


class Calendar:
    """The days on which work is done.

    Every answer stays within `EARLIEST` and `LATEST`: where no working day is left, it is that bound.
    """

    __slots__ = ("_of_year", "_span")

    def __init__(self, of_year: Callable[[int], Sequence[date]]) -> None:
        """`of_year` gives a year's working days in order; it is asked once for every year that matters."""
        self._of_year = of_year
        self._span: _Span | None = None

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on this day."""
        return self.on_or_after(day) == day

    def before(self, day: date, count: int = 1) -> date:
        """The `count`-th working day strictly before `day`; `count` is at least 1."""
        return self._back(day, count, bisect_left)

    def after(self, day: date, count: int = 1) -> date:
        """The `count`-th working day strictly after `day`; `count` is at least 1."""
        return self._on(day, count, bisect_right)

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return self._on(day, 1, bisect_left)

    def start(self, finish: date, takes: int) -> date:
        """The first day of `takes` working days that end with `finish`: the `takes`-th counting back, inclusive.

        A `finish` on a day off does not count, so the last day of work is the working day before it.
        """
        return self._back(finish, takes, bisect_right)

    def finish(self, start: date, takes: int) -> date:
        """The last day of `takes` working days, the first of which is `start` or the working day after it."""
        return self._on(start, takes, bisect_left)

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after `after`, up to and including `until`; counted negative when `until` is the earlier."""
        self._covering(after)
        days = self._covering(until).days
        return bisect_right(days, until) - bisect_right(days, after)

    def days(self, first: date, last: date) -> Sequence[date]:
        """The working days from `first` to `last`, in order."""
        self._covering(first)
        days = self._covering(last).days
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def _back(self, day: date, count: int, place: Callable[[Sequence[date], date], int]) -> date:
        """The `count`-th working day back from the place of `day` among them."""
        span = self._covering(day)
        while (index := place(span.days, day) - count) < 0:
            if span.first == EARLIEST:
                return EARLIEST
            span = self._grown_back(span)
        return span.days[index]

    def _on(self, day: date, count: int, place: Callable[[Sequence[date], date], int]) -> date:
        """The `count`-th working day on from the place of `day` among them."""
        span = self._covering(day)
        while (index := place(span.days, day) + count - 1) >= len(span.days):
            if span.last == LATEST:
                return LATEST
            span = self._grown_on(span)
        return span.days[index]

    def _covering(self, day: date) -> _Span:
        span = self._span
        if span is None:
            year = min(max(day.year, EARLIEST.year), LATEST.year)
            span = self._span = _Span(date(year, 1, 1), date(year, 12, 31), self._of_year(year))
        while day < span.first and span.first > EARLIEST:
            span = self._grown_back(span)
        while day > span.last and span.last < LATEST:
            span = self._grown_on(span)
        return span

    # A span doubles when it grows, so that even a walk over all years joins few lists. It is replaced as a whole:
    # another thread sees the old span or the new one.
    def _grown_back(self, span: _Span) -> _Span:
        first = max(EARLIEST.year, span.first.year - _years(span))
        added = [day for year in range(first, span.first.year) for day in self._of_year(year)]
        self._span = _Span(date(first, 1, 1), span.last, [*added, *span.days])
        return self._span

    def _grown_on(self, span: _Span) -> _Span:
        last = min(LATEST.year, span.last.year + _years(span))
        added = [day for year in range(span.last.year + 1, last + 1) for day in self._of_year(year)]
        self._span = _Span(span.first, date(last, 12, 31), [*span.days, *added])
        return self._span


def _years(span: _Span) -> int:
    return span.last.year - span.first.year + 1


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of a plan: each side's, and the days on which both work."""

    buyer: Calendar
    seller: Calendar
    both: Calendar

    def of(self, milestone: Milestone) -> Calendar:
        """The leading side's calendar: a lone owner's side; with owners on both sides, or none, the days both work."""
        owners = milestone.owners
        if owners.buyer and not owners.seller:
            return self.buyer
        if owners.seller and not owners.buyer:
            return self.seller
        return self.both


def calendars_for(plan: Plan, settings_calendar: CalendarSettings | None = None) -> Calendars:
    """The calendars `plan` is dated by. `settings_calendar` is the seller's, unless the plan writes one of its own.

    A company without a calendar works Monday to Friday. The plan's own blackouts hold for both sides.

    Raises:
        Problem: a calendar names a country or subdivision that has no holidays on record.
    """
    buyer = plan.buyer.calendar or CalendarSettings()
    seller = (plan.seller.calendar if plan.seller else None) or settings_calendar or CalendarSettings()
    return Calendars(
        buyer=_calendar((buyer,), plan.blackouts),
        seller=_calendar((seller,), plan.blackouts),
        both=_calendar((buyer,) if buyer == seller else (buyer, seller), plan.blackouts),
    )


@lru_cache(maxsize=KEPT_CALENDARS)
def _calendar(companies: tuple[CalendarSettings, ...], blackouts: tuple[Blackout, ...]) -> Calendar:
    """The days on which all `companies` work, outside their own blackouts and the given ones."""
    closed = [*blackouts, *(blackout for company in companies for blackout in company.blackouts)]
    ranges = [(blackout.from_ or EARLIEST, blackout.to or LATEST) for blackout in closed]

    def of_year(year: int) -> Sequence[date]:
        new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
        if any(first <= new_year and new_years_eve <= last for first, last in ranges):
            return ()
        days, *others = (working_days(company.holidays, company.weekend, year) for company in companies)
        for other in others:
            kept = frozenset(other)
            days = tuple(day for day in days if day in kept)
        for first, last in ranges:
            if first <= new_years_eve and new_year <= last:
                days = tuple(day for day in days if not first <= day <= last)
        return days

    # An unknown country fails here, where the settings are at hand, and not in the middle of a pass.
    for company in companies:
        working_days(company.holidays, company.weekend, FIRST_YEAR)
    return Calendar(of_year)
