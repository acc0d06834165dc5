"""How long something may be kept: `30d`, `4w`, or `never`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from dealroom.fields.texts import plain_text

# Days of the calendar, unlike those of `takes`.
_DAYS = {"d": 1, "w": 7}

# A device that was not used for a year is somebody else's by now, as far as a seller can tell.
LONGEST_LIFETIME = 365

_HINT = f"write days or weeks like 30d or 4w, up to {LONGEST_LIFETIME}d, or never"


def _lifetime(value: object) -> int:
    """Whole days; 0 for `never`."""
    if isinstance(value, int):
        return value
    text = plain_text(value).lower()
    if text == "never":
        return 0
    match = re.fullmatch(r"(\d{1,4})\s*([dw])", text)
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not 1 <= days <= LONGEST_LIFETIME:
        raise PydanticCustomError("wrong-value", "`{text}` is not a time to keep", {"text": text, "hint": _HINT})
    return days


Lifetime = Annotated[
    int,
    BeforeValidator(_lifetime),
    WithJsonSchema({"type": "string", "pattern": r"^(?:\d{1,4}\s*[dw]|never)$", "examples": ["30d", "4w", "never"]}),
]
