"""Edits of plan.yml leave everything else as its writer left it."""

from __future__ import annotations

import difflib
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dealroom.errors import Problem
from dealroom.plan.edit import Add, CannotEdit, Edit, Remove, Set, change_plan, changed_text, write_plan
from dealroom.yaml_source import parse

PLAN = """\
# The plan of both sides.
title: Order platform rollout
buyer: {name: Harbour Foods}   # the buyer
go_live: {date: 2027-03-01, why: "Peak season"}

stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer}
  - {id: tom, name: 'Tom Okafor', side: seller}

# What we do.
milestones:
  - id: review
    title: Security review   # with Priya
    owners: {buyer: dana, seller: tom}
    due: '2026-12-18'
    steps:
      - {id: form, title: Return the form, owner: tom}

    # Both sides have to sign.
  - id: contract
    title: >-
      Contract
      signed
    due: 2027-01-15  # committed on the call

  # The last one.
  - id: go
    title: Go-live
"""


def diff(edit: Edit, text: str = PLAN) -> list[str]:
    """The lines that an edit takes away and adds."""
    lines = difflib.unified_diff(text.split("\n"), changed_text(text, [edit]).split("\n"), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            Set(("milestones", 1, "due"), date(2027, 1, 22)),
            ["-    due: 2027-01-15  # committed on the call", "+    due: 2027-01-22  # committed on the call"],
        ),
        (
            Set(("milestones", 0, "due"), date(2027, 1, 22)),
            ["-    due: '2026-12-18'", "+    due: '2027-01-22'"],
        ),
        (Set(("milestones", 1, "done"), date(2027, 1, 8)), ["+    done: 2027-01-08"]),
        (
            Set(("milestones", 2, "blocked"), {"by": "The DPA: ours", "since": date(2027, 1, 8)}),
            ["+    blocked: {by: 'The DPA: ours', since: 2027-01-08}"],
        ),
        (
            Set(("milestones", 0, "owners", "buyer"), "priya"),
            ["-    owners: {buyer: dana, seller: tom}", "+    owners: {buyer: priya, seller: tom}"],
        ),
        (Set(("milestones", 1, "owners", "buyer"), "dana"), ["+    owners: {buyer: dana}"]),
        (
            Add(("milestones", 0, "steps"), {"id": "call", "title": "A call, with: everyone"}),
            ["+      - {id: call, title: 'A call, with: everyone'}"],
        ),
        (
            Add(("milestones", 1, "steps"), {"id": "call", "title": "A call"}),
            ["+    steps:", "+      - {id: call, title: A call}"],
        ),
        (
            Add(("stakeholders",), {"id": "priya", "name": "Priya Nair", "side": "buyer"}),
            ["+  - {id: priya, name: Priya Nair, side: buyer}"],
        ),
        (
            Add(("agreements",), {"by": "dana", "on": date(2026, 11, 20), "of": "3f9c01234567"}),
            ["+agreements:", "+  - {by: dana, on: 2026-11-20, of: 3f9c01234567}", "+"],
        ),
        (Remove(("milestones", 1, "due")), ["-    due: 2027-01-15  # committed on the call"]),
        (
            Set(("go_live", "why"), 'A "quote"'),
            ["-" + PLAN.split("\n")[3], "+" + PLAN.split("\n")[3].replace("Peak season", 'A \\"quote\\"')],
        ),
        (
            Set(("milestones", 1, "title"), "Signed"),
            ["-    title: >-", "-      Contract", "-      signed", "+    title: Signed"],
        ),
        (Set(("milestones", 2, "notes"), "One\nTwo"), ["+    notes: |-", "+      One", "+      Two"]),
        (Set(("title",), "Order platform rollout"), []),
        (Remove(("milestones", 1, "blocked")), []),
    ],
)
def test_the_diff_holds_only_the_change(edit: Edit, expected: list[str]) -> None:
    assert diff(edit) == expected


SHARED = """\
team: &team {buyer: dana, seller: tom}
milestones:
- id: a
  owners: *team
  due: &day 2027-01-15
- &base
  id: b
  <<: {phase: Validate}
  owners: *team
  due: *day
"""


def test_what_an_alias_stands_for_is_written_out_where_it_changes() -> None:
    assert diff(Set(("milestones", 0, "owners", "buyer"), "priya"), SHARED) == [
        "-  owners: *team",
        "+  owners: {buyer: priya, seller: tom}",
    ]


def test_an_anchor_moves_to_the_value_that_stays() -> None:
    assert diff(Set(("milestones", 0, "due"), date(2027, 2, 1)), SHARED) == [
        "-  due: &day 2027-01-15",
        "+  due: 2027-02-01",
        "-  due: *day",
        "+  due: &day 2027-01-15",
    ]


