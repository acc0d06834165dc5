"""The JSON Schema (draft 2020-12) of `plan.yml`, `access.yml` and `dealroom.yml`, for editors that
complete and check while typing.

A schema cannot see everything: whether an id exists, what a calendar knows, which dates can be true. `dealroom check`
can. What the schema refuses, the reader refuses too.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel

from dealroom.plan.access import RoomAccess
from dealroom.plan.model import Plan
from dealroom.workspace import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """The schema of `plan.yml`."""
    return _schema(Plan, "plan.yml of dealroom")


def access_schema() -> dict[str, Any]:
    """The schema of `access.yml`."""
    return _schema(RoomAccess, "access.yml of dealroom")


def settings_schema() -> dict[str, Any]:
    """The schema of `dealroom.yml`."""
    return _schema(Settings, "dealroom.yml of dealroom")


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """What the docstring below each field of `model` says, by the key people write."""
    docs: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            docs.update(_own_field_docs(owner))
    return {info.alias or name: docs[name] for name, info in model.model_fields.items() if name in docs}


def models_of(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """`model` and every model in its fields, each once, in the order of the fields."""
    found: dict[type[BaseModel], None] = {}

    def visit(each: type[BaseModel]) -> None:
        if each not in found:
            found[each] = None
            for info in each.model_fields.values():
                for below in _models_in(info.annotation):
                    visit(below)

    visit(model)
    return tuple(found)


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    for each in models_of(model):
        part = schema if each is model else definitions.get(each.__name__)
        if part is not None:
            _describe(part, each)
    cleaned: dict[str, Any] = _cleaned(schema)
    return {"$schema": DIALECT, "title": title, **cleaned}


def _describe(part: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the model's own words into its part of the schema."""
    part["description"] = inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    for key, text in field_docs(model).items():
        part["properties"][key]["description"] = text


def _cleaned(value: Any) -> Any:
    """Without what pydantic adds for programs: titles made from names, and defaults that no file writes."""
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {name: _cleaned(each) for name, each in part.items()} if key in {"properties", "$defs"} else _cleaned(part)
        for key, part in value.items()
        if key not in {"title", "default"}
    }


@lru_cache
def _own_field_docs(model: type[BaseModel]) -> dict[str, str]:
    (definition,) = ast.parse(inspect.getsource(model)).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    return {
        field.target.id: inspect.cleandoc(doc.value.value)
        for field, doc in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(doc, ast.Expr)
        and isinstance(doc.value, ast.Constant)
        and isinstance(doc.value.value, str)
    }


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
