"""Buyers' replies in the preview: sent to it, shown against the plan, answered with a click, by nobody else."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from dealroom.plan.history import read_history
from dealroom.publish.changes import EVERYTHING
from dealroom.seal.access import Person, room_id
from dealroom.seal.armor import armor
from dealroom.seal.encoding import b64u_encode
from dealroom.serve.hosting.replies import LARGEST_BODY
from dealroom.serve.inbox import MOST_SHOWN
from dealroom.serve.inbox_pages import LARGEST_DECISION
from tests.replies import KEY, reply_payload, reply_text, sealed_reply
from tests.unit.serve.preview_workspace import PLAN, Workspace

ROOM = room_id(KEY, "acme")
OWN = "http://127.0.0.1:8000"

DATE = {"kind": "date", "target": "milestone:pilot", "date": "2027-02-12", "was": "2027-03-01"}
DONE = {"kind": "done", "target": "milestone:pilot", "date": "2026-11-19"}
QUESTION = {"kind": "question", "target": "plan", "text": "Who trains the night shift?"}
COMMENT = {"kind": "comment", "target": "plan", "text": "The <b>auditor</b> is back"}


def reply(*changes: dict[str, Any], **members: Any) -> str:
    return reply_text(*changes, slug="acme", **members)


def send(workspace: Workspace, text: str, room: str = ROOM, **headers: str) -> Response:
    return workspace.client.post(f"/replies/{room}", content=text, headers={"Content-Type": "text/plain", **headers})


def sent(workspace: Workspace, *changes: dict[str, Any], **members: Any) -> str:
    """Send a reply, and give the id that it has in the inbox."""
    assert send(workspace, reply(*changes, **members)).status_code == 202
    payload = reply_payload(*changes, slug="acme", **members)
    return str(payload["id"])


def token(client: TestClient) -> str:
    (found,) = re.findall(r'data-token="([\w-]{43})"', client.get("/").text)
    return str(found)


def answer(workspace: Workspace, path: str, **decision: Any) -> Response:
    """What a click on the page sends."""
    headers = {"Origin": OWN, "X-Dealroom-Token": token(workspace.client)}
    return workspace.client.post(f"/-/inbox/{path}", json=decision, headers=headers)


def plan_of(workspace: Workspace) -> str:
    return (workspace.root / "plans" / "acme" / "plan.yml").read_text()


def answers(workspace: Workspace) -> list[tuple[int, str, str | None]]:
    """What the history says to the replies: the change, the answer, the words."""
    lines = read_history(workspace.root / "plans" / "acme", workspace.root).answered
    return [(one.change, one.answer, one.words) for line in lines for one in line.answers]


def inbox(workspace: Workspace) -> str:
    return workspace.client.get("/-/inbox").text


def test_a_room_in_the_preview_sends_its_replies_to_the_preview(workspace: Workspace) -> None:
    (workspace.root / "dealroom.yml").write_text(
        "seller: {name: Tessellate}\nreplies: {endpoint: https://replies.tessellate.example}\n"
    )
    workspace.follower.follow(EVERYTHING)

    page = html.unescape(workspace.client.get(workspace.address("acme")).text)

    # What the room may reach is its own host alone: trying it out sends nothing to where buyers' replies go.
    assert "connect-src 'self';" in page
    assert "replies.tessellate.example" not in page


def test_a_reply_is_stored_and_shown_with_what_it_does(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    page = workspace.client.get("/").text

    assert "1 reply waits" in page
    assert f'data-reply="{id}"' in page
    assert "Pilot: 12 Feb 2027 instead of 1 Mar 2027" in page
    assert re.search(r"slack \d+ → −?\d+", page)
    assert re.search(r'is-added">\+.*due: 2027-02-12', page)
    (stored,) = (workspace.root / ".dealroom" / "inbox").glob("*.txt")
    assert "From: the preview" in stored.read_text()


def test_a_reply_that_comes_twice_is_there_once(workspace: Workspace) -> None:
    text = reply(DATE)

    assert send(workspace, text).status_code == 202
    assert send(workspace, text).status_code == 202

    assert inbox(workspace).count("data-reply=") == 1


def test_open_pages_hear_of_a_reply(workspace: Workspace, heard: list[tuple[str, str, object]]) -> None:
    sent(workspace, DATE)

    assert heard == [("list", "rooms", {"slugs": [], "version": workspace.follower.version})]


def test_nothing_is_told_when_nothing_changed(workspace: Workspace, heard: list[tuple[str, str, object]]) -> None:
    sent(workspace, DATE)
    heard.clear()

    workspace.inbox.refresh()

    assert heard == []


def test_what_a_buyer_wrote_is_shown_as_text(workspace: Workspace) -> None:
    sent(workspace, COMMENT)

    assert "The &lt;b&gt;auditor&lt;/b&gt; is back" in inbox(workspace)


@pytest.mark.parametrize(
    ("room", "text", "status", "why"),
    [
        ("nothing", "", 404, "no room of this name"),
        ("..%2f..%2fkey", "", 405, ""),
        (ROOM, "", 400, "not the text of a reply"),
        (ROOM, "hello", 400, "not the text of a reply"),
        (ROOM, reply(DATE).replace("Room", "Raum"), 400, ""),
        (ROOM, reply(DATE) + reply(DONE), 400, "one reply at a time"),
        (ROOM, reply_text(DATE, slug="blue"), 400, "another room"),
        (ROOM, "x" * (LARGEST_BODY + 1), 413, "larger than a reply"),
    ],
)
def test_what_is_no_reply_is_refused(workspace: Workspace, room: str, text: str, status: int, why: str) -> None:
    refused = send(workspace, text, room)

    assert refused.status_code == status
    assert why in refused.text
    assert not (workspace.root / ".dealroom" / "inbox").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": OWN},
    ],
)
def test_a_page_of_another_site_sends_nothing(workspace: Workspace, headers: dict[str, str]) -> None:
    id = sent(workspace, DATE)
    own = {"X-Dealroom-Token": token(workspace.client)}

    replied = send(workspace, reply(DONE), **headers)
    accepted = workspace.client.post(f"/-/inbox/{id}/accept", json={}, headers={**own, **headers})

    assert (replied.status_code, accepted.status_code) == (403, 403)
    assert inbox(workspace).count("data-reply=") == 1
    assert plan_of(workspace) == PLAN


@pytest.mark.parametrize("verb", ["accept", "decline", "discard"])
@pytest.mark.parametrize("written", ["", "x" * 43])
def test_without_the_token_of_the_page_nothing_is_answered(workspace: Workspace, verb: str, written: str) -> None:
    id = sent(workspace, DATE)

    refused = workspace.client.post(
        f"/-/inbox/{id}/{verb}", json={"words": "No"}, headers={"Origin": OWN, "X-Dealroom-Token": written}
    )

    assert refused.status_code == 403
    assert plan_of(workspace) == PLAN
    assert answers(workspace) == []


def test_another_computer_sees_rooms_and_no_inbox(workspace: Workspace) -> None:
    id = sent(workspace, DATE)
    own = token(workspace.client)
    other = workspace.browser("192.168.1.77")

    page = other.get("/")

    assert page.status_code == 200
    assert "Order platform rollout" in page.text
    assert own not in page.text
    assert id not in page.text
    assert other.get("/-/inbox").status_code == 404
    assert other.post(f"/replies/{ROOM}", content=reply(DONE)).status_code == 403
    accepted = other.post(f"/-/inbox/{id}/accept", json={}, headers={"Origin": OWN, "X-Dealroom-Token": own})
    assert accepted.status_code == 403
    assert plan_of(workspace) == PLAN


def test_a_decision_for_another_host_is_refused(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    refused = workspace.client.post(f"/-/inbox/{id}/accept", json={}, headers={"Host": "evil.example"})

    assert refused.status_code == 421


def test_accepting_changes_the_plan_and_records_the_answer(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    told = answer(workspace, f"{id}/accept", changes=[1])

    assert told.status_code == 200
    assert "plans/acme/plan.yml" in told.json()["message"]
    assert "Dana Whitfield reads the answer once you publish" in told.json()["message"]
    # Without a date of its own it came after the kick-off, and goes on doing so.
    assert plan_of(workspace) == PLAN.replace("takes: 3w,", "takes: 3w, after: [kickoff], due: 2027-02-12,")
    assert answers(workspace) == [(1, "accepted", None)]
    assert "nothing waits" in inbox(workspace)
    assert 'is-accepted">Accepted' in inbox(workspace)


def test_another_value_is_taken_instead(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    answer(workspace, f"{id}/accept", changes=[1], value="2027-02-19", words="The 12th is taken")

    assert "due: 2027-02-19" in plan_of(workspace)
    assert answers(workspace) == [(1, "changed", "The 12th is taken")]


def test_a_value_that_does_not_fit_is_told(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    told = answer(workspace, f"{id}/accept", changes=[1], value="soon")

    assert told.status_code == 409
    assert told.json()["message"] == "“soon” does not fit here. Write a date like 2027-03-01."
    assert plan_of(workspace) == PLAN


def test_declining_records_the_words(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    told = answer(workspace, f"{id}/decline", changes=[1], words="The freeze starts on the 15th")

    assert told.status_code == 200
    assert plan_of(workspace) == PLAN
    assert answers(workspace) == [(1, "declined", "The freeze starts on the 15th")]
    assert "The freeze starts on the 15th" in inbox(workspace)


def test_declining_needs_a_reason(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    told = answer(workspace, f"{id}/decline", changes=[1])

    assert told.status_code == 409
    assert "wants to know why" in told.json()["message"]
    assert answers(workspace) == []


def test_a_question_is_answered_in_words(workspace: Workspace) -> None:
    id = sent(workspace, QUESTION)

    silent = answer(workspace, f"{id}/accept", changes=[1])
    assert silent.json()["left"]
    assert answers(workspace) == []

    answer(workspace, f"{id}/accept", changes=[1], words="Jamie does, on the 4th")
    assert answers(workspace) == [(1, "accepted", "Jamie does, on the 4th")]


def test_all_of_a_reply_is_taken_but_for_what_needs_the_seller(workspace: Workspace) -> None:
    id = sent(workspace, DATE, QUESTION, COMMENT)

    told = answer(workspace, f"{id}/accept").json()

    assert told["left"]
    assert "2 answered" in told["message"]
    assert "Change 2 still waits" in told["message"]
    assert [change for change, _, _ in answers(workspace)] == [1, 3]
    assert "1 reply waits" in inbox(workspace)


def test_the_button_for_all_says_how_many_it_takes(workspace: Workspace) -> None:
    sent(workspace, DATE, COMMENT)
    assert ">Accept all 2</button>" in inbox(workspace)
    sent(workspace, DATE, COMMENT, QUESTION, {**DONE, "target": "milestone:gone"})
    page = inbox(workspace)
    assert ">Accept 2 of 4</button>" in page
    assert page.count("what cannot be taken stay open") == 1


def test_a_conflict_shows_both_values_and_is_taken_only_anyway(workspace: Workspace) -> None:
    workspace.save("acme", PLAN.replace("takes: 3w", "due: 2027-02-05"))
    id = sent(workspace, DATE)
    assert "Dana Whitfield saw 1 Mar 2027, the plan now says 5 Feb 2027." in inbox(workspace)
    assert "Accept anyway" in inbox(workspace)

    told = answer(workspace, f"{id}/accept", changes=[1]).json()
    assert told["left"]
    assert "due: 2027-02-05" in plan_of(workspace)

    answer(workspace, f"{id}/accept", changes=[1], anyway=True)
    assert "due: 2027-02-12" in plan_of(workspace)


def test_a_plan_that_is_saved_changes_what_a_reply_would_do(
    workspace: Workspace, heard: list[tuple[str, str, object]]
) -> None:
    sent(workspace, DATE)
    workspace.save("acme", PLAN.replace("takes: 3w", "due: 2027-02-05"))
    heard.clear()

    workspace.inbox.refresh()

    assert "the plan now says 5 Feb 2027" in inbox(workspace)
    assert heard[-1][:2] == ("list", "rooms")


def test_a_broken_plan_keeps_its_replies_waiting(workspace: Workspace) -> None:
    id = sent(workspace, DATE)
    broken = PLAN.replace("go_live:", "golive:")
    workspace.save("acme", broken)
    workspace.inbox.refresh()

    told = answer(workspace, f"{id}/accept", changes=[1])

    assert told.status_code == 409
    assert plan_of(workspace) == broken
    assert "The plan has errors, so it cannot be said who sent this" in inbox(workspace)
    workspace.save("acme", PLAN)
    workspace.inbox.refresh()
    assert "1 reply waits" in inbox(workspace)


def test_what_was_answered_is_not_answered_again(workspace: Workspace) -> None:
    id = sent(workspace, DATE)
    answer(workspace, f"{id}/accept", changes=[1])

    again = answer(workspace, f"{id}/decline", changes=[1], words="No")

    assert again.status_code == 409
    assert "was accepted already" in again.json()["message"]
    assert len(answers(workspace)) == 1


def test_a_reply_of_nobody_is_in_quarantine_and_can_be_put_aside(workspace: Workspace) -> None:
    forged = sealed_reply(reply_payload(DATE, slug="acme"), slug="acme", person=Person("tom", "Tom", "buyer"))
    assert send(workspace, armor(forged)).status_code == 202
    assert "1 in quarantine" in inbox(workspace)
    assert "was not made with a key of theirs" in inbox(workspace)
    (id,) = re.findall(r'data-reply="(\w+)"', inbox(workspace))
    assert answer(workspace, f"{id}/accept").status_code == 409

    told = answer(workspace, f"{id}/discard")

    assert told.json()["message"].startswith("Put aside: it is kept in .dealroom/inbox/aside/")
    assert "in quarantine" not in inbox(workspace)
    assert plan_of(workspace) == PLAN


def test_what_can_be_trusted_is_not_put_aside(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    assert answer(workspace, f"{id}/discard").status_code == 409
    assert "1 reply waits" in inbox(workspace)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"changes": ["1"]}',
        b'{"change": 1}',
        b'{"words": 7}',
        b'{"words": "\\u0007"}',
        json.dumps({"words": "x" * LARGEST_DECISION}).encode(),
        json.dumps({"changes": list(range(300))}).encode(),
    ],
)
def test_a_decision_of_another_form_is_refused(workspace: Workspace, body: bytes) -> None:
    id = sent(workspace, DATE)
    headers = {"Origin": OWN, "X-Dealroom-Token": token(workspace.client)}

    refused = workspace.client.post(f"/-/inbox/{id}/accept", content=body, headers=headers)

    assert refused.status_code == 400
    assert plan_of(workspace) == PLAN


@pytest.mark.parametrize("id", ["0" * 32, b64u_encode(b"?"), "..%2f..%2fkey"])
def test_a_reply_that_is_not_there(workspace: Workspace, id: str) -> None:
    sent(workspace, DATE)

    assert answer(workspace, f"{id}/accept").status_code in {404, 405, 409}
    assert plan_of(workspace) == PLAN


def test_a_change_that_is_not_there(workspace: Workspace) -> None:
    id = sent(workspace, DATE)

    told = answer(workspace, f"{id}/accept", changes=[7])

    assert told.status_code == 409
    assert "has no change 7" in told.json()["message"]


def test_of_many_replies_the_first_are_shown(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealroom.serve.inbox.MOST_SHOWN", 2)
    assert MOST_SHOWN > 2
    for number in range(1, 5):
        sent(workspace, COMMENT, sequence=number)

    page = inbox(workspace)

    assert "4 replies wait" in page
    assert page.count('class="reply"') == 2
    assert "2 more wait" in page
