"""What changed, as the readers of a view are told it."""

from __future__ import annotations

from datetime import date
from typing import Any

from dealroom.plan.history import Change, History, Revision, changes, recorded
from dealroom.plan.model import Plan
from dealroom.room.compose import Facts, compose
from dealroom.room.content import RoomContent
from dealroom.room.locale import load_locale
from dealroom.room.values import Revision as Told
from dealroom.room.views import views
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from tests.unit.room.rooms import DANA, PRIYA, SELLER, TOM, plan

REVIEW = {"id": "review", "title": "Security review", "owners": {"buyer": "priya"}, "due": "2027-02-16"}
PRICES = {"id": "prices", "title": "Prices agreed", "due": "2027-02-20", "audience": ["priya"]}


def dated(**fields: Any) -> Plan:
    return plan(stakeholders=[DANA, PRIYA, TOM], **fields)


def history(*states: Plan) -> History:
    """A history in which each of `states` was published, a day after the one before."""
    revisions: list[Revision] = []
    for number, state in enumerate(states):
        found = changes(History(tuple(revisions)).until(), recorded(state))
        revisions.append(Revision(date(2027, 1, 1 + number), f"{number}", "Tom", found))
    return History(tuple(revisions))


def room(now: Plan, past: History, reader: str = "dana") -> RoomContent:
    view = next(view for view in views(now) if reader in view.people)
    facts = Facts({}, {}, past)
    return compose(view, plan_dates(now, calendars_for(now)), (), SELLER, load_locale("en-GB"), facts)


def told(now: Plan, past: History, reader: str = "dana") -> list[list[str]]:
    """The lines of each revision as plain text, the newest first."""
    revisions = [entry for entry in room(now, past, reader).past if isinstance(entry, Told)]
    return [
        [f"{line.subject.text}: {line.text}" if line.subject else str(line.text) for line in revision.lines]
        for revision in revisions
    ]


def test_the_newest_change_comes_first_and_the_beginning_last() -> None:
    before, now = dated(milestones=[REVIEW]), dated(milestones=[{**REVIEW, "due": "2027-02-19"}])
    assert told(now, history(before, now)) == [
        ["Security review: moved from 16 February 2027 to 19 February 2027 (3 working days later)"],
        ["The plan began with 1 milestone. Go-live was set for 1 March 2027."],
    ]


def test_what_is_not_published_yet_is_told_without_a_day() -> None:
    before, now = dated(milestones=[REVIEW]), dated(milestones=[{**REVIEW, "done": "2027-02-15"}])
    newest = room(now, history(before)).past[0]
    assert isinstance(newest, Told)
    assert newest.on is None
    assert told(now, history(before))[0] == ["Security review: done on 15 February 2027"]


def test_who_cannot_see_a_milestone_is_told_nothing_of_it() -> None:
    before, now = dated(milestones=[REVIEW, PRICES]), dated(milestones=[REVIEW, {**PRICES, "due": "2027-02-22"}])
    past = history(before, now)
    assert told(now, past, "dana") == [["The plan began with 1 milestone. Go-live was set for 1 March 2027."]]
    assert told(now, past, "priya")[0] == [
        "Prices agreed: moved from 20 February 2027 to 22 February 2027 (1 working day later)"
    ]


def test_what_is_gone_or_was_called_otherwise_is_not_told() -> None:
    """Nobody knows any more who was allowed to read it."""
    secret = {"id": "secret", "title": "Replace the supplier", "due": "2027-02-01"}
    begun = dated(milestones=[secret, {**REVIEW, "title": "Replace Acme"}])
    now = dated(milestones=[REVIEW])
    assert told(now, history(begun, now))[0] == ["Security review: now called “Security review”"]
    assert "Acme" not in str(room(now, history(begun, now)))


def test_a_milestone_tells_how_its_date_came_about() -> None:
    states = [dated(milestones=[{**REVIEW, "due": day}]) for day in ("2027-02-16", "2027-02-19", "2027-02-18")]
    (phase,) = room(states[-1], history(*states)).phases
    assert [(move.on.iso if move.on else None, str(move.text)) for move in phase.milestones[0].moves] == [
        ("2027-01-01", "set for 16 February 2027"),
        ("2027-01-02", "moved from 16 February 2027 to 19 February 2027 (3 working days later)"),
        ("2027-01-03", "moved from 19 February 2027 to 18 February 2027 (1 working day earlier)"),
    ]


def test_criteria_tell_their_values_of_now() -> None:
    errors = {"id": "errors", "statement": "Order errors", "target": "2 %"}
    before, now = (
        dated(success_criteria=[errors]),
        dated(success_criteria=[{**errors, "target": "1 %", "owner": "priya"}]),
    )
    (line,) = told(now, history(before, now))[0]
    assert line == "Order errors: target now 1\u00a0%; now with Priya Nair"


def test_a_line_with_strange_values_does_no_harm() -> None:
    strange = (
        Change("milestone", "review", "due", "soon", "later"),
        Change("milestone", "review", "buyer", "x", "y"),
        Change("milestone", "review", "colour", None, "red"),
        Change("planet", "review", None, None, {}),
    )
    past = History((Revision(date(2027, 1, 1), "0", None, strange),))
    assert told(dated(milestones=[REVIEW]), past)[-1] == [
        "Security review: no longer has a date of its own; has lost an owner"
    ]


def test_a_change_keeps_its_key_when_it_is_published() -> None:
    before, now = dated(milestones=[REVIEW]), dated(milestones=[{**REVIEW, "due": "2027-02-19"}])
    keys = [
        entry.key
        for past in (history(before), history(before, now))
        if isinstance(entry := room(now, past).past[0], Told)
    ]
    assert len(keys) == 2
    assert keys[0] == keys[1]
