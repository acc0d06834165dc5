"""What taking a change into the plan does to its dates, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dealroom.company import CalendarSettings
from dealroom.inbox import payload as said
from dealroom.inbox.payload import Change
from dealroom.plan.model import Plan, Status
from dealroom.schedule.calendar import Calendars, calendars_for
from dealroom.schedule.forward import schedule
from dealroom.schedule.what_if import Move, Supposition, what_if
from dealroom.schedule.words import long_date, working_days


@dataclass(frozen=True, slots=True)
class Consequences:
    """How many working days go-live moves, the slack of the milestone before and after, and all of it in words."""

    go_live_days: int = 0
    slack: tuple[int, int] | None = None
    words: tuple[str, ...] = ()


def consequences(
    before: Plan, after: Plan, change: Change, seller_calendar: CalendarSettings | None, today: date
) -> Consequences:
    """What a change does whose edits lead from one plan to the other."""
    if isinstance(change, said.Person) and change.person.side == "buyer":
        words = f"{change.person.name} gets a link to the room, and may read what everyone may read"
        return Consequences(words=(words,))
    if isinstance(change, said.Comment | said.Question | said.Agree | said.Current | said.Person):
        return Consequences()
    calendars = calendars_for(before, seller_calendar)
    if isinstance(change, said.Date) and change.target.startswith("milestone:"):
        return _of_another_date(before, calendars, change, today)
    now, then = schedule(before, calendars, today), schedule(after, calendars_for(after, seller_calendar), today)
    days = calendars.both.working_days_between(now.expected_go_live, then.expected_go_live)
    return Consequences(days, None, _go_live(Move(now.expected_go_live, then.expected_go_live, days)))


def _of_another_date(plan: Plan, calendars: Calendars, change: said.Date, today: date) -> Consequences:
    id = change.target.partition(":")[2]
    milestone = plan.milestone(id)
    if milestone is None or milestone.state in {Status.DONE, Status.DROPPED} or change.date < today:
        return Consequences()
    moved = what_if(plan, calendars, today, [Supposition(id, day=change.date)])
    now = moved.before.milestone(id)
    slack = None
    words = list(_go_live(moved.go_live))
    if now.required_finish is not None:
        calendar = calendars.of(milestone)
        days = (now.expected_finish, change.date)
        slack = tuple(calendar.working_days_between(day, now.required_finish) for day in days)
        words.append(f"slack {slack[0]} → {slack[1]}".replace("-", "−"))
    others = sum(key != id for key in moved.moves)
    if others:
        words.append(f"moves {others} other {'milestone' if others == 1 else 'milestones'}")
    return Consequences(moved.go_live.days, (slack[0], slack[1]) if slack else None, tuple(words))


def _go_live(move: Move) -> tuple[str, ...]:
    if move.before == move.after:
        return (f"go-live stays on {long_date(move.before)}",)
    way = "later" if move.after > move.before else "earlier"
    days = f"{long_date(move.before)} → {long_date(move.after)}"
    return (f"moves go-live {working_days(move.days)} {way} ({days})",)
