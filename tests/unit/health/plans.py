"""A small plan to change a little, as the reader would hand it on."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from dealroom.company import Company
from dealroom.health.facts import Facts
from dealroom.health.report import facts_of
from dealroom.plan.model import Plan
from dealroom.workspace import Settings

# A Monday.
TODAY = date(2026, 11, 23)
SETTINGS = Settings(seller=Company(name="Tessellate"))

_PLAN: dict[str, Any] = {
    "title": "Order platform rollout",
    "buyer": {"name": "Harbour Foods"},
    "go_live": {"date": "2027-03-01", "why": "Peak-season order freeze starts on 15 March"},
    "stakeholders": [
        {"id": "dana", "name": "Dana Whitfield", "side": "buyer"},
        {"id": "tom", "name": "Tom Okafor", "side": "seller"},
    ],
    "success_criteria": [
        {"id": "error-rate", "statement": "Order error rate", "target": "1.5 %", "owner": "dana", "proven_by": "launch"}
    ],
    "milestones": [
        {"id": "pilot", "title": "Pilot finished", "owners": {"buyer": "dana"}, "due": "2026-12-04"},
        {"id": "signature", "title": "Contract signed", "owners": {"seller": "tom"}, "due": "2027-01-12"},
        {"id": "launch", "title": "Launch", "owners": {"buyer": "dana", "seller": "tom"}, "takes": "3w"},
    ],
    "agreements": [{"by": "dana", "on": "2026-11-20", "of": "0" * 12}],
}


def plan(**changes: Any) -> Plan:
    """The plan with other values at its top."""
    return Plan.model_validate({**deepcopy(_PLAN), **changes})


def plan_with(id: str, **changes: Any) -> Plan:
    """The plan with other values in one milestone."""
    milestones = [{**each, **changes} if each["id"] == id else each for each in _PLAN["milestones"]]
    return plan(milestones=milestones)


def facts(of: Plan, today: date = TODAY, settings: Settings = SETTINGS) -> Facts:
    """What the rules see of it."""
    return facts_of(of, settings, today)
