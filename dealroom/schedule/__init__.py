"""The plan on the calendar: working days and holidays, network passes, slack, critical path, forecast. Pure."""

from dealroom.schedule.backward import MilestoneDates, plan_dates
from dealroom.schedule.calendar import Calendar, Calendars, calendars_for
from dealroom.schedule.forward import Schedule, ScheduledMilestone, schedule

__all__ = [
    "Calendar",
    "Calendars",
    "MilestoneDates",
    "Schedule",
    "ScheduledMilestone",
    "calendars_for",
    "plan_dates",
    "schedule",
]
