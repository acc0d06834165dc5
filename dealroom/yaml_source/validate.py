"""Plain values into a checked model; what does not fit becomes diagnostics in the words of the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dealroom.diagnostics import Diagnostic, Place, error, in_order
from dealroom.diagnostics.wording import LONGEST_NAME, did_you_mean, listed, nearest, quoted
from dealroom.yaml_source import PathKey, Source, Value
from dealroom.yaml_source.values import value_at

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[PathKey, ...]

# Nobody reads more at once, and a file of the wrong kind can have hundreds of thousands.
MOST_FINDINGS = 200


def validate(model: type[Model], source: Source) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """The file as `model`, or `None`, and everything that is wrong with it: the source's own findings included.

    The model is there although the source has findings, when its values fit: a duplicate key hides no other fault.
    """
    if source.data is None:
        return None, source.diagnostics
    value, findings = fit(model, source)
    return value, in_order((*source.diagnostics, *findings))


def fit(model: type[Model], source: Source) -> tuple[Model | None, list[Diagnostic]]:
    """The values of `source` as `model`, and what of them does not fit."""
    try:
        return model.model_validate(source.data), []
    except ValidationError as fault:
        return None, describe(model, fault.errors(include_url=False, include_input=False), source)


def describe(model: type[BaseModel], errors: list[ErrorDetails], source: Source) -> list[Diagnostic]:
    """One diagnostic for each error."""
    faults = [_Fault(model, fault, source) for fault in errors[:MOST_FINDINGS]]
    misspelt = {(*fault.path[:-1], near) for fault in faults if (near := fault.meant_key()) is not None}
    findings = [each.diagnostic() for each in faults if not (each.kind == "missing" and each.path in misspelt)]
    if len(errors) > MOST_FINDINGS:
        more = f"{len(errors) - MOST_FINDINGS:,} more findings in this file are not shown"
        findings.append(error("too-many-findings", more, Place(source.name), "is it the right file?"))
    return findings


class _Fault:
    """An error of pydantic's, the value it is about, and how to say it."""

    def __init__(self, model: type[BaseModel], fault: ErrorDetails, source: Source) -> None:
        self.kind = fault["type"]
        self.message = fault["msg"]
        self.context = fault.get("ctx", {})
        self.path = value_path(fault)
        self.at_key = bool(fault["loc"]) and fault["loc"][-1] == "[key]"
        self.model = model
        self.source = source

    def diagnostic(self) -> Diagnostic:
        match self.kind:
            case "extra_forbidden":
                return self._unknown_key()
            case "missing":
                return self._missing_field()
            case "enum" | "literal_error":
                return self._unknown_value()
            case "model_type" | "model_attributes_type" | "dict_type":
                return self._wrong_type("keys and values are", self._keys_hint())
            case "tuple_type" | "list_type":
                return self._wrong_type("a list is", "start each item with `- `, or write [one, two]")
            case "bool_parsing" | "bool_type":
                return self._wrong_type("yes or no is", "write `true` or `false`")
            case "too_short":
                return self._at_value("missing-value", "this list is empty", "name someone, or remove the line")
            case _:
                return self._custom()

    def _custom(self) -> Diagnostic:
        """Errors of `dealroom.fields` and its like bring their own code, message and hint."""
        code = self.kind if "_" not in self.kind else "wrong-type"
        message = _shortened(self.message, self.context) if code == self.kind else "this value does not fit here"
        hint = self.context.get("hint")
        return self._at_value(code, message, str(hint) if hint is not None else None)

    def meant_key(self) -> str | None:
        """The key that was probably meant, when this is about a key that is unknown."""
        if self.kind != "extra_forbidden":
            return None
        return nearest(str(self.path[-1]), _keys(_model_at(self.model, self.path[:-1])))

    def _keys_hint(self) -> str:
        keys = _keys(_model_at(self.model, self.path))
        example = f"`{keys[0]}: …`" if keys else "`key: value`"
        return f"write its keys below it, indented, like {example}" if self.path else f"write lines like {example}"

    def _unknown_key(self) -> Diagnostic:
        name = str(self.path[-1])
        valid = _keys(_model_at(self.model, self.path[:-1]))
        hint = did_you_mean(name, valid, f"the keys here are {listed(valid)}" if valid else None)
        message = f"{quoted(name)} is not a key of {self._owner(self.path[:-1])}"
        return error("unknown-key", message, self.source.place(self.path, key=True), hint)

    def _missing_field(self) -> Diagnostic:
        name, parent = str(self.path[-1]), self.path[:-1]
        if _has(self.source.data, self.path):
            place = self.source.place(self.path, key=True)
            return error("missing-field", f"{quoted(name)} has no value", place, f"write a value after `{name}:`")
        at_key = bool(parent) and isinstance(parent[-1], str)
        message = f"{self._owner(parent)} has no {quoted(name)}"
        return error("missing-field", message, self.source.place(parent, key=at_key), f"add `{name}:`")

    def _unknown_value(self) -> Diagnostic:
        value = value_at(self.source.data, self.path)
        if not isinstance(value, str):
            return self._wrong_type("one word is", None)
        valid = re.findall(r"'([^']*)'", str(self.context["expected"]))
        choices = f"write {listed(valid, 'or')}"
        hint = did_you_mean(value, valid, choices)
        where = self.path[-1]
        wrong = f"is not a {where}" if isinstance(where, str) else f"does not belong in {_key_in(self.path)}"
        return self._at_value("unknown-value", f"{quoted(value)} {wrong}", hint)

    def _wrong_type(self, expected: str, hint: str | None) -> Diagnostic:
        value = value_at(self.source.data, self.path)
        found = {str: "a text", list: "a list", dict: "keys and values", type(None): "nothing"}[type(value)]
        where = self._owner(self.path) if not self.path or isinstance(self.path[-1], str) else "this item"
        if value is None and where == "this item":
            return self._at_value("wrong-type", "this item of the list is empty", "write it, or remove its hyphen")
        message = f"{expected} expected for {where}, not {found}"
        if isinstance(value, str) and value:
            message = f"{expected} expected for {where}, not {quoted(value)}"
        return self._at_value("wrong-type", message, hint)

    def _at_value(self, code: str, message: str, hint: str | None) -> Diagnostic:
        empty = _has(self.source.data, self.path) and value_at(self.source.data, self.path) is None
        place = self.source.place(self.path, key=self.at_key or empty)
        return error(code, message, place, hint)

    def _owner(self, path: Path) -> str:
        """What a path leads to, as a reader would call it: the plan, `buyer`, milestone `security-review`."""
        if not path:
            return f"the {_words(self.model.__name__)}"
        if isinstance(path[-1], str):
            return quoted(path[-1])
        kind = _model_at(self.model, path)
        noun = _words(kind.__name__) if kind else "item"
        value = value_at(self.source.data, path)
        id = value.get("id") if isinstance(value, Mapping) else None
        return f"{noun} {quoted(id)}" if isinstance(id, str) else f"{noun} {path[-1] + 1}"


