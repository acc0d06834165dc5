"""The reference pages say all that there is to say, and in the model's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from dealroom.health_settings import HealthSettings
from dealroom.plan.access import RoomAccess
from dealroom.plan.model import Plan
from dealroom.plan.schema import field_docs, models_of
from dealroom.workspace import Settings

REPOSITORY = Path(__file__).parents[3]
PLAN_PAGE = (REPOSITORY / "docs" / "plan.md").read_text(encoding="utf-8")
ACCESS_PAGE = (REPOSITORY / "docs" / "access.md").read_text(encoding="utf-8")
DIAGNOSTICS_PAGE = (REPOSITORY / "docs" / "diagnostics.md").read_text(encoding="utf-8")

# The settings of health have a page of their own.
DOCUMENTED = [
    model for model in dict.fromkeys(models_of(Plan) + models_of(Settings)) if model not in models_of(HealthSettings)
]


@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_every_field_has_its_row(model: type[BaseModel]) -> None:
    for key, row in rows_of(model).items():
        assert key == "internal" or row in PLAN_PAGE


@pytest.mark.parametrize("model", models_of(RoomAccess), ids=lambda model: model.__name__)
def test_every_field_of_the_access_file_has_its_row(model: type[BaseModel]) -> None:
    for row in rows_of(model).values():
        assert row in ACCESS_PAGE


def rows_of(model: type[BaseModel]) -> dict[str, str]:
    required = {info.alias or name for name, info in model.model_fields.items() if info.is_required()}
    return {
        key: f"| `{key}` | {text}{' **Required.**' if key in required else ''} |"
        for key, text in field_docs(model).items()
    }


def test_every_code_that_bad_input_gives_is_explained() -> None:
    expectations = (REPOSITORY / "tests" / "invalid").glob("*.txt")
    said = re.findall(r"^\w+\[([a-z0-9-]+)\]", "".join(path.read_text("utf-8") for path in expectations), re.MULTILINE)
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \|", DIAGNOSTICS_PAGE, re.MULTILINE))
    assert set(said) <= explained
