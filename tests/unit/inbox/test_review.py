"""Going through replies on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dealroom.cli.inbox_review import go_through
from dealroom.inbox.decide import Wish
from dealroom.inbox.received import Received, open_inbox, waiting
from dealroom.plan.answers import answers_for
from dealroom.plan.history import read_history
from dealroom.workspace import Workspace
from tests.replies import KEY
from tests.unit.inbox.workspaces import PLAN, TODAY, dana_says, plan_text, workspace_at

CHANGES = (
    {"kind": "done", "target": "milestone:kick-off", "date": "2026-11-19"},
    {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-08"},
    {"kind": "step", "target": "milestone:kick-off", "title": "Order lunch"},
    {"kind": "question", "target": "plan", "text": "Why?"},
    {"kind": "done", "target": "milestone:gone", "date": "2026-11-19"},
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def reviewed(workspace: Workspace, keys: str, *, color: bool = False) -> str:
    """What the terminal shows while these lines are typed."""
    replies: tuple[Received, ...] = tuple(waiting(open_inbox(workspace, KEY, TODAY)))
    runner = CliRunner()
    with runner.isolation(input=keys, color=color) as (output, *_):
        go_through(workspace, replies, Wish(TODAY, "Tom"))
        return output.getvalue().decode()


def verdicts(workspace: Workspace) -> dict[int, tuple[str, str | None, str | None]]:
    told = answers_for(read_history(workspace.plans / "harbour", workspace.root).answered, "dana")
    return {one.answer.change: (one.answer.answer, one.answer.words, one.answer.now) for one in told}


def test_each_change_is_accepted_edited_declined_or_skipped(workspace: Workspace) -> None:
    dana_says(workspace, *CHANGES)
    keys = ["a", "", "e", "2027-01-18", "Not on the 20th", "d", "We have no budget for it", "s", "d", "It is gone"]

    shown = reviewed(workspace, "\n".join([*keys, ""]))

    assert verdicts(workspace) == {
        1: ("accepted", None, None),
        2: ("changed", "Not on the 20th", "2027-01-18"),
        3: ("declined", "We have no budget for it", None),
        5: ("declined", "It is gone", None),
    }
    assert "4 answered; `dealroom publish` brings the answers to the rooms" in shown
    assert "moves go-live 2 working days later (1 Mar 2027 → 3 Mar 2027)" in shown
    assert "[a]ccept, [e]dit, [d]ecline, [s]kip, [q]uit" in shown
    assert "    due: 2027-01-18\n" in plan_text(workspace)
    (left,) = waiting(open_inbox(workspace, KEY, TODAY))
    assert left.open_changes == (4,)


def test_a_conflict_is_asked_about_once_more(workspace: Workspace) -> None:
    dana_says(workspace, CHANGES[1])

    assert "Take it all the same?" in reviewed(workspace, "a\n\nn\n")
    assert plan_text(workspace) == PLAN
    reviewed(workspace, "a\n\ny\n")
    assert "    due: 2027-01-20\n" in plan_text(workspace)


def test_a_mistake_is_told_and_asked_again(workspace: Workspace) -> None:
    dana_says(workspace, CHANGES[1])

    shown = reviewed(workspace, "e\nsoon\ne\n2027-01-19\n\n")

    assert "`soon` does not fit here" in shown
    assert "write a date like 2027-03-01" in shown
    assert "    due: 2027-01-19\n" in plan_text(workspace)


def test_a_question_wants_an_answer(workspace: Workspace) -> None:
    dana_says(workspace, CHANGES[3])

    shown = reviewed(workspace, "a\n\na\nBecause of the audit\n")

    assert "[a]nswer, [d]ecline, [s]kip, [q]uit" in shown
    assert verdicts(workspace) == {1: ("accepted", "Because of the audit", None)}


def test_nothing_typed_goes_back_and_anything_else_is_explained(workspace: Workspace) -> None:
    dana_says(workspace, CHANGES[0])

    shown = reviewed(workspace, "d\n\ne\n\n?\nADD\nAccept\n\n")

    assert shown.count("take another date, person or text instead") == 2
    assert verdicts(workspace) == {1: ("accepted", None, None)}


def test_stopping_keeps_what_was_answered(workspace: Workspace) -> None:
    dana_says(workspace, *CHANGES)

    assert "1 answered" in reviewed(workspace, "a\n\nq\n")
    assert verdicts(workspace) == {1: ("accepted", None, None)}


def test_the_diff_has_colours(workspace: Workspace) -> None:
    dana_says(workspace, CHANGES[1])

    shown = reviewed(workspace, "s\n", color=True)

    assert "\x1b[31m-    due: 2027-01-15\x1b[0m" in shown
    assert "\x1b[32m+    due: 2027-01-20\x1b[0m" in shown


def test_nothing_waits(workspace: Workspace) -> None:
    assert reviewed(workspace, "") == "nothing waits in the inbox\n"
