"""What a review's agenda has: all that both sides should look at, and for its guests only what all of them may see."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dealroom.cli.main import cli
from dealroom.exchange.agenda import FORTNIGHT, Agenda, Asked, Course, Span, compose_agenda, span_of, visible_to
from dealroom.exchange.agenda_text import as_markdown
from dealroom.plan.history import recorded
from dealroom.plan.model import Plan
from dealroom.room.locale import load_locale, shipped
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from dealroom.seal.keys import write_key
from tests.replies import KEY
from tests.unit.inbox.workspaces import TODAY, dana_says, plan_text, workspace_at

SPAN = Span(date(2026, 11, 9), TODAY, date(2026, 12, 7))


def plan(**changed: Any) -> Plan:
    review = {"id": "review", "title": "Security review", "owners": {"buyer": "priya", "seller": "tom"}}
    price = {"id": "price", "title": "Price agreed", "owners": {"buyer": "priya"}, "after": [], "audience": ["priya"]}
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour"},
            "go_live": {"date": "2027-03-01"},
            "stakeholders": [
                {"id": "dana", "name": "Dana Whitfield", "side": "buyer"},
                {"id": "priya", "name": "Priya Nair", "side": "buyer"},
                {"id": "tom", "name": "Tom Okafor", "side": "seller"},
            ],
            "milestones": [review | {"due": "2026-12-01"} | changed, price | {"due": "2026-12-01"}],
        }
    )


def agenda(now: Plan, *, then: Plan | None = None, there: tuple[str, ...] = (), lang: str = "en-GB") -> Agenda:
    calendars = calendars_for(now)
    seen = visible_to(now, [person for person in now.stakeholders if person.id in there])
    before = recorded(then) if then else {}
    course = Course(now, plan_dates(now, calendars), calendars, load_locale(lang))
    return compose_agenda(course, seen, before, SPAN, Asked())


def under(found: Agenda, heading: str) -> list[str]:
    return [line for section in found.sections if section.heading.startswith(heading) for line in section.lines]


def test_a_task_of_both_sides_is_there_once_with_both_names() -> None:
    assert under(agenda(plan()), "Due by") == [
        "Security review: Priya Nair, Tom Okafor, due 1 Dec",
        "Price agreed: Priya Nair, due 1 Dec",
    ]


def test_what_moved_is_told_in_words() -> None:
    found = agenda(plan(due="2026-12-03"), then=plan())
    assert under(found, "Moved") == [
        "Security review: moved from 1 December 2026 to 3 December 2026 (2 working days later)"
    ]


def test_what_one_of_them_may_not_see_leaves_no_trace() -> None:
    now = plan()
    price = now.milestones[1].model_copy(update={"due": date(2026, 12, 2)})
    moved = now.model_copy(update={"milestones": (now.milestones[0], price)})
    assert "Price" in as_markdown(agenda(moved, then=now, there=("priya", "tom")))
    found = agenda(moved, then=now, there=("dana", "tom"))
    assert "Price" not in as_markdown(found)
    assert found.left_out == 1


@pytest.mark.parametrize(
    ("blocked", "said"),
    [
        ({"by": "The DPA", "owner": "priya", "since": "2026-11-22"}, "The DPA, for 1 day; Priya Nair can clear this"),
        ({"by": "The DPA"}, "The DPA; nobody is named to clear it"),
    ],
)
def test_what_is_blocked_says_by_what_and_who_can_clear_it(blocked: dict[str, str], said: str) -> None:
    assert under(agenda(plan(blocked=blocked)), "Blocked") == [f"Security review: {said}"]


def test_what_is_done_is_no_question_and_not_due() -> None:
    found = agenda(plan(done="2026-11-20", owners={}))
    assert under(found, "Done") == ["Security review: nobody, 20 Nov"]
    assert under(found, "Open questions") == []


def test_it_speaks_the_language_of_the_plan() -> None:
    blocked = {"by": "Der AVV", "owner": "priya", "since": "2026-11-20"}
    found = agenda(plan(due="2026-12-03", blocked=blocked), then=plan(), lang="de")
    assert found.standing == "Noch 98 Tage bis zum Go-live am 1. März 2027."
    assert {section.heading: section.lines for section in found.sections if section.lines} == {
        "Verschoben seit dem 9. November 2026": (
            "Security review: verschoben vom 1. Dezember 2026 auf den 3. Dezember 2026 (2 Arbeitstage später)",
        ),
        "Blockiert": ("Security review: Der AVV, seit 3 Tagen; Priya Nair kann das lösen",),
        "Fällig bis 7. Dezember 2026": (
            "Price agreed: Priya Nair, fällig am 1. Dez.",
            "Security review: Priya Nair, Tom Okafor, fällig am 3. Dez.",
        ),
    }


@pytest.mark.parametrize("lang", [tag for tag in shipped() if not tag.startswith("en")])
def test_nothing_of_it_is_english_in_another_language(lang: str) -> None:
    there = plan(due="2026-12-03", blocked={"by": "x"}, owners={})
    english, other = (agenda(there, then=plan(), lang=each) for each in ("en", lang))
    for one, another in zip(english.sections, other.sections, strict=True):
        assert one.heading != another.heading
        assert one.nothing != another.nothing
        assert not set(one.lines) & set(another.lines)
    assert english.standing != other.standing


@pytest.mark.parametrize(
    ("reviews", "since", "until"),
    [
        ([], TODAY - FORTNIGHT, TODAY + FORTNIGHT),
        ([{"on": "2026-11-20", "next": "2026-11-27"}], date(2026, 11, 20), date(2026, 11, 27)),
        ([{"on": "2026-11-13", "next": "2026-11-20"}], date(2026, 11, 13), TODAY + FORTNIGHT),
        ([{"on": "2026-11-20"}, {"on": "2026-11-06"}], date(2026, 11, 20), TODAY + FORTNIGHT),
    ],
)
def test_it_looks_back_to_the_last_review_and_ahead_to_the_next(reviews: Any, since: date, until: date) -> None:
    now = Plan.model_validate({**plan().model_dump(by_alias=True), "reviews": reviews})
    assert span_of(now, TODAY) == Span(since, TODAY, until)


def review(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["-C", str(folder), "--today", f"{TODAY}", "review", "harbour", *arguments])
    assert result.exit_code == 0
    return result.output


def test_replies_and_questions_wait_in_the_agenda(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    workspace.state.mkdir(exist_ok=True)
    write_key(workspace.state / "key", KEY)
    received = dana_says(
        workspace,
        {"kind": "date", "target": "milestone:review", "date": "2027-01-20", "was": "2027-01-15"},
        {"kind": "question", "target": "milestone:review", "text": "Who is the auditor?"},
    )
    text = review(tmp_path)
    id = received.short_id
    assert f"Open questions\n  - Dana Whitfield: Security review: Question: Who is the auditor? ({id})" in text
    assert f"answer\n  - Dana Whitfield: Security review: New date: January 20, 2027 ({id})" in text
    # What Dana wrote is not for a meeting without her.
    assert "auditor" not in review(tmp_path, "--with", "priya,tom")
    assert "auditor" in review(tmp_path, "--with", "dana,tom")


def test_on_a_terminal_it_asks_whether_to_record(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dealroom", "-C", str(tmp_path), "--today", f"{TODAY}", "review", "harbour"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, b"y\ndana, tom\nPilot moved\n2026-11-30\n")
        assert process.wait() == 0
    os.close(ours)
    assert plan_text(workspace).endswith(
        "\nreviews:\n  - {on: 2026-11-23, with: [dana, tom], note: Pilot moved, next: 2026-11-30}\n"
    )
