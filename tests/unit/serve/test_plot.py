"""The small picture of a forecast: every day has its bar, on the right side of the buyer's date, within the box."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dealroom.serve.plot import HEIGHT, WIDTH, Plot, plot_of

GO_LIVE = date(2027, 3, 1)

BAR = re.compile(r"M(-?[\d.]+) 28v(-?[\d.]+)h([\d.]+)v[\d.]+z")


def bars(path: str) -> list[tuple[float, float, float]]:
    """Left, height and width of each bar of a path."""
    return [(float(left), -float(up), float(width)) for left, up, width in BAR.findall(path)]


def picture(shares: dict[int, float]) -> Plot:
    """The picture of a forecast that is given by days from the buyer's date."""
    plot = plot_of([((GO_LIVE + timedelta(days)).isoformat(), share) for days, share in shares.items()], GO_LIVE)
    assert plot is not None
    return plot


def test_days_in_time_stand_before_the_flag() -> None:
    plot = picture({-2: 0.25, 0: 0.5, 1: 0.25})
    assert (plot.first, plot.last) == (GO_LIVE - timedelta(2), GO_LIVE + timedelta(1))
    assert [height for _, height, _ in bars(plot.in_time)] == [HEIGHT / 2, HEIGHT]
    assert plot.flag == WIDTH * 3 / 4
    ((left, _, _),) = bars(plot.after)
    assert left == plot.flag


def test_a_long_forecast_is_drawn_by_weeks() -> None:
    plot = picture(dict.fromkeys(range(-50, 50), 0.01))
    assert len(bars(plot.in_time)) == 8
    assert len(bars(plot.after)) == 7


def test_no_forecast_no_picture() -> None:
    assert plot_of([], GO_LIVE) is None


@given(st.dictionaries(st.integers(-700, 700), st.floats(0.0001, 1), min_size=1))
def test_every_bar_is_within_the_box(shares: dict[int, float]) -> None:
    plot = picture(dict(sorted(shares.items())))
    week = 7 * WIDTH / ((plot.last - plot.first).days + 1)
    for path, side in ((plot.in_time, -1), (plot.after, 1)):
        assert bool(path) == any((days > 0) == (side > 0) for days in shares)
        for left, height, width in bars(path):
            assert -week <= left <= WIDTH + 0.01
            assert 0 < height <= HEIGHT
            assert (left + width / 2 > plot.flag) == (side > 0)