def test_what_a_merge_key_brings_is_overridden_beside_it() -> None:
    assert diff(Set(("milestones", 1, "phase"), "Commit"), SHARED) == ["+  phase: Commit"]


def test_what_others_share_is_not_changed_under_them() -> None:
    with pytest.raises(CannotEdit, match=r"cannot change safely at `team\.buyer`"):
        changed_text(SHARED, [Set(("team", "buyer"), "priya")])


def test_line_ends_and_a_missing_last_one_stay() -> None:
    text = PLAN.replace("\n", "\r\n").rstrip()

    changed = changed_text(
        text, [Set(("milestones", 2, "done"), date(2027, 3, 1)), Set(("milestones", 2, "notes"), "a\nb")]
    )

    assert changed == text + "\r\n    done: 2027-03-01\r\n    notes: |-\r\n      a\r\n      b"


def a_plan(folder: Path, text: str = PLAN) -> Path:
    plan = folder / "plans" / "harbour" / "plan.yml"
    plan.parent.mkdir(parents=True)
    plan.write_bytes(text.encode())
    return plan


def test_an_edit_that_would_break_the_plan_is_not_written(tmp_path: Path) -> None:
    plan = a_plan(tmp_path)

    with pytest.raises(Problem, match="the plan would be broken: no stakeholder has the id `nobody`"):
        change_plan(plan.parent, tmp_path, [Set(("milestones", 0, "owners", "buyer"), "nobody")])
    assert plan.read_text() == PLAN


def test_a_plan_with_errors_is_not_edited(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, PLAN.replace("buyer: dana", "buyer: nobody"))

    with pytest.raises(Problem, match="the plan harbour has errors"):
        change_plan(plan.parent, tmp_path, [Set(("title",), "Another")])


def test_writing_keeps_the_mark_and_the_mode_and_whoever_was_faster_wins(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, "\ufeff" + PLAN)
    plan.chmod(0o640)
    first, second = (change_plan(plan.parent, tmp_path, [Set(("title",), title)]) for title in ("First", "Second"))

    write_plan(first)

    assert plan.read_bytes().startswith(b"\xef\xbb\xbf# The plan of both sides.\ntitle: First\n")
    assert plan.stat().st_mode & 0o777 == 0o640
    with pytest.raises(Problem, match="has just been changed by somebody else"):
        write_plan(second)
    assert list(plan.parent.iterdir()) == [plan]


# Random plans: random values in a random layout, with comments and blank lines wherever there may be some.

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and "\ufeff" not in text
)
WORDS = st.sampled_from(
    [
        "yes",
        "~x",
        "4.1 %",
        "a: b",
        "# no",
        "'quoted'",
        '"q"',
        "- x",
        "{a}",
        "null",
        "2027-01-15",
        "ü 🔒",
        "*a",
        "&b",
        "!c",
        "@d",
        "%e",
        "a #b",
        "x:",
        "?",
        "|",
        ">",
        "a\nb",
    ]
)
VALUES = st.one_of(WORDS, TEXTS)
KEYS = st.sampled_from(["title", "due", "notes", "owners", "done", "status"])


