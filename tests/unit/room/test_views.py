from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dealroom.plan.model import Plan
from dealroom.room.views import views
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from tests.unit.room.rooms import DANA, PRIYA, TOM, html, plan

PEOPLE = [DANA, PRIYA, TOM]


def restricted(audience: list[str] | None = None, **fields: Any) -> Plan:
    """Three milestones in a row, of which the one in the middle is for its audience alone."""
    return plan(
        stakeholders=PEOPLE,
        milestones=[
            {"id": "review", "title": "Security review"},
            {"id": "terms", "title": "Special terms agreed", "audience": audience or ["dana"]},
            {"id": "signature", "title": "Contract signature"},
        ],
        **fields,
    )


def test_everyone_shares_a_view_when_nothing_is_restricted() -> None:
    (everyone,) = views(plan(stakeholders=PEOPLE))
    assert everyone.people == ("dana", "priya", "tom")
    assert not everyone.shared


def test_a_person_outside_an_audience_has_another_view() -> None:
    inside, outside = views(restricted())
    assert inside.people == ("dana", "tom")
    assert outside.people == ("priya",)
    assert [milestone.id for milestone in outside.plan.milestones] == ["review", "signature"]


def test_an_audience_may_name_a_role() -> None:
    inside, outside = views(restricted(["role:security"]))
    assert (inside.people, outside.people) == (("dana",), ("priya", "tom"))


def test_what_waits_for_a_hidden_milestone_waits_for_what_that_waits_for() -> None:
    _, outside = views(restricted())
    assert outside.plan.predecessors() == {"review": (), "signature": ("review",)}


def test_nothing_refers_to_a_hidden_milestone() -> None:
    written = restricted(
        go_live={"date": "2027-03-01", "milestone": "terms"},
        success_criteria=[{"id": "price", "statement": "Price", "proven_by": "terms"}],
    )
    _, outside = views(written)
    assert outside.plan.go_live.milestone is None
    assert outside.plan.success_criteria[0].proven_by is None


def test_the_shared_passphrase_opens_what_everyone_may_see() -> None:
    inside, outside = views(restricted(access={"shared": True}))
    assert (inside.shared, outside.shared) == (False, True)


def test_the_shared_passphrase_has_a_view_of_its_own_when_everybody_may_see_more() -> None:
    _, nobody = views(restricted(["dana", "priya"], access={"shared": True}))
    assert (nobody.people, nobody.shared) == ((), True)


def test_a_plan_without_people_has_one_view() -> None:
    (only,) = views(plan())
    assert only.people == ()


def test_a_view_keeps_its_id_when_people_come_and_go() -> None:
    before = {view.people[0]: view.id for view in views(restricted())}
    joined = {"id": "lee", "name": "Lee", "side": "buyer"}
    after = {
        view.people[0]: view.id
        for view in views(
            restricted().model_copy(update={"stakeholders": plan(stakeholders=[*PEOPLE, joined]).stakeholders})
        )
    }
    assert before == after


def test_an_id_says_nothing() -> None:
    for view in views(restricted()):
        assert len(view.id) == 32
        assert set(view.id) <= set("0123456789abcdef")


MARKER = "zebra-crossing"


@given(
    st.sampled_from(
        [
            "plan",
            "buyer",
            "go_live",
            "stakeholder",
            "criterion",
            "milestone",
            "owners",
            "step",
            "blocked",
            "document",
            "page",
            "review",
        ]
    )
)
def test_internal_notes_are_in_no_view(level: str) -> None:
    def note(name: str) -> dict[str, Any]:
        return {"internal": {"note": MARKER}} if name == level else {}

    written = plan(
        buyer={"name": "Harbour Foods", **note("buyer")},
        go_live={"date": "2027-03-01", **note("go_live")},
        stakeholders=[{**DANA, **note("stakeholder")}],
        success_criteria=[{"id": "errors", "statement": "Errors", **note("criterion")}],
        milestones=[
            {
                "id": "review",
                "title": "Review",
                "owners": {"buyer": "dana", **note("owners")},
                "steps": [{"id": "call", "title": "Call", **note("step")}],
                "blocked": {"by": "Legal", **note("blocked")},
                **note("milestone"),
            }
        ],
        documents=[{"title": "Tour", "url": "https://tour.example", **note("document")}],
        pages=[{"file": "memo.md", **note("page")}],
        reviews=[{"on": "2026-11-20", **note("review")}],
        **note("plan"),
    )
    assert MARKER in repr(written)
    assert MARKER not in "".join(repr(view.plan) for view in views(written))


@given(st.sampled_from(["milestones", "success_criteria", "documents"]), st.booleans())
def test_what_is_hidden_leaves_no_trace_in_the_page(kind: str, by_role: bool) -> None:
    parts: dict[str, dict[str, Any]] = {
        "milestones": {"id": "m-zebra", "title": MARKER, "notes": MARKER, "owners": {"buyer": "priya"}},
        "success_criteria": {"id": "c-zebra", "statement": MARKER, "owner": "priya"},
        "documents": {"title": MARKER, "url": f"https://{MARKER}.example"},
    }
    hidden = parts[kind]
    audience = ["role:champion"] if by_role else ["dana"]
    shown = restricted()
    with_hidden = shown.model_copy(
        update={kind: (*getattr(shown, kind), *getattr(plan(**{kind: [{**hidden, "audience": audience}]}), kind))}
    )
    # The dates of both come from the whole plan, in which a hidden milestone keeps its place.
    dates = plan_dates(with_hidden, calendars_for(with_hidden))
    views_of_priya = [next(view for view in views(one) if "priya" in view.people) for one in (shown, with_hidden)]
    pages = [html(view.plan, view=view, dates=dates) for view in views_of_priya]
    assert "zebra" not in pages[1]
    assert pages[0] == pages[1]
