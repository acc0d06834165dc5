"""The history of commitments: what a line says, and that damage or a merge costs no more than the line it hits."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.plan.digest import commitments_digest
from dealroom.plan.history import (
    HISTORY_FILE,
    Change,
    append_revision,
    changes,
    next_revision,
    read_history,
    recorded,
)
from dealroom.plan.model import Plan

MONDAY = date(2027, 2, 15)
FRIDAY = date(2027, 2, 19)


def plan(**changed: Any) -> Plan:
    review = {"id": "review", "title": "Security review", "owners": {"buyer": "priya"}, "due": "2027-02-17"}
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour"},
            "go_live": {"date": "2027-03-01"},
            "stakeholders": [{"id": "priya", "name": "Priya", "side": "buyer"}],
            "milestones": [{**review, **changed}, {"id": "go-live", "title": "Go live"}],
        }
    )


def publish(folder: Path, published: Plan, on: date, by: str | None = "Tom") -> bool:
    revision = next_revision(read_history(folder, folder), published, on, by)
    if revision:
        append_revision(folder, revision)
    return revision is not None


def test_the_first_revision_records_everything(tmp_path: Path) -> None:
    assert publish(tmp_path, plan(), MONDAY)
    (revision,) = read_history(tmp_path, tmp_path).revisions
    assert revision.date == MONDAY
    assert revision.by == "Tom"
    assert revision.digest == commitments_digest(plan())
    assert [(change.kind, change.id, change.field) for change in revision.changes] == [
        ("plan", "plan", None),
        ("milestone", "review", None),
        ("milestone", "go-live", None),
    ]


def test_a_later_revision_records_only_what_moved(tmp_path: Path) -> None:
    publish(tmp_path, plan(), MONDAY)
    publish(tmp_path, plan(due="2027-02-22"), FRIDAY)
    assert read_history(tmp_path, tmp_path).revisions[1].changes == (
        Change("milestone", "review", "due", "2027-02-17", "2027-02-22"),
    )


def test_what_is_no_commitment_is_no_revision(tmp_path: Path) -> None:
    publish(tmp_path, plan(), MONDAY)
    steps = [{"id": "call", "title": "Call", "done": "2027-02-16"}]
    assert not publish(tmp_path, plan(notes="A call helped", steps=steps, internal="hush"), FRIDAY)
    assert len((tmp_path / HISTORY_FILE).read_text("utf-8").splitlines()) == 1


def test_replaying_gives_the_plan_as_it_stood(tmp_path: Path) -> None:
    moved = {"due": "2027-02-22"}
    states = [plan(), plan(**moved), plan(**moved, done="2027-02-20"), plan(**moved, status="dropped")]
    for state in states:
        publish(tmp_path, state, MONDAY)
    history = read_history(tmp_path, tmp_path)
    assert [history.until(number) for number in range(1, 5)] == [recorded(state) for state in states]


def a_line_with(**change: Any) -> bytes:
    """A line whose only change says this."""
    whole = {"kind": "milestone", "id": "review", "field": None, "was": None, "now": None, **change}
    return json.dumps({"date": "2027-02-16", "digest": "3f9c", "by": None, "changes": [whole]}).encode()


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b'{"date":"2027-02-30"}',
        b"\xff\xfe",
        b"[]",
        b'{"changes":[{}]}',
        b"null",
        b"[" * 100_000,
        a_line_with(field="done_when", now=1.5),
        a_line_with(field="buyer", now=["dana"]),
        a_line_with(now={"due": {"day": "2027-02-17"}}),
        a_line_with(was=["review"]),
    ],
    ids=lambda damage: damage[:60],
)
def test_a_damaged_line_is_named_and_costs_only_itself(tmp_path: Path, damage: bytes) -> None:
    publish(tmp_path, plan(), MONDAY)
    file = tmp_path / HISTORY_FILE
    file.write_bytes(file.read_bytes() + damage + b"\n")
    publish(tmp_path, plan(due="2027-02-22"), FRIDAY)
    history = read_history(tmp_path, tmp_path)
    assert len(history.revisions) == 2
    assert history.until() == recorded(plan(due="2027-02-22"))
    (found,) = history.diagnostics
    assert (found.code, found.place.file, found.place.line) == ("damaged-history", HISTORY_FILE, 2)


def test_a_history_elsewhere_is_neither_read_nor_written(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"secret\n")
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / HISTORY_FILE).symlink_to(elsewhere)
    (found,) = read_history(folder, tmp_path).diagnostics
    assert (found.code, found.message) == (
        "damaged-history",
        "the history cannot be read: it is not a regular file",
    )
    with pytest.raises(OSError, match="not a regular file"):
        publish(folder, plan(), MONDAY)
    assert elsewhere.read_bytes() == b"secret\n"


def test_a_torn_last_line_is_kept_apart_from_the_next(tmp_path: Path) -> None:
    publish(tmp_path, plan(), MONDAY)
    publish(tmp_path, plan(due="2027-02-22"), MONDAY)
    file = tmp_path / HISTORY_FILE
    file.write_bytes(file.read_bytes()[:-20])
    assert publish(tmp_path, plan(due="2027-02-22"), FRIDAY), "what the torn line said is recorded again"
    history = read_history(tmp_path, tmp_path)
    assert [found.place.line for found in history.diagnostics] == [2]
    assert history.until() == recorded(plan(due="2027-02-22"))


def test_lines_of_two_branches_stand_together(tmp_path: Path) -> None:
    """git's union merge keeps both sides' lines; each says what is now, so their order hardly matters."""
    publish(tmp_path, plan(), MONDAY)
    file = tmp_path / HISTORY_FILE
    common = file.read_bytes()
    publish(tmp_path, plan(due="2027-02-22"), FRIDAY)
    ours = file.read_bytes()[len(common) :]
    file.write_bytes(common)
    publish(tmp_path, plan(owners={"buyer": "priya", "seller": "tom"}), FRIDAY)
    file.write_bytes(file.read_bytes() + ours)
    merged = plan(due="2027-02-22", owners={"buyer": "priya", "seller": "tom"})
    assert read_history(tmp_path, tmp_path).until() == recorded(merged)
    assert not publish(tmp_path, merged, FRIDAY)


def test_no_file_is_no_history(tmp_path: Path) -> None:
    assert read_history(tmp_path, tmp_path).revisions == ()


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("history")
    (folder / HISTORY_FILE).write_bytes(content)
    history = read_history(folder, folder)
    assert len(history.revisions) + len(history.diagnostics) <= content.count(b"\n") + 1


def test_what_is_new_and_what_is_gone() -> None:
    without = plan().model_copy(update={"milestones": plan().milestones[1:]})
    (gone,) = changes(recorded(plan()), recorded(without))
    (new,) = changes(recorded(without), recorded(plan()))
    assert (gone.kind, gone.id, gone.now) == ("milestone", "review", None)
    assert (new.kind, new.id, new.was) == ("milestone", "review", None)
