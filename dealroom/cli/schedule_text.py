"""A schedule as the command line shows it: as text with a chart, or as data for JSON."""

from __future__ import annotations

from collections.abc import Mapping

from dealroom.diagnostics.render import visible, width
from dealroom.diagnostics.wording import listed
from dealroom.errors import Problem
from dealroom.plan.model import Plan, Status
from dealroom.room.inline import plain
from dealroom.schedule import Schedule
from dealroom.schedule.gantt import ASCII, UNICODE, Gantt, Shapes, wrapped
from dealroom.schedule.what_if import Move, WhatIf
from dealroom.schedule.words import long_date, working_days

# Ids that a message names before it says that there are more.
SOME = 3


def refuse_without_room(found: Schedule) -> None:
    """Show no dates that mean nothing.

    Raises:
        Problem: a milestone has no working day left, so that its dates end where calendars do.
    """
    without = [milestone.id for milestone in found.milestones if milestone.has_no_room]
    if without:
        raise Problem(
            f"there are not enough working days for {listed(without[:SOME])}"
            + (f" and {len(without) - SOME} more" if len(without) > SOME else ""),
            "look for a blackout without an end, a weekend of seven days, or working times that add up to centuries",
        )


def as_json(found: Schedule, question: WhatIf | None) -> dict[str, object]:
    """The schedule, as supposed when there is a `question`, with what would move under `what_if`."""
    after = question.after if question else found
    answer: dict[str, object] = {
        "go_live": str(after.go_live),
        "projected": str(after.projected),
        "slip_days": after.slip_days,
        "milestones": [
            {
                "id": each.id,
                "start": str(each.start),
                "finish": str(each.finish),
                "earliest_start": str(each.earliest_start),
                "earliest_finish": str(each.earliest_finish),
                "latest_start": str(each.latest_start),
                "latest_finish": str(each.latest_finish),
                "slack": each.slack,
                "critical": each.critical,
                "status": each.status.value,
            }
            for each in after.milestones
        ],
    }
    if question:
        answer["what_if"] = {
            "go_live": _move_as_json(question.go_live),
            "milestones": [{"id": key, **_move_as_json(move)} for key, move in question.moves.items()],
        }
    return answer


def _move_as_json(move: Move) -> dict[str, object]:
    return {"before": str(move.before), "after": str(move.after), "days": move.days}


def as_text(plan: Plan, found: Schedule, question: WhatIf | None, *, columns: int, unicode: bool, colour: bool) -> str:
    """The schedule as a chart, with what would move under it."""
    shapes = UNICODE if unicode else ASCII
    titles = {milestone.id: plain(milestone.title) for milestone in plan.milestones}
    after = question.after if question else found
    chart = Gantt(plan, after, titles, columns, shapes, colour)
    lines = [visible(plain(plan.title)), *wrapped(_summary(plan, after), f" {shapes.dot} ", columns), ""]
    lines += chart.lines()
    if question:
        lines += ["", *_moved(question, titles, shapes)]
    return "\n".join(lines)


def _summary(plan: Plan, found: Schedule) -> list[str]:
    live = plan.go_live.milestone and found.milestone(plan.go_live.milestone)
    late = f", {working_days(found.slip_days)} {'late' if found.slip_days > 0 else 'early'}" if found.slip_days else ""
    projected = "live since" if live and live.status is Status.DONE else "projected"
    return [
        f"go-live {long_date(found.go_live)}",
        f"{projected} {long_date(found.projected)}{late}",
        f"today {long_date(found.today)}",
    ]


def _moved(question: WhatIf, titles: Mapping[str, str], shapes: Shapes) -> list[str]:
    """Before and after of each date that moves, and of go-live, under each other."""
    moved = [(visible(titles[key]), move) for key, move in question.moves.items()]
    moved.append(("the go-live date", question.go_live))
    columns = max(width(title) for title, _ in moved)
    return ["what would move", *(_move(title, move, columns, shapes) for title, move in moved)]


def _move(title: str, move: Move, columns: int, shapes: Shapes) -> str:
    before = f"  {title}{' ' * (columns - width(title))}  {long_date(move.before):>11}"
    if move.after == move.before:
        return f"{before}  stays"
    sign = "+" if move.after > move.before else "-"
    return f"{before} {shapes.arrow} {long_date(move.after):>11}  {sign}{working_days(move.days)}"
