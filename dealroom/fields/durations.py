"""Working time: `10d`, `3w`, a range like `2-6w`, or three points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from dealroom.fields.texts import plain_text

# Working days in a week of `takes: 3w`, whatever the calendar's weekend: the field counts effort in weeks of five.
DAYS_PER_WEEK = 5

# Ten working years. A longer step is a slip of the keyboard, and bounds the date arithmetic behind it.
LONGEST_DURATION = 2_600


@dataclass(frozen=True, slots=True)
class Duration:
    """Working time in whole days: the shortest, the likeliest and the longest. A fixed time has all three equal.

    `days` is what the calendar uses: the likeliest, rounded up to a whole day (a midpoint of 3.5 days takes 4).
    """

    min: int
    likely: float
    max: int

    @property
    def days(self) -> int:
        return -int(-self.likely // 1)

    @property
    def is_range(self) -> bool:
        return self.min != self.max


_DURATION = re.compile(r"(?P<low>\d{1,9})\s*(?P<low_unit>[dw])?(?:\s*[-–]\s*(?P<high>\d{1,9})\s*(?P<unit>[dw]))?")
_DURATION_HINT = "write working time like 10d, 3w, or a range like 2-6w"


def _working_days(number: str, unit: str) -> int:
    days = int(number) * (DAYS_PER_WEEK if unit == "w" else 1)
    if not 1 <= days <= LONGEST_DURATION:
        raise PydanticCustomError(
            "invalid-duration",
            "{text} is not a working time",
            {"text": f"{number}{unit}", "hint": f"a milestone takes from 1 to {LONGEST_DURATION} working days"},
        )
    return days


def _duration(value: object) -> Duration:
    """`10d`, `3w`, `2-6w`, `1w-20d`, or `{min: 10d, likely: 12d, max: 30d}`; weeks have five working days."""
    if isinstance(value, Duration):
        return value
    if isinstance(value, Mapping):
        return _three_point(value)
    text = plain_text(value)
    match = _DURATION.fullmatch(text)
    if not match or not (match["low_unit"] or match["unit"]):
        hint = f"write {text}d for days or {text}w for weeks" if re.fullmatch("[0-9]{1,4}", text) else _DURATION_HINT
        raise PydanticCustomError("invalid-duration", "`{text}` is not a working time", {"text": text, "hint": hint})
    low = _working_days(match["low"], match["low_unit"] or match["unit"])
    high = _working_days(match["high"], match["unit"]) if match["high"] else low
    if low > high:
        raise PydanticCustomError(
            "invalid-duration", "`{text}` runs backward", {"text": text, "hint": "write the shorter time first"}
        )
    return Duration(low, (low + high) / 2, high)


def _three_point(value: Mapping[str, object]) -> Duration:
    if set(value) != {"min", "likely", "max"}:
        raise PydanticCustomError(
            "invalid-duration",
            "a working time in three points needs min, likely and max",
            {"hint": "write {min: 10d, likely: 12d, max: 30d}"},
        )
    points = [_duration(value[name]) for name in ("min", "likely", "max")]
    if any(point.is_range for point in points):
        raise PydanticCustomError(
            "invalid-duration", "min, likely and max are single times", {"hint": "write 10d or 3w for each"}
        )
    low, likely, high = (point.min for point in points)
    if not low <= likely <= high:
        raise PydanticCustomError(
            "invalid-duration", "min, likely and max are out of order", {"hint": "min is the shortest, max the longest"}
        )
    return Duration(low, float(likely), high)


Takes = Annotated[
    Duration,
    BeforeValidator(_duration),
    PlainSerializer(
        lambda duration: f"{duration.min}d" if not duration.is_range else f"{duration.min}-{duration.max}d"
    ),
    WithJsonSchema(
        {
            "oneOf": [
                {
                    "type": "string",
                    "pattern": r"^\d+\s*[dw]?(\s*[-–]\s*\d+\s*[dw])?$",
                    "examples": ["10d", "3w", "2-6w"],
                },
                {
                    "type": "object",
                    "properties": {
                        name: {"type": "string", "pattern": r"^\d+\s*[dw]$"} for name in ("min", "likely", "max")
                    },
                    "required": ["min", "likely", "max"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
