"""The forecast against closed forms, and against a slow loop that schedules one sample after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import sqrt

import numpy as np
import pytest

from dealroom.errors import Problem
from dealroom.fields import Duration
from dealroom.plan.model import Plan
from dealroom.schedule import calendars_for, schedule
from dealroom.schedule.durations import quantiles, three_points
from dealroom.schedule.forecast import SAMPLES, Forecast, forecast

# A Monday.
TODAY = date(2026, 11, 23)

# A forecast that is right is farther off than this once in 15,000 times; with a fixed seed, never or always.
FOUR_SIGMA = 4


def plan(*milestones: Mapping[str, object], go_live: str | Mapping[str, str] = "2027-03-01", **fields: object) -> Plan:
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour Foods"},
            "go_live": {"date": go_live} if isinstance(go_live, str) else go_live,
            "milestones": [{"title": "A milestone", **milestone} for milestone in milestones],
            **fields,
        }
    )


def forecast_of(wanted: Plan, today: date = TODAY) -> Forecast:
    return forecast(wanted, calendars_for(wanted), today)


def error_of(probability: float, samples: int = SAMPLES) -> float:
    return FOUR_SIGMA * sqrt(max(probability * (1 - probability), 1 / samples) / samples)


CERTAIN = {"spread": "none"}


@pytest.mark.parametrize(("go_live", "p_on_time"), [("2026-12-07", 1.0), ("2026-12-04", 0.0)])
def test_a_chain_of_certain_steps_is_certain(go_live: str, p_on_time: float) -> None:
    chain = [{"id": "a", "takes": "3d"}, {"id": "b", "takes": "1w"}, {"id": "c", "takes": "3d"}]
    found = forecast_of(plan(*chain, go_live=go_live, forecast=CERTAIN))
    assert found.p_on_time == p_on_time
    assert found.p50 == found.p80 == found.p95 == date(2026, 12, 7)
    assert found.distribution == ((date(2026, 12, 7), 1.0),)
    assert found.criticality == {"a": 1, "b": 1, "c": 1}


def test_a_certain_forecast_says_what_the_schedule_says() -> None:
    wanted = plan(
        {"id": "a", "takes": "3w", "started": "2026-11-11"},
        {"id": "b", "takes": "2w", "owners": {"buyer": "dana"}},
        {"id": "c", "takes": "4w", "owners": {"seller": "tom"}, "after": ["a"]},
        {"id": "d", "status": "dropped", "takes": "9w", "after": ["b", "c"]},
        {"id": "e", "takes": "2d"},
        buyer={"name": "Harbour", "calendar": "DE-BY"},
        seller={"name": "Northwind", "calendar": "US"},
        forecast=CERTAIN,
    )
    found = schedule(wanted, calendars_for(wanted), TODAY)
    assert forecast_of(wanted).p50 == found.projected
    assert {key for key, often in forecast_of(wanted).criticality.items() if often} == {
        milestone.id for milestone in found.critical_path
    }


def test_one_range_is_its_own_distribution() -> None:
    shares = dict(forecast_of(plan({"id": "a", "takes": "2-6d"})).distribution)
    drawn = np.bincount(quantiles(2, 4, 6)) / len(quantiles(2, 4, 6))
    finishes = [date(2026, 11, day) for day in (24, 25, 26, 27, 30)]
    for day, probability in zip(finishes, drawn[2:], strict=True):
        assert shares[day] == pytest.approx(probability, abs=error_of(probability))


def test_two_branches_hold_when_both_do() -> None:
    branches: list[Mapping[str, object]] = [{"id": key, "takes": "2-10d", "after": []} for key in ("one", "other")]
    one, both = (forecast_of(plan(*some, go_live="2026-11-30")) for some in (branches[:1], branches))
    assert 0.6 < one.p_on_time < 0.8
    assert both.p_on_time == pytest.approx(one.p_on_time**2, abs=2 * error_of(both.p_on_time))


def test_a_long_chain_is_nearly_normal() -> None:
    always = {"name": "Harbour", "calendar": {"weekend": []}}
    chain = [{"id": f"m{number}", "takes": "4-16d"} for number in range(30)]
    found = forecast_of(plan(*chain, buyer=always, seller=always))
    drawn = quantiles(4, 10, 16)
    mean, deviation = 30 * drawn.mean(), sqrt(30) * drawn.std()
    assert drawn.mean() == pytest.approx(10, abs=0.001)
    for day, standard_normal in [(found.p50, 0.0), (found.p80, 0.8416), (found.p95, 1.6449)]:
        # The last day worked is a whole one, hence the half on either side.
        worked = (day - TODAY).days + 1
        assert worked == pytest.approx(mean + standard_normal * deviation, abs=0.5 + 0.05 * deviation)


def test_the_forecast_agrees_with_a_loop_over_single_samples() -> None:
    wanted = plan(
        {"id": "kick-off", "done": "2026-11-20"},
        {"id": "security", "takes": "2-6w", "started": "2026-11-16", "owners": {"buyer": "dana", "seller": "tom"}},
        {"id": "legal", "takes": "3w", "after": ["kick-off"], "owners": {"buyer": "dana"}},
        {"id": "sign", "takes": {"min": "1d", "likely": "2d", "max": "9d"}, "after": ["security", "legal"]},
        {"id": "pilot", "status": "dropped", "takes": "9w"},
        {"id": "build", "takes": "4-8w", "owners": {"seller": "tom"}},
        {"id": "launch"},
        {"id": "review", "takes": "3-9w"},
        go_live={"date": "2027-02-16", "milestone": "launch"},
        buyer={"name": "Harbour", "calendar": "DE-BY"},
        seller={"name": "Northwind", "calendar": "US"},
        blackouts=[{"from": "2026-12-24", "to": "2027-01-03"}],
    )
    calendars, random, loops = calendars_for(wanted), np.random.default_rng(7), 1_500

    def draw(duration: Duration) -> Duration:
        low, mode, high = three_points(duration, spread=True)
        shape = 4 / (high - low)
        share = random.beta(1 + shape * (mode - low), 1 + shape * (high - mode))
        days = round(low + share * (high - low))
        return Duration(days, days, days)

    finishes = []
    for _ in range(loops):
        sampled = [
            milestone.model_copy(update={"takes": draw(milestone.takes or Duration(1, 1, 1))})
            for milestone in wanted.milestones
        ]
        finishes.append(schedule(wanted.model_copy(update={"milestones": sampled}), calendars, TODAY).projected)
    found = forecast_of(wanted)
    p_on_time = sum(day <= wanted.go_live.date for day in finishes) / loops
    assert 0.2 < p_on_time < 0.8
    assert found.p_on_time == pytest.approx(p_on_time, abs=error_of(p_on_time, loops))
    for share, day in [(0.5, found.p50), (0.8, found.p80), (0.95, found.p95)]:
        assert sum(finish <= day for finish in finishes) / loops >= share - error_of(share, loops)
        assert sum(finish < day for finish in finishes) / loops <= share + error_of(share, loops)


def test_pert_has_its_mean_and_its_variance() -> None:
    low, mode, high = 20.0, 40.0, 120.0
    days = quantiles(low, mode, high)
    mean = (low + 4 * mode + high) / 6
    assert days.min() >= low
    assert days.max() <= high
    assert days.mean() == pytest.approx(mean, abs=0.01)
    # The variance of PERT's beta distribution, and a twelfth for rounding to whole days.
    assert days.var() == pytest.approx((mean - low) * (high - mean) / 7 + 1 / 12, rel=0.01)


def test_a_single_time_is_spread_unless_the_plan_says_that_it_is_certain() -> None:
    fixed = {"id": "a", "takes": "4w"}
    assert three_points(Duration(20, 20, 20), spread=True) == (15, 20, 35)
    assert len(forecast_of(plan(fixed)).distribution) > 10
    assert len(forecast_of(plan(fixed, forecast=CERTAIN)).distribution) == 1


def test_the_same_plan_has_the_same_figures_and_the_order_of_milestones_does_not_matter() -> None:
    one = {"id": "one", "takes": "2-6w", "after": []}
    other = {"id": "other", "takes": "2-6w", "after": []}
    assert forecast_of(plan(one, other)) == forecast_of(plan(one, other))
    reordered = forecast_of(plan(other, one))
    assert reordered.distribution == forecast_of(plan(one, other)).distribution


def test_work_after_go_live_does_not_put_it_at_risk() -> None:
    review = {"id": "review", "takes": "20-60w"}
    found = forecast_of(plan({"id": "launch"}, review, go_live={"date": "2026-11-30", "milestone": "launch"}))
    assert found.p_on_time == 1
    assert found.criticality == {"launch": 1, "review": 0}


@pytest.mark.parametrize(("done", "p_on_time"), [("2026-11-20", 1.0), ("2026-11-21", 0.0)])
def test_once_live_there_is_nothing_left_to_guess(done: str, p_on_time: float) -> None:
    launch = {"id": "launch", "done": done}
    late = {"id": "handbook", "takes": "4w", "after": []}
    found = forecast_of(plan(launch, late, go_live={"date": "2026-11-20", "milestone": "launch"}))
    assert (found.p_on_time, str(found.p95)) == (p_on_time, done)
    assert found.shortening is None


def test_a_plan_with_nothing_to_do_holds() -> None:
    assert forecast_of(plan()).p_on_time == 1
    assert forecast_of(plan({"id": "pilot", "status": "dropped"})).p_on_time == 1


def test_the_shortening_that_helps_most_is_of_what_decides() -> None:
    wanted = plan(
        {"id": "short", "takes": "1-3w", "after": []},
        {"id": "long", "takes": "4-8w", "after": []},
        {"id": "launch", "after": ["short", "long"]},
        go_live="2027-01-04",
    )
    found = forecast_of(wanted)
    assert found.shortening
    assert found.shortening.milestone == "long"
    assert found.shortening.p_on_time > found.p_on_time


def test_without_working_days_there_is_no_forecast() -> None:
    with pytest.raises(Problem, match="not enough working days"):
        forecast_of(plan({"id": "launch"}, blackouts=[{"from": "2026-11-01"}]))
