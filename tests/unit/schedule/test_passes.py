"""The two passes by example. March 2027 begins on a Monday, so go-live on the 1st follows a weekend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from dealroom.plan.model import Milestone, Plan
from dealroom.schedule import MilestoneDates, Schedule, ScheduledMilestone, calendars_for, plan_dates, schedule
from dealroom.schedule.calendar import EARLIEST, LATEST

GO_LIVE = "2027-03-01"
LIVE = {"date": GO_LIVE, "milestone": "launch"}


def plan(*milestones: Mapping[str, object], go_live: object = None, **fields: object) -> Plan:
    titled = [{"title": "A milestone", **milestone} for milestone in milestones]
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour Foods"},
            "go_live": go_live or {"date": GO_LIVE},
            "milestones": titled,
            **fields,
        }
    )


def planned(*milestones: Mapping[str, object], go_live: object = None, **fields: object) -> dict[str, MilestoneDates]:
    wanted = plan(*milestones, go_live=go_live, **fields)
    return plan_dates(wanted, calendars_for(wanted))


def scheduled(today: str, *milestones: Mapping[str, object], go_live: object = None, **fields: object) -> Schedule:
    wanted = plan(*milestones, go_live=go_live, **fields)
    return schedule(wanted, calendars_for(wanted), date.fromisoformat(today))


def work(dates: MilestoneDates) -> tuple[str, str]:
    return str(dates.start), str(dates.finish)


def latest(dates: MilestoneDates) -> tuple[str, str]:
    return str(dates.latest_start), str(dates.latest_finish)


def earliest(milestone: ScheduledMilestone) -> tuple[str, str]:
    return str(milestone.earliest_start), str(milestone.earliest_finish)


def test_a_chain_is_counted_back_from_go_live_over_weekends() -> None:
    dates = planned({"id": "validate", "takes": "1w"}, {"id": "sign", "takes": "2d"}, {"id": "launch"})
    assert work(dates["launch"]) == ("2027-03-01", "2027-03-01")
    assert work(dates["sign"]) == ("2027-02-25", "2027-02-26")
    assert work(dates["validate"]) == ("2027-02-18", "2027-02-24")


def test_of_a_range_the_likeliest_counts_rounded_up() -> None:
    dates = planned({"id": "security", "takes": "2-5d"}, {"id": "launch"})
    assert work(dates["security"]) == ("2027-02-23", "2027-02-26")


def test_the_earliest_of_what_follows_binds() -> None:
    dates = planned(
        {"id": "kick-off"},
        {"id": "train", "after": ["kick-off"], "takes": "3d"},
        {"id": "migrate", "after": ["kick-off"], "takes": "5d"},
    )
    assert latest(dates["train"]) == ("2027-02-25", GO_LIVE)
    assert latest(dates["migrate"]) == ("2027-02-23", GO_LIVE)
    assert latest(dates["kick-off"]) == ("2027-02-22", "2027-02-22")


def test_an_earlier_due_binds_what_precedes_it() -> None:
    dates = planned({"id": "validate"}, {"id": "sign", "after": ["validate"], "due": "2027-01-15"}, {"id": "launch"})
    assert work(dates["sign"]) == latest(dates["sign"]) == ("2027-01-15", "2027-01-15")
    assert latest(dates["validate"]) == ("2027-01-14", "2027-01-14")
    assert not dates["sign"].is_due_too_late


def test_a_later_due_is_shown_and_does_not_count() -> None:
    sign = {"id": "sign", "after": ["validate"], "due": "2027-03-02"}
    dates = planned({"id": "validate"}, sign, {"id": "launch"})
    assert work(dates["sign"]) == ("2027-03-02", "2027-03-02")
    assert latest(dates["sign"]) == ("2027-02-26", "2027-02-26")
    assert latest(dates["validate"]) == ("2027-02-25", "2027-02-25")
    assert dates["sign"].is_due_too_late


def test_a_due_on_a_day_off_is_kept_and_worked_up_to() -> None:
    dates = planned({"id": "sign", "takes": "2d", "due": "2027-02-21"}, {"id": "launch", "after": []})
    assert work(dates["sign"]) == ("2027-02-18", "2027-02-21")


def test_go_live_on_a_sunday_is_kept() -> None:
    dates = planned({"id": "migrate"}, {"id": "launch"}, go_live={"date": "2027-02-28"})
    assert work(dates["launch"]) == ("2027-02-26", "2027-02-28")
    assert work(dates["migrate"]) == ("2027-02-25", "2027-02-25")


def test_each_side_works_on_its_own_days() -> None:
    # The buyer is away on Thursday and Friday the 11th and 12th; Monday the 15th is Presidents' Day at the seller's.
    dates = planned(
        {"id": "build", "takes": "3d", "owners": {"seller": "tom"}, "after": []},
        {"id": "test", "takes": "3d", "owners": {"buyer": "dana"}, "after": []},
        {"id": "review", "takes": "3d", "owners": {"buyer": "dana", "seller": "tom"}, "after": []},
        go_live={"date": "2027-02-16"},
        buyer={"name": "Harbour", "calendar": {"blackouts": [{"from": "2027-02-11", "to": "2027-02-12"}]}},
        seller={"name": "Northwind", "calendar": "US"},
    )
    assert str(dates["build"].start) == "2027-02-11"
    assert str(dates["test"].start) == "2027-02-10"
    assert str(dates["review"].start) == "2027-02-09"


def test_what_is_dropped_passes_on_what_it_waited_for() -> None:
    dropped = {"id": "pilot", "takes": "4w", "status": "dropped"}
    dates = planned({"id": "kick-off"}, dropped, {"id": "launch"})
    assert latest(dates["kick-off"]) == ("2027-02-26", "2027-02-26")
    assert work(dates["pilot"]) == ("2027-02-01", "2027-02-26")


class TestAfterGoLive:
    """What follows the milestone that is the go-live is not squeezed in before the date."""

    def test_it_takes_its_time_from_there(self) -> None:
        dates = planned(
            {"id": "migrate"}, {"id": "launch"}, {"id": "adopt", "takes": "3d"}, {"id": "review"}, go_live=LIVE
        )
        assert latest(dates["migrate"]) == ("2027-02-26", "2027-02-26")
        assert work(dates["launch"]) == (GO_LIVE, GO_LIVE)
        assert work(dates["adopt"]) == ("2027-03-02", "2027-03-04")
        assert work(dates["review"]) == ("2027-03-05", "2027-03-05")
        assert [d.id for d in dates.values() if d.after_go_live] == ["adopt", "review"]
        assert dates["review"].required_finish is None

    def test_its_own_due_is_kept_and_counted_back_from(self) -> None:
        review = {"id": "review", "after": ["adopt"], "due": "2027-06-01"}
        dates = planned({"id": "launch"}, {"id": "adopt", "takes": "3d"}, review, go_live=LIVE)
        assert work(dates["review"]) == ("2027-06-01", "2027-06-01")
        assert work(dates["adopt"]) == ("2027-05-27", "2027-05-31")
        assert work(dates["launch"]) == (GO_LIVE, GO_LIVE)

    def test_a_due_too_early_does_not_move_go_live(self) -> None:
        review = {"id": "review", "after": ["launch"], "due": "2027-02-01"}
        dates = planned({"id": "launch"}, review, go_live=LIVE)
        assert work(dates["launch"]) == (GO_LIVE, GO_LIVE)

    def test_a_dropped_go_live_passes_on_only_what_it_waited_for(self) -> None:
        launch = {"id": "launch", "status": "dropped"}
        signed = {"id": "sign", "due": "2027-02-15", "after": []}
        dates = planned(launch, signed, {"id": "adopt", "after": ["launch", "sign"]}, go_live=LIVE)
        assert work(dates["adopt"]) == ("2027-02-16", "2027-02-16")

    def test_it_does_not_count_towards_go_live(self) -> None:
        found = scheduled("2027-02-26", {"id": "launch"}, {"id": "adopt", "takes": "8w"}, go_live=LIVE)
        assert str(found.projected) == "2027-02-26"
        assert [m.id for m in found.critical_path] == ["launch"]

    def test_once_live_the_critical_path_is_what_is_left(self) -> None:
        launch = {"id": "launch", "status": "done", "done": "2027-03-03"}
        found = scheduled("2027-03-04", launch, {"id": "adopt", "takes": "3d"}, go_live=LIVE)
        assert (str(found.projected), found.slip_days) == ("2027-03-03", 2)
        assert [m.id for m in found.critical_path] == ["adopt"]


def test_work_not_started_begins_today_or_after_what_it_waits_for() -> None:
    found = scheduled("2026-11-21", {"id": "validate", "takes": "2d"}, {"id": "sign", "takes": "3d"})
    assert earliest(found.milestone("validate")) == ("2026-11-23", "2026-11-24")
    assert earliest(found.milestone("sign")) == ("2026-11-25", "2026-11-27")
    assert str(found.projected) == "2026-11-27"
    assert found.slip_days == -66


def test_work_that_is_done_finished_when_it_did() -> None:
    kick_off = {"id": "kick-off", "takes": "3d", "status": "done", "done": "2026-11-12"}
    found = scheduled("2026-11-23", kick_off, {"id": "sign"})
    assert earliest(found.milestone("kick-off")) == ("2026-11-10", "2026-11-12")
    assert earliest(found.milestone("sign")) == ("2026-11-23", "2026-11-23")


def test_done_without_a_date_finished_as_planned_but_not_in_the_future() -> None:
    planned_before = {"id": "kick-off", "status": "done", "due": "2026-11-12"}
    planned_later = {"id": "validate", "status": "done", "due": "2026-12-12"}
    found = scheduled("2026-11-23", planned_before, planned_later)
    assert str(found.milestone("kick-off").earliest_finish) == "2026-11-12"
    assert str(found.milestone("validate").earliest_finish) == "2026-11-23"


def test_work_that_started_runs_from_there_and_ends_today_at_the_earliest() -> None:
    on_time = {"id": "validate", "takes": "2w", "started": "2026-11-16"}
    overrun = {"id": "security", "takes": "1w", "started": "2026-11-02", "after": []}
    found = scheduled("2026-11-23", on_time, overrun)
    assert earliest(found.milestone("validate")) == ("2026-11-16", "2026-11-27")
    assert earliest(found.milestone("security")) == ("2026-11-02", "2026-11-23")


def test_work_that_started_does_not_wait() -> None:
    out_of_turn = {"id": "sign", "status": "in-progress", "started": "2026-11-20", "takes": "3d"}
    found = scheduled("2026-11-23", {"id": "validate", "takes": "4w"}, out_of_turn)
    assert earliest(found.milestone("sign")) == ("2026-11-20", "2026-11-24")


def test_slack_is_negative_when_the_latest_finish_cannot_be_kept() -> None:
    found = scheduled("2027-02-24", {"id": "validate", "takes": "1w"}, {"id": "launch"})
    assert [(m.slack, m.critical) for m in found.milestones] == [(-2, True), (-2, True)]
    assert (str(found.projected), found.slip_days) == ("2027-03-03", 2)


def test_the_critical_path_is_the_chain_of_least_slack() -> None:
    found = scheduled(
        "2026-11-23",
        {"id": "kick-off"},
        {"id": "legal", "takes": "4w", "after": ["kick-off"]},
        {"id": "security", "takes": "6w", "after": ["kick-off"]},
        {"id": "launch", "after": ["legal", "security"]},
    )
    assert [m.id for m in found.critical_path] == ["kick-off", "security", "launch"]
    assert found.milestone("legal").slack == found.milestone("security").slack + 10


def test_the_critical_path_stays_whole_where_the_sides_work_different_days() -> None:
    # The buyer is away for a week that lies between what is possible and what is needed, so the slack differs by five.
    found = scheduled(
        "2026-11-23",
        {"id": "build", "owners": {"seller": "tom"}},
        {"id": "test", "owners": {"buyer": "dana"}},
        {"id": "deploy", "owners": {"seller": "tom"}},
        {"id": "handbook", "owners": {"seller": "tom"}, "after": []},
        buyer={"name": "Harbour", "calendar": {"blackouts": [{"from": "2026-12-14", "to": "2026-12-18"}]}},
    )
    assert found.milestone("build").slack == found.milestone("test").slack + 5
    assert [m.id for m in found.critical_path] == ["build", "test", "deploy"]


def test_a_committed_date_may_be_the_tightest_before_go_live() -> None:
    found = scheduled(
        "2026-11-23",
        {"id": "validate", "takes": "1w"},
        {"id": "sign", "after": ["validate"], "due": "2026-12-01"},
        {"id": "launch"},
    )
    assert [m.id for m in found.critical_path] == ["validate", "sign"]


def test_nothing_is_critical_once_all_is_done() -> None:
    found = scheduled("2027-03-05", {"id": "launch", "status": "done", "done": "2027-02-26"})
    assert found.critical_path == ()
    assert (str(found.projected), found.slip_days) == ("2027-02-26", -1)


@pytest.mark.parametrize("milestones", [(), ({"id": "pilot", "status": "dropped"},)])
def test_a_plan_with_nothing_to_do_goes_live_on_its_date(milestones: tuple[Mapping[str, object], ...]) -> None:
    found = scheduled("2026-11-23", *milestones)
    assert (str(found.projected), found.slip_days, found.critical_path) == (GO_LIVE, 0, ())


def test_a_finish_can_be_supposed() -> None:
    wanted = plan({"id": "validate"}, {"id": "launch"})
    found = schedule(wanted, calendars_for(wanted), date(2026, 11, 23), {"validate": date(2027, 3, 5)})
    assert str(found.milestone("validate").earliest_finish) == "2027-03-05"
    assert (str(found.projected), found.slip_days) == ("2027-03-08", 5)


def test_links_to_nowhere_and_circles_end() -> None:
    milestones = tuple(
        Milestone.model_validate({"id": key, "title": "A milestone", "after": after})
        for key, after in [("a", ["c", "nowhere"]), ("b", ["a"]), ("c", ["b"]), ("d", ["d"])]
    )
    wanted = plan().model_copy(update={"milestones": milestones})
    found = schedule(wanted, calendars_for(wanted), date(2026, 11, 23))
    assert [m.id for m in found.milestones] == ["a", "b", "c", "d"]


def test_without_a_working_day_left_dates_end_at_a_bound_and_say_so() -> None:
    closed = [{"from": "2026-12-01", "why": "Moving house"}]
    forward = scheduled("2026-12-07", {"id": "launch", "after": []}, blackouts=closed)
    assert forward.projected == LATEST
    assert forward.milestone("launch").has_no_room
    backward = planned({"id": "launch", "takes": "3d"}, blackouts=[{"to": "2027-03-01"}])
    assert backward["launch"].start == EARLIEST
    assert backward["launch"].has_no_room


def test_a_chain_longer_than_the_calendar_ends_at_its_bound() -> None:
    dates = planned(*({"id": f"m{number}", "takes": "520w"} for number in range(50)))
    assert dates["m0"].has_no_room
    assert not dates["m49"].has_no_room


def test_the_first_and_the_last_years_of_plans_have_room_around_them() -> None:
    first = planned({"id": "validate", "takes": "2w"}, go_live={"date": "2000-01-03"})
    assert work(first["validate"]) == ("1999-12-21", "2000-01-03")
    assert not first["validate"].has_no_room
    live = {"date": "2199-12-31", "milestone": "launch"}
    last = scheduled("2199-12-30", {"id": "launch"}, {"id": "review", "takes": "2w"}, go_live=live)
    assert work(last.milestone("review")) == ("2200-01-01", "2200-01-14")
    assert not last.milestone("review").has_no_room


@pytest.mark.parametrize("today", ["0001-01-01", "9999-12-31"])
def test_any_day_may_be_today(today: str) -> None:
    found = scheduled(today, {"id": "launch"})
    assert EARLIEST <= found.milestone("launch").earliest_finish <= LATEST
