"""The `health:` section of `dealroom.yml`: what a workspace counts as too little, too long or too late.

It stands apart from `dealroom.health` because the settings are read long before a plan's health is asked for. Every
default has its reason here; `dealroom explain CODE` shows the setting of each rule.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from dealroom.fields import Ids, OrText, Written

# A figure above this is a slip of the keyboard: no plan is reviewed once in ten years or has ten thousand milestones.
LARGEST_COUNT = 3_650
DAYS_PER_WEEK = 7
WHOLE = 100


def _whole(value: object, pattern: str, hint: str) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError("wrong-type", "a number is expected here", {"hint": hint})
    match = re.fullmatch(pattern, str(value).strip())
    if not match:
        raise PydanticCustomError("wrong-type", "`{text}` does not fit here", {"text": str(value), "hint": hint})
    number = int(match["number"])
    if (match.groupdict().get("unit") or "d") == "w":
        number *= DAYS_PER_WEEK
    return number


def _count(value: object) -> int:
    hint = f"write a whole number from 1 to {LARGEST_COUNT}"
    number = _whole(value, r"(?P<number>\d{1,6})", hint)
    if not 1 <= number <= LARGEST_COUNT:
        raise PydanticCustomError("wrong-value", "{number} is out of range", {"number": number, "hint": hint})
    return number


def _days(value: object) -> int:
    hint = "write calendar days or weeks, like 14d or 2w"
    number = _whole(value, r"(?P<number>\d{1,6})\s*(?P<unit>[dw])?", hint)
    if number > LARGEST_COUNT:
        raise PydanticCustomError("wrong-value", "{number} days are out of range", {"number": number, "hint": hint})
    return number


def _percent(value: object) -> int:
    hint = "write a percentage from 0 to 100, like 25 %"
    number = _whole(value, r"(?P<number>\d{1,6})\s*%?", hint)
    if number > WHOLE:
        raise PydanticCustomError("wrong-value", "{number} % is more than all", {"number": number, "hint": hint})
    return number


Count = Annotated[int, BeforeValidator(_count), WithJsonSchema({"type": "integer", "minimum": 1})]
Days = Annotated[
    int, BeforeValidator(_days), WithJsonSchema({"type": ["integer", "string"], "examples": ["14d", "2w"]})
]
Percent = Annotated[
    int, BeforeValidator(_percent), WithJsonSchema({"type": ["integer", "string"], "examples": ["25 %"]})
]


class BuyerShare(Written):
    """The buyer's part of the milestones, in per cent.

    A healthy plan has 30 to 50 %. The bounds leave room around that, because a share is a rule of thumb of people who
    run such plans, not a measured figure: below a quarter the buyer follows a project of the seller's; above three
    quarters the seller has handed over a list of homework.
    """

    min: Percent = 25
    """The least, in per cent of the milestones; one that both sides own counts half."""
    max: Percent = 75
    """The most, in per cent of the milestones."""

    @model_validator(mode="after")
    def _in_order(self) -> BuyerShare:
        if self.min > self.max:
            raise PydanticCustomError("wrong-value", "`min` is above `max`", {"hint": "swap `min` and `max`"})
        return self


class SimpleDeal(Written):
    """A deal with fewer people on the buyer's side and fewer milestones than this needs no mutual action plan.

    Three people and several approvals are where practitioners start to use one (the mutual action plan play of the
    Agentic Sales Framework: three stakeholders or more, 60 days or more); Gartner's buying group has six to ten.
    """

    people: Count = 3
    """People on the buyer's side."""
    milestones: Count = 5
    """Milestones in the plan."""


def _codes(value: Any) -> Any:
    written = [value] if isinstance(value, str) else value
    if isinstance(written, list | tuple) and all(isinstance(code, str) for code in written):
        return written
    raise PydanticCustomError(
        "wrong-type",
        "a list of codes is expected here",
        {"hint": "write `[no-agreement, too-long]`; what only one plan ignores is in that plan, with the reason"},
    )


def _buyer_share(value: Any) -> Any:
    return {"min": value} if isinstance(value, str | int) else value


class HealthSettings(Written):
    """Which rules count, and their thresholds."""

    ignore: Annotated[Ids, BeforeValidator(_codes)] = ()
    """Codes of rules that do not count in this workspace."""
    buyer_share: Annotated[BuyerShare, BeforeValidator(_buyer_share), OrText()] = BuyerShare()
    """The buyer's part of the milestones: `{min: 25 %, max: 75 %}`, or the least alone."""
    # Weekly is the usual advice; a fortnight allows for one review that fell out.
    review_cadence: Days = 14
    """How long a plan may go without a review, in calendar days or weeks: `14d`, `2w`."""
    # trumpet's analysis of its deal rooms found the highest win rates at 6 to 20 completed steps, and plans of more
    # than 30 no better than none.
    plan_length: Count = 20
    """The most milestones that are still read."""
    simple_deal: SimpleDeal = SimpleDeal()
    """Fewer people and fewer milestones than these need no plan."""
    # Three days always hold the quarter's last working day, also when it ends on a Sunday or after a long weekend.
    quarter_end: Days = 3
    """How many days before the end of the seller's quarter count as its end."""
