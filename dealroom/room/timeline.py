"""The timeline's geometry: where days stand, in percent of its width. Pure; the templates draw it.

The scale runs from the first of the month in which the work starts to the end of the month in which it ends, so
that months are the grid. Positions are percentages as text, ready for an SVG attribute, which a strict
content-security policy allows where a style does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dealroom.room.locale import Locale
from dealroom.room.values import Axis, Bar, Tick
from dealroom.schedule.calendar import Calendar, Calendars

# A month's name needs about a twelfth of the timeline on the narrowest screen that shows it. Beyond that the
# scale names every second month, then quarters, halves and years.
_MOST_TICKS = 12
_MONTHS = 12
_LONGER_THAN_A_MONTH = 32
_TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)

# Narrower than this (in percent), a bar is a dot with no room for a progress fill.
_NARROWEST_BAR = 0.8

# Five years: beyond, a day is narrower than a quarter of a pixel on a wall.
_MOST_DAYS = 1_830

# From here on (in percent), a label ends at its mark, lest it leave the timeline.
_LABEL_TURNS = 92.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from `first` to `last`, both included, laid on a line of 100 %."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def start_of(self, day: date) -> float:
        """Where a day begins, in percent; outside the scale it is the nearer end."""
        return min(100.0, max(0.0, (day - self.first).days * 100 / self.days))

    def end_of(self, day: date) -> float:
        return self.start_of(day + timedelta(days=1))


def scale_of(days: Iterable[date]) -> Scale | None:
    """The scale that holds these days, in whole months and two at least. No days, no scale."""
    known = sorted(days)
    if not known:
        return None
    first, last = known[0].replace(day=1), known[-1].replace(day=1)
    if first == last:
        # On a scale of one month, what leads to a go-live on its first days would have no room.
        first = (first - timedelta(days=1)).replace(day=1)
    return Scale(first, _next_month(last) - timedelta(days=1))


def axis_of(scale: Scale, go_live: date, locale: Locale, calendars: Calendars) -> Axis:
    """The scale's ticks, the place of the go-live flag (the end of that day), and the days on which each side works."""
    months = []
    month = scale.first
    while month <= scale.last:
        months.append(month)
        month = _next_month(month)
    step = next((step for step in _TICK_MONTHS if len(months) / step <= _MOST_TICKS), _TICK_MONTHS[-1])
    shown = [month for month in months if (month.year * 12 + month.month - 1) % step == 0] or months[:1]
    ticks = []
    for index, month in enumerate(shown):
        is_year = index == 0 or month.year != shown[index - 1].year
        label = str(month.year) if step >= _MONTHS else locale.month(month)
        ticks.append(Tick(at=percent(scale.start_of(month)), label=label, is_year=is_year, year=str(month.year)))
    return Axis(
        first=scale.first.isoformat(),
        last=scale.last.isoformat(),
        buyer_days=_working(calendars.buyer, scale),
        seller_days=_working(calendars.seller, scale),
        ticks=tuple(ticks),
        go_live=percent(scale.end_of(go_live)),
        go_live_anchor="end" if scale.end_of(go_live) > _LABEL_TURNS else "middle",
    )


def bar_of(scale: Scale, start: date, finish: date) -> Bar:
    """A milestone's bar, from the morning of `start` to the evening of `finish`."""
    left, right = scale.start_of(min(start, finish)), scale.end_of(finish)
    return Bar(
        left=percent(left),
        width=percent(right - left),
        right=percent(right),
        is_point=right - left < _NARROWEST_BAR,
    )


def _working(calendar: Calendar, scale: Scale) -> str:
    """A digit for each day of the scale; nothing where it is too long for single days to matter."""
    if scale.days > _MOST_DAYS:
        return ""
    first = scale.first.toordinal()
    digits = bytearray(b"0" * scale.days)
    for day in calendar.days(scale.first, scale.last):
        digits[day.toordinal() - first] = ord("1")
    return digits.decode()


def percent(value: float) -> str:
    """Two decimals are a tenth of a pixel on a wall-sized screen; the same text on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _next_month(first: date) -> date:
    return (first + timedelta(days=_LONGER_THAN_A_MONTH)).replace(day=1)
