"""Opening the inbox: who sent what, and what is kept apart with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealroom.errors import Problem
from dealroom.inbox.listing import sender_of
from dealroom.inbox.payload import read_payload
from dealroom.inbox.received import find_reply, open_inbox
from dealroom.inbox.store import Inbox
from dealroom.plan.digest import commitments_digest
from dealroom.plan.read import read_plan
from dealroom.seal.access import Person
from dealroom.seal.armor import SealedReply
from dealroom.seal.encoding import canonical_json
from dealroom.seal.errors import CannotOpenReply
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace
from tests.replies import DANA, KEY, reply_payload, sealed_reply
from tests.unit.inbox.workspaces import PLAN, TODAY, arrived, put, workspace_at

COMMENT = {"kind": "comment", "target": "plan", "text": "Hello"}
WHOLE = sealed_reply(reply_payload(COMMENT))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def test_a_reply_is_opened_and_proven(workspace: Workspace) -> None:
    (one,) = arrived(workspace, WHOLE)

    assert one.quarantine is None
    assert one.proof is not None
    assert one.proof.person == DANA
    assert one.proof.warning is None
    assert (one.slug, one.open_changes, one.stored.source) == ("harbour", (1,), "test")


def payload_of(**members: Any) -> SealedReply:
    return sealed_reply(reply_payload(COMMENT, **members))


QUARANTINED: dict[str, tuple[SealedReply, str]] = {
    "another's name": (
        sealed_reply(reply_payload(COMMENT), person=Person("marcus", "Marcus", "buyer")),
        "it says that it is from `dana`, and was not made with a key of theirs",
    ),
    "a name that nobody has": (
        sealed_reply(reply_payload(COMMENT, person=Person("eve", "Eve", "buyer"))),
        "it says that it is from `eve`, and was not made with a key of theirs",
    ),
    "a buyer as a seller": (
        payload_of(kind="seller"),
        "it says that it is from `dana`, and was not made with a key of theirs",
    ),
    "a room of nobody": (SealedReply("a" * 24, WHOLE.sealed), "no plan here has its room"),
    "another workspace key": (
        sealed_reply(reply_payload(COMMENT), key=WorkspaceKey(bytes(32))),
        "no plan here has its room",
    ),
    "another room inside": (payload_of(room="a" * 24), "it was written for another room"),
    "damaged": (SealedReply(WHOLE.room, WHOLE.sealed[:-1] + b"\0"), "it was changed on its way"),
    "cut off": (SealedReply(WHOLE.room, WHOLE.sealed[:50]), "it was changed on its way"),
    "empty": (SealedReply(WHOLE.room, b""), "it was changed on its way"),
    "from the future": (payload_of(sent="2031-01-01T00:00:00Z"), "sent on 2031-01-01, which is still to come"),
    "too many changes": (
        sealed_reply(reply_payload(*[{"kind": "unblocked", "target": "milestone:a"}] * 3_000)),
        "changes: tuple should have at most 200 items after validation, not 3000",
    ),
    "nothing in it": (sealed_reply(reply_payload()), "it says nothing"),
    "a later version": (payload_of(format="dealroom-reply/2"), "it is of a later version"),
    "an id that is a path": (payload_of(id="../../../../etc/passwd0000000000"), "id: string should match"),
    "a target that is a path": (
        sealed_reply(reply_payload({**COMMENT, "target": "milestone:../../x"})),
        "changes.1.comment.target: string should match",
    ),
    "an escape sequence": (
        sealed_reply(reply_payload({**COMMENT, "text": "\x1b]0;owned\x07"})),
        "changes.1.comment.text: a text has control characters",
    ),
    "a text that is too long": (
        sealed_reply(reply_payload({**COMMENT, "text": "x" * 2_001})),
        "changes.1.comment.text: string should have at most 2000 characters",
    ),
}


@pytest.mark.parametrize(("reply", "reason"), QUARANTINED.values(), ids=QUARANTINED)
def test_what_cannot_be_trusted_is_kept_apart_with_the_reason(
    workspace: Workspace, reply: SealedReply, reason: str
) -> None:
    good, bad = arrived(workspace, reply, WHOLE)

    assert reason in str(bad.quarantine)
    assert bad.open_changes == ()
    assert bad.id == bad.stored.name
    assert good.quarantine is None


def test_a_damaged_file_of_the_inbox_is_told_and_hides_nothing(workspace: Workspace) -> None:
    put(workspace, WHOLE)
    inbox = workspace.state / "inbox"
    (inbox / "0.txt").write_bytes(b"\xff\x00 not a reply")
    (inbox / ".1.txt.tmp").write_text("half a wri")

    good, bad = open_inbox(workspace, KEY, TODAY)

    assert good.quarantine is None
    assert bad.quarantine == "its file in .dealroom/inbox is damaged"


def test_a_reply_that_comes_twice_is_there_once(workspace: Workspace) -> None:
    inbox = Inbox(workspace)

    assert inbox.add(WHOLE, TODAY, "mail.eml")
    assert inbox.add(WHOLE, TODAY, "again.eml") is None
    # Sent again by another way, where it was sealed anew.
    assert len(arrived(workspace, sealed_reply(reply_payload(COMMENT)))) == 1


def test_an_id_that_was_used_does_not_hide_the_reply_that_had_it(workspace: Workspace) -> None:
    id = "f" * 32
    first = sealed_reply(reply_payload(COMMENT, id=id))
    put(workspace, first)
    Inbox(workspace).add(sealed_reply(reply_payload({**COMMENT, "text": "Other"}, id=id)), date(2026, 11, 24), "late")

    good, bad = open_inbox(workspace, KEY, TODAY)

    assert good.id == id
    assert bad.quarantine == "its id is that of another reply, ffffffff"


ACCESS: dict[str, tuple[str, int, str | None]] = {
    "revoked": ("{id: dana, revoked: 2026-11-21}", 1, "the access of Dana Whitfield was taken away on 2026-11-21"),
    "expired": ("{id: dana, expires: 2026-11-23}", 1, "the access of Dana Whitfield expired on 2026-11-23"),
    "an earlier link": (
        "{id: dana, epoch: 3}",
        2,
        "Dana Whitfield has a new link since, and this was sent with an earlier one",
    ),
    "the link of now": ("{id: dana, epoch: 3}", 3, None),
}


@pytest.mark.parametrize(("entry", "epoch", "warning"), ACCESS.values(), ids=ACCESS)
def test_replies_of_who_lost_access_are_marked(tmp_path: Path, entry: str, epoch: int, warning: str | None) -> None:
    workspace = workspace_at(tmp_path, access=f"people: [{entry}]\n")

    (one,) = arrived(workspace, sealed_reply(reply_payload(COMMENT), epoch=epoch))

    assert one.quarantine is None
    assert one.proof is not None
    assert one.proof.warning == warning


def test_a_link_of_the_future_proves_nothing(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)

    (one,) = arrived(workspace, sealed_reply(reply_payload(COMMENT), epoch=2))

    assert one.quarantine is not None


def test_the_sellers_own_reply_from_the_preview_is_taken(workspace: Workspace) -> None:
    tom = Person("tom", "Tom Okafor", "seller")

    (one,) = arrived(workspace, sealed_reply(reply_payload(COMMENT, person=tom), person=tom))

    assert one.quarantine is None


def test_a_name_counts_only_where_nobody_has_one(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path, PLAN + "access: {shared: true}\n")
    shared = Person("shared", "Harbour Foods", "shared")
    robin = sealed_reply(reply_payload(COMMENT, person=shared, name="Robin Hale", sequence=2), person=shared)

    dana, somebody = arrived(workspace, payload_of(name="Priya Nair"), robin)

    assert sender_of(dana) == "Dana Whitfield"
    assert sender_of(somebody) == "Robin Hale (so they say, with the shared passphrase)"


def test_it_is_told_when_the_commitments_have_changed_since(workspace: Workspace) -> None:
    plan = read_plan(workspace.plans / "harbour", workspace.root).plan
    assert plan is not None

    earlier, current = arrived(workspace, payload_of(sequence=1), payload_of(sequence=2, plan=commitments_digest(plan)))

    assert earlier.saw_other_commitments
    assert not current.saw_other_commitments


def test_while_a_plan_is_broken_its_replies_wait(workspace: Workspace) -> None:
    (workspace.plans / "harbour" / "plan.yml").write_text(PLAN.replace("title: Order", "titel: Order"))

    (one,) = arrived(workspace, WHOLE)

    assert "the plan has errors" in str(one.quarantine)


def test_a_reply_is_found_by_the_beginning_of_its_id(workspace: Workspace) -> None:
    first, second = (sealed_reply(reply_payload(COMMENT, id=f"{start}{'0' * 29}")) for start in ("abc", "abd"))
    replies = arrived(workspace, first, second)

    assert find_reply(replies, "ABD").id.startswith("abd")
    with pytest.raises(Problem, match="several replies begin with ab"):
        find_reply(replies, "ab")
    with pytest.raises(Problem, match="there is no reply `ff` in the inbox"):
        find_reply(replies, "ff")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.sampled_from(sorted(reply_payload(COMMENT))), JSON, st.sampled_from(["member", "change", "all"]))
def test_whatever_a_member_holds_is_read_or_refused(member: str, value: Any, where: str) -> None:
    payload: Any = reply_payload(COMMENT)
    if where == "member":
        payload = payload | {member: value}
    elif where == "change":
        payload = payload | {"changes": [{**COMMENT, "target": value}, value]}
    else:
        payload = value

    try:
        read = read_payload(canonical_json(payload).decode("utf-8", "replace").encode("utf-8", "replace"), WHOLE.room)
    except (CannotOpenReply, UnicodeEncodeError):
        return

    assert read.changes or read.note
    assert replace(WHOLE, room=read.room) == WHOLE
