"""What a plan says of what both sides did with it: reviews and agreements."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dealroom.fields import Day, Id, Ids, Text
from dealroom.plan.part import Part


class Review(Part):
    """A meeting at which both sides looked at the plan."""

    on: Day
    """The day of the meeting."""
    with_: Annotated[Ids, Field(alias="with")] = ()
    """The stakeholders who were there."""
    note: Text | None = None
    """What was decided."""
    next: Day | None = None
    """The day of the next one."""


class Agreement(Part):
    """Someone agreed to the commitments as they stood; `of` is their digest."""

    by: Id
    """The stakeholder who agreed."""
    on: Day
    """The day of it."""
    of: Text
    """The digest of the commitments as they stood."""
