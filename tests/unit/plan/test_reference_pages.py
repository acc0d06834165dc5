"""The reference pages say all that there is to say, and in the model's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from dealroom.health_settings import HealthSettings
from dealroom.plan.model import Plan
from dealroom.plan.schema import field_docs, models_of
from dealroom.workspace import Settings

REPOSITORY = Path(__file__).parents[3]
PLAN_PAGE = (REPOSITORY / "docs" / "plan.md").read_text(encoding="utf-8")
DIAGNOSTICS_PAGE = (REPOSITORY / "docs" / "diagnostics.md").read_text(encoding="utf-8")

# The settings of health have a page of their own.
DOCUMENTED = [
    model for model in dict.fromkeys(models_of(Plan) + models_of(Settings)) if model not in models_of(HealthSettings)
]


@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_every_field_has_its_row(model: type[BaseModel]) -> None:
    for key, text in field_docs(model).items():
        required = next(info.is_required() for name, info in model.model_fields.items() if (info.alias or name) == key)
        row = f"| `{key}` | {text}{' **Required.**' if required else ''} |"
        assert key == "internal" or row in PLAN_PAGE


def test_every_code_that_bad_input_gives_is_explained() -> None:
    expectations = (REPOSITORY / "tests" / "invalid").glob("*.txt")
    said = re.findall(r"^\w+\[([a-z0-9-]+)\]", "".join(path.read_text("utf-8") for path in expectations), re.MULTILINE)
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \|", DIAGNOSTICS_PAGE, re.MULTILINE))
    assert set(said) <= explained
