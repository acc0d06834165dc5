"""Who agreed, and what moved since: as far as a view may tell it."""

from __future__ import annotations

from datetime import date
from typing import Any

from dealroom.plan.digest import commitments_digest, short_digest
from dealroom.plan.history import History, Revision, changes, recorded
from dealroom.plan.model import Plan
from dealroom.room.compose import Facts, compose
from dealroom.room.content import Agreement
from dealroom.room.locale import load_locale
from dealroom.room.views import views
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from tests.unit.room.rooms import DANA, PRIYA, SELLER, TOM, plan

REVIEW = {"id": "review", "title": "Security review", "owners": {"buyer": "priya"}, "due": "2027-02-16"}
PRICES = {"id": "prices", "title": "Prices agreed", "due": "2027-02-20", "audience": ["priya"]}


def dated(*milestones: dict[str, Any], **fields: Any) -> Plan:
    return plan(stakeholders=[DANA, PRIYA, TOM], milestones=list(milestones), **fields)


def agreed(*states: Plan, by: dict[str, str]) -> tuple[Agreement, ...]:
    """The agreements to some of the published `states`, `{person: day}` in their order, as Dana reads them at last."""
    revisions: list[Revision] = []
    for number, state in enumerate(states):
        found = changes(History(tuple(revisions)).until(), recorded(state))
        revisions.append(Revision(date(2027, 1, 1 + number), commitments_digest(state), "Tom", found))
    written = [
        {"by": person, "on": day, "of": short_digest(commitments_digest(state))}
        for (day, person), state in zip(by.items(), states, strict=False)
    ]
    now = Plan.model_validate(states[-1].model_dump(by_alias=True, exclude_unset=True) | {"agreements": written})
    view = next(view for view in views(now) if "dana" in view.people)
    facts = Facts({}, {}, History(tuple(revisions)), digest=commitments_digest(now))
    return compose(view, plan_dates(now, calendars_for(now)), (), SELLER, load_locale("en-GB"), facts).agreed


def told(agreement: Agreement) -> list[str]:
    return [f"{line.subject.text if line.subject else ''}: {line.text}" for line in agreement.moved]


def test_says_what_moved_since_an_agreement() -> None:
    before, now = dated(REVIEW), dated({**REVIEW, "due": "2027-02-19"})
    (dana,) = agreed(before, now, by={"2027-01-01": "dana"})
    assert not dana.is_current
    assert told(dana) == ["Security review: moved from 16 February 2027 to 19 February 2027 (3 working days later)"]


def test_an_agreement_to_the_plan_as_it_stands_has_nothing_moved() -> None:
    (dana,) = agreed(dated(REVIEW), by={"2027-01-01": "dana"})
    assert (dana.is_current, dana.moved) == (True, ())


def test_each_person_is_told_with_what_they_agreed_to_last() -> None:
    before, now = dated(REVIEW), dated({**REVIEW, "due": "2027-02-19"})
    (dana,) = agreed(before, now, by={"2027-01-01": "dana", "2027-01-02": "dana"})
    assert (dana.is_current, dana.on.iso) == (True, "2027-01-02")


def test_work_that_is_done_changes_no_agreement() -> None:
    before, now = dated(REVIEW), dated({**REVIEW, "done": "2027-02-15"})
    (dana,) = agreed(before, now, by={"2027-01-01": "dana"})
    assert (dana.is_current, dana.moved) == (True, ())


def test_what_is_hidden_is_not_told() -> None:
    before, now = dated(REVIEW, PRICES), dated(REVIEW, {**PRICES, "due": "2027-02-22"})
    (dana,) = agreed(before, now, by={"2027-01-01": "dana"})
    assert (dana.is_current, dana.moved) == (False, ())


def test_an_agreement_to_what_was_never_published_is_told_without_what_moved() -> None:
    now = dated(REVIEW, agreements=[{"by": "dana", "on": "2027-01-01", "of": "3f9c3f9c3f9c"}])
    (view,) = views(now)
    (dana,) = compose(view, plan_dates(now, calendars_for(now)), (), SELLER, load_locale("en-GB")).agreed
    assert (dana.is_current, dana.moved) == (False, ())
