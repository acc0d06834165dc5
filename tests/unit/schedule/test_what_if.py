"""What a slip does: suppositions as they are written, and what they move. March 2027 begins on a Monday."""

from __future__ import annotations

from datetime import date

import pytest

from dealroom.errors import UsageProblem
from dealroom.plan.model import Plan
from dealroom.schedule import calendars_for
from dealroom.schedule.what_if import Supposition, WhatIf, read_supposition, what_if

TODAY = date(2026, 11, 23)

PLAN = Plan.model_validate(
    {
        "title": "Rollout",
        "buyer": {"name": "Harbour Foods"},
        "go_live": {"date": "2027-03-01"},
        "milestones": [
            {"id": "kick-off", "title": "Kick-off", "status": "done", "done": "2026-11-20"},
            {"id": "pilot", "title": "Pilot", "status": "dropped"},
            {"id": "validate", "title": "Validate", "takes": "2d"},
            {"id": "train", "title": "Train", "after": ["validate"], "takes": "1d", "due": "2027-02-10"},
            {"id": "sign", "title": "Sign", "after": ["validate"], "takes": "3d"},
            {"id": "launch", "title": "Launch"},
        ],
    }
)


def suppose(*texts: str) -> WhatIf:
    return what_if(PLAN, calendars_for(PLAN), TODAY, [read_supposition(text) for text in texts])


def moved(question: WhatIf) -> dict[str, tuple[str, str, int]]:
    return {key: (str(move.before), str(move.after), move.days) for key, move in question.moves.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sign=+10d", Supposition("sign", shift=10)),
        ("sign=-3d", Supposition("sign", shift=-3)),
        ("sign=+2w", Supposition("sign", shift=10)),
        (" sign = 2027-03-01 ", Supposition("sign", day=date(2027, 3, 1))),
    ],
)
def test_a_supposition_is_a_shift_or_a_day(text: str, expected: Supposition) -> None:
    assert read_supposition(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sign", "`sign` is not a what-if"),
        ("sign=10d", "`sign=10d` is not a what-if"),
        ("=+3d", "`=+3d` is not a what-if"),
        ("sign=+9999d", "`sign=+9999d` is not a what-if"),
        ("sign=2027-02-30", "2027-02-30 does not exist"),
        ("sign=9999-01-01", "9999-01-01 is out of range"),
    ],
)
def test_anything_else_is_refused_with_a_hint(text: str, message: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        read_supposition(text)
    assert problem.value.message == message
    assert problem.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sgin=+3d", "there is no milestone `sgin`"),
        ("kick-off=+3d", "`kick-off` is done"),
        ("pilot=+3d", "`pilot` is dropped"),
        ("sign=2026-11-20", "`sign` is still open and cannot have finished on 2026-11-20"),
    ],
)
def test_only_what_is_open_can_move_and_not_into_the_past(text: str, message: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        suppose(text)
    assert problem.value.message == message


def test_a_slip_counts_from_the_date_in_the_plan_and_moves_what_follows() -> None:
    question = suppose("sign=+2d")
    assert moved(question) == {
        "sign": ("2027-02-26", "2027-03-02", 2),
        "launch": ("2027-03-01", "2027-03-03", 2),
    }
    assert (str(question.go_live.before), str(question.go_live.after)) == ("2027-03-01", "2027-03-03")
    assert question.after.slip_days == question.go_live.days == 2


def test_a_slip_within_the_slack_of_what_follows_stops_there() -> None:
    question = suppose("validate=+1d")
    assert moved(question) == {"validate": ("2027-02-09", "2027-02-10", 1), "train": ("2027-02-10", "2027-02-11", 1)}
    assert question.go_live.days == 0


def test_finishing_earlier_moves_no_later_date() -> None:
    assert moved(suppose("sign=-3d")) == {"sign": ("2027-02-26", "2027-02-23", -3)}


def test_nothing_open_finishes_before_today() -> None:
    assert moved(suppose("sign=-200d"))["sign"][1] == str(TODAY)


def test_suppositions_add_up_along_the_chain_in_whatever_order_they_are_given() -> None:
    assert moved(suppose("launch=+1d", "sign=+2d")) == moved(suppose("sign=+2d", "launch=+1d"))
    assert moved(suppose("launch=+1d", "sign=+2d"))["launch"] == ("2027-03-01", "2027-03-04", 3)


def test_a_day_may_be_supposed() -> None:
    assert moved(suppose("sign=2027-03-12"))["launch"] == ("2027-03-01", "2027-03-15", 10)


def test_no_change_moves_nothing() -> None:
    assert moved(suppose("sign=+0d")) == {}


def test_what_left_the_plan_does_not_move() -> None:
    left = Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour Foods"},
            "go_live": {"date": "2027-03-01"},
            "milestones": [
                {"id": "sign", "title": "Sign"},
                {"id": "pilot", "title": "Pilot", "status": "dropped"},
                {"id": "launch", "title": "Launch"},
            ],
        }
    )
    question = what_if(left, calendars_for(left), TODAY, [read_supposition("sign=+3d")])
    assert set(question.moves) == {"sign", "launch"}
