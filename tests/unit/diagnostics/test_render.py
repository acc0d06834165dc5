"""A finding as a person, an editor and a program see it."""

from __future__ import annotations

import json

import pytest

from dealroom.diagnostics import Diagnostic, Place, error, in_order, warning
from dealroom.diagnostics.render import render_concise, render_full, render_json
from dealroom.diagnostics.wording import listed, nearest, quoted

UNKNOWN_KEY = error(
    "unknown-key",
    "`colour` is not a key of `buyer`",
    Place("plans/harbour/plan.yml", 12, 3, 9, "  colour: red"),
    "remove it",
)
NO_FILE = warning("stray-plan", "plans/x.yml is not read", Place("plans/x.yml"))


def caret_line(text: str, column: int, end_column: int) -> tuple[str, str]:
    """The source line and the line of carets, as they are shown below each other."""
    place = Place("x.yml", 1, column, end_column, text)
    lines = render_full([error("x", "y", place)]).splitlines()
    return lines[3].removeprefix("1 | "), lines[4].removeprefix("  | ")


def test_full() -> None:
    assert (
        render_full([UNKNOWN_KEY, NO_FILE])
        == """\
error[unknown-key]: `colour` is not a key of `buyer`
  --> plans/harbour/plan.yml:12:3
   |
12 |   colour: red
   |   ^^^^^^
  hint: remove it

warning[stray-plan]: plans/x.yml is not read
 --> plans/x.yml
"""
    )


def test_concise() -> None:
    assert (
        render_concise([UNKNOWN_KEY, NO_FILE])
        == """\
plans/harbour/plan.yml:12:3: error[unknown-key] `colour` is not a key of `buyer`
plans/x.yml: warning[stray-plan] plans/x.yml is not read
"""
    )


def test_json() -> None:
    assert json.loads(render_json([UNKNOWN_KEY, NO_FILE])) == [
        {
            "code": "unknown-key",
            "severity": "error",
            "message": "`colour` is not a key of `buyer`",
            "file": "plans/harbour/plan.yml",
            "line": 12,
            "column": 3,
            "end_column": 9,
            "hint": "remove it",
        },
        {
            "code": "stray-plan",
            "severity": "warning",
            "message": "plans/x.yml is not read",
            "file": "plans/x.yml",
            "line": None,
            "column": None,
            "end_column": None,
            "hint": None,
        },
    ]


def test_nothing_found_is_an_empty_list_for_a_program_and_nothing_for_a_person() -> None:
    assert json.loads(render_json([])) == []
    assert render_full([]) == render_concise([]) == ""


def test_colour_is_added_only_when_wanted() -> None:
    assert "\x1b[" not in render_full([UNKNOWN_KEY])
    assert "\x1b[1;31merror[unknown-key]\x1b[0m" in render_full([UNKNOWN_KEY], colour=True)


def test_carets_stand_below_the_span_after_wide_characters() -> None:
    assert caret_line("名: 値段", 4, 6) == ("名: 値段", "    ^^^^")


def test_carets_stand_below_the_span_after_tabs() -> None:
    assert caret_line("a:\tb", 4, 5) == ("a:    b", "      ^")


def test_carets_stand_below_the_span_after_combining_marks() -> None:
    assert caret_line("e\u0301: x", 5, 6) == ("e\u0301: x", "   ^")


def test_a_long_line_is_cut_round_the_span() -> None:
    shown, carets = caret_line("x" * 200 + "HERE" + "y" * 200, 201, 205)
    assert len(shown) <= 102
    start = carets.index("^")
    assert shown[start : start + 4] == "HERE"
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_a_span_beyond_the_line_is_one_caret() -> None:
    assert caret_line("a:", 3, 4) == ("a:", "  ^")


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x07", "\r", "\u202e", "\u2066", "\x9b31m", "\udcff"])
def test_nothing_in_a_file_controls_the_terminal(hostile: str) -> None:
    finding = error("x", f"a {hostile} b", Place(f"{hostile}.yml", 1, 1, 2, f"title: {hostile}"), f"c {hostile}")
    for shown in (render_full([finding]), render_concise([finding])):
        assert hostile not in shown
        assert "<U+" in shown
        shown.encode("utf-8")
    assert json.loads(render_json([finding]))[0]["code"] == "x"
    render_json([finding]).encode("utf-8")


def test_findings_are_put_in_the_order_of_the_file_and_each_is_told_once() -> None:
    def at(file: str, line: int | None, column: int | None = None) -> Diagnostic:
        return error("x", "y", Place(file, line, column))

    mixed = [
        at("b.yml", 1, 1),
        at("a.yml", 10, 1),
        at("a.yml", 9, 5),
        at("a.yml", 9, 2),
        at("a.yml", None),
        at("b.yml", 1, 1),
    ]
    found = [str(each.place) for each in in_order(mixed)]
    assert found == ["a.yml", "a.yml:9:2", "a.yml:9:5", "a.yml:10:1", "b.yml:1:1"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stakeholder", "stakeholders"),
        ("goLive", "go_live"),
        ("GO-LIVE", "go_live"),
        ("mile stones", "milestones"),
        ("success", "success_criteria"),
        ("sucess_criterea", "success_criteria"),
        ("xyzzy", None),
        ("", None),
        ("s" * 500, None),
    ],
)
def test_the_name_that_was_meant(typed: str, meant: str | None) -> None:
    assert nearest(typed, ["title", "go_live", "stakeholders", "success_criteria", "milestones"]) == meant


def test_names_in_a_sentence() -> None:
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b", "c"], "or") == "`a`, `b` or `c`"
    assert listed([]) == ""
    assert quoted("`" + "x" * 99) == "`'" + "x" * 58 + "…`"
