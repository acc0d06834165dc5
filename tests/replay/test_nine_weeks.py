"""Nine weeks of a real enterprise deal, replayed: after each week the plan knows how it stands, and tells it.

`plan.csv` is the plan as it was agreed, `history.csv` what then happened, both from the worked example of a public
sales handbook (`Framework/Plays/mutual_action_plan.md` in GitHub `medley/agentic-sales-framework`), moved into 2027.
They do not say when legal and procurement were done; both are taken to be done before the next step began.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dealroom.health.status import DealState, deal_status
from dealroom.plan.history import append_revision, changes, next_revision, read_history, recorded
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import calendars_for
from dealroom.schedule.forecast import forecast
from dealroom.schedule.forward import schedule
from dealroom.schedule.moves import in_words

HERE = Path(__file__).parent
START = date(2027, 2, 3)


@dataclass(frozen=True)
class Week:
    """What the seller writes at the end of a week, and what the plan then says.

    `holds` is the probability that go-live holds.
    """

    today: date
    written: dict[str, dict[str, str]]
    state: DealState
    projected: date
    holds: float
    told: tuple[str, ...] = ()


ON_TRACK, AT_RISK, LATE = DealState.ON_TRACK, DealState.AT_RISK, DealState.LATE

WEEKS = (
    Week(
        date(2027, 2, 10),
        {"technical-architecture-review": {"done": "2027-02-10"}},
        ON_TRACK,
        date(2027, 4, 21),
        0.82,
        ("Technical architecture review: done on 10 Feb, as planned",),
    ),
    Week(
        date(2027, 2, 17),
        {"security-questionnaire-completed": {"due": "2027-02-20"}},
        # The business case is still promised for 24 February, and takes five days.
        AT_RISK,
        date(2027, 4, 27),
        0.46,
        ("Security questionnaire completed: 17 Feb → 20 Feb (+2 working days)",),
    ),
    Week(
        date(2027, 2, 24),
        {
            "security-questionnaire-completed": {"done": "2027-02-20"},
            "business-case-presented-to-cfo": {"done": "2027-02-24"},
        },
        ON_TRACK,
        date(2027, 4, 21),
        0.88,
        (
            "Security questionnaire completed: done on 20 Feb, as planned",
            "Business case presented to CFO: done on 24 Feb, as planned",
        ),
    ),
    Week(
        date(2027, 3, 3),
        {"cfo-approves-budget": {"done": "2027-03-01"}},
        ON_TRACK,
        date(2027, 4, 20),
        0.94,
        ("CFO approves budget: done on 1 Mar, 2 working days early",),
    ),
    # Nothing that was committed to moved, but the review begins on the day on which it was to be done.
    Week(date(2027, 3, 10), {"legal-reviews-contract": {"started": "2027-03-10"}}, ON_TRACK, date(2027, 4, 27), 0.59),
    Week(
        date(2027, 3, 17),
        {
            "legal-reviews-contract": {"done": "2027-03-16"},
            "procurement-negotiates-terms": {"due": "2027-03-22", "started": "2027-03-15"},
        },
        AT_RISK,
        date(2027, 4, 23),
        0.83,
        (
            "Legal reviews contract: done on 16 Mar, 4 working days late",
            "Procurement negotiates terms: 17 Mar → 22 Mar (+3 working days)",
        ),
    ),
    Week(
        date(2027, 3, 24),
        {
            "procurement-negotiates-terms": {"done": "2027-03-22"},
            "board-approval-ceo-presents": {"due": "2027-04-07"},
        },
        # With the board on 7 April, signature and three weeks of rollout end after 30 April.
        LATE,
        date(2027, 4, 27),
        0.69,
        (
            "Procurement negotiates terms: done on 22 Mar, as planned",
            "Board approval (CEO presents): 24 Mar → 7 Apr (+10 working days)",
        ),
    ),
    Week(
        date(2027, 3, 26),
        {"board-approval-ceo-presents": {"due": "2027-03-28"}},
        AT_RISK,
        date(2027, 4, 29),
        0.46,
        ("Board approval (CEO presents): 7 Apr → 28 Mar (−8 working days)",),
    ),
    Week(
        date(2027, 3, 31),
        {"board-approval-ceo-presents": {"done": "2027-03-28"}, "contract-signature": {"done": "2027-03-30"}},
        ON_TRACK,
        date(2027, 4, 20),
        0.995,
        (
            "Board approval (CEO presents): done on 28 Mar, as planned",
            "Contract signature: done on 30 Mar, 1 working day early",
        ),
    ),
)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> str:
    """`Feb 10` in the year of the replay, as ISO."""
    return datetime.strptime(f"{text} 2027 +0000", "%b %d %Y %z").date().isoformat()


def agreed() -> dict[str, Any]:
    """The plan as both sides agreed to it, with three weeks of rollout behind the signature."""
    milestones: list[dict[str, Any]] = []
    people: dict[str, str] = {}
    for row in rows("plan.csv"):
        buyer, seller = (slug(owner) for owner in row["Owner (Customer / Vendor)"].split(" / "))
        people.setdefault(buyer, "buyer")
        owners = {"buyer": buyer}
        if people.setdefault(seller, "seller") == "seller":
            owners["seller"] = seller
        title = row["Milestone"]
        milestones.append(
            {
                "id": slug(title),
                "title": title,
                "owners": owners,
                "takes": "5d",
                "due": day(row["Due Date"]),
                "after": [milestones[-1]["id"]] if milestones else [],
            }
        )
    milestones.append({"id": "live", "title": "Live in operations", "owners": {"buyer": "vp-ops"}, "takes": "15d"})
    return {
        "title": "Two million dollars, nine stakeholders",
        "buyer": {"name": "Customer"},
        "go_live": {"date": "2027-04-30", "why": "The season starts in May"},
        "stakeholders": [{"id": id, "name": id.replace("-", " "), "side": side} for id, side in people.items()],
        "milestones": milestones,
        "agreements": [{"by": "vp-ops", "on": "2027-02-03", "of": "0123456789ab"}],
    }


def after(weeks: int) -> Plan:
    """The plan as it is written after so many weeks."""
    written = agreed()
    for week in WEEKS[:weeks]:
        for milestone in written["milestones"]:
            milestone.update(week.written.get(milestone["id"], {}))
    return Plan.model_validate(written)


@pytest.mark.parametrize("number", range(1, len(WEEKS) + 1))
def test_after_each_week(number: int) -> None:
    week, plan = WEEKS[number - 1], after(number)
    calendars = calendars_for(plan)
    found = schedule(plan, calendars, week.today)
    assert found.projected == week.projected
    assert deal_status(plan, found, week.today).state is week.state
    assert forecast(plan, calendars, week.today).p_on_time == pytest.approx(week.holds, abs=0.01)
    before = recorded(after(number - 1))
    assert in_words(changes(before, recorded(plan)), before, plan, calendars) == week.told


def test_the_history_tells_the_story(tmp_path: Path) -> None:
    days = [START, *(week.today for week in WEEKS)]
    for number, today in enumerate(days):
        revision = next_revision(read_history(tmp_path, tmp_path), after(number), today, "Account Executive")
        if revision:
            append_revision(tmp_path, revision)
    history, plan = read_history(tmp_path, tmp_path), after(len(WEEKS))
    story = [
        (revision.date, in_words(revision.changes, history.until(number), plan, calendars_for(plan)))
        for number, revision in enumerate(history.revisions)
    ]
    beginning = "The plan begins: 9 milestones, 0 success criteria, go-live on 30 Apr 2027"
    assert story == [(START, (beginning,)), *((week.today, week.told) for week in WEEKS if week.told)]


def test_every_event_of_the_example_is_replayed() -> None:
    happened = {slug(row["Milestone"]) for row in rows("history.csv")}
    assert happened == {id for week in WEEKS for id in week.written}
    assert len(rows("history.csv")) == len(WEEKS)
