"""The forecast: how likely go-live holds, by a Monte Carlo simulation of the network.

Every sample draws a working time for each open milestone and runs the forward pass with it; numpy runs all samples at
once. The random numbers follow from the plan's commitments, so the same input gives the same figures on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dealroom.plan.digest import commitments_digest
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.durations import quantiles, three_points
from dealroom.schedule.simulation import Draws, Simulation, prepare

# Chance moves a probability by 0.0035 at most (its standard error, √(p(1-p)/n)): less than the third of a per cent.
SAMPLES = 20_000

# The dates of a forecast: as likely as not, likely, and almost certain.
QUANTILE_DATES = (0.50, 0.80, 0.95)


@dataclass(frozen=True, slots=True)
class Shortening:
    """The milestone whose shortening by a working day helps most, and the probability that go-live then holds."""

    milestone: str
    p_on_time: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely go-live holds. Probabilities are from 0 to 1.

    `p50`, `p80` and `p95` are the first days by which go-live is reached in that share of the samples. `distribution`
    is the share of samples that end on each day, in order. `criticality` is how often each milestone is on the chain
    that decides go-live. `shortening` is there when some milestone's would help.
    """

    go_live: date
    p_on_time: float
    p50: date
    p80: date
    p95: date
    distribution: tuple[tuple[date, float], ...]
    criticality: Mapping[str, float]
    shortening: Shortening | None


def forecast(
    plan: Plan, calendars: Calendars, today: date, samples: int = SAMPLES, *, with_shortening: bool = True
) -> Forecast:
    """The forecast of `plan` as of `today`. `with_shortening` runs it once more for every milestone that can decide.

    Raises:
        Problem: there are not enough working days for the longest working times.
    """
    simulation = prepare(plan, calendars, today)
    draws = _draws(simulation, plan, samples)
    run = simulation.run(draws)
    days, counts = np.unique(np.broadcast_to(run.go_live, samples), return_counts=True)
    shares = counts.cumsum() / samples
    p50, p80, p95 = (simulation.as_date(int(days[np.searchsorted(shares, share)])) for share in QUANTILE_DATES)
    p_on_time = _share_by(run.go_live, simulation.go_live)
    criticality = {milestone.id: 0.0 for milestone in plan.milestones}
    criticality.update({key: float(np.mean(often)) for key, often in simulation.critical(run).items()})
    return Forecast(
        go_live=plan.go_live.date,
        p_on_time=p_on_time,
        p50=p50,
        p80=p80,
        p95=p95,
        distribution=tuple(
            (simulation.as_date(int(day)), int(count) / samples) for day, count in zip(days, counts, strict=True)
        ),
        criticality=criticality,
        shortening=_shortening(simulation, draws, criticality, p_on_time) if with_shortening else None,
    )


def _draws(simulation: Simulation, plan: Plan, samples: int) -> Draws:
    """Working times by milestone. A milestone's random numbers depend on its place among the ids, not in the file."""
    spread = plan.forecast.spread != "none"
    tables = {
        node.id: quantiles(*three_points(node.duration, spread)) for node in simulation.nodes.values() if node.is_open
    }
    varied = [key for key in sorted(tables) if tables[key][0] != tables[key][-1]]
    seed = int(commitments_digest(plan), 16)
    # Raw bits of a bit generator stay the same between versions of numpy; what is derived from them may not (NEP 19).
    words = np.random.PCG64(seed).random_raw(-(-len(varied) * samples // 4)).astype("<u8")
    bits = words.view("<u2")[: len(varied) * samples].reshape(len(varied), samples)
    draws: dict[str, NDArray[np.intp]] = {
        key: np.array([table[0]], dtype=np.intp) for key, table in tables.items() if key not in varied
    }
    draws.update({key: tables[key].take(row) for key, row in zip(varied, bits, strict=True)})
    return draws


def _shortening(
    simulation: Simulation, draws: Draws, criticality: Mapping[str, float], p_on_time: float
) -> Shortening | None:
    best: Shortening | None = None
    for key, often in criticality.items():
        if not often or p_on_time == 1:
            continue
        shorter = simulation.run({**draws, key: np.maximum(draws[key] - 1, 1)})
        probability = _share_by(shorter.go_live, simulation.go_live)
        if probability > (best.p_on_time if best else p_on_time):
            best = Shortening(key, probability)
    return best


def _share_by(days: NDArray[np.intp], day: int) -> float:
    return float(np.mean(days <= day))