@dataclass
class Layout:
    """Draws how each value is written."""

    draw: st.DrawFn

    def scalar(self, text: str, *, flow: bool) -> str:
        plain = parse(f"a: [{text}]", "").data == {"a": [text]} and parse(f"a: {text}", "").data == {"a": text}
        styles = ["double"] + (["plain"] * 3 if plain else []) + (["single"] if "\n" not in text else [])
        match self.draw(st.sampled_from(styles)):
            case "plain":
                return text
            case "single":
                return "'" + text.replace("'", "''") + "'"
        del flow
        return '"' + "".join(f"\\U{ord(each):08x}" if not each.isalnum() else each for each in text) + '"'

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {self.flow(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        return self.scalar(value, flow=True)

    def noise(self, margin: int) -> list[str]:
        return self.draw(st.lists(st.sampled_from(["", " " * margin + "# note"]), max_size=2))

    def trailing(self) -> str:
        return self.draw(st.sampled_from(["", "", "  # why"]))

    def block(self, value: Any, margin: int) -> list[str]:
        """The lines of a value, `margin` spaces in."""
        lines: list[str] = []
        if isinstance(value, dict):
            for key, each in value.items():
                lines += [*self.noise(margin), *self.under(f"{' ' * margin}{key}:", each, margin)]
        else:
            for each in value:
                lines += self.noise(margin)
                if isinstance(each, dict) and each and self.draw(st.booleans()):
                    inner = [
                        line
                        for line in self.block(each, margin + 2)
                        if line.strip() and not line.strip().startswith("#")
                    ]
                    lines += [" " * margin + "- " + inner[0].lstrip(), *inner[1:]]
                else:
                    lines.append(f"{' ' * margin}- {self.flow(each)}{self.trailing()}")
        return lines

    def under(self, start: str, value: Any, margin: int) -> list[str]:
        if isinstance(value, dict | list) and value and self.draw(st.booleans()):
            indent = self.draw(st.sampled_from([0, 2, 4] if isinstance(value, list) else [2, 3]))
            return [start + self.trailing(), *self.block(value, margin + indent)]
        if isinstance(value, str) and "\n" in value and self.draw(st.booleans()):
            return [f"{start} |-", *(" " * (margin + 2) + line for line in value.split("\n"))]
        return [f"{start} {self.flow(value)}{self.trailing()}"]


PARTS = st.fixed_dictionaries({"id": st.sampled_from(["a", "b"])}, optional={
    "title": VALUES, "due": VALUES, "owners": st.dictionaries(st.sampled_from(["buyer", "seller"]), VALUES, max_size=2),
    "steps": st.lists(st.fixed_dictionaries({"id": VALUES}, optional={"done": VALUES}), max_size=2),
})  # fmt: skip
DATA = st.fixed_dictionaries(
    {"title": VALUES, "milestones": st.lists(PARTS, min_size=1, max_size=3)},
    optional={"agreements": st.lists(PARTS, max_size=2)},
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], str, Edit]:
    """Values, a text that says them, and an edit."""
    data = draw(DATA)
    layout = Layout(draw)
    lines = [*layout.block(data, 0), *layout.noise(0)]
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["\n", ""]))
    number = draw(st.integers(0, len(data["milestones"]) - 1))
    path = draw(st.sampled_from([("milestones", number), ("milestones", number, "owners"), ()]))
    edit = draw(
        st.one_of(
            st.builds(Set, KEYS.map(lambda key: (*path, key)), VALUES),
            st.builds(Remove, st.sampled_from([(*path, "title"), (*path, "due"), (*path, "buyer")])),
            st.builds(
                Add,
                st.sampled_from([("milestones",), ("agreements",), ("milestones", number, "steps")]),
                st.dictionaries(st.sampled_from(["id", "title"]), VALUES, min_size=1),
            ),
        )
    )
    return data, text, edit


def meant(data: Any, edit: Edit) -> Any:
    """What the values are to be, worked out apart."""
    copy = deepcopy(data)
    *way, last = edit.path
    holder = copy
    for part in way:
        if isinstance(holder, dict) and part not in holder:
            if isinstance(edit, Remove):
                return copy
            holder[part] = {}
        holder = holder[part]
    if isinstance(edit, Remove):
        holder.pop(last, None)
    else:
        holder[last] = edit.value if isinstance(edit, Set) else [*holder.get(last, []), edit.value]
    return copy


def old_value(data: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else data[part] if data is not None else None
    return data


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (number for number, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def taken_away(before: str, after: str) -> str:
    """What of `before` is not in `after`, which differ in one place."""
    start = alike(before, after)
    end = alike(before[start:][::-1], after[start:][::-1])
    return before[start : len(before) - end]


@settings(max_examples=120)
@given(cases())
def test_any_edit_of_any_plan_says_what_was_meant_and_touches_nothing_else(
    case: tuple[dict[str, Any], str, Edit],
) -> None:
    data, text, edit = case
    assert parse(text, "").data == data

    changed = changed_text(text, [edit])

    assert parse(changed, "").data == meant(data, edit)
    old, gone = old_value(data, edit.path), taken_away(text, changed)
    if isinstance(edit, Add):
        assert gone.strip("[] ") == ""
    elif old is None:
        assert gone == ""
    elif isinstance(old, str):
        # The lines of the value, and the line end of one that is taken away as a whole.
        assert gone.count("\n") <= old.count("\n") + 1
        assert "# note" not in gone
        assert "# why" not in gone or isinstance(edit, Remove)


@settings(max_examples=60)
@given(cases(), st.data())
def test_an_edit_among_anchors_says_what_was_meant_or_is_refused(
    case: tuple[dict[str, Any], str, Edit], data: st.DataObject
) -> None:
    _, text, edit = case
    # Any value may get an anchor, and be stood for at the end.
    spots = [match.end() for match in re.finditer(r"(?m)^ *(?:- )?[a-z]+:(?= )|(?<=^)- ", text)]
    for number, spot in enumerate(sorted(data.draw(st.sets(st.sampled_from(spots), max_size=2)), reverse=True)):
        text = f"{text[:spot]} &x{number}{text[spot:]}"
        text = f"{text.rstrip()}\nthe{number}: *x{number}\n"
    values = parse(text, "")
    assume(not values.diagnostics)

    try:
        changed = changed_text(text, [edit])
    except CannotEdit:
        return

    assert parse(changed, "").data == meant(values.data, edit)
