"""The JSON Schema says of a file what the reader says, as far as a schema can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from dealroom.plan.model import Plan
from dealroom.plan.schema import access_schema, field_docs, models_of, plan_schema, settings_schema
from dealroom.plan.starters import starter_files
from dealroom.workspace import Settings
from dealroom.yaml_source import Source, parse, read

REPOSITORY = Path(__file__).parents[3]
INVALID = REPOSITORY / "tests" / "invalid"

# Kinds of bad input that are wrong in form, which is what a schema can see.
SEEN_BY_A_SCHEMA = [
    "list-at-the-top",
    "missing-field",
    "only-a-title",
    "text-at-the-top",
    "unknown-key",
    "unknown-value",
    "wrong-type",
]


def is_valid(schema: dict[str, Any], source: Source) -> bool:
    valid: bool = Draft202012Validator(schema).is_valid(_typed(source.data))
    return valid


def _typed(value: Any) -> Any:
    """What an editor's YAML parser makes of the texts that the reader keeps."""
    if isinstance(value, dict):
        return {key: _typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    "schema", [plan_schema(), access_schema(), settings_schema()], ids=["plan", "access", "settings"]
)
def test_it_is_a_schema_of_the_dialect_it_names(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("plan", sorted((REPOSITORY / "plans").glob("*/plan.yml")), ids=lambda path: path.parent.name)
def test_the_demo_plans_are_valid(plan: Path) -> None:
    assert is_valid(plan_schema(), read(plan, "plan.yml"))


def test_the_repositorys_settings_are_valid() -> None:
    assert is_valid(settings_schema(), read(REPOSITORY / "dealroom.yml", "dealroom.yml"))


def test_a_new_workspace_is_valid() -> None:
    from datetime import date

    files = starter_files(date(2026, 11, 22), "Tessellate")
    assert is_valid(settings_schema(), parse(files["dealroom.yml"], "dealroom.yml"))
    assert is_valid(plan_schema(), parse(files["plans/brightwater/plan.yml"], "plan.yml"))


@pytest.mark.parametrize(
    "written",
    [
        "milestones: [{id: a, title: A, takes: 10d, after: b, done_when: One thing}]",
        "milestones: [{id: a, title: 4.10, takes: {min: 1d, likely: 2d, max: 1w}, after: [b, c]}]",
        "pages: [business-case.md, {file: pricing.md}]",
        "seller: {name: Tessellate, calendar: {holidays: DE, weekend: [friday]}}",
        "access: {shared: true}",
        "internal: {anything: [at, all]}",
    ],
)
def test_short_forms_are_valid(written: str) -> None:
    text = (
        f"title: Rollout\nbuyer: {{name: Harbour Foods, calendar: DE-BY}}\ngo_live: {{date: 2027-03-01}}\n{written}\n"
    )
    assert is_valid(plan_schema(), parse(text, "plan.yml"))


@pytest.mark.parametrize("name", SEEN_BY_A_SCHEMA)
def test_what_is_wrong_in_form_is_not_valid(name: str) -> None:
    assert not is_valid(plan_schema(), read(INVALID / f"{name}.yml", "plan.yml"))


@pytest.mark.parametrize("model", models_of(Plan) + models_of(Settings)[:1], ids=lambda model: model.__name__)
def test_every_field_says_what_it_is(model: type[BaseModel]) -> None:
    keys = {info.alias or name for name, info in model.model_fields.items()}
    docs = field_docs(model)
    assert set(docs) == keys
    assert all(text.endswith((".", "…")) for text in docs.values())


def test_the_sentences_reach_the_schema() -> None:
    milestone = plan_schema()["$defs"]["Milestone"]
    assert milestone["properties"]["done_when"]["description"] == "What has to be true for it to be done."