def _shortened(message: str, context: Mapping[str, object]) -> str:
    """`message` with what it quotes from the file cut to a readable length."""
    for part in context.values():
        if isinstance(part, str) and len(part) > LONGEST_NAME:
            message = message.replace(part, f"{part[: LONGEST_NAME - 1]}…")
    return message


def value_path(fault: ErrorDetails) -> Path:
    """The path of the value an error is about, without pydantic's own marks for a mapping's keys."""
    return tuple(part for part in fault["loc"] if part != "[key]")


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _key_in(path: Path) -> str:
    """The key nearest to a path's end."""
    return next((quoted(part) for part in reversed(path) if isinstance(part, str)), "this list")


def _keys(model: type[BaseModel] | None) -> list[str]:
    """The keys that people write there, those that only few do last."""
    keys = [info.alias or name for name, info in model.model_fields.items()] if model else []
    return sorted(keys, key=lambda key: key == "internal")


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that a path leads to, through lists and optional fields."""
    here: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        fields = {info.alias or name: info for name, info in here.model_fields.items()} if here else {}
        here = next(_models(fields[part].annotation), None) if part in fields else None
    return here


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _has(data: Value, path: Path) -> bool:
    parent = value_at(data, path[:-1])
    return isinstance(parent, dict) and path[-1] in parent
