"""What lets the reader answer in the browser: the plan as a network, what stands where, and where replies go. Pure.

It is JSON in the sealed page. The network is the view's, so what is hidden has no part in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dealroom.plan.digest import commitments_digest
from dealroom.plan.model import Milestone, Owners, Plan, Side
from dealroom.room.inline import plain
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendar, Calendars
from dealroom.schedule.network import Node, network

# Days after the last one of the plan for which the page knows who works: as far as a date is likely to be put off.
_AHEAD = timedelta(days=366)
# And before the first: a plan is read, and its work may begin, before its first date. A quarter, and a month's leave.
_BEFORE = timedelta(days=120)
# A plan of more than this is told without days off, like one whose timeline has no room for single days.
_MOST_DAYS = 4_000


@dataclass(frozen=True, slots=True)
class ReplyChannel:
    """Where sealed replies go, and what was said to earlier ones.

    `endpoint` and `email` are those of the settings. `answers` are boxes, each for one reader: `id`, `salt`, `box`.
    """

    endpoint: str | None = None
    email: str | None = None
    answers: tuple[Mapping[str, str], ...] = field(default=())


NO_CHANNEL = ReplyChannel()


def reply_facts(
    plan: Plan, calendars: Calendars, dates: Mapping[str, MilestoneDates], seller: str, channel: ReplyChannel
) -> str:
    """The JSON for the page of a view's `plan`. Days are ISO; `takes` is in working days of the side in `days`."""
    facts = {
        "digest": commitments_digest(plan),
        "endpoint": channel.endpoint,
        "email": channel.email or _contact(plan),
        "seller": plain(seller),
        "answers": [dict(box) for box in channel.answers],
        "people": [{"id": one.id, "name": plain(one.name), "side": one.side.value} for one in plan.stakeholders],
        "criteria": {one.id: {"current": one.current, "owner": one.owner} for one in plan.success_criteria},
        "network": network_facts(plan, calendars, dates),
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def network_facts(plan: Plan, calendars: Calendars, dates: Mapping[str, MilestoneDates]) -> dict[str, Any]:
    """The milestones, predecessors first, and who works on which day: what the forward pass needs."""
    nodes = network(plan, calendars)
    first, last = _span(plan, dates)
    return {
        "go_live": plan.go_live.date.isoformat(),
        "milestone": plan.go_live.milestone,
        "first": first.isoformat(),
        "buyer": _working(calendars.buyer, first, last),
        "seller": _working(calendars.seller, first, last),
        "nodes": [_node(node, dates.get(node.id)) for node in nodes.values()],
    }


def _node(node: Node, dates: MilestoneDates | None) -> dict[str, Any]:
    milestone = node.milestone
    written: dict[str, Any] = {
        "id": node.id,
        "takes": node.takes,
        "days": _whose_days(milestone.owners),
        "after": list(node.predecessors),
        "state": node.state.value,
        "started": _iso(milestone.started),
        "done": _iso(milestone.done),
        "start": _iso(dates.start) if dates else None,
        "finish": _iso(dates.finish) if dates else None,
        "after_go_live": node.is_after_go_live or None,
    }
    return {name: value for name, value in written.items() if value is not None}


def _whose_days(owners: Owners) -> str:
    """As in `schedule.calendar`: a lone owner's side works on it; else it is done on the days both work."""
    if owners.buyer and not owners.seller:
        return "buyer"
    return "seller" if owners.seller and not owners.buyer else "both"


def _span(plan: Plan, dates: Mapping[str, MilestoneDates]) -> tuple[date, date]:
    shown = [day for found in dates.values() for day in (found.start, found.finish)]
    written = [day for milestone in plan.milestones for day in _actuals(milestone)]
    every = [plan.go_live.date, *shown, *written]
    return min(every) - _BEFORE, max(every) + _AHEAD


def _actuals(milestone: Milestone) -> Sequence[date]:
    return [day for day in (milestone.started, milestone.done) if day]


def _working(calendar: Calendar, first: date, last: date) -> str:
    """A digit for each day: `1` when the side works."""
    days = (last - first).days + 1
    if days > _MOST_DAYS:
        return ""
    digits = bytearray(b"0" * days)
    for day in calendar.days(first, last):
        digits[(day - first).days] = ord("1")
    return digits.decode()


def _contact(plan: Plan) -> str | None:
    """Whom a reply is mailed to where the settings say nothing: the first of the seller's people with an address."""
    return next((one.email for one in plan.stakeholders if one.side is Side.SELLER and one.email), None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
