"""What becomes of each kind of change: the edit of the plan, the conflict, or why there is none."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dealroom.errors import Problem
from dealroom.inbox.decide import Wish, accept, decline
from dealroom.inbox.edited import edited
from dealroom.inbox.received import open_inbox
from dealroom.inbox.review import review_one
from dealroom.plan.answers import answers_for
from dealroom.plan.digest import commitments_digest
from dealroom.plan.history import HISTORY_FILE, append_revision, next_revision, read_history
from dealroom.plan.read import read_plan
from dealroom.seal.access import Person
from dealroom.workspace import Workspace
from tests.replies import KEY, reply_payload, sealed_reply
from tests.unit.inbox.workspaces import PLAN, TODAY, arrived, dana_says, plan_text, workspace_at

WISH = Wish(TODAY, "Tom Okafor")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def lines(workspace: Workspace) -> list[str]:
    """The lines of the plan that were taken away and added."""
    found = difflib.unified_diff(PLAN.splitlines(), plan_text(workspace).splitlines(), lineterm="", n=0)
    return [line for line in list(found)[2:] if not line.startswith("@@")]


ACCEPTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a milestone is done": (
        {"kind": "done", "target": "milestone:kick-off", "date": "2026-11-19"},
        ["+    done: 2026-11-19", "-    status: in-progress", "+    status: done"],
    ),
    "a blocked milestone is done": (
        {"kind": "done", "target": "milestone:rollout", "date": "2026-11-19"},
        [
            "-    blocked: {by: The DPA, owner: priya, since: 2026-11-18}",
            "-    status: blocked",
            "+    done: 2026-11-19",
            "+    status: done",
        ],
    ),
    "a step is done": (
        {"kind": "done", "target": "step:kick-off/invite", "date": "2026-11-19"},
        [
            "-      - {id: invite, title: Invite everyone, owner: dana}",
            "+      - {id: invite, title: Invite everyone, owner: dana, done: 2026-11-19}",
        ],
    ),
    "another date": (
        {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-15"},
        ["-    due: 2027-01-15", "+    due: 2027-01-20"],
    ),
    # A milestone without a date of its own waits for the one above it, and has to go on doing so.
    "a date for a computed one": (
        {"kind": "date", "target": "milestone:rollout", "date": "2027-02-26", "was": "2027-03-01"},
        ["+    after: [review]", "+    due: 2027-02-26"],
    ),
    "a date for a step": (
        {"kind": "date", "target": "step:kick-off/invite", "date": "2026-11-27", "was": None},
        [
            "-      - {id: invite, title: Invite everyone, owner: dana}",
            "+      - {id: invite, title: Invite everyone, owner: dana, due: 2026-11-27}",
        ],
    ),
    "another go-live": (
        {"kind": "date", "target": "plan", "date": "2027-03-08", "was": "2027-03-01"},
        [
            "-go_live: {date: 2027-03-01, why: Peak season}",
            "+go_live: {date: 2027-03-08, why: Peak season}",
        ],
    ),
    "blocked": (
        {"kind": "blocked", "target": "milestone:review", "by": "Nobody has time: really", "owner": "priya"},
        ["+    blocked: {by: 'Nobody has time: really', owner: priya, since: 2026-11-20}"],
    ),
    "blocked, where a status is written": (
        {"kind": "blocked", "target": "milestone:kick-off", "by": "Holidays", "since": "2026-11-18"},
        ["-    status: in-progress", "+    status: blocked", "+    blocked: {by: Holidays, since: 2026-11-18}"],
    ),
    "not blocked any more": (
        {"kind": "unblocked", "target": "milestone:rollout"},
        [
            "-    blocked: {by: The DPA, owner: priya, since: 2026-11-18}",
            "-    status: blocked",
            "+    status: not-started",
        ],
    ),
    "another owner": (
        {"kind": "owner", "target": "milestone:review", "side": "buyer", "person": "dana", "was": "priya"},
        ["-    owners: {buyer: priya, seller: tom}", "+    owners: {buyer: dana, seller: tom}"],
    ),
    "an owner where there is none": (
        {"kind": "owner", "target": "criterion:error-rate", "person": "dana", "was": None},
        ["+    owner: dana"],
    ),
    "a person": (
        {"kind": "person", "target": "plan", "person": {"id": "lena", "name": "Lena Öz", "title": "Legal *lead*"}},
        ["+  - {id: lena, name: Lena Öz, side: buyer, title: Legal \\*lead\\*}"],
    ),
    "a step": (
        {"kind": "step", "target": "milestone:kick-off", "title": "Invite everyone again", "owner": "dana"},
        ["+      - {id: invite-everyone-again, title: Invite everyone again, owner: dana}"],
    ),
    "where a criterion stands": (
        {"kind": "current", "target": "criterion:error-rate", "value": "3.1 %", "was": "3.8 %"},
        ["-    current: 3.8 %   # measured in May", "+    current: 3.1 %   # measured in May"],
    ),
    "a comment": ({"kind": "comment", "target": "document:file-0123456789", "text": "Old"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_accepted_is_in_the_plan_and_in_its_history(
    workspace: Workspace, change: dict[str, Any], expected: list[str]
) -> None:
    received = dana_says(workspace, change)

    outcome = accept(workspace, received, [1], WISH)

    assert outcome.left == {}
    assert sorted(lines(workspace)) == sorted(expected)
    assert read_plan(workspace.plans / "harbour", workspace.root).plan is not None
    (told,) = answers_for(read_history(workspace.plans / "harbour", workspace.root).answered, "dana")
    assert (told.reply, told.answer.answer, told.on) == (received.id, "accepted", TODAY)
    (again,) = open_inbox(workspace, KEY, TODAY)
    assert again.open_changes == ()


CONFLICTS: dict[str, tuple[dict[str, Any], str]] = {
    "another date was shown": (
        {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-08"},
        "Dana Whitfield saw 8 Jan 2027, the plan now says 15 Jan 2027",
    ),
    "another go-live was shown": (
        {"kind": "date", "target": "plan", "date": "2027-03-08", "was": "2027-02-01"},
        "Dana Whitfield saw 1 Feb 2027, the plan now says 1 Mar 2027",
    ),
    "another owner was shown": (
        {"kind": "owner", "target": "milestone:review", "side": "buyer", "person": "dana", "was": None},
        "Dana Whitfield saw nobody, the plan now says Priya Nair",
    ),
    "another value was shown": (
        {"kind": "current", "target": "criterion:error-rate", "value": "3.1 %", "was": "4.1 %"},
        "Dana Whitfield saw 4.1 %, the plan now says 3.8 %",
    ),
    "blocked by something else": (
        {"kind": "blocked", "target": "milestone:rollout", "by": "The budget"},
        "the plan says that it is blocked by The DPA",
    ),
    "done on a day to come": (
        {"kind": "done", "target": "milestone:kick-off", "date": "2026-12-01"},
        "it was said on 20 Nov 2026, before the day on which it was done",
    ),
    "agreed to what nobody published": (
        {"kind": "agree", "target": "plan", "digest": "a" * 64},
        "no published state of the plan has this digest: it cannot be said what was agreed to",
    ),
}


@pytest.mark.parametrize(("change", "conflict"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_conflict_is_told_with_both_values_and_taken_only_on_demand(
    workspace: Workspace, change: dict[str, Any], conflict: str
) -> None:
    received = dana_says(workspace, change)

    assert accept(workspace, received, [1], WISH).left == {1: conflict}
    assert plan_text(workspace) == PLAN
    assert read_history(workspace.plans / "harbour", workspace.root).answered == ()

    assert accept(workspace, received, [1], replace(WISH, anyway=True)).left == {}
    assert plan_text(workspace) != PLAN


OBSTACLES: dict[str, tuple[dict[str, Any], str]] = {
    "a milestone that is gone": (
        {"kind": "done", "target": "milestone:gone", "date": "2026-11-19"},
        "`milestone:gone` is not in the plan any more",
    ),
    "a step that is gone": (
        {"kind": "done", "target": "step:kick-off/gone", "date": "2026-11-19"},
        "`step:kick-off/gone` is not in the plan any more",
    ),
    "a milestone for others": (
        {"kind": "done", "target": "milestone:negotiation", "date": "2026-11-19"},
        "Dana Whitfield cannot see Negotiation in the room",
    ),
    "an owner whom nobody knows": (
        {"kind": "owner", "target": "milestone:review", "side": "buyer", "person": "eve", "was": "priya"},
        "nobody of the plan has the id `eve`",
    ),
    "an owner of the other side": (
        {"kind": "owner", "target": "milestone:review", "side": "buyer", "person": "tom", "was": "priya"},
        "Tom Okafor is of the seller's side",
    ),
    "an id that is taken": (
        {"kind": "person", "target": "plan", "person": {"id": "tom", "name": "Tom Miller", "side": "buyer"}},
        "the id `tom` is that of Tom Okafor; add the person by hand with another id",
    ),
    "what would break the plan": (
        {"kind": "done", "target": "milestone:review", "date": "2026-10-01"},
        "the plan would be broken: this was done on 2026-10-01, before it was started on 2026-11-02",
    ),
}


@pytest.mark.parametrize(("change", "obstacle"), OBSTACLES.values(), ids=OBSTACLES)
def test_what_cannot_be_taken_says_why_and_can_be_declined(
    workspace: Workspace, change: dict[str, Any], obstacle: str
) -> None:
    plan = workspace.plans / "harbour" / "plan.yml"
    text = PLAN.replace("    takes: 4w\n", "    takes: 4w\n    started: 2026-11-02\n")
    plan.write_text(text)
    received = dana_says(workspace, change)

    assert accept(workspace, received, [1], replace(WISH, anyway=True)).left == {1: obstacle}
    assert plan.read_text() == text

    decline(workspace, received, [1], replace(WISH, words="Not like this"))
    (told,) = answers_for(read_history(plan.parent, workspace.root).answered, "dana")
    assert (told.answer.answer, told.answer.words) == ("declined", "Not like this")


def test_other_changes_go_on_when_one_cannot_be_taken(workspace: Workspace) -> None:
    changes = [change for change, _ in (*ACCEPTED.values(), *OBSTACLES.values(), *CONFLICTS.values())]
    received = dana_says(workspace, *changes)

    outcome = accept(workspace, received, list(range(1, len(changes) + 1)), WISH)

    assert read_plan(workspace.plans / "harbour", workspace.root).plan is not None
    assert len(outcome.answered) + len(outcome.left) == len(changes)
    assert len(outcome.answered) > len(ACCEPTED) / 2
    (again,) = open_inbox(workspace, KEY, TODAY)
    assert again.open_changes == tuple(outcome.left)


def test_new_people_may_be_named_by_changes_before_them(workspace: Workspace) -> None:
    received = dana_says(
        workspace,
        {"kind": "owner", "target": "milestone:kick-off", "side": "buyer", "person": "lena", "was": "dana"},
        {"kind": "person", "target": "plan", "person": {"id": "lena", "name": "Lena Öz"}},
    )

    assert review_one(workspace, received, 1, TODAY).proposal.obstacle == (
        "nobody of the plan has the id `lena`: accept the new person first"
    )
    assert accept(workspace, received, [1, 2], WISH).left == {}
    assert "owners: {buyer: lena}" in plan_text(workspace)


def test_an_agreement_names_the_state_that_was_shown(workspace: Workspace) -> None:
    plan = read_plan(workspace.plans / "harbour", workspace.root).plan
    assert plan is not None
    digest = commitments_digest(plan)
    revision = next_revision(read_history(workspace.plans / "harbour", workspace.root), plan, TODAY, "Tom")
    assert revision is not None
    append_revision(workspace.plans / "harbour", revision)
    moved = {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-15"}
    agreed = {"kind": "agree", "target": "plan", "digest": digest}

    together = dana_says(workspace, moved, agreed)
    assert accept(workspace, together, [1, 2], WISH).left == {}
    assert f"  - {{by: dana, on: 2026-11-20, of: {digest[:12]}}}" in plan_text(workspace)

    later = dana_says(workspace, agreed | {"digest": digest}, sent="2026-11-21T08:00:00Z")
    assert review_one(workspace, later, 1, TODAY).proposal.is_so


def test_nobody_agrees_with_the_shared_passphrase(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path, PLAN + "access: {shared: true}\n")
    shared = Person("shared", "Harbour Foods", "shared")
    payload = reply_payload({"kind": "agree", "target": "plan", "digest": "a" * 64}, person=shared, name="Robin Hale")
    (received,) = arrived(workspace, sealed_reply(payload, person=shared))

    left = accept(workspace, received, [1], WISH).left

    assert left == {1: "whoever agrees has to be a person of the plan, with a link of their own"}


def test_the_seller_may_take_another_value(workspace: Workspace) -> None:
    received = dana_says(workspace, CONFLICTS["another date was shown"][0])
    assert received.payload is not None
    instead = edited(received.payload.changes[0], "2027-01-18")

    wish = replace(WISH, instead={1: instead}, now={1: "2027-01-18"}, words="The 20th is a holiday for us")
    accept(workspace, received, [1], wish)

    assert lines(workspace) == ["-    due: 2027-01-15", "+    due: 2027-01-18"]
    (told,) = answers_for(read_history(workspace.plans / "harbour", workspace.root).answered, "dana")
    assert (told.answer.answer, told.answer.now) == ("changed", "2027-01-18")
    assert told.answer.asked == "Security review: 20 Jan 2027 instead of 8 Jan 2027"
    with pytest.raises(Problem, match="`soon` does not fit here"):
        edited(received.payload.changes[0], "soon")


def test_a_crash_between_plan_and_history_is_made_good_by_doing_the_same_again(workspace: Workspace) -> None:
    names = ("another date", "another owner", "a person", "a step", "where a criterion stands")
    received = dana_says(workspace, *(ACCEPTED[name][0] for name in names))
    accept(workspace, received, received.open_changes, WISH)
    plan, history = plan_text(workspace), workspace.plans / "harbour" / HISTORY_FILE
    written = history.read_bytes()
    history.unlink()

    (again,) = open_inbox(workspace, KEY, TODAY)
    assert again.open_changes == received.open_changes
    accept(workspace, again, again.open_changes, WISH)

    assert plan_text(workspace) == plan
    assert history.read_bytes() == written


def test_what_was_answered_is_not_answered_again(workspace: Workspace) -> None:
    received = dana_says(workspace, ACCEPTED["a step"][0])
    accept(workspace, received, [1], WISH)
    (again,) = open_inbox(workspace, KEY, TODAY)

    with pytest.raises(Problem, match=f"change 1 of {received.short_id} was accepted already"):
        decline(workspace, again, [1], replace(WISH, words="No"))
    with pytest.raises(Problem, match="has no change 2"):
        accept(workspace, again, [2], WISH)


def test_what_a_date_does_is_said_in_words(workspace: Workspace) -> None:
    received = dana_says(
        workspace, {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-15"}
    )

    effect = review_one(workspace, received, 1, TODAY).consequences

    assert effect.words == (
        "moves go-live 2 working days later (1 Mar 2027 → 3 Mar 2027)",
        "slack 1 → −2",
        "moves 1 other milestone",
    )
    assert (effect.go_live_days, effect.slack) == (2, (1, -2))


def test_a_new_buyer_is_said_to_get_access(workspace: Workspace) -> None:
    received = dana_says(workspace, ACCEPTED["a person"][0])

    assert review_one(workspace, received, 1, TODAY).consequences.words == (
        "Lena Öz gets a link to the room, and may read what everyone may read",
    )
