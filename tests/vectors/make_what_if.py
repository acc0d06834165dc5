"""Writes the test vectors of what other dates do: `python -m tests.vectors.make_what_if`.

`what_if.json` has small plans as a sealed page tells them, and what `schedule.what_if` says of them; the browser's
forward pass is held to it. Same seed, same plans.
"""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dealroom.plan.model import Plan
from dealroom.room.replying import network_facts
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import Calendars, calendars_for
from dealroom.schedule.what_if import Supposition, what_if

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)
# Enough to meet every kind of milestone in every place of a network.
CASES = 40
# The share of plans in which what is supposed can move go-live.
MATTERING = 3 / 4
# Days from today of the latest day that is supposed: after the later of the go-live dates below.
LATEST = 149


def cases(seed: int = 1) -> list[dict[str, Any]]:
    """The vectors, each with its plan's network, the day, what is supposed, and what follows."""
    draw = random.Random(seed)
    return [_case(draw, number) for number in range(CASES)]


def _case(draw: random.Random, number: int) -> dict[str, Any]:
    plan = _plan(draw)
    calendars = calendars_for(plan)
    open_ones = [each.id for each in plan.milestones if each.state not in {"done", "dropped"}]
    weighty = [id for id in open_ones if _moves_go_live(plan, calendars, id)]
    # In most plans what is supposed matters to go-live; in the others it may as well not.
    some = weighty if weighty and draw.random() < MATTERING else open_ones
    chosen = draw.sample(some, min(len(some), draw.choice([1, 1, 2])))
    suppose = {id: TODAY + timedelta(days=draw.choice([0, 3, 20, 60, LATEST])) for id in chosen}
    found = what_if(plan, calendars, TODAY, [Supposition(id, day=day) for id, day in suppose.items()])
    return {
        "name": f"plan {number}",
        "network": network_facts(plan, calendars, plan_dates(plan, calendars)),
        "today": TODAY.isoformat(),
        "suppose": {id: day.isoformat() for id, day in suppose.items()},
        "go_live": [found.go_live.before.isoformat(), found.go_live.after.isoformat(), found.go_live.days],
        "moves": {id: [move.before.isoformat(), move.after.isoformat()] for id, move in found.moves.items()},
    }


def _moves_go_live(plan: Plan, calendars: Calendars, id: str) -> bool:
    """Whether go-live is later when a milestone is as late as any that is supposed."""
    latest = Supposition(id, day=TODAY + timedelta(days=LATEST))
    return what_if(plan, calendars, TODAY, [latest]).go_live.days > 0


def _plan(draw: random.Random) -> Plan:
    count = draw.randrange(2, 9)
    milestones = [_milestone(draw, number) for number in range(count)]
    return Plan.model_validate(
        {
            "title": "A plan",
            "buyer": {"name": "Harbour", "calendar": draw.choice([None, "DE-BY"])},
            "seller": {"name": "Tessellate", "calendar": draw.choice([None, "US-MA"])},
            "go_live": {
                "date": draw.choice(["2026-12-11", "2027-03-01"]),
                "milestone": draw.choice([None, f"m{count - 1}", f"m{count - 2}"]),
            },
            "stakeholders": [
                {"id": "dana", "name": "Dana", "side": "buyer"},
                {"id": "tom", "name": "Tom", "side": "seller"},
            ],
            "milestones": milestones,
        }
    )


def _milestone(draw: random.Random, number: int) -> dict[str, Any]:
    owners = draw.choice([{}, {"buyer": "dana"}, {"seller": "tom"}, {"buyer": "dana", "seller": "tom"}])
    before = [f"m{other}" for other in range(number) if draw.random() < 1 / 2]
    written: dict[str, Any] = {"id": f"m{number}", "title": f"Milestone {number}", "owners": owners}
    written["takes"] = draw.choice(["1d", "4d", "2w", "3w", "2-6w"])
    if draw.random() < 2 / 3:
        written["after"] = before
    written |= draw.choice(
        [
            {},
            {},
            {},
            {"due": (TODAY + timedelta(days=draw.randrange(90))).isoformat()},
            {"started": (TODAY - timedelta(days=draw.randrange(30))).isoformat()},
            {"status": "in-progress"},
            {"done": (TODAY - timedelta(days=draw.randrange(20))).isoformat()},
            {"status": "done"},
            {"status": "dropped"},
            {"blocked": {"by": "Something"}},
        ]
    )
    return written


if __name__ == "__main__":
    written = json.dumps(cases(), separators=(",", ":")).replace('{"name"', '\n{"name"')
    (HERE / "what_if.json").write_text(f"{written}\n", encoding="utf-8")
