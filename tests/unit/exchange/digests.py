"""A workspace with one published plan, and a mail server, for tests of digests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from pathlib import Path

from dealroom.exchange.digest.gather import PersonDigest, Room, digest_for, open_room, recipients
from dealroom.exchange.digest.message import Envelope, mailbox_of
from dealroom.exchange.digest.record import Record
from dealroom.mail_settings import Mailbox
from dealroom.plan.history import append_revision, next_revision, read_history
from dealroom.plan.read import read_plan
from dealroom.workspace import Workspace, open_workspace
from tests.replies import KEY

TODAY = date(2026, 11, 23)
SENDER = Mailbox("deals@northbay.example", "Northbay")

PLAN = """\
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01, why: Peak season}

stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer, role: champion, email: dana@harbour.example}   # our champion
  - {id: priya, name: Priya Nair, side: buyer, email: priya@harbour.example}
  - {id: marcus, name: Marcus Lee, side: buyer}
  - {id: tom, name: Tom Okafor, side: seller, role: account-executive, email: tom@northbay.example}

milestones:
  - id: kick-off
    title: Kick-off
    owners: {buyer: dana, seller: tom}
    due: 2026-11-20
    steps:
      - {id: invite, title: Invite *everyone*, owner: dana, due: 2026-11-19}
      - {id: agenda, title: Send the agenda, owner: tom, due: 2026-11-18}
  - id: review
    title: Security review
    owners: {buyer: dana, seller: tom}
    takes: 4w
    due: 2027-01-15
  - id: price
    title: Price agreed
    owners: {buyer: priya}
    due: 2026-11-27
    after: []
    audience: [priya]
"""


def workspace_at(folder: Path, plan: str = PLAN, settings: str = "") -> Workspace:
    """A workspace whose plan is called harbour, with addresses that start with rooms.example."""
    harbour = folder / "plans" / "harbour"
    harbour.mkdir(parents=True, exist_ok=True)
    (folder / "dealroom.yml").write_text(f"seller: {{name: Northbay}}\nbase_url: https://rooms.example\n{settings}")
    (harbour / "plan.yml").write_text(plan, encoding="utf-8")
    return open_workspace(folder)


def published(workspace: Workspace, on: date, old: str = "", new: str = "") -> None:
    """Change the plan, and record it as published on a day."""
    folder = workspace.plans / "harbour"
    file = folder / "plan.yml"
    file.write_text(file.read_text("utf-8").replace(old, new) if old else file.read_text("utf-8"), encoding="utf-8")
    plan = read_plan(folder, workspace.root).plan
    assert plan is not None
    revision = next_revision(read_history(folder, workspace.root), plan, on, None)
    assert revision is not None
    append_revision(folder, revision)


def room_of(workspace: Workspace, today: date = TODAY) -> Room:
    """The room as it is on a day."""
    return open_room(workspace, KEY, "harbour", today)


def digests(
    room: Room, *people: str, today: date = TODAY, since: str | None = None, record: Record | None = None
) -> tuple[PersonDigest, ...]:
    """The digests of these people, or of all who open the room."""
    return tuple(
        digest_for(room, one, today, since=since, told=record.told(room, one.id) if record else None, with_link=True)
        for one in recipients(room, people)
    )


def digest(room: Room, person: str, *, today: date = TODAY, since: str | None = None) -> PersonDigest:
    """One person's digest."""
    (one,) = digests(room, person, today=today, since=since)
    return one


def envelope(room: Room, today: date = TODAY) -> Envelope:
    """From the seller's mailbox, answered to the account executive."""
    return Envelope(SENDER, mailbox_of(room), datetime.combine(today, time(9, 30), UTC))


def texts(message: EmailMessage) -> list[str]:
    """The parts of a message, decoded."""
    return [str(part.get_content()) for part in message.iter_parts()]
