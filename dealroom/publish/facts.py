"""What a room shows beside the plan itself: its files' sizes, its history, and its forecast where that is shared."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.errors import Problem
from dealroom.plan.history import History
from dealroom.plan.model import Plan
from dealroom.room.compose import Facts
from dealroom.room.images import image_size
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.status_date import status_date

if TYPE_CHECKING:
    from dealroom.schedule.forecast import Forecast


def room_facts(folder: Path, plan: Plan, calendars: Calendars, history: History) -> Facts:
    """The facts of a plan in its folder. Raises OSError when a file has vanished."""
    files = [document.file for document in plan.documents if document.file]
    logo = plan.buyer.logo
    pixels = image_size(folder / logo) if logo else None
    return Facts(
        sizes={file: (folder / file).stat().st_size for file in files},
        pixels={logo: pixels} if logo and pixels else {},
        history=history,
        calendars=calendars,
        outlook=_outlook(plan, calendars, history) if plan.share_forecast and plan.milestones else None,
    )


def _outlook(plan: Plan, calendars: Calendars, history: History) -> tuple[date, Forecast] | None:
    """The forecast as of the day that the plan is at, so that it does not change while the plan does not."""
    # numpy takes longer to load than a room to build; few plans share their forecast.
    from dealroom.schedule.forecast import forecast

    as_of = status_date(plan, (revision.date for revision in history.revisions))
    try:
        return as_of, forecast(plan, calendars, as_of, with_shortening=False)
    except Problem:
        # Not enough working days are left to forecast anything; the checks say so.
        return None
