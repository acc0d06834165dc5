"""A colour, as brands are written down: `#0b6e7f`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _colour(value: object) -> str:
    text = str(value).strip()
    if not _COLOUR.fullmatch(text):
        hint = "write it like '#0b6e7f', in quotes"
        raise PydanticCustomError("unknown-value", "`{text}` is not a colour", {"text": text, "hint": hint})
    return text


Colour = Annotated[str, BeforeValidator(_colour)]
