"""What the page tells the browser for answering: nothing of what the view leaves out, and enough to count on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from dealroom.plan.digest import commitments_digest
from dealroom.plan.model import Plan
from dealroom.room.replying import NO_CHANNEL, ReplyChannel, reply_facts
from dealroom.room.views import views
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from tests.unit.room.rooms import DANA, PRIYA, TOM, plan

PILOT = {"id": "pilot", "title": "Pilot", "owners": {"buyer": "dana", "seller": "tom"}, "takes": "2w"}
LEGAL = {"id": "legal", "title": "Contract *read*", "audience": ["priya"], "owners": {"buyer": "priya"}}
ROLLOUT = {"id": "rollout", "title": "Rollout", "owners": {"seller": "tom"}, "started": "2026-11-16"}


def facts(written: Plan, channel: ReplyChannel = NO_CHANNEL) -> dict[str, Any]:
    calendars = calendars_for(written)
    told: dict[str, Any] = json.loads(
        reply_facts(written, calendars, plan_dates(written, calendars), "Tessellate *Ltd*", channel)
    )
    return told


def test_milestones_stand_after_what_they_wait_for() -> None:
    told = facts(plan(stakeholders=[DANA, TOM], milestones=[{**PILOT, "after": ["rollout"]}, {**ROLLOUT, "after": []}]))
    nodes = told["network"]["nodes"]
    assert [node["id"] for node in nodes] == ["rollout", "pilot"]
    assert (nodes[0]["days"], nodes[0]["started"], nodes[1]["days"]) == ("seller", "2026-11-16", "both")
    assert (nodes[1]["after"], nodes[1]["takes"]) == (["rollout"], 10)
    assert told["seller"] == "Tessellate Ltd"


def test_what_a_view_hides_is_not_told_and_its_digest_is_that_of_what_it_shows() -> None:
    whole = plan(stakeholders=[DANA, PRIYA, TOM], milestones=[PILOT, LEGAL, ROLLOUT])
    dana, priya = (next(view for view in views(whole) if id in view.people) for id in ("dana", "priya"))
    told = facts(dana.plan)
    assert "legal" not in json.dumps(told)
    assert told["network"]["nodes"][1]["after"] == ["pilot"]
    assert told["digest"] == commitments_digest(dana.plan) != commitments_digest(whole)
    assert facts(priya.plan)["digest"] == commitments_digest(whole)


def test_days_reach_from_before_the_first_date_to_a_year_after_the_last() -> None:
    network = facts(plan(stakeholders=[DANA, TOM], milestones=[PILOT]))["network"]
    first = date.fromisoformat(network["first"])
    last = date(2027, 3, 1)
    assert len(network["buyer"]) == len(network["seller"]) > (last - first).days + 365
    # Christmas is worked on where no country is named, a Sunday is not.
    assert network["buyer"][(date(2026, 12, 25) - first).days] == "1"
    assert network["buyer"][(date(2026, 12, 27) - first).days] == "0"


def test_a_plan_of_many_years_is_told_without_its_days() -> None:
    early = {**ROLLOUT, "started": "2010-01-04"}
    network = facts(plan(stakeholders=[TOM], milestones=[early]))["network"]
    assert (network["buyer"], network["seller"]) == ("", "")


def test_replies_are_mailed_to_the_settings_address_or_to_the_sellers_first_person_with_one() -> None:
    written = plan(stakeholders=[DANA, {**TOM, "email": "tom@tessellate.example"}])
    assert facts(written)["email"] == "tom@tessellate.example"
    assert facts(written, ReplyChannel(email="deals@tessellate.example"))["email"] == "deals@tessellate.example"
    assert facts(plan())["email"] is None
