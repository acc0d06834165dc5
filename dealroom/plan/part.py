"""What every part of a plan may have."""

from __future__ import annotations

from pydantic import JsonValue

from dealroom.fields import Written


class Part(Written):
    """Anything in a plan: it may carry `internal` notes, which never leave the workspace."""

    internal: JsonValue = None
    """Notes for the seller alone: a text or keys and values. They never leave the workspace."""
