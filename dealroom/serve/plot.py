"""The forecast of a deal as a small picture: on which days go-live is reached, and how much of it is in time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The picture's own units; the style sheet scales it. Wide enough that a day of a quarter is a pixel on a phone.
WIDTH, HEIGHT = 120, 28

# More bars than this are drawn a week at a time: they would be thinner than a pixel.
MOST_BARS = 60
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Plot:
    """Paths in a box of `WIDTH` by `HEIGHT`: the days on which go-live holds, and those after the buyer's date.

    `flag` is where the buyer's date stands. `first` and `last` are the ends of the axis.
    """

    in_time: str
    after: str
    flag: float
    first: date
    last: date


def plot_of(distribution: Sequence[tuple[str, float]], go_live: date) -> Plot | None:
    """The picture of a forecast: `distribution` has for each ISO day the share of samples that end on it."""
    days = [(date.fromisoformat(day), share) for day, share in distribution if share > 0]
    if not days:
        return None
    first, last = min(days[0][0], go_live), max(days[-1][0], go_live)
    length = (last - first).days + 1
    step = 1 if length <= MOST_BARS else _DAYS_A_WEEK
    # Counted from the day after the buyer's date: bars before 0 are in time, and none holds days of both sides.
    bars: dict[int, float] = {}
    for day, share in days:
        bar = ((day - go_live).days - 1) // step
        bars[bar] = bars.get(bar, 0.0) + share
    unit, highest = WIDTH / length, max(bars.values())
    flag = ((go_live - first).days + 1) * unit
    paths = {bar: _bar(flag + bar * step * unit, step * unit, share / highest) for bar, share in sorted(bars.items())}
    return Plot(
        in_time="".join(path for bar, path in paths.items() if bar < 0),
        after="".join(path for bar, path in paths.items() if bar >= 0),
        flag=round(flag, 2),
        first=first,
        last=last,
    )


def _bar(left: float, width: float, height: float) -> str:
    # A hair of ground between bars tells days apart; a bar is never too low to be seen.
    tall = max(height * HEIGHT, 0.75)
    return f"M{left:.2f} {HEIGHT}v{-tall:.2f}h{width * 0.86:.2f}v{tall:.2f}z"
