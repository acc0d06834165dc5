"""A buyer's plain text as a text of a plan, in which Markdown counts."""

from __future__ import annotations

import re

from markupsafe import escape

from dealroom.room.inline import inline

# What Python-Markdown takes a backslash before (its `ESCAPED_CHARS`), as far as it begins or ends something inline.
_SIGNS = re.compile(r"[\\`*_\[\]()>]")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def literal(text: str) -> str:
    """`text` so that a room shows exactly these characters: no link, no emphasis, nothing that a buyer could plant.

    Most texts hold no Markdown and stay as they are.
    """
    if inline(text) == escape(text):
        return text
    return _ENTITY.sub("&amp;", _SIGNS.sub(r"\\\g<0>", text))
