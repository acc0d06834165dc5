"""The milestones of a plan by phase, with everything that a reader wants to know of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dealroom.plan import model
from dealroom.plan.model import Plan, Status
from dealroom.room.content import Blocker, Milestone, Phase, Step
from dealroom.room.inline import inline, label
from dealroom.room.locale import Locale
from dealroom.room.people import People
from dealroom.room.timeline import Scale, bar_of
from dealroom.room.values import DateMove, Leeway, Link
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.slack import OpenWork

# Nothing holds these up any more, whatever is still written.
_OVER = {Status.DONE, Status.DROPPED}


@dataclass(frozen=True, slots=True)
class _Context:
    """What every milestone of one room needs."""

    dates: Mapping[str, MilestoneDates]
    people: People
    locale: Locale
    scale: Scale | None
    links: Mapping[str, Link]
    waits_for: Mapping[str, tuple[str, ...]]
    holds_up: Mapping[str, tuple[str, ...]]
    proves: Mapping[str, tuple[Link, ...]]
    go_live: str | None
    slack: Mapping[str, OpenWork]
    moves: Mapping[str, tuple[DateMove, ...]]


def compose_phases(
    plan: Plan,
    dates: Mapping[str, MilestoneDates],
    people: People,
    locale: Locale,
    scale: Scale | None,
    *,
    slack: Mapping[str, OpenWork],
    moves: Mapping[str, tuple[DateMove, ...]],
) -> tuple[Phase, ...]:
    """The milestones in the plan's order; neighbours with the same `phase` stand together."""
    context = _Context(
        dates=dates,
        people=people,
        locale=locale,
        scale=scale,
        links={
            milestone.id: Link(f"#milestone-{milestone.id}", label(milestone.title)) for milestone in plan.milestones
        },
        waits_for=plan.predecessors(),
        holds_up=_successors(plan),
        proves=_proofs(plan),
        go_live=plan.go_live.milestone,
        slack=slack,
        moves=moves,
    )
    groups = groupby(plan.milestones, key=lambda milestone: milestone.phase)
    return tuple(
        _phase(number, name, [_milestone(milestone, context) for milestone in group], context)
        for number, (name, group) in enumerate(groups, start=1)
    )


def _phase(number: int, name: str | None, milestones: list[Milestone], context: _Context) -> Phase:
    counted = [milestone for milestone in milestones if milestone.state != Status.DROPPED]
    days = [context.dates[milestone.id] for milestone in milestones if milestone.id in context.dates]
    return Phase(
        anchor=f"phase-{number}",
        name=label(name) if name else None,
        milestones=tuple(milestones),
        start=context.locale.day(min(day.start for day in days)) if days else None,
        finish=context.locale.day(max(day.finish for day in days)) if days else None,
        started=any(milestone.state in {Status.IN_PROGRESS, Status.BLOCKED} for milestone in counted),
        done=sum(milestone.state == Status.DONE for milestone in counted),
        total=len(counted),
    )


def _milestone(milestone: model.Milestone, context: _Context) -> Milestone:
    locale, people = context.locale, context.people
    dates = context.dates.get(milestone.id)
    steps = tuple(_step(milestone, step, context) for step in milestone.steps)
    state = milestone.state
    return Milestone(
        id=milestone.id,
        anchor=f"milestone-{milestone.id}",
        title=label(milestone.title),
        state=state.value,
        state_text=locale.texts[f"state.{state.value}"],
        side=_side(milestone.owners),
        buyer=people.get(milestone.owners.buyer),
        seller=people.get(milestone.owners.seller),
        start=locale.day(dates.start) if dates else None,
        finish=locale.day(dates.finish) if dates else None,
        basis="committed" if milestone.due else "after-go-live" if dates and dates.after_go_live else "computed",
        is_go_live=milestone.id == context.go_live,
        started=locale.day(milestone.started) if milestone.started else None,
        done=locale.day(milestone.done) if milestone.done else None,
        done_when=tuple(inline(text) for text in milestone.done_when),
        steps=steps,
        steps_done=sum(step.done is not None for step in steps),
        blocker=_blocker(milestone.blocked, context) if milestone.blocked and state not in _OVER else None,
        waits_for=tuple(context.links[id] for id in context.waits_for[milestone.id] if id in context.links),
        holds_up=tuple(context.links[id] for id in context.holds_up.get(milestone.id, ())),
        proves=context.proves.get(milestone.id, ()),
        notes=inline(milestone.notes) if milestone.notes else None,
        bar=bar_of(context.scale, *shown_days(milestone, dates)) if dates and context.scale else None,
        leeway=_leeway(context.slack.get(milestone.id), dates) if dates else None,
        moves=context.moves.get(milestone.id, ()),
    )


def shown_days(milestone: model.Milestone, dates: MilestoneDates) -> tuple[date, date]:
    """The first and last day of a milestone on the timeline: as it is planned, and once done, as it was."""
    finish = milestone.done or dates.finish
    start = milestone.started or dates.start
    return min(start, finish), finish


def _leeway(work: OpenWork | None, dates: MilestoneDates) -> Leeway | None:
    if work is None:
        return None
    return Leeway(work.start_by.isoformat(), work.in_hand, dates.latest_finish.isoformat(), dates.after_go_live)


def _step(milestone: model.Milestone, step: model.Step, context: _Context) -> Step:
    return Step(
        id=step.id,
        anchor=f"step-{milestone.id}--{step.id}",
        title=inline(step.title),
        owner=context.people.get(step.owner),
        due=context.locale.day(step.due) if step.due else None,
        done=context.locale.day(step.done) if step.done else None,
    )


def _blocker(blocked: model.Blocked, context: _Context) -> Blocker:
    since = context.locale.day(blocked.since) if blocked.since else None
    return Blocker(inline(blocked.by), context.people.get(blocked.owner), since)


def _side(owners: model.Owners) -> str:
    """Who leads: `buyer`, `seller`, `both`, or `none`."""
    if owners.buyer and owners.seller:
        return "both"
    return "buyer" if owners.buyer else "seller" if owners.seller else "none"


def _successors(plan: Plan) -> dict[str, tuple[str, ...]]:
    after: dict[str, list[str]] = {}
    for milestone, before in plan.predecessors().items():
        for id in before:
            after.setdefault(id, []).append(milestone)
    return {id: tuple(milestones) for id, milestones in after.items()}


def _proofs(plan: Plan) -> dict[str, tuple[Link, ...]]:
    proofs: dict[str, list[Link]] = {}
    for criterion in plan.success_criteria:
        if criterion.proven_by:
            link = Link(f"#criterion-{criterion.id}", label(criterion.statement))
            proofs.setdefault(criterion.proven_by, []).append(link)
    return {id: tuple(links) for id, links in proofs.items()}
