"""A workspace with one plan, for tests of the inbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dealroom.inbox.received import Received, open_inbox
from dealroom.inbox.store import Inbox
from dealroom.seal.armor import SealedReply
from dealroom.workspace import Workspace, open_workspace
from tests.replies import DANA, KEY, reply_payload, sealed_reply

TODAY = date(2026, 11, 23)

PLAN = """\
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01, why: Peak season}

stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer, role: champion}
  - {id: priya, name: Priya Nair, side: buyer}
  - {id: tom, name: Tom Okafor, side: seller}

success_criteria:
  - id: error-rate
    statement: Order error rate
    current: 3.8 %   # measured in May
    target: 1.5 %

milestones:
  - id: kick-off
    title: Kick-off
    owners: {buyer: dana}
    due: 2026-11-20
    status: in-progress
    steps:
      - {id: invite, title: Invite everyone, owner: dana}
  - id: review
    title: Security **review**
    owners: {buyer: priya, seller: tom}
    takes: 4w
    due: 2027-01-15
  - id: rollout
    title: Rollout
    takes: 6w
    blocked: {by: The DPA, owner: priya, since: 2026-11-18}
    status: blocked
  - id: negotiation
    title: Negotiation
    audience: [priya]
    after: []
"""


def workspace_at(folder: Path, plan: str = PLAN, access: str = "") -> Workspace:
    """A workspace whose plan is called harbour."""
    harbour = folder / "plans" / "harbour"
    harbour.mkdir(parents=True, exist_ok=True)
    (folder / "dealroom.yml").write_text("seller: {name: Northbay}\n")
    (harbour / "plan.yml").write_text(plan)
    if access:
        (harbour / "access.yml").write_text(access)
    return open_workspace(folder)


def plan_text(workspace: Workspace) -> str:
    """The plan as it is now."""
    return (workspace.plans / "harbour" / "plan.yml").read_text()


def put(workspace: Workspace, *replies: SealedReply) -> None:
    """Store replies."""
    for reply in replies:
        Inbox(workspace).add(reply, TODAY, "test")


def arrived(workspace: Workspace, *replies: SealedReply) -> tuple[Received, ...]:
    """Store replies, and open the inbox."""
    put(workspace, *replies)
    return open_inbox(workspace, KEY, TODAY)


def dana_says(workspace: Workspace, *changes: dict[str, Any], **members: Any) -> Received:
    """A reply of Dana's in the inbox."""
    payload = reply_payload(*changes, person=DANA, **members)
    (received,) = (one for one in arrived(workspace, sealed_reply(payload)) if one.id == payload["id"])
    return received
