"""The chart in text: what a seller sees in a terminal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.diagnostics.render import width
from dealroom.plan.model import Plan
from dealroom.schedule import calendars_for, schedule
from dealroom.schedule.gantt import ASCII, NARROWEST, UNICODE, WIDEST, Gantt

TODAY = date(2027, 1, 18)


def chart(plan: Plan, columns: int = 90, ascii_only: bool = False, colour: bool = False) -> list[str]:
    found = schedule(plan, calendars_for(plan), TODAY)
    titles = {milestone.id: milestone.title for milestone in plan.milestones}
    return list(Gantt(plan, found, titles, columns, ASCII if ascii_only else UNICODE, colour).lines())


def plan(*written: dict[str, object]) -> Plan:
    milestones = [{"owners": {"buyer": "dana", "seller": "tom"}, **milestone} for milestone in written]
    fields = {"title": "Rollout", "buyer": {"name": "Harbour"}, "go_live": {"date": "2027-03-01"}}
    return Plan.model_validate({**fields, "milestones": milestones})


ROLLOUT = plan(
    {"id": "kick-off", "phase": "Validate", "title": "Kick-off", "due": "2027-01-08", "status": "done"},
    {"id": "security", "title": "Security review", "phase": "Validate", "takes": "2w", "started": "2026-12-14"},
    {"id": "legal", "title": "Legal review", "phase": "Sign", "takes": "3w", "owners": {"buyer": "dana"}, "after": []},
    {"id": "dpa", "title": "DPA", "phase": "Sign", "after": [], "takes": "1w", "blocked": {"by": "Counsel is away"}},
    {"id": "pilot", "title": "Pilot", "phase": "Sign", "status": "dropped", "owners": {"seller": "tom"}, "after": []},
    {"id": "sign", "title": "Contract signed", "phase": "Sign", "due": "2027-02-01", "after": ["security", "legal"]},
    {"id": "launch", "title": "Go-live", "phase": "Sign", "after": ["sign"], "takes": "2w", "owners": {}},
)


def test_a_chart_shows_phases_sides_dates_slack_and_bars() -> None:
    assert chart(ROLLOUT) == [
        "                                                  Dec      2027            Feb",
        "                                                                   ▼ today       go-live ◆",
        "Validate",
        "  ✓ Kick-off        both   8 Jan                              ─    │                     ┊",
        "  ▶ Security review both   14 Dec – 29 Jan   +9d  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒               ┊",
        "Sign",
        "* ▲ Legal review    buyer  11 Jan – 29 Jan   -5d                ██████████╍╍╍╍           ┊",
        "  ■ DPA             both   23 Feb – 1 Mar   +26d                   │                  ▒▒▒▒",
        "  × Pilot           seller 1 Mar                                   │                     ┄",
        "* ▲ Contract signed both   1 Feb             -5d                   │       █╍╍╍          ┊",
        "  ○ Go-live         -      16 Feb – 1 Mar    +5d                   │              ▒▒▒▒▒▒▒▒",
        "",
        "██ critical path   ▒▒ planned   ╍╍ later than planned   ── done   │ today   ┊ go-live",
        "* critical   ✓ done   ▶ in progress   ○ not started   ▲ late   ■ blocked   × dropped",
        "+3d is slack: the working days a milestone can slip before a later date moves",
    ]


def test_a_chart_in_ascii_says_the_same() -> None:
    lines = chart(ROLLOUT, ascii_only=True)
    assert all(line.isascii() for line in lines)
    assert (
        lines[6].rstrip()
        == "* L Legal review    buyer  11 Jan - 29 Jan   -5d                ##########~~~~           :"
    )


def test_colour_adds_nothing_but_colour() -> None:
    coloured = "\n".join(chart(ROLLOUT, colour=True))
    assert "\x1b[31m" in coloured
    for code in ("0", "1", "2", "31", "32", "33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == "\n".join(chart(ROLLOUT))


def test_a_plan_without_milestones_says_so() -> None:
    assert chart(plan()) == ["the plan has no milestones yet"]


def test_wide_characters_line_up() -> None:
    lines = chart(plan({"id": "wide", "title": "契約書に署名"}, {"id": "narrow", "title": "Go-live"}))
    first, second = (line for line in lines if "both" in line)
    assert width(first[: first.index("both")]) == width(second[: second.index("both")])


# What a plan's text may hold: no control characters, which its reader refuses.
TITLES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=80)


@given(st.integers(1, 400), TITLES, st.integers(0, 300))
def test_no_line_is_wider_than_the_terminal(columns: int, title: str, days: int) -> None:
    shown = plan(
        {"id": "long", "title": title, "phase": title, "takes": "60w", "after": []},
        {"id": "late", "title": title, "takes": f"{days + 1}d", "after": []},
    )
    for line in chart(shown, columns):
        assert width(line) <= max(NARROWEST, min(columns, WIDEST))


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_plan_of_a_day_fits(columns: int) -> None:
    lines = chart(plan({"id": "launch", "title": "Go-live"}), columns)
    assert any("Go-live" in line for line in lines)
