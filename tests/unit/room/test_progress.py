from __future__ import annotations

import pytest

from dealroom.room.progress import reached


@pytest.mark.parametrize(
    ("baseline", "current", "target", "percent"),
    [
        ("4.1 %", "3.8 %", "1.5 %", 12),
        ("0", "50", "100", 50),
        ("1,200 orders", "1,800 orders", "2,400 orders", 50),
        ("4,1 %", "2,8 %", "1,5 %", 50),
        ("10", "8", "20", 0),
        ("10", "30", "20", 100),
        ("−5 °C", "0 °C", "5 °C", 50),
        ("3 h 10 min", "1 h 50 min", "1 h 15 min", 70),
        ("3 h", "45 min", "30 min", 90),
        ("5 days", "3 days", "1 day", 50),
        ("6", "3", "none", 50),
        ("6 %", "3 %", "none", 50),
    ],
)
def test_how_far_a_number_has_come(baseline: str, current: str, target: str, percent: int) -> None:
    assert reached(baseline, current, target) == percent


@pytest.mark.parametrize(
    ("baseline", "current", "target"),
    [
        (None, "1", "2"),
        ("none", "some", "all"),
        ("6", "2 %", "none"),
        ("4 days", "30 hours", "1 day"),
        ("5", "5", "5"),
        ("1.2.3", "1.2.4", "1.2.5"),
    ],
)
def test_what_is_no_plain_number_has_no_percentage(baseline: str | None, current: str, target: str) -> None:
    assert reached(baseline, current, target) is None
