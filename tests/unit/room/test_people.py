"""People: in their reporting lines, and the roles that nobody has yet."""

from __future__ import annotations

from dealroom.room.locale import load_locale
from dealroom.room.people import missing_roles
from tests.unit.room.rooms import DANA, TOM, content, html, plan

ENGLISH = load_locale("en")


def test_people_stand_below_those_they_report_to() -> None:
    people = [
        {**DANA, "reports_to": "ceo"},
        {"id": "sam", "name": "Sam Reed", "side": "buyer", "reports_to": "dana"},
        {"id": "kim", "name": "Kim Ito", "side": "buyer"},
        {"id": "ceo", "name": "Ines Faber", "side": "buyer"},
    ]
    team = content(plan(stakeholders=people)).buyer_people
    assert [(person.id, person.depth) for person in team] == [("kim", 0), ("ceo", 0), ("dana", 1), ("sam", 2)]
    assert "Reports to Ines Faber" in html(plan(stakeholders=people))


def test_deep_lines_stop_moving_to_the_side() -> None:
    people = [
        {"id": f"p{n}", "name": f"P {n}", "side": "buyer", "reports_to": f"p{n - 1}" if n else None} for n in range(6)
    ]
    assert [person.depth for person in content(plan(stakeholders=people)).buyer_people] == [0, 1, 2, 3, 3, 3]


def test_the_roles_that_are_missing_are_those_that_no_role_and_no_title_tells_of() -> None:
    team = [
        DANA,
        {"id": "gc", "name": "Ada Voss", "side": "buyer", "title": "General Counsel"},
        {**TOM, "role": "security"},
    ]
    assert missing_roles(plan(stakeholders=team), ENGLISH) == ("Economic buyer", "Security", "Procurement")


def test_who_is_missing_is_only_told_when_the_plan_says_so() -> None:
    assert "Not with us yet" not in html(plan(stakeholders=[DANA]))
    assert "Not with us yet" in html(plan(stakeholders=[DANA], show_missing_roles=True))
