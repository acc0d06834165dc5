"""Are the dates the buyer's, and can they be kept? Rules about what was promised, whatever the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dealroom.diagnostics import Severity
from dealroom.health.days_off import day_off
from dealroom.health.facts import Facts
from dealroom.health.rule import Finding, Path, rule
from dealroom.plan.model import GoLive, Owners, Side
from dealroom.schedule.calendar import LATEST


@rule(
    Severity.WARNING,
    fault="The go-live date has no reason.",
    reason="""
        A date that costs the buyer nothing to miss is missed. What happens in the buyer's business if it is (a season,
        a contract that ends, an audit) is what keeps thirty people to their dates.
        """,
    example="""
        go_live: {date: 2027-03-01}
        """,
    fix="ask what happens if it is a month later, and write that: `why: Peak-season order freeze starts on 15 March`",
)
def go_live_without_reason(facts: Facts) -> Iterator[Finding]:
    if not facts.plan.go_live.why:
        yield Finding(("go_live",), "nothing says why the buyer needs this go-live date")


@rule(
    Severity.WARNING,
    fault="The go-live date sits on the end of the seller's fiscal quarter.",
    reason="""
        A date that happens to be the seller's quarter end is read as the seller's, and a buyer who thinks so waits for
        the discount that comes with it. It counts on the quarter's last day and in the three days before, where its
        last working day is. `fiscal_quarter_ends` in dealroom.yml says when the seller's quarters end; calendar
        quarters are assumed.
        """,
    example="""
        go_live: {date: 2027-03-31, why: The old contract ends}
        """,
    fix="take the buyer's own date; if this is it, say so with `ignore: {go-live-on-quarter-end: the reason}`",
    setting="quarter_end",
)
def go_live_on_quarter_end(facts: Facts) -> Iterator[Finding]:
    go_live = facts.plan.go_live.date
    for quarter_end in _quarter_ends(facts, go_live):
        ahead = (quarter_end - go_live).days
        if 0 <= ahead <= facts.settings.quarter_end:
            when = "on" if ahead == 0 else f"{ahead} day{'s' if ahead > 1 else ''} before"
            yield Finding(("go_live", "date"), f"go-live is {when} the seller's quarter end of {quarter_end}")
            return


def _quarter_ends(facts: Facts, day: date) -> list[date]:
    """The ends of quarters on or next after `day`; a quarter that ends on 31 February ends with the month."""
    ends = [_last_day(year, month, number) for year in (day.year, day.year + 1) for month, number in facts.quarter_ends]
    return sorted(end for end in ends if end >= day)[:1]


def _last_day(year: int, month: int, number: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(first_of_next - timedelta(days=1), date(year, month, 1) + timedelta(days=number - 1))


@rule(
    Severity.ERROR,
    fault="A committed date is later than the latest one at which go-live can be kept.",
    reason="""
        What waits for the milestone needs its working days before go-live. Both dates stand in the same plan, and one
        of them cannot be true; the buyer finds out last.
        """,
    example="""
        go_live: {date: 2027-03-01, why: Order freeze on 15 March}
        milestones:
          - {id: pilot, title: Pilot finished, due: 2027-02-24}
          - {id: training, title: Shift leads trained, takes: 10d, after: pilot}
        """,
    fix="bring the date forward, shorten what comes after it, or agree on a later go-live",
)
def due_after_latest_finish(facts: Facts) -> Iterator[Finding]:
    go_live = facts.plan.go_live
    for index, milestone in facts.open_milestones:
        dates = facts.dates[milestone.id]
        if milestone.due and dates.required_finish and dates.is_due_too_late:
            what = "go-live" if dates.required_finish == go_live.date else "what follows"
            message = f"`{milestone.id}` is due on {milestone.due}; {what} needs it by {dates.required_finish}"
            hint = _after_go_live(go_live) if milestone.due > go_live.date else None
            yield Finding(("milestones", index, "due"), message, hint)


def _after_go_live(go_live: GoLive) -> str:
    """What is planned for after go-live counts as before it until the plan says what it waits for."""
    if go_live.milestone:
        return f"if it comes after go-live, write `after: {go_live.milestone}`; else bring the date forward"
    return (
        "if it comes after go-live, name that milestone, `go_live: {milestone: launch}`, and write `after: launch` here"
    )


@rule(
    Severity.ERROR,
    fault="There are not enough working days for a milestone.",
    reason="""
        A blackout without an end, or one over all the time before go-live, leaves nothing to count on, so the milestone
        has no date, and the room shows none.
        """,
    example="""
        go_live: {date: 2027-03-01, why: Order freeze on 15 March}
        blackouts: [{to: 2027-02-26, why: Migration of the warehouse}]
        milestones:
          - {id: training, title: Shift leads trained, takes: 10d}
        """,
    fix="give the blackout its two ends, or look for a weekend of seven days or working times of many years",
)
def no_working_day(facts: Facts) -> Iterator[Finding]:
    without = [
        (index, milestone)
        for index, milestone in facts.open_milestones
        if facts.dates[milestone.id].has_no_room or facts.calendars.of(milestone).on_or_after(facts.today) == LATEST
    ]
    if without:
        # What comes before a milestone without working days has none either, so the last one tells most.
        index, milestone = without[-1]
        others = f", nor for {len(without) - 1} more" if len(without) > 1 else ""
        yield Finding(("milestones", index), f"no working day is left for `{milestone.id}`{others}")


@rule(
    Severity.WARNING,
    fault="A date in the plan is a day on which the people who have to keep it do not work.",
    reason="""
        A date on a holiday, a weekend or in a freeze slips by itself, and shows that nobody looked at the other side's
        calendar when it was set. Dates that are still to come count: go-live, due dates of milestones and steps, and
        the next review. The days are those of the side that leads; where both sides own a milestone, of both.
        """,
    example="""
        buyer: {name: Harbour Foods, calendar: DE-BY}
        milestones:
          - {id: training, title: Shift leads trained, owners: {buyer: dana}, due: 2027-01-06}   # Epiphany in Bavaria
        """,
    fix="move it to a working day, usually the one before",
)
def date_on_day_off(facts: Facts) -> Iterator[Finding]:
    for path, what, day, sides in _dates_to_come(facts):
        for side in sides:
            why = day_off(facts, side, day)
            if why:
                yield Finding(path, f"{what} is on {day}, {why}")
                break


BUYER, SELLER, BOTH = (Side.BUYER,), (Side.SELLER,), (Side.BUYER, Side.SELLER)


def _dates_to_come(facts: Facts) -> Iterator[tuple[Path, str, date, tuple[Side, ...]]]:
    """Each written date from today on: its place, its name in a message, the day, and whose working day it must be."""
    plan, today = facts.plan, facts.today
    if plan.go_live.date >= today:
        yield ("go_live", "date"), "go-live", plan.go_live.date, BUYER
    for index, milestone in facts.open_milestones:
        if milestone.due and milestone.due >= today:
            yield ("milestones", index, "due"), f"`{milestone.id}`", milestone.due, _leading(milestone.owners)
        for number, step in enumerate(milestone.steps):
            if step.due and step.due >= today and not step.done:
                person = plan.stakeholder(step.owner)
                sides = (person.side,) if person else _leading(milestone.owners)
                yield ("milestones", index, "steps", number, "due"), f"step `{step.id}`", step.due, sides
    if plan.reviews:
        latest = max(range(len(plan.reviews)), key=lambda index: plan.reviews[index].on)
        following = plan.reviews[latest].next
        if following and following >= today:
            yield ("reviews", latest, "next"), "the next review", following, BOTH


def _leading(owners: Owners) -> tuple[Side, ...]:
    if owners.buyer and not owners.seller:
        return BUYER
    return SELLER if owners.seller and not owners.buyer else BOTH
