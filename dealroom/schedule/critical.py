"""The critical path: the chain of open milestones on which the projected go-live hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Milestone
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.network import Network, is_open, is_started


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first and last day of a milestone's work in the forward pass."""

    start: date
    finish: date


def critical_path(
    net: Network,
    calendars: Calendars,
    dates: Mapping[str, MilestoneDates],
    earliest: Mapping[str, Earliest],
    slack: Mapping[str, int],
) -> set[str]:
    """Ids of the chain of least slack among what is open: up to go-live, or, when that is all done, after it.

    Where both sides work the same days, the whole chain has the same slack. Where they do not, a holiday within the
    chain changes the count on one side; so the chain is completed along the links that decide its dates.
    """
    still_open = {milestone.id: milestone for milestone in net.milestones if is_open(milestone)}
    counted = {key for key in still_open if key not in net.after_go_live} or set(still_open)
    least = min((slack[key] for key in counted), default=0)
    critical = {key for key in counted if slack[key] == least}
    ahead = sorted(critical)
    while ahead:
        key = ahead.pop()
        linked = {
            other for other in net.before(key) & counted if _drives(other, still_open[key], calendars, earliest)
        } | {
            other
            for other in net.behind(key) & counted
            if _drives(key, still_open[other], calendars, earliest)
            and dates[key].latest_finish == calendars.of(still_open[key]).before(dates[other].latest_start)
        }
        ahead.extend(sorted(linked - critical))
        critical |= linked
    return critical


def _drives(key: str, successor: Milestone, calendars: Calendars, earliest: Mapping[str, Earliest]) -> bool:
    """Whether the successor starts when it does because this milestone finishes when it does."""
    if is_started(successor):
        return False
    return calendars.of(successor).after(earliest[key].finish) == earliest[successor.id].start
