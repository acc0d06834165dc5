"""What hostile people send, over the real server and as a file: refused or kept apart, and nothing else suffers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from markupsafe import escape

from dealroom.cli.main import cli
from dealroom.plan.read import read_plan
from dealroom.room.inline import inline
from dealroom.seal.access import Person, room_id
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.keys import WorkspaceKey, write_key
from dealroom.workspace import Workspace
from tests.replies import KEY, reply_payload, reply_text, sealed_reply
from tests.unit.inbox.workspaces import TODAY, plan_text, workspace_at
from tests.unit.serve.hosted import Hosted, hosted

ROOM = room_id(KEY, "harbour")
COMMENT = {"kind": "comment", "target": "plan", "text": "Hello"}
GOOD = reply_text({**COMMENT, "text": "A good one"})
EVE = Person("eve", "Eve", "buyer")
OTHER_KEY = WorkspaceKey(bytes(32))
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) **b** `c` &lt; {{ x }}"


@dataclass(frozen=True)
class Sent:
    """A hostile text. `refused` is why the server does not take it; it takes what it cannot read. `apart` is why the
    seller's inbox keeps it apart, or does not take it in."""

    text: str
    apart: str
    refused: str | None = None
    status: int = 400


HOSTILE = {
    "more bytes than a reply can have": Sent(
        armor(SealedReply(ROOM, bytes(700_000))), "larger than a reply can be", "larger than a reply can be", 413
    ),
    "10,000 changes": Sent(reply_text(*[{}] * 10_000), "changes"),
    "not base64": Sent(
        GOOD.replace("\n\n", "\n\n!!!"), "something other than base64", "something other than base64 is in it"
    ),
    "another key": Sent(
        armor(SealedReply(ROOM, sealed_reply(reply_payload(COMMENT), key=OTHER_KEY).sealed)), "changed on its way"
    ),
    "another room": Sent(
        reply_text(COMMENT, slug="elsewhere"), "no plan here has its room", "this is a reply to another room"
    ),
    "another room inside": Sent(reply_text(COMMENT, room=room_id(KEY, "elsewhere")), "written for another room"),
    "a room that is a path": Sent(
        GOOD.replace(ROOM, "../../../etc/passwd"),
        "it does not say its format and its room",
        "it does not say its format and its room",
    ),
    "a time to come": Sent(reply_text(COMMENT, sent="2031-01-01T00:00:00Z"), "still to come"),
    "a person who does not exist": Sent(
        armor(sealed_reply(reply_payload(COMMENT, person=Person("eve", "Eve", "buyer")))),
        "not made with a key of theirs",
    ),
    "an id that is a path": Sent(reply_text(COMMENT, id="../../../../etc/passwd0000000000"), "string should match"),
    "a target that is a path": Sent(reply_text({**COMMENT, "target": "milestone:../x"}), "string should match"),
    "control characters": Sent(reply_text({**COMMENT, "text": "\x1b]0;x\x07"}), "control characters"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    workspace = seller_at(tmp_path_factory.mktemp("host"))
    with hosted(workspace.root, "--no-site", "--a-minute", "1000", "--a-minute-room", "1000") as running:
        yield running


def seller_at(folder: Path) -> Workspace:
    workspace = workspace_at(folder)
    workspace.state.mkdir(exist_ok=True)
    write_key(workspace.state / "key", KEY)
    return workspace


def call(workspace: Workspace, *arguments: str, code: int | None = 0) -> str:
    result = CliRunner().invoke(cli, ["-C", str(workspace.root), "--today", f"{TODAY}", "inbox", *arguments])
    assert code is None or result.exit_code == code, result.output
    return result.output


def inbox(workspace: Workspace) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(call(workspace, "list", "--format", "json"))
    return told


def added(workspace: Workspace, text: str) -> str:
    file = workspace.root / "reply.txt"
    file.write_text(text, encoding="utf-8")
    return call(workspace, "add", str(file), code=None)


def accept(workspace: Workspace, *options: str, code: int = 0) -> str:
    (waiting,) = inbox(workspace)
    return call(workspace, "accept", waiting["id"], *options, code=code)


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_over_the_server(server: Hosted, tmp_path: Path, sent: Sent, request: pytest.FixtureRequest) -> None:
    answer = server.post(sent.text, ROOM)
    if sent.refused:
        assert answer.status == sent.status
        assert sent.refused in answer.text
    else:
        assert answer.status == 202
    good = {**COMMENT, "text": f"After {request.node.name}"}
    assert server.post(reply_text(good), ROOM).status == 202

    seller = seller_at(tmp_path)
    before = plan_text(seller)
    call(seller, "pull", f"http://{server.name}/replies")
    told = inbox(seller)
    reasons = [str(one["quarantine"]) for one in told if one["quarantine"]]
    assert bool(sent.refused) or any(sent.apart in reason for reason in reasons)
    # The last are the first to be looked at: what the tests before have sent is there too.
    texts = (call(seller, "show", str(one["id"])) for one in reversed(told) if not one["quarantine"])
    assert any(good["text"] in text for text in texts)
    assert plan_text(seller) == before


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_as_a_saved_file(tmp_path: Path, sent: Sent) -> None:
    seller = seller_at(tmp_path)
    before = plan_text(seller)
    said = added(seller, sent.text)
    reasons = [str(one["quarantine"]) for one in inbox(seller)]
    assert any(sent.apart in text for text in (said, *reasons))
    assert "None" not in reasons

    assert "waiting" in added(seller, GOOD)
    assert [one["state"] for one in inbox(seller) if not one["quarantine"]] == ["waiting"]
    assert plan_text(seller) == before


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    seller = seller_at(tmp_path)
    file = tmp_path / "large.txt"
    with file.open("wb") as stream:
        stream.truncate(1 << 30)
    assert "it has more than 25 MB, and no reply is that large" in call(seller, "add", str(file), code=1)
    assert "waiting" in added(seller, GOOD)


MARKED = (
    {"kind": "comment", "target": "milestone:review", "text": MARKUP},
    {"kind": "question", "target": "person:tom", "text": MARKUP},
    {"kind": "blocked", "target": "milestone:review", "by": MARKUP},
    {"kind": "step", "target": "milestone:kick-off", "title": MARKUP},
    {"kind": "current", "target": "criterion:error-rate", "value": MARKUP, "was": "3.8 %"},
    {"kind": "date", "target": "step:kick-off/invite", "date": "2026-12-01", "reason": MARKUP},
    {"kind": "person", "target": "plan", "person": {"id": "eve", "name": MARKUP, "title": MARKUP}},
)


def test_markup_in_every_text_is_shown_as_it_was_typed(server: Hosted, tmp_path: Path) -> None:
    text = reply_text(*MARKED, note=MARKUP)
    assert server.post(text, ROOM).status == 202
    seller = seller_at(tmp_path)
    added(seller, text)
    accept(seller, "--words", MARKUP)

    plan = read_plan(seller.plans / "harbour", seller.root).plan
    assert plan is not None
    kick_off, review = plan.milestones[:2]
    eve = plan.stakeholder("eve")
    assert review.blocked is not None
    assert eve is not None
    shown = [review.blocked.by, kick_off.steps[-1].title, plan.success_criteria[0].current, eve.name, eve.title]
    assert [inline(text) for text in shown if text] == [escape(MARKUP)] * 5


UNKNOWN = (
    {"kind": "done", "target": "milestone:gone", "date": "2026-11-20"},
    {"kind": "done", "target": "step:review/gone", "date": "2026-11-20"},
    {"kind": "date", "target": "milestone:gone", "date": "2026-12-01"},
    {"kind": "current", "target": "criterion:gone", "value": "1 %"},
    {"kind": "step", "target": "milestone:gone", "title": "A step"},
    {"kind": "owner", "target": "milestone:review", "person": "gone", "was": "priya"},
)


def test_ids_that_do_not_exist_are_told_and_change_nothing(server: Hosted, tmp_path: Path) -> None:
    text = reply_text(*UNKNOWN)
    assert server.post(text, ROOM).status == 202
    seller = seller_at(tmp_path)
    before = plan_text(seller)
    added(seller, text)
    (waiting,) = inbox(seller)
    shown = call(seller, "show", str(waiting["id"]))
    assert shown.count("is not in the plan any more") == 5
    assert "nobody of the plan has the id `gone`" in shown
    accept(seller, code=1)
    assert plan_text(seller) == before
