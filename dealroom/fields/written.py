"""A mapping that a person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Written(BaseModel):
    """A mapping in a file that a person wrote. Unknown keys are errors; a key without a value is an absent key."""

    # Deferred: one build of the whole tree when the first file is read, rather than one for each class when imported.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or None not in data.values():
            return data
        known = {info.alias or name for name, info in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}
