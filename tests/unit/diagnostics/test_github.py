"""Annotations of a GitHub Actions run: the escapes are those that `actions/toolkit` undoes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dealroom.diagnostics import Diagnostic, Place, Severity, error, warning
from dealroom.diagnostics.github import render_github


def test_a_finding_is_one_command() -> None:
    place = Place("plans/acme/plan.yml", 12, 5, 9, "  - {id: pilot}")
    assert render_github([error("dangling-id", "nobody is called `dan`", place, "did you mean `dana`?")]) == (
        "::error file=plans/acme/plan.yml,line=12,col=5,endColumn=9,title=dangling-id"
        "::nobody is called `dan`%0Adid you mean `dana`?\n"
    )


def test_a_finding_about_a_whole_file_has_no_line() -> None:
    found = warning("no-agreement", "nobody has agreed to the plan", Place("plans/acme/plan.yml"))
    assert render_github([found]) == (
        "::warning file=plans/acme/plan.yml,title=no-agreement::nobody has agreed to the plan\n"
    )


def test_the_path_is_that_of_the_repository() -> None:
    found = warning("overdue", "late", Place("plans/acme/plan.yml", 1, 1))
    assert "file=deals/eu/plans/acme/plan.yml,line=1," in render_github([found], prefix="deals/eu/")


def test_what_would_end_a_property_or_the_command_is_escaped() -> None:
    found = error("c", "5 % of all: x, y\r\n::error::no", Place("plans/a,b:c%/plan.yml"))
    assert render_github([found]) == (
        "::error file=plans/a%2Cb%3Ac%25/plan.yml,title=c::5 %25 of all: x, y%0D%0A::error::no\n"
    )


@given(st.text(), st.text(min_size=1), st.none() | st.text())
def test_any_text_comes_back_as_it_was(message: str, file: str, hint: str | None) -> None:
    text = render_github([Diagnostic("code", Severity.ERROR, message, Place(file), hint)])
    match = re.fullmatch(r"::error file=(?P<file>[^:,\r\n]*),title=code::(?P<message>[^\r\n]*)\n", text)
    assert match
    assert _unescaped(match["file"]) == file
    assert _unescaped(match["message"]) == (f"{message}\n{hint}" if hint else message)


def _unescaped(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text
