"""A change of a reply as the seller would have it. Pure."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.inbox.payload import Change

# The member of each kind that the seller may put another value into, and how to write it.
EDITABLE = {
    "done": ("date", "a date like 2027-03-01"),
    "date": ("date", "a date like 2027-03-01"),
    "blocked": ("by", "what it waits for"),
    "owner": ("person", "the id of a person of the plan"),
    "step": ("title", "the title of the step"),
    "current": ("value", "where the criterion stands"),
}


def edited(change: Change, value: str) -> Change:
    """The change with another value.

    Raises:
        Problem: it has no value that could be another, or this is none.
    """
    if change.kind not in EDITABLE:
        raise Problem(f"a change of the kind {quoted(change.kind)} has no value to change", "accept or decline it")
    member, how = EDITABLE[change.kind]
    written = json.dumps(change.model_dump(mode="json") | {member: value.strip()})
    adapter: TypeAdapter[Change] = TypeAdapter(Change)
    try:
        return adapter.validate_json(written)
    except ValidationError:
        raise Problem(f"{quoted(value)} does not fit here", f"write {how}") from None
